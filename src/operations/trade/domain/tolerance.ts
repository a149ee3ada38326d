/** How much more or less than ordered may come without a word. Quantities in nanos of the base unit. */

export interface Tolerance {
  /** percent, as decimals in nanos: 5 % is 5_000_000_000n */
  over: bigint;
  short: bigint;
}

export type Delivered = 'nothing' | 'open' | 'within' | 'exact' | 'over-within' | 'over';

const HUNDRED = 100_000_000_000n;

/** The most that counts as ordered; exact: nothing is rounded in anybody's favour but down. */
export function mostOf(expected: bigint, tolerance: Tolerance): bigint {
  return expected + (expected * tolerance.over) / HUNDRED;
}

/** The least that counts as complete. */
export function leastOf(expected: bigint, tolerance: Tolerance): bigint {
  const missing = (expected * tolerance.short) / HUNDRED;
  return missing >= expected ? 0n : expected - missing;
}

/** How a line stands that expects so much and got so much. `within`: short, but by no more than is allowed. */
export function judge(expected: bigint, received: bigint, tolerance: Tolerance): Delivered {
  if (received === expected) return 'exact';
  if (received === 0n) return 'nothing';
  if (received > expected) return received <= mostOf(expected, tolerance) ? 'over-within' : 'over';
  return received >= leastOf(expected, tolerance) ? 'within' : 'open';
}
