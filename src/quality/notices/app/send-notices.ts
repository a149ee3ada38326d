import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { canonicalJson, DomainError } from '@/kernel';
import { once } from '@/platform/commands';
import { type Context, type Tx, UnitOfWork } from '@/platform/db';
import { Mail } from '@/platform/mail';
import { Outbox } from '@/platform/outbox';
import { AdvanceRecall, type Recall, recallByKey, recallFor, type SignatureInput, SignRecall } from '@/quality/recalls';
import { unnamed } from '../domain/checklist';
import { READY } from '../queries/notices';
import { checkedText, fieldsOf } from '../queries/texts';
import { AnswerLinks } from './answer-links';
import { DraftNotices } from './draft-notices';

export interface SendInput {
  id: string;
  recall: string;
  /** how many notices the screen showed */
  expected: number;
  signature: SignatureInput;
}

export interface SendAnswer {
  recall: string;
  state: string;
  notices: number;
  byChannel: Record<string, number>;
  signature: number;
}

interface Draft {
  noticeNo: number;
  partnerId: number;
  channel: string;
  language: string;
}

/** Sends all notices that are drafted: signed, each once, by whatever way its consignee is reached. */
@Injectable()
export class SendNotices {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly drafts: DraftNotices,
    private readonly links: AnswerLinks,
    private readonly mail: Mail,
    private readonly sign: SignRecall,
    private readonly advance: AdvanceRecall,
    private readonly outbox: Outbox,
  ) {}

  /**
   * Throws NOT_FOUND, RECALL_STATE, RECALL_DRILL_SENDS, NOTICES_CHANGED, NOTICES_NONE, MAIL_NOT_CONFIGURED,
   * NOTICE_POINTS_MISSING, and what signing throws.
   */
  execute(ctx: Context, input: SendInput): Promise<SendAnswer> {
    const { id, recall: key, expected } = input;
    return this.uow.run(ctx, (tx) =>
      once(tx, { id, verb: 'send-notices', content: { recall: key, expected } }, () => this.within(tx, input)),
    );
  }

  private async within(tx: Tx, { recall: key, expected, signature: typed }: SendInput): Promise<SendAnswer> {
    const { drill, state } = await recallByKey(tx, key);
    if (drill) throw new DomainError('RECALL_DRILL_SENDS', { recall: key });
    // The first send brings a case on; where two come at one moment, the second finds nothing left.
    const recall = await recallFor(tx, key, state === 'initiated' ? 'monitor' : 'send');
    await this.drafts.within(tx, recall);
    const ready = await tx.query<Draft>(
      `SELECT n.notice_no AS "noticeNo", n.partner_id AS "partnerId", n.channel, n.language FROM recall_notice n WHERE ${READY}
        ORDER BY n.notice_no`,
      [recall.recallId],
    );
    if (ready.length !== expected) throw new DomainError('NOTICES_CHANGED', { notices: ready.length, expected });
    if (ready.length === 0 && recall.state === 'monitoring')
      throw new DomainError('NOTICES_NONE', { recall: key, reason: 'every consignee has been told.' });
    if (ready.some(({ channel }) => channel === 'email')) this.mail.require();
    const texts = await this.textsFor(tx, recall, [...new Set(ready.map(({ language }) => language))], typed.reason);
    const scope = await scopeDigest(tx, recall);
    const digest = createHash('sha256')
      .update(canonicalJson({ recall: key, scope, texts, notices: ready.map(({ noticeNo }) => noticeNo) }))
      .digest('hex');
    const signature = await this.sign.within(tx, recall, {
      ...typed,
      subject: 'notices',
      version: recall.version,
      digest,
    });
    await this.links.ensure(
      tx,
      recall.recallId,
      ready.map(({ partnerId }) => partnerId),
    );
    await this.queue(tx, recall, ready, texts, signature.signatureId);
    const byChannel: Record<string, number> = {};
    for (const { channel } of ready) byChannel[channel] = (byChannel[channel] ?? 0) + 1;
    const verb = recall.state === 'initiated' ? 'monitor' : 'send';
    const after = await this.advance.within(tx, recall, verb, {
      signature,
      note: ready.length === 0 ? 'nobody outside has any of it' : `${ready.length} notices`,
    });
    return {
      recall: key,
      state: after.state,
      notices: ready.length,
      byChannel,
      signature: signature.signatureId,
    };
  }

  /** The texts as they are signed, by language. Throws NOTICE_POINTS_MISSING. */
  private async textsFor(tx: Tx, recall: Recall, languages: string[], reason: string) {
    const fields = await fieldsOf(tx, recall);
    const texts: Record<string, { subject: string; body: string; fields: typeof fields }> = {};
    const missing = new Set<string>();
    for (const language of languages) {
      const { subject, body, checklist } = await checkedText(tx, recall, language, this.links.enabled);
      texts[language] = { subject, body, fields };
      for (const point of unnamed(checklist, reason)) missing.add(point);
    }
    if (missing.size > 0) throw new DomainError('NOTICE_POINTS_MISSING', { points: [...missing].join(', ') });
    return texts;
  }

  private async queue(
    tx: Tx,
    recall: Recall,
    ready: readonly Draft[],
    texts: Record<string, { subject: string; body: string; fields: unknown }>,
    signatureId: number,
  ): Promise<void> {
    const host = ready.some(({ channel }) => channel === 'email') ? this.mail.host : null;
    for (const [language, { subject, body, fields }] of Object.entries(texts)) {
      const [text] = await tx.query<{ id: number }>(
        `INSERT INTO recall_notice_text (recall_id, language, subject, body, fields, written_by)
         VALUES ($1, $2, $3, $4, $5, $6) RETURNING text_id AS id`,
        [recall.recallId, language, subject, body, JSON.stringify(fields), tx.ctx.actor],
      );
      await tx.query(
        `UPDATE recall_notice SET state = 'queued', text_id = $3, signature_id = $4, queued_at = clock_timestamp(), ${NEW_MAIL(5)}
          WHERE recall_id = $1 AND notice_no = ANY ($2::int[]) AND state = 'draft'`,
        [
          recall.recallId,
          ready.filter((one) => one.language === language).map(({ noticeNo }) => noticeNo),
          text!.id,
          signatureId,
          host,
        ],
      );
    }
    await this.outbox.enqueue(tx, 'notices', recall.key);
  }
}

/** A message id of its own, kept for every attempt; only mail has one. `$n` is the host. */
export const NEW_MAIL = (n: number): string => `
  message_id = CASE WHEN channel = 'email' THEN '<' || gen_random_uuid() || '@' || $${n}::text || '>' END,
  next_at = CASE WHEN channel = 'email' THEN clock_timestamp() END`;

async function scopeDigest(tx: Tx, { recallId, version }: Recall): Promise<string> {
  const [scope] = await tx.query<{ digest: string }>(
    `SELECT encode(digest, 'hex') AS digest FROM recall_scope WHERE recall_id = $1 AND version = $2`,
    [recallId, version],
  );
  return scope?.digest ?? '';
}
