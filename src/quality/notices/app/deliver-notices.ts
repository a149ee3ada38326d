import { setTimeout as pause } from 'node:timers/promises';
import { Injectable, Logger } from '@nestjs/common';
import { Settings } from '@/platform/config';
import { Database } from '@/platform/db';
import { type Delivery, Mail, type MailLine } from '@/platform/mail';
import { type ComposedNotice, ComposeNotice } from './compose-notice';

interface Claim {
  recallId: number;
  noticeNo: number;
  /** of this attempt: whoever takes the notice over counts on, and this attempt is worth nothing then */
  attempts: number;
  messageId: string;
  address: string;
}

/** A claim that another worker has taken over meanwhile. */
class ClaimLost extends Error {}

const RECORD_PAUSE_MS = 250;
/** Beyond the longest conversation, for the statements around it. */
const STALE_SECONDS_MORE = 5;
const RETRY_SECONDS_MAX = 3_600;

/**
 * Sends what is due, one message after the other. A notice is claimed and committed before the conversation; that the whole message
 * has gone out is committed before its end does; that it was accepted is committed at once. So after a crash it is known whether
 * the server can have it: what it cannot have is sent again, what it may have is `unsure` and waits for a person.
 */
@Injectable()
export class DeliverNotices {
  private readonly logger = new Logger('Notices');

  constructor(
    private readonly database: Database,
    private readonly mail: Mail,
    private readonly compose: ComposeNotice,
    private readonly settings: Settings,
  ) {}

  /** All that is due of a case, until there is no more or the mail server is away. Throws where the process is asked to stop. */
  async execute(key: string, signal: AbortSignal): Promise<void> {
    await this.takeOver(key);
    if (!this.mail.configured) return;
    const line = this.mail.open();
    try {
      for (;;) {
        signal.throwIfAborted();
        const claim = await this.claim(key);
        if (!claim || (await this.send(line, key, claim)) === 'away') return;
      }
    } finally {
      line.close();
    }
  }

  /** Cases with mail that is due, or that a worker has left behind. */
  async due(): Promise<string[]> {
    const rows = await this.database.query<{ key: string }>(
      `SELECT r.key FROM recall r WHERE NOT r.drill AND r.recall_id IN (
         SELECT recall_id FROM recall_notice WHERE state = 'queued' AND channel = 'email' AND next_at <= clock_timestamp() AND $1
         UNION ALL
         SELECT recall_id FROM recall_notice WHERE state = 'sending' AND claimed_at < clock_timestamp() - make_interval(secs => $2))`,
      [this.mail.configured, this.staleSeconds],
    );
    return rows.map((row) => row.key);
  }

  private get staleSeconds(): number {
    return this.settings.mailSecondsMax + STALE_SECONDS_MORE;
  }

  /** What a worker began and never ended: nothing was handed over, or nobody can know. */
  private async takeOver(key: string): Promise<void> {
    const rows = await this.database.query<{ notice_no: number; state: string }>(
      `UPDATE recall_notice SET next_at = clock_timestamp(), attempts = attempts + 1,
           state = CASE WHEN handed_at IS NULL THEN 'queued' ELSE 'unsure' END,
           reply = CASE WHEN handed_at IS NULL THEN reply
                        ELSE 'It was handed over, and the answer of the mail server was never seen.' END
        WHERE recall_id = (SELECT recall_id FROM recall WHERE key = $1) AND state = 'sending'
          AND claimed_at < clock_timestamp() - make_interval(secs => $2) RETURNING notice_no, state`,
      [key, this.staleSeconds],
    );
    for (const row of rowsOf(rows))
      this.logger.warn(`Notice ${row.notice_no} of ${key} was left behind while it was sent: ${row.state} now`);
  }

  /** The next one that is due, ours alone from here on. A drill has none: also where a row of one should say otherwise. */
  private async claim(key: string): Promise<Claim | undefined> {
    const rows = await this.database.query<Claim>(
      `UPDATE recall_notice SET state = 'sending', attempts = attempts + 1, claimed_at = clock_timestamp(), handed_at = NULL
        WHERE (recall_id, notice_no) = (
          SELECT n.recall_id, n.notice_no FROM recall_notice n JOIN recall r USING (recall_id)
           WHERE r.key = $1 AND NOT r.drill AND NOT n.drill AND n.state = 'queued' AND n.channel = 'email'
             AND n.next_at <= clock_timestamp()
           ORDER BY n.next_at, n.notice_no LIMIT 1 FOR UPDATE OF n SKIP LOCKED)
        RETURNING recall_id AS "recallId", notice_no AS "noticeNo", attempts, message_id AS "messageId", address`,
      [key],
    );
    return rowsOf(rows)[0];
  }

  private async send(line: MailLine, key: string, claim: Claim): Promise<'on' | 'away'> {
    let composed: ComposedNotice;
    try {
      composed = await this.compose.execute(key, claim.noticeNo, true);
    } catch (error) {
      await this.record(claim, { outcome: 'later', reply: (error as Error).message, away: false });
      return 'on';
    }
    const { document, text, html, attachments } = composed;
    const { messageId, address: to } = claim;
    const letter = { messageId, to, subject: document.subject, text, html, language: document.language, attachments };
    const delivery = await line.send(letter, () => this.handOver(claim));
    await this.record(claim, delivery);
    if (delivery.outcome !== 'accepted')
      this.logger.warn({ msg: 'notice not accepted', recall: key, notice: claim.noticeNo, ...delivery });
    return delivery.outcome === 'later' && delivery.away ? 'away' : 'on';
  }

  private async handOver({ recallId, noticeNo, attempts }: Claim): Promise<void> {
    const rows = await this.database.query(
      `UPDATE recall_notice SET handed_at = clock_timestamp()
        WHERE recall_id = $1 AND notice_no = $2 AND attempts = $3 AND state = 'sending' RETURNING 1`,
      [recallId, noticeNo, attempts],
    );
    if (rowsOf(rows).length === 0) throw new ClaimLost('Another worker has taken this notice over');
  }

  /** Tried until the database has it: what the mail server said is said once. */
  private async record(claim: Claim, delivery: Delivery): Promise<void> {
    const until = Date.now() + this.settings.mailSecondsMax * 1_000;
    for (;;)
      try {
        return await this.write(claim, delivery);
      } catch (error) {
        if (Date.now() > until) throw error;
        await pause(RECORD_PAUSE_MS);
      }
  }

  private async write({ recallId, noticeNo, attempts }: Claim, delivery: Delivery): Promise<void> {
    const { mailRetrySeconds, mailRetryHours } = this.settings;
    const away = delivery.outcome === 'later' && delivery.away;
    const seconds = away ? mailRetrySeconds : Math.min(mailRetrySeconds * 2 ** (attempts - 1), RETRY_SECONDS_MAX);
    const state = { accepted: 'sent', refused: 'bounced', unsure: 'unsure', later: 'queued' }[delivery.outcome];
    // An acceptance counts even where another worker took this notice for lost meanwhile: nobody knows it better.
    await this.database.query(
      `UPDATE recall_notice SET reply = $4, sent_at = CASE WHEN $5 = 'sent' THEN clock_timestamp() ELSE sent_at END,
           next_at = clock_timestamp() + make_interval(secs => $6),
           state = CASE WHEN $5 = 'queued' AND NOT $7 AND queued_at < clock_timestamp() - make_interval(hours => $8) THEN 'failed' ELSE $5 END
        WHERE recall_id = $1 AND notice_no = $2
          AND (attempts = $3 AND state = 'sending' OR $5 = 'sent' AND state IN ('unsure', 'queued'))`,
      [recallId, noticeNo, attempts, delivery.reply.slice(0, 2_000), state, seconds, away, mailRetryHours],
    );
  }
}

/** The driver answers an UPDATE … RETURNING with its rows and their number. */
function rowsOf<R>(answer: R[]): R[] {
  return Array.isArray(answer[0]) ? (answer[0] as R[]) : answer;
}
