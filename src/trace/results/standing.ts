/** How one unit stands in a stored result, and which units are in it. */
import type { Queryable } from '@/platform/db';
import { AFFECTED, REASONS } from '../engine';
import { LISTINGS } from './segments';
import { StoredResult } from './stored';

export interface Standing {
  /** null: affected */
  reason: (typeof REASONS)[number] | null;
  certain: boolean;
  depth: number | null;
}

/** Null where the trace does not reach the unit. */
export async function standingOf(q: Queryable, traceNo: number, unitId: number): Promise<Standing | null> {
  const result = await StoredResult.open(q, traceNo);
  for (const listing of LISTINGS)
    for (const part of result.partsOf(listing)) {
      const [ids] = await result.columns([part], ['unit_id']);
      const row = ids!.unit_id.indexOf(unitId);
      if (row < 0) continue;
      const [columns] = await result.columns([part], ['verdict', 'certain', 'depth']);
      const { verdict, certain, depth } = columns!;
      return {
        reason: verdict[row] === AFFECTED ? null : REASONS[verdict[row]! - 1]!,
        certain: certain[row] === 1,
        depth: depth[row]! < 0 ? null : depth[row]!,
      };
    }
  return null;
}

/** All units that a trace reaches, affected and excluded. */
export async function unitsOf(q: Queryable, traceNo: number): Promise<Set<number>> {
  const result = await StoredResult.open(q, traceNo);
  const units = new Set<number>();
  for (const listing of LISTINGS)
    for (const { unit_id } of await result.columns(result.partsOf(listing), ['unit_id']))
      for (const id of unit_id) units.add(id);
  return units;
}
