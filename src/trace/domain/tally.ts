/** Counting units once for each distinct value, with exact sums of quantities. Pure. */
import { formatDecimal, parseDecimal } from '@/kernel';

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

const ONE = parseDecimal('1');

/** Units of one value; sums by the place of their unit of measure. */
class Sum {
  units = 0;
  certain = 0;
  unknown = 0;
  /** exact pieces of one, counted: most units are serials, and no bigint is made for those */
  readonly ones: number[];
  readonly nanos: (bigint | undefined)[] = [];

  constructor(
    readonly key: number,
    uoms: number,
  ) {
    this.ones = new Array<number>(uoms).fill(0);
  }
}

/** Keys below this are places in a list; others are looked up. */
const LISTED_MAX = 65_536;

/** `uoms`: the units of measure, which `add` names by their places. Keys are small numbers, mostly. */
export class Tally {
  private readonly listed: (Sum | undefined)[] = [];
  private readonly others = new Map<number, Sum>();

  constructor(private readonly uoms: readonly string[]) {}

  /** Counts one unit under a key, of exactly one; to be called once for each unit and key. */
  addOne(key: number, certain: boolean, uom: number): void {
    const sum = this.count(key, certain);
    sum.ones[uom]!++;
  }

  /** The same, of any quantity; null is unknown. */
  add(key: number, certain: boolean, uom: number, quantity: bigint | null): void {
    const sum = this.count(key, certain);
    if (quantity === null) sum.unknown++;
    else if (quantity !== 0n) sum.nanos[uom] = (sum.nanos[uom] ?? 0n) + quantity;
  }

  private count(key: number, certain: boolean): Sum {
    const sum = (key < LISTED_MAX ? this.listed[key] : this.others.get(key)) ?? this.begin(key);
    sum.units++;
    if (certain) sum.certain++;
    return sum;
  }

  private begin(key: number): Sum {
    const sum = new Sum(key, this.uoms.length);
    if (key < LISTED_MAX) {
      while (this.listed.length <= key) this.listed.push(undefined);
      this.listed[key] = sum;
    } else this.others.set(key, sum);
    return sum;
  }

  private get sums(): Sum[] {
    return [...this.listed, ...this.others.values()].filter((sum) => sum !== undefined);
  }

  get keys(): number[] {
    return this.sums.map((sum) => sum.key);
  }

  /** The rows, most units first, then by key; `label` gives a key's text and name. */
  rows(label: (key: number) => { key: string; name: string | null }): TallyRow[] {
    return this.sums
      .map((sum) => ({
        ...label(sum.key),
        units: sum.units,
        certain: sum.certain,
        possible: sum.units - sum.certain,
        unknown: sum.unknown,
        quantities: this.quantities(sum),
      }))
      .sort((a, b) => b.units - a.units || (a.key < b.key ? -1 : 1));
  }

  private quantities({ ones, nanos }: Sum): Quantity[] {
    return this.uoms
      .flatMap((uom, i) => {
        if (ones[i] === 0 && nanos[i] === undefined) return [];
        return [{ uom, value: formatDecimal((nanos[i] ?? 0n) + BigInt(ones[i]!) * ONE) }];
      })
      .sort((a, b) => (a.uom < b.uom ? -1 : 1));
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
