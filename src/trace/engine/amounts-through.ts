/** When units are exposed through something installed in them: how much of it that is, no quantity says (SETTLED 38). */
import { normalize } from './intervals';
import type { Interval } from './types';

export interface Stay {
  input: number;
  output: number;
  from: number;
  until: number;
}

/** By unit, the times at which an exposed input was installed in it, as maximal intervals. */
export function exposedThrough(
  stays: Iterable<Stay>,
  exposureOf: (unit: number) => readonly Interval[],
): Map<number, readonly Interval[]> {
  const found = new Map<number, Interval[]>();
  for (const { input, output, from, until } of stays) {
    if (input === output) continue;
    for (const [start, end] of exposureOf(input)) {
      const both: Interval = [Math.max(start, from), Math.min(end, until)];
      if (both[0] >= both[1]) continue;
      const own = found.get(output);
      if (own) own.push(both);
      else found.set(output, [both]);
    }
  }
  return new Map([...found].map(([unit, times]) => [unit, normalize(times)]));
}
