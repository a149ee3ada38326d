/** Notices and what became of them. */
import type { Queryable } from '@/platform/db';
import { decodeCursor, type Page, pageSize, toPage } from '@/platform/http';
import type { Recall } from '@/quality/recalls';
import { linesOf } from './lines';

export const NOTICE_STATES = ['draft', 'queued', 'sending', 'sent', 'unsure', 'bounced', 'failed', 'done'] as const;
export type NoticeState = (typeof NOTICE_STATES)[number];
export const NOTICE_KINDS = ['notice', 'reminder', 'escalation'] as const;
export const CHANNELS = ['email', 'letter', 'phone'] as const;

export interface NoticeView {
  notice: number;
  consignee: string;
  name: string;
  kind: (typeof NOTICE_KINDS)[number];
  round: number;
  /** the scope version whose lines it tells */
  version: number;
  channel: (typeof CHANNELS)[number];
  state: NoticeState;
  drill: boolean;
  language: string;
  address: string | null;
  attempts: number;
  /** what the mail server said last */
  reply: string | null;
  createdAt: Date;
  queuedAt: Date | null;
  sentAt: Date | null;
  doneAt: Date | null;
  doneBy: string | null;
  /** when it is tried next */
  nextAt: Date | null;
  /** what somebody has to do about it; null: nothing */
  todo: string | null;
}

type Row = Omit<NoticeView, 'todo'>;

const NOTICES = `
  SELECT n.notice_no AS notice, coalesce(p.code, '') AS consignee, coalesce(p.name, '') AS name, n.kind, n.round, n.version, n.channel,
      n.state, n.drill, n.language, n.address, n.attempts, n.reply, n.created_at AS "createdAt", n.queued_at AS "queuedAt",
      n.sent_at AS "sentAt", n.done_at AS "doneAt", n.done_by AS "doneBy",
      CASE WHEN n.state = 'queued' AND n.channel = 'email' THEN n.next_at END AS "nextAt"
    FROM recall_notice n LEFT JOIN partner p USING (partner_id)
   WHERE n.recall_id = $1`;

function todoOf({ state, channel, address }: Pick<Row, 'state' | 'channel' | 'address'>): string | null {
  if (state === 'queued' && channel === 'letter')
    return address === null
      ? 'Find out the address, print the letter, post it, and mark it as done.'
      : 'Print the letter, post it, and mark it as done.';
  if (state === 'queued' && channel === 'phone') return 'Call, and mark it as done.';
  if (state === 'bounced')
    return 'Correct the e-mail address and send it again; or post the letter and mark it as done.';
  if (state === 'failed') return 'Send it again; or post the letter and mark it as done.';
  if (state === 'unsure') return 'Ask whether it arrived: then mark it as done, or send it again.';
  return null;
}

const view = (row: Row): NoticeView => ({ ...row, todo: todoOf(row) });

export interface NoticeFilter {
  state?: string | undefined;
  kind?: string | undefined;
  channel?: string | undefined;
  /** escaped for LIKE */
  q?: string;
  /** those that somebody has to see to */
  todo?: boolean | undefined;
}

export async function noticesPage(
  q: Queryable,
  { recallId }: Pick<Recall, 'recallId'>,
  filter: NoticeFilter,
  cursor: string | undefined,
  limit: number | undefined,
): Promise<Page<NoticeView>> {
  const size = pageSize(limit);
  const rows = await q.query<Row>(
    `${NOTICES} AND n.notice_no > $2 AND ($3::text IS NULL OR n.state = $3) AND ($4::text IS NULL OR n.kind = $4)
        AND ($5::text IS NULL OR n.channel = $5)
        AND ($6 = '' OR lower(p.code) LIKE lower($6) || '%' OR p.name ILIKE '%' || $6 || '%')
        AND (NOT $7::boolean OR n.state IN ('bounced', 'failed', 'unsure') OR (n.state = 'queued' AND n.channel <> 'email'))
      ORDER BY n.notice_no LIMIT $8`,
    [
      recallId,
      decodeCursor<number>(cursor) ?? 0,
      filter.state ?? null,
      filter.kind ?? null,
      filter.channel ?? null,
      filter.q ?? '',
      filter.todo ?? false,
      size + 1,
    ],
  );
  return toPage(rows, size, (row) => row.notice, view);
}

export interface NoticeSummary {
  /** of notices (not reminders): by state */
  notices: Partial<Record<NoticeState, number>>;
  /** drafts that `send` would send now, by channel */
  ready: Partial<Record<(typeof CHANNELS)[number], number>>;
  reminders: number;
  escalations: number;
  consignees: number;
  /** deliveries that name no customer: nobody can be told of them */
  unknown: number;
  answered: number;
  owing: number;
  /** notices that somebody has to see to */
  todo: number;
}

/** Drafts of consignees who still have something in scope ($1 case): what `send` sends. */
export const READY = `n.recall_id = $1 AND n.state = 'draft' AND n.kind = 'notice' AND n.partner_id IN (
  SELECT d.partner_id FROM recall_delivery d WHERE d.recall_id = $1 AND d.version_out IS NULL)`;

export async function noticeSummary(
  q: Queryable,
  { recallId, version }: Pick<Recall, 'recallId' | 'version'>,
): Promise<NoticeSummary> {
  const [row] = await q.query<NoticeSummary>(
    `SELECT
        (SELECT coalesce(jsonb_object_agg(state, c), '{}') FROM
           (SELECT state, count(*) AS c FROM recall_notice WHERE recall_id = $1 AND kind = 'notice' GROUP BY state) x) AS notices,
        (SELECT coalesce(jsonb_object_agg(channel, c), '{}') FROM
           (SELECT n.channel, count(*) AS c FROM recall_notice n WHERE ${READY} GROUP BY n.channel) x) AS ready,
        (SELECT count(*) FROM recall_notice WHERE recall_id = $1 AND kind = 'reminder')::int AS reminders,
        (SELECT count(*) FROM recall_notice WHERE recall_id = $1 AND kind = 'escalation')::int AS escalations,
        (SELECT count(*) FROM recall_notice WHERE recall_id = $1
           AND (state IN ('bounced', 'failed', 'unsure') OR (state = 'queued' AND channel <> 'email')))::int AS todo,
        c.consignees, c.unknown, c.answered, c.owing
      FROM (SELECT count(*) FILTER (WHERE partner_id <> 0)::int AS consignees,
                   coalesce(sum(lines) FILTER (WHERE partner_id = 0), 0)::int AS unknown,
                   count(*) FILTER (WHERE partner_id <> 0 AND answers = lines)::int AS answered,
                   count(*) FILTER (WHERE told AND answers < lines)::int AS owing
              FROM (SELECT l.partner_id, count(*) AS lines, count(a.answer_id) AS answers,
                           EXISTS (SELECT 1 FROM recall_notice n WHERE n.recall_id = $1 AND n.partner_id = l.partner_id
                                      AND n.kind = 'notice' AND n.state IN ('sent', 'unsure', 'done')) AS told
                      FROM (${linesOf()}) l LEFT JOIN recall_answer a
                        ON a.recall_id = $1 AND a.partner_id = l.partner_id AND a.unit_id = l.unit_id AND NOT a.superseded
                     GROUP BY l.partner_id) per) c`,
    [recallId, version],
  );
  return row!;
}
