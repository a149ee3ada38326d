/** What units did and what was done to them, as seen at a ledger position: movements, inspections, holds. Set-based. */
import type { Queryable } from '@/platform/db';
import type { Role } from '../domain/draft';
import { FACT_SEEN, inBatches, MOVEMENT_SEEN } from './at-position';

export type MovementRole = Role;

/** One unit's part in one event. Times in ms UTC; quantity in the item's base unit, null = unknown, or all that was there. */
export interface RecordedMovement {
  movementId: number;
  eventId: number;
  /** of makings alone, where types were asked for: receive, produce …; else empty */
  eventType: string;
  unitId: number;
  role: MovementRole;
  atFrom: number;
  atUntil: number;
  quantity: string | null;
  placeId: number | null;
  partnerId: number | null;
  document: string | null;
  containerId: number | null;
  /** what the movement says of the unit's expiry, ms UTC; null where nothing */
  expiresMs: number | null;
  parents: readonly number[] | null;
  slot: string | null;
}

/** Before all times: what a bigint holds. */
export const EVER = -9_000_000_000_000_000;

const TYPE = `coalesce(CASE WHEN ev.type = 'correct' THEN ev.body->'with'->>'type' END, ev.type)`;

/**
 * The movements of these units, by unit in ascending order, each unit's in the order of time; of those in `since` only what begins
 * at or after that.
 */
export async function movementsOf(
  q: Queryable,
  position: number,
  units: readonly number[],
  { types, since }: { types: boolean; since?: ReadonlyMap<number, number> } = { types: true },
): Promise<RecordedMovement[]> {
  const found: RecordedMovement[] = [];
  // The type is the event's: a wide read does without, and asks eventTypesOf for the few that matter to it.
  const [type, join] = types
    ? [TYPE, `LEFT JOIN event ev ON ev.event_id = f.event_id AND f.role = 'made'`]
    : [`''`, ''];
  const own = since
    ? `unnest($2::int[], $3::bigint[]) AS own (unit_id, since) JOIN movement f ON f.unit_id = own.unit_id AND f.at_from >= own.since ${MOVEMENT_SEEN}`
    : `movement f ${MOVEMENT_SEEN} AND f.unit_id = ANY ($2::int[])`;
  await inBatches(units, async (ids) => {
    const rows = await q.query<{
      movement_id: number;
      event_id: number;
      type: string | null;
      unit_id: number;
      role: MovementRole;
      at_from: number;
      at_until: number;
      quantity: string | null;
      place_id: number | null;
      partner_id: number | null;
      document: string | null;
      container_id: number | null;
      expires_ms: number | null;
      parents: number[] | null;
      slot: string | null;
    }>(
      `SELECT f.movement_id, f.event_id, ${type} AS type, f.unit_id, f.role, f.at_from, f.at_until, f.quantity, f.place_id, f.partner_id, f.document, f.container_id, f.expires_ms, f.parents, f.slot
         FROM (SELECT f.* FROM ${own}) f
         ${join}
        ORDER BY f.unit_id, f.at_from, f.movement_id`,
      since ? [position, ids, ids.map((id) => since.get(id) ?? EVER)] : [position, ids],
    );
    for (const r of rows) {
      found.push({
        movementId: r.movement_id,
        eventId: r.event_id,
        eventType: r.type ?? '',
        unitId: r.unit_id,
        role: r.role,
        atFrom: r.at_from,
        atUntil: r.at_until,
        quantity: r.quantity,
        placeId: r.place_id,
        partnerId: r.partner_id,
        document: r.document,
        containerId: r.container_id,
        expiresMs: r.expires_ms,
        parents: r.parents,
        slot: r.slot,
      });
    }
  });
  return found;
}

/** When a unit expires by its movements, in the order of time: what its last amendment says, else the earliest of what was said. */
export function expiryOf(movements: readonly Pick<RecordedMovement, 'role' | 'expiresMs'>[]): number | null {
  let earliest: number | null = null;
  let amended: number | null = null;
  for (const { role, expiresMs } of movements) {
    if (expiresMs === null) continue;
    if (role === 'amended') amended = expiresMs;
    if (earliest === null || expiresMs < earliest) earliest = expiresMs;
  }
  return amended ?? earliest;
}

/** The types of events; what a correction puts in the place of another fact counts as what it is. */
export async function eventTypesOf(q: Queryable, events: readonly number[]): Promise<Map<number, string>> {
  const types = new Map<number, string>();
  await inBatches(events, async (ids) => {
    const rows = await q.query<{ event_id: number; type: string }>(
      `SELECT ev.event_id, ${TYPE} AS type FROM event ev WHERE ev.event_id = ANY ($1::bigint[])`,
      [ids],
    );
    for (const r of rows) types.set(r.event_id, r.type);
  });
  return types;
}

export interface RecordedInspection {
  eventId: number;
  unitId: number;
  characteristic: string;
  passed: boolean;
  atFrom: number;
  atUntil: number;
}

/** The inspections of these units in the order of time; all characteristics unless some are named. */
export async function inspectionsOf(
  q: Queryable,
  position: number,
  units: readonly number[],
  characteristics?: readonly string[],
): Promise<RecordedInspection[]> {
  const found: RecordedInspection[] = [];
  await inBatches(units, async (ids) => {
    const rows = await q.query<{
      event_id: number;
      unit_id: number;
      characteristic: string;
      passed: boolean;
      at_from: number;
      at_until: number;
    }>(
      `SELECT f.event_id, f.unit_id, f.characteristic, f.passed, f.at_from, f.at_until
         FROM inspection f ${FACT_SEEN} AND f.unit_id = ANY ($2::int[]) AND ($3::text[] IS NULL OR f.characteristic = ANY ($3))
        ORDER BY f.unit_id, f.at_from, f.inspection_id`,
      [position, ids, characteristics ?? null],
    );
    for (const r of rows) {
      found.push({
        eventId: r.event_id,
        unitId: r.unit_id,
        characteristic: r.characteristic,
        passed: r.passed,
        atFrom: r.at_from,
        atUntil: r.at_until,
      });
    }
  });
  return found;
}

/** One hold of one unit; `releasedMs` null while it stands. */
export interface RecordedHold {
  holdId: number;
  eventId: number;
  unitId: number;
  atMs: number;
  reason: string;
  ref: string | null;
  releasedMs: number | null;
}

export async function holdsOf(q: Queryable, position: number, units: readonly number[]): Promise<RecordedHold[]> {
  const found: RecordedHold[] = [];
  await inBatches(units, async (ids) => {
    const rows = await q.query<{
      hold_id: number;
      event_id: number;
      unit_id: number;
      at_ms: number;
      reason: string;
      ref: string | null;
      released_ms: number | null;
    }>(
      `SELECT f.hold_id, f.event_id, f.unit_id, f.at_ms, f.reason, f.ref,
              (SELECT min(r.at_ms) FROM hold_release r JOIN ledger_position rp ON rp.batch_id = r.batch_id AND rp.position <= $1
                WHERE r.hold_id = f.hold_id
                  AND NOT EXISTS (SELECT FROM event_void rv JOIN ledger_position rvp ON rvp.batch_id = rv.batch_id AND rvp.position <= $1
                                   WHERE rv.event_id = r.event_id)) AS released_ms
         FROM hold f ${FACT_SEEN} AND f.unit_id = ANY ($2::int[])
        ORDER BY f.unit_id, f.at_ms, f.hold_id`,
      [position, ids],
    );
    for (const r of rows) {
      found.push({
        holdId: r.hold_id,
        eventId: r.event_id,
        unitId: r.unit_id,
        atMs: r.at_ms,
        reason: r.reason,
        ref: r.ref,
        releasedMs: r.released_ms,
      });
    }
  });
  return found;
}

/** Of these units, those with a part in anything of which the moment is not known: a day, a shift. */
export async function unitsWithLongTimes(
  q: Queryable,
  position: number,
  units: readonly number[],
): Promise<Set<number>> {
  const found = new Set<number>();
  await inBatches(units, async (ids) => {
    const rows = await q.query<{ unit_id: number }>(
      `SELECT DISTINCT f.unit_id FROM movement f ${MOVEMENT_SEEN} AND f.unit_id = ANY ($2::int[]) AND f.at_until > f.at_from + 1
          AND f.role IN ('made', 'used', 'returned', 'shipped', 'scrapped', 'counted', 'adjusted')`,
      [position, ids],
    );
    for (const r of rows) found.add(r.unit_id);
  });
  return found;
}
