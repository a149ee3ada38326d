/** Exposures by row. Nearly every one is a single interval, kept in two typed arrays; the few of several lie in a map beside them. */
import type { Interval } from './types';
import { normalize } from './intervals';

/** Interval sets by row, and the round in which each row got its first interval. Grows as rows are discovered. */
export class ExposureTable {
  /** the hull of each set; Infinity and −Infinity where it is empty */
  lo: Float64Array;
  hi: Float64Array;
  /** the smallest number of links that expose the row; −1 where nothing does */
  depth: Int32Array;
  /** sets of several intervals, flat: from, until, from, until … (replaced, never changed) */
  many = new Map<number, Float64Array>();

  constructor(rows: number) {
    this.lo = new Float64Array(rows).fill(Infinity);
    this.hi = new Float64Array(rows).fill(-Infinity);
    this.depth = new Int32Array(rows).fill(-1);
  }

  /** Makes room; what is new is filled when its row is discovered. */
  grow(rows: number): void {
    this.lo = widened(this.lo, rows);
    this.hi = widened(this.hi, rows);
    this.depth = widened(this.depth, rows);
  }

  isEmpty(row: number): boolean {
    return this.lo[row]! >= this.hi[row]!;
  }

  intervals(row: number): Interval[] {
    const flat = this.many.get(row);
    if (!flat) return this.isEmpty(row) ? [] : [[this.lo[row]!, this.hi[row]!]];
    const out: Interval[] = [];
    for (let i = 0; i < flat.length; i += 2) out.push([flat[i]!, flat[i + 1]!]);
    return out;
  }

  hits(row: number, from: number, until: number): boolean {
    const first = this.firstIn(row, from, until);
    return first < until;
  }

  holdsAll(row: number, from: number, until: number): boolean {
    if (this.lo[row]! > from || this.hi[row]! < until) return false;
    const flat = this.many.get(row);
    if (!flat) return true;
    const i = firstEndingAfter(flat, from);
    return i < flat.length && flat[i]! <= from && flat[i + 1]! >= until;
  }

  /** The first millisecond of the set in [from, until), or Infinity. (−Infinity where both are open to the past.) */
  firstIn(row: number, from: number, until: number): number {
    const lo = this.lo[row]!;
    if (lo >= until || this.hi[row]! <= from) return Infinity;
    const flat = this.many.get(row);
    if (!flat) return lo > from ? lo : from;
    const i = firstEndingAfter(flat, from);
    if (i >= flat.length) return Infinity;
    const first = Math.max(flat[i]!, from);
    return first < until ? first : Infinity;
  }

  /** The union with more intervals; false where the set holds them already. */
  merge(row: number, added: readonly Interval[]): boolean {
    const before = this.intervals(row);
    const after = normalize([...before, ...added]);
    if (after.length === before.length && after.every((x, i) => x[0] === before[i]![0] && x[1] === before[i]![1]))
      return false;
    this.lo[row] = after[0]![0];
    this.hi[row] = after[after.length - 1]![1];
    if (after.length === 1) this.many.delete(row);
    else this.many.set(row, Float64Array.from(after.flat()));
    return true;
  }
}

/** A copy with more room behind what is there. */
export function widened<T extends Int32Array | Uint8Array | Uint32Array | Float64Array | BigInt64Array>(
  old: T,
  size: number,
): T {
  const wider = new (old.constructor as new (size: number) => T)(size);
  wider.set(old as never);
  return wider;
}

export function firstEndingAfter(flat: Float64Array, from: number): number {
  let low = 0;
  let high = flat.length >>> 1;
  while (low < high) {
    const mid = (low + high) >>> 1;
    if (flat[2 * mid + 1]! > from) high = mid;
    else low = mid + 1;
  }
  return 2 * low;
}
