/** Counting units once for each distinct value, with exact sums of quantities. Pure. */
import { formatDecimal } from '@/kernel';

export interface Quantity {
  value: string;
  uom: string;
}

/** One row of a count: units counted once each; quantities one a unit of measure; `unknown` units have no known quantity. */
export interface TallyRow {
  key: string;
  name: string | null;
  units: number;
  certain: number;
  possible: number;
  unknown: number;
  quantities: Quantity[];
}

class Sum {
  units = 0;
  certain = 0;
  unknown = 0;
  readonly byUom = new Map<string, bigint>();
}

export class Tally<K extends string | number> {
  private readonly sums = new Map<K, Sum>();

  /** Counts one unit under a key; to be called once for each unit and key. */
  add(key: K, certain: boolean, quantity: bigint | null, uom: string): void {
    let sum = this.sums.get(key);
    if (!sum) this.sums.set(key, (sum = new Sum()));
    sum.units++;
    if (certain) sum.certain++;
    if (quantity === null) sum.unknown++;
    else if (quantity !== 0n) sum.byUom.set(uom, (sum.byUom.get(uom) ?? 0n) + quantity);
  }

  /** The rows, most units first, then by key; `label` gives a key's text and name. */
  rows(label: (key: K) => { key: string; name: string | null }): TallyRow[] {
    return [...this.sums]
      .map(([key, sum]) => ({
        ...label(key),
        units: sum.units,
        certain: sum.certain,
        possible: sum.units - sum.certain,
        unknown: sum.unknown,
        quantities: [...sum.byUom]
          .sort(([a], [b]) => (a < b ? -1 : 1))
          .map(([uom, value]) => ({ value: formatDecimal(value), uom })),
      }))
      .sort((a, b) => b.units - a.units || (a.key < b.key ? -1 : 1));
  }
}

/** The sum of what is known, or null as soon as a part is unknown. */
export function sumOf(quantities: Iterable<bigint | null>): bigint | null {
  let sum = 0n;
  for (const q of quantities) {
    if (q === null) return null;
    sum += q;
  }
  return sum;
}
