/** What of a case's scope is stopped: read live from the ledger's projections. */
import { formatTime } from '@/kernel';
import { HOLD_IS_OPEN, type UnitKind, unitRef, type UnitRef } from '@/ledger';
import type { Queryable } from '@/platform/db';
import type { Recall } from './queries';
import { IN_HOUSE } from './stop-queries';

/** What was shipped so lately may be on the road: nothing tells when it arrived. */
const ROAD_DAYS = 3;

/** SQL: unit `ru` is in house. */
const HERE = `EXISTS (SELECT 1 FROM holding h WHERE h.unit_id = ru.unit_id AND ${IN_HOUSE})`;
/** SQL: unit `ru` is held by the case whose key is $2; what a drill would hold counts as held. */
const HELD = `($3 OR EXISTS (SELECT 1 FROM hold h WHERE h.unit_id = ru.unit_id AND h.ref = $2 AND ${HOLD_IS_OPEN}))`;
/** SQL: units that are kept back for a customer, or left a few days ago and have not come back. Few, whatever the scope. */
const ON_ROAD = `SELECT l.unit_id FROM pick_line l WHERE l.state IN ('proposed', 'picked')
  UNION ALL
  SELECT d.unit_id FROM recall_delivery d JOIN holding h ON h.unit_id = d.unit_id AND h.state = 'shipped' AND h.customer_id IS NOT DISTINCT FROM d.partner_id
   WHERE d.recall_id = $1 AND d.version_out IS NULL AND d.at > now() - interval '${ROAD_DAYS} days'`;

export const COVERS = ['uncovered', 'held', 'out', 'road'] as const;
export type Cover = (typeof COVERS)[number];

const CONDITION: Record<Cover, string> = {
  uncovered: `${HERE} AND NOT ${HELD}`,
  held: `${HERE} AND ${HELD}`,
  out: `NOT ${HERE}`,
  road: `ru.unit_id IN (${ON_ROAD})`,
};

export interface Coverage {
  recall: string;
  drill: boolean;
  units: number;
  inHouse: number;
  held: number;
  uncovered: number;
  /** of what is in house, with one decimal; 100 where nothing is */
  percent: number;
  /** at a customer */
  shipped: number;
  /** scrapped or used up */
  gone: number;
  /** nothing tells where */
  unknown: number;
  /** kept back for a customer, or left in the last days */
  road: number;
  /** units that a newer trace does not reach: they stay in scope until somebody signs that they leave */
  leaving: number;
  places: { place: string | null; name: string | null; units: number; held: number; uncovered: number }[];
  watch: { position: number; checkedAt: Date; error: string | null } | null;
}

/** Places with something uncovered come first. */
export async function coverageOf(q: Queryable, recall: Recall): Promise<Coverage> {
  const params = [recall.recallId, recall.key, recall.drill];
  const [row] = await q.query<Omit<Coverage, 'recall' | 'drill' | 'percent' | 'watch'>>(
    `WITH scope AS MATERIALIZED (SELECT unit_id FROM recall_unit WHERE recall_id = $1 AND version_out IS NULL),
     stopped AS MATERIALIZED (SELECT DISTINCT h.unit_id FROM hold h JOIN scope USING (unit_id) WHERE h.ref = $2 AND ${HOLD_IS_OPEN}),
     stood AS MATERIALIZED (
       SELECT unit_id, h.state, h.place_id, ${IN_HOUSE} AS here, $3 OR st.unit_id IS NOT NULL AS held
         FROM scope JOIN holding h USING (unit_id) LEFT JOIN stopped st USING (unit_id)),
     one AS (SELECT unit_id, bool_or(here) AS here, bool_or(held) AS held, bool_or(state = 'shipped') AS shipped,
                    bool_or(state IN ('scrapped', 'used')) AS gone FROM stood GROUP BY unit_id)
     SELECT (SELECT count(*)::int FROM scope) AS units, count(*) FILTER (WHERE here)::int AS "inHouse",
            count(*) FILTER (WHERE here AND held)::int AS held, count(*) FILTER (WHERE here AND NOT held)::int AS uncovered,
            count(*) FILTER (WHERE NOT here AND shipped)::int AS shipped,
            count(*) FILTER (WHERE NOT here AND NOT shipped AND gone)::int AS gone,
            ((SELECT count(*) FROM scope) - count(*) FILTER (WHERE here OR shipped OR gone))::int AS unknown,
            (SELECT count(*)::int FROM scope WHERE unit_id IN (${ON_ROAD})) AS road,
            (SELECT count(*)::int FROM recall_leaving l WHERE l.recall_id = $1) AS leaving,
            (SELECT coalesce(jsonb_agg(a ORDER BY a.uncovered DESC, a.units DESC, a.place), '[]') FROM (
               SELECT p.code AS place, p.name, count(DISTINCT unit_id) AS units, count(DISTINCT unit_id) FILTER (WHERE held) AS held,
                      count(DISTINCT unit_id) FILTER (WHERE NOT held) AS uncovered
                 FROM stood LEFT JOIN place p USING (place_id) WHERE here GROUP BY p.code, p.name) a) AS places
       FROM one`,
    params,
  );
  const [watch] = await q.query<NonNullable<Coverage['watch']>>(
    `SELECT position, checked_at AS "checkedAt", error FROM recall_watch WHERE recall_id = $1`,
    [recall.recallId],
  );
  const { inHouse, held } = row!;
  return {
    recall: recall.key,
    drill: recall.drill,
    ...row!,
    // Never rounded up to all of it.
    percent: inHouse === 0 ? 100 : Math.floor((1_000 * held) / inHouse) / 10,
    watch: watch ?? null,
  };
}

export interface ScopeUnitView {
  id: string;
  unit: UnitRef;
  name: string;
  certainty: 'certain' | 'possible';
  cover: Exclude<Cover, 'road'>;
  /** where it is, and whose it is */
  holdings: {
    state: string;
    place: string | null;
    customer: string | null;
    container: string | null;
    quantity: string | null;
  }[];
  /** for whom it is kept back, or what it left with in the last days */
  road: {
    pick: string | null;
    salesOrder: string | null;
    shipment: string | null;
    customer: string | null;
    at: string | null;
  }[];
  versionIn: number;
}

interface UnitRow {
  unitId: number;
  item: string;
  name: string;
  kind: UnitKind;
  code: string;
  certain: boolean;
  cover: ScopeUnitView['cover'];
  holdings: ScopeUnitView['holdings'] | null;
  picks: ScopeUnitView['road'] | null;
  shipments: { shipment: string | null; customer: string | null; at: number }[] | null;
  versionIn: number;
}

export interface UnitsPage {
  rows: (ScopeUnitView & { key: [cover: Cover, unitId: number] })[];
}

/**
 * Units in scope of one cover, by id; without one the uncovered first, then the held, then what is out. `placeIds`: in house there.
 * `after`: the last row of the page before.
 */
export async function unitsByCover(
  q: Queryable,
  recall: Recall,
  filter: { cover: Cover | undefined; placeIds: readonly number[] | undefined },
  after: [Cover, number] | null,
  limit: number,
): Promise<UnitsPage> {
  const covers = filter.cover === undefined ? (['uncovered', 'held', 'out'] as const) : [filter.cover];
  const rows: UnitsPage['rows'] = [];
  let from = after && covers.find((cover) => cover === after[0]) !== undefined ? after : null;
  for (const cover of covers) {
    if (rows.length >= limit) break;
    if (from !== null && from[0] !== cover) continue;
    const found = await unitsOf(q, recall, cover, filter.placeIds, from?.[1] ?? 0, limit - rows.length);
    from = null;
    rows.push(...found.map((row) => ({ ...viewOf(row), key: [cover, row.unitId] as [Cover, number] })));
  }
  return { rows };
}

function unitsOf(
  q: Queryable,
  recall: Recall,
  cover: Cover,
  placeIds: readonly number[] | undefined,
  after: number,
  limit: number,
): Promise<UnitRow[]> {
  const there = `AND ($6::int[] IS NULL OR EXISTS (SELECT 1 FROM holding h WHERE h.unit_id = ru.unit_id AND ${IN_HOUSE} AND h.place_id = ANY ($6)))`;
  return q.query<UnitRow>(
    `WITH page AS (
       SELECT ru.* FROM recall_unit ru
        WHERE ru.recall_id = $1 AND ru.version_out IS NULL AND ru.unit_id > $4 AND ${CONDITION[cover]} ${there}
        ORDER BY ru.unit_id LIMIT $5)
     SELECT ru.unit_id AS "unitId", i.code AS item, i.name, u.kind, u.code, ru.certain, ru.version_in AS "versionIn",
            CASE WHEN NOT ${HERE} THEN 'out' WHEN ${HELD} THEN 'held' ELSE 'uncovered' END AS cover,
            (SELECT jsonb_agg(jsonb_build_object('state', h.state, 'place', p.code, 'customer', c.code, 'container', k.code,
                      'quantity', h.quantity::text) ORDER BY h.holding_id)
               FROM holding h LEFT JOIN place p USING (place_id) LEFT JOIN partner c ON c.partner_id = h.customer_id
                 LEFT JOIN container k USING (container_id) WHERE h.unit_id = ru.unit_id) AS holdings,
            (SELECT jsonb_agg(jsonb_build_object('pick', 'p' || k.pick_id, 'salesOrder', k.sales_order, 'shipment', NULL,
                      'customer', c.code, 'at', NULL) ORDER BY k.pick_id)
               FROM pick_line l JOIN pick k USING (pick_id) LEFT JOIN partner c ON c.partner_id = k.customer_id
              WHERE l.unit_id = ru.unit_id AND l.state IN ('proposed', 'picked')) AS picks,
            (SELECT jsonb_agg(jsonb_build_object('shipment', d.document, 'customer', c.code, 'at', extract(epoch FROM d.at) * 1000) ORDER BY d.delivery_no)
               FROM recall_delivery d LEFT JOIN partner c ON c.partner_id = d.partner_id
              WHERE d.recall_id = $1 AND d.unit_id = ru.unit_id AND d.version_out IS NULL AND d.at > now() - interval '${ROAD_DAYS} days') AS shipments
       FROM page ru JOIN unit u USING (unit_id) JOIN item i USING (item_id) ORDER BY ru.unit_id`,
    [recall.recallId, recall.key, recall.drill, after, limit, placeIds ?? null],
  );
}

function viewOf(row: UnitRow): ScopeUnitView {
  return {
    id: `u${row.unitId}`,
    unit: unitRef(row.item, row.kind, row.code),
    name: row.name,
    certainty: row.certain ? 'certain' : 'possible',
    cover: row.cover,
    holdings: row.holdings ?? [],
    road: [
      ...(row.picks ?? []),
      ...(row.shipments ?? []).map(({ shipment, customer, at }) => ({
        pick: null,
        salesOrder: null,
        shipment,
        customer,
        at: formatTime(at),
      })),
    ],
    versionIn: row.versionIn,
  };
}
