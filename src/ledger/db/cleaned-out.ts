/**
 * What cleanings took out of their runs, kept as movements of the cleanings' events. Which those are follows from the marks, whatever
 * came first; whenever these change it is worked out again.
 */
import type { Tx } from '@/platform/db';
import { isCoarse } from '../domain/mark-order';
import { cleanedOut } from '../domain/installations';
import type { UnitState, World } from '../domain/world';
import { addDerived, DerivedMovement, endDerived } from './derived';
import { MOVEMENT_STANDS } from './standing';

/** To be called when the marks are written, with the units whose marks changed. Gives those of which that changed something, with the earliest time of it. */
export async function deriveCleanedOut(
  tx: Tx,
  world: World,
  batchId: number,
  units: readonly UnitState[],
): Promise<Map<number, number>> {
  const changed = new Map<number, number>();
  if (units.length === 0) return changed;
  const rows = await tx.query<{ movement_id: number; unit_id: number; event_id: number; at_from: number }>(
    `SELECT m.movement_id, m.unit_id, m.event_id, m.at_from FROM movement m
      WHERE m.role = 'cleaned-out' AND m.unit_id = ANY ($1::int[]) AND ${MOVEMENT_STANDS}`,
    [units.map((u) => u.id)],
  );
  const touch = (unitId: number, at: number) => changed.set(unitId, Math.min(at, changed.get(unitId) ?? Infinity));
  const standing = new Map(rows.map((r) => [`${r.event_id} ${r.unit_id}`, r]));
  const missing: DerivedMovement[] = [];
  for (const unit of units)
    for (const clean of cleanedOut(unit.marks, world.cleansOf(unit), unit.serial)) {
      const { eventId, until, parents } = clean;
      if (standing.delete(`${eventId} ${unit.id}`)) continue;
      // A lot's stay ends with the day that the cleaning is known by; where a serial goes on that day, it goes on.
      const from = isCoarse(clean) && !unit.serial ? until - 1 : clean.from;
      missing.push({ eventId, unitId: unit.id, role: 'cleaned-out', from, until, parents });
      touch(unit.id, from);
    }
  for (const r of standing.values()) touch(r.unit_id, r.at_from);
  const places = await placesOf(
    tx,
    missing.map((m) => m.eventId),
  );
  await addDerived(
    tx,
    batchId,
    missing.map((m) => ({ ...m, placeId: places.get(m.eventId) ?? null })),
  );
  await endDerived(
    tx,
    batchId,
    [...standing.values()].map((r) => r.movement_id),
  );
  return changed;
}

/** Where the cleanings were done: there is what they took out. */
async function placesOf(tx: Tx, cleanings: readonly number[]): Promise<Map<number, number | null>> {
  if (cleanings.length === 0) return new Map();
  const rows = await tx.query<{ event_id: number; place_id: number | null }>(
    `SELECT event_id, place_id FROM movement WHERE event_id = ANY ($1::bigint[]) AND role = 'cleaned'`,
    [[...new Set(cleanings)]],
  );
  return new Map(rows.map((r) => [r.event_id, r.place_id]));
}
