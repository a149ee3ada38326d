/** The marks of units read back from the facts that made them: what `mark` holds, without looking at `mark`. */
import type { Queryable } from '@/platform/db';
import { eventKey } from '../domain/draft-builder';
import { deriveEnds } from '../domain/installations';
import { ONE_PIECE, StoredMark } from '../domain/world';
import { storedEnd, StoredEnd } from './ends';

export interface MarkOfUnit {
  unitId: number;
  serial: boolean;
  mark: StoredMark;
  end: StoredEnd;
}

const COUNTS = `NOT EXISTS (SELECT FROM event_void v WHERE v.event_id = e.event_id)`;
const NANO = (column: string) => `(${column} * 1000000000)::numeric(60,0)::text`;

interface LinkFact {
  link_id: number;
  unit_id: number;
  serial: boolean;
  event_id: number;
  source: string;
  client_id: string;
  output: number;
  mode: 0 | 1;
  from_ms: number | null;
  stated_until_ms: number | null;
  sure_from_ms: number | null;
  sure_until_ms: number | null;
  nano: string | null;
  slot: string | null;
}

interface MoveFact {
  unit_id: number;
  serial: boolean;
  event_id: number;
  source: string;
  client_id: string;
  at_from: number;
  at_until: number;
  nano: string | null;
  slot: string | null;
  parents: number[] | null;
}

/** All marks of these units, with their ends derived, by unit. */
export async function marksFromFacts(q: Queryable, unitIds: readonly number[]): Promise<Map<number, MarkOfUnit[]>> {
  const links = await q.query<LinkFact>(
    `SELECT l.link_id, l.input AS unit_id, u.kind = 'serial' AS serial, e.event_id, e.source, e.client_id, l.output, l.mode, l.from_ms, l.stated_until_ms,
            l.sure_from_ms, l.sure_until_ms, ${NANO('l.quantity')} AS nano, l.slot
       FROM link l JOIN unit u ON u.unit_id = l.input JOIN event e ON e.event_id = l.event_id
      WHERE l.input = ANY ($1::int[]) AND (l.mode = 1 OR u.kind = 'serial') AND ${COUNTS} ORDER BY l.link_id`,
    [unitIds],
  );
  const removals = await q.query<MoveFact>(
    `SELECT m.unit_id, u.kind = 'serial' AS serial, e.event_id, e.source, e.client_id, m.at_from, m.at_until, ${NANO('m.quantity')} AS nano,
            coalesce(e.body->'with'->>'position', e.body->>'position') AS slot,
            (SELECT array_agg(p.unit_id) FROM movement p WHERE p.event_id = m.event_id AND p.role = 'parent') AS parents
       FROM movement m JOIN unit u USING (unit_id) JOIN event e ON e.event_id = m.event_id
      WHERE m.unit_id = ANY ($1::int[]) AND m.role = 'removed' AND ${COUNTS} ORDER BY m.movement_id`,
    [unitIds],
  );
  const marks = new Map<number, { serial: boolean; marks: StoredMark[] }>();
  const add = (unitId: number, serial: boolean, mark: StoredMark) => {
    const own = marks.get(unitId) ?? { serial, marks: [] };
    own.marks.push(mark);
    marks.set(unitId, own);
  };
  for (const group of grouped(links)) add(group[0]!.unit_id, group[0]!.serial, markOfLinks(group));
  for (const r of removals) add(r.unit_id, r.serial, markOfRemoval(r, links));

  const parents = [...marks.values()].flatMap((u) =>
    u.marks.filter((m) => m.kind === 'install').flatMap((m) => m.parents),
  );
  const cleans = await cleansOf(q, [...new Set([...parents, ...unitIds])]);
  const found = new Map<number, MarkOfUnit[]>();
  for (const [unitId, own] of marks) {
    const inside = new Set(own.marks.flatMap((m) => (m.kind === 'install' ? m.parents : [])));
    const ends = deriveEnds(
      own.marks,
      [...inside].flatMap((p) => cleans.get(p) ?? []),
      own.serial,
    );
    found.set(
      unitId,
      own.marks.map((mark, i) => ({ unitId, serial: own.serial, mark, end: storedEnd(mark, ends[i]!) })),
    );
  }
  for (const unitId of unitIds)
    for (const mark of cleans.get(unitId) ?? []) {
      const own = found.get(unitId) ?? [];
      own.push({ unitId, serial: false, mark, end: storedEnd(mark, { cause: 'open' }) });
      found.set(unitId, own);
    }
  return found;
}

/** Links of one input entry: one mark, with a link to each of what it may be in. Orphans of removals are none. */
function grouped(links: readonly LinkFact[]): LinkFact[][] {
  const groups = new Map<string, LinkFact[]>();
  for (const l of links) {
    if (l.mode === 1 && l.from_ms === null) continue;
    const entry = [
      l.unit_id,
      l.event_id,
      l.mode,
      l.slot,
      l.from_ms,
      l.stated_until_ms,
      l.sure_from_ms,
      l.sure_until_ms,
      l.nano,
    ];
    // The same entry twice in one event: the second begins where an output comes again.
    for (let n = 0; ; n++) {
      const key = JSON.stringify([...entry, n]);
      const group = groups.get(key);
      if (group?.some((other) => other.output === l.output)) continue;
      if (group) group.push(l);
      else groups.set(key, [l]);
      break;
    }
  }
  return [...groups.values()];
}

function markOfLinks(group: readonly LinkFact[]): StoredMark {
  const [first] = group;
  const { serial, mode, from_ms, stated_until_ms, sure_from_ms, sure_until_ms, nano, slot, event_id } = first!;
  const from = from_ms!;
  const install = mode === 1;
  return {
    kind: install ? 'install' : 'consume',
    key: eventKey(first!.source, first!.client_id),
    from,
    until: install ? (sure_from_ms === null ? from + 1 : sure_from_ms + 1) : stated_until_ms!,
    parents: group.map((l) => l.output),
    slot: install ? slot : null,
    quantity: serial ? ONE_PIECE : nano === null ? null : BigInt(nano),
    statedUntil: install ? stated_until_ms : null,
    statedSureUntil: install ? sure_until_ms : null,
    markId: null,
    eventId: event_id,
    links: install ? group.map((l) => ({ linkId: l.link_id })) : [],
    stored: null,
  };
}

function markOfRemoval(r: MoveFact, links: readonly LinkFact[]): StoredMark {
  return {
    kind: 'remove',
    key: eventKey(r.source, r.client_id),
    from: r.at_from,
    until: r.at_until,
    parents: r.parents ?? [],
    slot: r.slot,
    quantity: r.serial ? ONE_PIECE : r.nano === null ? null : BigInt(r.nano),
    statedUntil: null,
    statedSureUntil: null,
    markId: null,
    eventId: r.event_id,
    // What was made of it while nothing said how the unit had got there.
    links: links
      .filter((l) => l.event_id === r.event_id && l.unit_id === r.unit_id && l.mode === 1 && l.from_ms === null)
      .map((l) => ({ linkId: l.link_id })),
    stored: null,
  };
}

async function cleansOf(q: Queryable, runs: readonly number[]): Promise<Map<number, StoredMark[]>> {
  const rows = await q.query<Omit<MoveFact, 'nano' | 'slot' | 'parents'>>(
    `SELECT m.unit_id, false AS serial, e.event_id, e.source, e.client_id, m.at_from, m.at_until
       FROM movement m JOIN event e ON e.event_id = m.event_id
      WHERE m.unit_id = ANY ($1::int[]) AND m.role = 'cleaned' AND ${COUNTS} ORDER BY m.movement_id`,
    [runs],
  );
  const found = new Map<number, StoredMark[]>();
  for (const r of rows) {
    const mark: StoredMark = {
      kind: 'clean',
      key: eventKey(r.source, r.client_id),
      from: r.at_from,
      until: r.at_until,
      parents: [r.unit_id],
      slot: null,
      quantity: null,
      statedUntil: null,
      statedSureUntil: null,
      markId: null,
      eventId: r.event_id,
      links: [],
      stored: null,
    };
    found.set(r.unit_id, [...(found.get(r.unit_id) ?? []), mark]);
  }
  return found;
}
