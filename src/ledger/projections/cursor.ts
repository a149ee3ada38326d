/** How far each projection is, and who brings it forward: one at a time, under an advisory lock until the transaction ends. */
import type { Queryable, Tx } from '@/platform/db';

/** Batches that one transaction of a projector takes in, so that its work is kept in time and in memory. */
const BATCHES_MAX = 500;

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

/** The position to go to next: not more than so many batches at once, but whole positions. */
export async function nextStretch(q: Queryable, from: number, newest: number): Promise<number> {
  const [row] = await q.query<{ position: number }>(
    'SELECT position FROM ledger_position WHERE position > $1 ORDER BY position OFFSET $2 LIMIT 1',
    [from, BATCHES_MAX],
  );
  return Math.max(from + 1, Math.min(newest, (row?.position ?? newest + 1) - 1));
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
