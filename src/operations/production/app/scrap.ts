import { Injectable } from '@nestjs/common';
import { DomainError, formatDecimal, formatTime, toBase } from '@/kernel';
import { RecordEvents, unitRef } from '@/ledger';
import { Context } from '@/platform/db';
import { itemsById } from '@/reference/catalog';
import { buildName, takenElsewhere } from '../db/builds';
import { orderByNumber } from '../db/orders';
import { unitMeant } from '../db/units';
import { Commands } from './commands';

export interface ScrapInput {
  id: string;
  scan: string;
  quantity?: { value: string; uom: string };
  reason: string;
  workOrder?: string;
  workCenter?: string;
  place?: string;
  operator?: string;
  at?: string;
  check?: 'record' | 'live';
}

/** Scraps a parent or a component at the line, with the reason and the order that it is counted under. */
@Injectable()
export class Scrap {
  constructor(
    private readonly commands: Commands,
    private readonly recordEvents: RecordEvents,
  ) {}

  /** Throws PART_UNKNOWN, PART_RESERVED, NOT_FOUND (order) and what stands against it now (ALREADY_INSTALLED, STOCK_SHORT, …). */
  execute(ctx: Context, input: ScrapInput) {
    return this.commands.run(ctx, 'scrap', input.id, input, async (tx) => {
      const unit = await unitMeant(tx, input.scan);
      const label = `${unit.item} ${unit.code}`;
      if (input.workOrder !== undefined) await orderByNumber(tx, input.workOrder);
      const [taken] = (await takenElsewhere(tx, 0, [unit.unitId])).filter((t) => t.serial);
      if (taken)
        throw new DomainError('PART_RESERVED', {
          unit: label,
          build: buildName(taken.buildId),
          order: taken.order,
          parent: `${taken.item} ${taken.code}`,
        });
      const item = (await itemsById(tx, [unit.itemId])).get(unit.itemId)!;
      if (unit.kind === 'lot' && !input.quantity) throw new DomainError('FIELD_REQUIRED', { field: 'quantity' });
      const nano = input.quantity && toBase(input.quantity.value, input.quantity.uom, { ...item, item: item.code });
      const quantity = nano === undefined ? null : { value: formatDecimal(nano), uom: unit.uom };
      const id = `scrap:${input.id}`;
      await this.recordEvents.within(
        tx,
        [
          {
            type: 'scrap',
            id,
            at: input.at ?? formatTime(Date.now()),
            unit: unitRef(unit.item, unit.kind, unit.code),
            ...(quantity && { quantity }),
            reason: input.reason,
            ...(input.place && { place: input.place }),
            ...(input.workOrder && { workOrder: input.workOrder }),
            ...(input.workCenter && { workCenter: input.workCenter }),
            ...(input.operator && { operator: input.operator }),
          },
        ],
        { check: input.check ?? 'live' },
      );
      return {
        verdict: 'ok' as const,
        message: `${quantity ? `${quantity.value} ${quantity.uom} of ` : ''}${label} is scrapped: ${input.reason}.`,
        unit: { id: unit.id, unit: unitRef(unit.item, unit.kind, unit.code), name: unit.name },
        event: id,
      };
    });
  }
}
