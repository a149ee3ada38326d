/** How far each projection is, and who brings it forward: one at a time, under an advisory lock until the transaction ends. */
import type { Queryable, Tx } from '@/platform/db';

/** What one transaction of a projector takes in, so that its work is kept in time and in memory, however large a file was imported. */
const STRETCH = { batchesMax: 200, eventsMax: 50_000 };

/** The position of the projection, locked until the end of the transaction; null where another one is at it (`try`). */
export async function lockProjection(tx: Tx, name: string, how: 'try' | 'wait'): Promise<number | null> {
  const lock = `hashtextextended('projection:' || $1, 0)`;
  if (how === 'wait') await tx.query(`SELECT pg_advisory_xact_lock(${lock})`, [name]);
  else {
    const [mine] = await tx.query<{ mine: boolean }>(`SELECT pg_try_advisory_xact_lock(${lock}) AS mine`, [name]);
    if (!mine!.mine) return null;
  }
  await tx.query('INSERT INTO projection_cursor (name) VALUES ($1) ON CONFLICT DO NOTHING', [name]);
  const [row] = await tx.query<{ position: number }>('SELECT position FROM projection_cursor WHERE name = $1', [name]);
  return row!.position;
}

export async function moveCursor(tx: Tx, name: string, position: number): Promise<void> {
  await tx.query('UPDATE projection_cursor SET position = $2, updated_at = now() WHERE name = $1', [name, position]);
}

/** The position to go to next: not more than so many batches and events at once, but whole positions. */
export async function nextStretch(q: Queryable, from: number, newest: number, most = STRETCH): Promise<number> {
  const rows = await q.query<{ position: number; is_over: boolean }>(
    `SELECT p.position, p.n > $2 OR sum(e.events) OVER (ORDER BY p.position) > $3 AS is_over
       FROM (SELECT position, batch_id, row_number() OVER (ORDER BY position, batch_id) AS n
               FROM ledger_position WHERE position > $1 ORDER BY position, batch_id LIMIT $2::int + 1) p
      CROSS JOIN LATERAL (SELECT count(*) AS events FROM event WHERE batch_id = p.batch_id) e
      ORDER BY p.n`,
    [from, most.batchesMax, most.eventsMax],
  );
  const over = rows.find((r) => r.is_over);
  return Math.max(from + 1, Math.min(newest, (over?.position ?? newest + 1) - 1));
}

/**
 * The position that a projection has come to, and by how many steps what is recorded is ahead of it: what has no position yet
 * is one step more, since all of it will get the same. Ask before reading the projection: what is read after is as new at least.
 */
export async function standingOf(q: Queryable, name: string): Promise<{ ledgerPosition: number; behind: number }> {
  const [row] = await q.query<{ position: number; newest: number; pending: boolean }>(
    `SELECT coalesce((SELECT position FROM projection_cursor WHERE name = $1), 0) AS position,
            coalesce((SELECT max(position) FROM ledger_seal), 0) AS newest, EXISTS (SELECT FROM ledger_pending) AS pending`,
    [name],
  );
  const { position, newest, pending } = row!;
  return { ledgerPosition: position, behind: newest + (pending ? 1 : 0) - position };
}
