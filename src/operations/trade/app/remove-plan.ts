import { Injectable } from '@nestjs/common';
import { DomainError } from '@/kernel';
import { Context, UnitOfWork } from '@/platform/db';
import { plansOfItem, removePlan, type StoredPlan } from '../db/plans';
import { itemsOf, partnerOf } from '../db/reference';

/** Takes a plan of inspection away: for a supplier the one for any holds again; without that one, nothing is asked. */
@Injectable()
export class RemovePlan {
  constructor(private readonly uow: UnitOfWork) {}

  /** Throws UNKNOWN_ITEM, UNKNOWN_PARTNER, NOT_FOUND. */
  execute(ctx: Context, itemCode: string, supplierCode: string | undefined): Promise<StoredPlan[]> {
    return this.uow.run(ctx, async (tx) => {
      const item = (await itemsOf(tx, [itemCode])).get(itemCode)!;
      const supplier = supplierCode === undefined ? null : await partnerOf(tx, supplierCode);
      const before = await removePlan(tx, item.itemId, supplier?.partnerId ?? 0);
      if (!before) throw new DomainError('NOT_FOUND', { what: 'inspection plan for', key: supplierCode ?? 'any' });
      await tx.audit({
        action: 'remove-inspection-plan',
        subject: `item:${itemCode}`,
        before: { supplier: supplier?.code, ...before },
      });
      return plansOfItem(tx, item.itemId);
    });
  }
}
