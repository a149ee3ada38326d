import type { Queryable } from '@/platform/db';
import type { Interval } from '../engine';
import type { ResolvedQuestion } from '../domain/question';
import { amountsOf, UnitAmount } from './amounts';
import type { ComputeOptions } from './compute-trace';

/** Units that a trace reached, row by row: their ids and exposures. */
export interface Exposed {
  unitId: ArrayLike<number>;
  exposureOf: (row: number) => readonly Interval[];
}

/** The expected amounts of the seeds' material in what a trace reached, by unit id. */
export function amountsIn(
  q: Queryable,
  position: number,
  question: ResolvedQuestion,
  { unitId, exposureOf }: Exposed,
  options: ComputeOptions,
): Promise<Map<number, UnitAmount>> {
  const rowOf = new Map<number, number>();
  for (let row = 0; row < unitId.length; row++) rowOf.set(unitId[row]!, row);
  return amountsOf(q, position, {
    units: Array.from(unitId),
    seeds: question.seeds,
    exposureOf: (id) => exposureOf(rowOf.get(id)!),
    signal: options.signal,
    progress: (done, total) => options.progress?.('amounts', done, total),
  });
}
