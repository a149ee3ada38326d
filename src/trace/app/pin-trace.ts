import { DomainError } from '@/kernel';
import type { Tx } from '@/platform/db';

/** Keeps the lists of a finished trace for ever. Throws NOT_FOUND, TRACE_NOT_DONE, and TRACE_EXPIRED where they are gone. */
export async function pinTrace(tx: Tx, id: string): Promise<void> {
  const [trace] = await tx.query<{ status: string; expired_at: Date | null }>(
    `UPDATE trace SET pinned_at = CASE WHEN status = 'done' AND expired_at IS NULL THEN coalesce(pinned_at, now()) END
      WHERE trace_id = $1 RETURNING status, expired_at`,
    [id],
  );
  if (!trace) throw new DomainError('NOT_FOUND', { what: 'trace', key: id });
  if (trace.expired_at) throw new DomainError('TRACE_EXPIRED', { removedAt: trace.expired_at.toISOString() });
  if (trace.status !== 'done') throw new DomainError('TRACE_NOT_DONE', { status: trace.status });
}

/**
 * Removes the lists of a trace that nothing needs any more before their time, unless it is pinned: the newer answers of a watch take the
 * place of the older ones. Question, position, digest and counts stay.
 */
export async function forgetTrace(tx: Tx, id: string): Promise<void> {
  const [trace] = await tx.query<{ trace_no: number }>(
    `UPDATE trace SET expired_at = clock_timestamp(), graphs = NULL
      WHERE trace_id = $1 AND status = 'done' AND expired_at IS NULL AND pinned_at IS NULL RETURNING trace_no`,
    [id],
  );
  if (!trace) return;
  for (const table of ['trace_segment', 'trace_amount_segment', 'trace_delivery_segment', 'trace_gap'])
    await tx.query(`DELETE FROM ${table} WHERE trace_no = $1`, [trace.trace_no]);
}
