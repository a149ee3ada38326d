import { Injectable } from '@nestjs/common';
import { DomainError, formatDecimal, parsePeriod, toBase } from '@/kernel';
import {
  type Holding,
  identities,
  type Present,
  presentOf,
  readUnitName,
  RecordEvents,
  type UnitIdentity,
  unitNamed,
  type UnitNamed,
  unitRef,
} from '@/ledger';
import { acknowledge } from '@/operations/instructions';
import { Settings } from '@/platform/config';
import { once } from '@/platform/commands';
import { Context, Tx, UnitOfWork } from '@/platform/db';
import { itemsById } from '@/reference/catalog';
import { type Partner, partnersById } from '@/reference/partners';
import { placesById } from '@/reference/places';
import { lockOrder } from '../db/order-lock';
import { contentOf } from '../db/containers';
import { filesExist, insertDocumentLink } from '../db/documents';
import { orderNamed } from '../db/orders';
import { linesKeeping, linesOfPick, lockPick, picksOfOrder, setLineStates, type StoredPickLine } from '../db/picks';
import { partnerOf, placeOf } from '../db/reference';
import { insertShipment, insertShipmentLines, type NewShipmentLine } from '../db/shipments';
import { lockUnits } from '../db/stock';
import type { Order } from '../domain/order';
import { shipmentByNumber, type ShipmentView } from '../queries/shipments';

export interface ShipInput {
  id: string;
  /** its number; given where absent */
  shipment?: string;
  salesOrder?: string;
  customer?: string;
  /** all that was picked by them and is not shipped yet */
  picks?: string[];
  units?: ShipUnit[];
  /** with all that is in them */
  containers?: string[];
  carrier?: string;
  tracking?: string;
  /** files kept with POST /attachments */
  documents?: string[];
  note?: string;
  at?: string;
  acknowledged?: string[];
  check?: 'live' | 'record';
}

interface ShipUnit {
  unit: UnitNamed;
  quantity?: { value: string; uom: string };
  line?: string;
  /** from where, of a lot in several places */
  place?: string;
}

interface Row extends NewShipmentLine {
  unit: UnitIdentity;
  /** of a lot: from where it is taken; null: from where it is */
  placeId: number | null;
}

/** Goods leave for a customer: with what they were picked for, in which containers, under which papers. Live: nothing on hold leaves. */
@Injectable()
export class ShipGoods {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly recordEvents: RecordEvents,
    private readonly settings: Settings,
  ) {}

  /**
   * Throws SHIPMENT_EMPTY, NUMBER_TAKEN, ORDER_PARTNER, PICK_OTHER_ORDER, NOT_ON_ORDER, UNIT_RESERVED, INSTRUCTION_UNACKNOWLEDGED,
   * and live what the present state forbids: UNIT_ON_HOLD, UNIT_EXPIRED, NOT_IN_HOUSE, STOCK_SHORT, PLACE_REQUIRED,
   * ALREADY_INSTALLED.
   */
  execute(ctx: Context, input: ShipInput): Promise<ShipmentView> {
    return this.uow.run(ctx, (tx) =>
      once(tx, { id: input.id, verb: 'ship', content: input }, () => this.ship(tx, input)),
    );
  }

  async ship(tx: Tx, input: ShipInput): Promise<ShipmentView> {
    if (input.salesOrder !== undefined) await lockOrder(tx, 'sales', input.salesOrder);
    const order = input.salesOrder === undefined ? null : await orderNamed(tx, 'sales', input.salesOrder);
    const customer = await this.customerOf(tx, input, order);
    const rows = await this.rowsOf(tx, input, order);
    if (rows.length === 0) throw new DomainError('SHIPMENT_EMPTY');
    await lockUnits(
      tx,
      rows.map((r) => r.unitId),
    );
    await this.refuseReserved(tx, rows);
    const carrier = input.carrier === undefined ? null : await partnerOf(tx, input.carrier);
    await filesExist(tx, input.documents ?? []);
    const at = input.at ?? new Date().toISOString();
    const { shipmentId, number } = await insertShipment(tx, {
      number: input.shipment ?? null,
      customerId: customer.partnerId,
      salesOrder: order?.number ?? null,
      carrierId: carrier?.partnerId ?? null,
      tracking: input.tracking ?? null,
      atMs: parsePeriod(at, this.settings.timeZone).from,
      note: input.note ?? null,
    });
    const places = await this.placesOf(tx, rows);
    const events = eventsOf(rows, { input, order, customer, number, at, places });
    await this.recordEvents.within(tx, events, { check: input.check ?? 'live' });
    await insertShipmentLines(
      tx,
      shipmentId,
      rows,
      events.map((e) => e.id),
    );
    await setLineStates(
      tx,
      rows.flatMap((r) => r.pickLineId ?? []),
      'shipped',
    );
    for (const fileId of input.documents ?? [])
      await insertDocumentLink(tx, { fileId, kind: 'delivery', unitId: null, receiptId: null, shipmentId, note: null });
    await acknowledge(
      tx,
      { units: rows.map((r) => r.unitId), partners: [customer.partnerId] },
      input.acknowledged ?? [],
      { command: `ship:${input.id}` },
    );
    await tx.audit({
      action: 'ship',
      subject: `shipment:${number}`,
      after: { customer: customer.code, salesOrder: order?.number, units: rows.length, containers: input.containers },
    });
    return shipmentByNumber(tx, number);
  }

  private async customerOf(tx: Tx, input: ShipInput, order: Order | null): Promise<Partner> {
    const given = input.customer === undefined ? null : await partnerOf(tx, input.customer);
    if (!order) {
      if (!given) throw new DomainError('FIELD_REQUIRED', { field: 'customer' });
      return given;
    }
    const partner = (await partnersById(tx, [order.partnerId])).get(order.partnerId)!;
    if (given && given.partnerId !== partner.partnerId)
      throw new DomainError('ORDER_PARTNER', { number: order.number, expected: partner.code, partner: given.code });
    return partner;
  }

  /** What goes: of containers all, of picks what was picked, and what is named. Each unit once: what is in a container goes with it. */
  private async rowsOf(tx: Tx, input: ShipInput, order: Order | null): Promise<Row[]> {
    const rows: Omit<Row, 'unit'>[] = [];
    for (const container of [...new Set(input.containers)]) {
      for (const { unitId, quantity } of await contentOf(tx, container))
        rows.push({ unitId, quantity: quantity ?? 0n, container, orderLine: null, pickLineId: null, placeId: null });
    }
    const packed = new Set(rows.map((r) => r.unitId));
    const picked = await this.pickedBy(tx, [...new Set(input.picks)], order);
    for (const line of picked.filter((l) => l.state === 'picked')) {
      const inside = rows.find((r) => r.unitId === line.unitId && r.container !== null);
      if (inside) Object.assign(inside, { orderLine: line.orderLine, pickLineId: line.pickLineId });
      else
        rows.push({
          unitId: line.unitId,
          quantity: line.picked ?? line.quantity,
          container: null,
          orderLine: line.orderLine,
          pickLineId: line.pickLineId,
          placeId: line.serial ? null : line.placeId,
        });
    }
    // What is in a container and was picked for this order goes for it, though the pick was not named.
    const kept = order ? await linesKeeping(tx, [...packed]) : [];
    const own = new Set(order ? await picksOfOrder(tx, order.number) : []);
    for (const line of kept) {
      const inside = rows.find((r) => r.unitId === line.unitId && r.container !== null && r.pickLineId === null);
      if (inside && own.has(line.pickId) && line.state === 'picked')
        Object.assign(inside, { orderLine: line.orderLine, pickLineId: line.pickLineId });
    }
    for (const given of input.units ?? []) {
      const unit = await unitNamed(tx, readUnitName(given.unit));
      const line = order ? orderLineOf(order, unit, given.line) : null;
      const kept = (await linesKeeping(tx, [unit.unitId])).find((l) => l.state === 'picked' && own.has(l.pickId));
      for (const part of await this.partsOf(tx, unit, given))
        rows.push({
          ...part,
          unitId: unit.unitId,
          container: null,
          orderLine: line,
          pickLineId: kept?.pickLineId ?? null,
        });
    }
    const units = await identities(
      tx,
      rows.map((r) => r.unitId),
    );
    return rows.map((r) => ({ ...r, unit: units.get(r.unitId)! }));
  }

  /** What these picks have picked, which are for this order. Throws NOT_FOUND, PICK_OTHER_ORDER. */
  private async pickedBy(tx: Tx, picks: readonly string[], order: Order | null): Promise<StoredPickLine[]> {
    const picked: StoredPickLine[] = [];
    for (const name of picks) {
      const pick = await lockPick(tx, name);
      // It was promised to that customer, and chosen by what that one asks for.
      if (pick.salesOrder !== order?.number)
        throw new DomainError('PICK_OTHER_ORDER', { pick: `p${pick.pickId}`, salesOrder: pick.salesOrder });
      picked.push(...(await linesOfPick(tx, pick.pickId)));
    }
    return picked;
  }

  /** How much of a unit goes, and from where: what is said, else all that is in house, wherever it lies. */
  private async partsOf(
    tx: Tx,
    unit: UnitIdentity,
    given: ShipUnit,
  ): Promise<{ quantity: bigint; placeId: number | null }[]> {
    if (unit.kind === 'serial') return [{ quantity: 1_000_000_000n, placeId: null }];
    const from = given.place === undefined ? null : (await placeOf(tx, given.place)).placeId;
    if (given.quantity) {
      const item = (await itemsById(tx, [unit.itemId])).get(unit.itemId)!;
      const units = { item: item.code, uom: item.uom, factors: item.factors };
      return [{ quantity: toBase(given.quantity.value, given.quantity.uom, units), placeId: from }];
    }
    const parts = new Map<number | null, bigint>();
    for (const h of inHouse((await presentOf(tx, [unit.unitId])).get(unit.unitId))) {
      if (from !== null && h.placeId !== from) continue;
      if (h.quantity === null) throw new DomainError('FIELD_REQUIRED', { field: 'quantity' });
      parts.set(h.placeId, (parts.get(h.placeId) ?? 0n) + h.quantity);
    }
    if (parts.size === 0) throw new DomainError('FIELD_REQUIRED', { field: 'quantity' });
    return [...parts].map(([placeId, quantity]) => ({ quantity, placeId }));
  }

  /** Codes of the places that must be said: of lots that lie in several. A lot that was carried elsewhere since is taken there. */
  private async placesOf(tx: Tx, rows: readonly Row[]): Promise<Map<Row, string>> {
    const lots = rows.filter((r) => r.container === null && r.unit.kind === 'lot' && r.placeId !== null);
    const present = await presentOf(
      tx,
      lots.map((r) => r.unitId),
    );
    const codes = await placesById(
      tx,
      lots.map((r) => r.placeId!),
    );
    const said = new Map<Row, string>();
    for (const row of lots) {
      const at = new Set(inHouse(present.get(row.unitId)).map((h) => h.placeId));
      const code = codes.get(row.placeId!)?.code;
      if (at.size > 1 && at.has(row.placeId) && code !== undefined) said.set(row, code);
    }
    return said;
  }

  /** What another pick keeps back is not given away: a serial at all, a lot as far as it is kept back. */
  private async refuseReserved(tx: Tx, rows: readonly Row[]): Promise<void> {
    const kept = (
      await linesKeeping(
        tx,
        rows.map((r) => r.unitId),
      )
    ).filter((l) => !rows.some((r) => r.pickLineId === l.pickLineId));
    if (kept.length === 0) return;
    const present = await presentOf(
      tx,
      kept.map((l) => l.unitId),
    );
    for (const line of kept) {
      const of = rows.filter((r) => r.unitId === line.unitId);
      const stock = (present.get(line.unitId)?.holdings ?? [])
        .filter((h) => h.state === 'in-stock' || h.state === 'returned')
        .reduce((sum, h) => sum + (h.quantity ?? 0n), 0n);
      const others = kept
        .filter((l) => l.unitId === line.unitId)
        .reduce((sum, l) => sum + (l.picked ?? l.quantity), 0n);
      const going = of.reduce((sum, r) => sum + r.quantity, 0n);
      if (stock - others < going)
        throw new DomainError('UNIT_RESERVED', {
          unit: `${of[0]!.unit.item} ${of[0]!.unit.code}`,
          pick: `p${line.pickId}`,
        });
    }
  }
}

/** The line of the order that a unit goes for. Throws NOT_ON_ORDER. */
function orderLineOf(order: Order, unit: UnitIdentity, named: string | undefined): string {
  const of = order.lines.filter((l) => l.itemId === unit.itemId && (named === undefined || l.line === named));
  if (!of[0]) throw new DomainError('NOT_ON_ORDER', { item: unit.item, number: order.number });
  return of[0].line;
}

const inHouse = (present: Present | undefined): Holding[] =>
  (present?.holdings ?? []).filter((h) => h.state === 'in-stock' || h.state === 'returned');

interface Going {
  places: ReadonlyMap<Row, string>;
  input: ShipInput;
  order: Order | null;
  customer: Partner;
  number: string;
  at: string;
}

/** One event for each line of the order and place, and one for each container: what is in it travels with it. */
function eventsOf(
  rows: readonly Row[],
  { input, order, customer, number, at, places }: Going,
): ({ id: string } & object)[] {
  const base = (line: string | null) => ({
    type: 'ship',
    at,
    customer: customer.code,
    shipment: number,
    ...(input.note !== undefined && { note: input.note }),
    refs: {
      shipment: number,
      ...(order && { salesOrder: order.number }),
      ...(order && line !== null && { line }),
    },
  });
  const loose = rows.filter((r) => r.container === null);
  const parts = new Map<string, Row[]>();
  for (const row of loose) {
    const key = JSON.stringify([row.orderLine, places.get(row)]);
    parts.set(key, [...(parts.get(key) ?? []), row]);
  }
  return [
    ...[...parts.values()].map((of, i) => {
      const place = places.get(of[0]!);
      return {
        ...base(of[0]!.orderLine),
        id: `ship:${input.id}:${i}`,
        ...(place !== undefined && { place }),
        units: of.map((r) => ({
          unit: unitRef(r.unit.item, r.unit.kind, r.unit.code),
          ...(r.unit.kind === 'lot' && { quantity: { value: formatDecimal(r.quantity), uom: r.unit.uom } }),
        })),
      };
    }),
    ...[...new Set(rows.flatMap((r) => r.container ?? []))].map((container, i) => {
      // A container goes for one line where all that is in it was picked for that one.
      const of = new Set(rows.filter((r) => r.container === container).map((r) => r.orderLine));
      return { ...base(of.size === 1 ? [...of][0]! : null), id: `ship:${input.id}:c${i}`, container };
    }),
  ];
}
