/** Orders followed from the order on: ordered, on its way, in house, built in, sold. */
import { formatDecimal, formatTime, parseDecimal } from '@/kernel';
import { type Present, presentOf } from '@/ledger';
import type { Settings } from '@/platform/config';
import type { Queryable } from '@/platform/db';
import { decodeCursor, encodeCursor, type Page, pageSize } from '@/platform/http';
import { itemsById } from '@/reference/catalog';
import { orderNamed, type OrderFilter, orderNumbers, type OrderPart, orderParts, readOrders } from '../db/orders';
import { reservedFor } from '../db/picks';
import { partnerTerms } from '../db/terms';
import { type Order, type OrderKind, type OrderLine, type Terms, toleranceOf } from '../domain/order';
import { progressOf } from '../domain/progress';
import { judge, leastOf, type Tolerance } from '../domain/tolerance';
import { type Stay, type Whereabouts, whereaboutsOf } from '../domain/whereabouts';

export type OrderState = 'open' | 'done' | 'closed';
export interface QuantityView {
  value: string;
  uom: string;
}

export interface OrderLineView {
  line: string;
  item: string;
  name: string;
  tracking: string;
  ordered: QuantityView;
  announced: QuantityView;
  /** announced and not here yet */
  inTransit: QuantityView;
  /** received of a purchase, shipped of a sale; null: the record does not say how much */
  done: QuantityView | null;
  returned: QuantityView;
  open: QuantityView;
  /** kept back by picks */
  reserved: QuantityView;
  delivered: string;
  due: string | null;
  place: string | null;
  /** percent */
  tolerance: { over: string; short: string };
  terms: {
    overPercent: string | null;
    shortPercent: string | null;
    lifeDaysMin: number | null;
    strategy: string | null;
  };
  named: string[];
  /** where what came in is now */
  whereabouts: { state: string; units: number; quantity: QuantityView | null }[];
  closed: string | null;
  state: OrderState;
}

export interface OrderRowView {
  order: string;
  kind: OrderKind;
  partner: string;
  at: string;
  /** the earliest of what is open */
  due: string | null;
  state: OrderState;
  lines: number;
  linesDone: number;
  items: string[];
  closed: string | null;
}

export interface OrderView extends OrderRowView {
  orderLines: OrderLineView[];
  /** what came or went for it and is on none of its lines */
  strays: { item: string; quantity: string | null }[];
}

type Percents = Pick<Settings, 'overPercent' | 'shortPercent'>;

interface Follow {
  order: Order;
  parts: OrderPart[];
  terms: Terms;
  percents: { over: bigint; short: bigint };
}

/** The unit that came for a line: one that named none belongs to the first line of its item. */
function unitsOf(order: Order, line: OrderLine, parts: readonly OrderPart[]): number[] {
  const first = order.lines.find((l) => l.itemId === line.itemId);
  return parts.flatMap((p) =>
    p.unitId !== null && p.itemId === line.itemId && (p.line === line.line || (p.line === null && first === line))
      ? [p.unitId]
      : [],
  );
}

function stateOf(line: OrderLine, done: bigint, tolerance: Tolerance): OrderState {
  if (line.closed !== null) return 'closed';
  return done >= leastOf(line.quantity, tolerance) && done > 0n ? 'done' : 'open';
}

const percentsOf = (settings: Percents) => ({
  over: parseDecimal(String(settings.overPercent)),
  short: parseDecimal(String(settings.shortPercent)),
});

const doneBy = (kind: OrderKind) => (kind === 'purchase' ? 'received' : 'shipped');

function rowOf(follow: Follow): OrderRowView {
  const { order, parts, terms, percents } = follow;
  const progress = progressOf(
    order.lines,
    parts.filter((p) => p.part === doneBy(order.kind)),
  );
  const states = order.lines.map((l) =>
    stateOf(l, progress.lines.get(l.line)!.done, toleranceOf(l.terms, terms, percents)),
  );
  const dues = order.lines.flatMap((l, i) => (l.dueMs !== null && states[i] === 'open' ? [l.dueMs - 1] : []));
  return {
    order: order.number,
    kind: order.kind,
    partner: order.partner,
    at: formatTime(order.atMs),
    due: dues.length === 0 ? null : formatTime(Math.min(...dues)),
    state: states.includes('open') ? 'open' : states.includes('done') ? 'done' : 'closed',
    lines: order.lines.length,
    linesDone: states.filter((s) => s !== 'open').length,
    items: [...new Set(order.lines.map((l) => l.item))],
    closed: order.closed,
  };
}

/** How many numbers are looked at to fill one page of a state: the page may be short, and goes on. */
const LOOKS_MAX = 5;

/** The one that was last spoken of first. */
export async function listOrders(
  q: Queryable,
  kind: OrderKind,
  filter: OrderFilter & { state?: OrderState },
  settings: Percents,
  cursor: string | undefined,
  limit: number | undefined,
): Promise<Page<OrderRowView>> {
  const size = pageSize(limit);
  const found: { row: OrderRowView; last: number }[] = [];
  let before = decodeCursor<number>(cursor);
  let more = true;
  for (let look = 0; look < LOOKS_MAX && more && found.length < size; look++) {
    const numbers = await orderNumbers(q, kind, filter, before, size + 1);
    more = numbers.length > size;
    const page = numbers.slice(0, size);
    const orders = await readOrders(
      q,
      kind,
      page.map((n) => n.number),
    );
    const parts = await orderParts(
      q,
      kind,
      page.map((n) => n.number),
    );
    for (const { number, last } of page) {
      before = last;
      const order = orders.get(number);
      if (!order) continue;
      const row = rowOf({
        order,
        parts: parts.filter((p) => p.number === number),
        terms: await partnerTerms(q, order.partnerId),
        percents: percentsOf(settings),
      });
      if (filter.state === undefined || row.state === filter.state) found.push({ row, last });
      if (found.length === size) {
        more ||= page.at(-1)!.number !== number;
        break;
      }
    }
  }
  return { data: found.map((f) => f.row), nextCursor: more && before !== null ? encodeCursor(before) : null };
}

/** Throws NOT_FOUND. */
export async function orderView(q: Queryable, kind: OrderKind, number: string, settings: Percents): Promise<OrderView> {
  const order = await orderNamed(q, kind, number);
  const parts = await orderParts(q, kind, [number]);
  const follow: Follow = {
    order,
    parts,
    terms: await partnerTerms(q, order.partnerId),
    percents: percentsOf(settings),
  };
  const done = parts.filter((p) => p.part === doneBy(kind));
  const progress = progressOf(order.lines, done);
  const returned = progressOf(
    order.lines,
    parts.filter((p) => p.part === 'returned'),
  );
  const reserved = kind === 'sales' ? await reservedFor(q, number) : new Map<string, bigint>();
  const present = await presentOf(q, kind === 'purchase' ? done.flatMap((p) => p.unitId ?? []) : []);
  const named = await namesOf(q, order);
  const others = await itemsById(
    q,
    progress.strays.map((s) => s.itemId),
  );
  return {
    ...rowOf(follow),
    orderLines: order.lines.map((l) => {
      const tolerance = toleranceOf(l.terms, follow.terms, follow.percents);
      const own = progress.lines.get(l.line)!;
      const quantity = (n: bigint): QuantityView => ({ value: formatDecimal(n < 0n ? 0n : n), uom: l.uom });
      return {
        line: l.line,
        item: l.item,
        name: l.name,
        tracking: l.tracking,
        ordered: quantity(l.quantity),
        announced: quantity(l.announced),
        inTransit: quantity(l.announced - own.done),
        done: own.unknown ? null : quantity(own.done),
        returned: quantity(returned.lines.get(l.line)!.done),
        open: quantity(l.closed === null ? l.quantity - own.done : 0n),
        reserved: quantity(reserved.get(l.line) ?? 0n),
        delivered: judge(l.quantity, own.done, tolerance),
        due: l.dueMs === null ? null : formatTime(l.dueMs - 1),
        place: l.place,
        tolerance: { over: formatDecimal(tolerance.over), short: formatDecimal(tolerance.short) },
        terms: {
          overPercent: l.terms.overPercent === null ? null : formatDecimal(l.terms.overPercent),
          shortPercent: l.terms.shortPercent === null ? null : formatDecimal(l.terms.shortPercent),
          lifeDaysMin: l.terms.lifeDaysMin,
          strategy: l.terms.strategy,
        },
        named: l.unitIds.flatMap((id) => named.get(id) ?? []),
        whereabouts: whereaboutsView(whereaboutsOf(staysOf(unitsOf(order, l, done), present)), l.uom),
        closed: l.closed,
        state: stateOf(l, own.done, tolerance),
      };
    }),
    strays: progress.strays.map((s) => ({
      item: others.get(s.itemId)!.code,
      quantity: s.quantity === null ? null : formatDecimal(s.quantity),
    })),
  };
}

function staysOf(unitIds: readonly number[], present: ReadonlyMap<number, Present>): Stay[][] {
  return [...new Set(unitIds)].map((id) => {
    const now = present.get(id);
    return (now?.holdings ?? []).map((h) => ({
      state: h.state,
      quantity: h.quantity,
      held: (now?.holds.length ?? 0) > 0,
    }));
  });
}

function whereaboutsView(found: Whereabouts, uom: string): OrderLineView['whereabouts'] {
  return Object.entries(found).map(([state, { units, quantity }]) => ({
    state,
    units,
    quantity: quantity === null ? null : { value: formatDecimal(quantity), uom },
  }));
}

async function namesOf(q: Queryable, order: Order): Promise<Map<number, string>> {
  const rows = await q.query<{ unit_id: number; code: string }>(
    `SELECT unit_id, code FROM unit WHERE unit_id = ANY ($1::int[])`,
    [order.lines.flatMap((l) => l.unitIds)],
  );
  return new Map(rows.map((r) => [r.unit_id, r.code]));
}

/** The units that came in or went out for an order, with the line of each. */
export interface OrderUnitRow {
  unitId: number;
  line: string | null;
  part: string;
  quantity: string | null;
  at: string;
}

export async function orderUnits(q: Queryable, kind: OrderKind, number: string): Promise<OrderUnitRow[]> {
  await orderNamed(q, kind, number);
  return (await orderParts(q, kind, [number])).flatMap((p) =>
    p.unitId === null
      ? []
      : [
          {
            unitId: p.unitId,
            line: p.line,
            part: p.part,
            quantity: p.quantity === null ? null : formatDecimal(p.quantity),
            at: formatTime(p.atMs),
          },
        ],
  );
}
