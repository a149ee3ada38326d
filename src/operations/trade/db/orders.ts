/** Orders as the ledger has them, with what people allow for them and what they have closed. */
import { DomainError, parseDecimal } from '@/kernel';
import { orderLines } from '@/ledger';
import type { Queryable } from '@/platform/db';
import { itemsById } from '@/reference/catalog';
import { NO_TERMS, type Order, type OrderKind } from '../domain/order';
import { closures, lineKey, lineTerms } from './terms';

/** Orders as they stand, by number; those of which nothing that counts says that there is one are left out. */
export async function readOrders(
  q: Queryable,
  kind: OrderKind,
  numbers: readonly string[],
): Promise<Map<string, Order>> {
  const rows = numbers.length === 0 ? [] : await orderLines(q, { direction: kind, documents: numbers });
  const terms = await lineTerms(q, kind, numbers);
  const closed = await closures(q, kind, numbers);
  const named = await namedUnits(q, kind, numbers);
  const items = await itemsById(q, [...new Set(rows.map((r) => r.itemId))]);
  const orders = new Map<string, Order>();
  for (const r of rows) {
    const number = r.document!;
    const whole = closed.get(lineKey(number, '')) ?? null;
    const order: Order = orders.get(number) ?? {
      kind,
      number,
      partnerId: r.partnerId,
      partner: r.partner,
      atMs: r.atMs,
      lines: [],
      closed: whole,
    };
    orders.set(number, order);
    order.atMs = Math.min(order.atMs, r.atMs);
    order.lines.push({
      line: r.line,
      itemId: r.itemId,
      item: r.item,
      name: r.name,
      uom: r.uom,
      tracking: items.get(r.itemId)!.tracking,
      // What was announced and never ordered is expected all the same.
      quantity: r.ordered > 0n ? r.ordered : r.expected,
      announced: r.expected,
      dueMs: r.due?.until ?? null,
      place: r.place,
      unitIds: named.get(`${lineKey(number, r.line)} ${r.itemId}`) ?? [],
      terms: terms.get(lineKey(number, r.line)) ?? NO_TERMS,
      closed: closed.get(lineKey(number, r.line)) ?? whole,
    });
  }
  return orders;
}

/** One order; null where there is none. */
export async function readOrder(q: Queryable, kind: OrderKind, number: string): Promise<Order | null> {
  return (await readOrders(q, kind, [number])).get(number) ?? null;
}

/** Throws NOT_FOUND. */
export async function orderNamed(q: Queryable, kind: OrderKind, number: string): Promise<Order> {
  const order = await readOrder(q, kind, number);
  if (!order) throw new DomainError('NOT_FOUND', { what: `${kind} order`, key: number });
  return order;
}

/** Units that the order itself asks for by name; those that an announcement names are on their way. */
async function namedUnits(q: Queryable, kind: OrderKind, numbers: readonly string[]): Promise<Map<string, number[]>> {
  const rows = await q.query<{ document: string; line: string; item_id: number; units: number[] }>(
    `SELECT l.document, l.line, l.item_id, array_agg(l.unit_id ORDER BY l.order_line_id) AS units FROM order_line l
      WHERE l.direction = $1 AND l.document = ANY ($2) AND l.promise = 'ordered' AND l.unit_id IS NOT NULL
        AND NOT EXISTS (SELECT 1 FROM event_void v WHERE v.event_id = l.event_id)
      GROUP BY l.document, l.line, l.item_id`,
    [kind, numbers],
  );
  return new Map(rows.map((r) => [`${lineKey(r.document, r.line)} ${r.item_id}`, r.units]));
}

/** The events that count and say what is ordered, the oldest first: `e12`. */
export async function orderEvents(q: Queryable, kind: OrderKind, number: string): Promise<string[]> {
  const rows = await q.query<{ event_id: number }>(
    `SELECT DISTINCT l.event_id FROM order_line l
      WHERE l.direction = $1 AND l.document = $2 AND l.promise = 'ordered'
        AND NOT EXISTS (SELECT 1 FROM event_void v WHERE v.event_id = l.event_id) ORDER BY l.event_id`,
    [kind, number],
  );
  return rows.map((r) => `e${r.event_id}`);
}

/** A delivery for an order, or what went back of one. `line` null: only the order was named. */
export interface OrderPart {
  number: string;
  part: 'received' | 'shipped' | 'returned';
  line: string | null;
  itemId: number;
  unitId: number | null;
  /** nanos of the base unit; null is unknown */
  quantity: bigint | null;
  atMs: number;
}

const ONE = 1_000_000_000n;

/** What was received or shipped for orders, whoever recorded it; items that are not tracked among it. */
export async function orderParts(q: Queryable, kind: OrderKind, numbers: readonly string[]): Promise<OrderPart[]> {
  const rows = await q.query<{
    number: string;
    part: OrderPart['part'];
    line: string | null;
    item_id: number;
    unit_id: number | null;
    serial: boolean;
    quantity: string | null;
    at_ms: number;
  }>(
    `SELECT p.document AS number, p.part, p.line, p.item_id, p.unit_id, u.kind = 'serial' AS serial, p.quantity, p.at_from AS at_ms
       FROM order_part p JOIN unit u USING (unit_id)
      WHERE p.direction = $1 AND p.document = ANY ($2)
        AND NOT EXISTS (SELECT 1 FROM event_void v WHERE v.event_id = p.event_id)
     UNION ALL
     SELECT r.purchase_order, 'received', l.order_line, l.item_id, NULL, false, l.quantity, r.at_ms
       FROM receipt r JOIN receipt_line l USING (receipt_id)
      WHERE $1 = 'purchase' AND r.purchase_order = ANY ($2) AND r.voided_at IS NULL AND l.unit_id IS NULL
     UNION ALL
     SELECT p.document, p.part, coalesce(p.line, l.order_line), u.item_id, m.unit_id, u.kind = 'serial', m.quantity, m.at_from
       FROM order_part p
         -- One container's event after the other: never a walk through all movements.
         CROSS JOIN LATERAL (SELECT * FROM movement x WHERE x.event_id = p.event_id AND x.carried AND x.role IN ('shipped', 'returned') OFFSET 0) m
         JOIN unit u ON u.unit_id = m.unit_id
         LEFT JOIN LATERAL (SELECT max(x.order_line) AS order_line FROM shipment s JOIN shipment_line x USING (shipment_id)
           WHERE lower(s.number) = lower(m.document) AND s.number = m.document AND x.unit_id = m.unit_id) l ON true
      WHERE p.direction = $1 AND p.document = ANY ($2) AND p.unit_id IS NULL
        AND NOT EXISTS (SELECT 1 FROM event_void v WHERE v.event_id = m.event_id)
        AND NOT EXISTS (SELECT 1 FROM movement_end x WHERE x.movement_id = m.movement_id)
     UNION ALL
     -- What a container carried out or back without a word of the order is known by the shipment's number.
     SELECT s.sales_order, m.role, l.order_line, u.item_id, m.unit_id, u.kind = 'serial', m.quantity, m.at_from
       FROM shipment s JOIN movement m ON lower(m.document) = lower(s.number) AND m.document = s.number
         JOIN unit u USING (unit_id)
         LEFT JOIN LATERAL (SELECT max(x.order_line) AS order_line FROM shipment_line x
           WHERE x.shipment_id = s.shipment_id AND x.unit_id = m.unit_id) l ON true
      WHERE $1 = 'sales' AND s.sales_order = ANY ($2) AND m.carried AND m.role IN ('shipped', 'returned')
        AND NOT EXISTS (SELECT 1 FROM event_void v WHERE v.event_id = m.event_id)
        AND NOT EXISTS (SELECT 1 FROM movement_end x WHERE x.movement_id = m.movement_id)
        AND NOT EXISTS (SELECT 1 FROM order_part p WHERE p.event_id = m.event_id AND p.unit_id IS NULL)
     ORDER BY at_ms`,
    [kind, numbers],
  );
  return rows.map((r) => ({
    number: r.number,
    part: r.part,
    line: r.line,
    itemId: r.item_id,
    unitId: r.unit_id,
    quantity: r.quantity === null ? (r.serial ? ONE : null) : parseDecimal(r.quantity),
    atMs: r.at_ms,
  }));
}

export interface OrderFilter {
  q: string;
  partnerId?: number;
  itemId?: number;
}

/** Numbers of orders, the one that was last spoken of first; `before` is the key to start below. */
export function orderNumbers(
  q: Queryable,
  kind: OrderKind,
  filter: OrderFilter,
  before: number | null,
  limit: number,
): Promise<{ number: string; last: number }[]> {
  return q.query<{ number: string; last: number }>(
    `SELECT document AS number, max(order_line_id) AS last FROM order_line l
      WHERE l.direction = $1 AND l.document IS NOT NULL
        AND ($2 = '' OR l.document ILIKE $2 || '%') AND ($3::int IS NULL OR l.partner_id = $3)
        AND ($4::int IS NULL OR l.document IN (SELECT o.document FROM order_line o WHERE o.direction = $1 AND o.item_id = $4))
        AND NOT EXISTS (SELECT 1 FROM event_void v WHERE v.event_id = l.event_id)
      GROUP BY document HAVING $5::bigint IS NULL OR max(order_line_id) < $5 ORDER BY last DESC LIMIT $6`,
    [kind, filter.q, filter.partnerId ?? null, filter.itemId ?? null, before, limit],
  );
}
