/** The rules of `order`, `expect` and `amend`: what is promised, and how a unit is described. */
import { AttributeInput, DomainError, parsePeriod, typedValue } from '@/kernel';
import type { Draft } from './draft';
import { DraftBuilder, Fact } from './draft-builder';
import type { EventOf, ParsedEvent } from './event-shapes';
import type { UnitState, World } from './world';

export class OrderRule extends DraftBuilder {
  run(e: EventOf<'order'> | EventOf<'expect'>, promise: 'ordered' | 'expected'): void {
    const shipment = 'shipment' in e ? (e.shipment ?? null) : null;
    const both = e.purchaseOrder !== undefined && e.salesOrder !== undefined;
    const document = e.purchaseOrder ?? e.salesOrder ?? null;
    if (both || (document === null && (promise === 'ordered' || shipment === null)))
      throw new DomainError('ORDER_UNNAMED');
    const partnerId = this.world.partner(e.partner)!;
    e.lines.forEach((row, i) => {
      const due =
        row.due === undefined ? null : parsePeriod(row.due, this.world.zoneOf(row.place ?? e.place), `lines[${i}].due`);
      const unit = row.unit ? this.unit(row.unit) : null;
      if (unit && unit.item.item !== row.item)
        throw new DomainError('FIELD_INVALID', { field: `lines[${i}].unit`, reason: `it is no unit of ${row.item}.` });
      const item = this.world.item(row.item);
      this.draft.orderLines.push({
        promise,
        direction: e.salesOrder === undefined ? 'purchase' : 'sales',
        document,
        shipment,
        partnerId,
        // Without a number of its own a line has its place in the list.
        line: row.line ?? String(i + 1),
        itemId: item.id,
        quantity: this.world.amountOf(item, row.quantity),
        typed: row.quantity,
        unit,
        container: row.container ?? null,
        placeId: this.world.place(row.place),
        due,
        at: this.fact.at,
      });
      // The unit is known from now on, though nothing has made it yet.
      if (unit) this.movement(unit, 'expected', null);
    });
  }
}

export class AmendRule extends DraftBuilder {
  run(e: EventOf<'amend'>): void {
    const unit = this.unit(e.unit);
    if (e.attributes === undefined && e.expires === undefined && e.aliases === undefined)
      throw new DomainError('FIELD_REQUIRED', { field: 'attributes, expires or aliases' });
    this.movement(unit, 'amended', null, { expires: this.expiry(e.expires, e.place) });
    for (const { alias, kind, partner } of e.aliases ?? [])
      this.draft.aliases.push({ unit, alias, kind: kind ?? 'alias', partnerId: this.world.partner(partner) });
  }
}

const MAKES: ReadonlySet<ParsedEvent['type']> = new Set(['receive', 'create', 'produce', 'split', 'merge']);

/**
 * Whom the event's own attributes describe: the units that a receipt, creation, production, split or merge makes, and the one
 * that an amendment names; those of any other event are its own.
 */
export function describe(world: World, { event }: Fact, draft: Draft): void {
  const given: Record<string, AttributeInput | null> = { ...event.attributes };
  // The revision of what was received is an attribute like any other, under this name.
  if (event.type === 'receive' && event.revision !== undefined) given.revision ??= event.revision;
  const entries = Object.entries(given);
  if (entries.length === 0) return;
  const role = event.type === 'amend' ? 'amended' : MAKES.has(event.type) ? 'made' : null;
  const units: (UnitState | null)[] =
    role === null ? [null] : [...new Set(draft.movements.filter((m) => m.role === role).map((m) => m.unit))];
  for (const unit of units) {
    const bearer = unit && { what: 'unit' as const, item: unit.item.item, category: unit.item.category };
    for (const [name, input] of entries) {
      const typed = input === null ? null : typedValue(name, input, world.attributes.get(name), bearer);
      draft.attributes.push({ unit, name, typed });
    }
  }
}
