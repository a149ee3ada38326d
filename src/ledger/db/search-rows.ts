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

/** Code, other names, documents, partners and attributes of these units. */
export async function unitRows(q: Queryable, position: number, ids: readonly number[]): Promise<UnitText[]> {
  if (ids.length === 0) return [];
  return q.query<UnitText>(
    `SELECT u.unit_id, u.item_id, m.from_ms, m.until_ms,
            left($3 || u.code || coalesce(a.text, '') || coalesce(m.text, '') || coalesce(t.text, ''), $2) AS text
       FROM unit u
       LEFT JOIN LATERAL (
         SELECT string_agg(DISTINCT CASE WHEN a.kind = 'supplier-lot' THEN $4 ELSE $5 END || a.alias, '') AS text
           FROM unit_alias a WHERE a.unit_id = u.unit_id AND ${seen('a')}) a ON true
       LEFT JOIN LATERAL (
         SELECT min(x.at_from) AS from_ms, max(x.at_until) AS until_ms,
                coalesce((SELECT string_agg($6 || d, '' ORDER BY d) FROM unnest((array_agg(DISTINCT x.document) FILTER (WHERE x.document IS NOT NULL))[1:${DOCUMENTS_MAX}]) AS d), '') ||
                coalesce((SELECT string_agg($7 || c.code, '' ORDER BY c.code) FROM partner c
                  WHERE c.partner_id = ANY ((array_agg(DISTINCT x.partner_id) FILTER (WHERE x.partner_id IS NOT NULL))[1:${PARTNERS_MAX}])), '') AS text
           FROM movement x WHERE x.unit_id = u.unit_id AND ${seen('x')}) m ON true
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
    ],
  );
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
