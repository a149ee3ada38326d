/** Which units a stretch of the ledger says something new of: those whose record reads otherwise after it. */
import type { Queryable } from '@/platform/db';
import { inBatches } from '../genealogy/at-position';

/** SQL: the units touched by batches at positions above $1 and up to $2; a voided event touches all that it named. */
const TOUCHED = `
  WITH b AS MATERIALIZED (SELECT batch_id FROM ledger_position WHERE position > $1 AND position <= $2),
       gone AS MATERIALIZED (SELECT event_id FROM event_void JOIN b USING (batch_id))
  SELECT unit_id FROM unit JOIN b USING (batch_id)
  UNION SELECT unit_id FROM movement JOIN b USING (batch_id)
  UNION SELECT unit_id FROM movement JOIN gone USING (event_id)
  UNION SELECT m.unit_id FROM movement_end e JOIN b USING (batch_id) JOIN movement m USING (movement_id)
  UNION SELECT unit_id FROM attribute_value JOIN b USING (batch_id) WHERE unit_id IS NOT NULL
  UNION SELECT unit_id FROM attribute_value JOIN gone USING (event_id) WHERE unit_id IS NOT NULL
  UNION SELECT unit_id FROM unit_alias JOIN b USING (batch_id)
  UNION SELECT x.unit_id FROM link l JOIN b USING (batch_id) CROSS JOIN LATERAL (VALUES (l.input), (l.output)) AS x (unit_id)
  UNION SELECT x.unit_id FROM link l JOIN gone USING (event_id) CROSS JOIN LATERAL (VALUES (l.input), (l.output)) AS x (unit_id)
  UNION SELECT x.unit_id FROM link_end e JOIN b USING (batch_id) JOIN link l USING (link_id) CROSS JOIN LATERAL (VALUES (l.input), (l.output)) AS x (unit_id)
  UNION SELECT unit_id FROM hold JOIN b USING (batch_id)
  UNION SELECT unit_id FROM hold JOIN gone USING (event_id)
  UNION SELECT h.unit_id FROM hold_release r JOIN b USING (batch_id) JOIN hold h USING (hold_id)
  UNION SELECT h.unit_id FROM hold_release r JOIN gone USING (event_id) JOIN hold h USING (hold_id)`;

export async function touchedUnits(q: Queryable, from: number, until: number): Promise<number[]> {
  const rows = await q.query<{ unit_id: number }>(`${TOUCHED} ORDER BY unit_id`, [from, until]);
  return rows.map((r) => r.unit_id);
}

/**
 * The units around what a stretch of the ledger holds, releases, puts in or takes out: what is said of them hangs on what is in
 * them.
 */
export async function unitsAround(q: Queryable, from: number, until: number): Promise<number[]> {
  const rows = await q.query<{ unit_id: number }>(
    `WITH RECURSIVE b AS MATERIALIZED (SELECT batch_id FROM ledger_position WHERE position > $1 AND position <= $2),
       gone AS MATERIALIZED (SELECT event_id FROM event_void JOIN b USING (batch_id)),
       changed AS (
         SELECT unit_id FROM hold JOIN b USING (batch_id)
         UNION SELECT unit_id FROM hold JOIN gone USING (event_id)
         UNION SELECT h.unit_id FROM hold_release r JOIN b USING (batch_id) JOIN hold h USING (hold_id)
         UNION SELECT h.unit_id FROM hold_release r JOIN gone USING (event_id) JOIN hold h USING (hold_id)
         UNION SELECT output FROM link JOIN b USING (batch_id) WHERE mode = 1
         UNION SELECT output FROM link JOIN gone USING (event_id) WHERE mode = 1
         UNION SELECT l.output FROM link_end e JOIN b USING (batch_id) JOIN link l USING (link_id) WHERE l.mode = 1),
       around (unit_id) AS (
         SELECT l.output FROM changed c JOIN link l ON l.input = c.unit_id AND l.mode = 1
         UNION SELECT l.output FROM around a JOIN link l ON l.input = a.unit_id AND l.mode = 1)
     SELECT unit_id FROM around`,
    [from, until],
  );
  return rows.map((r) => r.unit_id);
}

/** Of these units, those in which something was installed, at whatever depth, that was ever on hold. */
export async function everHeldInside(q: Queryable, unitIds: readonly number[]): Promise<Set<number>> {
  if (unitIds.length === 0) return new Set();
  const rows = await q.query<{ root: number }>(
    `WITH RECURSIVE inside (root, unit_id) AS (
       SELECT output, input FROM link WHERE output = ANY ($1::int[]) AND mode = 1
       UNION SELECT i.root, l.input FROM inside i JOIN link l ON l.output = i.unit_id AND l.mode = 1)
     SELECT DISTINCT root FROM inside i WHERE EXISTS (SELECT 1 FROM hold h WHERE h.unit_id = i.unit_id) ORDER BY root`,
    [unitIds],
  );
  return new Set(rows.map((r) => r.root));
}

const WAYS = {
  /** above this many units, it is less to go from all that was ever on hold to what is around it */
  unitsLookedIntoMax: 5_000,
  /** Above this many held units, one statement that joins whole tables: measured 4 s against 14 s for 400,000, and 1.6 s against 0.2 s for 1,000. */
  heldFollowedMax: 30_000,
};

/** Of these units, those that something may have left or gone into while what was in them was on hold. */
export async function aroundHeld(q: Queryable, unitIds: readonly number[], ways = WAYS): Promise<number[]> {
  if (unitIds.length <= ways.unitsLookedIntoMax) return [...(await everHeldInside(q, unitIds))];
  const held = await q.query<Since>(`SELECT unit_id, min(at_ms) AS since FROM hold GROUP BY unit_id`);
  if (held.length <= ways.heldFollowedMax) return followHeld(q, held, unitIds);
  const asked = new Set(unitIds);
  const rows = await q.query<{ unit_id: number }>(AROUND_HELD);
  return rows.map((r) => r.unit_id).filter((id) => asked.has(id));
}

/** What stood still since the hold is left out: a recall holds hundreds of thousands of parts of which none leaves. */
const AROUND_HELD = `
  WITH RECURSIVE around (unit_id, since) AS (
    SELECT l.output, greatest(h.at_ms, l.from_ms) FROM hold h JOIN link l ON l.input = h.unit_id AND l.mode = 1
    UNION SELECT l.output, greatest(a.since, l.from_ms) FROM around a JOIN link l ON l.input = a.unit_id AND l.mode = 1)
  SELECT DISTINCT a.unit_id FROM around a
   WHERE EXISTS (SELECT FROM movement m WHERE m.unit_id = a.unit_id AND m.role IN ('shipped', 'used', 'installed') AND m.at_from >= a.since)
   ORDER BY a.unit_id`;

/** The same level by level with arrays, of which the planner knows the length: the index leads on, and no fact is read whole. */
async function followHeld(q: Queryable, held: Since[], unitIds: readonly number[]): Promise<number[]> {
  let level = held;
  const since = new Map<number, number>();
  // Ends also where things went in a circle: only what is reached for an earlier time is gone on from.
  while (level.length > 0) {
    const next = new Set<number>();
    await inBatches(level, async (batch) => {
      const around = await q.query<Since>(
        `SELECT l.output AS unit_id, greatest(h.since, l.from_ms) AS since
           FROM unnest($1::int[], $2::bigint[]) AS h (unit_id, since) JOIN link l ON l.input = h.unit_id AND l.mode = 1`,
        [batch.map((h) => h.unit_id), batch.map((h) => h.since)],
      );
      for (const { unit_id, since: at } of around) {
        if (at >= (since.get(unit_id) ?? Infinity)) continue;
        since.set(unit_id, at);
        next.add(unit_id);
      }
    });
    level = [...next].map((unit_id) => ({ unit_id, since: since.get(unit_id)! }));
  }
  const went: number[] = [];
  await inBatches(
    unitIds.filter((id) => since.has(id)),
    async (batch) => {
      const rows = await q.query<{ unit_id: number }>(
        `SELECT DISTINCT m.unit_id FROM unnest($1::int[], $2::bigint[]) AS a (unit_id, since)
           JOIN movement m ON m.unit_id = a.unit_id AND m.at_from >= a.since AND m.role IN ('shipped', 'used', 'installed')`,
        [batch, batch.map((id) => since.get(id)!)],
      );
      for (const r of rows) went.push(r.unit_id);
    },
  );
  return went.sort((a, b) => a - b);
}

/** A unit, and since when something in it was on hold, ms UTC. */
interface Since {
  unit_id: number;
  since: number;
}

/** Units of items whose bills of materials changed in that stretch, as far as something made them. */
export async function unitsOfChangedBoms(q: Queryable, from: number, until: number): Promise<number[]> {
  const rows = await q.query<{ unit_id: number }>(
    `SELECT u.unit_id FROM unit u
      WHERE u.item_id IN (SELECT i.item_id FROM ledger_position p JOIN master_version v USING (batch_id) JOIN item i ON i.code = v.body->>'item'
                           WHERE p.position > $1 AND p.position <= $2 AND v.kind = 'bom') ORDER BY u.unit_id`,
    [from, until],
  );
  return rows.map((r) => r.unit_id);
}

/** The ids of units above `after`, at most `limit` of them, that the ledger knew at the position. */
export async function unitIdsAfter(q: Queryable, position: number, after: number, limit: number): Promise<number[]> {
  const rows = await q.query<{ unit_id: number }>(
    `SELECT u.unit_id FROM unit u JOIN ledger_position p ON p.batch_id = u.batch_id AND p.position <= $1
      WHERE u.unit_id > $2 ORDER BY u.unit_id LIMIT $3`,
    [position, after, limit],
  );
  return rows.map((r) => r.unit_id);
}
