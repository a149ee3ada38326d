/** The units that rules of a scope mean. All of them read facts, not projections: what was recorded a moment ago counts. */
import type { Queryable } from '@/platform/db';
import type { NamedUnit } from './domain/rules';

const UNIT = `u.unit_id AS "unitId", i.code AS item, u.kind, u.code`;

export interface MadeFilter {
  /** ms UTC, half-open: whatever was made in a time that overlaps it */
  from: number;
  until: number;
  workCenter: string | null;
  placeIds: readonly number[] | null;
  itemId: number | null;
  limit: number;
}

/** No event takes longer than a day of 25 hours: what begins earlier than that has ended. */
const EVENT_MS_MAX = 26 * 3_600_000;

/** Units other than runs that an event made at that time, by the events that count. */
export function madeUnits(q: Queryable, filter: MadeFilter): Promise<NamedUnit[]> {
  return q.query<NamedUnit>(
    `SELECT DISTINCT ${UNIT}
       FROM movement m JOIN event e USING (event_id) JOIN unit u USING (unit_id) JOIN item i USING (item_id)
      WHERE m.role = 'made' AND m.at_from < $2::bigint AND m.at_from > $1::bigint - ${EVENT_MS_MAX} AND m.at_until > $1::bigint AND u.kind <> 'run'
        AND NOT EXISTS (SELECT 1 FROM event_void v WHERE v.event_id = m.event_id)
        AND ($3::text IS NULL OR coalesce(e.body->'with'->>'workCenter', e.body->>'workCenter') = $3)
        AND ($4::int[] IS NULL OR m.place_id = ANY ($4))
        AND ($5::int IS NULL OR u.item_id = $5)
      ORDER BY u.unit_id LIMIT $6`,
    [filter.from, filter.until, filter.workCenter, filter.placeIds, filter.itemId, filter.limit],
  );
}

export function unitsOfItem(q: Queryable, itemId: number, limit: number): Promise<NamedUnit[]> {
  return q.query<NamedUnit>(
    `SELECT ${UNIT} FROM unit u JOIN item i USING (item_id)
      WHERE u.item_id = $1 AND u.kind <> 'run' ORDER BY u.unit_id LIMIT $2`,
    [itemId, limit],
  );
}

/** By code, whatever its case, or by another name (a supplier's lot number): several units may bear one. */
export async function unitsByCode(
  q: Queryable,
  itemId: number,
  codes: readonly string[],
): Promise<Map<string, NamedUnit[]>> {
  const rows = await q.query<NamedUnit & { asked: string }>(
    `SELECT DISTINCT c.asked, ${UNIT}
       FROM unnest($2::text[]) AS c (asked)
       JOIN unit u ON lower(u.code) = lower(c.asked) AND u.item_id = $1 JOIN item i USING (item_id)
     UNION
     SELECT DISTINCT c.asked, ${UNIT}
       FROM unnest($2::text[]) AS c (asked)
       JOIN unit_alias a ON lower(a.alias) = lower(c.asked)
        AND NOT EXISTS (SELECT 1 FROM event_void v WHERE v.event_id = a.event_id)
       JOIN unit u ON u.unit_id = a.unit_id AND u.item_id = $1 JOIN item i USING (item_id)`,
    [itemId, codes],
  );
  const found = new Map<string, NamedUnit[]>();
  for (const { asked, ...unit } of rows) found.set(asked, [...(found.get(asked) ?? []), unit]);
  return found;
}

/** Units of an item with a code, or another name, of so many characters: `asked` is that name. A range keeps the length of its ends. */
export function unitsOfLength(
  q: Queryable,
  itemId: number,
  length: number,
): Promise<(NamedUnit & { asked: string })[]> {
  return q.query<NamedUnit & { asked: string }>(
    `SELECT ${UNIT}, u.code AS asked FROM unit u JOIN item i USING (item_id)
      WHERE u.item_id = $1 AND u.kind <> 'run' AND length(u.code) = $2
     UNION
     SELECT ${UNIT}, a.alias FROM unit u JOIN item i USING (item_id) JOIN unit_alias a USING (unit_id)
      WHERE u.item_id = $1 AND u.kind <> 'run' AND length(a.alias) = $2
        AND NOT EXISTS (SELECT 1 FROM event_void v WHERE v.event_id = a.event_id)
      ORDER BY 1`,
    [itemId, length],
  );
}
