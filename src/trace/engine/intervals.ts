/** Sets of half-open intervals as maximal intervals in order; touching ones are one. */
import type { Interval } from './types';

/** The union of intervals as maximal intervals in order; empty ones vanish. */
export function normalize(intervals: readonly Interval[]): Interval[] {
  const sorted = intervals.filter(([from, until]) => from < until).sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  const out: [number, number][] = [];
  for (const [from, until] of sorted) {
    const last = out[out.length - 1];
    if (last && from <= last[1]) last[1] = Math.max(last[1], until);
    else out.push([from, until]);
  }
  return out;
}

/** True when the set holds some millisecond of [from, until). */
export function hits(set: readonly Interval[], from: number, until: number): boolean {
  // Binary search for the first interval that ends after `from`: a lot drawn ten thousand times has as many intervals.
  let low = 0;
  let high = set.length;
  while (low < high) {
    const mid = (low + high) >>> 1;
    if (set[mid]![1] > from) high = mid;
    else low = mid + 1;
  }
  return low < set.length && set[low]![0] < until && from < until;
}

/** True when the set holds the end of time: "now", after everything recorded. */
export function hitsEnd(set: readonly Interval[]): boolean {
  return set.length > 0 && set[set.length - 1]![1] === Infinity;
}
