/**
 * One column of a segment as bytes, and back. Numbers are little-endian behind a header of eight bytes; a column that holds
 * one value throughout (most do) is its header alone, and small ranges take one or two bytes a row. Pure.
 */
import type { Holding } from '@/ledger';
import { STATES } from '../app/answer';
import type { Interval } from '../engine';

const HEADER = 8;
const CONSTANT = 0;

/** Integers: byte 0 the width of a row (0: all equal), bytes 4–7 the smallest value, which the rows are counted from. */
export function packInts(values: Int32Array | Uint8Array): Buffer {
  let min = values.length > 0 ? values[0]! : 0;
  let max = min;
  for (let i = 1; i < values.length; i++) {
    const v = values[i]!;
    if (v < min) min = v;
    else if (v > max) max = v;
  }
  const range = max - min;
  const width = range === 0 ? 0 : range < 0x100 ? 1 : range < 0x10000 ? 2 : 4;
  const bytes = Buffer.alloc(HEADER + width * values.length);
  bytes[0] = width;
  bytes.writeInt32LE(min, 4);
  if (width > 0) {
    const rows =
      width === 1
        ? new Uint8Array(values.length)
        : width === 2
          ? new Uint16Array(values.length)
          : new Uint32Array(values.length);
    for (let i = 0; i < values.length; i++) rows[i] = values[i]! - min;
    bytes.set(new Uint8Array(rows.buffer), HEADER);
  }
  return bytes;
}

export function unpackInts(bytes: Buffer, rows: number): Int32Array {
  const values = new Int32Array(rows);
  const width = bytes[0]!;
  const min = bytes.readInt32LE(4);
  if (width === 0) return values.fill(min);
  const packed = aligned(bytes, HEADER, width * rows);
  const from = width === 1 ? new Uint8Array(packed) : width === 2 ? new Uint16Array(packed) : new Uint32Array(packed);
  for (let i = 0; i < rows; i++) values[i] = from[i]! + min;
  return values;
}

/** Times: byte 0 is 0 where all rows are equal (then one value follows), else 8. */
export function packFloats(values: Float64Array): Buffer {
  return packWide(values, (i) => Object.is(values[i], values[0]));
}

export function unpackFloats(bytes: Buffer, rows: number): Float64Array {
  if (bytes[0] === CONSTANT) return new Float64Array(rows).fill(bytes.readDoubleLE(HEADER));
  return new Float64Array(aligned(bytes, HEADER, 8 * rows));
}

/** 64-bit integers, as times are. */
export function packLongs(values: BigInt64Array): Buffer {
  // Halves are compared: a bigint made for every row would cost more than all else.
  const halves = new Int32Array(values.buffer, values.byteOffset, values.length * 2);
  return packWide(values, (i) => halves[2 * i] === halves[0] && halves[2 * i + 1] === halves[1]);
}

export function unpackLongs(bytes: Buffer, rows: number): BigInt64Array {
  if (bytes[0] === CONSTANT) return new BigInt64Array(rows).fill(bytes.readBigInt64LE(HEADER));
  return new BigInt64Array(aligned(bytes, HEADER, 8 * rows));
}

function packWide(values: Float64Array | BigInt64Array, likeFirst: (i: number) => boolean): Buffer {
  let i = 1;
  while (i < values.length && likeFirst(i)) i++;
  const kept = i >= values.length ? Math.min(1, values.length) : values.length;
  const bytes = Buffer.alloc(HEADER + Math.max(kept, 1) * 8);
  bytes[0] = kept <= 1 ? CONSTANT : 8;
  bytes.set(new Uint8Array(values.buffer, values.byteOffset, kept * 8), HEADER);
  return bytes;
}

/** A copy that starts at an address that typed arrays can stand on. */
function aligned(bytes: Buffer, from: number, length: number): ArrayBuffer {
  if (bytes.length < from + length) throw new Error('A packed column is shorter than its rows');
  return bytes.buffer.slice(bytes.byteOffset + from, bytes.byteOffset + from + length) as ArrayBuffer;
}

/** Texts: their lengths in bytes as integers, then all of them as UTF-8, one after the other. */
export function packTexts(texts: readonly string[]): Buffer {
  const body = Buffer.from(texts.join(''), 'utf8');
  const lengths = new Int32Array(texts.length);
  let chars = 0;
  for (let i = 0; i < texts.length; i++) chars += lengths[i] = texts[i]!.length;
  const ascii = chars === body.length;
  if (!ascii) for (let i = 0; i < texts.length; i++) lengths[i] = Buffer.byteLength(texts[i]!, 'utf8');
  const packed = packInts(lengths);
  const head = Buffer.alloc(HEADER);
  head[0] = ascii ? 1 : 0;
  head.writeUInt32LE(packed.length, 4);
  return Buffer.concat([head, packed, body]);
}

export function unpackTexts(bytes: Buffer, rows: number): Texts {
  const lengthsBytes = bytes.readUInt32LE(4);
  const body = bytes.subarray(HEADER + lengthsBytes);
  const lengths = unpackInts(bytes.subarray(HEADER, HEADER + lengthsBytes), rows);
  const offsets = new Int32Array(rows + 1);
  for (let i = 0; i < rows; i++) offsets[i + 1] = offsets[i]! + lengths[i]!;
  return new Texts(body, offsets, bytes[0] === 1);
}

/** Texts that stay bytes until one is looked at. */
export class Texts {
  constructor(
    private readonly body: Buffer,
    private readonly offsets: Int32Array,
    private readonly ascii: boolean,
  ) {}

  get bytes(): number {
    return this.body.length + this.offsets.byteLength;
  }

  at(row: number): string {
    return this.body.toString(this.ascii ? 'latin1' : 'utf8', this.offsets[row], this.offsets[row + 1]);
  }

  isEmpty(row: number): boolean {
    return this.offsets[row] === this.offsets[row + 1];
  }

  /** Calls back with every row whose text holds `part`, whatever the case of its letters. */
  eachWith(part: string, found: (row: number) => void): void {
    const sought = part.toLowerCase();
    const rows = this.offsets.length - 1;
    if (!this.ascii) {
      for (let row = 0; row < rows; row++) if (this.at(row).toLowerCase().includes(sought)) found(row);
      return;
    }
    // One search through all of them: what lies across the border of two texts is no hit.
    const all = this.body.toString('latin1').toLowerCase();
    let row = 0;
    for (let at = all.indexOf(sought); at >= 0 && row < rows;) {
      while (row < rows && this.offsets[row + 1]! <= at) row++;
      if (row === rows) return;
      const inside = at + sought.length <= this.offsets[row + 1]!;
      if (inside) found(row);
      at = all.indexOf(sought, inside ? this.offsets[row + 1]! : at + 1);
    }
  }
}

/** What only few rows have, as JSON: pairs of the row and its value. */
function packSparse<T>(values: Iterable<readonly [number, T]>, write: (value: T) => unknown): Buffer {
  const rows = Array.from(values, ([row, value]) => [row, write(value)]);
  return rows.length === 0 ? Buffer.alloc(0) : Buffer.from(JSON.stringify(rows), 'utf8');
}

function unpackSparse<T, W>(bytes: Buffer, read: (written: W) => T): Map<number, T> {
  if (bytes.length === 0) return new Map();
  const rows = JSON.parse(bytes.toString('utf8')) as [number, W][];
  return new Map(rows.map(([row, written]) => [row, read(written)]));
}

type WrittenInterval = [number | null, number | null];

export const packExposures = (values: Iterable<readonly [number, Interval[]]>): Buffer =>
  packSparse(values, (intervals) =>
    // Infinite ends are null in JSON.
    intervals.map(([from, until]): WrittenInterval => [
      Number.isFinite(from) ? from : null,
      Number.isFinite(until) ? until : null,
    ]),
  );

export const unpackExposures = (bytes: Buffer): Map<number, Interval[]> =>
  unpackSparse(bytes, (written: WrittenInterval[]) =>
    written.map(([from, until]): Interval => [from ?? -Infinity, until ?? Infinity]),
  );

type WrittenHolding = [state: number, place: number, customer: number, nanos: string | null];

export const packHoldings = (values: Iterable<readonly [number, Holding[]]>): Buffer =>
  packSparse(values, (holdings) =>
    holdings.map((h): WrittenHolding => [
      STATES.indexOf(h.state),
      h.placeId ?? 0,
      h.customerId ?? 0,
      h.quantity === null ? null : String(h.quantity),
    ]),
  );

export const unpackHoldings = (bytes: Buffer): Map<number, Holding[]> =>
  unpackSparse(bytes, (written: WrittenHolding[]) =>
    written.map(([state, place, customer, nanos]) => ({
      state: STATES[state]!,
      placeId: place || null,
      customerId: customer || null,
      containerId: null,
      quantity: nanos === null ? null : BigInt(nanos),
    })),
  );
