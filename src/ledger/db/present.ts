/** The state of units as it is now, unsealed facts included: what a scanner, a build or a shipment is judged on. */
import { parseDecimal } from '@/kernel';
import type { Queryable } from '@/platform/db';
import type { Role } from '../domain/draft';
import type { UnitKind } from '../domain/event-shapes';
import { foldHoldings, Holding, HoldingMovement } from '../domain/holdings';
import { HOLD_IS_OPEN, MOVEMENT_STANDS } from './load';

/** A reason that still binds a unit. */
export interface OpenHold {
  holdId: number;
  reason: string;
  ref: string | null;
  /** ms UTC */
  atMs: number;
}

export interface Present {
  unitId: number;
  kind: UnitKind;
  /** where it is, and how much of it; never empty */
  holdings: Holding[];
  /** open holds, the oldest first; free when there is none */
  holds: OpenHold[];
  /** ms UTC; null where it does not expire, or nothing says when */
  expiresMs: number | null;
}

/**
 * Where these units are now, what holds them and when they expire; the units that do not exist are not in the answer.
 * Inside a transaction that holds the units' locks it stays true until the commit; outside it is what was committed when it was read.
 */
export async function presentOf(q: Queryable, unitIds: readonly number[]): Promise<Map<number, Present>> {
  const found = new Map<number, Present>();
  const ids = [...new Set(unitIds)];
  if (ids.length === 0) return found;
  const units = await q.query<{ unit_id: number; kind: UnitKind }>(
    `SELECT unit_id, kind FROM unit WHERE unit_id = ANY ($1::int[])`,
    [ids],
  );
  const holds = await openHolds(q, ids);
  const { movements, expires } = await movementsNow(q, ids);
  for (const { unit_id: unitId, kind } of units)
    found.set(unitId, {
      unitId,
      kind,
      holdings: foldHoldings(movements.get(unitId) ?? [], kind).holdings,
      holds: holds.get(unitId) ?? [],
      expiresMs: expires.get(unitId) ?? null,
    });
  return found;
}

async function openHolds(q: Queryable, unitIds: readonly number[]): Promise<Map<number, OpenHold[]>> {
  const rows = await q.query<{ hold_id: number; unit_id: number; reason: string; ref: string | null; at_ms: number }>(
    `SELECT h.hold_id, h.unit_id, h.reason, h.ref, h.at_ms FROM hold h WHERE h.unit_id = ANY ($1::int[]) AND ${HOLD_IS_OPEN} ORDER BY h.at_ms, h.hold_id`,
    [unitIds],
  );
  const found = new Map<number, OpenHold[]>();
  for (const r of rows) {
    const own = found.get(r.unit_id) ?? [];
    own.push({ holdId: r.hold_id, reason: r.reason, ref: r.ref, atMs: r.at_ms });
    found.set(r.unit_id, own);
  }
  return found;
}

/** The movements that count now, and the earliest expiry that a receipt or making stated. */
async function movementsNow(
  q: Queryable,
  unitIds: readonly number[],
): Promise<{ movements: Map<number, HoldingMovement[]>; expires: Map<number, number> }> {
  const rows = await q.query<{
    unit_id: number;
    event_id: number;
    role: Role;
    at_from: number;
    at_until: number;
    quantity: string | null;
    place_id: number | null;
    partner_id: number | null;
    container_id: number | null;
    expires_ms: number | null;
  }>(
    `SELECT m.unit_id, m.event_id, m.role, m.at_from, m.at_until, m.quantity, m.place_id, m.partner_id, m.container_id, m.expires_ms FROM movement m
      WHERE m.unit_id = ANY ($1::int[]) AND ${MOVEMENT_STANDS} ORDER BY m.movement_id`,
    [unitIds],
  );
  const movements = new Map<number, HoldingMovement[]>();
  const expires = new Map<number, number>();
  for (const r of rows) {
    const own = movements.get(r.unit_id) ?? [];
    own.push({
      eventId: r.event_id,
      role: r.role,
      atFrom: r.at_from,
      atUntil: r.at_until,
      quantity: r.quantity === null ? null : parseDecimal(r.quantity),
      placeId: r.place_id,
      partnerId: r.partner_id,
      containerId: r.container_id,
    });
    movements.set(r.unit_id, own);
    if (r.expires_ms !== null) expires.set(r.unit_id, Math.min(r.expires_ms, expires.get(r.unit_id) ?? Infinity));
  }
  return { movements, expires };
}
