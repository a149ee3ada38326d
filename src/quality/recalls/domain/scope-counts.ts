/** What a scope comes to in numbers: those of its trace without the units that are left out. Pure. */
import type { NamedUnit } from './rules';

type UnitKind = NamedUnit['kind'];

export interface ScopeCounts {
  /** serials and lots */
  units: number;
  lots: number;
  serials: number;
  certain: number;
  possible: number;
  customers: number;
  places: number;
}

/** Numbers of units by some value, as a trace counts them. */
export interface Tally {
  key: string;
  units: number;
  certain: number;
  possible: number;
}

export interface TraceTallies {
  byKind: readonly Tally[];
  byPlace: readonly Tally[];
  byCustomer: readonly Tally[];
}

/** A unit that is affected by the trace and left out of the scope. */
export interface LeftOut {
  kind: UnitKind;
  certain: boolean;
  places: readonly string[];
  customers: readonly string[];
}

/** The codes that units of the scope are at or with, with their numbers. */
export function remaining(rows: readonly Tally[], leftOut: readonly (readonly string[])[]): Map<string, number> {
  const left = new Map(rows.map((row) => [row.key, row.units]));
  for (const keys of leftOut) for (const key of new Set(keys)) left.set(key, (left.get(key) ?? 0) - 1);
  return new Map([...left].filter(([, units]) => units > 0));
}

export function scopeCounts(trace: TraceTallies, leftOut: readonly LeftOut[]): ScopeCounts {
  const kind = (name: UnitKind): Tally | undefined => trace.byKind.find((row) => row.key === name);
  const less = (is: (unit: LeftOut) => boolean): number => leftOut.filter(is).length;
  const sum = (part: 'certain' | 'possible'): number => (kind('serial')?.[part] ?? 0) + (kind('lot')?.[part] ?? 0);
  const serials = (kind('serial')?.units ?? 0) - less((u) => u.kind === 'serial');
  const lots = (kind('lot')?.units ?? 0) - less((u) => u.kind === 'lot');
  const isShown = (u: LeftOut): boolean => u.kind !== 'run';
  return {
    units: serials + lots,
    lots,
    serials,
    certain: sum('certain') - less((u) => isShown(u) && u.certain),
    possible: sum('possible') - less((u) => isShown(u) && !u.certain),
    customers: remaining(
      trace.byCustomer,
      leftOut.map((u) => u.customers),
    ).size,
    places: remaining(
      trace.byPlace,
      leftOut.map((u) => u.places),
    ).size,
  };
}
