/** Reads of holds: open ones in groups, what is in a group and where it is, and how old they are. */
import { createHash } from 'node:crypto';
import { DomainError, formatTime } from '@/kernel';
import { HOLD_IS_OPEN, type UnitName, unitRef, type UnitKind, type UnitRef } from '@/ledger';
import type { Queryable } from '@/platform/db';

/** Holds with one reason and one reference belong together, whoever placed them, heirs of split lots included. */
export const groupKey = (reason: string, ref: string | null): string =>
  createHash('md5')
    .update(`${reason}\u001f${ref ?? ''}`)
    .digest('hex');
const GROUP = `md5(h.reason || chr(31) || coalesce(h.ref, ''))`;

/** The text of a reason from the plant's list. Throws FIELD_REQUIRED, NOT_FOUND. */
export async function reasonText(q: Queryable, code: string | undefined): Promise<string> {
  if (code === undefined) throw new DomainError('FIELD_REQUIRED', { field: 'reason' });
  const [row] = await q.query<{ text: string }>(`SELECT text FROM reason WHERE code = $1 AND kind = 'hold'`, [code]);
  if (!row) throw new DomainError('NOT_FOUND', { what: 'reason', key: code });
  return row.text;
}

export async function unitsByName(
  q: Queryable,
  names: readonly Exclude<UnitName, { scan: string }>[],
): Promise<Map<string, number>> {
  const rows = await q.query<{ item: string; code: string; unit_id: number }>(
    `SELECT i.code AS item, u.code, u.unit_id FROM unnest($1::text[], $2::text[]) AS k(item, code)
       JOIN item i ON i.code = k.item JOIN unit u ON u.item_id = i.item_id AND u.code = k.code`,
    [names.map((name) => name.item), names.map((name) => name.code)],
  );
  return new Map(rows.map((row) => [`${row.item}~${row.code}`, row.unit_id]));
}

export interface OpenHoldRow {
  holdId: number;
  unitId: number;
  reason: string;
  ref: string | null;
  atMs: number;
}

/** Open holds by number, by group or by unit, in the order of units. */
export function openHolds(
  q: Queryable,
  by: { ids: readonly number[] } | { group: string } | { units: readonly number[] },
): Promise<OpenHoldRow[]> {
  const [condition, value] =
    'ids' in by
      ? ['h.hold_id = ANY ($1::bigint[])', by.ids]
      : 'group' in by
        ? [`${GROUP} = $1`, by.group]
        : ['h.unit_id = ANY ($1::int[])', by.units];
  return q.query<OpenHoldRow>(
    `SELECT h.hold_id AS "holdId", h.unit_id AS "unitId", h.reason, h.ref, h.at_ms AS "atMs" FROM hold h
      WHERE ${condition} AND ${HOLD_IS_OPEN} ORDER BY h.unit_id, h.hold_id`,
    [value],
  );
}

export interface GroupFilter {
  /** a part of the reason, reference or owner (escaped for LIKE) */
  q?: string | undefined;
  owner?: string | undefined;
  reasonCode?: string | undefined;
  /** only groups whose oldest hold is from before this time */
  beforeMs?: number | undefined;
  item?: string | undefined;
}

export interface HoldGroup {
  group: string;
  reason: string;
  reasonCode: string | null;
  ref: string | null;
  /** whom to ask */
  owners: string[];
  units: number;
  holds: number;
  oldest: string | null;
  newest: string | null;
  items: string[];
}

interface GroupRow {
  group: string;
  reason: string;
  reason_code: string | null;
  ref: string | null;
  owners: string[] | null;
  units: number;
  holds: number;
  oldest: number;
  newest: number;
  items: string[];
}

const ITEMS_SHOWN = 5;

/** Groups of open holds, the oldest first. `after` is the group that the page before ended with. */
export async function findGroups(
  q: Queryable,
  filter: GroupFilter,
  after: [number, string] | null,
  limit: number,
  group?: string,
): Promise<HoldGroup[]> {
  const rows = await q.query<GroupRow>(
    `WITH open AS (
       SELECT ${GROUP} AS "group", h.hold_id, h.unit_id, h.at_ms, h.reason, h.ref, b.actor
         FROM hold h JOIN ledger_batch b USING (batch_id) WHERE ${HOLD_IS_OPEN} AND ($6::text IS NULL OR ${GROUP} = $6)),
     grouped AS (
       SELECT o."group", o.reason, o.ref, count(DISTINCT o.unit_id)::int AS units, count(*)::int AS holds,
              min(o.at_ms) AS oldest, max(o.at_ms) AS newest, array_agg(DISTINCT o.actor) AS actors,
              array_agg(DISTINCT i.code) AS items
         FROM open o JOIN unit u USING (unit_id) JOIN item i USING (item_id) GROUP BY o."group", o.reason, o.ref)
     SELECT g."group", g.reason, g.ref, g.units, g.holds, g.oldest, g.newest, g.items[1:${ITEMS_SHOWN + 1}] AS items, p.reason_code,
            coalesce(p.owners, (SELECT array_agg(DISTINCT regexp_replace(a, '^(user|key):', '')) FROM unnest(g.actors) AS a)) AS owners
       FROM grouped g LEFT JOIN LATERAL (
         SELECT array_agg(DISTINCT p.owner) AS owners, max(p.reason_code) AS reason_code FROM hold_placing p
          WHERE p.ref = g.ref AND p.reason = g.reason) p ON true
      WHERE ($1::text IS NULL OR g.reason ILIKE '%' || $1 || '%' OR g.ref ILIKE '%' || $1 || '%' OR array_to_string(p.owners, ' ') ILIKE '%' || $1 || '%')
        AND ($2::text IS NULL OR $2 = ANY (p.owners)) AND ($3::text IS NULL OR p.reason_code = $3)
        AND ($4::bigint IS NULL OR g.oldest < $4) AND ($5::text IS NULL OR $5 = ANY (g.items))
        AND ($7::bigint IS NULL OR (g.oldest, g."group") > ($7, $8))
      ORDER BY g.oldest, g."group" LIMIT $9`,
    [
      filter.q ?? null,
      filter.owner ?? null,
      filter.reasonCode ?? null,
      filter.beforeMs ?? null,
      filter.item ?? null,
      group ?? null,
      after?.[0] ?? null,
      after?.[1] ?? null,
      limit,
    ],
  );
  return rows.map((row) => ({
    group: row.group,
    reason: row.reason,
    reasonCode: row.reason_code,
    ref: row.ref,
    owners: row.owners ?? [],
    units: row.units,
    holds: row.holds,
    oldest: formatTime(row.oldest),
    newest: formatTime(row.newest),
    items: row.items.slice(0, ITEMS_SHOWN),
  }));
}

export const AGE_DAYS = [1, 7, 30, 90] as const;
const DAY_MS = 86_400_000;

export interface AgeBucket {
  /** from so many days; until null: older */
  fromDays: number;
  untilDays: number | null;
  units: number;
  groups: number;
}

/** Held units by the age of their oldest open hold. */
export async function ageing(q: Queryable, nowMs: number): Promise<AgeBucket[]> {
  const edges = AGE_DAYS.map((days) => nowMs - days * DAY_MS);
  const rows = await q.query<{ bucket: number; units: number; groups: number }>(
    `WITH open AS (SELECT h.unit_id, ${GROUP} AS "group", h.at_ms FROM hold h WHERE ${HOLD_IS_OPEN}),
     unit_age AS (SELECT unit_id, min(at_ms) AS oldest FROM open GROUP BY unit_id),
     group_age AS (SELECT "group", min(at_ms) AS oldest FROM open GROUP BY "group"),
     sorted AS (
       SELECT (SELECT count(*) FROM unnest($1::bigint[]) AS e WHERE oldest <= e)::int AS bucket, 1 AS unit, 0 AS "group" FROM unit_age
       UNION ALL
       SELECT (SELECT count(*) FROM unnest($1::bigint[]) AS e WHERE oldest <= e)::int, 0, 1 FROM group_age)
     SELECT bucket, sum(unit)::int AS units, sum("group")::int AS groups FROM sorted GROUP BY bucket`,
    [edges],
  );
  return [0, ...AGE_DAYS].map((fromDays, bucket) => {
    const row = rows.find((one) => one.bucket === bucket);
    return { fromDays, untilDays: AGE_DAYS[bucket] ?? null, units: row?.units ?? 0, groups: row?.groups ?? 0 };
  });
}

export interface HeldUnitRow {
  unitId: number;
  id: string;
  unit: UnitRef;
  name: string;
  uom: string;
  holds: { id: string; at: string | null; by: string }[];
  /** open holds for other reasons: released here, it stays held by them */
  others: number;
}

/** The units of a group with their holds in it, by item and code. */
export async function unitsOfGroup(
  q: Queryable,
  group: string,
  afterUnit: number,
  limit: number,
): Promise<HeldUnitRow[]> {
  const rows = await q.query<{
    unit_id: number;
    item: string;
    name: string;
    uom: string;
    kind: UnitKind;
    code: string;
    holds: { id: number; at: number; by: string }[];
    others: number;
  }>(
    `WITH found AS (
       SELECT h.unit_id, jsonb_agg(jsonb_build_object('id', h.hold_id, 'at', h.at_ms, 'by', b.actor) ORDER BY h.hold_id) AS holds
         FROM hold h JOIN ledger_batch b USING (batch_id)
        WHERE ${GROUP} = $1 AND h.unit_id > $2 AND ${HOLD_IS_OPEN} GROUP BY h.unit_id ORDER BY h.unit_id LIMIT $3)
     SELECT f.unit_id, i.code AS item, i.name, i.uom, u.kind, u.code, f.holds,
            (SELECT count(*)::int FROM hold h WHERE h.unit_id = f.unit_id AND ${GROUP} <> $1 AND ${HOLD_IS_OPEN}) AS others
       FROM found f JOIN unit u USING (unit_id) JOIN item i USING (item_id) ORDER BY f.unit_id`,
    [group, afterUnit, limit],
  );
  return rows.map((row) => ({
    unitId: row.unit_id,
    id: `u${row.unit_id}`,
    unit: unitRef(row.item, row.kind, row.code),
    name: row.name,
    uom: row.uom,
    holds: row.holds.map((hold) => ({ id: `h${hold.id}`, at: formatTime(hold.at), by: hold.by })),
    others: row.others,
  }));
}

export interface ReasonView {
  code: string;
  kind: string;
  text: string;
  retired: boolean;
}

export function reasons(q: Queryable): Promise<ReasonView[]> {
  return q.query<ReasonView>(`SELECT code, kind, text, retired FROM reason ORDER BY kind, retired, text`);
}

export interface ItemCount {
  item: string;
  name: string;
  units: number;
  held: number;
}

export function countsByItem(q: Queryable, unitIds: readonly number[]): Promise<ItemCount[]> {
  return q.query<ItemCount>(
    `SELECT i.code AS item, i.name, count(*)::int AS units,
            count(*) FILTER (WHERE EXISTS (SELECT 1 FROM hold h WHERE h.unit_id = u.unit_id AND ${HOLD_IS_OPEN}))::int AS held
       FROM unit u JOIN item i USING (item_id) WHERE u.unit_id = ANY ($1::int[]) GROUP BY i.code, i.name ORDER BY count(*) DESC, i.code`,
    [unitIds],
  );
}

export interface UnitHoldView {
  id: string;
  group: string;
  reason: string;
  ref: string | null;
  at: string | null;
  by: string;
  owner: string;
}

/** The open holds of a unit, the oldest first, with whom to ask. */
export async function holdsOfUnit(q: Queryable, unitId: number): Promise<UnitHoldView[]> {
  const rows = await q.query<Omit<UnitHoldView, 'id' | 'at'> & { hold_id: number; at_ms: number }>(
    `SELECT h.hold_id, ${GROUP} AS "group", h.reason, h.ref, h.at_ms, b.actor AS by,
            coalesce((SELECT max(p.owner) FROM hold_placing p WHERE p.ref = h.ref AND p.reason = h.reason), regexp_replace(b.actor, '^(user|key):', '')) AS owner
       FROM hold h JOIN ledger_batch b USING (batch_id) WHERE h.unit_id = $1 AND ${HOLD_IS_OPEN} ORDER BY h.at_ms, h.hold_id`,
    [unitId],
  );
  return rows.map(({ hold_id, at_ms, ...row }) => ({ ...row, id: `h${hold_id}`, at: formatTime(at_ms) }));
}
