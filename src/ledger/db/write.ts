/** Writes what a segment of events added: facts by set-based inserts, and the projections that follow from them. */
import type { Tx } from '@/platform/db';
import type { Draft, LinkRow } from '../domain/draft';
import { deriveEnds } from '../domain/installations';
import { numeric, StoredMark, UnitState, World } from '../domain/world';
import { deriveCarried } from './carried';
import { deriveCleanedOut } from './cleaned-out';
import { writeContainers } from './containers';
import { endText, StoredEnd, storedEnd } from './ends';
import { deriveInherited, writeHeirs } from './heirs';
import { keepHoldings } from './holdings';
import { Column, insertRows, lazyRows, takeIds } from './rows-in';
import { describeUnits, writeTerms } from './write-terms';

export interface EventRecord {
  eventId: number;
  clientId: string;
  type: string;
  from: number;
  until: number;
  body: unknown;
  /** in hex */
  sha256: string;
  draft: Draft;
  /** its row is there: a correction that took the wrong fact back first, and brings the right one now */
  stored?: boolean;
}

export async function writeSegment(
  tx: Tx,
  world: World,
  batchId: number,
  source: string,
  events: readonly EventRecord[],
): Promise<void> {
  if (events.length === 0) return;
  const fresh = await writeUnits(tx, world, batchId);
  await writeContainers(tx, world, batchId, events);
  await insertRows(
    tx,
    'event',
    [
      ['event_id', 'bigint'],
      ['batch_id', 'bigint'],
      ['source', 'text'],
      ['client_id', 'text'],
      ['type', 'text'],
      ['at_from', 'bigint'],
      ['at_until', 'bigint'],
      ['body', 'jsonb'],
      ['sha256', 'bytea'],
    ],
    lazyRows(
      events.filter((e) => !e.stored),
      (e) => [
        e.eventId,
        batchId,
        source,
        e.clientId,
        e.type,
        e.from,
        e.until,
        JSON.stringify(e.body),
        `\\x${e.sha256}`,
      ],
    ),
  );
  const drafts = events.map((e) => e.draft);
  await writeVoids(tx, batchId, events);
  await writeHeirs(tx, events);
  await writeLinks(
    tx,
    batchId,
    drafts.flatMap((d) => d.links),
  );
  await writeMovements(tx, batchId, drafts);
  await writeOpinions(tx, batchId, events);
  await writeTerms(tx, batchId, events);
  await describeUnits(tx, events);
  const marked = [...world.unitsById.values()].filter((u) => u.changed);
  await writeMarks(
    tx,
    world,
    batchId,
    drafts.flatMap((d) => d.marks.map((m) => m.mark)),
  );
  const carried = await deriveCleanedOut(tx, world, batchId, marked);
  for (const [unitId, at] of await deriveCarried(tx, world, batchId))
    carried.set(unitId, Math.min(at, carried.get(unitId) ?? Infinity));
  // Last: what a unit hands on is what it then has, in its containers too.
  for (const [unitId, at] of await deriveInherited(tx, world, batchId))
    carried.set(unitId, Math.min(at, carried.get(unitId) ?? Infinity));
  await keepHoldings(tx, world, events, source, fresh, carried);
}

async function writeUnits(tx: Tx, world: World, batchId: number): Promise<Set<number>> {
  const fresh = [...world.unitsById.values()].filter((u) => u.exists && !u.stored);
  // In the order of the natural key, so that two writers of the same new units meet in the same order.
  fresh.sort((a, b) => a.item.id - b.item.id || (a.code < b.code ? -1 : 1));
  await insertRows(
    tx,
    'unit',
    [
      ['unit_id', 'int'],
      ['batch_id', 'bigint'],
      ['item_id', 'int'],
      ['kind', 'text'],
      ['code', 'text'],
    ],
    lazyRows(fresh, (u) => [u.id, batchId, u.item.id, u.kind, u.code]),
  );
  await insertRows(
    tx,
    'unit_lock',
    [['unit_id', 'int']],
    lazyRows(fresh, (u) => [u.id]),
  );
  for (const u of fresh) u.stored = true;
  return new Set(fresh.map((u) => u.id));
}

async function writeVoids(tx: Tx, batchId: number, events: readonly EventRecord[]): Promise<void> {
  const voids = events.flatMap((e) => (e.draft.voids ? [{ by: e.eventId, ...e.draft.voids }] : []));
  if (voids.length === 0) return;
  await insertRows(
    tx,
    'event_void',
    [
      ['event_id', 'bigint'],
      ['by_event_id', 'bigint'],
      ['batch_id', 'bigint'],
      ['reason', 'text'],
    ],
    voids.map((v) => [v.eventId, v.by, batchId, v.reason]),
  );
  const ids = voids.map((v) => v.eventId);
  await tx.query(
    `INSERT INTO link_end (link_id, batch_id, cause) SELECT link_id, $2, 'voided' FROM link WHERE event_id = ANY ($1::bigint[]) ORDER BY link_id`,
    [ids, batchId],
  );
  await tx.query(`DELETE FROM mark WHERE event_id = ANY ($1::bigint[])`, [ids]);
}

const LINK_COLUMNS: Column[] = [
  ['link_id', 'bigint'],
  ['batch_id', 'bigint'],
  ['event_id', 'bigint'],
  ['input', 'int'],
  ['output', 'int'],
  ['mode', 'smallint'],
  ['certain', 'boolean'],
  ['from_ms', 'bigint'],
  ['stated_until_ms', 'bigint'],
  ['sure_from_ms', 'bigint'],
  ['sure_until_ms', 'bigint'],
  ['quantity', 'numeric'],
  ['typed_quantity', 'text'],
  ['typed_uom', 'text'],
  ['slot', 'text'],
];

async function writeLinks(tx: Tx, batchId: number, links: LinkRow[]): Promise<void> {
  const ids = await takeIds(tx, 'link', 'link_id', links.length);
  links.forEach((l, i) => (l.linkId = ids[i]!));
  await insertRows(
    tx,
    'link',
    LINK_COLUMNS,
    lazyRows(links, (l) => [
      l.linkId,
      batchId,
      l.eventId,
      l.input.id,
      l.output.id,
      l.mode,
      l.certain,
      l.from,
      l.statedUntil,
      l.sureFrom,
      l.sureUntil,
      numeric(l.quantity),
      l.typed?.value ?? null,
      l.typed?.uom ?? null,
      l.slot,
    ]),
  );
}

async function writeMovements(tx: Tx, batchId: number, drafts: readonly Draft[]): Promise<void> {
  await insertRows(
    tx,
    'movement',
    [
      ['batch_id', 'bigint'],
      ['event_id', 'bigint'],
      ['unit_id', 'int'],
      ['role', 'text'],
      ['at_from', 'bigint'],
      ['at_until', 'bigint'],
      ['quantity', 'numeric'],
      ['place_id', 'int'],
      ['partner_id', 'int'],
      ['document', 'text'],
      ['expires_ms', 'bigint'],
      ['container_id', 'int'],
      ['parents', 'int[]'],
      ['slot', 'text'],
    ],
    lazyRows(
      drafts.flatMap((d) => d.movements),
      (m) => [
        batchId,
        m.eventId,
        m.unit.id,
        m.role,
        m.from,
        m.until,
        numeric(m.quantity),
        m.placeId,
        m.partnerId,
        m.document,
        m.expires,
        m.containerId,
        m.parents,
        m.slot,
      ],
    ),
  );
}

async function writeOpinions(tx: Tx, batchId: number, events: readonly EventRecord[]): Promise<void> {
  await insertRows(
    tx,
    'unit_alias',
    [
      ['batch_id', 'bigint'],
      ['event_id', 'bigint'],
      ['unit_id', 'int'],
      ['alias', 'text'],
      ['kind', 'text'],
      ['partner_id', 'int'],
    ],
    events.flatMap((e) => e.draft.aliases.map((a) => [batchId, e.eventId, a.unit.id, a.alias, a.kind, a.partnerId])),
  );
  await insertRows(
    tx,
    'inspection',
    [
      ['batch_id', 'bigint'],
      ['event_id', 'bigint'],
      ['unit_id', 'int'],
      ['characteristic', 'text'],
      ['passed', 'boolean'],
      ['at_from', 'bigint'],
      ['at_until', 'bigint'],
      ['measured', 'numeric'],
      ['limit_low', 'numeric'],
      ['limit_high', 'numeric'],
    ],
    events.flatMap((e) =>
      e.draft.inspections.map((i) => [
        batchId,
        e.eventId,
        i.unit.id,
        i.characteristic,
        i.passed,
        i.from,
        i.until,
        i.measured,
        i.low,
        i.high,
      ]),
    ),
  );
  await insertRows(
    tx,
    'hold',
    [
      ['batch_id', 'bigint'],
      ['event_id', 'bigint'],
      ['unit_id', 'int'],
      ['at_ms', 'bigint'],
      ['reason', 'text'],
      ['ref', 'text'],
    ],
    events.flatMap((e) => e.draft.holds.map((h) => [batchId, e.eventId, h.unit.id, h.atMs, h.reason, h.ref])),
  );
  await insertRows(
    tx,
    'hold_release',
    [
      ['batch_id', 'bigint'],
      ['event_id', 'bigint'],
      ['hold_id', 'bigint'],
      ['at_ms', 'bigint'],
    ],
    events.flatMap((e) => e.draft.releases.map((r) => [batchId, e.eventId, r.holdId, r.atMs])),
  );
}

// ------------------------------------------------------------ installations: marks and derived ends

interface Derived {
  unit: UnitState;
  mark: StoredMark;
  end: StoredEnd;
}

async function writeMarks(tx: Tx, world: World, batchId: number, added: readonly StoredMark[]): Promise<void> {
  const changed: Derived[] = [];
  for (const unit of world.unitsById.values()) {
    if (!unit.changed) continue;
    unit.changed = false;
    const ends = deriveEnds(unit.marks, world.cleansOf(unit), unit.serial);
    unit.marks.forEach((mark, i) => {
      const end = storedEnd(mark, ends[i]!);
      const text = endText(end.cause, end.fromMs, end.untilMs, end.sureUntilMs, end.maybeUntilMs);
      if (text === mark.stored) return;
      changed.push({ unit, mark, end });
    });
  }
  await writeEnds(tx, batchId, changed);

  const known = changed.filter((d) => d.mark.markId !== null);
  // Those that end come first: a serial has one open installation at any moment, and the database holds us to it.
  for (const part of [known.filter((d) => d.end.untilMs !== null), known.filter((d) => d.end.untilMs === null)]) {
    if (part.length === 0) continue;
    await tx.query(
      `UPDATE mark m SET cause = x.cause, from_ms = x.from_ms, until_ms = x.until_ms, sure_until_ms = x.sure_until_ms, maybe_until_ms = x.maybe_until_ms, link_ids = x.link_ids::bigint[]
         FROM unnest($1::bigint[], $2::text[], $3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[], $7::text[]) AS x(mark_id, cause, from_ms, until_ms, sure_until_ms, maybe_until_ms, link_ids)
        WHERE m.mark_id = x.mark_id`,
      [
        part.map((d) => d.mark.markId),
        part.map((d) => d.end.cause),
        part.map((d) => d.end.fromMs),
        part.map((d) => d.end.untilMs),
        part.map((d) => d.end.sureUntilMs),
        part.map((d) => d.end.maybeUntilMs),
        part.map((d) => `{${d.mark.links.map((l) => l.linkId).join(',')}}`),
      ],
    );
  }

  const endOf = new Map(changed.map((d) => [d.mark, d.end]));
  const owner = new Map<StoredMark, UnitState>();
  for (const unit of world.unitsById.values()) for (const m of unit.marks) owner.set(m, unit);
  const rows: { unitId: number; serial: boolean; mark: StoredMark; end: StoredEnd }[] = [];
  for (const mark of added) {
    const unit = mark.kind === 'clean' ? undefined : owner.get(mark);
    // An event of this segment that was voided in it again has no mark left.
    if (mark.kind !== 'clean' && !unit) continue;
    rows.push({
      unitId: unit?.id ?? mark.parents[0]!,
      serial: unit?.serial ?? false,
      mark,
      end: endOf.get(mark) ?? storedEnd(mark, { cause: 'open' }),
    });
  }
  const ids = await takeIds(tx, 'mark', 'mark_id', rows.length);
  rows.forEach((r, i) => {
    r.mark.markId = ids[i]!;
  });
  await insertRows(
    tx,
    'mark',
    [
      ['mark_id', 'bigint'],
      ['unit_id', 'int'],
      ['event_id', 'bigint'],
      ['event_key', 'text'],
      ['serial', 'boolean'],
      ['kind', 'text'],
      ['at_from', 'bigint'],
      ['at_until', 'bigint'],
      ['stated_until_ms', 'bigint'],
      ['stated_sure_until_ms', 'bigint'],
      ['parents', 'int[]'],
      ['slot', 'text'],
      ['quantity', 'numeric'],
      ['link_ids', 'bigint[]'],
      ['cause', 'text'],
      ['from_ms', 'bigint'],
      ['until_ms', 'bigint'],
      ['sure_until_ms', 'bigint'],
      ['maybe_until_ms', 'bigint'],
    ],
    lazyRows(rows, ({ unitId, serial, mark: m, end }) => [
      m.markId,
      unitId,
      m.eventId,
      m.key,
      serial,
      m.kind,
      m.from,
      m.until,
      m.statedUntil,
      m.statedSureUntil,
      m.parents,
      m.slot,
      numeric(m.quantity),
      m.links.map((l) => l.linkId),
      end.cause,
      end.fromMs,
      end.untilMs,
      end.sureUntilMs,
      end.maybeUntilMs,
    ]),
  );
}

/** Appends the ends that changed; a removal without installation gets its possible link the first time that it is one. */
async function writeEnds(tx: Tx, batchId: number, changed: readonly Derived[]): Promise<void> {
  const orphans = changed.filter(
    (d) => d.mark.kind === 'remove' && d.end.cause === 'orphan' && d.mark.links.length === 0,
  );
  const links: LinkRow[] = [];
  for (const { unit, mark } of orphans) {
    for (const parent of mark.parents) {
      const output = { id: parent } as UnitState;
      const row: LinkRow = {
        linkId: 0,
        eventId: mark.eventId,
        input: unit,
        output,
        mode: 1,
        certain: false,
        from: null,
        statedUntil: null,
        sureFrom: null,
        sureUntil: null,
        quantity: mark.quantity,
        typed: null,
        slot: mark.slot,
      };
      links.push(row);
      mark.links.push(row);
    }
  }
  await writeLinks(tx, batchId, links);

  const rows: unknown[][] = [];
  for (const { mark, end } of changed) {
    if (mark.kind !== 'install' && mark.kind !== 'remove') continue;
    // A new installation that is open says so by its link alone.
    if (mark.markId === null && end.cause === 'open') continue;
    const cause = end.cause === 'open' ? 'reopened' : end.cause;
    const until = end.cause === 'open' ? null : end.untilMs;
    for (const { linkId } of mark.links)
      rows.push([linkId, batchId, cause, end.fromMs, until, end.sureUntilMs, end.maybeUntilMs]);
  }
  await insertRows(
    tx,
    'link_end',
    [
      ['link_id', 'bigint'],
      ['batch_id', 'bigint'],
      ['cause', 'text'],
      ['from_ms', 'bigint'],
      ['until_ms', 'bigint'],
      ['sure_until_ms', 'bigint'],
      ['maybe_until_ms', 'bigint'],
    ],
    rows,
  );
}
