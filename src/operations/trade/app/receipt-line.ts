import { DomainError, formatDecimal, toBase } from '@/kernel';
import type { UnitKind } from '@/ledger';
import type { Item } from '@/reference/catalog';
import type { Decision, Result } from '../domain/inspection';

export interface ReceiptLineInput {
  item: string;
  /** the order line; where absent, the one line that has the item */
  line?: string;
  lot?: string;
  serials?: string[];
  quantity?: { value: string; uom: string };
  supplierLot?: string;
  expires?: string;
  revision?: string;
  place?: string;
  /** files kept with POST /attachments */
  certificates?: string[];
  labels?: { copies: number; template?: string };
  inspection?: { characteristic: string; measured?: string; result?: 'pass' | 'fail' }[];
  skipInspection?: string;
  decision?: Decision;
  reason?: string;
  overReason?: string;
}

export interface ReadLine {
  input: ReceiptLineInput;
  item: Item;
  /** none for an item that is not tracked */
  units: { code: string; kind: UnitKind; quantity: bigint }[];
  total: bigint;
  results: Result[];
}

const ONE = 1_000_000_000n;

/** Reads a line by the tracking of its item. Throws FIELD_REQUIRED, FIELD_INVALID, QUANTITY_INVALID, UOM_UNKNOWN. */
export function readReceiptLine(input: ReceiptLineInput, item: Item, index: number): ReadLine {
  const field = (name: string) => `lines[${index}].${name}`;
  const units = { item: item.code, uom: item.uom, factors: item.factors };
  const results = (input.inspection ?? []).map((r) => ({
    characteristic: r.characteristic,
    measured: r.measured ?? null,
    result: r.result ?? null,
  }));
  const quantity = input.quantity && toBase(input.quantity.value, input.quantity.uom, units);
  if (quantity !== undefined && quantity <= 0n)
    throw new DomainError('QUANTITY_INVALID', { value: input.quantity!.value, reason: 'it must be above zero.' });
  if (item.tracking === 'serial') {
    const serials = (input.serials ?? []).map((s) => s.trim()).filter((s) => s !== '');
    if (serials.length === 0) throw new DomainError('FIELD_REQUIRED', { field: field('serials') });
    if (quantity !== undefined && quantity !== BigInt(serials.length) * ONE)
      throw new DomainError('FIELD_INVALID', {
        field: field('quantity'),
        reason: `it says ${formatDecimal(quantity)}, and ${serials.length} serials are named.`,
      });
    const read = serials.map((code) => ({ code, kind: 'serial' as const, quantity: ONE }));
    return { input, item, units: read, total: BigInt(read.length) * ONE, results };
  }
  if (quantity === undefined) throw new DomainError('FIELD_REQUIRED', { field: field('quantity') });
  if (item.tracking === 'none') return { input, item, units: [], total: quantity, results };
  if (input.lot === undefined) throw new DomainError('FIELD_REQUIRED', { field: field('lot') });
  return { input, item, units: [{ code: input.lot, kind: 'lot', quantity }], total: quantity, results };
}
