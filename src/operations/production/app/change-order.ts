import { Injectable } from '@nestjs/common';
import { DomainError, formatDecimal, parseDecimal, parsePeriod, toBase } from '@/kernel';
import { Settings } from '@/platform/config';
import { Context } from '@/platform/db';
import { itemsById } from '@/reference/catalog';
import { openBuildNames } from '../db/builds';
import { orderByNumber, orderCounts, setOrderQuantity, setOrderState } from '../db/orders';
import { changeOrder, OrderVerb } from '../domain/order-states';
import { OrderView, viewOrder } from '../queries';
import { Commands } from './commands';

/** Releases, closes, cancels and reopens a work order, and changes how much it is for. */
@Injectable()
export class ChangeOrder {
  constructor(
    private readonly commands: Commands,
    private readonly settings: Settings,
  ) {}

  /** Throws NOT_FOUND, ORDER_STATE, ORDER_BUILDS_OPEN, ORDER_HAS_OUTPUT, ORDER_REASON. */
  execute(
    ctx: Context,
    number: string,
    verb: Exclude<OrderVerb, 'start'>,
    input: { id: string; reason?: string },
  ): Promise<OrderView> {
    return this.commands.run(ctx, `${verb}-order`, input.id, { ...input, number }, async (tx) => {
      const order = await orderByNumber(tx, number, 'update');
      // Builds first: what ended in between has its event by the time that the facts are counted.
      const openBuilds = await openBuildNames(tx, order.orderId);
      const counts = (await orderCounts(tx, [order])).get(number)!;
      const now = {
        number,
        state: order.state,
        quantity: parseDecimal(order.quantity),
        // What a rework order does is done on units that are there already.
        produced: order.kind === 'rework' ? BigInt(counts.reworked) * parseDecimal('1') : counts.produced,
        openBuilds,
      };
      const state = changeOrder(now, verb, input.reason);
      await setOrderState(tx, order.orderId, state, input.reason ?? null);
      await tx.audit({
        action: `${verb}-work-order`,
        subject: `work-order:${number}`,
        before: { state: order.state },
        after: { state, ...(input.reason && { reason: input.reason }) },
      });
      return viewOrder(tx, { ...order, state, reason: input.reason ?? null });
    });
  }

  /** How much, and until when, while it is not ended. Throws NOT_FOUND, ORDER_STATE, QUANTITY_INVALID. */
  revise(
    ctx: Context,
    number: string,
    input: { id: string; quantity?: { value: string; uom: string }; due?: string },
  ): Promise<OrderView> {
    return this.commands.run(ctx, 'revise-order', input.id, { ...input, number }, async (tx) => {
      const order = await orderByNumber(tx, number, 'update');
      if (order.state === 'closed' || order.state === 'cancelled')
        throw new DomainError('ORDER_STATE', { number, state: order.state, verb: 'be changed', may: 'reopen' });
      const item = (await itemsById(tx, [order.itemId])).get(order.itemId)!;
      const nano = input.quantity
        ? toBase(input.quantity.value, input.quantity.uom, { ...item, item: item.code })
        : parseDecimal(order.quantity);
      if (nano <= 0n)
        throw new DomainError('QUANTITY_INVALID', { value: input.quantity!.value, reason: 'it must be above zero.' });
      const dueMs =
        input.due === undefined ? order.dueMs : parsePeriod(input.due, this.settings.timeZone, 'due').until - 1;
      const quantity = formatDecimal(nano);
      await setOrderQuantity(tx, order.orderId, quantity, dueMs);
      await tx.audit({
        action: 'change-work-order',
        subject: `work-order:${number}`,
        before: { quantity: order.quantity, dueMs: order.dueMs },
        after: { quantity, dueMs },
      });
      return viewOrder(tx, { ...order, quantity, dueMs });
    });
  }
}
