import { Injectable } from '@nestjs/common';
import { DomainError, formatDecimal } from '@/kernel';
import { presentOf } from '@/ledger';
import { instructionsFor, type ShownInstruction } from '@/operations/instructions';
import { Settings } from '@/platform/config';
import { Context, Database } from '@/platform/db';
import { type Item, itemsByCode, itemsByGtin } from '@/reference/catalog';
import { partnersByCode } from '@/reference/partners';
import { placesByCode } from '@/reference/places';
import { readOrder } from '../db/orders';
import { plansFor } from '../db/plans';
import { unitIds } from '../db/receipts';
import type { InspectionPlan } from '../domain/inspection';
import type { OrderLine } from '../domain/order';
import { type GoodsRead, readGoods } from '../domain/read-scan';
import { type Verdict, verdictOf } from '../domain/verdict';
import { type Expectation, expectationOf, judgeDelivery, lineOf } from './expectation';
import { readReceiptLine } from './receipt-line';

export interface CheckReceiptInput {
  purchaseOrder?: string;
  supplier?: string;
  reason?: string;
  place?: string;
  scan?: string;
  item?: string;
  line?: string;
  lot?: string;
  serials?: string[];
  quantity?: { value: string; uom: string };
  expires?: string;
  overReason?: string;
}

interface Found {
  item: string;
  name: string;
  tracking: string;
  uom: string;
  lot?: string;
  serial?: string;
  expires?: string;
  quantity?: { value: string; uom: string };
  line?: string;
  expected?: string;
  received?: string;
  plan?: InspectionPlan;
}

/** Judges a scan at receiving before anything is recorded. Changes nothing. */
@Injectable()
export class CheckReceipt {
  constructor(
    private readonly db: Database,
    private readonly settings: Settings,
  ) {}

  async execute(_ctx: Context, input: CheckReceiptInput): Promise<Verdict<ShownInstruction>> {
    let shown: ShownInstruction[] = [];
    let found: Found | undefined;
    try {
      const order =
        input.purchaseOrder === undefined ? null : await readOrder(this.db, 'purchase', input.purchaseOrder);
      const expectation = await expectationOf(this.db, order, this.settings);
      const read = input.scan === undefined ? null : readGoods(input.scan);
      if (read && 'error' in read) throw new DomainError('SCAN_UNREADABLE', { scan: input.scan, reason: read.error });
      const item = await this.itemOf(input, read, expectation);
      const goods = { ...goodsOf(item, read), ...given(input) };
      const supplier = await this.supplierId(input, expectation);
      shown = await this.instructions(item, supplier, input.place);
      const plan = (await plansFor(this.db, [item.itemId], supplier)).get(item.itemId);
      found = {
        item: item.code,
        name: item.name,
        tracking: item.tracking,
        uom: item.uom,
        ...goods,
        ...(plan && { plan }),
      };
      const line = expectation && lineOf(expectation, item, input.line);
      if (line) Object.assign(found, expected(expectation, line));
      await this.refuseKnownSerial(item, goods.serial ?? input.serials?.[0]);
      if (input.quantity !== undefined || item.tracking === 'serial') {
        const serials = input.serials ?? (goods.serial === undefined ? [] : [goods.serial]);
        if (serials.length > 0 || item.tracking !== 'serial') {
          const { total } = readReceiptLine({ item: item.code, ...goods, serials }, item, 0);
          if (expectation && line)
            judgeDelivery(expectation, line, total, {
              overReason: input.overReason ?? null,
              refuse: this.settings.overDelivery === 'refuse',
            });
        }
      }
      if (input.purchaseOrder !== undefined && !expectation)
        return {
          verdict: 'warn',
          message: `Order ${input.purchaseOrder} is not known here: nothing says how much of ${item.code} is expected.`,
          instructions: shown,
          found,
        };
      return { verdict: 'ok', message: sentence(found), ...next(found), instructions: shown, found };
    } catch (error) {
      return { ...verdictOf(error, shown), ...(found && { found }) };
    }
  }

  /** By GTIN, by its own code, or the one that is being received: then the scan is its serial or lot. */
  private async itemOf(
    input: CheckReceiptInput,
    read: GoodsRead | null,
    expectation: Expectation | null,
  ): Promise<Item> {
    if (read?.gtin != null) {
      const items = await itemsByGtin(this.db, [read.gtin]);
      const on = items.filter((i) => expectation?.order.lines.some((l) => l.itemId === i.itemId));
      const item = on[0] ?? items[0];
      if (!item) throw new DomainError('UNKNOWN_ITEM', { item: `GTIN ${read.gtin}` });
      return item;
    }
    const code = input.item ?? read?.text ?? '';
    const item = (await itemsByCode(this.db, [code])).get(code);
    if (!item) throw new DomainError('UNKNOWN_ITEM', { item: code });
    return item;
  }

  private async supplierId(input: CheckReceiptInput, expectation: Expectation | null): Promise<number | null> {
    if (expectation) return expectation.partner.partnerId;
    if (input.supplier === undefined) return null;
    return (await partnersByCode(this.db, [input.supplier])).get(input.supplier)?.partnerId ?? null;
  }

  private async instructions(item: Item, supplier: number | null, place: string | undefined) {
    const at = place === undefined ? undefined : (await placesByCode(this.db, [place])).get(place);
    return instructionsFor(this.db, {
      items: [item.itemId],
      places: at ? [at.placeId] : [],
      partners: supplier === null ? [] : [supplier],
    });
  }

  /** A serial comes into being once; one that was only mentioned is waited for. */
  private async refuseKnownSerial(item: Item, serial: string | undefined): Promise<void> {
    if (item.tracking !== 'serial' || serial === undefined) return;
    const id = (await unitIds(this.db, [{ itemId: item.itemId, code: serial }])).get(`${item.itemId} ${serial}`);
    const now = id === undefined ? undefined : (await presentOf(this.db, [id])).get(id);
    if (now && now.holdings[0]!.state !== 'unknown')
      throw new DomainError('SERIAL_EXISTS', { unit: `${item.code} ${serial}`, event: 'an earlier one' });
  }
}

function goodsOf(item: Item, read: GoodsRead | null): Pick<Found, 'lot' | 'serial' | 'expires' | 'quantity'> {
  if (!read) return {};
  const text = read.text !== null && read.text !== item.code ? read.text : null;
  const serial = item.tracking === 'serial' ? (read.serial ?? text) : null;
  const lot = item.tracking === 'lot' ? (read.lot ?? text) : null;
  return {
    ...(serial !== null && { serial }),
    ...(lot !== null && { lot }),
    ...(read.expires !== null && { expires: read.expires }),
    ...(read.count !== null && item.uom === 'pcs' && { quantity: { value: read.count, uom: 'pcs' } }),
  };
}

function given({ lot, expires, quantity }: CheckReceiptInput): Pick<Found, 'lot' | 'expires' | 'quantity'> {
  return {
    ...(lot !== undefined && { lot }),
    ...(expires !== undefined && { expires }),
    ...(quantity !== undefined && { quantity }),
  };
}

function expected(expectation: Expectation, line: OrderLine): Pick<Found, 'line' | 'expected' | 'received'> {
  return {
    line: line.line,
    expected: formatDecimal(line.quantity),
    received: formatDecimal(expectation.progress.lines.get(line.line)!.done),
  };
}

function sentence(found: Found): string {
  const what = [found.item, found.serial ?? found.lot].filter(Boolean).join(' ');
  return found.line === undefined
    ? `${what}: ${found.name}.`
    : `${what}: line ${found.line}, ${found.received} of ${found.expected} ${found.uom} so far.`;
}

function next(found: Found): { next?: string } {
  if (found.tracking === 'serial' && found.serial === undefined) return { next: 'Scan its serial number.' };
  if (found.tracking === 'lot' && found.lot === undefined) return { next: 'Scan or enter its lot.' };
  if (found.tracking !== 'serial' && found.quantity === undefined) return { next: 'Enter the quantity.' };
  return {};
}
