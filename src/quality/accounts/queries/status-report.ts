/** The status report of a case as at any moment, with what 21 CFR 7.53(b) asks for: recorded facts up to then, none later. */
import type { Queryable } from '@/platform/db';
import type { Recall } from '@/quality/recalls';
import { checkResults } from './checks';

const LISTED_MAX = 1_000;

interface ItemQuantity {
  item: string;
  name: string;
  uom: string;
  quantity: string;
}

export interface StatusReport {
  recall: string;
  title: string;
  drill: boolean;
  asOf: string;
  /** the scope version of then; 0: none yet */
  version: number;
  /** (1) consignees notified, with date and manner */
  notified: {
    consignees: number;
    notified: number;
    byManner: { manner: string; notified: number; first: Date; last: Date }[];
  };
  /** (2) consignees that responded, and what they had on hand when the notice came: found, returned or destroyed, not sold */
  responded: { consignees: number; onHand: ItemQuantity[] };
  /** (3) consignees that did not respond; at most 1,000 are listed */
  notResponded: { consignees: number; listed: { consignee: string; name: string }[] };
  /** (4) what came back by the ledger, and what consignees have destroyed */
  returned: ItemQuantity[];
  corrected: ItemQuantity[];
  /** (5) effectiveness checks, by what they found */
  checks: { made: number; results: Record<string, number> };
  /** (6) when it is to be completed: by its goal, or when it was */
  completion: { at: string | null; basis: 'closed' | 'goal' | 'not initiated' };
}

export async function statusReport(
  q: Queryable,
  { recallId, key, title, drill }: Recall,
  untilMs: number,
  completion: StatusReport['completion'],
): Promise<StatusReport> {
  const at = `to_timestamp($2 / 1000.0)`;
  const [scope] = await q.query<{ version: number }>(
    `SELECT coalesce(max(version), 0)::int AS version FROM recall_scope WHERE recall_id = $1 AND created_at <= ${at}`,
    [recallId, untilMs],
  );
  const version = scope!.version;
  const params = [recallId, untilMs, version];
  const consignee = `consignee AS MATERIALIZED (
    SELECT DISTINCT d.partner_id FROM recall_delivery d
     WHERE d.recall_id = $1 AND d.version_in <= $3 AND (d.version_out IS NULL OR d.version_out > $3) AND d.partner_id IS NOT NULL
       AND EXISTS (SELECT 1 FROM recall_step s WHERE s.recall_id = $1 AND s.verb = 'initiate' AND s.at <= ${at}))`;
  const told = `told AS MATERIALIZED (
    SELECT n.partner_id, n.channel, coalesce(n.done_at, n.sent_at) AS at FROM recall_notice n JOIN consignee USING (partner_id)
     WHERE n.recall_id = $1 AND n.kind = 'notice' AND n.state IN ('sent', 'done') AND coalesce(n.done_at, n.sent_at) <= ${at})`;
  const said = `said AS MATERIALIZED (
    SELECT DISTINCT ON (a.partner_id, a.unit_id) a.* FROM recall_answer a
     WHERE a.recall_id = $1 AND a.at <= ${at} ORDER BY a.partner_id, a.unit_id, a.answer_id DESC)`;
  const items = (sum: string) => `SELECT i.code AS item, i.name, i.uom, trim_scale(sum(${sum}))::text AS quantity
      FROM said a JOIN unit u USING (unit_id) JOIN item i USING (item_id) GROUP BY i.code, i.name, i.uom HAVING sum(${sum}) > 0 ORDER BY 1`;
  const [counts] = await q.query<{ consignees: number; notified: number; responded: number }>(
    `WITH ${consignee}, ${told}, ${said}
     SELECT (SELECT count(*)::int FROM consignee) AS consignees, (SELECT count(DISTINCT partner_id)::int FROM told) AS notified,
            (SELECT count(DISTINCT partner_id)::int FROM said JOIN consignee USING (partner_id)) AS responded`,
    params,
  );
  const { consignees, notified, responded } = counts!;
  const results = await checkResults(q, recallId, untilMs);
  return {
    recall: key,
    title,
    drill,
    asOf: new Date(untilMs).toISOString(),
    version,
    notified: {
      consignees,
      notified,
      byManner: await q.query(
        `WITH ${consignee}, ${told}
         SELECT channel AS manner, count(DISTINCT partner_id)::int AS notified, min(at) AS first, max(at) AS last FROM told GROUP BY 1 ORDER BY 1`,
        params,
      ),
    },
    responded: {
      consignees: responded,
      onHand: await q.query(`WITH ${said} ${items('a.found + a.destroyed + a.returned')}`, params.slice(0, 2)),
    },
    notResponded: {
      consignees: consignees - responded,
      listed: await q.query(
        `WITH ${consignee}, ${said}
         SELECT p.code AS consignee, p.name FROM consignee c JOIN partner p USING (partner_id)
          WHERE NOT EXISTS (SELECT 1 FROM said WHERE said.partner_id = c.partner_id) ORDER BY p.code LIMIT ${LISTED_MAX}`,
        params,
      ),
    },
    returned: await returnedUntil(q, params),
    corrected: await q.query(`WITH ${said} ${items('a.destroyed')}`, params.slice(0, 2)),
    checks: { made: Object.entries(results).reduce((n, [name, more]) => (name === 'open' ? n : n + more), 0), results },
    completion,
  };
}

/** What came back since the case was initiated, as it was recorded by then. */
function returnedUntil(q: Queryable, params: unknown[]): Promise<ItemQuantity[]> {
  return q.query<ItemQuantity>(
    `SELECT i.code AS item, i.name, i.uom, trim_scale(sum(coalesce(m.quantity, CASE u.kind WHEN 'serial' THEN 1 END)))::text AS quantity
       FROM recall_unit ru JOIN unit u USING (unit_id) JOIN item i USING (item_id)
         JOIN movement m ON m.unit_id = ru.unit_id AND m.role = 'returned'
         JOIN ledger_batch b ON b.batch_id = m.batch_id AND b.recorded_at <= to_timestamp($2 / 1000.0)
      WHERE ru.recall_id = $1 AND ru.version_in <= $3 AND (ru.version_out IS NULL OR ru.version_out > $3)
        AND m.at_until > (SELECT extract(epoch FROM min(s.at)) * 1000 FROM recall_step s WHERE s.recall_id = $1 AND s.verb = 'initiate')
        AND NOT EXISTS (SELECT 1 FROM event_void v JOIN ledger_batch vb ON vb.batch_id = v.batch_id
                         WHERE v.event_id = m.event_id AND vb.recorded_at <= to_timestamp($2 / 1000.0))
      GROUP BY i.code, i.name, i.uom HAVING sum(coalesce(m.quantity, CASE u.kind WHEN 'serial' THEN 1 END)) > 0 ORDER BY i.code`,
    params,
  );
}
