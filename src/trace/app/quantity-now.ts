import type { Holding } from '@/ledger';
import { parseDecimal } from '@/kernel';
import { sumOf } from '../domain/tally';

const ONE = parseDecimal('1');

/** Quantity that there is of a unit: what was scrapped or used up is there no more. */
export function quantityNow(kind: string, holdings: readonly Holding[]): bigint | null {
  if (kind === 'run') return null;
  const here = holdings.filter((h) => h.state !== 'scrapped' && h.state !== 'used');
  // A piece that may be in either of two places is one piece all the same.
  if (kind === 'serial' && here.length > 1 && here.length === holdings.length) return ONE;
  return sumOf(here.map((h) => h.quantity));
}
