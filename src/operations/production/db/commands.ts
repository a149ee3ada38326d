import { createHash } from 'node:crypto';
import { canonicalJson, DomainError } from '@/kernel';
import type { Tx } from '@/platform/db';

/** Takes a client's id for a verb. Gives the answer of the first time, where there was one. Throws COMMAND_ID_REUSED. */
export async function takeCommand(
  tx: Tx,
  verb: string,
  id: string,
  content: unknown,
): Promise<{ answered: boolean; answer: unknown }> {
  const sha256 = createHash('sha256').update(canonicalJson(content)).digest();
  // Whoever sends the same id at the same moment waits here until the first one is through.
  const [row] = await tx.query<{ verb: string; sha256: Buffer; answer: unknown; fresh: boolean }>(
    `INSERT INTO production_command (source, client_id, verb, sha256) VALUES ($1, $2, $3, $4)
     ON CONFLICT (source, client_id) DO UPDATE SET client_id = excluded.client_id
     RETURNING verb, sha256, answer, (xmax = 0) AS fresh`,
    [tx.ctx.source, id, verb, sha256],
  );
  if (row!.fresh) return { answered: false, answer: null };
  if (row!.verb !== verb || !row!.sha256.equals(sha256)) throw new DomainError('COMMAND_ID_REUSED', { id });
  return { answered: true, answer: row!.answer };
}

export async function keepAnswer(tx: Tx, id: string, answer: unknown): Promise<void> {
  await tx.query(`UPDATE production_command SET answer = $3 WHERE source = $1 AND client_id = $2`, [
    tx.ctx.source,
    id,
    JSON.stringify(answer ?? null),
  ]);
}
