/** The SQL of tasks and their lines. */
import { DomainError, formatDecimal, parseDecimal } from '@/kernel';
import type { Queryable, Tx } from '@/platform/db';
import type { Line, LineStatus, TaskKind, TaskStatus } from '../domain/task';

export interface TaskRecord {
  taskId: number;
  kind: TaskKind;
  status: TaskStatus;
  priority: number;
  title: string;
  instruction: string | null;
  assignee: string | null;
  role: string | null;
  dueMs: number | null;
  ref: string | null;
  placeId: number | null;
  place: string | null;
  item: string | null;
  itemId: number | null;
  toPlaceId: number | null;
  to: string | null;
  rule: string | null;
  round: number;
  /** when the round of a count was closed; null while it is counted */
  closedAt: Date | null;
  createdAt: Date;
  createdBy: string;
  startedAt: Date | null;
  finishedAt: Date | null;
  finishedBy: string | null;
  reason: string | null;
}

const TASK = `SELECT t.task_id AS "taskId", t.kind, t.status, t.priority, t.title, t.instruction, t.assignee, t.role, t.due_ms AS "dueMs", t.ref,
    t.place_id AS "placeId", p.code AS place, i.code AS item, t.item_id AS "itemId", t.to_place_id AS "toPlaceId", d.code AS "to", r.code AS rule, t.round, t.closed_at AS "closedAt",
    t.created_at AS "createdAt", t.created_by AS "createdBy", t.started_at AS "startedAt", t.finished_at AS "finishedAt",
    t.finished_by AS "finishedBy", t.reason
  FROM task t LEFT JOIN place p ON p.place_id = t.place_id LEFT JOIN place d ON d.place_id = t.to_place_id
    LEFT JOIN item i ON i.item_id = t.item_id LEFT JOIN warehouse_rule r ON r.warehouse_rule_id = t.warehouse_rule_id`;

/** `T-12` as people say it, or the number alone. Throws NOT_FOUND. */
function taskId(ref: string): number {
  const number = /^(?:t-)?(\d{1,9})$/i.exec(ref.trim())?.[1];
  if (number === undefined) throw new DomainError('NOT_FOUND', { what: 'task', key: ref });
  return Number(number);
}

/** Throws NOT_FOUND. */
export async function taskByRef(q: Queryable, ref: string): Promise<TaskRecord> {
  const [row] = await q.query<TaskRecord>(`${TASK} WHERE t.task_id = $1`, [taskId(ref)]);
  if (!row) throw new DomainError('NOT_FOUND', { what: 'task', key: ref });
  return row;
}

/** The task, locked until the transaction ends: whoever scans for it at this moment waits. Throws NOT_FOUND. */
export async function lockTask(tx: Tx, ref: string): Promise<TaskRecord> {
  await tx.query(`SELECT task_id FROM task WHERE task_id = $1 FOR UPDATE`, [taskId(ref)]);
  return taskByRef(tx, ref);
}

export interface TaskFilter {
  statuses: readonly TaskStatus[] | null;
  kind?: string;
  assignee?: string;
  /** a user sees what is theirs and what is nobody's, of their role or of none */
  forUser?: { name: string; role: string };
  ref?: string;
  placeId?: number;
  /** escaped for LIKE */
  q: string;
}

/** The most urgent first: priority, due, number. `after` is the last row of the page before. */
export function listTasks(
  q: Queryable,
  filter: TaskFilter,
  after: [number, number, number] | null,
  limit: number,
): Promise<TaskRecord[]> {
  return q.query<TaskRecord>(
    `${TASK}
      WHERE ($1::text[] IS NULL OR t.status = ANY ($1)) AND ($2::text IS NULL OR t.kind = $2)
        AND ($3::text IS NULL OR t.assignee = $3)
        AND ($4::text IS NULL OR t.assignee = $4 OR (t.assignee IS NULL AND (t.role IS NULL OR t.role = $5)))
        AND ($6::text IS NULL OR t.ref = $6)
        AND ($7::int IS NULL OR t.place_id = $7 OR t.to_place_id = $7 OR EXISTS (
          SELECT FROM task_line l WHERE l.task_id = t.task_id AND $7 IN (l.from_place_id, l.to_place_id)))
        AND ($8 = '' OR t.title ILIKE '%' || $8 || '%' OR t.ref ILIKE '%' || $8 || '%' OR 'T-' || t.task_id ILIKE $8 || '%')
        AND ($9::bigint IS NULL OR (t.priority, coalesce(t.due_ms, 9007199254740991), t.task_id) > ($9, $10::bigint, $11::int))
      ORDER BY t.priority, coalesce(t.due_ms, 9007199254740991), t.task_id LIMIT $12`,
    [
      filter.statuses,
      filter.kind ?? null,
      filter.assignee ?? null,
      filter.forUser?.name ?? null,
      filter.forUser?.role ?? null,
      filter.ref ?? null,
      filter.placeId ?? null,
      filter.q,
      after?.[0] ?? null,
      after?.[1] ?? null,
      after?.[2] ?? null,
      limit,
    ],
  );
}

export interface LineRecord extends Line {
  taskId: number;
  position: number;
  kind: 'serial' | 'lot' | 'run' | null;
  code: string | null;
  item: string | null;
  itemName: string | null;
  uom: string | null;
  actual: string | null;
  reason: string | null;
  doneAt: Date | null;
}

/** The lines of these tasks in the order of walking. */
export async function linesOf(q: Queryable, taskIds: readonly number[]): Promise<LineRecord[]> {
  const rows = await q.query<
    Omit<LineRecord, 'quantity' | 'doneQuantity'> & { quantity: string | null; doneQuantity: string }
  >(
    `SELECT l.task_line_id AS "lineId", l.task_id AS "taskId", l.position, l.status, l.unit_id AS "unitId", i.code || ' ' || u.code AS unit,
        u.kind, u.code, coalesce(l.item_id, u.item_id) AS "itemId", i.code AS item, i.name AS "itemName", i.uom,
        l.from_place_id AS "fromPlaceId", f.code AS "from", l.to_place_id AS "toPlaceId", d.code AS "to",
        l.quantity, l.done_quantity AS "doneQuantity", a.code AS actual, l.reason, l.done_at AS "doneAt", l.done_by AS "doneBy"
       FROM task_line l LEFT JOIN unit u ON u.unit_id = l.unit_id LEFT JOIN item i ON i.item_id = coalesce(l.item_id, u.item_id)
         LEFT JOIN place f ON f.place_id = l.from_place_id LEFT JOIN place d ON d.place_id = l.to_place_id LEFT JOIN place a ON a.place_id = l.actual_place_id
      WHERE l.task_id = ANY ($1::int[]) ORDER BY l.task_id, l.position, l.task_line_id`,
    [taskIds],
  );
  return rows.map((row) => ({
    ...row,
    quantity: row.quantity === null ? null : parseDecimal(row.quantity),
    doneQuantity: parseDecimal(row.doneQuantity),
  }));
}

export interface NewTask {
  kind: TaskKind;
  title: string;
  priority: number;
  instruction: string | null;
  assignee: string | null;
  role: string | null;
  dueMs: number | null;
  ref: string | null;
  placeId: number | null;
  itemId: number | null;
  toPlaceId: number | null;
  ruleId: number | null;
}

export interface NewLine {
  unitId: number | null;
  itemId: number | null;
  fromPlaceId: number | null;
  toPlaceId: number | null;
  /** nanos of the base unit; null: all of it */
  quantity: bigint | null;
  ruleKey: string | null;
}

/** Writes a task and its lines, in the order given. Lines whose rule key is there already are left out. */
export async function insertTask(
  tx: Tx,
  task: NewTask,
  lines: readonly NewLine[],
): Promise<{ taskId: number; lines: number }> {
  const [row] = await tx.query<{ task_id: number }>(
    `INSERT INTO task (kind, title, priority, instruction, assignee, role, due_ms, ref, place_id, item_id, to_place_id, warehouse_rule_id, status, created_by)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) RETURNING task_id`,
    [
      task.kind,
      task.title,
      task.priority,
      task.instruction,
      task.assignee,
      task.role,
      task.dueMs,
      task.ref,
      task.placeId,
      task.itemId,
      task.toPlaceId,
      task.ruleId,
      task.assignee === null ? 'open' : 'assigned',
      tx.ctx.actor,
    ],
  );
  const written = await insertLines(tx, row!.task_id, 0, lines);
  return { taskId: row!.task_id, lines: written };
}

async function insertLines(tx: Tx, id: number, after: number, lines: readonly NewLine[]): Promise<number> {
  if (lines.length === 0) return 0;
  const rows = await tx.query(
    `INSERT INTO task_line (task_id, position, unit_id, item_id, from_place_id, to_place_id, quantity, rule_key)
     SELECT $1, $2 + r.position, r."unitId", r."itemId", r."fromPlaceId", r."toPlaceId", r.quantity, r."ruleKey"
       FROM jsonb_to_recordset($3::jsonb) AS r(position int, "unitId" int, "itemId" int, "fromPlaceId" int, "toPlaceId" int, quantity numeric, "ruleKey" text)
     ON CONFLICT (rule_key) DO NOTHING RETURNING task_line_id`,
    [
      id,
      after,
      JSON.stringify(
        lines.map((line, index) => ({
          ...line,
          position: index + 1,
          quantity: line.quantity === null ? null : formatDecimal(line.quantity),
        })),
      ),
    ],
  );
  return rows.length;
}

/** A line for what was found and not expected. */
export async function insertUnexpected(
  tx: Tx,
  line: {
    taskId: number;
    unitId: number;
    fromPlaceId: number | null;
    toPlaceId: number | null;
    quantity: bigint | null;
  },
): Promise<void> {
  await tx.query(
    `INSERT INTO task_line (task_id, position, status, unit_id, from_place_id, to_place_id, actual_place_id, quantity, done_quantity, done_at, done_by)
     SELECT $1::int, coalesce(max(position), 0) + 1, 'unexpected', $2::int, $3::int, $4::int, $4::int, $5::numeric, coalesce($5::numeric, 0), now(), $6 FROM task_line WHERE task_id = $1::int`,
    [
      line.taskId,
      line.unitId,
      line.fromPlaceId,
      line.toPlaceId,
      line.quantity === null ? null : formatDecimal(line.quantity),
      tx.ctx.actor,
    ],
  );
}

/** Adds what was done; the line is done when nothing of it is left. */
export async function doLine(
  tx: Tx,
  lineId: number,
  quantity: bigint | null,
  done: boolean,
  actualPlaceId: number | null,
): Promise<void> {
  await tx.query(
    `UPDATE task_line SET done_quantity = done_quantity + coalesce($2::numeric, 0), actual_place_id = $3, done_at = now(), done_by = $4,
       status = CASE WHEN $5 THEN 'done' ELSE status END
     WHERE task_line_id = $1`,
    [lineId, quantity === null ? null : formatDecimal(quantity), actualPlaceId, tx.ctx.actor, done],
  );
}

/** Closes open lines that are not done; all of the task's, or one. */
export async function closeLines(
  tx: Tx,
  id: number,
  status: Extract<LineStatus, 'missing' | 'skipped'>,
  reason: string,
  lineId: number | null = null,
): Promise<number> {
  const rows = await tx.query(
    `UPDATE task_line SET status = $2, reason = $3, done_at = now(), done_by = $4
      WHERE task_id = $1 AND status = 'open' AND ($5::int IS NULL OR task_line_id = $5) RETURNING task_line_id`,
    [id, status, reason, tx.ctx.actor, lineId],
  );
  return rows.length;
}

/** The round of a count is over, or goes on. */
export async function setClosed(tx: Tx, id: number, closed: boolean): Promise<void> {
  await tx.query(`UPDATE task SET closed_at = CASE WHEN $2 THEN clock_timestamp() END WHERE task_id = $1`, [
    id,
    closed,
  ]);
}

/** Puts a task into a state; times and names follow. The caller holds its lock. */
export async function setStatus(
  tx: Tx,
  id: number,
  status: TaskStatus,
  more: { assignee?: string | null; reason?: string; round?: number } = {},
): Promise<void> {
  const over = status === 'done' || status === 'cancelled';
  await tx.query(
    `UPDATE task SET status = $2,
       assignee = CASE WHEN $3 THEN $4 ELSE assignee END,
       started_at = CASE WHEN $2 IN ('in-progress', 'done') THEN coalesce(started_at, now()) ELSE started_at END,
       finished_at = CASE WHEN $5 THEN now() ELSE NULL END,
       finished_by = CASE WHEN $5 THEN $6 ELSE NULL END,
       reason = coalesce($7, reason), round = coalesce($8::smallint, round)
     WHERE task_id = $1`,
    [
      id,
      status,
      'assignee' in more,
      more.assignee ?? null,
      over,
      tx.ctx.actor,
      more.reason ?? null,
      more.round ?? null,
    ],
  );
}
