/** What people ask about one unit or event. Each read stands at a ledger position, so that all parts of a page agree. */
import { DomainError, formatTime } from '@/kernel';
import type { Queryable } from '@/platform/db';
import { encodeCursor, decodeCursor, Page, pageSize } from '@/platform/http';
import type { UnitKind } from './domain/event-shapes';
import { linkParts } from './genealogy/link-parts';
import { linksInto, linksOutOf, RecordedLink } from './genealogy/links';

/** A unit as the API names it. */
export type UnitRef = { item: string; lot: string } | { item: string; serial: string } | { item: string; run: string };

export interface UnitIdentity {
  unitId: number;
  /** opaque id of the API */
  id: string;
  itemId: number;
  item: string;
  name: string;
  uom: string;
  kind: UnitKind;
  code: string;
}

export function unitRef(item: string, kind: UnitKind, code: string): UnitRef {
  return { item, [kind]: code } as unknown as UnitRef;
}

const IDENTITY = `SELECT u.unit_id, u.item_id, i.code AS item, i.name, i.uom, u.kind, u.code FROM unit u JOIN item i USING (item_id)`;
interface IdentityRow {
  unit_id: number;
  item_id: number;
  item: string;
  name: string;
  uom: string;
  kind: UnitKind;
  code: string;
}

const identity = (r: IdentityRow): UnitIdentity => ({
  unitId: r.unit_id,
  id: `u${r.unit_id}`,
  itemId: r.item_id,
  item: r.item,
  name: r.name,
  uom: r.uom,
  kind: r.kind,
  code: r.code,
});

/** The unit that a path names: `u12`, or `item~kind~code`. Throws NOT_FOUND. */
export async function findUnit(q: Queryable, ref: string): Promise<UnitIdentity> {
  const id = /^u(\d{1,9})$/.exec(ref);
  const natural = /^([^~]+)~(serial|lot|run)~(.+)$/s.exec(ref);
  const rows = id
    ? await q.query<IdentityRow>(`${IDENTITY} WHERE u.unit_id = $1`, [Number(id[1])])
    : natural
      ? await q.query<IdentityRow>(`${IDENTITY} WHERE i.code = $1 AND u.kind = $2 AND u.code = $3`, natural.slice(1))
      : [];
  if (!rows[0]) throw new DomainError('NOT_FOUND', { what: 'unit', key: ref });
  return identity(rows[0]);
}

export async function identities(q: Queryable, unitIds: readonly number[]): Promise<Map<number, UnitIdentity>> {
  const rows =
    unitIds.length === 0
      ? []
      : await q.query<IdentityRow>(`${IDENTITY} WHERE u.unit_id = ANY ($1::int[])`, [[...new Set(unitIds)]]);
  return new Map(rows.map((r) => [r.unit_id, identity(r)]));
}

// ------------------------------------------------------------ events

interface EventRecordRow {
  event_id: number;
  source: string;
  client_id: string;
  type: string;
  at_from: number;
  at_until: number;
  body: Record<string, unknown>;
  actor: string;
  recorded_at: Date;
  position: number | null;
  void_reason: string | null;
  voided_by: number | null;
}

const EVENT = `SELECT e.event_id, e.source, e.client_id, e.type, e.at_from, e.at_until, e.body, b.actor, b.recorded_at, p.position, v.reason AS void_reason, v.by_event_id AS voided_by
  FROM event e JOIN ledger_batch b USING (batch_id) LEFT JOIN ledger_position p USING (batch_id) LEFT JOIN event_void v ON v.event_id = e.event_id`;

function eventView(r: EventRecordRow) {
  return {
    event: `e${r.event_id}`,
    clientId: r.client_id,
    type: r.type,
    at: formatTime(r.at_from),
    until: formatTime(r.at_until),
    coarse: r.at_until - r.at_from > 1,
    recordedAt: r.recorded_at.toISOString(),
    ledgerPosition: r.position,
    actor: r.actor,
    source: r.source,
    voided: r.voided_by === null ? null : { by: `e${r.voided_by}`, reason: r.void_reason },
    body: r.body,
  };
}

export async function eventById(q: Queryable, id: string) {
  const m = /^e(\d{1,15})$/.exec(id);
  const rows = m ? await q.query<EventRecordRow>(`${EVENT} WHERE e.event_id = $1`, [Number(m[1])]) : [];
  if (!rows[0]) throw new DomainError('NOT_FOUND', { what: 'event', key: id });
  return eventView(rows[0]);
}

/** SQL: movement `m` was not carried along by a container that it turned out not to be in. */
const NOT_TAKEN_BACK = `(NOT m.carried OR NOT EXISTS (SELECT 1 FROM movement_end me WHERE me.movement_id = m.movement_id))`;

/** Everything that was recorded of a unit, newest first; voided facts are shown as such, never left out. */
export async function unitHistory(
  q: Queryable,
  unit: UnitIdentity,
  cursor: string | undefined,
  limit: number | undefined,
): Promise<Page<unknown>> {
  const size = pageSize(limit);
  const after = decodeCursor<[number, number]>(cursor);
  const rows = await q.query<{
    movement_id: number;
    event_id: number;
    role: string;
    at_from: number;
    quantity: string | null;
    place: string | null;
    partner: string | null;
    document: string | null;
  }>(
    `SELECT m.movement_id, m.event_id, m.role, m.at_from, m.quantity, pl.code AS place, pa.code AS partner, m.document
       FROM movement m LEFT JOIN place pl USING (place_id) LEFT JOIN partner pa USING (partner_id)
      WHERE m.unit_id = $1 AND m.role <> 'inherited' AND ${NOT_TAKEN_BACK} AND ($2::bigint IS NULL OR (m.at_from, m.movement_id) < ($2, $3))
      ORDER BY m.at_from DESC, m.movement_id DESC LIMIT $4`,
    [unit.unitId, after?.[0] ?? null, after?.[1] ?? null, size + 1],
  );
  const page = rows.slice(0, size);
  const ids = [...new Set(page.map((r) => r.event_id))];
  const events = new Map(
    (await q.query<EventRecordRow>(`${EVENT} WHERE e.event_id = ANY ($1::bigint[])`, [ids])).map((e) => [
      e.event_id,
      e,
    ]),
  );
  const others = await otherUnits(q, ids, unit.unitId);
  const last = page.at(-1);
  return {
    data: page.map((r) => ({
      ...eventView(events.get(r.event_id)!),
      role: r.role,
      place: r.place,
      partner: r.partner,
      document: r.document,
      quantity: r.quantity === null ? null : { value: r.quantity, uom: unit.uom },
      ...others.get(r.event_id),
    })),
    nextCursor: rows.length > size && last ? encodeCursor([last.at_from, last.movement_id]) : null,
  };
}

const OTHERS_MAX = 20;

/** The other units of each event, at most twenty of them, and how many there are. */
async function otherUnits(
  q: Queryable,
  eventIds: readonly number[],
  unitId: number,
): Promise<Map<number, { other: unknown[]; othersTotal: number }>> {
  const rows = await q.query<{
    event_id: number;
    unit_id: number;
    item: string;
    kind: UnitKind;
    code: string;
    n: number;
  }>(
    `SELECT x.event_id, x.unit_id, i.code AS item, u.kind, u.code, x.n
       FROM (SELECT DISTINCT event_id, unit_id, dense_rank() OVER (PARTITION BY event_id ORDER BY unit_id) AS n FROM movement m WHERE event_id = ANY ($1::bigint[]) AND unit_id <> $2 AND ${NOT_TAKEN_BACK}) x
       JOIN unit u USING (unit_id) JOIN item i USING (item_id) ORDER BY x.event_id, x.n`,
    [eventIds, unitId],
  );
  const found = new Map<number, { other: unknown[]; othersTotal: number }>(
    eventIds.map((id) => [id, { other: [], othersTotal: 0 }]),
  );
  for (const r of rows) {
    const entry = found.get(r.event_id)!;
    entry.othersTotal = r.n;
    if (entry.other.length < OTHERS_MAX)
      entry.other.push({ id: `u${r.unit_id}`, unit: unitRef(r.item, r.kind, r.code) });
  }
  return found;
}

// ------------------------------------------------------------ one level of the tree

/** What a unit contains, or what it is in, one level; only what holds at `at` where that is given. */
export async function unitLinks(
  q: Queryable,
  position: number,
  unit: UnitIdentity,
  side: 'contains' | 'used-in',
  at: number | null,
  cursor: string | undefined,
  limit: number | undefined,
): Promise<Page<unknown>> {
  const size = pageSize(limit);
  const links = await (side === 'contains' ? linksInto : linksOutOf)(q, position, [unit.unitId]);
  const other = (l: RecordedLink) => (side === 'contains' ? l.input : l.output);
  const made = await firstMade(q, position, [...new Set(links.map((l) => l.input))]);
  const parts = links
    .flatMap((link) => linkParts(link, made.get(link.input)).map((part) => ({ link, part })))
    // A consumption holds from then on; an installation while it lasts.
    .filter(({ link, part }) => at === null || (part.from <= at && (link.mode === 0 || at < part.until)))
    .sort(
      (a, b) =>
        a.part.from - b.part.from || a.link.linkId - b.link.linkId || Number(b.part.certain) - Number(a.part.certain),
    );
  const start = decodeCursor<number>(cursor) ?? 0;
  const page = parts.slice(start, start + size);
  const units = await identities(
    q,
    page.map(({ link }) => other(link)),
  );
  const inputs = await identities(
    q,
    page.map(({ link }) => link.input),
  );
  const events = new Map(
    (
      await q.query<{ event_id: number; type: string; document: string | null }>(
        `SELECT e.event_id, e.type, (SELECT m.document FROM movement m WHERE m.event_id = e.event_id AND m.document IS NOT NULL LIMIT 1) AS document FROM event e WHERE e.event_id = ANY ($1::bigint[])`,
        [page.map(({ link }) => link.eventId)],
      )
    ).map((e) => [e.event_id, e]),
  );
  const deeper = await withLinks(
    q,
    side,
    page.map(({ link }) => other(link)),
  );
  return {
    data: page.map(({ link, part }) => {
      const u = units.get(other(link))!;
      return {
        id: u.id,
        unit: unitRef(u.item, u.kind, u.code),
        name: u.name,
        mode: link.mode === 0 ? 'consume' : 'install',
        certainty: part.certain ? 'certain' : 'possible',
        from: formatTime(part.from),
        until: formatTime(part.until),
        quantity: link.quantity === null ? null : { value: link.quantity, uom: inputs.get(link.input)!.uom },
        position: link.slot,
        event: `e${link.eventId}`,
        type: events.get(link.eventId)?.type ?? null,
        document: events.get(link.eventId)?.document ?? null,
        hasMore: deeper.has(u.unitId),
      };
    }),
    nextCursor: start + size < parts.length ? encodeCursor(start + size) : null,
  };
}

async function withLinks(q: Queryable, side: 'contains' | 'used-in', unitIds: readonly number[]): Promise<Set<number>> {
  const column = side === 'contains' ? 'output' : 'input';
  const rows = await q.query<{ unit_id: number }>(
    `SELECT x.unit_id FROM unnest($1::int[]) AS x(unit_id) WHERE EXISTS (SELECT 1 FROM link l WHERE l.${column} = x.unit_id)`,
    [unitIds],
  );
  return new Set(rows.map((r) => r.unit_id));
}

/** When each unit first came into being, where that is recorded, ms UTC. */
export async function firstMade(
  q: Queryable,
  position: number,
  unitIds: readonly number[],
): Promise<Map<number, number>> {
  if (unitIds.length === 0) return new Map();
  const rows = await q.query<{ unit_id: number; made: number }>(
    `SELECT f.unit_id, min(f.at_from) AS made FROM movement f JOIN ledger_position p ON p.batch_id = f.batch_id AND p.position <= $1
      WHERE f.unit_id = ANY ($2::int[]) AND f.role = 'made'
        AND NOT EXISTS (SELECT FROM event_void v JOIN ledger_position vp ON vp.batch_id = v.batch_id AND vp.position <= $1 WHERE v.event_id = f.event_id)
      GROUP BY f.unit_id`,
    [position, unitIds],
  );
  return new Map(rows.map((r) => [r.unit_id, r.made]));
}
