import { Injectable } from '@nestjs/common';
import { DomainError, formatDecimal, parsePeriod } from '@/kernel';
import { RecordEvents, type UnitKind } from '@/ledger';
import { ProposeDisposition } from '@/operations/holds';
import { acknowledge } from '@/operations/instructions';
import { Settings } from '@/platform/config';
import { once } from '@/platform/commands';
import { Context, Tx, UnitOfWork } from '@/platform/db';
import type { Partner } from '@/reference/partners';
import type { ZonedPlace } from '@/reference/places';
import { lockOrder } from '../db/order-lock';
import { filesExist, insertDocumentLink } from '../db/documents';
import { readOrder } from '../db/orders';
import { plansFor } from '../db/plans';
import { insertLabelRequests, insertReceipt, insertReceiptLines, type NewReceiptLine, unitIds } from '../db/receipts';
import { itemsOf, partnerOf, placeOf } from '../db/reference';
import { closeLine } from '../db/terms';
import { outcomeOf, pendingReason } from '../domain/inspection';
import type { Order } from '../domain/order';
import { type Expectation, expectationOf, lineOf, judgeDelivery } from './expectation';
import { inspectEvent } from './inspect-event';
import { proposeReturn } from './propose-return';
import { readReceiptLine, type ReceiptLineInput, type ReadLine } from './receipt-line';
import { receiptByNumber, type ReceiptView } from '../queries/receipts';

export interface ReceiveInput {
  id: string;
  receipt?: string;
  purchaseOrder?: string;
  supplier?: string;
  /** why it is taken in without an order */
  reason?: string;
  place: string;
  at?: string;
  note?: string;
  lines: ReceiptLineInput[];
  closeShort?: { line: string; reason: string }[];
  acknowledged?: string[];
}

interface Delivery {
  input: ReceiveInput;
  order: Order | null;
  supplier: Partner | null;
  place: ZonedPlace;
  at: string;
  number: string;
}

/** One delivery, in one transaction: what came, how it was found, what is held back, which labels and papers belong to it. */
@Injectable()
export class ReceiveGoods {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly recordEvents: RecordEvents,
    private readonly proposeDisposition: ProposeDisposition,
    private readonly settings: Settings,
  ) {}

  /**
   * Throws what stops a delivery: REASON_REQUIRED (no order), ORDER_PARTNER, NOT_ON_ORDER, ORDER_LINE_AMBIGUOUS, ORDER_CLOSED,
   * OVER_DELIVERY, OVER_DELIVERY_REFUSED, SERIAL_EXISTS, INSPECTION_FAILED, INSPECTION_INCOMPLETE, INSTRUCTION_UNACKNOWLEDGED.
   */
  execute(ctx: Context, input: ReceiveInput): Promise<ReceiptView> {
    return this.uow.run(ctx, (tx) =>
      once(tx, { id: input.id, verb: 'receive', content: input }, () => this.receive(tx, input)),
    );
  }

  private async receive(tx: Tx, input: ReceiveInput): Promise<ReceiptView> {
    if (input.purchaseOrder !== undefined) await lockOrder(tx, 'purchase', input.purchaseOrder);
    const order = input.purchaseOrder === undefined ? null : await readOrder(tx, 'purchase', input.purchaseOrder);
    if (input.purchaseOrder === undefined && input.reason === undefined)
      throw new DomainError('REASON_REQUIRED', { why: 'goods without a purchase order are taken in with a "reason".' });
    const expectation = await expectationOf(tx, order, this.settings);
    const supplier = await supplierOf(tx, input, expectation);
    const place = await placeOf(tx, input.place);
    const items = await itemsOf(tx, [...new Set(input.lines.map((l) => l.item))]);
    const lines = input.lines.map((line, index) => readReceiptLine(line, items.get(line.item)!, index));
    refuseTwice(lines);
    await filesExist(tx, [...new Set(input.lines.flatMap((l) => l.certificates ?? []))]);
    const at = input.at ?? new Date().toISOString();
    const atMs = parsePeriod(at, place.zone ?? this.settings.timeZone).from;
    const { receiptId, number } = await insertReceipt(tx, {
      number: input.receipt ?? null,
      purchaseOrder: input.purchaseOrder ?? null,
      supplierId: supplier?.partnerId ?? null,
      placeId: place.placeId,
      atMs,
      reason: input.reason ?? null,
      note: input.note ?? null,
    });
    const delivery: Delivery = { input, order, supplier, place, at, number };
    const orderLines = lines.map((line) => this.expected(expectation, line));
    const rows = await this.record(tx, delivery, lines, orderLines);
    await insertReceiptLines(tx, receiptId, rows.flat());
    await this.papersAndLabels(tx, receiptId, lines, rows);
    await this.close(tx, delivery);
    await acknowledge(
      tx,
      {
        units: rows.flat().flatMap((r) => r.unitId ?? []),
        items: [...items.values()].map((i) => i.itemId),
        places: [place.placeId],
        partners: supplier ? [supplier.partnerId] : [],
      },
      input.acknowledged ?? [],
      { command: `receive:${input.id}` },
    );
    await proposeReturn(
      tx,
      this.proposeDisposition,
      { id: `receive:${input.id}`, receipt: number, supplier: supplier?.code ?? null },
      rows.flat().filter((row) => row.decision === 'reject'),
    );
    await tx.audit({ action: 'receive', subject: `receipt:${number}`, after: summary(delivery, lines) });
    return receiptByNumber(tx, number);
  }

  /** The order line that this is for, with what is over settled; null without an order that is known here. */
  private expected(expectation: Expectation | null, line: ReadLine): string | null {
    if (!expectation) return line.input.line ?? null;
    const orderLine = lineOf(expectation, line.item, line.input.line);
    judgeDelivery(expectation, orderLine, line.total, {
      overReason: line.input.overReason ?? null,
      refuse: this.settings.overDelivery === 'refuse',
    });
    return orderLine.line;
  }

  private async record(
    tx: Tx,
    delivery: Delivery,
    lines: readonly ReadLine[],
    orderLines: readonly (string | null)[],
  ): Promise<NewReceiptLine[][]> {
    const { input, supplier } = delivery;
    const plans = await plansFor(
      tx,
      lines.map((l) => l.item.itemId),
      supplier?.partnerId ?? null,
    );
    const prefix = `receive:${input.id}`;
    const events: object[] = [];
    const rows = lines.map((line, index): NewReceiptLine[] => {
      const { item } = line;
      const plan = plans.get(item.itemId) ?? null;
      const label = `${item.code} ${line.units[0]?.code ?? ''}`.trim();
      const outcome = outcomeOf(label, item.code, item.tracking === 'none' ? null : plan, {
        results: line.results,
        decision: line.input.decision ?? null,
        reason: line.input.reason ?? null,
        skip: line.input.skipInspection ?? null,
      });
      const orderLine = orderLines[index] ?? null;
      const units = line.units.map((u) => ({ ...u, name: { item: item.code, [item.tracking]: u.code } }));
      units.forEach((unit, n) =>
        events.push(
          this.receiveEvent(delivery, line, orderLine, { ...unit, id: `${prefix}:${index}:${n}` }),
          ...outcome.judged.map((judged, i) =>
            inspectEvent(judged, {
              id: `${prefix}:${index}:${n}:i${i}`,
              at: delivery.at,
              place: line.input.place ?? input.place,
              unit: unit.name,
              receipt: delivery.number,
            }),
          ),
        ),
      );
      const pending = outcome.pending.length > 0 ? pendingReason(outcome.pending) : null;
      const hold = (id: string, reason: string | null): void => {
        if (reason === null || units.length === 0) return;
        const held = { at: delivery.at, units: units.map((u) => u.name), reason, ref: delivery.number };
        events.push({ type: 'hold', id: `${prefix}:${index}:${id}`, ...held });
      };
      hold('hold', outcome.hold);
      hold('pending', pending);
      const { reason, overReason, skipInspection } = line.input;
      const row = {
        orderLine,
        itemId: item.itemId,
        supplierLot: line.input.supplierLot ?? null,
        revision: line.input.revision ?? null,
        decision: outcome.decision,
        reason: reason ?? overReason ?? skipInspection ?? outcome.hold ?? pending,
        pending: pending === null ? null : outcome.pending,
      };
      if (units.length === 0) return [{ ...row, unitId: null, quantity: line.total, clientEventId: null }];
      return units.map((u, n) => ({
        ...row,
        unitId: -1,
        quantity: u.quantity,
        clientEventId: `${prefix}:${index}:${n}`,
      }));
    });
    if (events.length > 0) await this.recordEvents.within(tx, events, { check: 'record' });
    const ids = await unitIds(
      tx,
      lines.flatMap((l) => l.units.map((u) => ({ itemId: l.item.itemId, code: u.code }))),
    );
    return rows.map((own, index) =>
      own.map((row, n) => {
        const unit = lines[index]!.units[n];
        return unit ? { ...row, unitId: ids.get(`${row.itemId} ${unit.code}`)! } : row;
      }),
    );
  }

  private receiveEvent(
    { input, supplier, at, number }: Delivery,
    line: ReadLine,
    orderLine: string | null,
    unit: { id: string; name: object; quantity: bigint; kind: UnitKind },
  ): object {
    const { supplierLot, expires, revision, place } = line.input;
    return {
      type: 'receive',
      id: unit.id,
      at,
      place: place ?? input.place,
      unit: unit.name,
      ...(unit.kind === 'lot' && {
        quantity: line.input.quantity ?? { value: formatDecimal(unit.quantity), uom: line.item.uom },
      }),
      ...(supplier && { supplier: supplier.code }),
      ...(supplierLot !== undefined && { supplierLot }),
      ...(expires !== undefined && { expires }),
      ...(revision !== undefined && { revision }),
      ...(input.note !== undefined && { note: input.note }),
      refs: {
        receipt: number,
        ...(input.purchaseOrder !== undefined && { purchaseOrder: input.purchaseOrder }),
        ...(orderLine !== null && { line: orderLine }),
      },
    };
  }

  private async papersAndLabels(
    tx: Tx,
    receiptId: number,
    lines: readonly ReadLine[],
    rows: readonly NewReceiptLine[][],
  ): Promise<void> {
    for (const [index, line] of lines.entries()) {
      const unitIdsOf = rows[index]!.flatMap((r) => r.unitId ?? []);
      for (const fileId of line.input.certificates ?? [])
        for (const unitId of unitIdsOf.length > 0 ? unitIdsOf : [null])
          await insertDocumentLink(tx, {
            fileId,
            kind: 'certificate',
            unitId,
            receiptId,
            shipmentId: null,
            note: null,
          });
      const labels = line.input.labels;
      if (labels)
        await insertLabelRequests(
          tx,
          receiptId,
          unitIdsOf.map((unitId) => ({ unitId, template: labels.template ?? null, copies: labels.copies })),
        );
    }
  }

  private async close(tx: Tx, { input, order }: Delivery): Promise<void> {
    for (const { line, reason } of input.closeShort ?? []) {
      if (!order?.lines.some((l) => l.line === line))
        throw new DomainError('NOT_FOUND', { what: 'order line', key: line });
      await closeLine(tx, 'purchase', order.number, line, reason);
    }
  }
}

async function supplierOf(tx: Tx, input: ReceiveInput, expectation: Expectation | null): Promise<Partner | null> {
  const given = input.supplier === undefined ? null : await partnerOf(tx, input.supplier);
  if (!expectation) return given;
  if (given && given.partnerId !== expectation.partner.partnerId)
    throw new DomainError('ORDER_PARTNER', {
      number: expectation.order.number,
      expected: expectation.partner.code,
      partner: given.code,
    });
  return expectation.partner;
}

function refuseTwice(lines: readonly ReadLine[]): void {
  const seen = new Set<string>();
  for (const { item, units } of lines)
    for (const { code } of units) {
      const key = `${item.code}\u0000${code}`;
      if (seen.has(key) && item.tracking === 'serial')
        throw new DomainError('FIELD_INVALID', {
          field: 'lines',
          reason: `serial ${code} of ${item.code} is there twice.`,
        });
      seen.add(key);
    }
}

function summary({ input, order, supplier }: Delivery, lines: readonly ReadLine[]): object {
  return {
    purchaseOrder: order?.number ?? input.purchaseOrder,
    supplier: supplier?.code,
    reason: input.reason,
    closeShort: input.closeShort,
    lines: lines.map((l) => ({
      item: l.item.code,
      quantity: formatDecimal(l.total),
      units: l.units.length,
      ...(l.input.overReason !== undefined && { overReason: l.input.overReason }),
    })),
  };
}
