import type { Queryable } from '@/platform/db';

export interface LastEvent {
  eventId: number;
  type: string;
  atMs: number;
  actor: string;
  /** place id (0: none) → when it last came there, ms UTC */
  arrivals: Map<number, number>;
}

/** What last happened to each unit, and when it came to where it has been. */
export async function lastEvents(q: Queryable, unitIds: readonly number[]): Promise<Map<number, LastEvent>> {
  const rows = await q.query<{
    unit_id: number;
    event_id: number;
    type: string;
    at_from: number;
    actor: string;
    arrivals: Record<string, number>;
  }>(
    `WITH counts AS (
       SELECT m.* FROM movement m WHERE m.unit_id = ANY ($1::int[])
         AND NOT EXISTS (SELECT 1 FROM event_void v WHERE v.event_id = m.event_id)),
     latest AS (SELECT DISTINCT ON (unit_id) unit_id, event_id, at_from FROM counts ORDER BY unit_id, at_from DESC, movement_id DESC),
     arrived AS (
       SELECT unit_id, jsonb_object_agg(place_id, at_from) AS arrivals FROM (
         SELECT unit_id, coalesce(place_id, 0) AS place_id, max(at_from) AS at_from FROM counts
          WHERE role NOT IN ('moved-out', 'inspected', 'held', 'released') GROUP BY unit_id, coalesce(place_id, 0)) x GROUP BY unit_id)
     SELECT l.unit_id, l.event_id, e.type, l.at_from, b.actor, a.arrivals
       FROM latest l JOIN event e USING (event_id) JOIN ledger_batch b ON b.batch_id = e.batch_id LEFT JOIN arrived a USING (unit_id)`,
    [unitIds],
  );
  return new Map(
    rows.map((row) => [
      row.unit_id,
      {
        eventId: row.event_id,
        type: row.type,
        atMs: row.at_from,
        actor: row.actor,
        arrivals: new Map(Object.entries(row.arrivals ?? {}).map(([place, at]) => [Number(place), at])),
      },
    ]),
  );
}

/** Units of the item with this code, the newest first. */
export async function unitsOfItem(q: Queryable, code: string, limit: number): Promise<number[]> {
  const rows = await q.query<{ unit_id: number }>(
    `SELECT u.unit_id FROM unit u JOIN item i USING (item_id) WHERE lower(i.code) = lower($1) ORDER BY u.unit_id DESC LIMIT $2`,
    [code.trim(), limit],
  );
  return rows.map((row) => row.unit_id);
}
