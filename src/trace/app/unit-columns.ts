/**
 * What the record says of units at a position, column by column: where each is by itself, when it was made, its shipments and its
 * gaps. The same columns serve a handful of units read from the database and a whole plant in memory.
 */
import type { Gap, Holding, Shipped } from '@/ledger';
import { QUANTITY_UNKNOWN, STATES, UNIT_KINDS } from './answer';
import type { UnitKind } from '../domain/question';
import type { UnitFold } from './stories';

export interface UnitColumns {
  length: number;
  unitId: Int32Array;
  itemId: Int32Array;
  /** place in UNIT_KINDS */
  kind: Uint8Array;
  code: Texts;
  /** first making, ms UTC; NaN where none is recorded */
  madeMs: Float64Array;
  /** 1 where some of it is, as far as the record says, not with a customer, not scrapped and not used up */
  inHouse: Uint8Array;
  /** the one holding: place in STATES, ids (0: none), nanos or QUANTITY_UNKNOWN */
  state: Uint8Array;
  placeId: Int32Array;
  customerId: Int32Array;
  quantity: BigInt64Array;
  /** rows whose whereabouts those four cannot say */
  holdings: Map<number, readonly Holding[]>;
  /** the shipments of row r are at places offset[r] … offset[r + 1] − 1 */
  shipments: ShipmentColumns;
  gaps: Map<number, Gap[]>;
  /** gaps that count where the item's bill of materials has tracked lines at the position */
  noInputs: Map<number, Gap[]>;
}

export interface ShipmentColumns {
  offset: Int32Array;
  eventId: Float64Array;
  from: Float64Array;
  until: Float64Array;
  /** 0: not recorded */
  customerId: Int32Array;
  /** place in `documents`, −1: none */
  document: Int32Array;
  documents: string[];
  /** nanos or QUANTITY_UNKNOWN: all there was, or not recorded */
  quantity: BigInt64Array;
}

/** Many texts as one: UTF-8 bytes, text i from offset[i] to offset[i + 1]. */
export interface Texts {
  bytes: Uint8Array;
  offset: Float64Array;
}

const decoder = new TextDecoder();

export function textAt({ bytes, offset }: Texts, i: number): string {
  const from = offset[i]!;
  const until = offset[i + 1]!;
  // Codes are nearly always plain ASCII and short: reading those by hand is three times as fast as a decoder's call.
  if (until - from < 24) {
    let text = '';
    for (let k = from; k < until; k++) {
      const byte = bytes[k]!;
      if (byte > 127) return decoder.decode(bytes.subarray(from, until));
      text += String.fromCharCode(byte);
    }
    return text;
  }
  return decoder.decode(bytes.subarray(from, until));
}

const QUANTITY_MAX = 2n ** 63n - 1n;

/** A quantity as a 64-bit integer, or unknown where it does not fit. */
export function packed(quantity: bigint | null): bigint {
  return quantity === null || !fits(quantity) ? QUANTITY_UNKNOWN : quantity;
}

function fits(quantity: bigint): boolean {
  return quantity <= QUANTITY_MAX && quantity > QUANTITY_UNKNOWN;
}

export function unpacked(quantity: bigint): bigint | null {
  return quantity === QUANTITY_UNKNOWN ? null : quantity;
}

export function kindAt(columns: Pick<UnitColumns, 'kind'>, row: number): UnitKind {
  return UNIT_KINDS[columns.kind[row]!]!;
}

export const IN_WORK = STATES.indexOf('in-work');
export const SERIAL = UNIT_KINDS.indexOf('serial');

type Whereabouts = Pick<UnitColumns, 'state' | 'placeId' | 'customerId' | 'quantity'> & {
  holdings: Map<number, readonly Holding[]>;
};

/** Puts the holdings of a unit into its row: into the columns where they can say them. */
export function putHoldings(columns: Whereabouts, row: number, holdings: readonly Holding[]): void {
  const only = holdings.length === 1 ? holdings[0]! : undefined;
  if (!only || (only.quantity !== null && !fits(only.quantity))) {
    columns.holdings.set(row, holdings);
    return;
  }
  columns.state[row] = STATES.indexOf(only.state);
  columns.placeId[row] = only.placeId ?? 0;
  columns.customerId[row] = only.customerId ?? 0;
  columns.quantity[row] = only.quantity ?? QUANTITY_UNKNOWN;
}

const NONE: readonly Shipped[] = [];

export function shipmentsAt({ shipments: s }: UnitColumns, row: number): readonly Shipped[] {
  const end = s.offset[row + 1]!;
  let k = s.offset[row]!;
  if (k === end) return NONE;
  const found: Shipped[] = [];
  for (; k < end; k++) {
    found.push({
      eventId: s.eventId[k]!,
      from: s.from[k]!,
      until: s.until[k]!,
      customerId: s.customerId[k]! || null,
      document: s.document[k]! < 0 ? null : s.documents[s.document[k]!]!,
      quantity: unpacked(s.quantity[k]!),
    });
  }
  return found;
}

/** Fills columns row by row, in order. */
export class ColumnsBuilder {
  private readonly columns: UnitColumns;
  private readonly documents = new Map<string, number>();
  private shipped = 0;
  private bytes = 0;
  private readonly encoder = new TextEncoder();

  constructor(rows: number) {
    this.columns = {
      length: rows,
      unitId: new Int32Array(rows),
      itemId: new Int32Array(rows),
      kind: new Uint8Array(rows),
      code: { bytes: new Uint8Array(rows * 12 + 64), offset: new Float64Array(rows + 1) },
      madeMs: new Float64Array(rows).fill(NaN),
      inHouse: new Uint8Array(rows),
      state: new Uint8Array(rows),
      placeId: new Int32Array(rows),
      customerId: new Int32Array(rows),
      quantity: new BigInt64Array(rows).fill(QUANTITY_UNKNOWN),
      holdings: new Map(),
      shipments: {
        offset: new Int32Array(rows + 1),
        eventId: new Float64Array(16),
        from: new Float64Array(16),
        until: new Float64Array(16),
        customerId: new Int32Array(16),
        document: new Int32Array(16),
        documents: [],
        quantity: new BigInt64Array(16),
      },
      gaps: new Map(),
      noInputs: new Map(),
    };
  }

  /** Who the unit of a row is; texts go in row by row, without a gap. */
  identity(row: number, unit: { unitId: number; itemId: number; kind: number; code: string }): void {
    const c = this.columns;
    c.unitId[row] = unit.unitId;
    c.itemId[row] = unit.itemId;
    c.kind[row] = unit.kind;
    this.text(row, unit.code);
  }

  text(row: number, code: string): void {
    const { code: texts } = this.columns;
    const room = code.length * 3;
    if (this.bytes + room > texts.bytes.length) {
      const wider = new Uint8Array((this.bytes + room) * 2);
      wider.set(texts.bytes.subarray(0, this.bytes));
      texts.bytes = wider;
    }
    this.bytes += this.encoder.encodeInto(code, texts.bytes.subarray(this.bytes)).written;
    texts.offset[row + 1] = this.bytes;
  }

  /** A row whose unit does not exist: an id that was never given. */
  skip(row: number): void {
    this.columns.code.offset[row + 1] = this.bytes;
    this.columns.shipments.offset[row + 1] = this.shipped;
  }

  fold(row: number, fold: UnitFold): void {
    const c = this.columns;
    c.madeMs[row] = fold.firstMadeMs ?? NaN;
    c.inHouse[row] = fold.inHouse ? 1 : 0;
    putHoldings(c, row, fold.holdings);
    for (const s of fold.shipments) this.shipment(s);
    c.shipments.offset[row + 1] = this.shipped;
  }

  gap(row: number, gap: Gap): void {
    const { gaps, noInputs } = this.columns;
    const into = gap.kind === 'no-inputs' ? noInputs : gaps;
    const known = into.get(row);
    if (known) known.push(gap);
    else into.set(row, [gap]);
  }

  /** Copies a row of other columns. */
  copy(row: number, from: UnitColumns, at: number): void {
    const c = this.columns;
    c.unitId[row] = from.unitId[at]!;
    c.itemId[row] = from.itemId[at]!;
    c.kind[row] = from.kind[at]!;
    const { bytes, offset } = from.code;
    const start = offset[at]!;
    const length = offset[at + 1]! - start;
    if (this.bytes + length > c.code.bytes.length) {
      const wider = new Uint8Array((this.bytes + length) * 2);
      wider.set(c.code.bytes.subarray(0, this.bytes));
      c.code.bytes = wider;
    }
    for (let k = 0; k < length; k++) c.code.bytes[this.bytes++] = bytes[start + k]!;
    c.code.offset[row + 1] = this.bytes;
    c.madeMs[row] = from.madeMs[at]!;
    c.inHouse[row] = from.inHouse[at]!;
    c.state[row] = from.state[at]!;
    c.placeId[row] = from.placeId[at]!;
    c.customerId[row] = from.customerId[at]!;
    c.quantity[row] = from.quantity[at]!;
    if (from.holdings.size > 0) {
      const several = from.holdings.get(at);
      if (several) c.holdings.set(row, several);
    }
    const s = from.shipments;
    for (let k = s.offset[at]!; k < s.offset[at + 1]!; k++) {
      const n = this.room();
      const to = c.shipments;
      to.eventId[n] = s.eventId[k]!;
      to.from[n] = s.from[k]!;
      to.until[n] = s.until[k]!;
      to.customerId[n] = s.customerId[k]!;
      to.quantity[n] = s.quantity[k]!;
      to.document[n] = s.document[k]! < 0 ? -1 : this.documentNumber(s.documents[s.document[k]!]!);
    }
    c.shipments.offset[row + 1] = this.shipped;
    if (from.gaps.size > 0) for (const gap of from.gaps.get(at) ?? []) this.gap(row, gap);
    if (from.noInputs.size > 0) for (const gap of from.noInputs.get(at) ?? []) this.gap(row, gap);
  }

  build(): UnitColumns {
    this.columns.shipments.documents = [...this.documents.keys()];
    return this.columns;
  }

  private shipment(s: Shipped): void {
    const n = this.room();
    const to = this.columns.shipments;
    to.eventId[n] = s.eventId;
    to.from[n] = s.from;
    to.until[n] = s.until;
    to.customerId[n] = s.customerId ?? 0;
    to.document[n] = s.document === null ? -1 : this.documentNumber(s.document);
    to.quantity[n] = packed(s.quantity);
  }

  private room(): number {
    const s = this.columns.shipments;
    if (this.shipped === s.from.length) {
      const size = this.shipped * 2;
      for (const key of ['eventId', 'from', 'until'] as const) s[key] = wide(new Float64Array(size), s[key]);
      for (const key of ['customerId', 'document'] as const) s[key] = wide(new Int32Array(size), s[key]);
      s.quantity = wide(new BigInt64Array(size), s.quantity);
    }
    return this.shipped++;
  }

  private documentNumber(document: string): number {
    let known = this.documents.get(document);
    if (known === undefined) this.documents.set(document, (known = this.documents.size));
    return known;
  }
}

function wide<T extends { set(from: T): void }>(to: T, from: T): T {
  to.set(from);
  return to;
}
