import { Injectable } from '@nestjs/common';
import { DomainError, formatDecimal, parsePeriod, toBase } from '@/kernel';
import {
  identities,
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
import { Context, Tx, UnitOfWork } from '@/platform/db';
import { itemsById } from '@/reference/catalog';
import { type Partner, partnersById } from '@/reference/partners';
import { lockOrder, once } from '../db/commands';
import { contentOf } from '../db/containers';
import { filesExist, insertDocumentLink } from '../db/documents';
import { orderNamed } from '../db/orders';
import { linesKeeping, linesOfPick, lockPick, picksOfOrder, setLineStates } from '../db/picks';
import { partnerOf } from '../db/reference';
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
  units?: { unit: UnitNamed; quantity?: { value: string; uom: string }; line?: string }[];
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

interface Row extends NewShipmentLine {
  unit: UnitIdentity;
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
   * Throws SHIPMENT_EMPTY, NUMBER_TAKEN, ORDER_PARTNER, NOT_ON_ORDER, UNIT_RESERVED, INSTRUCTION_UNACKNOWLEDGED, and live what the
   * present state forbids: UNIT_ON_HOLD, UNIT_EXPIRED, NOT_IN_HOUSE, STOCK_SHORT, ALREADY_INSTALLED.
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
    const events = eventsOf(rows, { input, order, customer, number, at });
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
        rows.push({ unitId, quantity: quantity ?? 0n, container, orderLine: null, pickLineId: null });
    }
    const packed = new Set(rows.map((r) => r.unitId));
    const picked = (
      await Promise.all((input.picks ?? []).map(async (p) => linesOfPick(tx, (await lockPick(tx, p)).pickId)))
    ).flat();
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
      rows.push({
        unitId: unit.unitId,
        quantity: await this.quantityOf(tx, unit, given.quantity),
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

  private async quantityOf(
    tx: Tx,
    unit: UnitIdentity,
    given: { value: string; uom: string } | undefined,
  ): Promise<bigint> {
    if (unit.kind === 'serial') return 1_000_000_000n;
    if (given) {
      const item = (await itemsById(tx, [unit.itemId])).get(unit.itemId)!;
      return toBase(given.value, given.uom, { item: item.code, uom: item.uom, factors: item.factors });
    }
    const here = (await presentOf(tx, [unit.unitId])).get(unit.unitId)!.holdings;
    const all = here.filter((h) => h.state === 'in-stock' || h.state === 'returned');
    if (all.length === 0 || all.some((h) => h.quantity === null))
      throw new DomainError('FIELD_REQUIRED', { field: 'quantity' });
    return all.reduce((sum, h) => sum + h.quantity!, 0n);
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

interface Going {
  input: ShipInput;
  order: Order | null;
  customer: Partner;
  number: string;
  at: string;
}

/** One event for each line of the order, and one for each container: what is in it travels with it. */
function eventsOf(rows: readonly Row[], { input, order, customer, number, at }: Going): ({ id: string } & object)[] {
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
  const lines = [...new Set(loose.map((r) => r.orderLine))];
  return [
    ...lines.map((line, i) => ({
      ...base(line),
      id: `ship:${input.id}:${i}`,
      units: loose
        .filter((r) => r.orderLine === line)
        .map((r) => ({
          unit: unitRef(r.unit.item, r.unit.kind, r.unit.code),
          ...(r.unit.kind === 'lot' && { quantity: { value: formatDecimal(r.quantity), uom: r.unit.uom } }),
        })),
    })),
    ...[...new Set(rows.flatMap((r) => r.container ?? []))].map((container, i) => {
      // A container goes for one line where all that is in it was picked for that one.
      const of = new Set(rows.filter((r) => r.container === container).map((r) => r.orderLine));
      return { ...base(of.size === 1 ? [...of][0]! : null), id: `ship:${input.id}:c${i}`, container };
    }),
  ];
}
