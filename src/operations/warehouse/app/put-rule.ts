import { Injectable } from '@nestjs/common';
import { DomainError, formatDecimal, toBase } from '@/kernel';
import { type Context, RaceLost, UnitOfWork } from '@/platform/db';
import { itemsByCode } from '@/reference/catalog';
import { Fields } from '@/reference/master';
import { placesByCode } from '@/reference/places';
import { ruleByCode } from '../db/rules';
import type { RuleKind } from '../domain/rules';

export interface RuleInput {
  kind: RuleKind;
  active?: boolean;
  item?: string;
  category?: string;
  from?: string;
  to: string;
  min?: { value: string; uom: string };
  max?: { value: string; uom: string };
  priority?: number;
  role?: string;
  instruction?: string;
}

/** Creates or replaces a rule by its code. */
@Injectable()
export class PutRule {
  constructor(private readonly uow: UnitOfWork) {}

  /** Throws UNKNOWN_ITEM, UNKNOWN_PLACE, FIELD_REQUIRED, FIELD_INVALID, UOM_UNKNOWN. */
  execute(ctx: Context, code: string, input: RuleInput): Promise<void> {
    const key = new Fields({ code }, ['code']).code('code');
    return this.uow.run(ctx, async (tx) => {
      const item =
        input.item === undefined ? null : ((await itemsByCode(tx, [input.item])).get(input.item) ?? undefined);
      if (item === undefined) throw new DomainError('UNKNOWN_ITEM', { item: input.item });
      const places = await placesByCode(tx, [input.to, ...(input.from === undefined ? [] : [input.from])]);
      const placeId = (place: string): number => {
        const found = places.get(place);
        if (!found) throw new DomainError('UNKNOWN_PLACE', { place });
        return found.placeId;
      };
      const nanos = (field: 'min' | 'max'): bigint | null => {
        const quantity = input[field];
        if (input.kind !== 'replenish') return null;
        if (!item) throw new DomainError('FIELD_REQUIRED', { field: 'item' });
        if (!quantity) throw new DomainError('FIELD_REQUIRED', { field });
        return toBase(quantity.value, quantity.uom, { ...item, item: item.code });
      };
      const [min, max] = [nanos('min'), nanos('max')];
      if (min !== null && max !== null && (min <= 0n || max < min))
        throw new DomainError('FIELD_INVALID', { field: 'max', reason: 'it is to be at least the minimum.' });
      if (input.kind === 'putaway' && input.from === undefined)
        throw new DomainError('FIELD_REQUIRED', { field: 'from' });
      const before = await ruleByCode(tx, key);
      const values = [
        key,
        input.kind,
        input.active ?? true,
        item?.itemId ?? null,
        input.category ?? null,
        input.from === undefined ? null : placeId(input.from),
        placeId(input.to),
        min === null ? null : formatDecimal(min),
        max === null ? null : formatDecimal(max),
        input.priority ?? 2,
        input.role ?? null,
        input.instruction ?? null,
        tx.ctx.actor,
      ];
      const [stored] = await tx.query(
        `INSERT INTO warehouse_rule (code, kind, active, item_id, category, from_place_id, to_place_id, min, max, priority, role, instruction, changed_by)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
         ON CONFLICT (code) DO UPDATE SET kind = excluded.kind, active = excluded.active, item_id = excluded.item_id, category = excluded.category,
           from_place_id = excluded.from_place_id, to_place_id = excluded.to_place_id, min = excluded.min, max = excluded.max,
           priority = excluded.priority, role = excluded.role, instruction = excluded.instruction, changed_by = excluded.changed_by, changed_at = now()
         RETURNING warehouse_rule_id`,
        values,
      );
      if (!stored) throw new RaceLost(`rule ${key}`);
      await tx.audit({
        action: before ? 'change-rule' : 'create-rule',
        subject: `rule:${key}`,
        ...(before && { before }),
        after: input,
      });
    });
  }
}
