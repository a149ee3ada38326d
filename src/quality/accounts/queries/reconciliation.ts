/** What a case adds up to: in all, by item, by consignee, by unit, and what contradicts itself. */
import { type UnitKind, unitRef, type UnitRef } from '@/ledger';
import type { Queryable } from '@/platform/db';
import { decodeCursor, type Page, pageSize, toPage } from '@/platform/http';
import type { Recall } from '@/quality/recalls';
import type { Buckets, Sums } from '../domain/balance';
import { ACCOUNT, BUCKETS } from './account-sql';

type Case = Pick<Recall, 'recallId' | 'key' | 'drill'>;
const paramsOf = ({ recallId, key, drill }: Case, unitIds: readonly number[] | null = null) => [
  recallId,
  key,
  drill,
  unitIds,
];

const camel = (name: string): string => name.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase());
const text = (sql: string): string => `trim_scale(${sql})::text`;

export interface ItemAccount extends Sums {
  item: string;
  name: string;
}

export interface PendingParts {
  uom: string;
  /** in house and not on hold by the case */
  uncovered: string;
  /** consignees have it, and have said so */
  found: string;
  /** said to be on its way back */
  returning: string;
  /** with consignees that have not answered */
  unanswered: string;
  /** made, and by the record nowhere */
  unexplained: string;
}

export interface ConsigneeAccount {
  /** `-`: nobody knows whom */
  consignee: string;
  name: string;
  item: string;
  uom: string;
  lines: number;
  answered: number;
  unknown: number;
  /** shipped = recovered + remedied + destroyed + passedOn + notFound + pending, of the lines whose quantity is known */
  shipped: string;
  recovered: string;
  remedied: string;
  destroyed: string;
  passedOn: string;
  notFound: string;
  pending: string;
  /** of what is pending */
  found: string;
  returning: string;
}

/** A row a consignee and item, those with the most pending lines first where `pendingOnly`; else by code. */
export async function accountByConsignee(
  q: Queryable,
  recall: Case,
  cursor: string | undefined,
  limit: number | undefined,
): Promise<Page<ConsigneeAccount>> {
  const size = pageSize(limit);
  const after = decodeCursor<[string, string]>(cursor);
  const sum = (column: string) => text(`coalesce(sum(l.${column}) FILTER (WHERE NOT l.unknown), 0)`);
  const rows = await q.query<ConsigneeAccount>(
    `WITH ${ACCOUNT}
     SELECT coalesce(p.code, '-') AS consignee, coalesce(p.name, 'unknown customer') AS name, i.code AS item, i.uom,
            count(*)::int AS lines, count(*) FILTER (WHERE l.answered)::int AS answered, count(*) FILTER (WHERE l.unknown)::int AS unknown,
            ${sum('shipped')} AS shipped, ${sum('back')} AS recovered, ${sum('remedied')} AS remedied, ${sum('destroyed')} AS destroyed,
            ${sum('passed_on')} AS "passedOn", ${sum('not_found')} AS "notFound", ${sum('pending')} AS pending,
            ${sum('found')} AS found, ${sum('returning')} AS returning
       FROM line l JOIN item i USING (item_id) LEFT JOIN partner p ON p.partner_id = l.partner_id
      WHERE $5::text IS NULL OR (coalesce(p.code, '-'), i.code) > ($5, $6)
      GROUP BY p.code, p.name, i.code, i.uom ORDER BY 1, 3 LIMIT $7`,
    [...paramsOf(recall), after?.[0] ?? null, after?.[1] ?? null, size + 1],
  );
  return toPage(
    rows,
    size,
    (row) => [row.consignee, row.item],
    (row) => row,
  );
}

export interface UnitAccount extends Buckets {
  id: string;
  unit: UnitRef;
  name: string;
  uom: string;
  /** null: nobody knows how much there is */
  scope: string | null;
  balanced: boolean;
}

type UnitRow = Omit<UnitAccount, 'id' | 'unit'> & { unitId: number; item: string; kind: UnitKind; code: string };

/** A row a unit, by id; `pending`: those alone that are not accounted for in full. */
export async function accountByUnit(
  q: Queryable,
  recall: Case,
  filter: { pending?: boolean | undefined },
  cursor: string | undefined,
  limit: number | undefined,
): Promise<Page<UnitAccount>> {
  const size = pageSize(limit);
  const after = decodeCursor<number>(cursor) ?? 0;
  // A page of all units is folded for these units alone.
  const ids = filter.pending
    ? null
    : (
        await q.query<{ id: number }>(
          `SELECT ru.unit_id AS id FROM recall_unit ru JOIN unit u USING (unit_id)
            WHERE ru.recall_id = $1 AND ru.version_out IS NULL AND u.kind <> 'run' AND ru.unit_id > $2 ORDER BY 1 LIMIT $3`,
          [recall.recallId, after, size + 1],
        )
      ).map((row) => row.id);
  const rows = await q.query<UnitRow>(
    `WITH ${ACCOUNT}
     SELECT a.unit_id AS "unitId", i.code AS item, u.kind, u.code, i.name, i.uom, CASE WHEN NOT a.unknown THEN ${text('a.scope')} END AS scope,
            NOT a.unknown AND a.pending = 0 AND NOT a.over AS balanced,
            ${BUCKETS.map((name) => `coalesce(${text(`a.${name}`)}, '0') AS "${camel(name)}"`).join(', ')}
       FROM account a JOIN unit u USING (unit_id) JOIN item i ON i.item_id = a.item_id
      WHERE a.unit_id > $5 AND ($4::int[] IS NOT NULL OR a.unknown OR a.pending <> 0 OR a.over) ORDER BY a.unit_id LIMIT $6`,
    [...paramsOf(recall, ids), after, size + 1],
  );
  return toPage(
    rows,
    size,
    (row) => row.unitId,
    ({ unitId, item, kind, code, ...row }) => ({ id: `u${unitId}`, unit: unitRef(item, kind, code), ...row }),
  );
}

export interface Contradiction {
  code:
    | 'answered-more-than-shipped'
    | 'returned-but-said-gone'
    | 'answered-without-shipment'
    | 'used-after-hold'
    | 'more-than-there-was'
    | 'negative-stock';
  id: string;
  unit: UnitRef;
  consignee: string | null;
  /** in the item's unit of measure; null: of the unit as a whole */
  shipped: string | null;
  returned: string | null;
  answered: string | null;
  say: string;
}

const SAY: Record<Contradiction['code'], string> = {
  'answered-more-than-shipped': 'The consignee accounts for more than it was sent: ask again, or correct the shipment.',
  'returned-but-said-gone':
    'What the ledger has back is said to be sold or destroyed: ask again, or correct the return.',
  'answered-without-shipment': 'It was answered for, and by the ledger it never went there: correct the shipment.',
  'used-after-hold': 'It was used or shipped while this case held it: find out what became of it.',
  'more-than-there-was': 'More of it is accounted for than there ever was: correct what was made, used or counted.',
  'negative-stock': 'More of it was taken than there was: correct what was taken, or where from.',
};

const CONTRADICTIONS = `WITH ${ACCOUNT}, found AS (
  SELECT 'answered-more-than-shipped' AS code, unit_id, partner_id, shipped, back, said_found + said_sold + said_destroyed + said_returned AS said
    FROM line WHERE answered_more AND NOT unknown
  UNION ALL SELECT 'returned-but-said-gone', unit_id, partner_id, shipped, back, said_sold + said_destroyed
    FROM line WHERE returned_and_gone AND NOT answered_more AND NOT unknown
  UNION ALL SELECT 'answered-without-shipment', a.unit_id, a.partner_id, 0, 0, a.found + a.sold + a.destroyed + a.returned
    FROM recall_answer a JOIN scope s USING (unit_id) WHERE a.recall_id = $1 AND NOT a.superseded
     AND a.found + a.sold + a.destroyed + a.returned > 0
     AND NOT EXISTS (SELECT 1 FROM line l WHERE l.unit_id = a.unit_id AND l.partner_id = a.partner_id)
     AND NOT EXISTS (SELECT 1 FROM recall_delivery d WHERE d.recall_id = $1 AND d.unit_id = a.unit_id AND d.partner_id = a.partner_id
                        AND d.inside_id IS NOT NULL)
  UNION ALL SELECT DISTINCT 'used-after-hold', c.unit_id, 0, NULL::numeric, NULL::numeric, NULL::numeric
    FROM stopped c JOIN movement m USING (unit_id)
   WHERE c.held AND m.role IN ('used', 'installed', 'shipped') AND m.at_from > c.since_ms
     AND NOT EXISTS (SELECT 1 FROM event_void v WHERE v.event_id = m.event_id)
  UNION ALL SELECT CASE WHEN negative THEN 'negative-stock' ELSE 'more-than-there-was' END, unit_id, 0, NULL, NULL, NULL
    FROM account WHERE over OR negative)`;

export async function contradictionsPage(
  q: Queryable,
  recall: Case,
  cursor: string | undefined,
  limit: number | undefined,
): Promise<Page<Contradiction>> {
  const size = pageSize(limit);
  const after = decodeCursor<[number, number, string]>(cursor) ?? [0, 0, ''];
  const rows = await q.query<
    Omit<Contradiction, 'id' | 'unit' | 'say'> & {
      unitId: number;
      partnerId: number;
      item: string;
      kind: UnitKind;
      unitCode: string;
    }
  >(
    `${CONTRADICTIONS}
     SELECT f.code, f.unit_id AS "unitId", f.partner_id AS "partnerId", i.code AS item, u.kind, u.code AS "unitCode", p.code AS consignee,
            ${text('f.shipped')} AS shipped, ${text('f.back')} AS returned, ${text('f.said')} AS answered
       FROM found f JOIN unit u USING (unit_id) JOIN item i USING (item_id) LEFT JOIN partner p ON p.partner_id = f.partner_id
      WHERE (f.unit_id, f.partner_id, f.code) > ($5::int, $6::int, $7::text) ORDER BY f.unit_id, f.partner_id, f.code LIMIT $8`,
    [...paramsOf(recall), ...after, size + 1],
  );
  return toPage(
    rows,
    size,
    (row) => [row.unitId, row.partnerId, row.code],
    ({ unitId, partnerId: _, item, kind, unitCode, ...row }) => ({
      ...row,
      id: `u${unitId}`,
      unit: unitRef(item, kind, unitCode),
      say: SAY[row.code],
    }),
  );
}

const known = (column: string) => text(`coalesce(sum(a.${column}) FILTER (WHERE NOT a.unknown), 0)`);

const WHOLE = `${CONTRADICTIONS},
  home AS (SELECT i.uom, sum(a.uncovered) AS uncovered, sum(a.pending) AS pending FROM account a JOIN item i USING (item_id)
            WHERE NOT a.unknown GROUP BY i.uom),
  away AS (SELECT i.uom, sum(l.found) AS found, sum(l.returning) AS returning, sum(l.pending) AS pending
             FROM line l JOIN account a USING (unit_id) JOIN item i ON i.item_id = l.item_id WHERE NOT a.unknown GROUP BY i.uom),
  by_item AS (
    SELECT i.code AS item, i.name, i.uom, count(*)::int AS units, count(*) FILTER (WHERE a.unknown)::int AS unknown,
        count(*) FILTER (WHERE NOT a.unknown AND a.pending = 0 AND NOT a.over)::int AS balanced, ${known('scope')} AS scope,
        ${BUCKETS.map((name) => `${known(name)} AS "${camel(name)}"`).join(', ')}
      FROM account a JOIN item i USING (item_id) GROUP BY i.code, i.name, i.uom),
  parts AS (
    SELECT h.uom, ${text('h.uncovered')} AS uncovered, ${text('least(coalesce(w.found, 0), coalesce(w.pending, 0))')} AS found,
        ${text('least(coalesce(w.returning, 0), coalesce(w.pending, 0) - least(coalesce(w.found, 0), coalesce(w.pending, 0)))')} AS returning,
        ${text('greatest(coalesce(w.pending, 0) - coalesce(w.found, 0) - coalesce(w.returning, 0), 0)')} AS unanswered,
        ${text('h.pending - h.uncovered - coalesce(w.pending, 0)')} AS unexplained
      FROM home h LEFT JOIN away w USING (uom) WHERE h.pending > 0)
  SELECT coalesce((SELECT jsonb_agg(to_jsonb(b) ORDER BY b.item) FROM by_item b), '[]') AS items,
         coalesce((SELECT jsonb_agg(to_jsonb(p) ORDER BY p.uom) FROM parts p), '[]') AS pending,
         (SELECT count(*)::int FROM found) AS contradictions`;

export interface WholeAccount {
  /** a row an item, by code; units of unknown quantity are counted and stand in no sum */
  items: ItemAccount[];
  /** why what is pending is pending, a row a unit of measure */
  pending: PendingParts[];
  contradictions: number;
}

/** All of a case, in one pass over its units. */
export async function wholeAccount(q: Queryable, recall: Case): Promise<WholeAccount> {
  const [row] = await q.query<WholeAccount>(WHOLE, paramsOf(recall));
  return row!;
}
