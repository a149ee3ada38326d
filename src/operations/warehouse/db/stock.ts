/** What is where now, with what the warehouse must know of it: read from the ledger's projection of holdings. */
import { parseDecimal } from '@/kernel';
import type { Queryable, Tx } from '@/platform/db';
import type { StockRow } from '../domain/stock';

interface HoldingRecord extends Omit<StockRow, 'quantity' | 'holds'> {
  quantity: string | null;
  holds: StockRow['holds'] | null;
}

/** One row a part of a unit in house, at a place and in a state; runs are no stock. */
async function stockWhere(q: Queryable, condition: string, params: unknown[]): Promise<StockRow[]> {
  const rows = await q.query<HoldingRecord>(
    `SELECT h.unit_id AS "unitId", h.item_id AS "itemId", i.code AS item, i.name AS "itemName", i.category, i.uom, h.kind, u.code, h.state,
        h.place_id AS "placeId", c.code AS container, h.quantity, h.expires_ms AS "expiresMs", h.made_ms AS "madeMs", h.moved_ms AS "movedMs",
        CASE WHEN h.holds > 0 THEN (
          SELECT jsonb_agg(jsonb_build_object('reason', o.reason, 'ref', o.ref) ORDER BY o.at_ms, o.hold_id) FROM hold o
           WHERE o.unit_id = h.unit_id AND NOT EXISTS (SELECT 1 FROM event_void v WHERE v.event_id = o.event_id)
             AND NOT EXISTS (SELECT 1 FROM hold_release r WHERE r.hold_id = o.hold_id AND NOT EXISTS (SELECT 1 FROM event_void v WHERE v.event_id = r.event_id))) END AS holds
       FROM holding h JOIN unit u USING (unit_id) JOIN item i ON i.item_id = h.item_id LEFT JOIN container c ON c.container_id = h.container_id
      WHERE h.state IN ('in-stock', 'returned') AND h.kind <> 'run' AND ${condition}
      ORDER BY h.unit_id, h.place_id, h.holding_id`,
    params,
  );
  return rows.map((row) => ({
    ...row,
    quantity: row.quantity === null ? null : parseDecimal(row.quantity),
    holds: row.holds ?? [],
  }));
}

/** The stock of these units; what is nowhere in house is left out. */
export async function stockOfUnits(q: Queryable, unitIds: readonly number[]): Promise<StockRow[]> {
  return unitIds.length === 0 ? [] : stockWhere(q, 'h.unit_id = ANY ($1::int[])', [unitIds]);
}

export function stockOfItems(q: Queryable, itemIds: readonly number[]): Promise<StockRow[]> {
  return stockWhere(q, 'h.item_id = ANY ($1::int[])', [itemIds]);
}

/** What lies at exactly these places; for a subtree, name all of it. */
export function stockAtPlaces(q: Queryable, placeIds: readonly number[]): Promise<StockRow[]> {
  return stockWhere(q, 'h.place_id = ANY ($1::int[])', [placeIds]);
}

/** Whoever brings something to this place waits for the others. */
export async function lockPlace(tx: Tx, placeId: number): Promise<void> {
  await tx.query(`SELECT 1 FROM place WHERE place_id = $1 FOR NO KEY UPDATE`, [placeId]);
}

/** Everything in house that is on hold. */
export function heldStock(q: Queryable): Promise<StockRow[]> {
  return stockWhere(q, 'h.holds > 0', []);
}
