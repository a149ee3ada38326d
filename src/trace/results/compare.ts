/** Two stored results side by side: which units came in, went out, or stand otherwise than before. */
import { AFFECTED } from '../engine';
import { exposureOf, LISTINGS, UnitColumns } from './segments';
import { SortKeys, sortRows } from './sort';
import type { Part, StoredResult } from './stored';

/** Pairs [row before, row after], −1 where a trace does not reach the unit: added, then removed, then reclassified. */
export interface Comparison {
  pairs: Int32Array;
  added: number;
  removed: number;
  reclassified: number;
  same: number;
}

const COLUMNS = ['unit_id', 'verdict', 'certain', 'exposed_from', 'exposed_until', 'exposures'] as const;
type Compared = UnitColumns<(typeof COLUMNS)[number]>;

/** All rows of one result, affected first, as the answer had them. */
class Side {
  private constructor(
    private readonly parts: readonly Part[],
    private readonly columns: readonly Compared[],
    /** rows in the order of their units */
    readonly byUnit: Int32Array,
    readonly unit: Int32Array,
    private readonly partOf: Uint16Array,
    readonly affected: number,
  ) {}

  static async read(result: StoredResult): Promise<Side> {
    const parts: Part[] = [];
    const columns: Compared[] = [];
    for (const listing of LISTINGS) {
      const own = result.partsOf(listing);
      parts.push(...own);
      columns.push(...(await result.columns(own, COLUMNS)));
    }
    const length = parts.reduce((sum, part) => sum + part.rows, 0);
    const unit = new Int32Array(length);
    const partOf = new Uint16Array(length);
    const keys = new SortKeys(length);
    let row = 0;
    for (const [place, { unit_id }] of columns.entries())
      for (const id of unit_id) {
        unit[row] = id;
        partOf[row] = place;
        keys.setHalves(row++, 0, id);
      }
    const byUnit = sortRows(
      Int32Array.from({ length }, (_, i) => i),
      keys,
      false,
    );
    return new Side(parts, columns, byUnit, unit, partOf, result.rowsOf('affected'));
  }

  at(row: number): { c: Compared; i: number } {
    const place = this.partOf[row]!;
    const { listing, from } = this.parts[place]!;
    return { c: this.columns[place]!, i: row - from - (listing === 'affected' ? 0 : this.affected) };
  }
}

/** A merge of both by unit. */
export async function compareResults(before: StoredResult, after: StoredResult): Promise<Comparison> {
  const [a, b] = [await Side.read(before), await Side.read(after)];
  const added: [number, number][] = [];
  const removed: [number, number][] = [];
  const reclassified: [number, number][] = [];
  let same = 0;
  for (let i = 0, j = 0; i < a.byUnit.length || j < b.byUnit.length;) {
    const one = i < a.byUnit.length ? a.unit[a.byUnit[i]!]! : Infinity;
    const other = j < b.byUnit.length ? b.unit[b.byUnit[j]!]! : Infinity;
    const was = one <= other ? a.byUnit[i++]! : -1;
    const is = other <= one ? b.byUnit[j++]! : -1;
    const wasAffected = was >= 0 && was < a.affected;
    const isAffected = is >= 0 && is < b.affected;
    if (isAffected && !wasAffected) added.push([was, is]);
    else if (wasAffected && !isAffected) removed.push([was, is]);
    else if (was < 0 || is < 0 || !alike(a.at(was), b.at(is))) reclassified.push([was, is]);
    else same++;
  }
  // Each in the order of the lists that it is in: by item, kind and code.
  added.sort((x, y) => x[1] - y[1]);
  removed.sort((x, y) => x[0] - y[0]);
  reclassified.sort((x, y) => placeIn(x) - placeIn(y));
  return {
    pairs: Int32Array.from([...added, ...removed, ...reclassified].flat()),
    added: added.length,
    removed: removed.length,
    reclassified: reclassified.length,
    same,
  };
}

const LAST = 2 ** 31;
const placeIn = ([was, is]: [number, number]) => (is >= 0 ? is : LAST + was);

interface At {
  c: Compared;
  i: number;
}

function alike(one: At, other: At): boolean {
  const verdict = one.c.verdict[one.i];
  if (verdict !== other.c.verdict[other.i]) return false;
  // Left out for the same reason: what exposes it besides is no part of the answer.
  if (verdict !== AFFECTED) return true;
  return one.c.certain[one.i] === other.c.certain[other.i] && sameExposure(one, other);
}

export function sameExposure(one: At, other: At): boolean {
  const plain = !one.c.exposures.has(one.i) && !other.c.exposures.has(other.i);
  if (plain)
    return (
      one.c.exposed_from[one.i] === other.c.exposed_from[other.i] &&
      one.c.exposed_until[one.i] === other.c.exposed_until[other.i]
    );
  const [x, y] = [exposureOf(one.c, one.i), exposureOf(other.c, other.i)];
  return x.length === y.length && x.every(([from, until], n) => from === y[n]![0] && until === y[n]![1]);
}
