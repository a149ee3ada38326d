/**
 * What a case adds up to, in SQL: set-based, since a case may have 400,000 units. Parameters: $1 case, $2 its key, $3 whether it
 * is a drill, $4 unit ids (null: all). Amounts are exact decimals in the item's base unit; null is unknown.
 */
import { HOLD_IS_OPEN, MOVEMENT_STANDS } from '@/ledger';

/** SQL: unit `s` is built into another unit in scope, which is accounted for itself. */
const BUILT_IN = `EXISTS (SELECT 1 FROM mark k JOIN unit p ON p.unit_id = ANY (k.parents) AND p.kind <> 'run'
    JOIN recall_unit pr ON pr.recall_id = $1 AND pr.unit_id = p.unit_id AND pr.version_out IS NULL
   WHERE k.unit_id = s.unit_id AND k.kind = 'install' AND k.until_ms IS NULL)`;

/**
 * `line`: one row a unit and consignee: what it got (`shipped`), what the ledger has back, and what became of the rest. What the
 * ledger has back replaces what an answer claims: first what it said to be returned, then what it said to be found. Whatever is
 * claimed beyond what is out is cut off, and is a contradiction. For a drill nobody is asked: what is with a known customer counts
 * as passed on.
 *
 * OFFSET 0 keeps each step from being written out anew in the next: 400,000 units took 33 s without it.
 *
 * `account`: one row a unit: scope = in_house + recovered + remedied + destroyed + used + passed_on + not_found + pending.
 */
export const ACCOUNT = `
  scope AS MATERIALIZED (
    SELECT ru.unit_id, u.item_id, u.kind FROM recall_unit ru JOIN unit u USING (unit_id)
     WHERE ru.recall_id = $1 AND ru.version_out IS NULL AND u.kind <> 'run' AND ($4::int[] IS NULL OR ru.unit_id = ANY ($4))),
  stopped AS MATERIALIZED (
    SELECT h.unit_id, bool_or(${HOLD_IS_OPEN}) AS held, min(h.at_ms) AS since_ms FROM hold h JOIN scope USING (unit_id)
     WHERE h.ref = $2 AND NOT EXISTS (SELECT 1 FROM event_void v WHERE v.event_id = h.event_id) GROUP BY h.unit_id),
  stood AS MATERIALIZED (
    SELECT s.unit_id, s.item_id, s.kind,
        coalesce(sum(h.quantity) FILTER (WHERE h.state IN ('in-stock', 'in-work') AND NOT b.built), 0) AS house,
        coalesce(sum(h.quantity) FILTER (WHERE h.state = 'returned'), 0) AS back,
        coalesce(sum(h.quantity) FILTER (WHERE h.state = 'scrapped'), 0) AS scrapped,
        coalesce(sum(h.quantity) FILTER (WHERE b.built OR h.state = 'used'), 0) AS gone_in,
        bool_or(h.quantity IS NULL) AS unknown, min(h.quantity) < 0 AS negative
      FROM scope s JOIN holding h USING (unit_id)
        CROSS JOIN LATERAL (SELECT h.state = 'in-work' AND ${BUILT_IN} AS built OFFSET 0) b
     GROUP BY s.unit_id, s.item_id, s.kind),
  moved AS MATERIALIZED (
    SELECT s.unit_id, sum(m.quantity) FILTER (WHERE m.role = 'made') AS made,
        coalesce(sum(m.quantity) FILTER (WHERE m.role = 'used'), 0) AS used,
        coalesce(sum(m.quantity) FILTER (WHERE m.role = 'adjusted'), 0) AS adjusted, bool_or(m.quantity IS NULL) AS unknown
      FROM scope s JOIN movement m USING (unit_id)
     WHERE s.kind = 'lot' AND m.role IN ('made', 'used', 'adjusted') AND ${MOVEMENT_STANDS} GROUP BY s.unit_id),
  settled AS MATERIALIZED (
    SELECT t.unit_id, t.partner_id, coalesce(sum(t.quantity) FILTER (WHERE t.bucket = 'destroyed'), 0) AS destroyed,
        coalesce(sum(t.quantity) FILTER (WHERE t.bucket = 'remedied'), 0) AS remedied,
        coalesce(sum(t.quantity) FILTER (WHERE t.bucket = 'passed-on'), 0) AS passed_on,
        coalesce(sum(t.quantity) FILTER (WHERE t.bucket = 'not-found'), 0) AS not_found
      FROM recall_settlement t JOIN scope USING (unit_id) WHERE t.recall_id = $1 GROUP BY t.unit_id, t.partner_id),
  out_now AS (
    SELECT s.unit_id, coalesce(h.customer_id, 0) AS partner_id, sum(h.quantity) AS out, bool_or(h.quantity IS NULL) AS unknown
      FROM scope s JOIN holding h USING (unit_id) WHERE h.state = 'shipped' GROUP BY s.unit_id, coalesce(h.customer_id, 0)),
  came_back AS (
    SELECT s.unit_id, coalesce(m.partner_id, 0) AS partner_id, sum(coalesce(m.quantity, CASE s.kind WHEN 'serial' THEN 1 END)) AS back,
        bool_or(m.quantity IS NULL AND s.kind <> 'serial') AS unknown
      FROM movement m JOIN scope s USING (unit_id) WHERE m.role = 'returned' AND ${MOVEMENT_STANDS} GROUP BY s.unit_id, coalesce(m.partner_id, 0)),
  line AS MATERIALIZED (
    SELECT g.unit_id, s.item_id, g.partner_id, g.unknown, CASE WHEN NOT g.unknown THEN g.out + g.back END AS shipped, g.back,
        a.answer_id IS NOT NULL AS answered, a.at AS answered_at, a.found AS said_found, a.sold AS said_sold, a.destroyed AS said_destroyed,
        a.returned AS said_returned, c1.passed_on + e.passed_on AS passed_on, c2.destroyed + e.destroyed AS destroyed, e.remedied,
        c5.not_found + e.not_found AS not_found, c3.found AS found, c4.returning AS returning,
        p.open - e.destroyed - e.remedied - e.passed_on - e.not_found AS pending,
        coalesce(a.found + a.sold + a.destroyed + a.returned > g.out + g.back, false) AS answered_more,
        coalesce(a.sold + a.destroyed > g.out, false) AS returned_and_gone
      FROM (SELECT unit_id, partner_id, coalesce(o.out, 0) AS out, coalesce(r.back, 0) AS back,
                coalesce(o.unknown, false) OR coalesce(r.unknown, false) AS unknown
              FROM out_now o FULL JOIN came_back r USING (unit_id, partner_id)) g
      JOIN scope s USING (unit_id)
      LEFT JOIN recall_answer a ON a.recall_id = $1 AND a.unit_id = g.unit_id AND a.partner_id = g.partner_id AND NOT a.superseded
      LEFT JOIN settled t ON t.unit_id = g.unit_id AND t.partner_id = g.partner_id AND g.partner_id <> 0
      CROSS JOIN LATERAL (SELECT coalesce(a.found, 0) AS f, coalesce(a.sold, 0) AS s, coalesce(a.destroyed, 0) AS d,
          coalesce(a.returned, 0) AS r, $3 AND g.partner_id <> 0 AND a.answer_id IS NULL AS rehearsed OFFSET 0) q
      CROSS JOIN LATERAL (SELECT CASE WHEN q.rehearsed THEN g.out ELSE least(q.s, g.out) END AS passed_on OFFSET 0) c1
      CROSS JOIN LATERAL (SELECT least(q.d, g.out - c1.passed_on) AS destroyed OFFSET 0) c2
      CROSS JOIN LATERAL (SELECT least(greatest(q.f - greatest(g.back - q.r, 0), 0), g.out - c1.passed_on - c2.destroyed) AS found OFFSET 0) c3
      CROSS JOIN LATERAL (SELECT least(greatest(q.r - g.back, 0), g.out - c1.passed_on - c2.destroyed - c3.found) AS returning OFFSET 0) c4
      CROSS JOIN LATERAL (SELECT CASE WHEN a.answer_id IS NULL THEN 0
          ELSE g.out - c1.passed_on - c2.destroyed - c3.found - c4.returning END AS not_found OFFSET 0) c5
      CROSS JOIN LATERAL (SELECT g.out - c1.passed_on - c2.destroyed - c5.not_found AS open OFFSET 0) p
      CROSS JOIN LATERAL (SELECT least(coalesce(t.destroyed, 0), p.open) AS destroyed OFFSET 0) e1
      CROSS JOIN LATERAL (SELECT least(coalesce(t.remedied, 0), p.open - e1.destroyed) AS remedied OFFSET 0) e2
      CROSS JOIN LATERAL (SELECT least(coalesce(t.passed_on, 0), p.open - e1.destroyed - e2.remedied) AS passed_on OFFSET 0) e3
      CROSS JOIN LATERAL (SELECT e1.destroyed, e2.remedied, e3.passed_on,
          least(coalesce(t.not_found, 0), p.open - e1.destroyed - e2.remedied - e3.passed_on) AS not_found OFFSET 0) e),
  out_sum AS MATERIALIZED (
    SELECT unit_id, bool_or(unknown) AS unknown, sum(passed_on) AS passed_on, sum(destroyed) AS destroyed, sum(remedied) AS remedied,
        sum(not_found) AS not_found, sum(pending) AS pending, sum(shipped - back) AS out
      FROM line GROUP BY unit_id),
  account AS MATERIALIZED (
    SELECT st.unit_id, st.item_id, st.kind, k.unknown, k.scope, h.in_house, h.recovered, h.uncovered,
        h.remedied + coalesce(o.remedied, 0) + e.remedied AS remedied, st.scrapped + coalesce(o.destroyed, 0) + e.destroyed AS destroyed,
        k.used, coalesce(o.passed_on, 0) + e.passed_on AS passed_on, coalesce(o.not_found, 0) + e.not_found AS not_found,
        h.uncovered + coalesce(o.pending, 0) + p.rest - e.destroyed - e.remedied - e.passed_on - e.not_found AS pending,
        p.rest AS unexplained, coalesce(st.negative, false) AS negative, p.over, c.since_ms
      FROM stood st LEFT JOIN moved m USING (unit_id) LEFT JOIN out_sum o USING (unit_id) LEFT JOIN stopped c USING (unit_id)
      LEFT JOIN settled t ON t.unit_id = st.unit_id AND t.partner_id = 0
      CROSS JOIN LATERAL (SELECT
          st.unknown OR coalesce(o.unknown, false) OR st.kind = 'lot' AND (m.made IS NULL OR m.unknown) AS unknown,
          CASE st.kind WHEN 'serial' THEN 1 ELSE m.made + m.adjusted END AS scope, coalesce(m.used, 0) + st.gone_in AS used OFFSET 0) k
      CROSS JOIN LATERAL (SELECT
          CASE WHEN $3 OR c.held THEN st.house ELSE 0 END AS in_house, CASE WHEN $3 OR c.held THEN st.back ELSE 0 END AS recovered,
          CASE WHEN NOT $3 AND NOT c.held THEN st.house + st.back ELSE 0 END AS remedied,
          CASE WHEN NOT $3 AND c.held IS NULL THEN st.house + st.back ELSE 0 END AS uncovered OFFSET 0) h
      CROSS JOIN LATERAL (SELECT k.scope - st.house - st.back - st.scrapped - k.used - coalesce(o.out, 0) AS rest OFFSET 0) d
      CROSS JOIN LATERAL (SELECT greatest(d.rest, 0) AS rest, d.rest < 0 AND NOT k.unknown AS over OFFSET 0) p
      CROSS JOIN LATERAL (SELECT least(coalesce(t.destroyed, 0), p.rest) AS destroyed OFFSET 0) e1
      CROSS JOIN LATERAL (SELECT least(coalesce(t.remedied, 0), p.rest - e1.destroyed) AS remedied OFFSET 0) e2
      CROSS JOIN LATERAL (SELECT least(coalesce(t.passed_on, 0), p.rest - e1.destroyed - e2.remedied) AS passed_on OFFSET 0) e3
      CROSS JOIN LATERAL (SELECT e1.destroyed, e2.remedied, e3.passed_on,
          least(coalesce(t.not_found, 0), p.rest - e1.destroyed - e2.remedied - e3.passed_on) AS not_found OFFSET 0) e)`;

/** The buckets that a scope is divided into. */
export const BUCKETS = [
  'in_house',
  'recovered',
  'remedied',
  'destroyed',
  'used',
  'passed_on',
  'not_found',
  'pending',
] as const;
