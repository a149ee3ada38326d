/** How drills went, one after the other. */
import type { Queryable } from '@/platform/db';
import { drillClocks } from './clocks';
import type { CaseClocks } from './clocks';

export interface DrillResult {
  clocks: CaseClocks;
  by: string | null;
  standard: string | null;
  seed: string | null;
  lot: { item: string; lot: string } | null;
  openedAt: Date;
  /** accounted for in full at its end; null while it is open */
  percent: number | null;
  missing: string[];
}

/** The newest first, at most 100. */
export async function drillResults(q: Queryable): Promise<DrillResult[]> {
  const clocks = await drillClocks(q);
  const rows = await q.query<Omit<DrillResult, 'clocks'> & { key: string }>(
    `SELECT r.key, r.created_at AS "openedAt", d.picked_by AS by, d.standard, d.seed,
            CASE WHEN u.unit_id IS NOT NULL THEN jsonb_build_object('item', i.code, 'lot', u.code) END AS lot,
            c.percent::float8 AS percent, coalesce(c.missing, '[]') AS missing
       FROM recall r LEFT JOIN recall_drill d USING (recall_id) LEFT JOIN unit u ON u.unit_id = d.unit_id LEFT JOIN item i USING (item_id)
         LEFT JOIN recall_closing c ON c.recall_id = r.recall_id
      WHERE r.key = ANY ($1::text[])`,
    [clocks.map((one) => one.recall)],
  );
  const byKey = new Map(rows.map(({ key, ...row }) => [key, row]));
  return clocks.map((one) => ({ clocks: one, ...byKey.get(one.recall)! }));
}
