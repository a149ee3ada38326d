import { Injectable } from '@nestjs/common';
import { DomainError, formatDecimal, toBase } from '@/kernel';
import { findUnit, identities, readUnitName, type UnitIdentity, unitNamed, type UnitNamed } from '@/ledger';
import { once } from '@/platform/commands';
import { type Context, type Tx, UnitOfWork } from '@/platform/db';
import { itemsById } from '@/reference/catalog';
import { partnersByCode } from '@/reference/partners';
import { placesByCode } from '@/reference/places';
import { openDispositions } from '../disposition-queries';
import { checkFields, type DispositionKind } from '../domain/disposition';
import { type OpenHoldRow, openHolds } from '../queries';

export interface ProposeInput {
  id: string;
  kind: DispositionKind;
  reason: string;
  /** where it is reworked or sorted */
  place?: string | undefined;
  /** to whom it goes back */
  supplier?: string | undefined;
  /** the holds it is about; without units: all units of the group */
  group?: string | undefined;
  units?: { unit: UnitNamed | string; quantity?: { value: string; uom: string } | undefined }[] | undefined;
}

interface Part {
  unit: UnitIdentity;
  quantity: bigint | null;
}

/** Proposes what is to become of held units, or of parts of held lots. Nothing is free by it: another person decides. */
@Injectable()
export class ProposeDisposition {
  constructor(private readonly uow: UnitOfWork) {}

  /**
   * Throws HOLD_SCOPE, DISPOSITION_FIELD, DISPOSITION_NOT_HELD, DISPOSITION_PART, DISPOSITION_OPEN, UNIT_UNKNOWN,
   * UNKNOWN_PLACE, UNKNOWN_PARTNER.
   */
  execute(ctx: Context, input: ProposeInput): Promise<{ disposition: string }> {
    checkFields(input.kind, {
      ...(input.place && { place: input.place }),
      ...(input.supplier && { supplier: input.supplier }),
    });
    return this.uow.run(ctx, (tx) => this.within(tx, input));
  }

  /** In a transaction of others: what was rejected at the dock is proposed to go back. */
  within(tx: Tx, input: ProposeInput): Promise<{ disposition: string }> {
    return once(tx, { id: input.id, verb: 'propose', content: input }, async () => {
      const { parts, holds } = await subject(tx, input);
      await nothingElseOpen(tx, parts);
      const [row] = await tx.query<{ disposition_id: number }>(
        `INSERT INTO disposition (kind, reason, place_id, partner_id, proposed_by) VALUES ($1, $2, $3, $4, $5) RETURNING disposition_id`,
        [input.kind, input.reason, await placeId(tx, input.place), await partnerId(tx, input.supplier), tx.ctx.actor],
      );
      const disposition = `D${row!.disposition_id}`;
      const rows = parts.map(({ unit, quantity }) => ({
        unit: unit.unitId,
        holds: holds.get(unit.unitId)!.map((hold) => hold.holdId),
        quantity: quantity === null ? null : formatDecimal(quantity),
      }));
      await tx.query(
        `INSERT INTO disposition_unit (disposition_id, unit_id, hold_ids, quantity)
           SELECT $1, r.unit, ARRAY(SELECT jsonb_array_elements_text(r.holds)::bigint), r.quantity::numeric
             FROM jsonb_to_recordset($2::jsonb) AS r(unit int, holds jsonb, quantity text)`,
        [row!.disposition_id, JSON.stringify(rows)],
      );
      await tx.audit({
        action: 'propose-disposition',
        subject: `disposition:${disposition}`,
        after: { kind: input.kind, reason: input.reason, units: parts.length },
      });
      return { disposition };
    });
  }
}

/** What it is about: units with their holds; of a group those holds alone. Throws DISPOSITION_NOT_HELD where none is open. */
async function subject(
  tx: Tx,
  { group, units }: ProposeInput,
): Promise<{ parts: Part[]; holds: Map<number, OpenHoldRow[]> }> {
  if (group === undefined && units === undefined) throw new DomainError('HOLD_SCOPE');
  const named = units && (await partsNamed(tx, units));
  const open =
    named === undefined
      ? await openHolds(tx, { group: group! })
      : await openHolds(tx, { units: named.map((part) => part.unit.unitId) });
  const inGroup =
    named === undefined || group === undefined
      ? open
      : await openHolds(tx, { group }).then((of) =>
          open.filter((hold) => of.some((one) => one.holdId === hold.holdId)),
        );
  const holds = new Map<number, OpenHoldRow[]>();
  for (const hold of inGroup) holds.set(hold.unitId, [...(holds.get(hold.unitId) ?? []), hold]);
  if (named === undefined && holds.size === 0) throw new DomainError('HOLD_NOT_OPEN');
  const parts =
    named ?? [...(await identities(tx, [...holds.keys()])).values()].map((unit) => ({ unit, quantity: null }));
  for (const { unit } of parts)
    if (!holds.has(unit.unitId)) throw new DomainError('DISPOSITION_NOT_HELD', { unit: `${unit.item} ${unit.code}` });
  return { parts, holds };
}

async function partsNamed(tx: Tx, units: NonNullable<ProposeInput['units']>): Promise<Part[]> {
  const found: Part[] = [];
  for (const [index, { unit: name, quantity }] of units.entries()) {
    const unit =
      typeof name === 'string'
        ? await findUnit(tx, name)
        : await unitNamed(tx, readUnitName(name, `units[${index}].unit`));
    if (found.some((part) => part.unit.unitId === unit.unitId))
      throw new DomainError('FIELD_INVALID', { field: 'units', reason: `${unit.item} ${unit.code} is there twice.` });
    if (quantity && unit.kind !== 'lot')
      throw new DomainError('DISPOSITION_PART', { unit: `${unit.item} ${unit.code}`, unitKind: unit.kind });
    const item = quantity && (await itemsById(tx, [unit.itemId])).get(unit.itemId);
    const base = quantity && item ? toBase(quantity.value, quantity.uom, { ...item, item: item.code }) : null;
    if (base !== null && base <= 0n)
      throw new DomainError('QUANTITY_INVALID', { value: quantity!.value, reason: 'it must be above zero.' });
    found.push({ unit, quantity: base });
  }
  return found;
}

/** Two decisions about the same goods would contradict each other; about different parts of a lot they do not. */
async function nothingElseOpen(tx: Tx, parts: readonly Part[]): Promise<void> {
  const byUnit = new Map(parts.map((part) => [part.unit.unitId, part]));
  for (const open of await openDispositions(tx, [...byUnit.keys()])) {
    const part = byUnit.get(open.unitId)!;
    if (open.part && part.quantity !== null) continue;
    throw new DomainError('DISPOSITION_OPEN', {
      disposition: `D${open.dispositionId}`,
      unit: `${part.unit.item} ${part.unit.code}`,
      state: open.state,
    });
  }
}

async function placeId(tx: Tx, code: string | undefined): Promise<number | null> {
  if (code === undefined) return null;
  const place = (await placesByCode(tx, [code])).get(code);
  if (!place) throw new DomainError('UNKNOWN_PLACE', { place: code });
  return place.placeId;
}

async function partnerId(tx: Tx, code: string | undefined): Promise<number | null> {
  if (code === undefined) return null;
  const partner = (await partnersByCode(tx, [code])).get(code);
  if (!partner) throw new DomainError('UNKNOWN_PARTNER', { partner: code });
  return partner.partnerId;
}
