/** Sums of units and exact quantities, in one pass and in memory that does not grow with the units. */
import { formatDecimal, parseDecimal } from '@/kernel';
import type { Certainty, Quantity, Tally } from './model';

export class TallyBuilder {
  private units = 0;
  private certain = 0;
  private unknown = 0;
  private readonly sums = new Map<string, bigint>();

  /** Counts one unit, with what of it is meant; null is a quantity that is not known. */
  add(certainty: Certainty, quantities: (Quantity | null)[]): void {
    this.units++;
    if (certainty === 'certain') this.certain++;
    if (quantities.includes(null)) this.unknown++;
    for (const quantity of quantities) this.addQuantity(quantity);
  }

  addQuantity(quantity: Quantity | null): void {
    if (!quantity) return;
    this.sums.set(quantity.uom, (this.sums.get(quantity.uom) ?? 0n) + parseDecimal(quantity.value));
  }

  build(): Tally {
    return {
      units: this.units,
      certain: this.certain,
      possible: this.units - this.certain,
      quantities: [...this.sums.entries()]
        .filter(([, nano]) => nano !== 0n)
        .sort(([a], [b]) => compareText(a, b))
        .map(([uom, nano]) => ({ value: formatDecimal(nano), uom })),
      unknown: this.unknown,
    };
  }
}

/** One tally for each key, in the order of the keys' text; null comes last. */
export class TallyMap<K extends string | null> {
  private readonly byKey = new Map<K, TallyBuilder>();

  at(key: K): TallyBuilder {
    let tally = this.byKey.get(key);
    if (!tally) this.byKey.set(key, (tally = new TallyBuilder()));
    return tally;
  }

  build(order: (a: K, b: K) => number = compareNullLast): [K, Tally][] {
    return [...this.byKey.entries()].sort(([a], [b]) => order(a, b)).map(([key, tally]) => [key, tally.build()]);
  }
}

/** By code unit, so that the order is the same on every machine and in every language. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

export function compareNullLast(a: string | null, b: string | null): number {
  if (a === null || b === null) return a === b ? 0 : a === null ? 1 : -1;
  return compareText(a, b);
}
