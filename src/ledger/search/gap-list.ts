/** The list of open gaps: what the record cannot tell, where, since when, and what would close it. */
import { formatTime } from '@/kernel';
import { escapeLike, Queryable } from '@/platform/db';
import { decodeCursor, encodeCursor, pageSize } from '@/platform/http';
import type { UnitKind } from '../domain/event-shapes';
import { closingOf } from '../domain/gap-closing';
import { standingOf } from '../projections/cursor';
import { identities, unitRef } from '../queries';

export interface GapFilter {
  kind?: string;
  place?: string;
  item?: string;
  /** only what happened before; ms UTC */
  before: number | null;
  q?: string;
}

/** Places: the place itself and all below it. */
function where(filter: GapFilter): { sql: string; params: unknown[] } {
  const params: unknown[] = [filter.kind ?? null, filter.item ?? null, filter.before, filter.place ?? null];
  params.push(filter.q === undefined || filter.q.trim() === '' ? null : `%${escapeLike(filter.q)}%`);
  return {
    params,
    sql: `($1::text IS NULL OR g.kind = $1)
      AND ($2::text IS NULL OR g.item_id = (SELECT item_id FROM item WHERE code = $2))
      AND ($3::bigint IS NULL OR g.at_ms < $3)
      AND ($4::text IS NULL OR g.place_id IN (WITH RECURSIVE down AS (
        SELECT place_id FROM place WHERE code = $4 UNION SELECT p.place_id FROM place p JOIN down d ON p.parent_id = d.place_id) SELECT place_id FROM down))
      AND ($5::text IS NULL OR g.message ILIKE $5)`,
  };
}

const COUNTS_MAX = 200;

/** How many there are, by kind and by place, and how far the list is behind the ledger. */
export async function gapCounts(q: Queryable, filter: GapFilter) {
  const standing = await standingOf(q, 'gap');
  const { sql, params } = where(filter);
  const rows = await q.query<{ kind: string; place: string | null; n: number; oldest: number | null }>(
    `SELECT g.kind, p.code AS place, count(*) AS n, min(g.at_ms) AS oldest FROM gap g LEFT JOIN place p USING (place_id)
      WHERE ${sql} GROUP BY 1, 2 ORDER BY n DESC, 1, 2`,
    params,
  );
  const by = <K extends 'kind' | 'place'>(key: K) => {
    const sums = new Map<string | null, { count: number; oldest: number | null }>();
    for (const r of rows) {
      const sum = sums.get(r[key]) ?? { count: 0, oldest: null };
      sum.count += r.n;
      if (r.oldest !== null) sum.oldest = Math.min(sum.oldest ?? r.oldest, r.oldest);
      sums.set(r[key], sum);
    }
    return [...sums]
      .map(([value, { count, oldest }]) => ({ [key]: value, count, oldest: formatTime(oldest) }))
      .sort((a, b) => b.count - a.count)
      .slice(0, COUNTS_MAX);
  };
  return {
    total: rows.reduce((sum, r) => sum + r.n, 0),
    byKind: by('kind'),
    byPlace: by('place'),
    ...standing,
  };
}

interface GapRow {
  gap_id: number;
  unit_id: number;
  kind: string;
  event_id: number | null;
  client_id: string | null;
  event_type: string | null;
  actor: string | null;
  recorded_at: Date | null;
  at_ms: number | null;
  place: string | null;
  message: string;
  about: { parent?: number; hold?: number; short?: string };
  customer: string | null;
}

/** A page of them, the oldest recorded first or the newest first, and how far the list is behind the ledger. */
export async function listGaps(
  q: Queryable,
  filter: GapFilter,
  page: { cursor?: string | undefined; limit?: number | undefined; newest?: boolean; nowMs: number },
) {
  const standing = await standingOf(q, 'gap');
  const { sql, params } = where(filter);
  const size = pageSize(page.limit);
  const after = decodeCursor<number>(page.cursor);
  const [direction, compare] = page.newest ? ['DESC', '<'] : ['ASC', '>'];
  const rows = await q.query<GapRow>(
    `SELECT g.gap_id, g.unit_id, g.kind, g.event_id, e.client_id, e.type AS event_type, b.actor, b.recorded_at, g.at_ms, p.code AS place, g.message, g.about,
            (SELECT c.code FROM movement m JOIN partner c USING (partner_id) WHERE m.event_id = g.event_id AND m.unit_id = g.unit_id LIMIT 1) AS customer
       FROM (SELECT g.* FROM gap g WHERE ${sql} AND ($6::bigint IS NULL OR g.gap_id ${compare} $6) ORDER BY g.gap_id ${direction} LIMIT $7) g
       LEFT JOIN place p USING (place_id) LEFT JOIN event e ON e.event_id = g.event_id LEFT JOIN ledger_batch b USING (batch_id)
      ORDER BY g.gap_id ${direction}`,
    [...params, after, size + 1],
  );
  const shown = rows.slice(0, size);
  const units = await identities(
    q,
    shown.flatMap((r) => [r.unit_id, ...(r.about.parent === undefined ? [] : [r.about.parent])]),
  );
  return {
    data: shown.map((r) => {
      const unit = units.get(r.unit_id)!;
      const parent = r.about.parent === undefined ? undefined : units.get(r.about.parent);
      const name = (u: { item: string; kind: UnitKind; code: string }) => unitRef(u.item, u.kind, u.code);
      return {
        id: `g${r.gap_id}`,
        kind: r.kind,
        message: r.message,
        unit: { id: unit.id, name: unit.name, unit: name(unit) },
        place: r.place,
        at: formatTime(r.at_ms),
        ageDays: r.at_ms === null ? null : Math.max(0, Math.floor((page.nowMs - r.at_ms) / 86_400_000)),
        event:
          r.event_id === null
            ? null
            : {
                id: `e${r.event_id}`,
                clientId: r.client_id,
                type: r.event_type,
                actor: r.actor,
                recordedAt: r.recorded_at?.toISOString() ?? null,
              },
        parent: parent ? { id: parent.id, unit: name(parent) } : null,
        closes: closingOf({
          kind: r.kind,
          unit,
          event: r.event_id === null ? null : `e${r.event_id}`,
          place: r.place,
          parent: parent ?? null,
          hold: r.about.hold === undefined ? null : `h${r.about.hold}`,
          short: r.about.short ?? null,
          customer: r.customer,
        }),
      };
    }),
    nextCursor: rows.length > size && shown.length > 0 ? encodeCursor(shown.at(-1)!.gap_id) : null,
    ...standing,
  };
}
