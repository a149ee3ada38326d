/** What a consignee has of a case: a line a unit, as deliveries say it. */
import type { Queryable } from '@/platform/db';
import { decodeCursor, type Page, pageSize, toPage } from '@/platform/http';

/** Deliveries of a scope version ($2) of a case ($1). */
const IN_SCOPE = (d: string): string =>
  `${d}.recall_id = $1 AND ${d}.version_in <= $2 AND (${d}.version_out IS NULL OR ${d}.version_out > $2)`;

/**
 * One row a consignee and unit; nobody knows whom: partner 0. What came inside something that is a line itself is not a line: the
 * consignee knows the bike, not the cells in it. `which` narrows the deliveries `d` (all parameters after $2 are the caller's).
 */
export const linesOf = (which = 'true'): string => `
  SELECT coalesce(d.partner_id, 0) AS partner_id, d.unit_id, min(d.inside_id) AS inside_id, max(d.version_in) AS version_in,
      CASE WHEN bool_or(d.quantity IS NULL) THEN NULL ELSE sum(d.quantity) END AS quantity, bool_or(d.certain) AS certain,
      min(d.at) AS from_at, max(d.at) AS until_at,
      array_agg(DISTINCT d.document) FILTER (WHERE d.document IS NOT NULL) AS documents
    FROM recall_delivery d
   WHERE ${IN_SCOPE('d')} AND ${which}
     AND (d.inside_id IS NULL OR NOT EXISTS (
       SELECT 1 FROM recall_delivery o WHERE ${IN_SCOPE('o')} AND o.unit_id = d.inside_id AND o.inside_id IS NULL
          AND coalesce(o.partner_id, 0) = coalesce(d.partner_id, 0)))
   GROUP BY coalesce(d.partner_id, 0), d.unit_id`;

export interface Amounts {
  found: string;
  sold: string;
  destroyed: string;
  returned: string;
}

export interface LineAnswer extends Amounts {
  note: string | null;
  via: 'link' | 'phone';
  by: string;
  at: Date;
}

export interface Line {
  unitId: number;
  item: string;
  name: string;
  uom: string;
  kind: 'serial' | 'lot' | 'run';
  code: string;
  /** the unit that it came inside of, where that is no line itself */
  inside: string | null;
  /** decimal text in the item's unit of measure; null where a delivery does not say it */
  quantity: string | null;
  certain: boolean;
  from: Date | null;
  until: Date | null;
  documents: string[];
  answer: LineAnswer | null;
}

const LINES = (which: string): string => `
  SELECT l.unit_id AS "unitId", i.code AS item, i.name, i.uom, u.kind, u.code,
      (SELECT oi.code || ' ' || o.code FROM unit o JOIN item oi USING (item_id) WHERE o.unit_id = l.inside_id) AS inside,
      trim_scale(l.quantity)::text AS quantity, l.certain, l.from_at AS "from", l.until_at AS until,
      coalesce(l.documents, '{}') AS documents,
      CASE WHEN a.answer_id IS NULL THEN NULL ELSE jsonb_build_object(
        'found', trim_scale(a.found)::text, 'sold', trim_scale(a.sold)::text, 'destroyed', trim_scale(a.destroyed)::text,
        'returned', trim_scale(a.returned)::text, 'note', a.note, 'via', a.via, 'by', a.by, 'at', a.at) END AS answer
    FROM (${linesOf(which)}) l JOIN unit u ON u.unit_id = l.unit_id JOIN item i ON i.item_id = u.item_id
    LEFT JOIN recall_answer a ON a.recall_id = $1 AND a.partner_id = l.partner_id AND a.unit_id = l.unit_id AND NOT a.superseded`;

const OF_PARTNER = 'coalesce(d.partner_id, 0) = $3';
const KINDS = `array_position(ARRAY['lot', 'serial', 'run'], u.kind)`;

/** All lines that a notice tells its consignee of, lots first, by item and code: up to its scope version, and its delivery. */
export function linesTold(
  q: Queryable,
  of: { recallId: number; version: number; partnerId: number; deliveryNo: number },
): Promise<Line[]> {
  const upTo = `${OF_PARTNER} AND d.delivery_no <= $4`;
  return q.query<Line>(`${LINES(upTo)} ORDER BY ${KINDS}, i.code, u.code, u.unit_id`, [
    of.recallId,
    of.version,
    of.partnerId,
    of.deliveryNo,
  ]);
}

/** A page of them, by unit. */
export async function linesPage(
  q: Queryable,
  of: { recallId: number; version: number; partnerId: number },
  cursor: string | undefined,
  limit: number | undefined,
): Promise<Page<Line>> {
  const size = pageSize(limit);
  const rows = await q.query<Line>(`${LINES(OF_PARTNER)} WHERE l.unit_id > $4 ORDER BY l.unit_id LIMIT $5`, [
    of.recallId,
    of.version,
    of.partnerId,
    decodeCursor<number>(cursor) ?? 0,
    size + 1,
  ]);
  return toPage(
    rows,
    size,
    (row) => row.unitId,
    (row) => row,
  );
}

/** Of these units, those that are lines of the consignee now. */
export async function ownUnits(
  q: Queryable,
  of: { recallId: number; version: number; partnerId: number },
  unitIds: readonly number[],
): Promise<Set<number>> {
  const rows = await q.query<{ unit_id: number }>(
    `SELECT unit_id FROM (${linesOf(`${OF_PARTNER} AND d.unit_id = ANY ($4::int[])`)}) l`,
    [of.recallId, of.version, of.partnerId, unitIds],
  );
  return new Set(rows.map((row) => row.unit_id));
}

/** How many lines a consignee has now, and how many of them it has answered. */
export async function lineCounts(
  q: Queryable,
  of: { recallId: number; version: number; partnerId: number },
): Promise<{ lines: number; answered: number }> {
  const [row] = await q.query<{ lines: number; answered: number }>(
    `SELECT count(*)::int AS lines, count(a.answer_id)::int AS answered FROM (${linesOf(OF_PARTNER)}) l
       LEFT JOIN recall_answer a ON a.recall_id = $1 AND a.partner_id = $3 AND a.unit_id = l.unit_id AND NOT a.superseded`,
    [of.recallId, of.version, of.partnerId],
  );
  return row!;
}
