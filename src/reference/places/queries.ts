import type { Queryable } from '@/platform/db';
import type { Capacity, PlaceBody } from './domain/place';
import type { PlaceView } from './http/dto';

export interface Place {
  placeId: number;
  code: string;
  name: string;
  kind: string;
  /** the parent's code */
  parent: string | null;
  /** the place's own zone */
  timeZone: string | null;
  /** what it can take; null: whatever comes */
  capacity: Capacity | null;
}

/** A place with the zone in force there: its own, or that of the nearest place above that has one. */
export interface ZonedPlace {
  placeId: number;
  code: string;
  name: string;
  zone: string | null;
}

const PLACE = `p.place_id AS "placeId", p.code, p.name, p.kind, above.code AS parent, p.time_zone AS "timeZone", p.capacity
  FROM place p LEFT JOIN place above ON above.place_id = p.parent_id`;

/** Places by code, with the zone in force; unknown codes are left out. */
export async function placesByCode(q: Queryable, codes: readonly string[]): Promise<Map<string, ZonedPlace>> {
  const rows = await q.query<ZonedPlace>(
    `WITH RECURSIVE up AS (
       SELECT place_id AS start, parent_id, time_zone FROM place WHERE code = ANY ($1)
       UNION ALL
       SELECT up.start, p.parent_id, p.time_zone FROM up JOIN place p ON p.place_id = up.parent_id WHERE up.time_zone IS NULL)
     SELECT p.place_id AS "placeId", p.code, p.name, max(up.time_zone) AS zone
     FROM up JOIN place p ON p.place_id = up.start GROUP BY p.place_id`,
    [codes],
  );
  return new Map(rows.map((row) => [row.code, row]));
}

export async function placesById(q: Queryable, ids: readonly number[]): Promise<Map<number, Place>> {
  const rows = await q.query<Place>(`SELECT ${PLACE} WHERE p.place_id = ANY ($1)`, [ids]);
  return new Map(rows.map((row) => [row.placeId, row]));
}

/** The names of places, by id. */
export async function placeNames(
  q: Queryable,
  ids: readonly number[],
): Promise<Map<number, { code: string; name: string }>> {
  return new Map([...(await placesById(q, ids))].map(([id, { code, name }]) => [id, { code, name }]));
}

export async function findPlace(q: Queryable, code: string): Promise<Place | null> {
  const [row] = await q.query<Place>(`SELECT ${PLACE} WHERE p.code = $1`, [code]);
  return row ?? null;
}

/** Places whose code starts with `text` (escaped for LIKE), or whose name holds it, by code. */
export function findPlaces(q: Queryable, text: string, after: string, limit: number): Promise<Place[]> {
  return q.query<Place>(
    `SELECT ${PLACE}
     WHERE ($1 = '' OR lower(p.code) LIKE lower($1) || '%' OR p.name ILIKE '%' || $1 || '%') AND p.code > $2
     ORDER BY p.code LIMIT $3`,
    [text, after, limit],
  );
}

export function allPlaces(q: Queryable): Promise<Place[]> {
  return q.query<Place>(`SELECT ${PLACE}`);
}

export function bodyOfPlace(place: Place): PlaceBody {
  return {
    name: place.name,
    kind: place.kind,
    ...(place.parent && { parent: place.parent }),
    ...(place.timeZone && { timeZone: place.timeZone }),
    ...(place.capacity && { capacity: place.capacity }),
  };
}

export function viewPlace({ placeId: _, code, ...rest }: Place): PlaceView {
  return { place: code, ...rest };
}
