/** Sweeps of a case: where its held goods lie, and what the tasks have found. */
import type { Queryable } from '@/platform/db';
import type { Recall } from './queries';
import { IN_HOUSE } from './stop-queries';

/** Where in house goods in scope lie: the place above a bin or vessel, else the place itself. The most units first. */
export function areasOf(
  q: Queryable,
  { recallId }: Recall,
): Promise<{ placeId: number; place: string; units: number }[]> {
  return q.query(
    `SELECT a.place_id AS "placeId", a.code AS place, count(DISTINCT ru.unit_id)::int AS units
       FROM recall_unit ru JOIN holding h ON h.unit_id = ru.unit_id AND ${IN_HOUSE} AND h.state <> 'in-work'
       JOIN place p USING (place_id)
       JOIN place a ON a.place_id = CASE WHEN p.kind IN ('bin', 'vessel') THEN coalesce(p.parent_id, p.place_id) ELSE p.place_id END
      WHERE ru.recall_id = $1 AND ru.version_out IS NULL GROUP BY a.place_id, a.code ORDER BY 3 DESC, 2`,
    [recallId],
  );
}

/** Where the plant's own rules bring held goods; undefined where none says so. */
export async function quarantine(q: Queryable): Promise<string | undefined> {
  const [row] = await q.query<{ place: string }>(
    `SELECT p.code AS place FROM warehouse_rule r JOIN place p ON p.place_id = r.to_place_id
      WHERE r.kind = 'sweep' AND r.active ORDER BY r.priority, r.code LIMIT 1`,
  );
  return row?.place;
}

export interface SweepView {
  task: string;
  place: string | null;
  status: string;
  assignee: string | null;
  expected: number;
  found: number;
  unexpected: number;
  missing: number;
  open: number;
  createdBy: string;
  createdAt: Date;
  finishedAt: Date | null;
}

/** The sweeps of a case, those with something open or missing first. */
export function sweepsOf(q: Queryable, { recallId }: Recall): Promise<SweepView[]> {
  return q.query<SweepView>(
    `SELECT 'T-' || t.task_id AS task, p.code AS place, t.status, t.assignee,
            count(*) FILTER (WHERE l.status <> 'unexpected')::int AS expected, count(*) FILTER (WHERE l.status = 'done')::int AS found,
            count(*) FILTER (WHERE l.status = 'unexpected')::int AS unexpected,
            count(*) FILTER (WHERE l.status IN ('missing', 'skipped'))::int AS missing,
            count(*) FILTER (WHERE l.status = 'open')::int AS open,
            s.created_by AS "createdBy", s.created_at AS "createdAt", t.finished_at AS "finishedAt"
       FROM recall_sweep s JOIN task t USING (task_id) LEFT JOIN place p ON p.place_id = s.place_id
       LEFT JOIN task_line l USING (task_id)
      WHERE s.recall_id = $1 GROUP BY t.task_id, p.code, s.created_by, s.created_at
      ORDER BY count(*) FILTER (WHERE l.status IN ('open', 'missing', 'skipped')) DESC, t.task_id`,
    [recallId],
  );
}
