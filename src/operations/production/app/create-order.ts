import { Injectable } from '@nestjs/common';
import { DomainError, formatDecimal, parsePeriod, toBase } from '@/kernel';
import { Settings } from '@/platform/config';
import { Context, Tx } from '@/platform/db';
import { itemsByCode } from '@/reference/catalog';
import { partnersByCode } from '@/reference/partners';
import { placesByCode } from '@/reference/places';
import { checkPattern } from '../domain/serials';
import { insertOrder, orderByNumber } from '../db/orders';
import { workCenterByCode } from '../db/work-centers';
import { OrderView, viewOrder } from '../queries';
import { Commands } from './commands';
import { revisionFor } from './designs';

export interface OrderInput {
  id: string;
  number: string;
  kind?: 'build' | 'rework';
  item: string;
  quantity: { value: string; uom: string };
  revision?: string;
  planned?: string;
  due?: string;
  workCenter?: string;
  place?: string;
  customer?: string;
  salesOrder?: string;
  serialPattern?: string;
  openLines?: 'refuse' | 'reason';
  release?: boolean;
  note?: string;
}

/** Plans a work order, and releases it at once where that is asked for. */
@Injectable()
export class CreateOrder {
  constructor(
    private readonly commands: Commands,
    private readonly settings: Settings,
  ) {}

  /** Throws ORDER_EXISTS, UNKNOWN_ITEM, UNKNOWN_PLACE, UNKNOWN_PARTNER, NOT_FOUND (work centre), BOM_NONE, UNIT_NOT_TRACKED and QUANTITY_INVALID. */
  execute(ctx: Context, input: OrderInput): Promise<OrderView> {
    return this.commands.run(ctx, 'create-order', input.id, input, (tx) => this.create(tx, input));
  }

  private async create(tx: Tx, input: OrderInput): Promise<OrderView> {
    const item = (await itemsByCode(tx, [input.item], { hold: true })).get(input.item);
    if (!item) throw new DomainError('UNKNOWN_ITEM', { item: input.item });
    if (item.tracking === 'none') throw new DomainError('UNIT_NOT_TRACKED', { item: input.item });
    const quantity = toBase(input.quantity.value, input.quantity.uom, { ...item, item: input.item });
    if (quantity <= 0n)
      throw new DomainError('QUANTITY_INVALID', { value: input.quantity.value, reason: 'it must be above zero.' });
    const center = input.workCenter === undefined ? null : await workCenterByCode(tx, input.workCenter);
    const place = input.place === undefined ? null : (await placesByCode(tx, [input.place])).get(input.place);
    if (place === undefined) throw new DomainError('UNKNOWN_PLACE', { place: input.place });
    const partner =
      input.customer === undefined ? null : (await partnersByCode(tx, [input.customer])).get(input.customer);
    if (partner === undefined) throw new DomainError('UNKNOWN_PARTNER', { partner: input.customer });
    const zone = place?.zone ?? this.settings.timeZone;
    const planned = input.planned === undefined ? null : parsePeriod(input.planned, zone, 'planned');
    const due = input.due === undefined ? null : parsePeriod(input.due, zone, 'due');
    const kind = input.kind ?? 'build';
    if (kind === 'build')
      await revisionFor(
        tx,
        { itemId: item.itemId, item: item.code },
        input.revision ?? null,
        planned?.from ?? Date.now(),
      );
    await insertOrder(tx, {
      number: input.number,
      kind,
      itemId: item.itemId,
      quantity: formatDecimal(quantity),
      revision: input.revision ?? null,
      plannedMs: planned?.from ?? null,
      // A date means: by its end.
      dueMs: due === null ? null : due.until - 1,
      workCenterId: center?.workCenterId ?? null,
      placeId: place?.placeId ?? null,
      partnerId: partner?.partnerId ?? null,
      salesOrder: input.salesOrder ?? null,
      serialPattern: checkPattern(input.serialPattern ?? `${input.number}-{0000}`),
      openLines: input.openLines ?? 'reason',
      state: input.release ? 'released' : 'planned',
      note: input.note ?? null,
    });
    const { id: _, ...after } = input;
    await tx.audit({ action: 'create-work-order', subject: `work-order:${input.number}`, after });
    return viewOrder(tx, await orderByNumber(tx, input.number));
  }
}
