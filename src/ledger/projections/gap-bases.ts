/** What the gaps keep of units with very many movements, so that a touch costs no more where they have 100,000. */
import type { Queryable, Tx } from '@/platform/db';
import type { Opening } from '../domain/gaps';
import { EVER } from '../genealogy/facts';

export interface GapBase {
  /** what ended by then is in the opening, and its gaps are in the list */
  untilMs: number;
  state: {
    opening: Opening;
    /** where it was last said to be, and whether a gap of the older ones is shown there for want of a place of its own */
    place: number | null;
    placeShown: boolean;
    expires: number | null;
    /** something in it was ever on hold */
    held: boolean;
  };
}

/**
 * The bases of the units that a stretch of the ledger only goes on with: all that it says of them is new and begins at or after
 * their base. Whatever is taken back, ended, put in or dated before is not in it: such a unit is read from its beginning.
 */
export async function basesThatGoOn(q: Queryable, from: number, until: number): Promise<Map<number, GapBase>> {
  const rows = await q.query<{ unit_id: number; until_ms: number; state: GapBase['state'] }>(
    `WITH b AS MATERIALIZED (SELECT batch_id FROM ledger_position WHERE position > $1 AND position <= $2),
          gone AS MATERIALIZED (SELECT event_id FROM event_void JOIN b USING (batch_id)),
          touch (unit_id, at_ms) AS (
            SELECT unit_id, at_from FROM movement JOIN b USING (batch_id)
            UNION ALL SELECT unit_id, ${EVER}::bigint FROM movement JOIN gone USING (event_id)
            UNION ALL SELECT m.unit_id, ${EVER}::bigint FROM movement_end e JOIN b USING (batch_id) JOIN movement m USING (movement_id)
            UNION ALL SELECT input, coalesce(from_ms, ${EVER}::bigint) FROM link JOIN b USING (batch_id)
            UNION ALL SELECT output, ${EVER}::bigint FROM link JOIN b USING (batch_id) WHERE mode = 1
            UNION ALL SELECT x.unit_id, ${EVER}::bigint FROM link l JOIN gone USING (event_id) CROSS JOIN LATERAL (VALUES (l.input), (l.output)) AS x (unit_id)
            UNION ALL SELECT x.unit_id, ${EVER}::bigint FROM link_end e JOIN b USING (batch_id) JOIN link l USING (link_id) CROSS JOIN LATERAL (VALUES (l.input), (l.output)) AS x (unit_id)
            UNION ALL SELECT unit_id, at_ms FROM hold JOIN b USING (batch_id)
            UNION ALL SELECT unit_id, ${EVER}::bigint FROM hold JOIN gone USING (event_id)
            UNION ALL SELECT h.unit_id, r.at_ms FROM hold_release r JOIN b USING (batch_id) JOIN hold h USING (hold_id)
            UNION ALL SELECT h.unit_id, ${EVER}::bigint FROM hold_release r JOIN gone USING (event_id) JOIN hold h USING (hold_id))
     SELECT g.unit_id, g.until_ms, g.state
       FROM (SELECT unit_id, min(at_ms) AS at_ms FROM touch GROUP BY unit_id) t JOIN gap_base g USING (unit_id)
      WHERE t.at_ms >= g.until_ms`,
    [from, until],
  );
  return new Map(rows.map((r) => [r.unit_id, { untilMs: r.until_ms, state: r.state }]));
}

/** Keeps the bases of these units; null: it has none any more. */
export async function keepBases(tx: Tx, bases: ReadonlyMap<number, GapBase | null>): Promise<void> {
  const none = [...bases].filter(([, base]) => base === null).map(([unitId]) => unitId);
  if (none.length > 0) await tx.query('DELETE FROM gap_base WHERE unit_id = ANY ($1::int[])', [none]);
  const some = [...bases].flatMap(([unitId, base]) => (base === null ? [] : [{ unitId, ...base }]));
  if (some.length === 0) return;
  await tx.query(
    `INSERT INTO gap_base (unit_id, until_ms, state) SELECT * FROM unnest($1::int[], $2::bigint[], $3::jsonb[])
     ON CONFLICT (unit_id) DO UPDATE SET until_ms = excluded.until_ms, state = excluded.state`,
    [some.map((b) => b.unitId), some.map((b) => b.untilMs), some.map((b) => JSON.stringify(b.state))],
  );
}
