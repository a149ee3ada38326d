import { Injectable } from '@nestjs/common';
import { DomainError } from '@/kernel';
import { RecordEvents } from '@/ledger';
import { once } from '@/platform/commands';
import { Context, UnitOfWork } from '@/platform/db';
import { releaseShipped } from '../db/picks';
import { eventsOfShipment, lockShipment, markShipmentVoid } from '../db/shipments';
import { shipmentByNumber, type ShipmentView } from '../queries/shipments';

/** Takes a shipment back that never left: its goods are in house again, free to be picked. */
@Injectable()
export class VoidShipment {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly recordEvents: RecordEvents,
  ) {}

  /** Throws NOT_FOUND, VOIDED_ALREADY. */
  execute(ctx: Context, input: { id: string; shipment: string; reason: string }): Promise<ShipmentView> {
    const { id, shipment: number, reason } = input;
    return this.uow.run(ctx, (tx) =>
      once(tx, { id, verb: 'void-shipment', content: input }, async () => {
        const shipment = await lockShipment(tx, number);
        if (shipment.voidReason !== null)
          throw new DomainError('VOIDED_ALREADY', { what: 'Shipment', number, reason: shipment.voidReason });
        const events = await eventsOfShipment(tx, shipment.shipmentId);
        if (events.length > 0)
          await this.recordEvents.within(
            tx,
            events.map((event, i) => ({ type: 'void', id: `void-shipment:${id}:${i}`, event, reason })),
          );
        await markShipmentVoid(tx, shipment.shipmentId, reason);
        await releaseShipped(tx, shipment.pickLineIds);
        await tx.audit({ action: 'void-shipment', subject: `shipment:${number}`, after: { reason } });
        return shipmentByNumber(tx, number);
      }),
    );
  }
}
