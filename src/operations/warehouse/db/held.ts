import type { Queryable } from '@/platform/db';

/** Units with an open hold, of this reference where one is given, with the newest such hold. */
export async function heldUnits(q: Queryable, ref: string | null): Promise<{ unitId: number; holdId: number }[]> {
  return q.query(
    `SELECT h.unit_id AS "unitId", max(h.hold_id) AS "holdId" FROM hold h
      WHERE ($1::text IS NULL OR h.ref = $1)
        AND NOT EXISTS (SELECT 1 FROM event_void v WHERE v.event_id = h.event_id)
        AND NOT EXISTS (SELECT 1 FROM hold_release r WHERE r.hold_id = h.hold_id AND NOT EXISTS (SELECT 1 FROM event_void v WHERE v.event_id = r.event_id))
      GROUP BY h.unit_id ORDER BY h.unit_id`,
    [ref],
  );
}
