/** What is where now, with what the warehouse must know of it: read from the ledger's present state. */
import { presentOf } from '@/ledger';
import type { Queryable } from '@/platform/db';
import type { StockRow } from '../domain/stock';

interface UnitRecord {
  unit_id: number;
  item_id: number;
  item: string;
  name: string;
  category: string | null;
  uom: string;
  kind: StockRow['kind'];
  code: string;
  made_ms: number | null;
}

/** The stock of these units, a row a place and state; what is nowhere in house is left out. */
export async function stockOfUnits(q: Queryable, unitIds: readonly number[]): Promise<StockRow[]> {
  if (unitIds.length === 0) return [];
  const present = await presentOf(q, unitIds);
  const units = await q.query<UnitRecord>(
    `SELECT u.unit_id, u.item_id, i.code AS item, i.name, i.category, i.uom, u.kind, u.code,
        (SELECT min(m.at_from) FROM movement m WHERE m.unit_id = u.unit_id AND m.role = 'made'
           AND NOT EXISTS (SELECT 1 FROM event_void v WHERE v.event_id = m.event_id)) AS made_ms
       FROM unit u JOIN item i USING (item_id) WHERE u.unit_id = ANY ($1::int[])`,
    [[...new Set(unitIds)]],
  );
  return units.flatMap((unit) => {
    const now = present.get(unit.unit_id);
    if (!now) return [];
    return now.holdings
      .filter(({ state }) => state === 'in-stock' || state === 'returned')
      .map((holding): StockRow => ({
        unitId: unit.unit_id,
        itemId: unit.item_id,
        item: unit.item,
        itemName: unit.name,
        category: unit.category,
        uom: unit.uom,
        kind: unit.kind,
        code: unit.code,
        state: holding.state,
        placeId: holding.placeId,
        container: null,
        quantity: holding.quantity,
        holds: now.holds.map(({ reason, ref }) => ({ reason, ref })),
        expiresMs: now.expiresMs,
        madeMs: unit.made_ms,
      }));
  });
}

export async function stockOfItems(q: Queryable, itemIds: readonly number[]): Promise<StockRow[]> {
  const units = await q.query<{ unit_id: number }>(`SELECT unit_id FROM unit WHERE item_id = ANY ($1::int[])`, [
    itemIds,
  ]);
  return stockOfUnits(
    q,
    units.map((unit) => unit.unit_id),
  );
}

/** What lies at exactly these places; for a subtree, name all of it. */
export async function stockAtPlaces(q: Queryable, placeIds: readonly number[]): Promise<StockRow[]> {
  const units = await q.query<{ unit_id: number }>(
    `SELECT DISTINCT unit_id FROM movement WHERE place_id = ANY ($1::int[])`,
    [placeIds],
  );
  const rows = await stockOfUnits(
    q,
    units.map((unit) => unit.unit_id),
  );
  const places = new Set(placeIds);
  return rows.filter((row) => row.placeId !== null && places.has(row.placeId));
}
