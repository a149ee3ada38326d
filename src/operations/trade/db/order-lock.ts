import type { Tx } from '@/platform/db';

/** Whoever receives or ships for one order waits for the others: what came so far stays as it was read. */
export async function lockOrder(tx: Tx, kind: 'purchase' | 'sales', number: string): Promise<void> {
  await tx.query(`SELECT pg_advisory_xact_lock(hashtextextended($1, 0))`, [`${kind}-order:${number}`]);
}
