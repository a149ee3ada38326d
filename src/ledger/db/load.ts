/** Loads what a segment of events touches, in a few set-based reads, and locks it in unit-id order. */
import type { Queryable, Tx } from '@/platform/db';
import { type AttributeDefinition, DomainError } from '@/kernel';
import type { ParsedEvent, UnitName } from '../domain/event-shapes';
import { eventKey } from '../domain/draft-builder';
import { unitsNamed } from '../domain/rules';
import { ItemInfo, scanName, StoredMark, UnitState, World } from '../domain/world';
import { loadContainers, loadHeldContainers } from './containers';
import { endText } from './ends';
import { heirsOf, noteBequeathing } from './heirs';
import { takeIds } from './rows-in';

export interface LoadOptions {
  zone: string;
  linksPerEventMax: number;
  source: string;
}

export async function loadWorld(tx: Tx, events: readonly ParsedEvent[], options: LoadOptions): Promise<World> {
  const world = new World(options.zone, options.linksPerEventMax);
  const names = events.flatMap(unitsNamed);
  await loadReference(tx, world, events, names);
  await loadTargets(tx, world, events, options.source);
  await loadHolds(tx, world, events, options.source);
  const packed = await loadContainers(tx, world, events);
  await loadUnits(tx, world, names);
  const targetIds = [...world.targets.values()].map((t) => t.eventId);
  const named = [...world.unitsById.keys()];
  const held = [...world.holds.values()].flat().map((h) => h.unitId);
  const others = [...(await unitsOfEvents(tx, targetIds)), ...packed, ...held];
  await addUnitsById(tx, world, others);
  noteBequeathing(world, events, named, others);
  await addUnitsById(tx, world, await heirsOf(tx, world));
  await lock(tx, world.unitsById.values());
  // Only now, with the run locked, can nobody load it any more: what is in it is complete.
  await lock(tx, await addUnitsById(tx, world, await contentOfCleaned(tx, world, events, targetIds)));
  // What was split off while we waited for these.
  for (let more; (more = await addUnitsById(tx, world, await heirsOf(tx, world))).length > 0;) await lock(tx, more);
  await loadMarks(tx, world);
  await loadMakings(tx, world, events);
  return world;
}

async function loadReference(
  tx: Queryable,
  world: World,
  events: readonly ParsedEvent[],
  names: readonly UnitName[],
): Promise<void> {
  const itemCodes = new Set<string>();
  const gtins = new Set<string>();
  for (const name of names) {
    if ('scan' in name) {
      const read = scanName(name.scan);
      if (!('error' in read)) gtins.add(read.gtin);
    } else itemCodes.add(name.item);
  }
  for (const e of events) {
    if (e.type === 'order' || e.type === 'expect') for (const line of e.lines) itemCodes.add(line.item);
  }
  const items = await tx.query<{
    item_id: number;
    code: string;
    tracking: ItemInfo['tracking'];
    uom: string;
    factors: Record<string, string> | null;
    gtin: string | null;
    category: string | null;
  }>(
    `SELECT item_id, code, tracking, uom, factors, gtin, category FROM item WHERE code = ANY ($1) OR gtin = ANY ($2)
      -- An item's tracking and base unit cannot change while units of it are being made.
      FOR KEY SHARE`,
    [[...itemCodes], [...gtins]],
  );
  for (const i of items) {
    world.items.set(i.code, {
      id: i.item_id,
      item: i.code,
      uom: i.uom,
      tracking: i.tracking,
      factors: i.factors,
      category: i.category,
    });
    if (i.gtin) world.gtins.set(i.gtin, i.code);
  }
  const placeCodes = new Set<string>();
  const partnerCodes = new Set<string>();
  for (const e of events) {
    if (e.place !== undefined) placeCodes.add(e.place);
    if (e.type === 'move') {
      placeCodes.add(e.to);
      if (e.from !== undefined) placeCodes.add(e.from);
    }
    if (e.type === 'receive' && e.supplier !== undefined) partnerCodes.add(e.supplier);
    if ((e.type === 'ship' || e.type === 'return') && e.customer !== undefined) partnerCodes.add(e.customer);
    if (e.type === 'order' || e.type === 'expect') {
      partnerCodes.add(e.partner);
      for (const line of e.lines) if (line.place !== undefined) placeCodes.add(line.place);
    }
    if (e.type === 'amend') for (const a of e.aliases ?? []) if (a.partner !== undefined) partnerCodes.add(a.partner);
  }
  if (placeCodes.size > 0) {
    // The zone of a place is its own, else that of the nearest place above which has one.
    const places = await tx.query<{ code: string; id: number; zone: string | null }>(
      `WITH RECURSIVE up AS (
         SELECT code, place_id AS id, parent_id, time_zone AS zone FROM place WHERE code = ANY ($1)
         UNION ALL
         SELECT up.code, up.id, p.parent_id, p.time_zone FROM up JOIN place p ON p.place_id = up.parent_id WHERE up.zone IS NULL)
       SELECT code, id, max(zone) AS zone FROM up GROUP BY code, id`,
      [[...placeCodes]],
    );
    for (const p of places) world.places.set(p.code, { id: p.id, zone: p.zone });
  }
  await loadAttributes(tx, world, events);
  if (partnerCodes.size > 0) {
    const partners = await tx.query<{ code: string; partner_id: number }>(
      `SELECT code, partner_id FROM partner WHERE code = ANY ($1)`,
      [[...partnerCodes]],
    );
    for (const p of partners) world.partners.set(p.code, p.partner_id);
  }
}

async function loadAttributes(tx: Queryable, world: World, events: readonly ParsedEvent[]): Promise<void> {
  const names = new Set(events.flatMap((e) => Object.keys(e.attributes ?? {})));
  if (events.some((e) => e.type === 'receive' && e.revision !== undefined)) names.add('revision');
  if (names.size === 0) return;
  const rows = await tx.query<AttributeDefinition>(
    `SELECT name, type, choices, applies_to AS "appliesTo", items, category FROM attribute WHERE name = ANY ($1)`,
    [[...names]],
  );
  for (const r of rows) world.attributes.set(r.name, r);
}

/** The events that voids and corrections name: by the client's id (their own source first), or by the id of an answer, `e12`. */
async function loadTargets(tx: Queryable, world: World, events: readonly ParsedEvent[], source: string): Promise<void> {
  const refs = [...new Set(events.flatMap((e) => (e.type === 'void' || e.type === 'correct' ? [e.event] : [])))];
  if (refs.length === 0) return;
  const ids = refs.flatMap((r) => (/^e\d{1,15}$/.test(r) ? [Number(r.slice(1))] : []));
  const rows = await tx.query<{
    event_id: number;
    source: string;
    client_id: string;
    type: string;
    said: string;
    voided_by: string | null;
  }>(
    `SELECT e.event_id, e.source, e.client_id, e.type, coalesce(e.body->'with'->>'type', e.type) AS said, b.client_id AS voided_by
       FROM event e LEFT JOIN event_void v ON v.event_id = e.event_id LEFT JOIN event b ON b.event_id = v.by_event_id
      WHERE e.client_id = ANY ($1) OR e.event_id = ANY ($2::bigint[])
      ORDER BY (e.source = $3) DESC, e.event_id`,
    [refs, ids, source],
  );
  for (const ref of refs) {
    const named = rows.filter((r) => r.client_id === ref);
    // Of other sources only an unambiguous one is meant.
    const row =
      named.find((r) => r.source === source) ??
      (named.length === 1 ? named[0] : undefined) ??
      rows.find((r) => `e${r.event_id}` === ref);
    if (row) {
      const { event_id: eventId, type, said, voided_by: voidedBy } = row;
      world.targets.set(ref, { eventId, type, said, voidedBy });
    }
  }
}

/** The holds that a release means: of the event of this name, their own source's first, or the one by the id of an answer, `h12`. */
async function loadHolds(tx: Queryable, world: World, events: readonly ParsedEvent[], source: string): Promise<void> {
  const refs = [...new Set(events.flatMap((e) => (e.type === 'release' ? [e.hold] : [])))];
  if (refs.length === 0) return;
  const named = await heldBy(tx, refs, source);
  await loadHeldContainers(tx, world, named);
  const ids = refs.flatMap((r) => (/^h\d{1,15}$/.test(r) ? [Number(r.slice(1))] : []));
  const rows = await tx.query<{ hold_id: number; unit_id: number; event_id: number; carried: boolean }>(
    `SELECT h.hold_id, h.unit_id, h.event_id,
            EXISTS (SELECT 1 FROM movement m WHERE m.event_id = h.event_id AND m.unit_id = h.unit_id AND m.carried) AS carried
       FROM hold h WHERE h.hold_id = ANY ($1::bigint[]) OR (h.event_id = ANY ($2::bigint[]) AND h.copy_of IS NULL)`,
    [ids, [...named.values()]],
  );
  for (const ref of refs) {
    const event = named.get(ref);
    const held = rows.filter((r) => (event === undefined ? `h${r.hold_id}` === ref : r.event_id === event));
    world.holds.set(
      ref,
      held.map((r) => ({ holdId: r.hold_id, unitId: r.unit_id, carried: r.carried })),
    );
  }
}

/**
 * The event that held something under each of these names. Of other sources only an unambiguous one is meant; a split is never:
 * what was inherited is released by its own number, the split's name would free what nobody knew of yet.
 */
async function heldBy(q: Queryable, refs: readonly string[], source: string): Promise<Map<string, number>> {
  const rows = await q.query<{ ref: string; event_id: number; own: boolean }>(
    `SELECT e.client_id AS ref, e.event_id, e.source = $2 AS own FROM event e
      WHERE e.client_id = ANY ($1)
        AND (EXISTS (SELECT 1 FROM hold h WHERE h.event_id = e.event_id AND h.copy_of IS NULL)
          OR EXISTS (SELECT 1 FROM container_fact f WHERE f.event_id = e.event_id AND f.role IN ('held', 'returned')))`,
    [refs, source],
  );
  const found = new Map<string, number>();
  for (const ref of refs) {
    const named = rows.filter((r) => r.ref === ref);
    const meant = named.find((r) => r.own) ?? (named.length === 1 ? named[0] : undefined);
    if (meant) found.set(ref, meant.event_id);
  }
  return found;
}

async function loadUnits(tx: Tx, world: World, names: readonly UnitName[]): Promise<void> {
  const all: ReturnType<World['resolve']>[] = [];
  const seen = new Map<string, Set<string>>();
  for (const name of names) {
    try {
      const r = world.resolve(name);
      const codes = seen.get(r.item) ?? new Set();
      if (codes.size === 0) seen.set(r.item, codes);
      if (codes.has(r.code)) continue;
      codes.add(r.code);
      all.push(r);
    } catch (error) {
      // The rule of the event that names it refuses it, with the event's index.
      if (!(error instanceof DomainError)) throw error;
    }
  }
  const rows = await tx.query<{ unit_id: number; item_id: number; kind: UnitState['kind']; code: string }>(
    `SELECT u.unit_id, u.item_id, u.kind, u.code FROM unit u JOIN unnest($1::int[], $2::text[]) AS k(item_id, code) ON k.item_id = u.item_id AND k.code = u.code`,
    [all.map((w) => w.info.id), all.map((w) => w.code)],
  );
  const byItemId = new Map([...world.items.values()].map((i) => [i.id, i]));
  for (const r of rows) {
    const unit = new UnitState(r.unit_id, byItemId.get(r.item_id)!, r.kind, r.code);
    unit.exists = unit.stored = true;
    world.add(unit);
  }
  const missing = all.filter((w) => !world.find(w.item, w.code));
  const ids = await takeIds(tx, 'unit', 'unit_id', missing.length);
  missing.forEach((w, i) => world.add(new UnitState(ids[i]!, w.info, w.kind, w.code)));
}

async function addUnitsById(tx: Queryable, world: World, unitIds: readonly number[]): Promise<UnitState[]> {
  const ids = [...new Set(unitIds)].filter((id) => !world.unitsById.has(id));
  if (ids.length === 0) return [];
  const added: UnitState[] = [];
  const rows = await tx.query<{
    unit_id: number;
    kind: UnitState['kind'];
    unit_code: string;
    item_id: number;
    code: string;
    tracking: ItemInfo['tracking'];
    uom: string;
    factors: Record<string, string> | null;
    category: string | null;
  }>(
    `SELECT u.unit_id, u.kind, u.code AS unit_code, i.item_id, i.code, i.tracking, i.uom, i.factors, i.category FROM unit u JOIN item i USING (item_id) WHERE u.unit_id = ANY ($1)`,
    [ids],
  );
  for (const r of rows) {
    const item = world.items.get(r.code) ?? {
      id: r.item_id,
      item: r.code,
      uom: r.uom,
      tracking: r.tracking,
      factors: r.factors,
      category: r.category,
    };
    const unit = new UnitState(r.unit_id, item, r.kind, r.unit_code);
    unit.exists = unit.stored = true;
    world.add(unit);
    added.push(unit);
  }
  return added;
}

async function unitsOfEvents(tx: Queryable, eventIds: readonly number[]): Promise<number[]> {
  if (eventIds.length === 0) return [];
  const rows = await tx.query<{ unit_id: number }>(
    `SELECT DISTINCT unit_id FROM movement WHERE event_id = ANY ($1::bigint[])`,
    [eventIds],
  );
  return rows.map((r) => r.unit_id);
}

/** What is, or ever was, in the runs that these events clean (or no longer clean): its ends are derived again. */
async function contentOfCleaned(
  tx: Queryable,
  world: World,
  events: readonly ParsedEvent[],
  targetIds: readonly number[],
): Promise<number[]> {
  const runs = new Set<number>();
  for (const e of events) {
    if (e.type !== 'clean') continue;
    try {
      runs.add(world.unit(e.run).id);
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
    }
  }
  if (targetIds.length > 0) {
    const cleaned = await tx.query<{ unit_id: number }>(
      `SELECT unit_id FROM mark WHERE kind = 'clean' AND event_id = ANY ($1::bigint[])`,
      [targetIds],
    );
    for (const c of cleaned) runs.add(c.unit_id);
  }
  if (runs.size === 0) return [];
  const rows = await tx.query<{ unit_id: number }>(
    `SELECT DISTINCT unit_id FROM mark WHERE kind = 'install' AND parents && $1::int[]`,
    [[...runs]],
  );
  return rows.map((r) => r.unit_id);
}

/** Writers of one unit wait for each other; always in id order, so that they cannot block each other in a circle. */
async function lock(tx: Tx, units: Iterable<UnitState>): Promise<void> {
  const ids = [...units].filter((u) => u.exists).map((u) => u.id);
  if (ids.length > 0) {
    await tx.query(`SELECT unit_id FROM unit_lock WHERE unit_id = ANY ($1) ORDER BY unit_id FOR UPDATE`, [ids]);
  }
}

interface MarkRecord {
  mark_id: number;
  unit_id: number;
  event_id: number;
  event_key: string;
  kind: StoredMark['kind'];
  at_from: number;
  at_until: number;
  stated_until_ms: number | null;
  stated_sure_until_ms: number | null;
  parents: number[];
  slot: string | null;
  quantity: string | null;
  link_ids: number[];
  cause: string;
  from_ms: number | null;
  until_ms: number | null;
  maybe_until_ms: number | null;
  sure_until_ms: number | null;
}

async function loadMarks(tx: Queryable, world: World): Promise<void> {
  const ids = [...world.unitsById.values()].filter((u) => u.exists).map((u) => u.id);
  if (ids.length === 0) return;
  const own = await marksOf(tx, ids, 'every');
  const parents = new Set(own.flatMap((r) => (r.kind === 'install' ? r.parents : [])));
  for (const id of ids) parents.delete(id);
  for (const r of [...own, ...(await marksOf(tx, [...parents], 'clean'))]) {
    const mark: StoredMark = {
      markId: r.mark_id,
      eventId: r.event_id,
      kind: r.kind,
      key: r.event_key,
      from: r.at_from,
      until: r.at_until,
      parents: r.parents,
      slot: r.slot,
      quantity: r.nano === null ? null : BigInt(r.nano),
      statedUntil: r.stated_until_ms,
      statedSureUntil: r.stated_sure_until_ms,
      links: r.link_ids.map((linkId) => ({ linkId })),
      stored: endText(r.cause, r.from_ms, r.until_ms, r.sure_until_ms, r.maybe_until_ms),
    };
    if (mark.kind === 'clean') world.cleans.set(r.unit_id, [...(world.cleans.get(r.unit_id) ?? []), mark]);
    else world.unitsById.get(r.unit_id)?.marks.push(mark);
  }
}

async function marksOf(q: Queryable, unitIds: readonly number[], which: 'every' | 'clean') {
  if (unitIds.length === 0) return [];
  return q.query<MarkRecord & { nano: string | null }>(
    `SELECT *, (quantity * 1000000000)::numeric(60,0)::text AS nano FROM mark
      WHERE unit_id = ANY ($1) AND ($2 = 'every' OR kind = $2)`,
    [unitIds, which],
  );
}

/** Which serials, and which targets of splits and merges, were made already, and by which event. */
async function loadMakings(tx: Queryable, world: World, events: readonly ParsedEvent[]): Promise<void> {
  if (events.every((e) => e.type === 'hold' || e.type === 'release')) return;
  const targets = new Set<UnitState>();
  for (const e of events) {
    if (e.type !== 'split' && e.type !== 'merge') continue;
    for (const { unit } of e.to) {
      const r = 'scan' in unit ? undefined : world.find(unit.item, unit.code);
      if (r) targets.add(r);
    }
  }
  const ids = [...world.unitsById.values()].filter((u) => u.exists && (u.serial || targets.has(u))).map((u) => u.id);
  if (ids.length === 0) return;
  const rows = await tx.query<{ unit_id: number; event_id: number; source: string; client_id: string }>(
    `SELECT m.unit_id, m.event_id, e.source, e.client_id FROM movement m JOIN event e USING (event_id)
      WHERE m.unit_id = ANY ($1) AND m.role = 'made' AND NOT EXISTS (SELECT 1 FROM event_void v WHERE v.event_id = m.event_id)`,
    [ids],
  );
  for (const r of rows)
    world.unitsById.get(r.unit_id)!.makings.push({ eventId: r.event_id, key: eventKey(r.source, r.client_id) });
}
