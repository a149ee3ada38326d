/** Work centres, the runs that belong to them, and what is loaded on those now. */
import { DomainError } from '@/kernel';
import type { Queryable, Tx } from '@/platform/db';

export interface WorkCenter {
  workCenterId: number;
  code: string;
  name: string;
  placeId: number | null;
  place: string | null;
  takesRuns: boolean;
}

const CENTER = `SELECT w.work_center_id AS "workCenterId", w.code, w.name, w.place_id AS "placeId", p.code AS place, w.takes_runs AS "takesRuns"
  FROM work_center w LEFT JOIN place p USING (place_id)`;

/** Throws NOT_FOUND. */
export async function workCenterByCode(q: Queryable, code: string): Promise<WorkCenter> {
  const [row] = await q.query<WorkCenter>(`${CENTER} WHERE w.code = $1`, [code]);
  if (!row) throw new DomainError('NOT_FOUND', { what: 'work centre', key: code });
  return row;
}

export function listWorkCenters(q: Queryable, after: string, limit: number): Promise<WorkCenter[]> {
  return q.query<WorkCenter>(`${CENTER} WHERE w.code > $1 ORDER BY w.code LIMIT $2`, [after, limit]);
}

export interface CenterRun {
  workCenterId: number;
  itemId: number;
  item: string;
  code: string;
  position: string | null;
  /** null until something was loaded there */
  unitId: number | null;
}

/** The runs of work centres, by position and code. */
export function runsOfCenters(q: Queryable, workCenterIds: readonly number[]): Promise<CenterRun[]> {
  return q.query<CenterRun>(
    `SELECT r.work_center_id AS "workCenterId", r.item_id AS "itemId", i.code AS item, r.code, r.position, u.unit_id AS "unitId"
       FROM work_center_run r JOIN item i USING (item_id) LEFT JOIN unit u ON u.item_id = r.item_id AND u.code = r.code AND u.kind = 'run'
      WHERE r.work_center_id = ANY ($1::int[]) ORDER BY r.position NULLS LAST, i.code, r.code`,
    [workCenterIds],
  );
}

export async function putCenter(
  tx: Tx,
  center: { code: string; name: string; placeId: number | null; takesRuns: boolean },
  runs: readonly { itemId: number; code: string; position: string | null }[],
): Promise<void> {
  const [row] = await tx.query<{ work_center_id: number }>(
    `INSERT INTO work_center (code, name, place_id, takes_runs) VALUES ($1, $2, $3, $4)
     ON CONFLICT (code) DO UPDATE SET name = excluded.name, place_id = excluded.place_id, takes_runs = excluded.takes_runs RETURNING work_center_id`,
    [center.code, center.name, center.placeId, center.takesRuns],
  );
  const id = row!.work_center_id;
  await tx.query(`DELETE FROM work_center_run WHERE work_center_id = $1`, [id]);
  await tx.query(
    `INSERT INTO work_center_run (work_center_id, item_id, code, position)
     SELECT $1, r.item_id, r.code, r.position FROM unnest($2::int[], $3::text[], $4::text[]) AS r(item_id, code, position)`,
    [id, runs.map((r) => r.itemId), runs.map((r) => r.code), runs.map((r) => r.position)],
  );
}

export interface Load {
  parentId: number;
  unitId: number;
  itemId: number;
  item: string;
  kind: 'serial' | 'lot' | 'run';
  code: string;
  uom: string;
  position: string | null;
  quantity: string | null;
  sinceMs: number;
}

/** What is in runs or parents now, by the marks that are open. */
export function loadsIn(q: Queryable, parentIds: readonly number[]): Promise<Load[]> {
  return q.query<Load>(
    `SELECT p.parent_id AS "parentId", m.unit_id AS "unitId", u.item_id AS "itemId", i.code AS item, u.kind, u.code, i.uom,
        m.slot AS position, m.quantity, m.at_from AS "sinceMs"
       FROM unnest($1::int[]) AS p(parent_id) JOIN mark m ON m.parents @> ARRAY[p.parent_id] AND m.kind = 'install' AND m.until_ms IS NULL
       JOIN unit u ON u.unit_id = m.unit_id JOIN item i ON i.item_id = u.item_id
      ORDER BY m.at_from, m.mark_id`,
    [parentIds],
  );
}

/** The run of a work centre that a scan names, by its own code, its position or `item~run~code`, whether it exists yet or not. */
export async function runsNamed(q: Queryable, scanned: string): Promise<(CenterRun & { workCenter: string })[]> {
  return q.query<CenterRun & { workCenter: string }>(
    `SELECT r.work_center_id AS "workCenterId", w.code AS "workCenter", r.item_id AS "itemId", i.code AS item, r.code, r.position, u.unit_id AS "unitId"
       FROM work_center_run r JOIN work_center w USING (work_center_id) JOIN item i USING (item_id)
       LEFT JOIN unit u ON u.item_id = r.item_id AND u.code = r.code AND u.kind = 'run'
      WHERE lower(r.code) = lower($1) OR i.code || '~run~' || r.code = $1 OR lower(r.position) = lower($1)
      ORDER BY (lower(r.code) = lower($1)) DESC, r.work_center_id`,
    [scanned],
  );
}

/** The work centre that a run belongs to. */
export async function centerOfRun(q: Queryable, itemId: number, code: string): Promise<WorkCenter | null> {
  const [row] = await q.query<WorkCenter>(
    `${CENTER} WHERE EXISTS (SELECT FROM work_center_run r WHERE r.work_center_id = w.work_center_id AND r.item_id = $1 AND r.code = $2) LIMIT 1`,
    [itemId, code],
  );
  return row ?? null;
}
