/** Keeps the stock projection: what the movements of each changed unit come to, in the transaction that changes them. Set-based. */
import { formatDecimal, parseDecimal } from '@/kernel';
import type { Queryable, Tx } from '@/platform/db';
import type { Role } from '../domain/draft';
import { eventKey } from '../domain/draft-builder';
import type { UnitKind } from '../domain/event-shapes';
import type { HoldingState } from '../domain/holding';
import type { World } from '../domain/world';
import { Base, foldUnit, UnitMovement, UnitNow } from '../domain/unit-fold';
import { HOLD_IS_OPEN, MOVEMENT_STANDS } from './standing';
import { Column, insertRows, lazyRows } from './rows-in';
import type { EventRecord } from './write';

/** A unit whose projection is made: `from` is the earliest time at which anything of it changed. */
interface ChangedUnit {
  unitId: number;
  itemId: number;
  kind: UnitKind;
  from: number;
}

/** One row of `holding` as it should be. */
interface Row {
  unitId: number;
  itemId: number;
  kind: UnitKind;
  state: HoldingState;
  placeId: number | null;
  customerId: number | null;
  containerId: number | null;
  quantity: string | null;
  madeMs: number | null;
  movedMs: number | null;
  expiresMs: number | null;
  supplierId: number | null;
  holds: number;
}

type StoredRow = Row & { holdingId: number };

/** What differed between what was stored and what the facts come to. */
export interface HoldingDifference {
  unitId: number;
  stored: string[];
  computed: string[];
}

/** After a segment of events: the holdings of every unit that it changed. `fresh`: units that it made, of which nothing is stored;
 * `carried`: those that were carried along by containers, or not after all, with the earliest time of it. */
export async function keepHoldings(
  tx: Tx,
  world: World,
  events: readonly EventRecord[],
  source: string,
  fresh: ReadonlySet<number>,
  carried: ReadonlyMap<number, number>,
): Promise<void> {
  const { from, recorded, voided } = await changedBy(tx, events, source);
  const heldAlone: number[] = [];
  for (const [unitId, own] of recorded)
    if (!fresh.has(unitId) && !carried.has(unitId) && !voided.has(unitId) && own.every((m) => HELD.has(m.role)))
      heldAlone.push(unitId);
  for (const unitId of heldAlone) from.delete(unitId);
  await countHolds(tx, heldAlone);
  for (const [unitId, at] of carried) {
    from.set(unitId, Math.min(at, from.get(unitId) ?? Infinity));
    // What its container did to it is not among what the events recorded of it.
    recorded.delete(unitId);
  }
  const changed = [...from].map(([unitId, at]) => {
    const unit = world.unitsById.get(unitId);
    if (!unit) throw new Error(`unit ${unitId} was changed without its lock`);
    return { unitId, itemId: unit.item.id, kind: unit.kind, from: at };
  });
  await project(tx, changed, new Map([...recorded].filter(([unitId]) => fresh.has(unitId))));
}

/** What changes nothing of where a unit is, nor of how it is described: only how many holds are on it. */
const HELD: ReadonlySet<Role> = new Set<Role>(['held', 'released']);

/** A recall holds 400,000 units at once: to fold each of them anew took twice the time of all else. */
async function countHolds(tx: Tx, unitIds: readonly number[]): Promise<void> {
  if (unitIds.length === 0) return;
  await tx.query(
    `UPDATE holding SET holds = x.holds
       FROM (SELECT u.id, (SELECT count(*)::int FROM hold h WHERE h.unit_id = u.id AND ${HOLD_IS_OPEN}) AS holds
               FROM unnest($1::int[]) AS u(id)) x
      WHERE holding.unit_id = x.id AND holding.holds <> x.holds`,
    [unitIds],
  );
}

const UNITS_AT_ONCE = 20_000;

/**
 * Makes the holdings of the units after `after` (by id, 20,000 at most) anew from their facts, whatever is stored. Gives the last
 * unit that it came to (null: there are no more) and what was stored wrong. Holds the units' locks until the transaction ends.
 */
export async function rebuildHoldings(
  tx: Tx,
  after: number,
): Promise<{ last: number | null; units: number; differences: HoldingDifference[] }> {
  const units = await tx.query<ChangedUnit>(
    `SELECT l.unit_id AS "unitId", u.item_id AS "itemId", u.kind, '-Infinity'::float8 AS "from"
       FROM unit_lock l JOIN unit u USING (unit_id) WHERE l.unit_id > $1 ORDER BY l.unit_id LIMIT $2 FOR UPDATE OF l`,
    [after, UNITS_AT_ONCE],
  );
  const { stored, wanted, wrong } = await project(tx, units);
  return { last: units.at(-1)?.unitId ?? null, units: units.length, differences: differences(stored, wanted, wrong) };
}

async function project(
  tx: Tx,
  changed: readonly ChangedUnit[],
  fresh: ReadonlyMap<number, UnitMovement[]> = new Map(),
): Promise<{ stored: StoredRow[]; wanted: Row[]; wrong: Set<number> }> {
  if (changed.length === 0) return { stored: [], wanted: [], wrong: new Set() };
  const known = changed.filter((u) => !fresh.has(u.unitId));
  const ids = known.map((u) => u.unitId);
  const bases = await basesOf(tx, known);
  const movements = await movementsSince(tx, known, bases);
  const stored = await storedRows(tx, ids);
  const holds = await openHoldCounts(
    tx,
    changed.map((u) => u.unitId),
  );
  const wanted: Row[] = [];
  const newBases: (Base & { unitId: number })[] = [];
  const staleBases: number[] = [];
  for (const unit of changed) {
    const before = bases.get(unit.unitId);
    const usable = before && before.untilMs <= unit.from ? before : null;
    const { now, base } = foldUnit(unit.kind, fresh.get(unit.unitId) ?? movements.get(unit.unitId) ?? [], usable);
    if (base && base !== usable) newBases.push({ ...base, unitId: unit.unitId });
    else if (before && !base) staleBases.push(unit.unitId);
    wanted.push(...rowsOf(unit, now, holds.get(unit.unitId) ?? 0));
  }
  await writeBases(tx, newBases, staleBases);
  return { stored, wanted, wrong: await writeRows(tx, stored, wanted) };
}

/** The units that a segment of events changed: by what it recorded, took back, or held and released. */
async function changedBy(
  tx: Tx,
  events: readonly EventRecord[],
  source: string,
): Promise<{ from: Map<number, number>; recorded: Map<number, UnitMovement[]>; voided: Set<number> }> {
  const from = new Map<number, number>();
  const recorded = new Map<number, UnitMovement[]>();
  const touch = (unitId: number, at: number) => from.set(unitId, Math.min(at, from.get(unitId) ?? Infinity));
  for (const e of events) {
    for (const m of e.draft.movements) {
      touch(m.unit.id, m.from);
      const own = recorded.get(m.unit.id) ?? [];
      own.push({
        eventId: m.eventId,
        role: m.role,
        atFrom: m.from,
        atUntil: m.until,
        quantity: m.quantity,
        placeId: m.placeId,
        partnerId: m.partnerId,
        containerId: m.containerId,
        parents: m.parents,
        slot: m.slot,
        expiresMs: m.expires,
        key: eventKey(source, e.clientId),
      });
      recorded.set(m.unit.id, own);
    }
  }
  const voids = events.flatMap((e) => (e.draft.voids ? [e.draft.voids.eventId] : []));
  const voided = new Set<number>();
  if (voids.length > 0) {
    const rows = await tx.query<{ unit_id: number; at: number }>(
      `SELECT unit_id, min(at_from) AS at FROM movement WHERE event_id = ANY ($1::bigint[]) GROUP BY unit_id`,
      [voids],
    );
    for (const r of rows) {
      touch(r.unit_id, r.at);
      voided.add(r.unit_id);
    }
  }
  return { from, recorded, voided };
}

// ------------------------------------------------------------ reading

async function basesOf(q: Queryable, units: readonly ChangedUnit[]): Promise<Map<number, Base>> {
  const rows = await q.query<{ unit_id: number; until_ms: number; state: Base['state'] }>(
    `SELECT unit_id, until_ms, state FROM holding_base WHERE unit_id = ANY ($1::int[])`,
    [units.map((u) => u.unitId)],
  );
  return new Map(rows.map((r) => [r.unit_id, { untilMs: r.until_ms, state: r.state }]));
}

/** The movements that count and are not in a base: all of them where there is none, or where something earlier has changed. */
async function movementsSince(
  q: Queryable,
  units: readonly ChangedUnit[],
  bases: ReadonlyMap<number, Base>,
): Promise<Map<number, UnitMovement[]>> {
  const found = new Map<number, UnitMovement[]>();
  if (units.length === 0) return found;
  const since = units.map((u) => {
    const base = bases.get(u.unitId);
    return base && base.untilMs <= u.from ? base.untilMs : null;
  });
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
    parents: number[] | null;
    slot: string | null;
    expires_ms: number | null;
    source: string | null;
    client_id: string | null;
  }>(
    `SELECT m.unit_id, m.event_id, m.role, m.at_from, m.at_until, m.quantity, m.place_id, m.partner_id, m.container_id, m.parents, m.slot, m.expires_ms, e.source, e.client_id
       FROM unnest($1::int[], $2::bigint[]) AS u(unit_id, since)
       JOIN movement m ON m.unit_id = u.unit_id AND m.at_from >= coalesce(u.since, -9223372036854775808)
       LEFT JOIN event e ON e.event_id = m.event_id AND m.role = 'amended'
      WHERE ${MOVEMENT_STANDS} ORDER BY m.movement_id`,
    [units.map((u) => u.unitId), since],
  );
  for (const r of rows) {
    const own = found.get(r.unit_id) ?? [];
    own.push({
      eventId: r.event_id,
      role: r.role,
      atFrom: r.at_from,
      atUntil: r.at_until,
      quantity: r.quantity === null ? null : parseDecimal(r.quantity),
      placeId: r.place_id,
      partnerId: r.partner_id,
      containerId: r.container_id,
      parents: r.parents,
      slot: r.slot,
      expiresMs: r.expires_ms,
      key: r.source === null ? null : eventKey(r.source, r.client_id!),
    });
    found.set(r.unit_id, own);
  }
  return found;
}

const HOLDING = `holding_id AS "holdingId", unit_id AS "unitId", item_id AS "itemId", kind, state, place_id AS "placeId", customer_id AS "customerId",
  container_id AS "containerId", quantity, made_ms AS "madeMs", moved_ms AS "movedMs", expires_ms AS "expiresMs", supplier_id AS "supplierId", holds`;

async function storedRows(q: Queryable, unitIds: readonly number[]): Promise<StoredRow[]> {
  if (unitIds.length === 0) return [];
  return q.query<StoredRow>(`SELECT ${HOLDING} FROM holding WHERE unit_id = ANY ($1::int[]) ORDER BY holding_id`, [
    unitIds,
  ]);
}

async function openHoldCounts(q: Queryable, unitIds: readonly number[]): Promise<Map<number, number>> {
  const rows = await q.query<{ unit_id: number; holds: number }>(
    `SELECT h.unit_id, count(*)::int AS holds FROM hold h WHERE h.unit_id = ANY ($1::int[]) AND ${HOLD_IS_OPEN} GROUP BY h.unit_id`,
    [unitIds],
  );
  return new Map(rows.map((r) => [r.unit_id, r.holds]));
}

// ------------------------------------------------------------ writing

function rowsOf({ unitId, itemId, kind }: ChangedUnit, now: UnitNow, holds: number): Row[] {
  const { holdings, ...unit } = now;
  return holdings.map((h) => ({
    unitId,
    itemId,
    kind,
    ...unit,
    state: h.state,
    placeId: h.placeId,
    customerId: h.customerId,
    containerId: h.containerId,
    quantity: h.quantity === null ? null : formatDecimal(h.quantity),
    holds,
  }));
}

const COLUMNS: readonly (readonly [name: string, type: string, field: keyof Row])[] = [
  ['unit_id', 'int', 'unitId'],
  ['item_id', 'int', 'itemId'],
  ['kind', 'text', 'kind'],
  ['state', 'text', 'state'],
  ['place_id', 'int', 'placeId'],
  ['customer_id', 'int', 'customerId'],
  ['container_id', 'int', 'containerId'],
  ['quantity', 'numeric', 'quantity'],
  ['made_ms', 'bigint', 'madeMs'],
  ['moved_ms', 'bigint', 'movedMs'],
  ['expires_ms', 'bigint', 'expiresMs'],
  ['supplier_id', 'int', 'supplierId'],
  ['holds', 'int', 'holds'],
];
const TABLE_COLUMNS: Column[] = COLUMNS.map(([name, type]) => [name, type]);
/** What a row is in: two rows of a unit differ in at least one of these. */
const keyOf = (r: Row) => [r.unitId, r.state, r.placeId, r.customerId, r.containerId].join('|');
/** Comparable, and readable in a report of what differed. */
const textOf = (r: Row) =>
  [
    r.state,
    r.placeId,
    r.customerId,
    r.containerId,
    decimal(r.quantity),
    r.madeMs,
    r.movedMs,
    r.expiresMs,
    r.supplierId,
    r.holds,
  ].join('|');
const decimal = (text: string | null) => (text === null ? null : formatDecimal(parseDecimal(text)));

/** Writes only what changed: a draw from a tank is one row updated in place, and no index learns of it. */
async function writeRows(tx: Tx, stored: readonly StoredRow[], wanted: readonly Row[]): Promise<Set<number>> {
  const before = new Map<string, StoredRow>();
  const gone: StoredRow[] = [];
  for (const r of stored) {
    const key = keyOf(r);
    if (before.has(key)) gone.push(r);
    else before.set(key, r);
  }
  const added: Row[] = [];
  const updated: StoredRow[] = [];
  for (const r of wanted) {
    const old = before.get(keyOf(r));
    before.delete(keyOf(r));
    if (!old) added.push(r);
    else if (textOf(old) !== textOf(r)) updated.push({ ...r, holdingId: old.holdingId });
  }
  gone.push(...before.values());
  if (gone.length > 0)
    await tx.query(`DELETE FROM holding WHERE holding_id = ANY ($1::bigint[])`, [gone.map((r) => r.holdingId)]);
  if (updated.length > 0) {
    const names = TABLE_COLUMNS.map(([name]) => name);
    await tx.query(
      `UPDATE holding h SET ${names.map((n) => `${n} = x.${n}`).join(', ')}
         FROM unnest($1::bigint[], ${TABLE_COLUMNS.map(([, type], i) => `$${i + 2}::${type}[]`).join(', ')}) AS x(holding_id, ${names.join(', ')})
        WHERE h.holding_id = x.holding_id`,
      [updated.map((r) => r.holdingId), ...COLUMNS.map(([, , field]) => updated.map((r) => r[field]))],
    );
  }
  await insertRows(
    tx,
    'holding',
    TABLE_COLUMNS,
    lazyRows(added, (r) => COLUMNS.map(([, , field]) => r[field])),
  );
  return new Set([...added, ...updated, ...gone].map((r) => r.unitId));
}

function differences(stored: readonly Row[], wanted: readonly Row[], units: ReadonlySet<number>): HoldingDifference[] {
  const found = new Map<number, HoldingDifference>();
  for (const unitId of units) found.set(unitId, { unitId, stored: [], computed: [] });
  for (const r of stored) found.get(r.unitId)?.stored.push(textOf(r));
  for (const r of wanted) found.get(r.unitId)?.computed.push(textOf(r));
  return [...found.values()];
}

async function writeBases(
  tx: Tx,
  bases: readonly (Base & { unitId: number })[],
  stale: readonly number[],
): Promise<void> {
  if (stale.length > 0) await tx.query(`DELETE FROM holding_base WHERE unit_id = ANY ($1::int[])`, [stale]);
  if (bases.length === 0) return;
  await tx.query(
    `INSERT INTO holding_base (unit_id, until_ms, state) SELECT * FROM unnest($1::int[], $2::bigint[], $3::jsonb[])
     ON CONFLICT (unit_id) DO UPDATE SET until_ms = excluded.until_ms, state = excluded.state`,
    [bases.map((b) => b.unitId), bases.map((b) => b.untilMs), bases.map((b) => JSON.stringify(b.state))],
  );
}
