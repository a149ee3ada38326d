/** Units by id and by natural key as known at a ledger position, and the names that go with them. */
import type { Queryable } from '@/platform/db';
import { inBatches } from './at-position';

export type GenealogyUnitKind = 'serial' | 'lot' | 'run';

export interface KnownUnit {
  unitId: number;
  itemId: number;
  kind: GenealogyUnitKind;
  code: string;
}

/** The units with these ids, in no order. */
export async function unitsByIds(q: Queryable, units: readonly number[]): Promise<KnownUnit[]> {
  const found: KnownUnit[] = [];
  await inBatches(units, async (ids) => {
    const rows = await q.query<{ unit_id: number; item_id: number; kind: GenealogyUnitKind; code: string }>(
      'SELECT unit_id, item_id, kind, code FROM unit WHERE unit_id = ANY ($1::int[])',
      [ids],
    );
    for (const r of rows) found.push({ unitId: r.unit_id, itemId: r.item_id, kind: r.kind, code: r.code });
  });
  return found;
}

/** Which of these units the ledger knew at the position, by any fact. */
export async function unitsKnownAt(q: Queryable, position: number, units: readonly number[]): Promise<Set<number>> {
  const known = new Set<number>();
  await inBatches(units, async (ids) => {
    const rows = await q.query<{ unit_id: number }>(
      `SELECT u.unit_id FROM unit u JOIN ledger_position p ON p.batch_id = u.batch_id AND p.position <= $1
        WHERE u.unit_id = ANY ($2::int[])`,
      [position, ids],
    );
    for (const r of rows) known.add(r.unit_id);
  });
  return known;
}

/** A unit by item code, kind and code, or undefined. */
export async function unitByKey(
  q: Queryable,
  key: { item: string; kind: GenealogyUnitKind; code: string },
): Promise<KnownUnit | undefined> {
  const rows = await q.query<{ unit_id: number; item_id: number }>(
    `SELECT u.unit_id, u.item_id FROM unit u JOIN item i ON i.item_id = u.item_id
      WHERE i.code = $1 AND u.code = $2 AND u.kind = $3`,
    [key.item, key.code, key.kind],
  );
  const r = rows[0];
  return r && { unitId: r.unit_id, itemId: r.item_id, kind: key.kind, code: key.code };
}

export interface NamedItem {
  itemId: number;
  code: string;
  name: string;
  tracking: 'serial' | 'lot' | 'none';
  uom: string;
}

/** Items by id with their names as they were at the position. */
export async function itemsAt(
  q: Queryable,
  position: number,
  items: readonly number[],
): Promise<Map<number, NamedItem>> {
  const rows = await q.query<{
    item_id: number;
    code: string;
    name: string;
    tracking: NamedItem['tracking'];
    uom: string;
  }>(
    `SELECT t.item_id, t.code, coalesce(v.body->>'name', t.name) AS name, t.tracking, t.uom
       FROM item t LEFT JOIN LATERAL ${versionAt('item')} v ON true
      WHERE t.item_id = ANY ($2::int[])`,
    [position, items],
  );
  return new Map(
    rows.map((r) => [r.item_id, { itemId: r.item_id, code: r.code, name: r.name, tracking: r.tracking, uom: r.uom }]),
  );
}

export interface NamedPlace {
  placeId: number;
  code: string;
  name: string;
}

/** Places by id with their names as they were at the position. */
export async function placesAt(
  q: Queryable,
  position: number,
  places: readonly number[],
): Promise<Map<number, NamedPlace>> {
  const rows = await q.query<{ place_id: number; code: string; name: string }>(
    `SELECT t.place_id, t.code, coalesce(v.body->>'name', t.name) AS name
       FROM place t LEFT JOIN LATERAL ${versionAt('place')} v ON true
      WHERE t.place_id = ANY ($2::int[])`,
    [position, places],
  );
  return new Map(rows.map((r) => [r.place_id, { placeId: r.place_id, code: r.code, name: r.name }]));
}

export interface PartnerContact {
  partnerId: number;
  code: string;
  name: string;
  kind: string;
  email: string | null;
  phone: string | null;
  address: string | null;
  country: string | null;
}

/** Partners by id with names and contacts as they were at the position. */
export async function partnersAt(
  q: Queryable,
  position: number,
  partners: readonly number[],
): Promise<Map<number, PartnerContact>> {
  const field = (name: string): string =>
    `CASE WHEN v.body IS NULL THEN t.${name} ELSE v.body->>'${name}' END AS ${name}`;
  const rows = await q.query<Omit<PartnerContact, 'partnerId'> & { partner_id: number }>(
    `SELECT t.partner_id, t.code, coalesce(v.body->>'name', t.name) AS name, coalesce(v.body->>'kind', t.kind) AS kind,
            ${field('email')}, ${field('phone')}, ${field('address')}, ${field('country')}
       FROM partner t LEFT JOIN LATERAL ${versionAt('partner')} v ON true
      WHERE t.partner_id = ANY ($2::int[])`,
    [position, partners],
  );
  return new Map(rows.map(({ partner_id, ...r }) => [partner_id, { partnerId: partner_id, ...r }]));
}

/** The last version of a thing of master data at position $1; `t.code` is its key. */
function versionAt(kind: 'item' | 'place' | 'partner'): string {
  return `(SELECT m.body FROM master_version m JOIN ledger_position mp ON mp.batch_id = m.batch_id AND mp.position <= $1
            WHERE m.kind = '${kind}' AND m.key = t.code ORDER BY m.version_id DESC LIMIT 1)`;
}
