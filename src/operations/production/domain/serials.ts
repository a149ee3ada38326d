/** Codes of an order's units: a text with one run of zeros in braces, which the counter fills: `EB-{0000}`. Pure. */
import { DomainError } from '@/kernel';

const PLACE = /\{(0{1,12})\}/;

/** Throws FIELD_INVALID where the pattern has no place for the counter. */
export function checkPattern(pattern: string): string {
  if (!PLACE.test(pattern) || pattern.replace(PLACE, '').match(/[{}~]/))
    throw new DomainError('FIELD_INVALID', {
      field: 'serialPattern',
      reason: 'write zeros in braces where the number goes, such as "EB-{0000}".',
    });
  return pattern;
}

export function serialOf(pattern: string, count: number): string {
  return pattern.replace(PLACE, (_, zeros: string) => String(count).padStart(zeros.length, '0'));
}
