/** Orders and announcements as they stand: each line with what was ordered, announced, received, shipped and given back so far. */
import { parseDecimal } from '@/kernel';
import type { Queryable } from '@/platform/db';
import { MOVEMENT_STANDS } from './db/standing';
import { allocate, LineState } from './domain/order-lines';

export interface OrderLineFilter {
  direction?: 'purchase' | 'sales';
  documents?: readonly string[];
  partnerIds?: readonly number[];
  itemIds?: readonly number[];
  /** of announcements: the shipment that was announced */
  shipments?: readonly string[];
  /** only lines of which less than ordered was received or shipped */
  open?: boolean;
  /** due before this time, ms UTC */
  dueBefore?: number;
}

/** Quantities in nanos of the item's base unit; null is unknown, since something was received or shipped without a quantity. */
export interface OrderLineNow extends LineState {
  direction: 'purchase' | 'sales';
  /** null: announced by a shipment alone */
  document: string | null;
  shipment: string | null;
  partnerId: number;
  partner: string;
  line: string;
  itemId: number;
  item: string;
  name: string;
  uom: string;
  place: string | null;
  /** half-open, ms UTC; a date covers its day */
  due: { from: number; until: number } | null;
  /** when it was ordered or announced first */
  atMs: number;
  /** units and containers that were announced by name */
  units: number[];
  containers: string[];
  /** the events that say so: `e12` */
  events: string[];
}

interface Row {
  event_id: number;
  promise: 'ordered' | 'expected';
  direction: 'purchase' | 'sales';
  document: string | null;
  shipment: string | null;
  partner_id: number;
  partner: string;
  line: string;
  item_id: number;
  item: string;
  name: string;
  uom: string;
  quantity: string;
  unit_id: number | null;
  container: string | null;
  place: string | null;
  due_from: number | null;
  due_until: number | null;
  at_from: number;
}

const COUNTS = (fact: string) => `NOT EXISTS (SELECT 1 FROM event_void v WHERE v.event_id = ${fact}.event_id)`;

const IN_DOCUMENTS = `(p.direction, p.document) IN (SELECT * FROM unnest($1::text[], $2::text[]))`;

/**
 * Lines of orders and announcements that count now, unsealed facts included, by document and line. Lines of one document, item
 * and number add up. What was received or shipped for an item without naming a line fills its lines in order, and the last one
 * takes what is over.
 */
export async function orderLines(q: Queryable, filter: OrderLineFilter): Promise<OrderLineNow[]> {
  // Whole documents are read, since a receipt without a line is shared among all lines of its item.
  const rows = await q.query<Row>(
    `SELECT l.event_id, l.promise, l.direction, l.document, l.shipment, l.partner_id, pa.code AS partner, l.line, l.item_id, i.code AS item, i.name, i.uom,
            l.quantity, l.unit_id, l.container, pl.code AS place, l.due_from, l.due_until, l.at_from
       FROM order_line l JOIN partner pa USING (partner_id) JOIN item i USING (item_id) LEFT JOIN place pl ON pl.place_id = l.place_id
      WHERE ${COUNTS('l')}
        AND ($1::text IS NULL OR l.direction = $1) AND ($2::text[] IS NULL OR l.document = ANY ($2))
        AND ($3::int[] IS NULL OR l.partner_id = ANY ($3)) AND ($4::int[] IS NULL OR l.item_id = ANY ($4))
        AND ($5::text[] IS NULL OR l.shipment = ANY ($5))
      ORDER BY l.direction, l.document, l.at_from, l.order_line_id`,
    [
      filter.direction ?? null,
      filter.documents ?? null,
      filter.partnerIds ?? null,
      filter.itemIds ?? null,
      filter.shipments ?? null,
    ],
  );
  const lines = new Map<string, OrderLineNow>();
  for (const r of rows) {
    const key = JSON.stringify([r.direction, r.document ?? r.shipment, r.document === null, r.item_id, r.line]);
    const line = lines.get(key) ?? opened(r);
    lines.set(key, line);
    line[r.promise] += parseDecimal(r.quantity);
    line.due ??= dueOf(r);
    line.shipment ??= r.shipment;
    if (r.unit_id !== null) line.units.push(r.unit_id);
    if (r.container !== null) line.containers.push(r.container);
    line.events.push(`e${r.event_id}`);
  }
  const found = [...lines.values()];
  allocate(found, await partsOf(q, found));
  return found
    .filter((l) => !filter.open || isOpen(l))
    .filter((l) => filter.dueBefore === undefined || (l.due !== null && l.due.from < filter.dueBefore))
    .sort(
      (a, b) =>
        compare(a.direction, b.direction) ||
        compare(a.document ?? '', b.document ?? '') ||
        a.line.localeCompare(b.line, 'en', { numeric: true }) ||
        compare(a.item, b.item),
    );
}

function opened(r: Row): OrderLineNow {
  return {
    direction: r.direction,
    document: r.document,
    shipment: r.shipment,
    partnerId: r.partner_id,
    partner: r.partner,
    line: r.line,
    itemId: r.item_id,
    item: r.item,
    name: r.name,
    uom: r.uom,
    place: r.place,
    due: dueOf(r),
    atMs: r.at_from,
    units: [],
    containers: [],
    events: [],
    ordered: 0n,
    expected: 0n,
    received: 0n,
    shipped: 0n,
    returned: 0n,
  };
}

function dueOf(r: Row): OrderLineNow['due'] {
  return r.due_from === null || r.due_until === null ? null : { from: r.due_from, until: r.due_until };
}

interface PartRow {
  direction: 'purchase' | 'sales';
  document: string;
  line: string | null;
  part: 'received' | 'shipped' | 'returned';
  item_id: number;
  quantity: string | null;
}

/** What answers these documents, summed by document, item, line and part. */
async function partsOf(q: Queryable, lines: readonly OrderLineNow[]) {
  const documents = lines.flatMap((l) => (l.document === null ? [] : [l]));
  if (documents.length === 0) return [];
  const keys = [documents.map((l) => l.direction), documents.map((l) => l.document)];
  const rows = await q.query<PartRow>(
    `SELECT p.direction, p.document, p.line, p.part, p.item_id, CASE WHEN bool_or(p.quantity IS NULL) THEN NULL ELSE sum(p.quantity) END AS quantity
       FROM order_part p
      WHERE ${IN_DOCUMENTS} AND p.unit_id IS NOT NULL AND ${COUNTS('p')}
      GROUP BY p.direction, p.document, p.line, p.part, p.item_id`,
    keys,
  );
  return [...rows, ...(await carriedParts(q, keys))].map((r) => ({
    direction: r.direction,
    document: r.document,
    line: r.line,
    part: r.part,
    itemId: r.item_id,
    quantity: r.quantity === null ? null : parseDecimal(r.quantity),
  }));
}

/** What containers carry is derived, and derived again when a fact of them comes late: it is read where it is kept. */
async function carriedParts(q: Queryable, keys: unknown[]): Promise<PartRow[]> {
  const parts = await q.query<Omit<PartRow, 'item_id' | 'quantity'> & { event_id: number }>(
    `SELECT p.event_id, p.direction, p.document, p.line, p.part FROM order_part p WHERE ${IN_DOCUMENTS} AND p.unit_id IS NULL`,
    keys,
  );
  if (parts.length === 0) return [];
  const rows = await q.query<{ event_id: number; item_id: number; quantity: string | null }>(
    `SELECT m.event_id, u.item_id, m.quantity FROM movement m JOIN unit u USING (unit_id)
      WHERE m.event_id = ANY ($1::bigint[]) AND m.carried AND m.role IN ('shipped', 'returned') AND ${MOVEMENT_STANDS}`,
    [parts.map((p) => p.event_id)],
  );
  return parts.flatMap((p) => rows.filter((r) => r.event_id === p.event_id).map((r) => ({ ...p, ...r })));
}

function isOpen(l: OrderLineNow): boolean {
  const wanted = l.ordered > 0n ? l.ordered : l.expected;
  const done = l.direction === 'purchase' ? l.received : l.shipped;
  // Of what came without a quantity nobody can say that it was enough.
  return done === null || l.returned === null || done - l.returned < wanted;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
