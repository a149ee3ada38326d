/** From what was scanned or typed to units, and what production must know of them besides where they are. */
import { DomainError } from '@/kernel';
import { findUnit, identities, type UnitIdentity, unitsScanned } from '@/ledger';
import type { Queryable } from '@/platform/db';

/** The units that a scan can mean: `item~kind~code`, `u12` of an answer, a GS1 code, a unit's code or another name of it. */
export async function unitsMeant(q: Queryable, scanned: string): Promise<UnitIdentity[]> {
  const text = cleanText(scanned);
  if (/^[^~]+~(serial|lot|run)~.+$/s.test(text)) {
    try {
      return [await findUnit(q, text)];
    } catch (error) {
      if (error instanceof DomainError && error.code === 'NOT_FOUND') return [];
      throw error;
    }
  }
  const found = await unitsScanned(q, scanned);
  const id = /^u(\d{1,9})$/.exec(text);
  return found.length > 0 || !id ? found : [...(await identities(q, [Number(id[1])])).values()];
}

/** The one unit that a scan means. Throws PART_UNKNOWN, and PART_AMBIGUOUS where it may be several. */
export async function unitMeant(q: Queryable, scan: string, runs = false): Promise<UnitIdentity> {
  const found = (await unitsMeant(q, scan)).filter((unit) => runs || unit.kind !== 'run');
  if (found.length > 1) throw new DomainError('PART_AMBIGUOUS', { scan, count: found.length });
  if (!found[0]) throw new DomainError('PART_UNKNOWN', { scan });
  return found[0];
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

/** The event that made a unit and counts, by the client's id of it. */
export async function madeBy(q: Queryable, itemId: number, code: string): Promise<string | null> {
  const [row] = await q.query<{ client_id: string }>(
    `SELECT e.client_id FROM unit u JOIN movement m USING (unit_id) JOIN event e USING (event_id)
      WHERE u.item_id = $1 AND u.code = $2 AND m.role = 'made' AND NOT EXISTS (SELECT 1 FROM event_void v WHERE v.event_id = m.event_id) LIMIT 1`,
    [itemId, code],
  );
  return row?.client_id ?? null;
}
