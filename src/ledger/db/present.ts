/** The state of units as it is now, unsealed facts included: what a scanner, a build or a shipment is judged on. */
import { type ErrorDetails, parseDecimal } from '@/kernel';
import type { Queryable } from '@/platform/db';
import type { UnitKind } from '../domain/event-shapes';
import type { Holding, HoldingState } from '../domain/holding';
import { HOLD_IS_OPEN } from './standing';

/** A reason that still binds a unit. */
export interface OpenHold {
  holdId: number;
  reason: string;
  ref: string | null;
  /** ms UTC */
  atMs: number;
  /** who placed it: whom to ask */
  by: string;
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
  /** first making, ms UTC; null while nothing made it */
  madeMs: number | null;
  /** when it last went anywhere, ms UTC; null where nothing moved it yet */
  movedMs: number | null;
}

/**
 * Where these units are now, what holds them and when they expire; the units that do not exist are not in the answer.
 * Inside a transaction that holds the units' locks it stays true until the commit; outside it is what was committed when it was read.
 */
export async function presentOf(q: Queryable, unitIds: readonly number[]): Promise<Map<number, Present>> {
  const found = new Map<number, Present>();
  const ids = [...new Set(unitIds)];
  if (ids.length === 0) return found;
  const rows = await q.query<HoldingRecord>(
    `SELECT unit_id, kind, state, place_id, customer_id, container_id, quantity, expires_ms, made_ms, moved_ms FROM holding
      WHERE unit_id = ANY ($1::int[]) ORDER BY unit_id, place_id NULLS FIRST, holding_id`,
    [ids],
  );
  const holds = await openHolds(q, ids);
  for (const r of rows) {
    let unit = found.get(r.unit_id);
    if (!unit) {
      unit = {
        unitId: r.unit_id,
        kind: r.kind,
        holdings: [],
        holds: holds.get(r.unit_id) ?? [],
        expiresMs: r.expires_ms,
        madeMs: r.made_ms,
        movedMs: r.moved_ms,
      };
      found.set(r.unit_id, unit);
    }
    unit.holdings.push({
      state: r.state,
      placeId: r.place_id,
      customerId: r.customer_id,
      containerId: r.container_id,
      quantity: r.quantity === null ? null : parseDecimal(r.quantity),
    });
  }
  return found;
}

interface HoldingRecord {
  unit_id: number;
  kind: UnitKind;
  state: HoldingState;
  place_id: number | null;
  customer_id: number | null;
  container_id: number | null;
  quantity: string | null;
  expires_ms: number | null;
  made_ms: number | null;
  moved_ms: number | null;
}

async function openHolds(q: Queryable, unitIds: readonly number[]): Promise<Map<number, OpenHold[]>> {
  const rows = await q.query<{
    hold_id: number;
    unit_id: number;
    reason: string;
    ref: string | null;
    at_ms: number;
    actor: string;
  }>(
    `SELECT h.hold_id, h.unit_id, h.reason, h.ref, h.at_ms, b.actor FROM hold h JOIN ledger_batch b USING (batch_id) WHERE h.unit_id = ANY ($1::int[]) AND ${HOLD_IS_OPEN} ORDER BY h.at_ms, h.hold_id`,
    [unitIds],
  );
  const found = new Map<number, OpenHold[]>();
  for (const r of rows) {
    const own = found.get(r.unit_id) ?? [];
    own.push({ holdId: r.hold_id, reason: r.reason, ref: r.ref, atMs: r.at_ms, by: r.actor });
    found.set(r.unit_id, own);
  }
  return found;
}

/** What the refusal of a held unit says: the reason, and whom to ask about it. */
export function heldBy(unit: string, hold: OpenHold): ErrorDetails {
  return {
    unit,
    reason: hold.reason,
    ask: ` Ask ${hold.by.replace(/^(user|key):/, '')} about it.`,
    hold: `h${hold.holdId}`,
  };
}
