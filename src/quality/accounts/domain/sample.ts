/** How many consignees are checked (21 CFR 7.42): by the level of a case. Pure. */
import { DomainError } from '@/kernel';

export type Level = 'A' | 'B' | 'C' | 'D' | 'E';

const PERCENT: Record<Exclude<Level, 'B'>, number> = { A: 100, C: 10, D: 2, E: 0 };

/** Whole percent. B is what the case says, between C and A; the others are fixed. Throws CHECK_PERCENT. */
export function percentOf(level: Level, said: number | undefined): number {
  if (level !== 'B') {
    if (said !== undefined && said !== PERCENT[level])
      throw new DomainError('CHECK_PERCENT', { level, rule: `is ${PERCENT[level]} percent; leave "percent" out` });
    return PERCENT[level];
  }
  if (said === undefined || !Number.isInteger(said) || said <= PERCENT.C || said >= PERCENT.A)
    throw new DomainError('CHECK_PERCENT', {
      level,
      rule: 'is a whole number between 11 and 99: send it as "percent"',
    });
  return said;
}

/** Rounded up; at least one where any are checked at all. */
export function sampleSize(consignees: number, percent: number): number {
  return Math.ceil((consignees * percent) / 100);
}
