import { Injectable } from '@nestjs/common';
import { DomainError } from '@/kernel';
import { once } from '@/platform/commands';
import { type Context, type Tx, UnitOfWork } from '@/platform/db';
import { Mail } from '@/platform/mail';
import { Outbox } from '@/platform/outbox';
import { type Recall, recallByKey } from '@/quality/recalls';
import type { NoticeState } from '../queries/notices';

interface NoticeRecord {
  recall: Recall;
  noticeNo: number;
  partnerId: number;
  kind: string;
  channel: string;
  state: NoticeState;
  address: string | null;
}

export interface SettleInput {
  id: string;
  recall: string;
  notice: number;
  note?: string | undefined;
}

/** What people do about single notices: send again what did not arrive, say that a letter was posted, or that mail came back. */
@Injectable()
export class SettleNotice {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly mail: Mail,
    private readonly outbox: Outbox,
  ) {}

  /** To the address that is on record now. Throws NOT_FOUND, NOTICE_STATE, NOTICE_MAY_HAVE_ARRIVED, NOTICE_NO_ADDRESS, MAIL_NOT_CONFIGURED. */
  retry(ctx: Context, input: SettleInput & { maybeTwice?: boolean | undefined }): Promise<{ state: NoticeState }> {
    return this.settle(ctx, 'retry-notice', input, async (tx, notice) => {
      this.require(notice, ['bounced', 'failed', 'unsure']);
      if (notice.state === 'unsure' && input.maybeTwice !== true)
        throw new DomainError('NOTICE_MAY_HAVE_ARRIVED', { recall: input.recall, notice: input.notice });
      const address = await this.addressNow(tx, notice);
      this.mail.require();
      await tx.query(
        `UPDATE recall_notice SET state = 'queued', channel = 'email', address = $3, next_at = clock_timestamp(), queued_at = clock_timestamp(),
            claimed_at = NULL, handed_at = NULL, attempts = 0 WHERE recall_id = $1 AND notice_no = $2`,
        [notice.recall.recallId, notice.noticeNo, address],
      );
      await this.outbox.enqueue(tx, 'notices', notice.recall.key);
      return 'queued';
    });
  }

  /** The letter was posted, the call made, or the consignee told in another way. Throws NOT_FOUND, NOTICE_STATE. */
  done(ctx: Context, input: SettleInput): Promise<{ state: NoticeState }> {
    return this.settle(ctx, 'notice-done', input, async (tx, notice) => {
      const byHand = notice.channel !== 'email';
      this.require(notice, byHand ? ['queued', 'bounced', 'failed', 'unsure'] : ['bounced', 'failed', 'unsure']);
      await tx.query(
        `UPDATE recall_notice SET state = 'done', done_at = clock_timestamp(), done_by = $3 WHERE recall_id = $1 AND notice_no = $2`,
        [notice.recall.recallId, notice.noticeNo, tx.ctx.actor],
      );
      return 'done';
    });
  }

  /** Mail that was accepted came back later. Throws NOT_FOUND, NOTICE_STATE. */
  bounced(ctx: Context, input: SettleInput): Promise<{ state: NoticeState }> {
    return this.settle(ctx, 'notice-bounced', input, async (tx, notice) => {
      this.require(notice, ['sent', 'unsure']);
      await tx.query(
        `UPDATE recall_notice SET state = 'bounced', reply = coalesce($3, reply) WHERE recall_id = $1 AND notice_no = $2`,
        [notice.recall.recallId, notice.noticeNo, input.note],
      );
      return 'bounced';
    });
  }

  private settle(
    ctx: Context,
    verb: string,
    input: SettleInput,
    work: (tx: Tx, notice: NoticeRecord) => Promise<NoticeState>,
  ): Promise<{ state: NoticeState }> {
    return this.uow.run(ctx, (tx) =>
      once(tx, { id: input.id, verb, content: input }, async () => {
        const notice = await this.lock(tx, input.recall, input.notice);
        const state = await work(tx, notice);
        await tx.audit({
          action: verb,
          subject: `recall:${input.recall}`,
          before: { notice: notice.noticeNo, state: notice.state },
          after: { state, ...(input.note !== undefined && { note: input.note }) },
        });
        return { state };
      }),
    );
  }

  private async lock(tx: Tx, key: string, noticeNo: number): Promise<NoticeRecord> {
    const recall = await recallByKey(tx, key);
    const [row] = await tx.query<Omit<NoticeRecord, 'recall'>>(
      `SELECT notice_no AS "noticeNo", partner_id AS "partnerId", kind, channel, state, address FROM recall_notice
        WHERE recall_id = $1 AND notice_no = $2 FOR UPDATE`,
      [recall.recallId, noticeNo],
    );
    if (!row) throw new DomainError('NOT_FOUND', { what: `notice of ${key}`, key: String(noticeNo) });
    return { recall, ...row };
  }

  private require({ recall, noticeNo, state }: NoticeRecord, allowed: NoticeState[]): void {
    if (!allowed.includes(state))
      throw new DomainError('NOTICE_STATE', {
        recall: recall.key,
        notice: noticeNo,
        state,
        allowed: allowed.join(' or '),
      });
  }

  private async addressNow(tx: Tx, { recall, partnerId, kind }: NoticeRecord): Promise<string> {
    const [row] = await tx.query<{ code: string; email: string | null }>(
      kind === 'escalation'
        ? `SELECT p.code, k.email FROM partner p LEFT JOIN recall_contact k ON k.partner_id = p.partner_id AND k.recall_id = $2 WHERE p.partner_id = $1`
        : `SELECT code, email FROM partner WHERE partner_id = $1 AND $2::int IS NOT NULL`,
      [partnerId, recall.recallId],
    );
    if (!row?.email) throw new DomainError('NOTICE_NO_ADDRESS', { consignee: row?.code ?? String(partnerId) });
    return row.email;
  }
}
