/** Work orders: their rows, and what the facts say was made under them. */
import { DomainError, parseDecimal } from '@/kernel';
import type { Queryable, Tx } from '@/platform/db';
import type { OrderState } from '../domain/order-states';

export interface Order {
  orderId: number;
  number: string;
  kind: 'build' | 'rework';
  itemId: number;
  item: string;
  itemName: string;
  tracking: 'serial' | 'lot' | 'none';
  uom: string;
  quantity: string;
  revision: string | null;
  plannedMs: number | null;
  dueMs: number | null;
  workCenterId: number | null;
  workCenter: string | null;
  placeId: number | null;
  place: string | null;
  customer: string | null;
  customerId: number | null;
  salesOrder: string | null;
  serialPattern: string;
  openLines: 'refuse' | 'reason';
  state: OrderState;
  reason: string | null;
  note: string | null;
  createdAt: Date;
  createdBy: string;
  closedAt: Date | null;
}

const ORDER = `SELECT o.work_order_id AS "orderId", o.number, o.kind, o.item_id AS "itemId", i.code AS item, i.name AS "itemName",
    i.tracking, i.uom, o.quantity, o.revision, o.planned_ms AS "plannedMs", o.due_ms AS "dueMs", o.work_center_id AS "workCenterId",
    w.code AS "workCenter", coalesce(o.place_id, w.place_id) AS "placeId", p.code AS place, c.code AS customer,
    o.partner_id AS "customerId", o.sales_order AS "salesOrder", o.serial_pattern AS "serialPattern", o.open_lines AS "openLines",
    o.state, o.reason, o.note, o.created_at AS "createdAt", o.created_by AS "createdBy", o.closed_at AS "closedAt"
  FROM work_order o JOIN item i ON i.item_id = o.item_id LEFT JOIN work_center w ON w.work_center_id = o.work_center_id
  LEFT JOIN place p ON p.place_id = coalesce(o.place_id, w.place_id) LEFT JOIN partner c ON c.partner_id = o.partner_id`;

/**
 * The order of a number. `lock`: share lets others begin builds and take numbers of its counter, and nobody close it; update is
 * for who changes it. Throws NOT_FOUND.
 */
export async function orderByNumber(q: Queryable, number: string, lock?: 'share' | 'update'): Promise<Order> {
  const [row] = await q.query<Order>(
    `${ORDER} WHERE o.number = $1 ${lock ? `FOR ${lock === 'share' ? 'KEY SHARE' : 'UPDATE'} OF o` : ''}`,
    [number],
  );
  if (!row) throw new DomainError('NOT_FOUND', { what: 'work order', key: number });
  return row;
}

export interface OrderFilter {
  state?: string | undefined;
  item?: string | undefined;
  kind?: string | undefined;
  workCenter?: string | undefined;
  customer?: string | undefined;
  salesOrder?: string | undefined;
  /** the start of a number, escaped for LIKE */
  q?: string | undefined;
  dueBeforeMs?: number | undefined;
}

/** Orders, the latest first; `before` is the id to start below. */
export function listOrders(q: Queryable, filter: OrderFilter, before: number | null, limit: number): Promise<Order[]> {
  return q.query<Order>(
    `${ORDER} WHERE ($1::text[] IS NULL OR o.state = ANY ($1)) AND ($2::text IS NULL OR i.code = $2) AND ($3::text IS NULL OR o.kind = $3)
       AND ($4::text IS NULL OR w.code = $4) AND ($5::text IS NULL OR c.code = $5) AND ($6::text IS NULL OR o.sales_order = $6)
       AND ($7::text IS NULL OR lower(o.number) LIKE '%' || lower($7) || '%' OR lower(i.code) LIKE lower($7) || '%' OR i.name ILIKE '%' || $7 || '%')
       AND ($8::bigint IS NULL OR o.due_ms < $8) AND ($9::int IS NULL OR o.work_order_id < $9)
     ORDER BY o.work_order_id DESC LIMIT $10`,
    [
      filter.state === undefined ? null : filter.state.split(','),
      filter.item ?? null,
      filter.kind ?? null,
      filter.workCenter ?? null,
      filter.customer ?? null,
      filter.salesOrder ?? null,
      filter.q ?? null,
      filter.dueBeforeMs ?? null,
      before,
      limit,
    ],
  );
}

export interface NewOrder {
  number: string;
  kind: 'build' | 'rework';
  itemId: number;
  quantity: string;
  revision: string | null;
  plannedMs: number | null;
  dueMs: number | null;
  workCenterId: number | null;
  placeId: number | null;
  partnerId: number | null;
  salesOrder: string | null;
  serialPattern: string;
  openLines: 'refuse' | 'reason';
  state: OrderState;
  note: string | null;
}

/** Throws ORDER_EXISTS. */
export async function insertOrder(tx: Tx, order: NewOrder): Promise<void> {
  const rows = await tx.query(
    `INSERT INTO work_order (number, kind, item_id, quantity, revision, planned_ms, due_ms, work_center_id, place_id, partner_id,
       sales_order, serial_pattern, open_lines, state, note, created_by)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16) ON CONFLICT (number) DO NOTHING RETURNING work_order_id`,
    [
      order.number,
      order.kind,
      order.itemId,
      order.quantity,
      order.revision,
      order.plannedMs,
      order.dueMs,
      order.workCenterId,
      order.placeId,
      order.partnerId,
      order.salesOrder,
      order.serialPattern,
      order.openLines,
      order.state,
      order.note,
      tx.ctx.actor,
    ],
  );
  if (rows.length === 0) throw new DomainError('ORDER_EXISTS', { number: order.number });
}

export async function setOrderState(tx: Tx, orderId: number, state: OrderState, reason: string | null): Promise<void> {
  await tx.query(
    `UPDATE work_order SET state = $2, reason = $3, closed_at = CASE WHEN $2 IN ('closed', 'cancelled') THEN now() END WHERE work_order_id = $1`,
    [orderId, state, reason],
  );
}

/** The first build begins it; of many that begin at once only one writes. */
export async function beginOrder(tx: Tx, orderId: number): Promise<void> {
  await tx.query(`UPDATE work_order SET state = 'in-progress' WHERE work_order_id = $1 AND state = 'released'`, [
    orderId,
  ]);
}

export async function setOrderQuantity(tx: Tx, orderId: number, quantity: string, dueMs: number | null): Promise<void> {
  await tx.query(`UPDATE work_order SET quantity = $2, due_ms = $3 WHERE work_order_id = $1`, [
    orderId,
    quantity,
    dueMs,
  ]);
}

/** The next number of the order's own counter. */
export async function nextSerial(tx: Tx, orderId: number): Promise<number> {
  const [row] = await tx.query<{ n: number }>(
    `UPDATE work_order SET next_serial = next_serial + 1 WHERE work_order_id = $1 RETURNING next_serial - 1 AS n`,
    [orderId],
  );
  return row!.n;
}

export interface OrderCounts {
  produced: bigint;
  scrapped: bigint;
  /** rows of components that were scrapped under it */
  partsScrapped: number;
  /** finished units that something was put into or taken out of */
  reworked: number;
}

/** What the facts say was made and scrapped under orders: there is no counter that could drift. */
export async function orderCounts(
  q: Queryable,
  orders: readonly { number: string; itemId: number }[],
): Promise<Map<string, OrderCounts>> {
  const rows = await q.query<{
    number: string;
    produced: string;
    scrapped: string;
    parts_scrapped: number;
    reworked: number;
  }>(
    `SELECT o.number,
        coalesce(sum(m.quantity) FILTER (WHERE m.role = 'made' AND u.item_id = o.item_id AND e.type <> 'receive'), 0) AS produced,
        coalesce(sum(m.quantity) FILTER (WHERE m.role = 'scrapped' AND u.item_id = o.item_id), 0) AS scrapped,
        count(*) FILTER (WHERE m.role = 'scrapped' AND u.item_id <> o.item_id)::int AS parts_scrapped,
        count(DISTINCT m.unit_id) FILTER (WHERE m.role = 'parent')::int AS reworked
       FROM unnest($1::text[], $2::int[]) AS o(number, item_id)
       JOIN movement m ON lower(m.document) = lower(o.number) AND m.document = o.number AND m.role IN ('made', 'scrapped', 'parent')
       JOIN unit u ON u.unit_id = m.unit_id JOIN event e ON e.event_id = m.event_id
      WHERE NOT EXISTS (SELECT 1 FROM event_void v WHERE v.event_id = m.event_id)
      GROUP BY o.number`,
    [orders.map((o) => o.number), orders.map((o) => o.itemId)],
  );
  const found = new Map(
    rows.map((r) => [
      r.number,
      {
        produced: parseDecimal(r.produced),
        scrapped: parseDecimal(r.scrapped),
        partsScrapped: r.parts_scrapped,
        reworked: r.reworked,
      },
    ]),
  );
  const nothing = { produced: 0n, scrapped: 0n, partsScrapped: 0, reworked: 0 };
  return new Map(orders.map((o) => [o.number, found.get(o.number) ?? nothing]));
}
