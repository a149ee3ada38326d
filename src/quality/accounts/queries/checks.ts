/** Effectiveness checks: what was drawn, tried and found. */
import { DomainError } from '@/kernel';
import type { Queryable } from '@/platform/db';
import { decodeCursor, type Page, pageSize, toPage } from '@/platform/http';
import type { Recall } from '@/quality/recalls';
import { type Level, percentOf } from '../domain/sample';

/** After so many attempts at which nobody was reached a check is done, and says so. */
const ATTEMPTS_MAX = 3;

/** SQL: what check `c` found; null while it is open. The best that any attempt found counts. */
const OUTCOME = `(SELECT CASE WHEN bool_or(t.outcome = 'acted') THEN 'acted' WHEN bool_or(t.outcome = 'informed') THEN 'informed'
    WHEN bool_or(t.outcome = 'not-informed') THEN 'not-informed' WHEN count(*) >= ${ATTEMPTS_MAX} THEN 'not-reached' END
   FROM recall_check_attempt t WHERE t.check_id = c.check_id)`;

export interface DrawView {
  draw: number;
  level: Level;
  percent: number;
  seed: string;
  version: number;
  consignees: number;
  drawn: number;
  reason: string | null;
  by: string;
  at: Date;
}

export interface CheckView {
  check: number;
  draw: number;
  consignee: string;
  name: string;
  state: 'open' | 'done';
  outcome: 'acted' | 'informed' | 'not-informed' | 'not-reached' | null;
  attempts: {
    way: string;
    outcome: string;
    person: string | null;
    note: string | null;
    at: string;
    by: string;
  }[];
}

export function drawsOf(q: Queryable, recallId: number): Promise<DrawView[]> {
  return q.query<DrawView>(
    `SELECT draw_no AS draw, level, percent, seed, version, consignees, drawn, reason, drawn_by AS by, drawn_at AS at
       FROM recall_draw WHERE recall_id = $1 ORDER BY draw_no`,
    [recallId],
  );
}

export async function checksPage(
  q: Queryable,
  recallId: number,
  cursor: string | undefined,
  limit: number | undefined,
): Promise<Page<CheckView>> {
  const size = pageSize(limit);
  const rows = await q.query<Omit<CheckView, 'state'>>(
    `SELECT c.check_id AS check, d.draw_no AS draw, p.code AS consignee, p.name, ${OUTCOME} AS outcome,
            coalesce((SELECT jsonb_agg(jsonb_build_object('way', t.way, 'outcome', t.outcome, 'person', t.person, 'note', t.note,
                'at', t.made_at, 'by', t.by) ORDER BY t.attempt_id)
              FROM recall_check_attempt t WHERE t.check_id = c.check_id), '[]') AS attempts
       FROM recall_check c JOIN recall_draw d USING (draw_id) JOIN partner p ON p.partner_id = c.partner_id
      WHERE c.recall_id = $1 AND c.check_id > $2 ORDER BY c.check_id LIMIT $3`,
    [recallId, decodeCursor<number>(cursor) ?? 0, size + 1],
  );
  return toPage(
    rows,
    size,
    (row) => row.check,
    (row) => ({ ...row, state: row.outcome === null ? ('open' as const) : ('done' as const) }),
  );
}

/** Consignees that are known, in scope now, by code. */
export function consigneesInScope(q: Queryable, recallId: number): Promise<{ partnerId: number; code: string }[]> {
  return q.query(
    `SELECT p.partner_id AS "partnerId", p.code FROM partner p
      WHERE p.partner_id IN (SELECT d.partner_id FROM recall_delivery d WHERE d.recall_id = $1 AND d.version_out IS NULL) ORDER BY p.code`,
    [recallId],
  );
}

/** What of its checks a case still owes; a drill checks nobody. */
export async function checksMissing(
  q: Queryable,
  { recallId, drill, level }: Recall,
): Promise<{ checks: number; undrawn: boolean }> {
  if (drill) return { checks: 0, undrawn: false };
  const [row] = await q.query<{ checks: number; draws: number; consignees: number }>(
    `SELECT (SELECT count(*)::int FROM recall_check c WHERE c.recall_id = $1 AND ${OUTCOME} IS NULL) AS checks,
            (SELECT count(*)::int FROM recall_draw d WHERE d.recall_id = $1) AS draws,
            (SELECT count(DISTINCT d.partner_id)::int FROM recall_delivery d WHERE d.recall_id = $1 AND d.version_out IS NULL) AS consignees`,
    [recallId],
  );
  const { checks, draws, consignees } = row!;
  const asked = level !== null && (level === 'B' || percentOf(level, undefined) > 0);
  return { checks, undrawn: asked && consignees > 0 && draws === 0 };
}

export async function checkResults(q: Queryable, recallId: number, untilMs: number): Promise<Record<string, number>> {
  const rows = await q.query<{ outcome: string; n: number }>(
    `SELECT coalesce(o.outcome, 'open') AS outcome, count(*)::int AS n
       FROM recall_check c JOIN recall_draw d USING (draw_id)
       LEFT JOIN LATERAL (SELECT CASE WHEN bool_or(t.outcome = 'acted') THEN 'acted' WHEN bool_or(t.outcome = 'informed') THEN 'informed'
             WHEN bool_or(t.outcome = 'not-informed') THEN 'not-informed' WHEN count(*) >= ${ATTEMPTS_MAX} THEN 'not-reached' END AS outcome
            FROM recall_check_attempt t WHERE t.check_id = c.check_id AND t.at <= to_timestamp($2 / 1000.0)) o ON true
      WHERE c.recall_id = $1 AND d.drawn_at <= to_timestamp($2 / 1000.0) GROUP BY 1`,
    [recallId, untilMs],
  );
  return Object.fromEntries(rows.map(({ outcome, n }) => [outcome, n]));
}

/** The partner of a code; 0 for `-`. Throws NOT_FOUND. */
export async function partnerOf(q: Queryable, code: string): Promise<number> {
  if (code === '-') return 0;
  const [row] = await q.query<{ id: number }>('SELECT partner_id AS id FROM partner WHERE code = $1', [code]);
  if (!row) throw new DomainError('NOT_FOUND', { what: 'consignee', key: code });
  return row.id;
}
