/** Some units of a finished trace, by their numbers: as its lists show them. */
import { StoredResult } from '../results/stored';
import { Reading, unlessRemoved, viewRows } from './rows';
import type { TraceUnitView } from './views';

/** Those of `unitIds` that are affected; the others are left out. */
export function affectedUnits(reading: Reading, unitIds: readonly number[]): Promise<TraceUnitView[]> {
  const { q, head, cache } = reading;
  return unlessRemoved(head, async () => {
    const wanted = new Set(unitIds);
    if (wanted.size === 0) return [];
    const result = await StoredResult.open(q, head.trace_no, cache);
    const rows: number[] = [];
    for (const part of result.partsOf('affected')) {
      const [found] = await result.columns([part], ['unit_id']);
      for (const [i, id] of found!.unit_id.entries()) if (wanted.has(id)) rows.push(part.from + i);
    }
    const views: TraceUnitView[] = [];
    for await (const view of viewRows(reading, result, 'affected', Int32Array.from(rows))) views.push(view);
    return views;
  });
}
