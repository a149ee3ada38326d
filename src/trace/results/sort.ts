/** Sorting many rows by a number each: by radix, stable, without a comparison or an object a row. Pure. */

/** One key a row as 64 bits whose unsigned order is the order of the keys. */
export class SortKeys {
  readonly high: Uint32Array;
  readonly low: Uint32Array;
  /** 1 where the key is not known: such rows come last, whichever way is sorted */
  readonly unknown: Uint8Array;

  constructor(rows: number) {
    this.high = new Uint32Array(rows);
    this.low = new Uint32Array(rows);
    this.unknown = new Uint8Array(rows);
  }

  setNumber(row: number, key: number): void {
    // NaN is what is not known; −0 and 0 are one number.
    if (Number.isNaN(key)) {
      this.unknown[row] = 1;
      return;
    }
    FLOAT[0] = key + 0;
    // Bits of floats are ordered as their numbers once the sign is turned over, and all bits of negative ones.
    const high = HALVES[1]!;
    const negative = high >>> 31 === 1;
    this.high[row] = negative ? ~high : high | 0x8000_0000;
    this.low[row] = negative ? ~HALVES[0]! : HALVES[0]!;
  }

  /** The two halves of a 64-bit integer. */
  setHalves(row: number, high: number, low: number): void {
    this.high[row] = high ^ 0x8000_0000;
    this.low[row] = low;
  }
}

const FLOAT = new Float64Array(1);
const HALVES = new Uint32Array(FLOAT.buffer);

/** The rows in the order of their keys; equal keys keep the order in which the rows come, unknown ones are last. */
export function sortRows(rows: Int32Array, keys: SortKeys, descending: boolean): Int32Array {
  const unknown = rows.filter((row) => keys.unknown[row] === 1);
  let from = unknown.length === 0 ? rows.slice() : rows.filter((row) => keys.unknown[row] === 0);
  let to = new Int32Array(from.length);
  const flip = descending ? 0xffff : 0;
  for (const [half, shift] of [
    [keys.low, 0],
    [keys.low, 16],
    [keys.high, 0],
    [keys.high, 16],
  ] as const) {
    const place = new Int32Array(0x1_0001);
    for (let i = 0; i < from.length; i++) place[(((half[from[i]!]! >>> shift) & 0xffff) ^ flip) + 1]!++;
    // All in one drawer: nothing to do.
    if (from.length > 0 && place[(((half[from[0]!]! >>> shift) & 0xffff) ^ flip) + 1] === from.length) continue;
    for (let i = 1; i < place.length; i++) place[i]! += place[i - 1]!;
    for (let i = 0; i < from.length; i++) {
      const row = from[i]!;
      const drawer = ((half[row]! >>> shift) & 0xffff) ^ flip;
      to[place[drawer]!++] = row;
    }
    [from, to] = [to, from];
  }
  const sorted = new Int32Array(rows.length);
  sorted.set(from);
  sorted.set(unknown, from.length);
  return sorted;
}
