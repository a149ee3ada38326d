/** The SQL of rules, and of what they must know to make tasks. */
import { parseDecimal } from '@/kernel';
import type { Queryable, Tx } from '@/platform/db';
import type { OpenLine, Rule, RuleKind } from '../domain/rules';

export interface RuleRecord {
  ruleId: number;
  code: string;
  kind: RuleKind;
  active: boolean;
  itemId: number | null;
  item: string | null;
  uom: string | null;
  category: string | null;
  fromPlaceId: number | null;
  from: string | null;
  toPlaceId: number;
  to: string;
  min: string | null;
  max: string | null;
  priority: number;
  role: string | null;
  instruction: string | null;
  changedAt: Date;
  changedBy: string;
}

const RULE = `SELECT r.warehouse_rule_id AS "ruleId", r.code, r.kind, r.active, r.item_id AS "itemId", i.code AS item, i.uom, r.category,
    r.from_place_id AS "fromPlaceId", f.code AS "from", r.to_place_id AS "toPlaceId", t.code AS "to", r.min, r.max, r.priority, r.role, r.instruction,
    r.changed_at AS "changedAt", r.changed_by AS "changedBy"
  FROM warehouse_rule r LEFT JOIN item i ON i.item_id = r.item_id LEFT JOIN place f ON f.place_id = r.from_place_id JOIN place t ON t.place_id = r.to_place_id`;

export function allRules(q: Queryable): Promise<RuleRecord[]> {
  return q.query<RuleRecord>(`${RULE} ORDER BY r.code`);
}

export async function ruleByCode(q: Queryable, code: string): Promise<RuleRecord | null> {
  const [row] = await q.query<RuleRecord>(`${RULE} WHERE r.code = $1`, [code]);
  return row ?? null;
}

export function ruleOf(row: RuleRecord): Rule {
  return {
    ...row,
    min: row.min === null ? null : parseDecimal(row.min),
    max: row.max === null ? null : parseDecimal(row.max),
  };
}

const RULES_LOCK = 7_424_041;

/** Rules are run by one at a time, until the transaction ends: what one has planned the next one sees. */
export async function lockRules(tx: Tx): Promise<void> {
  await tx.query('SELECT pg_advisory_xact_lock($1)', [RULES_LOCK]);
}

export async function openLines(q: Queryable): Promise<OpenLine[]> {
  const rows = await q.query<Omit<OpenLine, 'quantity'> & { quantity: string | null; kind: string }>(
    `SELECT l.unit_id AS "unitId", u.item_id AS "itemId", l.from_place_id AS "fromPlaceId", l.to_place_id AS "toPlaceId", u.kind,
        l.quantity - l.done_quantity AS quantity
       FROM task_line l JOIN task t USING (task_id) JOIN unit u USING (unit_id)
      WHERE l.status = 'open' AND t.status IN ('open', 'assigned', 'in-progress')`,
  );
  return rows.map(({ kind, ...row }) => ({
    ...row,
    quantity: kind === 'serial' ? parseDecimal('1') : row.quantity === null ? null : parseDecimal(row.quantity),
  }));
}

/** How many lines each rule has made. */
export async function linesMade(q: Queryable): Promise<Map<number, number>> {
  const rows = await q.query<{ rule: number; lines: number }>(
    `SELECT t.warehouse_rule_id AS rule, count(*)::int AS lines FROM task t JOIN task_line l USING (task_id)
      WHERE t.warehouse_rule_id IS NOT NULL AND l.rule_key IS NOT NULL GROUP BY 1`,
  );
  return new Map(rows.map((row) => [row.rule, row.lines]));
}

/** Those of the keys that a line was made for already. */
export async function keysKnown(q: Queryable, keys: readonly string[]): Promise<Set<string>> {
  const rows = await q.query<{ rule_key: string }>(`SELECT rule_key FROM task_line WHERE rule_key = ANY ($1)`, [keys]);
  return new Set(rows.map((row) => row.rule_key));
}
