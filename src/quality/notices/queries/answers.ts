/** What consignees have answered and sent. */
import { DomainError } from '@/kernel';
import type { Queryable } from '@/platform/db';
import { decodeCursor, type Page, pageSize, toPage } from '@/platform/http';
import type { Amounts } from './lines';

export interface AnswerView extends Amounts {
  line: string;
  item: string;
  code: string;
  uom: string;
  note: string | null;
  via: 'link' | 'phone';
  by: string;
  at: Date;
  /** another answer stands in its stead */
  superseded: boolean;
}

/** Every answer a consignee has given, the newest first, those that were replaced too. */
export async function answersPage(
  q: Queryable,
  recallId: number,
  partnerId: number,
  cursor: string | undefined,
  limit: number | undefined,
): Promise<Page<AnswerView>> {
  const size = pageSize(limit);
  const rows = await q.query<AnswerView & { answerId: number }>(
    `SELECT a.answer_id AS "answerId", 'u' || a.unit_id AS line, i.code AS item, u.code, i.uom, trim_scale(a.found)::text AS found,
            trim_scale(a.sold)::text AS sold, trim_scale(a.destroyed)::text AS destroyed, trim_scale(a.returned)::text AS returned,
            a.note, a.via, a.by, a.at, a.superseded
       FROM recall_answer a JOIN unit u USING (unit_id) JOIN item i USING (item_id)
      WHERE a.recall_id = $1 AND a.partner_id = $2 AND ($3::int IS NULL OR a.answer_id < $3)
      ORDER BY a.answer_id DESC LIMIT $4`,
    [recallId, partnerId, decodeCursor<number>(cursor), size + 1],
  );
  return toPage(
    rows,
    size,
    (row) => row.answerId,
    ({ answerId: _, ...row }) => row,
  );
}

export interface AnswerFileView {
  file: string;
  name: string;
  mediaType: string;
  sizeBytes: number;
  at: Date;
}

export function answerFiles(q: Queryable, recallId: number, partnerId: number): Promise<AnswerFileView[]> {
  return q.query<AnswerFileView>(
    `SELECT f.file_id AS file, s.name, s.media_type AS "mediaType", s.size_bytes AS "sizeBytes", f.at
       FROM recall_answer_file f JOIN stored_file s USING (file_id) WHERE f.recall_id = $1 AND f.partner_id = $2 ORDER BY f.at, f.file_id`,
    [recallId, partnerId],
  );
}

/** Of this case and consignee alone. Throws NOT_FOUND. */
export async function answerFile(
  q: Queryable,
  recallId: number,
  partnerId: number,
  file: string,
): Promise<AnswerFileView> {
  const found = (await answerFiles(q, recallId, partnerId)).find((one) => one.file === file.toLowerCase());
  if (!found) throw new DomainError('NOT_FOUND', { what: 'file', key: file });
  return found;
}
