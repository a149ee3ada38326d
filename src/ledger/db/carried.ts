/**
 * What containers' events did to the units in them, kept as movements and holds of those events. Worked out anew from the facts
 * whenever one comes or goes that can change it; what is missing is added, what does not hold any more is taken back, by rows
 * that are only added: a movement_end, or a release at the very time of the hold.
 */
import { parseDecimal } from '@/kernel';
import type { Tx } from '@/platform/db';
import type { ContainerRole } from '../domain/container';
import { Carried, carriedBy, ContainerEvent } from '../domain/carry';
import type { Role } from '../domain/draft';
import type { HoldingMovement } from '../domain/holdings';
import { numeric, World } from '../domain/world';
import { addDerived, endDerived } from './derived';
import { MOVEMENT_STANDS } from './standing';
import { insertRows, takeIds } from './rows-in';

interface ContainerFact extends ContainerEvent {
  reason: string | null;
  ref: string | null;
}

interface Recorded extends HoldingMovement {
  movementId: number;
  document: string | null;
  carried: boolean;
}

interface Packed {
  kind: 'serial' | 'lot' | 'run';
  own: Recorded[];
  carried: Recorded[];
  containers: Set<number>;
}

/** To be called when all else that the batch adds is written. Gives the units of which that changed something, with the earliest time of it. */
export async function deriveCarried(tx: Tx, world: World, batchId: number): Promise<Map<number, number>> {
  const changed = new Map<number, number>();
  const containers = [...world.containers.values()].filter((c) => c.stored).map((c) => c.id);
  const units = [...world.unitsById.values()].filter((u) => u.stored).map((u) => u.id);
  const packed = await readPacked(tx, units, containers);
  if (packed.size === 0) return changed;
  const facts = await readFacts(tx, [...new Set([...packed.values()].flatMap((p) => [...p.containers]))]);
  const meant = new Map<number, Carried[]>();
  const missing: { unitId: number; movement: Carried }[] = [];
  const ended: number[] = [];
  for (const [unitId, { kind, own, carried, containers: ever }] of packed) {
    const events = facts.filter((f) => ever.has(f.containerId));
    const found = carriedBy(own, events, kind);
    meant.set(unitId, found);
    const standing = new Map<string, Recorded[]>();
    for (const m of carried) standing.set(textOf(m), [...(standing.get(textOf(m)) ?? []), m]);
    const touch = ({ atFrom }: Carried | Recorded) =>
      void changed.set(unitId, Math.min(atFrom, changed.get(unitId) ?? Infinity));
    for (const movement of found) {
      if (standing.get(textOf(movement))?.pop()) continue;
      missing.push({ unitId, movement });
      touch(movement);
    }
    for (const m of [...standing.values()].flat()) {
      ended.push(m.movementId);
      touch(m);
    }
  }
  await addDerived(
    tx,
    batchId,
    missing.map(({ unitId, movement: { atFrom: from, atUntil: until, ...m } }) => ({
      ...m,
      unitId,
      from,
      until,
      parents: null,
    })),
  );
  await endDerived(tx, batchId, ended);
  await deriveHolds(tx, batchId, packed, facts, meant);
  // Holds come and go without a movement of the unit: how many are open is counted again, nothing is folded again.
  if (facts.some((f) => f.holdEventId !== null || f.role === 'held' || f.role === 'returned'))
    for (const unitId of packed.keys())
      if (world.unitsById.has(unitId) && !changed.has(unitId)) changed.set(unitId, Infinity);
  return changed;
}

function textOf(m: Carried | Recorded): string {
  const { eventId, role, atFrom, atUntil, quantity, placeId, partnerId, document, containerId } = m;
  return JSON.stringify([eventId, role, atFrom, atUntil, numeric(quantity), placeId, partnerId, document, containerId]);
}

/** Of these units, and of all that ever was in these containers, those that were ever packed, with their movements. */
async function readPacked(
  tx: Tx,
  units: readonly number[],
  containers: readonly number[],
): Promise<Map<number, Packed>> {
  const found = new Map<number, Packed>();
  // Of a chunk without packing nothing comes of this, and the rest is not asked.
  const ever = await tx.query<{ unit_id: number }>(
    `SELECT m.unit_id FROM unnest($1::int[]) AS u(id) JOIN movement m ON m.unit_id = u.id WHERE m.role = 'packed'
     UNION ALL SELECT unit_id FROM movement WHERE role = 'packed' AND container_id = ANY ($2::int[])`,
    [units, containers],
  );
  if (ever.length === 0) return found;
  // Where it was packed by mistake, too: what held it there is still to be taken back.
  const ids = await tx.query<{ unit_id: number; kind: Packed['kind']; containers: number[] }>(
    `SELECT m.unit_id, u.kind, array_agg(DISTINCT m.container_id) AS containers FROM movement m JOIN unit u USING (unit_id)
      WHERE m.role = 'packed' AND m.container_id IS NOT NULL AND m.unit_id = ANY ($1::int[])
      GROUP BY m.unit_id, u.kind`,
    [[...new Set(ever.map((r) => r.unit_id))]],
  );
  for (const { unit_id, kind, containers: ever } of ids)
    found.set(unit_id, { kind, own: [], carried: [], containers: new Set(ever) });
  const rows = await tx.query<{
    movement_id: number;
    unit_id: number;
    event_id: number;
    role: Role;
    at_from: number;
    at_until: number;
    quantity: string | null;
    place_id: number | null;
    partner_id: number | null;
    document: string | null;
    container_id: number | null;
    parents: number[] | null;
    slot: string | null;
    carried: boolean;
  }>(
    `SELECT m.movement_id, m.unit_id, m.event_id, m.role, m.at_from, m.at_until, m.quantity, m.place_id, m.partner_id, m.document, m.container_id, m.parents, m.slot, m.carried
       FROM movement m WHERE m.unit_id = ANY ($1::int[]) AND m.role <> 'inherited' AND ${MOVEMENT_STANDS} ORDER BY m.movement_id`,
    [[...found.keys()]],
  );
  for (const r of rows) {
    const packed = found.get(r.unit_id)!;
    // What a cleaning took of it no container did.
    (r.carried && r.role !== 'cleaned-out' ? packed.carried : packed.own).push({
      movementId: r.movement_id,
      eventId: r.event_id,
      role: r.role,
      atFrom: r.at_from,
      atUntil: r.at_until,
      quantity: r.quantity === null ? null : parseDecimal(r.quantity),
      placeId: r.place_id,
      partnerId: r.partner_id,
      document: r.document,
      containerId: r.container_id,
      parents: r.parents,
      slot: r.slot,
      carried: r.carried,
    });
  }
  return found;
}

/** All that counts of these containers, in an order that does not hang on when it was recorded. */
async function readFacts(tx: Tx, containers: readonly number[]): Promise<ContainerFact[]> {
  const rows = await tx.query<{
    event_id: number;
    container_id: number;
    code: string;
    role: ContainerRole;
    at_from: number;
    at_until: number;
    place_id: number | null;
    partner_id: number | null;
    document: string | null;
    reason: string | null;
    ref: string | null;
    hold_event_id: number | null;
  }>(
    `SELECT f.*, c.code FROM container_fact f JOIN container c USING (container_id)
      WHERE f.container_id = ANY ($1::int[]) AND NOT EXISTS (SELECT 1 FROM event_void v WHERE v.event_id = f.event_id)
      ORDER BY f.at_from, f.role, f.place_id`,
    [containers],
  );
  return rows.map((r) => ({
    eventId: r.event_id,
    containerId: r.container_id,
    code: r.code,
    role: r.role,
    atFrom: r.at_from,
    atUntil: r.at_until,
    placeId: r.place_id,
    partnerId: r.partner_id,
    document: r.document,
    reason: r.reason,
    ref: r.ref,
    holdEventId: r.hold_event_id,
  }));
}

// ------------------------------------------------------------ holds

/** Holds and returns of containers hold the units that were in them; a release of such a hold is for all of these. */
async function deriveHolds(
  tx: Tx,
  batchId: number,
  packed: ReadonlyMap<number, Packed>,
  facts: readonly ContainerFact[],
  meant: ReadonlyMap<number, readonly Carried[]>,
): Promise<void> {
  const holding = new Map(facts.filter((f) => f.role === 'held' || f.role === 'returned').map((f) => [f.eventId, f]));
  if (holding.size === 0) return;
  const rows = await tx.query<{ hold_id: number; event_id: number; unit_id: number; released_by: number[] }>(
    `SELECT h.hold_id, h.event_id, h.unit_id,
            ARRAY(SELECT r.event_id FROM hold_release r WHERE r.hold_id = h.hold_id)::int8[] AS released_by
       FROM hold h WHERE h.event_id = ANY ($1::bigint[]) AND h.unit_id = ANY ($2::int[])
        AND NOT EXISTS (SELECT 1 FROM hold_release r WHERE r.hold_id = h.hold_id AND r.event_id = h.event_id)`,
    [[...holding.keys()], [...packed.keys()]],
  );
  const standing = rows.map((r) => ({ ...r, released_by: r.released_by.map(Number) }));
  const taken: [holdId: number, eventId: number, atMs: number][] = [];
  const wanted: { eventId: number; unitId: number; fact: ContainerFact }[] = [];
  for (const [unitId, { own }] of packed) {
    const derived = new Set(
      meant
        .get(unitId)!
        .filter((m) => m.role === 'held' || m.role === 'returned')
        .map((m) => m.eventId),
    );
    for (const h of standing) {
      if (h.unit_id !== unitId || derived.has(h.event_id) || own.some((m) => m.eventId === h.event_id)) continue;
      const { atUntil } = holding.get(h.event_id)!;
      taken.push([h.hold_id, h.event_id, atUntil - 1]);
    }
    for (const eventId of derived) {
      if (standing.some((h) => h.unit_id === unitId && h.event_id === eventId)) continue;
      wanted.push({ eventId, unitId, fact: holding.get(eventId)! });
    }
  }
  const ids = await takeIds(tx, 'hold', 'hold_id', wanted.length);
  await insertRows(
    tx,
    'hold',
    [
      ['hold_id', 'bigint'],
      ['batch_id', 'bigint'],
      ['event_id', 'bigint'],
      ['unit_id', 'int'],
      ['at_ms', 'bigint'],
      ['reason', 'text'],
      ['ref', 'text'],
    ],
    wanted.map(({ eventId, unitId, fact }, i) => [
      ids[i],
      batchId,
      eventId,
      unitId,
      fact.atUntil - 1,
      fact.reason,
      fact.ref,
    ]),
  );
  const gone = new Set(taken.map(([holdId]) => holdId));
  const open = [
    ...standing.filter((h) => !gone.has(h.hold_id)),
    ...wanted.map(({ eventId }, i) => ({ hold_id: ids[i]!, event_id: eventId, released_by: [] as number[] })),
  ];
  const releases = open.flatMap((h) =>
    facts
      .filter((f) => f.role === 'released' && f.holdEventId === h.event_id && !h.released_by.includes(f.eventId))
      .map((f): [number, number, number] => [h.hold_id, f.eventId, f.atFrom]),
  );
  await insertRows(
    tx,
    'hold_release',
    [
      ['hold_id', 'bigint'],
      ['event_id', 'bigint'],
      ['at_ms', 'bigint'],
      ['batch_id', 'bigint'],
    ],
    [...taken, ...releases].map((row) => [...row, batchId]),
  );
}
