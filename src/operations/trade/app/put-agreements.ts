import { Injectable } from '@nestjs/common';
import { DomainError, parseDecimal } from '@/kernel';
import { Context, UnitOfWork } from '@/platform/db';
import { plansOfItem, putPlan, type StoredPlan } from '../db/plans';
import { itemsOf, partnerOf } from '../db/reference';
import { partnerTerms, putPartnerTerms } from '../db/terms';
import type { InspectionPlan } from '../domain/inspection';
import type { Strategy, Terms } from '../domain/order';
import { percent } from './put-order';

export interface PlanInput {
  supplier?: string;
  characteristics: { name: string; low?: string; high?: string; uom?: string }[];
  skippable?: boolean;
}

/** What is agreed on beforehand: how goods are inspected when they come in, and what a partner allows. By natural key, so put twice is once. */
@Injectable()
export class PutAgreements {
  constructor(private readonly uow: UnitOfWork) {}

  /** Throws UNKNOWN_ITEM, UNKNOWN_PARTNER, FIELD_INVALID. A plan without characteristics asks for nothing. */
  plan(ctx: Context, itemCode: string, input: PlanInput): Promise<StoredPlan[]> {
    const names = input.characteristics.map((c) => c.name);
    const twice = names.find((n, i) => names.indexOf(n) !== i);
    if (twice !== undefined)
      throw new DomainError('FIELD_INVALID', { field: 'characteristics', reason: `"${twice}" is there twice.` });
    for (const c of input.characteristics)
      if (c.low !== undefined && c.high !== undefined && parseDecimal(c.low) > parseDecimal(c.high))
        throw new DomainError('FIELD_INVALID', {
          field: 'characteristics',
          reason: `of "${c.name}" low is above high.`,
        });
    const plan: InspectionPlan = {
      characteristics: input.characteristics.map((c) => ({
        name: c.name,
        low: c.low ?? null,
        high: c.high ?? null,
        uom: c.uom ?? null,
      })),
      skippable: input.skippable ?? false,
    };
    return this.uow.run(ctx, async (tx) => {
      const item = (await itemsOf(tx, [itemCode])).get(itemCode)!;
      const supplier = input.supplier === undefined ? null : await partnerOf(tx, input.supplier);
      const before = await putPlan(tx, item.itemId, supplier?.partnerId ?? 0, plan);
      await tx.audit({
        action: 'put-inspection-plan',
        subject: `item:${itemCode}`,
        before: before ?? undefined,
        after: { supplier: supplier?.code, ...plan },
      });
      return plansOfItem(tx, item.itemId);
    });
  }

  /** Throws UNKNOWN_PARTNER, QUANTITY_INVALID. */
  terms(
    ctx: Context,
    partnerCode: string,
    input: { overPercent?: string; shortPercent?: string; lifeDaysMin?: number; strategy?: Strategy },
  ): Promise<Terms> {
    const terms: Terms = {
      overPercent: input.overPercent === undefined ? null : percent(input.overPercent),
      shortPercent: input.shortPercent === undefined ? null : percent(input.shortPercent),
      lifeDaysMin: input.lifeDaysMin ?? null,
      strategy: input.strategy ?? null,
    };
    return this.uow.run(ctx, async (tx) => {
      const partner = await partnerOf(tx, partnerCode);
      await putPartnerTerms(tx, partner.partnerId, terms);
      await tx.audit({ action: 'put-terms', subject: `partner:${partnerCode}`, after: input });
      return partnerTerms(tx, partner.partnerId);
    });
  }
}
