/** When what the clocks of a case measure began and was done. */
import type { Queryable } from '@/platform/db';
import { GOALS, type Goals } from '@/quality/recalls';
import { CLOCKS, type ClockFacts, type ClockName } from '../domain/clocks';

export interface CaseClocks {
  recall: string;
  drill: boolean;
  title: string;
  state: string;
  facts: ClockFacts[];
}

interface Row {
  recall: string;
  drill: boolean;
  title: string;
  state: string;
  goals: Partial<Goals>;
  opened: Date;
  scoped: Date | null;
  initiated: Date | null;
  monitored: Date | null;
  closed: Date | null;
  authority: Date | null;
  /** somebody has some of it */
  delivered: boolean;
  /** consignees with a notice, in whatever state */
  drafted: number;
  untold: number;
  told: Date | null;
}

const STEP = (verb: string) =>
  `(SELECT min(s.at) FROM recall_step s WHERE s.recall_id = r.recall_id AND s.verb = '${verb}')`;

const FACTS = `
  SELECT r.key AS recall, r.drill, r.title, r.state, r.goals, r.created_at AS opened,
      (SELECT min(s.created_at) FROM recall_scope s WHERE s.recall_id = r.recall_id) AS scoped,
      ${STEP('initiate')} AS initiated, ${STEP('monitor')} AS monitored, ${STEP('close')} AS closed,
      (SELECT min(t.told_at) FROM recall_told t WHERE t.recall_id = r.recall_id) AS authority,
      EXISTS (SELECT 1 FROM recall_delivery d WHERE d.recall_id = r.recall_id AND d.version_out IS NULL AND d.partner_id IS NOT NULL) AS delivered,
      n.drafted, n.untold, n.told
    FROM recall r CROSS JOIN LATERAL (
      SELECT count(*)::int AS drafted, count(*) FILTER (WHERE w.told IS NULL)::int AS untold, max(w.told) AS told
        FROM (SELECT min(coalesce(o.done_at, o.sent_at)) FILTER (WHERE o.state IN ('sent', 'done')) AS told
                FROM recall_notice o WHERE o.recall_id = r.recall_id AND o.kind = 'notice' GROUP BY o.partner_id) w) n`;

const ms = (date: Date | null): number | null => date?.getTime() ?? null;

/**
 * Scope and holds count from the opening of the case, the others from its initiation, in a drill from its opening too. Notices are done when every consignee has
 * one, and where nobody has any of it, or in a drill, when the case goes on to monitoring. A case is accounted for when it closes.
 */
function factsOf(row: Row): CaseClocks {
  const goals = { ...GOALS, ...row.goals };
  // Standards measure a drill from its first minute.
  const later = row.drill ? row.opened : row.initiated;
  const began: Record<ClockName, Date | null> = {
    scope: row.opened,
    holds: row.opened,
    notices: later,
    authority: later,
    accounted: later,
  };
  const all = row.drafted > 0 && row.untold === 0 ? row.told : null;
  const sent = row.delivered && !row.drill ? all : row.monitored;
  const done: Record<ClockName, Date | null> = {
    scope: row.scoped,
    holds: row.initiated,
    notices: sent,
    authority: row.authority,
    accounted: row.closed,
  };
  const { recall, drill, title, state } = row;
  // A drill tells no authority.
  const clocks = CLOCKS.filter((clock) => !drill || clock !== 'authority');
  return {
    recall,
    drill,
    title,
    state,
    facts: clocks.map((clock) => ({
      clock,
      goal: goals[clock],
      startMs: ms(began[clock]),
      doneMs: ms(done[clock]),
    })),
  };
}

export async function clocksOf(q: Queryable, key: string): Promise<CaseClocks | undefined> {
  const [row] = await q.query<Row>(`${FACTS} WHERE r.key = $1`, [key]);
  return row && factsOf(row);
}

const OPEN_MAX = 100;

/** Of all drills that were not withdrawn, the newest first, at most 100. */
export async function drillClocks(q: Queryable): Promise<CaseClocks[]> {
  const rows = await q.query<Row>(
    `${FACTS} WHERE r.drill AND r.outcome IS DISTINCT FROM 'withdrawn' ORDER BY r.recall_id DESC LIMIT ${OPEN_MAX}`,
  );
  return rows.map(factsOf);
}

/** Of all cases that are open, the newest first, at most 100. */
export async function openClocks(q: Queryable): Promise<CaseClocks[]> {
  const rows = await q.query<Row>(`${FACTS} WHERE r.state <> 'closed' ORDER BY r.recall_id DESC LIMIT ${OPEN_MAX}`);
  return rows.map(factsOf);
}
