/** What is installed in units, or loaded on runs, now: it goes wherever they go, and so does what stands against it. */
import type { Queryable } from '@/platform/db';
import type { HoldingState } from '../domain/holding';
import { heldBy, presentOf } from './present';
import type { ErrorDetails } from '@/kernel';

export interface Inside {
  /** the unit that was asked about */
  rootId: number;
  unitId: number;
  /** `CAP C1 (in FEEDER F1)` */
  label: string;
  /** its removal is not missing */
  sure: boolean;
}

/** SQL: installation `m` stands open, or nobody recorded that it ended: what was built in elsewhere since may still be here. */
const MAY_BE_IN = `m.kind = 'install' AND (m.until_ms IS NULL OR m.cause = 'implied' AND m.maybe_until_ms IS NULL)`;

/** Everything that is, or may still be, in these units, at any depth, in the order of its ids. */
export async function insideOf(q: Queryable, unitIds: readonly number[]): Promise<Inside[]> {
  const rows = await q.query<{ root: number; unit_id: number; label: string; sure: boolean }>(
    `WITH RECURSIVE inside AS (
       SELECT r.id AS root, r.id AS parent, m.unit_id, m.until_ms IS NULL AS sure FROM unnest($1::int[]) AS r(id)
         JOIN mark m ON m.parents @> ARRAY[r.id] AND ${MAY_BE_IN}
       UNION
       SELECT i.root, i.unit_id, m.unit_id, i.sure AND m.until_ms IS NULL FROM inside i
         JOIN mark m ON m.parents @> ARRAY[i.unit_id] AND ${MAY_BE_IN})
     SELECT DISTINCT ON (x.root, x.unit_id) x.root, x.unit_id, x.sure, i.code || ' ' || u.code || CASE WHEN x.sure THEN ' (in ' ELSE ' (perhaps still in ' END || pi.code || ' ' || p.code || ')' AS label
       FROM inside x JOIN unit u ON u.unit_id = x.unit_id JOIN item i ON i.item_id = u.item_id
       JOIN unit p ON p.unit_id = x.parent JOIN item pi ON pi.item_id = p.item_id
      ORDER BY x.root, x.unit_id, x.sure DESC`,
    [[...new Set(unitIds)]],
  );
  return rows.map((row) => ({ rootId: row.root, unitId: row.unit_id, label: row.label, sure: row.sure }));
}

/** A serial that something is in, at whatever depth, and where that is. */
export interface Around {
  label: string;
  state: HoldingState;
}

/** The serials that these units are in by open installations, the nearest first. */
export async function aroundOf(q: Queryable, unitIds: readonly number[]): Promise<Around[]> {
  if (unitIds.length === 0) return [];
  return q.query<Around>(
    `WITH RECURSIVE around (unit_id, depth) AS (
       SELECT p, 1 FROM mark m CROSS JOIN LATERAL unnest(m.parents) AS p
        WHERE m.unit_id = ANY ($1::int[]) AND m.kind = 'install' AND m.until_ms IS NULL
       UNION
       SELECT p, a.depth + 1 FROM around a JOIN mark m ON m.unit_id = a.unit_id AND m.kind = 'install' AND m.until_ms IS NULL
         CROSS JOIN LATERAL unnest(m.parents) AS p WHERE a.depth < ${DEPTH_MAX})
     SELECT i.code || ' ' || u.code AS label, h.state FROM (SELECT unit_id, min(depth) AS depth FROM around GROUP BY unit_id) a
       JOIN holding h ON h.unit_id = a.unit_id AND h.kind = 'serial' JOIN unit u ON u.unit_id = a.unit_id JOIN item i ON i.item_id = u.item_id
      ORDER BY a.depth, a.unit_id`,
    [[...new Set(unitIds)]],
  );
}

/** Things that sit in each other deeper than this are a circle in the record. */
const DEPTH_MAX = 50;

/** The first open hold on what is inside each of these units, as the refusal says it. */
export async function heldInside(q: Queryable, unitIds: readonly number[]): Promise<Map<number, ErrorDetails>> {
  const inside = await insideOf(q, unitIds);
  const found = new Map<number, ErrorDetails>();
  if (inside.length === 0) return found;
  const present = await presentOf(
    q,
    inside.map((one) => one.unitId),
  );
  for (const { rootId, unitId, label } of inside) {
    const hold = present.get(unitId)?.holds[0];
    if (hold && !found.has(rootId)) found.set(rootId, heldBy(label, hold));
  }
  return found;
}
