import { Injectable } from '@nestjs/common';
import { DomainError, formatDecimal, formatTime, parsePeriod, toBase } from '@/kernel';
import {
  type Present,
  presentOf,
  readUnitName,
  RecordEvents,
  type UnitIdentity,
  unitNamed,
  type UnitNamed,
  unitRef,
} from '@/ledger';
import { acknowledge, instructionsFor, type ShownInstruction } from '@/operations/instructions';
import { Settings } from '@/platform/config';
import { once } from '@/platform/commands';
import { Context, Database, Queryable, Tx, UnitOfWork } from '@/platform/db';
import { itemsById } from '@/reference/catalog';
import { type Partner, partnersById } from '@/reference/partners';
import { partnerOf, placeOf } from '../db/reference';
import { insertReturn, type Outgoing, shipmentsOfUnits } from '../db/shipments';
import { lockUnits } from '../db/stock';
import { type Verdict, verdictOf } from '../domain/verdict';
import { returnByNumber, type ReturnView } from '../queries/shipments';

export interface ReturnInput {
  id: string;
  /** its number; given where absent */
  return?: string;
  /** who sent it back; found by its last shipment where absent */
  customer?: string;
  shipment?: string;
  place: string;
  units: {
    unit: UnitNamed;
    quantity?: { value: string; uom: string };
    condition?: string;
    /** why more is taken in than the customer has by the record */
    overReason?: string;
  }[];
  condition?: string;
  note?: string;
  at?: string;
  acknowledged?: string[];
}

const ONE_PIECE = 1_000_000_000n;

interface Coming {
  unit: UnitIdentity;
  quantity: { value: string; uom: string } | undefined;
  condition: string | undefined;
  overReason: string | undefined;
  customer: Partner | null;
  out: Outgoing | undefined;
}

/** Goods come back: who had them, with which shipment, in which condition. They are on hold from then on. */
@Injectable()
export class TakeBack {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly db: Database,
    private readonly recordEvents: RecordEvents,
    private readonly settings: Settings,
  ) {}

  /**
   * Throws UNIT_UNKNOWN, UNKNOWN_PLACE, UNKNOWN_PARTNER, FIELD_REQUIRED (a customer, where nothing was shipped), RETURN_EXCEEDS
   * (more than the customer has, or a second time, without a reason).
   */
  execute(ctx: Context, input: ReturnInput): Promise<ReturnView> {
    return this.uow.run(ctx, (tx) =>
      once(tx, { id: input.id, verb: 'return', content: input }, () => this.takeBack(tx, input)),
    );
  }

  /** What is known of a unit that somebody brings: with which shipments it went out. Changes nothing. */
  async check(input: { unit: UnitNamed; customer?: string; shipment?: string }): Promise<
    Verdict<ShownInstruction> & {
      shipments?: object[];
      proposal?: { customer: string | null; shipment: string | null };
    }
  > {
    let shown: ShownInstruction[] = [];
    try {
      const unit = await unitNamed(this.db, readUnitName(input.unit));
      shown = await instructionsFor(this.db, { units: [unit.unitId] });
      const outs = await shipmentsOfUnits(this.db, [unit.unitId]);
      const customers = await partnersById(this.db, [...new Set(outs.flatMap((o) => o.customerId ?? []))]);
      const code = (o: Outgoing) => (o.customerId === null ? null : (customers.get(o.customerId)?.code ?? null));
      const named = outs.find(
        (o) =>
          (input.shipment === undefined || o.shipment === input.shipment) &&
          (input.customer === undefined || code(o) === input.customer),
      );
      const present = (await presentOf(this.db, [unit.unitId])).get(unit.unitId)!;
      const base = {
        unit: { id: unit.id, ...unitRef(unit.item, unit.kind, unit.code) },
        instructions: shown,
        shipments: outs.map((o) => ({
          shipment: o.shipment,
          customer: code(o),
          at: formatTime(o.atMs),
          quantity: o.quantity === null ? null : { value: o.quantity, uom: unit.uom },
        })),
      };
      const label = `${unit.item} ${unit.code}`;
      if (!named)
        return {
          ...base,
          verdict: 'warn',
          message: `${label} was never shipped${outs.length > 0 ? ' so' : ''}: it can be taken in, and shows as a gap.`,
          next: 'Name the customer who brought it.',
        };
      if (unit.kind === 'serial' && present.holdings[0]!.state !== 'shipped')
        return {
          ...base,
          verdict: 'warn',
          message: `${label} is ${present.holdings[0]!.state} by the record, not with a customer.`,
          proposal: { customer: code(named), shipment: named.shipment },
        };
      return {
        ...base,
        verdict: 'ok',
        message: `${label} went to ${code(named) ?? 'a customer'} with ${named.shipment ?? 'a shipment without number'}.`,
        next: 'Say in which condition it is.',
        proposal: { customer: code(named), shipment: named.shipment },
      };
    } catch (error) {
      return verdictOf(error, shown);
    }
  }

  private async takeBack(tx: Tx, input: ReturnInput): Promise<ReturnView> {
    const place = await placeOf(tx, input.place);
    const given = input.customer === undefined ? null : await partnerOf(tx, input.customer);
    const coming = await this.comingOf(tx, input, given);
    const at = input.at ?? new Date().toISOString();
    const events = groupsOf(coming, input.shipment).map(([first, ...rest], i) => {
      const shipment = input.shipment ?? first.out?.shipment ?? undefined;
      const note = [input.note, first.overReason].filter((part) => part !== undefined).join('; ');
      return {
        type: 'return',
        id: `return:${input.id}:${i}`,
        at,
        place: place.code,
        ...(first.customer && { customer: first.customer.code }),
        ...(shipment !== undefined && { shipment }),
        ...(first.condition !== undefined && { condition: first.condition }),
        ...(note !== '' && { note }),
        ...(first.out?.salesOrder != null && { refs: { salesOrder: first.out.salesOrder } }),
        units: [first, ...rest].map((c) => ({
          unit: unitRef(c.unit.item, c.unit.kind, c.unit.code),
          ...(c.quantity && { quantity: c.quantity }),
        })),
      };
    });
    await this.recordEvents.within(tx, events, { check: 'record' });
    const customers = new Set(coming.map((c) => c.customer?.partnerId ?? null));
    const shipments = new Set(coming.map((c) => input.shipment ?? c.out?.shipment ?? null));
    const number = await insertReturn(tx, {
      number: input.return ?? null,
      customerId: customers.size === 1 ? [...customers][0]! : null,
      shipment: shipments.size === 1 ? [...shipments][0]! : null,
      placeId: place.placeId,
      atMs: parsePeriod(at, place.zone ?? this.settings.timeZone).from,
      condition: input.condition ?? null,
      note: input.note ?? null,
      clientEventIds: events.map((e) => e.id),
      unitIds: coming.map((c) => c.unit.unitId),
    });
    await acknowledge(
      tx,
      {
        units: coming.map((c) => c.unit.unitId),
        places: [place.placeId],
        partners: [...customers].flatMap((c) => c ?? []),
      },
      input.acknowledged ?? [],
      { command: `return:${input.id}` },
    );
    await tx.audit({ action: 'return', subject: `return:${number}`, after: { units: coming.length } });
    return returnByNumber(tx, number);
  }

  private async comingOf(tx: Tx, input: ReturnInput, given: Partner | null): Promise<Coming[]> {
    const coming: Coming[] = [];
    const named: { unit: UnitIdentity; row: ReturnInput['units'][number] }[] = [];
    for (const row of input.units) named.push({ unit: await unitNamed(tx, readUnitName(row.unit)), row });
    // Two desks that take back the same goods take turns: the second one sees what the first took.
    await lockUnits(
      tx,
      named.map(({ unit }) => unit.unitId),
    );
    const taken = new Map<number, bigint>();
    for (const { unit, row } of named) {
      const ever = await shipmentsOfUnits(tx, [unit.unitId]);
      const outs = ever.filter(
        (o) =>
          (given === null || o.customerId === given.partnerId) &&
          (input.shipment === undefined || o.shipment === input.shipment),
      );
      const [out] = outs;
      const customer =
        given ??
        (out?.customerId == null ? null : ((await partnersById(tx, [out.customerId])).get(out.customerId) ?? null));
      // Nothing was shipped to anybody: only who brought it can say whose it was.
      if (!customer) throw new DomainError('FIELD_REQUIRED', { field: 'customer' });
      const present = (await presentOf(tx, [unit.unitId])).get(unit.unitId)!;
      const back = await quantityOf(tx, unit, row.quantity, present, customer.partnerId);
      if (ever.length > 0 && row.overReason === undefined) notTooMuch(unit, back.nanos, { present, customer, taken });
      coming.push({
        unit,
        quantity: back.given,
        condition: row.condition ?? input.condition,
        overReason: row.overReason,
        customer,
        out,
      });
    }
    return coming;
  }
}

/** What came back of one customer, shipment, order and condition is one event. */
function groupsOf(coming: readonly Coming[], shipment: string | undefined): [Coming, ...Coming[]][] {
  const groups = new Map<string, [Coming, ...Coming[]]>();
  for (const one of coming) {
    const { customer, out, condition, overReason } = one;
    const key = JSON.stringify([customer?.code, shipment ?? out?.shipment, condition, overReason, out?.salesOrder]);
    const group = groups.get(key);
    if (group) group.push(one);
    else groups.set(key, [one]);
  }
  return [...groups.values()];
}

/** A serial is one piece; of a lot what is said, else all that the customer has. Throws FIELD_REQUIRED. */
async function quantityOf(
  q: Queryable,
  unit: UnitIdentity,
  given: { value: string; uom: string } | undefined,
  present: Present,
  customerId: number,
): Promise<{ given: { value: string; uom: string } | undefined; nanos: bigint }> {
  if (unit.kind !== 'lot') return { given: undefined, nanos: ONE_PIECE };
  if (given) {
    const item = (await itemsById(q, [unit.itemId])).get(unit.itemId)!;
    return {
      given,
      nanos: toBase(given.value, given.uom, { item: item.code, uom: item.uom, factors: item.factors }),
    };
  }
  const nanos = withCustomer(present, customerId);
  if (nanos === null || nanos === 0n) throw new DomainError('FIELD_REQUIRED', { field: 'quantity' });
  return { given: { value: formatDecimal(nanos), uom: unit.uom }, nanos };
}

/** What the customer has of it by the record, in containers or not; null: nobody knows how much. */
function withCustomer(present: Present, customerId: number): bigint | null {
  const out = present.holdings.filter((h) => h.state === 'shipped' && h.customerId === customerId);
  return out.some((h) => h.quantity === null) ? null : out.reduce((sum, h) => sum + h.quantity!, 0n);
}

/** What was shipped comes back once: what is more was sent by mistake, read wrong, or is another's. Throws RETURN_EXCEEDS. */
function notTooMuch(
  unit: UnitIdentity,
  back: bigint,
  { present, customer, taken }: { present: Present; customer: Partner; taken: Map<number, bigint> },
): void {
  const there = withCustomer(present, customer.partnerId);
  const all = (taken.get(unit.unitId) ?? 0n) + back;
  taken.set(unit.unitId, all);
  if (there === null || all <= there) return;
  throw new DomainError('RETURN_EXCEEDS', {
    unit: `${unit.item} ${unit.code}`,
    customer: customer.code,
    there: `${formatDecimal(there)} ${unit.uom}`,
    back: `${formatDecimal(all)} ${unit.uom}`,
  });
}
