/** From what was scanned or typed to units, and what production must know of them besides where they are. */
import { readGs1 } from '@/kernel';
import { scanName, type UnitKind } from '@/ledger';
import type { Queryable } from '@/platform/db';

export interface Found {
  unitId: number;
  itemId: number;
  item: string;
  name: string;
  uom: string;
  kind: UnitKind;
  code: string;
}

const UNIT = `SELECT u.unit_id AS "unitId", u.item_id AS "itemId", i.code AS item, i.name, i.uom, u.kind, u.code
  FROM unit u JOIN item i USING (item_id)`;
const MATCHES_MAX = 20;

/** The units that a scan can mean: a GS1 code, `item~kind~code`, `u12`, a unit's code or another name of it. */
export async function unitsScanned(q: Queryable, scanned: string): Promise<Found[]> {
  const gs1 = readGs1(scanned);
  if (gs1 && 'elements' in gs1) {
    const name = scanName(scanned);
    if ('error' in name) return [];
    return q.query<Found>(`${UNIT} WHERE i.gtin = $1 AND u.code = $2`, [name.gtin, name.code]);
  }
  const text = cleanText(scanned);
  const natural = /^([^~]+)~(serial|lot|run)~(.+)$/s.exec(text);
  if (natural) return q.query<Found>(`${UNIT} WHERE i.code = $1 AND u.kind = $2 AND u.code = $3`, natural.slice(1));
  const byCode = await q.query<Found>(
    `${UNIT} WHERE lower(u.code) = lower($1) ORDER BY u.unit_id LIMIT ${MATCHES_MAX}`,
    [text],
  );
  if (byCode.length > 0) return byCode;
  const id = /^u(\d{1,9})$/.exec(text);
  if (id) return q.query<Found>(`${UNIT} WHERE u.unit_id = $1`, [Number(id[1])]);
  return q.query<Found>(
    `${UNIT} WHERE u.unit_id IN (SELECT a.unit_id FROM unit_alias a WHERE lower(a.alias) = lower($1)
       AND NOT EXISTS (SELECT 1 FROM event_void v WHERE v.event_id = a.event_id)) ORDER BY u.unit_id LIMIT ${MATCHES_MAX}`,
    [text],
  );
}

/** A wedge scanner may add control characters around the code; they are no part of it. */
export function cleanText(scanned: string): string {
  return scanned.replace(/[\u0000-\u001f\u007f]/g, '').trim(); // eslint-disable-line no-control-regex
}

/** The revision that a receipt or a making stated, by unit. */
export async function revisionsOf(q: Queryable, unitIds: readonly number[]): Promise<Map<number, string>> {
  const rows = await q.query<{ unit_id: number; revision: string }>(
    `SELECT unit_id, revision FROM (
       SELECT m.unit_id, m.movement_id, coalesce(e.body->>'revision', e.body->'refs'->>'bomRevision', e.body->'with'->>'revision', e.body->'with'->'refs'->>'bomRevision') AS revision
         FROM movement m JOIN event e USING (event_id)
        WHERE m.unit_id = ANY ($1::int[]) AND m.role = 'made' AND NOT EXISTS (SELECT 1 FROM event_void v WHERE v.event_id = m.event_id)) x
      WHERE revision IS NOT NULL ORDER BY movement_id`,
    [unitIds],
  );
  return new Map(rows.map((row) => [row.unit_id, row.revision]));
}

/** What serials are installed in now: `item code` of the parent, by the serial's id. */
export async function parentsOf(q: Queryable, unitIds: readonly number[]): Promise<Map<number, string>> {
  const rows = await q.query<{ unit_id: number; parent: string }>(
    `SELECT m.unit_id, string_agg(i.code || ' ' || u.code, ' or ' ORDER BY u.unit_id) AS parent
       FROM mark m CROSS JOIN unnest(m.parents) AS p(parent_id) JOIN unit u ON u.unit_id = p.parent_id JOIN item i USING (item_id)
      WHERE m.unit_id = ANY ($1::int[]) AND m.kind = 'install' AND m.until_ms IS NULL GROUP BY m.unit_id`,
    [unitIds],
  );
  return new Map(rows.map((row) => [row.unit_id, row.parent]));
}

/** A place and all places below it, by id with their codes. */
export async function placesWithin(q: Queryable, placeId: number): Promise<Map<number, string>> {
  const rows = await q.query<{ place_id: number; code: string }>(
    `WITH RECURSIVE down AS (
       SELECT place_id, code FROM place WHERE place_id = $1
       UNION SELECT p.place_id, p.code FROM place p JOIN down ON p.parent_id = down.place_id)
     SELECT place_id, code FROM down`,
    [placeId],
  );
  return new Map(rows.map((row) => [row.place_id, row.code]));
}

/** True when something recorded names the unit already. */
export async function unitExists(q: Queryable, itemId: number, code: string): Promise<boolean> {
  const rows = await q.query(`SELECT 1 FROM unit WHERE item_id = $1 AND code = $2`, [itemId, code]);
  return rows.length > 0;
}

/** The latest units of items, in all no more than `limit`: what may be in stock of them. */
export function unitsOfItems(q: Queryable, itemIds: readonly number[], limit: number): Promise<Found[]> {
  return q.query<Found>(
    `${UNIT} WHERE u.item_id = ANY ($1::int[]) AND u.kind <> 'run' ORDER BY u.unit_id DESC LIMIT $2`,
    [itemIds, limit],
  );
}

/** The event that made a unit and counts, by the client's id of it. */
export async function madeBy(q: Queryable, itemId: number, code: string): Promise<string | null> {
  const [row] = await q.query<{ client_id: string }>(
    `SELECT e.client_id FROM unit u JOIN movement m USING (unit_id) JOIN event e USING (event_id)
      WHERE u.item_id = $1 AND u.code = $2 AND m.role = 'made' AND NOT EXISTS (SELECT 1 FROM event_void v WHERE v.event_id = m.event_id) LIMIT 1`,
    [itemId, code],
  );
  return row?.client_id ?? null;
}
