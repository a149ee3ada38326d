import { Injectable } from '@nestjs/common';
import { DomainError, formatTime, parseDecimal } from '@/kernel';
import { RecordEvents } from '@/ledger';
import { Settings } from '@/platform/config';
import { once } from '@/platform/commands';
import { Context, Tx, UnitOfWork } from '@/platform/db';
import { lockOrder } from '../db/order-lock';
import { orderEvents, orderNamed, orderParts, readOrder } from '../db/orders';
import { cancelPicksOf } from '../db/picks';
import { closeLine, lineTerms, putLineTerms, reopen } from '../db/terms';
import type { OrderKind, Strategy, Terms } from '../domain/order';
import { type OrderView, orderView } from '../queries/orders';

export interface OrderLineInput {
  line?: string;
  item: string;
  quantity: { value: string; uom: string };
  /** asked for by name: a serial or lot of the item */
  serial?: string;
  lot?: string;
  due?: string;
  place?: string;
  terms?: { overPercent?: string; shortPercent?: string; lifeDaysMin?: number; strategy?: Strategy };
}

export interface OrderInput {
  id: string;
  order: string;
  partner: string;
  at?: string;
  note?: string;
  lines: OrderLineInput[];
}

/** What is ordered, told as a fact: an order, its correction, its taking back. What is agreed besides is kept beside it. */
@Injectable()
export class PutOrder {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly recordEvents: RecordEvents,
    private readonly settings: Settings,
  ) {}

  /** Throws NUMBER_TAKEN where there is an order of that number. */
  make(ctx: Context, kind: OrderKind, input: OrderInput): Promise<OrderView> {
    return this.command(ctx, `make-${kind}-order`, kind, input.order, input, async (tx) => {
      if (await readOrder(tx, kind, input.order))
        throw new DomainError('NUMBER_TAKEN', { what: `${kind} order`, number: input.order });
      const at = input.at ?? new Date().toISOString();
      await this.recordEvents.within(tx, [{ ...this.event(kind, input, at), id: `order:${input.id}` }]);
      await putLineTerms(tx, kind, input.order, termsOf(input.lines));
    });
  }

  /** Says anew what is ordered; what was said before stays on record. Throws NOT_FOUND. */
  change(ctx: Context, kind: OrderKind, input: OrderInput & { reason: string }): Promise<OrderView> {
    return this.command(ctx, `change-${kind}-order`, kind, input.order, input, async (tx) => {
      const order = await orderNamed(tx, kind, input.order);
      const [first, ...others] = await orderEvents(tx, kind, input.order);
      const at = input.at ?? formatTime(order.atMs);
      const put = this.event(kind, input, at);
      const { reason } = input;
      await this.recordEvents.within(tx, [
        first
          ? { type: 'correct', id: `order:${input.id}`, event: first, with: put, reason }
          : { ...put, id: `order:${input.id}` },
        // Of several events that order the same, the newest word counts alone.
        ...others.map((event, i) => ({ type: 'void', id: `order:${input.id}:${i}`, event, reason })),
      ]);
      const before = await lineTerms(tx, kind, [input.order]);
      await putLineTerms(tx, kind, input.order, termsOf(input.lines));
      await tx.audit({
        action: 'change-order',
        subject: `${kind}-order:${input.order}`,
        before: { lines: order.lines.map((l) => l.line), terms: before.size },
        after: { lines: input.lines, reason },
      });
    });
  }

  /** Throws ORDER_STARTED where something came or went for it already, NOT_FOUND. */
  cancel(
    ctx: Context,
    kind: OrderKind,
    input: { id: string; order: string; reason: string },
  ): Promise<{ order: string; cancelled: true }> {
    const { id, order: number, reason } = input;
    return this.uow.run(ctx, (tx) =>
      once(tx, { id, verb: `cancel-${kind}-order`, content: input }, async () => {
        await lockOrder(tx, kind, number);
        await orderNamed(tx, kind, number);
        const parts = await orderParts(tx, kind, [number]);
        if (parts.length > 0) throw new DomainError('ORDER_STARTED', { number, count: parts.length });
        const events = await orderEvents(tx, kind, number);
        await this.recordEvents.within(
          tx,
          events.map((event, i) => ({ type: 'void', id: `cancel:${id}:${i}`, event, reason })),
        );
        await closeLine(tx, kind, number, '', reason);
        if (kind === 'sales') await cancelPicksOf(tx, number, reason);
        await tx.audit({ action: 'cancel-order', subject: `${kind}-order:${number}`, after: { reason } });
        return { order: number, cancelled: true as const };
      }),
    );
  }

  /** Closes lines, or the whole order: nothing more is expected or owed. Throws NOT_FOUND. */
  close(
    ctx: Context,
    kind: OrderKind,
    input: { id: string; order: string; lines?: string[]; reason: string },
  ): Promise<OrderView> {
    return this.command(ctx, `close-${kind}-order`, kind, input.order, input, async (tx) => {
      await this.linesExist(tx, kind, input.order, input.lines ?? []);
      for (const line of input.lines ?? ['']) await closeLine(tx, kind, input.order, line, input.reason);
      await tx.audit({
        action: 'close-order',
        subject: `${kind}-order:${input.order}`,
        after: { lines: input.lines, reason: input.reason },
      });
    });
  }

  /** Opens what was closed again. Throws NOT_FOUND. */
  reopen(
    ctx: Context,
    kind: OrderKind,
    input: { id: string; order: string; lines?: string[]; reason: string },
  ): Promise<OrderView> {
    return this.command(ctx, `reopen-${kind}-order`, kind, input.order, input, async (tx) => {
      await this.linesExist(tx, kind, input.order, input.lines ?? []);
      await reopen(tx, kind, input.order, input.lines ?? null);
      await tx.audit({
        action: 'reopen-order',
        subject: `${kind}-order:${input.order}`,
        after: { lines: input.lines, reason: input.reason },
      });
    });
  }

  /** Tells what is on its way: a supplier's advice. Throws NOT_FOUND where the order is not known. */
  announce(ctx: Context, input: AnnounceInput): Promise<OrderView> {
    return this.command(ctx, 'announce', 'purchase', input.order, input, async (tx) => {
      const order = await orderNamed(tx, 'purchase', input.order);
      await this.recordEvents.within(tx, [
        {
          type: 'expect',
          id: `expect:${input.id}`,
          at: input.at ?? new Date().toISOString(),
          purchaseOrder: input.order,
          partner: order.partner,
          ...(input.shipment !== undefined && { shipment: input.shipment }),
          lines: input.lines.map(({ serial, lot, ...line }) => ({
            ...line,
            ...unitOf(line.item, { serial, lot }),
          })),
        },
      ]);
    });
  }

  private command(
    ctx: Context,
    verb: string,
    kind: OrderKind,
    number: string,
    input: { id: string },
    work: (tx: Tx) => Promise<void>,
  ): Promise<OrderView> {
    return this.uow.run(ctx, (tx) =>
      once(tx, { id: input.id, verb, content: input }, async () => {
        await lockOrder(tx, kind, number);
        await work(tx);
        return orderView(tx, kind, number, this.settings);
      }),
    );
  }

  private async linesExist(tx: Tx, kind: OrderKind, number: string, lines: readonly string[]): Promise<void> {
    const order = await orderNamed(tx, kind, number);
    for (const line of lines)
      if (!order.lines.some((l) => l.line === line))
        throw new DomainError('NOT_FOUND', { what: 'order line', key: line });
  }

  private event(kind: OrderKind, input: OrderInput, at: string): object {
    return {
      type: 'order',
      at,
      [kind === 'purchase' ? 'purchaseOrder' : 'salesOrder']: input.order,
      partner: input.partner,
      ...(input.note !== undefined && { note: input.note }),
      lines: input.lines.map(({ terms: _terms, serial, lot, ...line }, i) => ({
        ...line,
        line: line.line ?? String(i + 1),
        ...unitOf(line.item, { serial, lot }),
      })),
    };
  }
}

export interface AnnounceInput {
  id: string;
  order: string;
  at?: string;
  shipment?: string;
  lines: (Omit<OrderLineInput, 'terms'> & { container?: string })[];
}

function unitOf(item: string, { serial, lot }: { serial?: string | undefined; lot?: string | undefined }): object {
  if (serial !== undefined) return { unit: { item, serial } };
  return lot === undefined ? {} : { unit: { item, lot } };
}

function termsOf(lines: readonly OrderLineInput[]): Map<string, Terms> {
  return new Map(
    lines.map((l, i) => [
      l.line ?? String(i + 1),
      {
        overPercent: l.terms?.overPercent === undefined ? null : percent(l.terms.overPercent),
        shortPercent: l.terms?.shortPercent === undefined ? null : percent(l.terms.shortPercent),
        lifeDaysMin: l.terms?.lifeDaysMin ?? null,
        strategy: l.terms?.strategy ?? null,
      },
    ]),
  );
}

/** Throws QUANTITY_INVALID. */
export function percent(text: string): bigint {
  const value = parseDecimal(text);
  if (value < 0n) throw new DomainError('QUANTITY_INVALID', { value: text, reason: 'a percentage is not below zero.' });
  return value;
}
