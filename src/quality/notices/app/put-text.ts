import { Injectable } from '@nestjs/common';
import { DomainError } from '@/kernel';
import { type Context, type Tx, UnitOfWork } from '@/platform/db';
import { recallFor } from '@/quality/recalls';
import { BLOCKS, FIELDS, type NoticeText, unknownFields } from '../domain/template';

/** Writes the text of a case in one language, or the plant's template of a jurisdiction. */
@Injectable()
export class PutText {
  constructor(private readonly uow: UnitOfWork) {}

  /** Earlier texts stay. What went out already keeps its own. Throws NOT_FOUND, RECALL_STATE, NOTICE_FIELD_UNKNOWN. */
  async ofCase(ctx: Context, key: string, language: string, text: NoticeText): Promise<void> {
    requireFields(text);
    await this.uow.run(ctx, async (tx) => {
      const recall = await recallFor(tx, key, 'describe');
      const [last] = await tx.query<NoticeText>(
        `SELECT subject, body FROM recall_notice_text WHERE recall_id = $1 AND language = $2 AND fields IS NULL
          ORDER BY text_id DESC LIMIT 1`,
        [recall.recallId, language],
      );
      if (last?.subject === text.subject && last.body === text.body) return;
      await tx.query(
        `INSERT INTO recall_notice_text (recall_id, language, subject, body, written_by) VALUES ($1, $2, $3, $4, $5)`,
        [recall.recallId, language, text.subject, text.body, ctx.actor],
      );
      await this.told(tx, `recall:${key}`, last, { language, ...text });
    });
  }

  /** Cases that have a text of their own keep it. Throws NOTICE_FIELD_UNKNOWN. */
  async template(ctx: Context, jurisdiction: string, language: string, text: NoticeText): Promise<void> {
    requireFields(text);
    await this.uow.run(ctx, async (tx) => {
      const [last] = await tx.query<NoticeText>(
        `SELECT subject, body FROM notice_template WHERE jurisdiction = $1 AND language = $2 FOR UPDATE`,
        [jurisdiction, language],
      );
      if (last?.subject === text.subject && last.body === text.body) return;
      await tx.query(
        `INSERT INTO notice_template (jurisdiction, language, subject, body, changed_by) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (jurisdiction, language) DO UPDATE SET subject = excluded.subject, body = excluded.body,
           changed_by = excluded.changed_by, changed_at = now()`,
        [jurisdiction, language, text.subject, text.body, ctx.actor],
      );
      await this.told(tx, `notice-template:${jurisdiction}`, last, { language, ...text });
    });
  }

  private told(tx: Tx, subject: string, before: NoticeText | undefined, after: object): Promise<void> {
    return tx.audit({ action: 'put-notice-text', subject, ...(before && { before }), after });
  }
}

function requireFields(text: NoticeText): void {
  const unknown = unknownFields(text);
  if (unknown.length === 0) return;
  throw new DomainError('NOTICE_FIELD_UNKNOWN', {
    fields: unknown.slice(0, 10).join(', '),
    known: [...FIELDS, ...BLOCKS].join(', '),
  });
}
