import type { Queryable } from '@/platform/db';
import { insideOf } from '../db/inside';
import { identities } from '../queries';
import type { StockUnit } from './units';

/**
 * What is in work at these places, in the order of ids: loaded there on a run, or (perhaps still) in one of `standing`, units that are
 * there. It has no place of its own in the stock.
 */
export async function inWorkAt(
  q: Queryable,
  placeIds: readonly number[],
  standing: readonly number[],
): Promise<StockUnit[]> {
  const loaded = await q.query<{ unit_id: number }>(
    `SELECT DISTINCT m.unit_id FROM holding h JOIN mark m ON m.unit_id = h.unit_id AND m.kind = 'install' AND m.until_ms IS NULL
       JOIN movement v ON v.event_id = m.event_id AND v.unit_id = m.unit_id AND v.role = 'installed' AND v.place_id = ANY ($1::int[])
      WHERE h.state = 'in-work' AND EXISTS (SELECT 1 FROM unit p WHERE p.unit_id = ANY (m.parents) AND p.kind = 'run')`,
    [placeIds],
  );
  const ids = new Set(loaded.map((row) => row.unit_id));
  for (const { unitId } of await insideOf(q, [...standing, ...ids])) ids.add(unitId);
  const known = await identities(q, [...ids]);
  return [...ids]
    .sort((a, b) => a - b)
    .map((unitId) => {
      const { item, kind, code } = known.get(unitId)!;
      return { unitId, item, kind, code };
    });
}
