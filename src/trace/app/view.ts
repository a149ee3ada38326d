/**
 * Where a trace's facts come from: the genealogy around its seeds at one position, and what is known of its units. The same
 * algorithm runs over either kind of view, and gives the same answer.
 */
import type { Housed, Stay } from '@/ledger';
import type { GenealogyGraph, WalkMemory } from '../engine';
import type { UnitColumns } from './unit-columns';

export interface View {
  readonly position: number;
  /** every link that plain reachability walks over from the seeds, in the direction asked */
  readonly graph: GenealogyGraph;
  /** the number of a unit in the graph; every seed has one */
  numberOf(unitId: number): number;
  unitIdOf(number: number): number;
  /** where the view keeps it for one trace after another */
  readonly memory?: WalkMemory;
  /** row i is about the unit with number numbers[i] */
  facts(numbers: Int32Array): Promise<UnitColumns>;
  /** what units are installed in, and what those are in, upwards: for a backward trace, which does not walk there */
  parentsOf(unitIds: readonly number[]): Promise<Parents>;
}

/** Both answer for the units asked for and all their parents. */
export interface Parents {
  unit(unitId: number): Housed | undefined;
  stays(unitId: number): readonly Stay[];
}
