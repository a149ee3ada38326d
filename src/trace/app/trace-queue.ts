import { Injectable } from '@nestjs/common';
import { DomainError } from '@/kernel';
import { Context, Database, Queryable, Tx, UnitOfWork } from '@/platform/db';

/** The classes of questions, the most urgent first. A trace keeps the place of its class in this list. */
export const TRACE_PRIORITIES = ['recall', 'normal', 'report'] as const;
export type TracePriority = (typeof TRACE_PRIORITIES)[number];

export function priorityNumber(priority: TracePriority = 'normal'): number {
  return TRACE_PRIORITIES.indexOf(priority);
}

/** A running trace that nobody has seen alive for this long has lost its worker. */
const LOST_AFTER = '15 seconds';
/** A queued trace that has no job by then has lost it. */
const UNSENT_AFTER = '10 seconds';
/** A wake-up is for whoever's turn it is: as many as these are enough, however many wait. */
const WAKE_UPS_MAX = 1_000;
/** A trace that has taken so many workers down with it is not given to another one. */
const WORKERS_LOST_MAX = 3;
/** Two workers that look for the next trace at once look one after the other: each sees what the other has taken. */
const TURN_LOCK = 7_424_002;
const QUEUE: Context = { actor: 'system:trace', source: 'system:trace' };

/**
 * Waiting traces in the order of their turns: by class; in a class the user with the fewest running traces first, then the one
 * whose last turn in it is longest ago. A user's own traces keep their order. Someone who asks two hundred questions is one of
 * those who wait, not two hundred: between two turns of whoever waits, nobody has more than one.
 *
 * `ahead` is exact for what waits now, as if nothing that runs ended before: `turn` is how many of the user's own come first,
 * and run by then; `again` how many of those are of the class, so that its last turn is later than that of anyone with fewer.
 */
const TURNS = `
  SELECT w.trace_no, row_number() OVER (
           ORDER BY w.priority, coalesce(r.running, 0) + w.turn, w.again, s.served NULLS FIRST, w.head, w.trace_no) - 1 AS ahead
    FROM (SELECT trace_no, created_by, priority,
                 row_number() OVER (PARTITION BY created_by ORDER BY priority, trace_no) - 1 AS turn,
                 row_number() OVER (PARTITION BY created_by, priority ORDER BY trace_no) - 1 AS again,
                 min(trace_no) OVER (PARTITION BY created_by, priority) AS head
            FROM trace WHERE status = 'queued') w
    JOIN (SELECT q.created_by, q.priority,
                 (SELECT max(t.started_at) FROM trace t
                   WHERE t.created_by = q.created_by AND t.priority = q.priority) AS served
            FROM trace q WHERE q.status = 'queued' GROUP BY q.created_by, q.priority) s USING (created_by, priority)
    LEFT JOIN (SELECT created_by, count(*) AS running FROM trace WHERE status = 'running' GROUP BY created_by) r
      USING (created_by)`;

/** How many traces come before each of these; those that do not wait any more are left out. */
export async function tracesAhead(q: Queryable, traceNos: readonly number[]): Promise<Map<number, number>> {
  if (traceNos.length === 0) return new Map();
  const rows = await q.query<{ trace_no: number; ahead: number }>(
    `SELECT trace_no, ahead FROM (${TURNS}) turns WHERE trace_no = ANY ($1::int[])`,
    [traceNos],
  );
  return new Map(rows.map((r) => [r.trace_no, r.ahead]));
}

/** Throws TOO_MANY_TRACES where as many of the user's traces wait as may. */
export async function checkRoomInQueue(tx: Tx, actor: string, limit: number): Promise<void> {
  // One user's questions are counted one after the other; those of others do not wait for it.
  await tx.query(`SELECT pg_advisory_xact_lock(hashtextextended('trace-queue:' || $1, 0))`, [actor]);
  const [row] = await tx.query<{ waiting: number }>(
    `SELECT count(*) AS waiting FROM trace WHERE status = 'queued' AND created_by = $1`,
    [actor],
  );
  const { waiting } = row!;
  if (waiting >= limit)
    throw new DomainError('TOO_MANY_TRACES', { waiting, limit, setting: 'TRACES_QUEUED_PER_USER_MAX' });
}

/**
 * Whose turn it is, decided in the database when a worker has room. The jobs on Redis are wake-ups and no order: each lets a
 * worker take the trace whose turn it is, which need not be the one that the job was made for.
 */
@Injectable()
export class TraceQueue {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly db: Database,
  ) {}

  /** Takes the next trace, so that no other worker does, and gives its id; undefined where none waits. */
  async next(): Promise<string | undefined> {
    return this.uow.run(QUEUE, async (tx) => {
      await tx.query('SELECT pg_advisory_xact_lock($1)', [TURN_LOCK]);
      for (;;) {
        // It had its turn already, and lost it through no fault of whoever asked.
        const [orphan] = await tx.query<{ trace_id: string; lost: number }>(
          `UPDATE trace SET lost = lost + 1, seen_at = clock_timestamp()
            WHERE trace_no = (SELECT trace_no FROM trace
                               WHERE status = 'running' AND seen_at < clock_timestamp() - $1::interval
                               ORDER BY priority, trace_no LIMIT 1)
            RETURNING trace_id, lost`,
          [LOST_AFTER],
        );
        if (!orphan) break;
        if (orphan.lost < WORKERS_LOST_MAX) return orphan.trace_id;
        await this.giveUp(tx, orphan.trace_id, orphan.lost);
      }
      for (;;) {
        const [first] = await tx.query<{ trace_no: number }>(`SELECT trace_no FROM (${TURNS}) turns WHERE ahead = 0`);
        if (!first) return undefined;
        const [taken] = await tx.query<{ trace_id: string }>(
          `UPDATE trace SET status = 'running', started_at = coalesce(started_at, clock_timestamp()),
                  seen_at = clock_timestamp(), stage = 'starting', done = 0, total = NULL
            WHERE trace_no = $1 AND status = 'queued' RETURNING trace_id`,
          [first.trace_no],
        );
        // It was cancelled meanwhile: then it is another one's turn.
        if (taken) return taken.trace_id;
      }
    });
  }

  /** Traces that somebody waits for and no living worker has: each needs a wake-up. */
  async findLost(): Promise<string[]> {
    const rows = await this.db.query<{ trace_id: string }>(
      `SELECT trace_id FROM trace
        WHERE status = 'queued' AND created_at < clock_timestamp() - $1::interval
           OR status = 'running' AND seen_at < clock_timestamp() - $2::interval
        ORDER BY trace_no LIMIT $3`,
      [UNSENT_AFTER, LOST_AFTER, WAKE_UPS_MAX],
    );
    return rows.map((r) => r.trace_id);
  }

  private async giveUp(tx: Tx, id: string, count: number): Promise<void> {
    const { code, message } = new DomainError('TRACE_WORKER_LOST', { count });
    await tx.query(
      `UPDATE trace SET status = 'failed', error_code = $2, error_message = $3, finished_at = clock_timestamp(), stage = NULL
        WHERE trace_id = $1`,
      [id, code, message],
    );
  }
}
