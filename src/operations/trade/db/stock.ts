/** What of an item is in house, as it is now, with what picks keep back of it. */
import { parseDecimal } from '@/kernel';
import type { Queryable, Tx } from '@/platform/db';
import type { Candidate } from '../domain/allocate';

/** Whoever takes of a unit waits for the others, in id order, as everything that writes facts does. */
export async function lockUnits(tx: Tx, unitIds: readonly number[]): Promise<void> {
  if (unitIds.length > 0)
    await tx.query(`SELECT unit_id FROM unit_lock WHERE unit_id = ANY ($1::int[]) ORDER BY unit_id FOR UPDATE`, [
      unitIds,
    ]);
}

/** Nanos that picks keep back, by unit and place. */
async function reservations(q: Queryable, unitIds: readonly number[]): Promise<Map<string, bigint>> {
  const rows = await q.query<{ unit_id: number; place_id: number | null; quantity: string }>(
    `SELECT unit_id, place_id, sum(coalesce(picked, quantity)) AS quantity FROM pick_line
      WHERE unit_id = ANY ($1::int[]) AND state IN ('proposed', 'picked')
      GROUP BY unit_id, place_id`,
    [unitIds],
  );
  return new Map(rows.map((r) => [reservationKey(r.unit_id, r.place_id), parseDecimal(r.quantity)]));
}

const reservationKey = (unitId: number, placeId: number | null): string => `${unitId}@${placeId ?? ''}`;

/** The places below one, itself among them. */
export async function placesBelow(q: Queryable, placeId: number): Promise<Set<number>> {
  const rows = await q.query<{ place_id: number }>(
    `WITH RECURSIVE down AS (SELECT place_id FROM place WHERE place_id = $1
       UNION SELECT p.place_id FROM place p JOIN down d ON p.parent_id = d.place_id) SELECT place_id FROM down`,
    [placeId],
  );
  return new Set(rows.map((r) => r.place_id));
}

interface StockRow {
  unit_id: number;
  item_id: number;
  serial: boolean;
  place_id: number | null;
  place: string | null;
  quantity: string | null;
  held: boolean;
  expires_ms: number | null;
  made_ms: number | null;
}

/** What came back and what never left lie together at one place. */
const STOCK = `SELECT h.unit_id, h.item_id, h.kind = 'serial' AS serial, h.place_id, p.code AS place,
    CASE WHEN bool_or(h.quantity IS NULL) THEN NULL ELSE sum(h.quantity) END AS quantity,
    max(h.holds) > 0 AS held, min(h.expires_ms) AS expires_ms, min(h.made_ms) AS made_ms
  FROM holding h LEFT JOIN place p USING (place_id)
  WHERE h.state IN ('in-stock', 'returned')`;
const BY_PLACE = 'GROUP BY h.unit_id, h.item_id, h.kind, h.place_id, p.code';

/** Stock of units, a row for each place that a unit is at; what is not in house has none. */
export async function candidatesOf(q: Queryable, unitIds: readonly number[]): Promise<Candidate[]> {
  return candidates(q, await q.query<StockRow>(`${STOCK} AND h.unit_id = ANY ($1::int[]) ${BY_PLACE}`, [unitIds]));
}

/** Of an item with more in stock than this, what expires and came first is looked at. */
const STOCK_MAX = 20_000;

/** The stock of items, what expires and came first before the rest. */
export async function stockOfItems(q: Queryable, itemIds: readonly number[]): Promise<Candidate[]> {
  const rows = await q.query<StockRow>(
    `${STOCK} AND h.item_id = ANY ($1::int[]) ${BY_PLACE}
     ORDER BY min(h.expires_ms) NULLS LAST, min(h.made_ms) NULLS LAST, h.unit_id LIMIT ${STOCK_MAX}`,
    [itemIds],
  );
  return candidates(q, rows);
}

async function candidates(q: Queryable, rows: readonly StockRow[]): Promise<Candidate[]> {
  const reserved = await reservations(q, [...new Set(rows.map((r) => r.unit_id))]);
  return rows.map((r) => ({
    unitId: r.unit_id,
    itemId: r.item_id,
    serial: r.serial,
    placeId: r.place_id,
    place: r.place,
    quantity: r.quantity === null ? null : parseDecimal(r.quantity),
    reserved: reserved.get(reservationKey(r.unit_id, r.place_id)) ?? 0n,
    held: r.held,
    expiresMs: r.expires_ms,
    sinceMs: r.made_ms,
  }));
}
