import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { canonicalJson, DomainError } from '@/kernel';
import { once } from '@/platform/commands';
import { type Context, type Tx, UnitOfWork } from '@/platform/db';
import { Mail } from '@/platform/mail';
import { Outbox } from '@/platform/outbox';
import { AdvanceRecall, type Recall, recallByKey, recallFor, type SignatureInput, SignRecall } from '@/quality/recalls';
import { OWING } from '../queries/consignees';
import { languageByCountry, languagesOf } from '../queries/texts';
import { AnswerLinks } from './answer-links';
import { ADDRESSED } from './draft-notices';
import { NEW_MAIL } from './send-notices';

export interface RemindInput {
  id: string;
  recall: string;
  /** not those who were written to in the last so many hours; 24 */
  sinceHours?: number | undefined;
  signature: SignatureInput;
}

export interface EscalateInput {
  id: string;
  recall: string;
  /** after so many reminders; 2 */
  after?: number | undefined;
  signature: SignatureInput;
}

export interface RemindAnswer {
  recall: string;
  /** written to now */
  notices: number;
  /** who owe and were written to so lately that they are left alone */
  tooSoon: number;
}

export interface EscalateAnswer {
  recall: string;
  notices: number;
  /** who would be turned to, had somebody named an address: by code */
  withoutContact: string[];
}

const SINCE_HOURS = 24;
const AFTER_REMINDERS = 2;
const NAMED_MAX = 1_000;

/** Writes again to those who owe an answer, and to them alone; or to whoever was named to be turned to when they stay silent. */
@Injectable()
export class RemindConsignees {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly links: AnswerLinks,
    private readonly mail: Mail,
    private readonly sign: SignRecall,
    private readonly advance: AdvanceRecall,
    private readonly outbox: Outbox,
  ) {}

  /** Throws NOT_FOUND, RECALL_STATE, RECALL_DRILL_SENDS, NOTICES_NONE, MAIL_NOT_CONFIGURED, and what signing throws. */
  remind(ctx: Context, input: RemindInput): Promise<RemindAnswer> {
    const { signature, ...content } = input;
    return this.uow.run(ctx, (tx) =>
      once(tx, { id: input.id, verb: 'remind-consignees', content }, async () => {
        const recall = await this.running(tx, input.recall);
        const owing = await tx.query<{ partner_id: number; soon: boolean }>(
          `SELECT o.partner_id, EXISTS (SELECT 1 FROM recall_notice n WHERE n.recall_id = $1 AND n.partner_id = o.partner_id
                    AND coalesce(n.sent_at, n.queued_at) > now() - make_interval(hours => $3)) AS soon
             FROM (${OWING}) o`,
          [recall.recallId, recall.version, input.sinceHours ?? SINCE_HOURS],
        );
        const now = owing.filter(({ soon }) => !soon).map((row) => row.partner_id);
        await this.write(tx, recall, 'reminder', now, signature);
        return { recall: recall.key, notices: now.length, tooSoon: owing.length - now.length };
      }),
    );
  }

  /** Throws as `remind` does. */
  escalate(ctx: Context, input: EscalateInput): Promise<EscalateAnswer> {
    const { signature, ...content } = input;
    return this.uow.run(ctx, (tx) =>
      once(tx, { id: input.id, verb: 'escalate-consignees', content }, async () => {
        const recall = await this.running(tx, input.recall);
        const silent = await tx.query<{ partner_id: number; code: string; named: boolean }>(
          `SELECT o.partner_id, p.code, k.partner_id IS NOT NULL AS named FROM (${OWING}) o JOIN partner p USING (partner_id)
             JOIN LATERAL (SELECT count(*) FILTER (WHERE n.kind = 'reminder') AS reminders,
                     max(n.notice_no) FILTER (WHERE n.kind = 'reminder') AS last_reminder,
                     max(n.notice_no) FILTER (WHERE n.kind = 'escalation') AS last_escalation
                   FROM recall_notice n WHERE n.recall_id = $1 AND n.partner_id = o.partner_id) n ON true
             LEFT JOIN recall_contact k ON k.recall_id = $1 AND k.partner_id = o.partner_id
            WHERE n.reminders >= $3 AND (n.last_escalation IS NULL OR n.last_escalation < n.last_reminder) ORDER BY p.code`,
          [recall.recallId, recall.version, input.after ?? AFTER_REMINDERS],
        );
        const named = silent.filter((row) => row.named).map((row) => row.partner_id);
        const withoutContact = silent.filter((row) => !row.named).map((row) => row.code);
        await this.write(tx, recall, 'escalation', named, signature);
        return { recall: recall.key, notices: named.length, withoutContact: withoutContact.slice(0, NAMED_MAX) };
      }),
    );
  }

  private async running(tx: Tx, key: string): Promise<Recall> {
    const { drill } = await recallByKey(tx, key);
    if (drill) throw new DomainError('RECALL_DRILL_SENDS', { recall: key });
    return recallFor(tx, key, 'send');
  }

  private async write(
    tx: Tx,
    recall: Recall,
    kind: 'reminder' | 'escalation',
    partnerIds: readonly number[],
    typed: SignatureInput,
  ): Promise<void> {
    if (partnerIds.length === 0)
      throw new DomainError('NOTICES_NONE', {
        recall: recall.key,
        reason:
          kind === 'reminder'
            ? 'nobody owes an answer who was not written to lately.'
            : 'nobody owes one after so many reminders whose second address is named.',
      });
    const digest = createHash('sha256')
      .update(canonicalJson({ recall: recall.key, version: recall.version, kind, partners: [...partnerIds] }))
      .digest('hex');
    const signature = await this.sign.within(tx, recall, {
      ...typed,
      subject: 'notices',
      version: recall.version,
      digest,
    });
    await this.links.ensure(tx, recall.recallId, partnerIds);
    const byCountry = languageByCountry(await languagesOf(tx, recall));
    const written = await tx.query<{ notice_no: number; channel: string }>(
      `INSERT INTO recall_notice (recall_id, notice_no, partner_id, kind, round, version, delivery_no, channel, state, drill, language, address,
           text_id, signature_id, created_by, queued_at)
       SELECT $1, (SELECT max(notice_no) FROM recall_notice WHERE recall_id = $1) + row_number() OVER (ORDER BY p.code), p.partner_id, $5,
              1 + (SELECT count(*) FROM recall_notice n WHERE n.recall_id = $1 AND n.partner_id = p.partner_id AND n.kind = $5),
              $2, (SELECT max(delivery_no) FROM recall_delivery WHERE recall_id = $1),
              CASE WHEN $5 = 'escalation' THEN 'email' ELSE p.channel END, 'queued', (SELECT drill FROM recall WHERE recall_id = $1), told.language,
              CASE WHEN $5 = 'escalation' THEN k.email ELSE p.way END, told.text_id, $6, $7, clock_timestamp()
         FROM (${ADDRESSED}) p
         -- They are reminded of what they were told, in the words that were signed.
         JOIN LATERAL (SELECT n.language, n.text_id FROM recall_notice n WHERE n.recall_id = $1 AND n.partner_id = p.partner_id
                          AND n.kind = 'notice' AND n.text_id IS NOT NULL ORDER BY n.notice_no DESC LIMIT 1) told ON true
         LEFT JOIN recall_contact k ON k.recall_id = $1 AND k.partner_id = p.partner_id
        WHERE p.partner_id = ANY ($8::int[]) RETURNING notice_no, channel`,
      [
        recall.recallId,
        recall.version,
        JSON.stringify(byCountry),
        recall.language,
        kind,
        signature.signatureId,
        tx.ctx.actor,
        partnerIds,
      ],
    );
    if (written.some(({ channel }) => channel === 'email')) this.mail.require();
    await tx.query(`UPDATE recall_notice SET ${NEW_MAIL(3)} WHERE recall_id = $1 AND notice_no = ANY ($2::int[])`, [
      recall.recallId,
      written.map((row) => row.notice_no),
      written.some(({ channel }) => channel === 'email') ? this.mail.host : null,
    ]);
    await this.advance.within(tx, recall, 'send', {
      signature,
      note: `${written.length} ${kind === 'reminder' ? 'reminders' : 'escalations'}`,
    });
    await this.outbox.enqueue(tx, 'notices', recall.key);
  }
}
