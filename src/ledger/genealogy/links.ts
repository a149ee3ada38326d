/**
 * Links as they stand at a ledger position: only those whose batch is at or below it and whose event is not voided there,
 * each with the end that held then. One query a level; the ids go in as arrays.
 */
import type { Queryable } from '@/platform/db';
import { FACT_SEEN, inBatches } from './at-position';

export type LinkEndCause = 'removed' | 'implied' | 'reopened' | 'voided' | 'orphan' | 'matched';

/** What the record says of a link's end at a position; none: as the link itself says. */
export interface LinkEnd {
  cause: LinkEndCause;
  from: number | null;
  until: number | null;
  sureUntil: number | null;
  maybeUntil: number | null;
}

/** One recorded link at a position. Times in ms UTC, null = open; quantity in the input item's base unit. */
export interface RecordedLink {
  linkId: number;
  eventId: number;
  input: number;
  output: number;
  /** 0 consume, 1 install */
  mode: 0 | 1;
  certain: boolean;
  from: number | null;
  statedUntil: number | null;
  sureFrom: number | null;
  sureUntil: number | null;
  quantity: string | null;
  slot: string | null;
  end: LinkEnd | null;
}

interface LinkRow {
  link_id: number;
  event_id: number;
  input: number;
  output: number;
  mode: 0 | 1;
  certain: boolean;
  from_ms: number | null;
  stated_until_ms: number | null;
  sure_from_ms: number | null;
  sure_until_ms: number | null;
  quantity: string | null;
  slot: string | null;
}

interface EndRow {
  link_id: number;
  cause: LinkEndCause;
  from_ms: number | null;
  until_ms: number | null;
  sure_until_ms: number | null;
  maybe_until_ms: number | null;
}

/** The links whose input is one of `units`, in no order. */
export function linksOutOf(q: Queryable, position: number, units: readonly number[]): Promise<RecordedLink[]> {
  return readLinks(q, position, units, 'input');
}

/** The installations of these units in something, in no order. */
export function installationsOf(q: Queryable, position: number, units: readonly number[]): Promise<RecordedLink[]> {
  return readLinks(q, position, units, 'input', 'AND f.mode = 1');
}

/** The links whose output is one of `units`, in no order. */
export function linksInto(q: Queryable, position: number, units: readonly number[]): Promise<RecordedLink[]> {
  return readLinks(q, position, units, 'output');
}

/**
 * Of the links out of `units`, those that show a gap of the unit itself: consumptions dated before its first making
 * (`firstMadeMs`, null where nothing made it) and installations whose end is implied, or whose beginning is not recorded.
 */
export async function oddLinksOutOf(
  q: Queryable,
  position: number,
  units: readonly number[],
  firstMadeMs: readonly (number | null)[],
): Promise<RecordedLink[]> {
  const rows = await q.query<LinkRow>(
    `SELECT ${COLUMNS} FROM link f ${FACT_SEEN} AND f.input = ANY ($2::int[]) AND f.mode = 1
        AND EXISTS (SELECT FROM link_end e WHERE e.link_id = f.link_id AND e.cause IN ('implied', 'orphan'))
      UNION ALL
     SELECT ${COLUMNS} FROM unnest($2::int[], $3::bigint[]) AS u (unit_id, made) JOIN link f ON f.input = u.unit_id
        AND f.mode = 0 AND greatest(f.stated_until_ms, f.from_ms + 1) <= u.made ${FACT_SEEN}`,
    [position, units, firstMadeMs],
  );
  return (await withEnds(q, position, rows)).filter(standing);
}

const COLUMNS = `f.link_id, f.event_id, f.input, f.output, f.mode, f.certain, f.from_ms, f.stated_until_ms,
  f.sure_from_ms, f.sure_until_ms, f.quantity, f.slot`;

async function readLinks(
  q: Queryable,
  position: number,
  units: readonly number[],
  side: 'input' | 'output',
  more = '',
): Promise<RecordedLink[]> {
  const found: RecordedLink[] = [];
  await inBatches(units, async (ids) => {
    const rows = await q.query<LinkRow>(
      `SELECT ${COLUMNS} FROM link f ${FACT_SEEN} AND f.${side} = ANY ($2::int[]) ${more}`,
      [position, ids],
    );
    for (const link of await withEnds(q, position, rows)) if (standing(link)) found.push(link);
  });
  return found;
}

function standing(link: RecordedLink): boolean {
  return link.end?.cause !== 'voided' && link.end?.cause !== 'matched';
}

async function withEnds(q: Queryable, position: number, rows: readonly LinkRow[]): Promise<RecordedLink[]> {
  const found: RecordedLink[] = [];
  const installs = new Map<number, RecordedLink>();
  for (const r of rows) {
    const link: RecordedLink = {
      linkId: r.link_id,
      eventId: r.event_id,
      input: r.input,
      output: r.output,
      mode: r.mode,
      certain: r.certain,
      from: r.from_ms,
      statedUntil: r.stated_until_ms,
      sureFrom: r.sure_from_ms,
      sureUntil: r.sure_until_ms,
      quantity: r.quantity,
      slot: r.slot,
      end: null,
    };
    found.push(link);
    // Only installations get ends; a consumption goes with its event alone.
    if (r.mode === 1) installs.set(r.link_id, link);
  }
  if (installs.size === 0) return found;
  await inBatches([...installs.keys()], async (ids) => {
    const ends = await q.query<EndRow>(
      `SELECT DISTINCT ON (e.link_id) e.link_id, e.cause, e.from_ms, e.until_ms, e.sure_until_ms, e.maybe_until_ms
         FROM link_end e JOIN ledger_position p ON p.batch_id = e.batch_id AND p.position <= $1
        WHERE e.link_id = ANY ($2::bigint[])
        ORDER BY e.link_id, e.link_end_id DESC`,
      [position, ids],
    );
    for (const e of ends) {
      installs.get(e.link_id)!.end = {
        cause: e.cause,
        from: e.from_ms,
        until: e.until_ms,
        sureUntil: e.sure_until_ms,
        maybeUntil: e.maybe_until_ms,
      };
    }
  });
  return found;
}

/**
 * The splits and merges that made these units (null: all) and out of which came more than went in, as far as all of it is in one unit of
 * measure and known. `short` is how much more.
 */
export async function dividedIntoMore(
  q: Queryable,
  position: number,
  units: readonly number[] | null,
  since?: ReadonlyMap<number, number>,
): Promise<{ unitId: number; eventId: number; at: number; short: string; uom: string }[]> {
  const rows = await q.query<{ unit_id: number; event_id: number; at_from: number; short: string; uom: string }>(
    `WITH own AS MATERIALIZED (
       SELECT DISTINCT f.unit_id, f.event_id, f.at_from
         FROM heir h JOIN movement f ON f.event_id = h.event_id AND f.unit_id = h.target_id AND f.role = 'made' ${FACT_SEEN}
          AND ($2::int[] IS NULL OR h.target_id = ANY ($2::int[]))
          AND f.at_from >= coalesce(($4::bigint[])[array_position($3::int[], f.unit_id)], f.at_from))
     SELECT f.unit_id, f.event_id, f.at_from, trim_scale(t.made - t.used)::text AS short, t.uom
       FROM own f CROSS JOIN LATERAL (
        SELECT sum(m.quantity) FILTER (WHERE m.role = 'made') AS made, sum(m.quantity) FILTER (WHERE m.role = 'used') AS used,
               min(i.uom) AS uom
          FROM movement m JOIN unit u ON u.unit_id = m.unit_id JOIN item i ON i.item_id = u.item_id
         WHERE m.event_id = f.event_id AND m.role IN ('made', 'used')
        HAVING count(DISTINCT i.uom) = 1 AND count(*) = count(m.quantity)) t
      WHERE t.made > t.used`,
    [position, units, [...(since?.keys() ?? [])], [...(since?.values() ?? [])]],
  );
  return rows.map((r) => ({ unitId: r.unit_id, eventId: r.event_id, at: r.at_from, short: r.short, uom: r.uom }));
}

/** Productions of `units` of which nothing that went in is recorded: no link of the same event into the unit, and nothing ever installed in it. */
export async function producedWithoutInputs(
  q: Queryable,
  position: number,
  units: readonly number[] | null,
  since?: ReadonlyMap<number, number>,
): Promise<{ unitId: number; eventId: number; at: number }[]> {
  const own = since
    ? `unnest($2::int[], $3::bigint[]) AS own (unit_id, since) JOIN movement f ON f.unit_id = own.unit_id AND f.at_from >= own.since ${FACT_SEEN}`
    : `movement f ${FACT_SEEN} AND ($2::int[] IS NULL OR f.unit_id = ANY ($2::int[]))`;
  const rows = await q.query<{ unit_id: number; event_id: number; at_from: number }>(
    `SELECT f.unit_id, f.event_id, f.at_from
       FROM (SELECT f.unit_id, f.event_id, f.at_from FROM ${own} AND f.role = 'made') f
       JOIN event ev ON ev.event_id = f.event_id
            AND coalesce(CASE WHEN ev.type = 'correct' THEN ev.body->'with'->>'type' END, ev.type) = 'produce'
      WHERE NOT EXISTS (SELECT FROM link l WHERE l.event_id = f.event_id AND l.output = f.unit_id)
        AND NOT EXISTS (
          SELECT FROM link l JOIN ledger_position lp ON lp.batch_id = l.batch_id AND lp.position <= $1
           WHERE l.output = f.unit_id AND l.mode = 1
             AND NOT EXISTS (SELECT FROM event_void v JOIN ledger_position vp ON vp.batch_id = v.batch_id AND vp.position <= $1
                              WHERE v.event_id = l.event_id)
             AND coalesce((SELECT e.cause FROM link_end e JOIN ledger_position ep ON ep.batch_id = e.batch_id AND ep.position <= $1
                            WHERE e.link_id = l.link_id ORDER BY e.link_end_id DESC LIMIT 1), '') NOT IN ('voided', 'matched'))`,
    since && units ? [position, units, units.map((id) => since.get(id)!)] : [position, units],
  );
  return rows.map((r) => ({ unitId: r.unit_id, eventId: r.event_id, at: r.at_from }));
}
