import { Injectable } from '@nestjs/common';
import { readUnitName, RecordEvents, unitNamed, type UnitNamed, unitRef } from '@/ledger';
import { once } from '@/platform/commands';
import { type Context, UnitOfWork } from '@/platform/db';

export interface Adjustment {
  id: string;
  unit: UnitNamed;
  place?: string;
  /** signed: what there is more, or less */
  quantity: { value: string; uom: string };
  reason: string;
}

/** Corrects stock by a signed amount, with the reason: spilled, found, measured wrong. */
@Injectable()
export class AdjustStock {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly recordEvents: RecordEvents,
  ) {}

  /** Throws UNIT_UNKNOWN, UNKNOWN_PLACE, UOM_UNKNOWN, COMMAND_ID_REUSED, and what the ledger refuses. */
  execute(ctx: Context, { id, ...content }: Adjustment): Promise<{ event: string }> {
    return this.uow.run(ctx, (tx) =>
      once(tx, { id, verb: 'adjust', content }, async () => {
        const unit = await unitNamed(tx, readUnitName(content.unit));
        const event = `adjust:${id}`;
        await this.recordEvents.within(
          tx,
          [
            {
              type: 'adjust',
              id: event,
              at: new Date().toISOString(),
              unit: unitRef(unit.item, unit.kind, unit.code),
              ...(content.place !== undefined && { place: content.place }),
              quantity: content.quantity,
              reason: content.reason,
            },
          ],
          { check: 'live' },
        );
        return { event };
      }),
    );
  }
}
