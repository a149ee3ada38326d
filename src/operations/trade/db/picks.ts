import { DomainError, formatDecimal, parseDecimal } from '@/kernel';
import { type Queryable, RaceLost, type Tx } from '@/platform/db';
import type { Proposal } from '../domain/allocate';

export interface NewPick {
  salesOrder: string;
  customerId: number;
  strategy: string;
  lifeDaysMin: number;
  fromPlaceId: number | null;
  toPlaceId: number | null;
  note: string | null;
}

export async function insertPick(tx: Tx, p: NewPick): Promise<number> {
  const [row] = await tx.query<{ pick_id: number }>(
    `INSERT INTO pick (sales_order, customer_id, strategy, life_days_min, from_place_id, to_place_id, note, created_by)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8) RETURNING pick_id`,
    [p.salesOrder, p.customerId, p.strategy, p.lifeDaysMin, p.fromPlaceId, p.toPlaceId, p.note, tx.ctx.actor],
  );
  return row!.pick_id;
}

/** Keeps the proposals back for the pick, in the order to walk. The unique key on serials is the last line of defence. */
export async function insertPickLines(tx: Tx, pickId: number, proposals: readonly Proposal[]): Promise<void> {
  await tx
    .query(
      `INSERT INTO pick_line (pick_id, order_line, item_id, unit_id, serial, place_id, quantity, walk, proposed_unit_id)
       SELECT $1, r.line, r."itemId", r."unitId", r.serial, r."placeId", r.quantity, r.walk, r."unitId"
         FROM jsonb_to_recordset($2::jsonb) AS r(line text, "itemId" int, "unitId" int, serial boolean, "placeId" int, quantity numeric, walk int)`,
      [pickId, JSON.stringify(proposals.map((p, i) => ({ ...p, quantity: formatDecimal(p.quantity), walk: i + 1 })))],
    )
    .catch(refuseTaken);
}

function refuseTaken(error: unknown): never {
  if ((error as { constraint?: string }).constraint === 'pick_line_serial') throw new RaceLost('pick_line_serial');
  throw error;
}

export interface StoredPick {
  pickId: number;
  salesOrder: string;
  customerId: number;
  strategy: string;
  lifeDaysMin: number;
  toPlaceId: number | null;
  state: 'open' | 'done' | 'cancelled';
}

interface PickRecord {
  pick_id: number;
  sales_order: string;
  customer_id: number;
  strategy: string;
  life_days_min: number;
  to_place_id: number | null;
  state: StoredPick['state'];
}

/** The pick, locked: two scanners at one pick take turns. Throws NOT_FOUND. */
export async function lockPick(tx: Tx, pick: string): Promise<StoredPick> {
  const id = pickIdOf(pick);
  const [row] =
    id === null
      ? []
      : await tx.query<PickRecord>(
          `SELECT pick_id, sales_order, customer_id, strategy, life_days_min, to_place_id, state FROM pick WHERE pick_id = $1 FOR UPDATE`,
          [id],
        );
  if (!row) throw new DomainError('NOT_FOUND', { what: 'pick', key: pick });
  return {
    pickId: row.pick_id,
    salesOrder: row.sales_order,
    customerId: row.customer_id,
    strategy: row.strategy,
    lifeDaysMin: row.life_days_min,
    toPlaceId: row.to_place_id,
    state: row.state,
  };
}

/** `p12` → 12 */
export function pickIdOf(pick: string): number | null {
  const m = /^p?(\d{1,9})$/.exec(pick);
  return m ? Number(m[1]) : null;
}

export interface StoredPickLine {
  pickLineId: number;
  pickId: number;
  orderLine: string;
  itemId: number;
  unitId: number;
  serial: boolean;
  placeId: number | null;
  quantity: bigint;
  picked: bigint | null;
  state: 'proposed' | 'picked' | 'short' | 'released' | 'shipped';
  walk: number;
}

interface LineRecord {
  pick_line_id: number;
  pick_id: number;
  order_line: string;
  item_id: number;
  unit_id: number;
  serial: boolean;
  place_id: number | null;
  quantity: string;
  picked: string | null;
  state: StoredPickLine['state'];
  walk: number;
}

const LINE = `SELECT pick_line_id, pick_id, order_line, item_id, unit_id, serial, place_id, quantity, picked, state, walk FROM pick_line`;

const stored = (r: LineRecord): StoredPickLine => ({
  pickLineId: r.pick_line_id,
  pickId: r.pick_id,
  orderLine: r.order_line,
  itemId: r.item_id,
  unitId: r.unit_id,
  serial: r.serial,
  placeId: r.place_id,
  quantity: parseDecimal(r.quantity),
  picked: r.picked === null ? null : parseDecimal(r.picked),
  state: r.state,
  walk: r.walk,
});

export async function linesOfPick(q: Queryable, pickId: number): Promise<StoredPickLine[]> {
  return (await q.query<LineRecord>(`${LINE} WHERE pick_id = $1 ORDER BY walk, pick_line_id`, [pickId])).map(stored);
}

/** Lines that keep these units back, whichever pick. */
export async function linesKeeping(q: Queryable, unitIds: readonly number[]): Promise<StoredPickLine[]> {
  return (
    await q.query<LineRecord>(
      `${LINE} WHERE unit_id = ANY ($1::int[]) AND state IN ('proposed', 'picked') ORDER BY pick_line_id`,
      [unitIds],
    )
  ).map(stored);
}

export interface Picked {
  unitId: number;
  /** where it lies now */
  placeId: number | null;
  quantity: bigint;
  reason: string | null;
}

/** The line is picked with so much of this unit; what it wanted more stays proposed as a line of its own. */
export async function markPicked(tx: Tx, line: StoredPickLine, picked: Picked): Promise<void> {
  const rest = line.quantity - picked.quantity;
  await tx
    .query(
      `UPDATE pick_line SET state = 'picked', unit_id = $2, place_id = $3, picked = $4, quantity = $4, reason = $5, picked_by = $6, picked_at = now()
        WHERE pick_line_id = $1`,
      [line.pickLineId, picked.unitId, picked.placeId, formatDecimal(picked.quantity), picked.reason, tx.ctx.actor],
    )
    .catch(refuseTaken);
  if (rest > 0n)
    await tx.query(
      `INSERT INTO pick_line (pick_id, order_line, item_id, unit_id, serial, place_id, quantity, walk, proposed_unit_id)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $4)`,
      [
        line.pickId,
        line.orderLine,
        line.itemId,
        line.unitId,
        line.serial,
        line.placeId,
        formatDecimal(rest),
        line.walk,
      ],
    );
}

export async function setLineStates(
  tx: Tx,
  lineIds: readonly number[],
  state: StoredPickLine['state'],
  reason: string | null = null,
): Promise<void> {
  await tx.query(
    `UPDATE pick_line SET state = $2, reason = coalesce($3, reason) WHERE pick_line_id = ANY ($1::int[])`,
    [lineIds, state, reason],
  );
}

/** Done once nothing is left to fetch. */
export async function settlePick(tx: Tx, pickId: number): Promise<void> {
  await tx.query(
    `UPDATE pick SET state = 'done', ended_at = now() WHERE pick_id = $1 AND state = 'open'
       AND NOT EXISTS (SELECT 1 FROM pick_line l WHERE l.pick_id = $1 AND l.state = 'proposed')`,
    [pickId],
  );
}

export async function cancelPick(tx: Tx, pickId: number, reason: string): Promise<void> {
  await tx.query(`UPDATE pick SET state = 'cancelled', ended_at = now() WHERE pick_id = $1`, [pickId]);
  await tx.query(
    `UPDATE pick_line SET state = 'released', reason = $2 WHERE pick_id = $1 AND state IN ('proposed', 'picked')`,
    [pickId, reason],
  );
}

export async function picksOfOrder(q: Queryable, salesOrder: string): Promise<number[]> {
  const rows = await q.query<{ pick_id: number }>(`SELECT pick_id FROM pick WHERE sales_order = $1`, [salesOrder]);
  return rows.map((r) => r.pick_id);
}

/** Nothing is fetched any more for an order that is cancelled. */
export async function cancelPicksOf(tx: Tx, salesOrder: string, reason: string): Promise<void> {
  const rows = await tx.query<{ pick_id: number }>(
    `SELECT pick_id FROM pick WHERE sales_order = $1 AND state <> 'cancelled' ORDER BY pick_id FOR UPDATE`,
    [salesOrder],
  );
  for (const { pick_id: id } of rows) await cancelPick(tx, id, reason);
}

/** Nanos that open picks keep back for the lines of a sales order. */
export async function reservedFor(q: Queryable, salesOrder: string): Promise<Map<string, bigint>> {
  const rows = await q.query<{ line: string; quantity: string }>(
    `SELECT l.order_line AS line, sum(coalesce(l.picked, l.quantity)) AS quantity FROM pick p JOIN pick_line l USING (pick_id)
      WHERE p.sales_order = $1 AND l.state IN ('proposed', 'picked') GROUP BY l.order_line`,
    [salesOrder],
  );
  return new Map(rows.map((r) => [r.line, parseDecimal(r.quantity)]));
}

/** What was shipped and taken back is let go: it may be picked for any order again. */
export async function releaseShipped(tx: Tx, lineIds: readonly number[]): Promise<void> {
  await tx.query(`UPDATE pick_line SET state = 'released' WHERE pick_line_id = ANY ($1::int[]) AND state = 'shipped'`, [
    lineIds,
  ]);
}
