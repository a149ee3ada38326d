/**
 * What splits and merges handed on, kept as holds and expiries of those events. Worked out anew from the facts whenever one comes
 * or goes that can change it; what is missing is added, what does not hold any more is taken back, by rows that are only added:
 * a movement_end, or a release at the very time of the hold by its own event.
 */
import { DomainError } from '@/kernel';
import type { Queryable, Tx } from '@/platform/db';
import { eventKey } from '../domain/draft-builder';
import type { ParsedEvent, UnitName } from '../domain/event-shapes';
import {
  Bearer,
  Copy,
  copyKey,
  Division,
  InheritedExpiry,
  inheritedBy,
  PlacedHold,
  StatedExpiry,
} from '../domain/heirs';
import { unitsNamed } from '../domain/rules';
import type { World } from '../domain/world';
import { addDerived, endDerived } from './derived';
import { MOVEMENT_STANDS } from './standing';
import { insertRows, takeIds } from './rows-in';
import type { EventRecord } from './write';

/** The units of which an event may change what they hand on: when they were made, what holds them, when they expire. */
function bequeathing(event: ParsedEvent): UnitName[] {
  switch (event.type) {
    case 'produce':
      return (event.outputs ?? []).map((o) => o.unit);
    case 'top-up':
      return [event.vessel];
    case 'move':
    case 'ship':
    case 'scrap':
    case 'adjust':
    case 'count':
    case 'inspect':
    case 'install':
    case 'remove':
    case 'load':
    case 'unload':
    case 'clean':
    case 'order':
    case 'expect':
      return [];
    default:
      return unitsNamed(event);
  }
}

/**
 * Notes whose heirs these events are about. `named`: the units that they name: where one was packed, its moving alone can decide
 * whether a hold on a container was on it; `others`: those that they touch without naming them.
 */
export function noteBequeathing(
  world: World,
  events: readonly ParsedEvent[],
  named: readonly number[],
  others: readonly number[],
): void {
  world.bequeathing.ifPacked.push(...named);
  world.bequeathing.surely.push(...others);
  for (const name of events.flatMap(bequeathing)) {
    try {
      world.bequeathing.surely.push(world.unit(name).id);
    } catch (error) {
      // The rule of the event that names it refuses it, with the event's index.
      if (!(error instanceof DomainError)) throw error;
    }
  }
}

/** All that was split off, at first or at second hand, from the units of which these events may change what they hand on. */
export async function heirsOf(q: Queryable, world: World): Promise<number[]> {
  const { surely, ifPacked } = world.bequeathing;
  const found = new Set<number>();
  let from = { surely: [...new Set(surely)], ifPacked: [...new Set(ifPacked)] };
  // Generation by generation: mostly there is none, and a recursive query makes room for millions before it finds that out.
  while (from.surely.length + from.ifPacked.length > 0) {
    const next = (await heirsOfUnits(q, from.surely, from.ifPacked)).filter((id) => !found.has(id));
    for (const id of next) found.add(id);
    from = { surely: [...new Set(next)], ifPacked: [] };
  }
  return [...found];
}

/** What was split off from these units themselves; from those of the second list, where they were ever packed. */
async function heirsOfUnits(q: Queryable, units: readonly number[], ifPacked: readonly number[]): Promise<number[]> {
  const rows = await q.query<{ unit_id: number }>(
    `SELECT h.target_id AS unit_id FROM unnest($1::int[]) AS s(id) JOIN heir h ON h.source_id = s.id
     UNION ALL
     SELECT h.target_id FROM unnest($2::int[]) AS s(id) JOIN heir h ON h.source_id = s.id
      WHERE EXISTS (SELECT 1 FROM movement m WHERE m.unit_id = h.source_id AND m.role = 'packed')`,
    [units, ifPacked],
  );
  return rows.map((r) => r.unit_id);
}

export async function writeHeirs(tx: Tx, events: readonly EventRecord[]): Promise<void> {
  const rows = new Map<string, [number, number, number]>();
  for (const e of events)
    for (const { from, to } of e.draft.heirs)
      for (const source of from)
        for (const target of to)
          if (source !== target) rows.set(`${source.id} ${e.eventId} ${target.id}`, [source.id, e.eventId, target.id]);
  await insertRows(
    tx,
    'heir',
    [
      ['source_id', 'int'],
      ['event_id', 'bigint'],
      ['target_id', 'int'],
    ],
    [...rows.values()],
  );
}

/** To be called when all else that the batch adds is written. Gives the units of which that changed something, with the earliest time of it. */
export async function deriveInherited(tx: Tx, world: World, batchId: number): Promise<Map<number, number>> {
  const changed = new Map<number, number>();
  const heirs = await heirsOf(tx, world);
  if (heirs.length === 0) return changed;
  const divisions = await readDivisions(tx, heirs);
  const units = [...new Set([...heirs, ...divisions.flatMap((d) => [...d.sources])])];
  const holds = await readHolds(tx, units);
  // Older copies do not say of what they are; but nothing else of a split or merge holds its targets.
  const made = new Set(divisions.flatMap((d) => d.targets.map((t) => `${d.eventId} ${t}`)));
  const isCopy = (h: StoredHold) => h.copyOf !== null || made.has(`${h.eventId} ${h.unitId}`);
  const copies = new Copies(holds, isCopy);
  const bearers = await readBearers(
    tx,
    units,
    holds.filter((h) => !isCopy(h) && !h.takenBack),
  );
  const meant = inheritedBy(divisions, bearers, (copy) => copies.releasesOf(copy).map((r) => r.over));
  const mine = new Set(heirs);
  const isMine = ({ unitId }: { unitId: number }) => mine.has(unitId);
  for (const unitId of await writeCopies(tx, batchId, divisions, meant.copies.filter(isMine), copies, isMine))
    changed.set(unitId, Infinity);
  for (const { unitId, from } of await writeExpiries(tx, batchId, divisions, meant.expiries.filter(isMine), heirs))
    changed.set(unitId, Math.min(from, changed.get(unitId) ?? Infinity));
  return changed;
}

// ------------------------------------------------------------ reading

/** The splits and merges that count, of these units and of all that they came from. */
async function readDivisions(q: Queryable, heirs: readonly number[]): Promise<Division[]> {
  const rows = await q.query<{
    event_id: number;
    at_from: number;
    at_until: number;
    sources: number[];
    targets: number[];
  }>(
    `WITH RECURSIVE line AS (
       SELECT unnest($1::int[]) AS unit_id UNION SELECT h.source_id FROM line x JOIN heir h ON h.target_id = x.unit_id)
     SELECT h.event_id, e.at_from, e.at_until, array_agg(DISTINCT h.source_id) AS sources, array_agg(DISTINCT h.target_id) AS targets
       FROM line x JOIN heir h ON h.target_id = x.unit_id JOIN event e USING (event_id)
      WHERE NOT EXISTS (SELECT 1 FROM event_void v WHERE v.event_id = h.event_id)
      GROUP BY h.event_id, e.at_from, e.at_until`,
    [heirs],
  );
  return rows.map((r) => ({
    eventId: r.event_id,
    from: r.at_from,
    until: r.at_until,
    sources: r.sources,
    targets: r.targets,
  }));
}

interface Release {
  eventId: number;
  atMs: number;
  /** when its event was over */
  over: number;
}

interface StoredHold {
  holdId: number;
  unitId: number;
  eventId: number;
  from: number;
  atMs: number;
  reason: string;
  ref: string | null;
  copyOf: number | null;
  /** it turned out not to have been */
  takenBack: boolean;
  /** by others than its own event */
  releases: Release[];
}

async function readHolds(q: Queryable, units: readonly number[]): Promise<StoredHold[]> {
  const rows = await q.query<{
    hold_id: number;
    unit_id: number;
    event_id: number;
    at_from: number;
    at_ms: number;
    reason: string;
    ref: string | null;
    copy_of: number | null;
    taken_back: boolean;
  }>(
    `SELECT h.hold_id, h.unit_id, h.event_id, e.at_from, h.at_ms, h.reason, h.ref, h.copy_of,
            EXISTS (SELECT 1 FROM hold_release r WHERE r.hold_id = h.hold_id AND r.event_id = h.event_id) AS taken_back
       FROM hold h JOIN event e USING (event_id)
      WHERE h.unit_id = ANY ($1::int[]) AND NOT EXISTS (SELECT 1 FROM event_void v WHERE v.event_id = h.event_id) ORDER BY h.hold_id`,
    [units],
  );
  const released = await q.query<{ hold_id: number; event_id: number; at_ms: number; at_until: number }>(
    `SELECT r.hold_id, r.event_id, r.at_ms, e.at_until
       FROM hold h JOIN hold_release r USING (hold_id) JOIN event e ON e.event_id = r.event_id
      WHERE h.unit_id = ANY ($1::int[]) AND r.event_id <> h.event_id
        AND NOT EXISTS (SELECT 1 FROM event_void v WHERE v.event_id = r.event_id)`,
    [units],
  );
  const releases = new Map<number, Release[]>();
  for (const { hold_id, event_id: eventId, at_ms: atMs, at_until: over } of released)
    releases.set(hold_id, [...(releases.get(hold_id) ?? []), { eventId, atMs, over }]);
  return rows.map((r) => ({
    holdId: r.hold_id,
    unitId: r.unit_id,
    eventId: r.event_id,
    from: r.at_from,
    atMs: r.at_ms,
    reason: r.reason,
    ref: r.ref,
    copyOf: r.copy_of,
    takenBack: r.taken_back,
    releases: releases.get(r.hold_id) ?? [],
  }));
}

/** What units have of their own; `placed`: the holds that count. */
async function readBearers(
  q: Queryable,
  units: readonly number[],
  placed: readonly StoredHold[],
): Promise<Map<number, Bearer>> {
  const bearers = new Map<number, { madeMs: number | null; holds: PlacedHold[]; expiries: StatedExpiry[] }>();
  for (const id of units) bearers.set(id, { madeMs: null, holds: [], expiries: [] });
  for (const { unitId, holdId, from, releases } of placed)
    bearers.get(unitId)!.holds.push({ holdId, from, released: releases.map((r) => r.over) });
  const made = await q.query<{ unit_id: number; at: number }>(
    `SELECT m.unit_id, min(m.at_from) AS at FROM movement m
      WHERE m.unit_id = ANY ($1::int[]) AND m.role = 'made' AND ${MOVEMENT_STANDS} GROUP BY m.unit_id`,
    [units],
  );
  for (const { unit_id: id, at } of made) bearers.get(id)!.madeMs = at;
  const rows = await q.query<{
    unit_id: number;
    amended: boolean;
    at_from: number;
    at_until: number;
    expires_ms: number;
    source: string;
    client_id: string;
  }>(
    `SELECT m.unit_id, m.role = 'amended' AS amended, m.at_from, m.at_until, m.expires_ms, e.source, e.client_id
       FROM movement m JOIN event e USING (event_id)
      WHERE m.unit_id = ANY ($1::int[]) AND m.expires_ms IS NOT NULL AND m.role <> 'inherited' AND ${MOVEMENT_STANDS}`,
    [units],
  );
  for (const r of rows)
    bearers.get(r.unit_id)!.expiries.push({
      amended: r.amended,
      from: r.at_from,
      until: r.at_until,
      key: eventKey(r.source, r.client_id),
      expiresMs: r.expires_ms,
    });
  return bearers;
}

/** The copies that are stored, by what they are copies of. */
class Copies {
  private readonly known = new Map<string, StoredHold[]>();
  private readonly nameless: StoredHold[] = [];
  readonly roots = new Map<number, StoredHold>();

  constructor(holds: readonly StoredHold[], isCopy: (h: StoredHold) => boolean) {
    for (const h of holds) {
      if (!isCopy(h)) this.roots.set(h.holdId, h);
      else if (h.copyOf === null) this.nameless.push(h);
      else this.add({ rootId: h.copyOf, eventId: h.eventId, unitId: h.unitId }, h);
    }
  }

  /** All that was ever stored of a copy, what was taken back as well. */
  find(copy: Copy): readonly StoredHold[] {
    const found = this.known.get(copyKey(copy));
    if (found) return found;
    const { reason, ref } = this.roots.get(copy.rootId)!;
    const at = this.nameless.findIndex(
      (h) => h.eventId === copy.eventId && h.unitId === copy.unitId && h.reason === reason && h.ref === ref,
    );
    return at < 0 ? [] : this.add(copy, ...this.nameless.splice(at, 1));
  }

  /** Each release once, though what it released was taken back and came again. */
  releasesOf(copy: Copy): Release[] {
    return [...new Map(this.find(copy).flatMap((h) => h.releases.map((r) => [r.eventId, r]))).values()];
  }

  standing(isMine: (h: StoredHold) => boolean): StoredHold[] {
    return [...this.nameless, ...[...this.known.values()].flat()].filter((h) => !h.takenBack && isMine(h));
  }

  private add(copy: Copy, ...holds: StoredHold[]): StoredHold[] {
    const all = [...(this.known.get(copyKey(copy)) ?? []), ...holds];
    this.known.set(copyKey(copy), all);
    return all;
  }
}

// ------------------------------------------------------------ writing

/** Gives the units of which it changed what holds them. */
async function writeCopies(
  tx: Tx,
  batchId: number,
  divisions: readonly Division[],
  meant: readonly Copy[],
  copies: Copies,
  isMine: (h: { unitId: number }) => boolean,
): Promise<Set<number>> {
  const at = new Map(divisions.map((d) => [d.eventId, d.from]));
  const missing = meant.filter((copy) => copies.find(copy).every((h) => h.takenBack));
  const kept = new Set(meant.flatMap((copy) => copies.find(copy)));
  const taken = copies.standing(isMine).filter((h) => !kept.has(h));
  const ids = await takeIds(tx, 'hold', 'hold_id', missing.length);
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
      ['copy_of', 'bigint'],
    ],
    missing.map((c, i) => {
      const { reason, ref } = copies.roots.get(c.rootId)!;
      return [ids[i], batchId, c.eventId, c.unitId, at.get(c.eventId), reason, ref, c.rootId];
    }),
  );
  // Whoever freed the unit of it before it was taken back has freed it: it comes again as it was.
  const again = missing.flatMap((copy, i) =>
    copies.releasesOf(copy).map((r): [number, number, number] => [ids[i]!, r.eventId, r.atMs]),
  );
  const gone = taken.map((h): [number, number, number] => [h.holdId, h.eventId, h.atMs]);
  await insertRows(
    tx,
    'hold_release',
    [
      ['hold_id', 'bigint'],
      ['event_id', 'bigint'],
      ['at_ms', 'bigint'],
      ['batch_id', 'bigint'],
    ],
    [...gone, ...again].map((row) => [...row, batchId]),
  );
  return new Set([...missing, ...taken].map((c) => c.unitId));
}

/** Gives the units of which it changed when they expire, with the time from which on. */
async function writeExpiries(
  tx: Tx,
  batchId: number,
  divisions: readonly Division[],
  meant: readonly InheritedExpiry[],
  heirs: readonly number[],
): Promise<{ unitId: number; from: number }[]> {
  const division = new Map(divisions.map((d) => [d.eventId, d]));
  const rows = await tx.query<{ movement_id: number; unit_id: number; event_id: number; expires_ms: number }>(
    `SELECT m.movement_id, m.unit_id, m.event_id, m.expires_ms FROM movement m
      WHERE m.unit_id = ANY ($1::int[]) AND m.expires_ms IS NOT NULL AND m.role = 'inherited' AND ${MOVEMENT_STANDS}`,
    [heirs],
  );
  const standing = new Map(rows.map((r) => [`${r.event_id} ${r.unit_id} ${r.expires_ms}`, r]));
  const missing = meant.filter((x) => !standing.delete(`${x.eventId} ${x.unitId} ${x.expiresMs}`));
  const ended = [...standing.values()];
  await addDerived(
    tx,
    batchId,
    missing.map(({ eventId, unitId, expiresMs: expires }) => {
      const { from, until } = division.get(eventId)!;
      return { eventId, unitId, role: 'inherited', from, until, expires };
    }),
  );
  await endDerived(
    tx,
    batchId,
    ended.map((r) => r.movement_id),
  );
  const changed = [...missing, ...ended.map((r) => ({ unitId: r.unit_id, eventId: r.event_id }))];
  return changed.map(({ unitId, eventId }) => ({ unitId, from: division.get(eventId)!.from }));
}
