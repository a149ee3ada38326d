import { Injectable } from '@nestjs/common';
import { DomainError } from '@/kernel';
import { RecordEvents } from '@/ledger';
import { once } from '@/platform/commands';
import { Context, UnitOfWork } from '@/platform/db';
import { eventsOf, lockReceipt, markReceiptVoid } from '../db/receipts';
import { receiptByNumber, type ReceiptView } from '../queries/receipts';

/** Takes a receipt back whole: what it recorded counts as never having happened; it stays readable. */
@Injectable()
export class VoidReceipt {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly recordEvents: RecordEvents,
  ) {}

  /** Throws NOT_FOUND, VOIDED_ALREADY, and what the ledger refuses where goods of it went on. */
  execute(ctx: Context, input: { id: string; receipt: string; reason: string }): Promise<ReceiptView> {
    const { id, receipt: number, reason } = input;
    return this.uow.run(ctx, (tx) =>
      once(tx, { id, verb: 'void-receipt', content: input }, async () => {
        const receipt = await lockReceipt(tx, number);
        if (receipt.voidReason !== null)
          throw new DomainError('VOIDED_ALREADY', { what: 'Receipt', number, reason: receipt.voidReason });
        const events = await eventsOf(tx, receipt.receiptId);
        if (events.length > 0)
          await this.recordEvents.within(
            tx,
            events.map((event, i) => ({ type: 'void', id: `void-receipt:${id}:${i}`, event, reason })),
          );
        await markReceiptVoid(tx, receipt.receiptId, reason);
        await tx.audit({ action: 'void-receipt', subject: `receipt:${number}`, after: { reason } });
        return receiptByNumber(tx, number);
      }),
    );
  }
}
