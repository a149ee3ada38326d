/** What an order still expects, and whether a delivery fits it. */
import { DomainError, formatDecimal, parseDecimal } from '@/kernel';
import type { Settings } from '@/platform/config';
import type { Queryable } from '@/platform/db';
import type { Item } from '@/reference/catalog';
import { type Partner, partnersById } from '@/reference/partners';
import { orderParts, type OrderPart } from '../db/orders';
import { partnerTerms } from '../db/terms';
import { type Order, type OrderLine, type Terms, toleranceOf } from '../domain/order';
import { type Progress, progressOf } from '../domain/progress';
import { mostOf, type Tolerance } from '../domain/tolerance';

export interface Expectation {
  order: Order;
  partner: Partner;
  partnerTerms: Terms;
  progress: Progress;
  tolerance(line: OrderLine): Tolerance;
}

/** How far a purchase order is. Null without one. */
export async function expectationOf(
  q: Queryable,
  order: Order | null,
  settings: Pick<Settings, 'overPercent' | 'shortPercent'>,
): Promise<Expectation | null> {
  if (!order) return null;
  const partner = (await partnersById(q, [order.partnerId])).get(order.partnerId)!;
  const terms = await partnerTerms(q, order.partnerId);
  const percents = {
    over: parseDecimal(String(settings.overPercent)),
    short: parseDecimal(String(settings.shortPercent)),
  };
  return {
    order,
    partner,
    partnerTerms: terms,
    progress: progressOf(order.lines, deliveriesOf(await orderParts(q, order.kind, [order.number]), 'received')),
    tolerance: (line) => toleranceOf(line.terms, terms, percents),
  };
}

/** What came or went, less nothing: what was given back later came all the same. */
export function deliveriesOf(parts: readonly OrderPart[], part: OrderPart['part']): OrderPart[] {
  return parts.filter((p) => p.part === part);
}

/** The line that an item is received for. Throws NOT_ON_ORDER, ORDER_LINE_AMBIGUOUS, ORDER_CLOSED, NOT_FOUND. */
export function lineOf(expectation: Expectation, item: Item, named: string | undefined): OrderLine {
  const { order, progress } = expectation;
  const of = order.lines.filter((l) => l.itemId === item.itemId);
  if (named !== undefined) {
    const line = order.lines.find((l) => l.line === named);
    if (!line) throw new DomainError('NOT_FOUND', { what: 'order line', key: named });
    if (line.itemId !== item.itemId) throw new DomainError('NOT_ON_ORDER', { item: item.code, number: order.number });
    return open(order, line);
  }
  if (of.length === 0) throw new DomainError('NOT_ON_ORDER', { item: item.code, number: order.number });
  const waiting = of.filter((l) => l.closed === null && progress.lines.get(l.line)!.done < l.quantity);
  if (waiting.length > 1)
    throw new DomainError('ORDER_LINE_AMBIGUOUS', {
      item: item.code,
      number: order.number,
      lines: waiting.map((l) => l.line).join(', '),
    });
  return open(order, waiting[0] ?? of.find((l) => l.closed === null) ?? of[0]!);
}

function open(order: Order, line: OrderLine): OrderLine {
  const reason = order.closed ?? line.closed;
  if (reason !== null) throw new DomainError('ORDER_CLOSED', { number: order.number, line: line.line, reason });
  return line;
}

/** Counts a delivery to its line. Throws OVER_DELIVERY, OVER_DELIVERY_REFUSED. */
export function judgeDelivery(
  expectation: Expectation,
  line: OrderLine,
  quantity: bigint,
  options: { overReason: string | null; refuse: boolean },
): void {
  const progress = expectation.progress.lines.get(line.line)!;
  const tolerance = expectation.tolerance(line);
  const total = progress.done + quantity;
  if (total > mostOf(line.quantity, tolerance)) {
    const details = {
      line: line.line,
      number: expectation.order.number,
      expected: formatDecimal(line.quantity),
      total: formatDecimal(total),
      uom: line.uom,
      tolerance: formatDecimal(tolerance.over),
    };
    if (options.refuse) throw new DomainError('OVER_DELIVERY_REFUSED', { ...details, setting: 'OVER_DELIVERY' });
    if (options.overReason === null) throw new DomainError('OVER_DELIVERY', details);
  }
  progress.done = total;
}
