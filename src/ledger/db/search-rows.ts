/** The texts that things are found by, read from the facts at a position. */
import type { Queryable } from '@/platform/db';
import { eventText, fieldMark, searchText, TEXT_CHARACTERS_MAX } from '../domain/search-words';

/** Documents of one unit that its text holds; all of them are found as documents. */
const DOCUMENTS_MAX = 20;
const PARTNERS_MAX = 20;

export interface UnitText {
  unit_id: number;
  item_id: number;
  text: string;
  from_ms: number | null;
  until_ms: number | null;
}

const seen = (alias: string) => `
  EXISTS (SELECT FROM ledger_position p WHERE p.batch_id = ${alias}.batch_id AND p.position <= $1)
  AND NOT EXISTS (SELECT FROM event_void v JOIN ledger_position vp ON vp.batch_id = v.batch_id AND vp.position <= $1 WHERE v.event_id = ${alias}.event_id)`;

/** Of the movements that are seen: when, with which documents and partners. */
const OF_ALL = `
  SELECT min(x.at_from) AS from_ms, max(x.at_until) AS until_ms,
         array_agg(DISTINCT x.document) FILTER (WHERE x.document IS NOT NULL) AS documents,
         array_agg(DISTINCT x.partner_id) FILTER (WHERE x.partner_id IS NOT NULL) AS partners
    FROM movement x WHERE x.unit_id = u.unit_id AND ${seen('x')}`;

/** The same of the rows that are there and of what a stretch of positions adds: as many as are kept suffice to tell which are kept. */
const OF_THE_REST = `
  SELECT least(s.from_ms, f.from_ms) AS from_ms, greatest(s.until_ms, f.until_ms) AS until_ms,
         (SELECT array_agg(DISTINCT d) FROM (SELECT (regexp_matches(s.text, $6 || '([^\\x01-\\x1f]+)', 'g'))[1] UNION ALL SELECT unnest(f.documents)) x (d)) AS documents,
         (SELECT array_agg(DISTINCT id) FROM (SELECT c.partner_id FROM regexp_matches(s.text, $7 || '([^\\x01-\\x1f]+)', 'g') AS m JOIN partner c ON c.code = m[1]
                                              UNION ALL SELECT unnest(f.partners)) x (id)) AS partners
    FROM search_unit s LEFT JOIN fresh f USING (unit_id) WHERE s.unit_id = u.unit_id`;

/** By their batches, and not by the unit (+ 0): it may have any number of others. */
const FRESH = `
  WITH b AS MATERIALIZED (SELECT batch_id FROM ledger_position WHERE position > $10 AND position <= $1),
  fresh AS MATERIALIZED (
    SELECT x.unit_id, min(x.at_from) AS from_ms, max(x.at_until) AS until_ms,
           array_agg(DISTINCT x.document) FILTER (WHERE x.document IS NOT NULL) AS documents,
           array_agg(DISTINCT x.partner_id) FILTER (WHERE x.partner_id IS NOT NULL) AS partners
      FROM b JOIN movement x USING (batch_id) WHERE x.unit_id + 0 = ANY ($9::int[])
     GROUP BY x.unit_id)`;

/**
 * Code, other names, documents, partners and attributes of these units. `from`: they have rows of that position, and nothing was
 * taken back since: a unit with very many movements is not read anew.
 */
export async function unitRows(
  q: Queryable,
  position: number,
  ids: readonly number[],
  from?: number,
): Promise<UnitText[]> {
  if (ids.length === 0) return [];
  return q.query<UnitText>(
    `${from === undefined ? '' : FRESH}
     SELECT u.unit_id, u.item_id, m.from_ms, m.until_ms,
            left($3 || u.code || coalesce(a.text, '') ||
                 coalesce((SELECT string_agg($6 || d, '' ORDER BY d) FROM unnest(m.documents[1:${DOCUMENTS_MAX}]) AS d), '') ||
                 coalesce((SELECT string_agg($7 || c.code, '' ORDER BY c.code) FROM partner c WHERE c.partner_id = ANY (m.partners[1:${PARTNERS_MAX}])), '') ||
                 coalesce(t.text, ''), $2) AS text
       FROM unit u
       LEFT JOIN LATERAL (
         SELECT string_agg(DISTINCT CASE WHEN a.kind = 'supplier-lot' THEN $4 ELSE $5 END || a.alias, '') AS text
           FROM unit_alias a WHERE a.unit_id = u.unit_id AND ${seen('a')}) a ON true
       LEFT JOIN LATERAL (${from === undefined ? OF_ALL : OF_THE_REST}) m ON true
       LEFT JOIN LATERAL (
         SELECT string_agg($8 || n.name || ' ' || n.value, '' ORDER BY n.name) AS text
           FROM (SELECT DISTINCT ON (x.name) x.name, x.value FROM attribute_value x WHERE x.unit_id = u.unit_id AND ${seen('x')}
                  ORDER BY x.name, x.at_from DESC, x.at_until DESC, x.attribute_value_id DESC) n
          WHERE n.value IS NOT NULL) t ON true
      WHERE u.unit_id = ANY ($9::int[])`,
    [
      position,
      TEXT_CHARACTERS_MAX,
      fieldMark('code'),
      fieldMark('supplier-lot'),
      fieldMark('alias'),
      fieldMark('document'),
      fieldMark('partner'),
      fieldMark('attribute'),
      ids,
      ...(from === undefined ? [] : [from]),
    ],
  );
}

/** Of these units, those with a row that what the stretch says of them can be added to: it takes nothing back, and the row holds all. */
export async function unitsThatGoOn(
  q: Queryable,
  from: number,
  until: number,
  ids: readonly number[],
): Promise<Set<number>> {
  const rows = await q.query<{ unit_id: number }>(
    `WITH b AS MATERIALIZED (SELECT batch_id FROM ledger_position WHERE position > $1 AND position <= $2)
     SELECT unit_id FROM search_unit WHERE unit_id = ANY ($3::int[]) AND length(text) < ${TEXT_CHARACTERS_MAX}
     EXCEPT SELECT m.unit_id FROM event_void JOIN b USING (batch_id) JOIN movement m USING (event_id)
     EXCEPT SELECT m.unit_id FROM movement_end e JOIN b USING (batch_id) JOIN movement m USING (movement_id)`,
    [from, until, ids],
  );
  return new Set(rows.map((r) => r.unit_id));
}

export interface EventText {
  event_id: number;
  type: string;
  text: string;
  from_ms: number;
  until_ms: number;
}

/** The events of a stretch of positions, by id above `after`. Voided ones stay: history is for good. */
export async function eventRows(
  q: Queryable,
  from: number,
  until: number,
  after: number,
  limit: number,
): Promise<EventText[]> {
  const range =
    from === 0
      ? `EXISTS (SELECT FROM ledger_position p WHERE p.batch_id = e.batch_id AND p.position > $1 AND p.position <= $2)`
      : `e.batch_id IN (SELECT batch_id FROM ledger_position WHERE position > $1 AND position <= $2)`;
  const rows = await q.query<{
    event_id: number;
    type: string;
    client_id: string;
    body: Record<string, unknown>;
    at_from: number;
    at_until: number;
  }>(
    `SELECT e.event_id, e.type, e.client_id, e.body, e.at_from, e.at_until FROM event e
      WHERE ${range} AND e.event_id > $3 ORDER BY e.event_id LIMIT $4`,
    [from, until, after, limit],
  );
  return rows.map((r) => ({
    event_id: r.event_id,
    type: r.type,
    text: eventText(r.client_id, r.body),
    from_ms: r.at_from,
    until_ms: r.at_until,
  }));
}

export interface LabelText {
  type: string;
  key: string;
  text: string;
  from_ms: number | null;
  until_ms: number | null;
}

/** Documents with their partners: those that a stretch of positions touches, or those with these numbers (in lower case). */
export async function documentRows(
  q: Queryable,
  position: number,
  which: { from: number; until: number } | { keys: readonly string[] },
): Promise<LabelText[]> {
  const keys =
    'keys' in which
      ? which.keys
      : (
          await q.query<{ key: string }>(
            `WITH b AS (SELECT batch_id FROM ledger_position WHERE position > $1 AND position <= $2)
             SELECT lower(document) AS key FROM movement JOIN b USING (batch_id) WHERE document IS NOT NULL
             UNION SELECT lower(m.document) FROM event_void v JOIN b USING (batch_id) JOIN movement m ON m.event_id = v.event_id WHERE m.document IS NOT NULL`,
            [which.from, which.until],
          )
        ).map((r) => r.key);
  if (keys.length === 0) return [];
  const rows = await q.query<{ key: string; from_ms: number; until_ms: number; partners: string[] | null }>(
    `SELECT x.document AS key, min(x.at_from) AS from_ms, max(x.at_until) AS until_ms,
            (SELECT array_agg(c.code ORDER BY c.code) FROM partner c WHERE c.partner_id = ANY (array_agg(DISTINCT x.partner_id))) AS partners
       FROM movement x WHERE lower(x.document) = ANY ($2::text[])
        AND EXISTS (SELECT FROM ledger_position p WHERE p.batch_id = x.batch_id AND p.position <= $1)
      GROUP BY x.document`,
    [position, keys],
  );
  return rows.map((r) => ({
    type: 'document',
    key: r.key,
    text: searchText([['document', r.key], ...(r.partners ?? []).map((code) => ['partner', code] as const)]),
    from_ms: r.from_ms,
    until_ms: r.until_ms,
  }));
}

/** Containers with their partners and documents: those that a stretch of positions touches, or the next ones above an id. */
export async function containerRows(
  q: Queryable,
  position: number,
  which: { from: number; until: number } | { after: number; limit: number },
): Promise<(LabelText & { container_id: number })[]> {
  const [filter, params] =
    'from' in which
      ? [
          `c.container_id IN (WITH b AS (SELECT batch_id FROM ledger_position WHERE position > $4 AND position <= $5)
             SELECT container_id FROM container JOIN b USING (batch_id) UNION SELECT container_id FROM container_fact JOIN b USING (batch_id))`,
          [which.from, which.until],
        ]
      : [
          `c.container_id > $4 AND EXISTS (SELECT FROM ledger_position p WHERE p.batch_id = c.batch_id AND p.position <= $1) ORDER BY c.container_id LIMIT $5`,
          [which.after, which.limit],
        ];
  return q.query(
    `SELECT c.container_id, 'container' AS type, c.code AS key, f.from_ms, f.until_ms,
            left($6 || c.code || coalesce(f.documents, '') || coalesce(f.partners, ''), ${TEXT_CHARACTERS_MAX}) AS text
       FROM container c LEFT JOIN LATERAL (
         SELECT min(x.at_from) AS from_ms, max(x.at_until) AS until_ms, string_agg(DISTINCT $2 || x.document, '') AS documents,
                string_agg(DISTINCT $3 || p.code, '') AS partners
           FROM container_fact x LEFT JOIN partner p USING (partner_id)
          WHERE x.container_id = c.container_id AND EXISTS (SELECT FROM ledger_position lp WHERE lp.batch_id = x.batch_id AND lp.position <= $1)) f ON true
      WHERE ${filter}`,
    [position, fieldMark('document'), fieldMark('partner'), ...params, fieldMark('code')],
  );
}

/** The next numbers of documents above `after`, in lower case: of the facts and of the index of the search alike. */
export async function labelRows(q: Queryable, after: string, limit: number): Promise<string[]> {
  const rows = await q.query<{ key: string }>(
    `SELECT key FROM (
       (SELECT DISTINCT lower(document) AS key FROM movement WHERE document IS NOT NULL AND lower(document) ~>~ $1 ORDER BY 1 LIMIT $2)
       UNION (SELECT lower(key) FROM search_label WHERE type = 'document' AND lower(key) ~>~ $1 ORDER BY 1 LIMIT $2)) k
      ORDER BY key LIMIT $2`,
    [after, limit],
  );
  return rows.map((r) => r.key);
}
