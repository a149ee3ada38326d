import { createHash } from 'node:crypto';
import { canonicalJson, DomainError } from '@/kernel';
import { RaceLost, type Tx } from '@/platform/db';

/**
 * Does a command once, in the caller's transaction: sent again it gives the answer of the first time and changes nothing.
 * Throws HOLD_COMMAND_REUSED where the same id came with other content.
 */
export async function once<A>(tx: Tx, command: string, input: { id: string }, work: () => Promise<A>): Promise<A> {
  const sha256 = createHash('sha256').update(canonicalJson({ command, input })).digest();
  const [before] = await tx.query<{ sha256: Buffer; answer: A }>(
    `SELECT sha256, answer FROM hold_command WHERE source = $1 AND client_id = $2`,
    [tx.ctx.source, input.id],
  );
  if (before && !before.sha256.equals(sha256)) throw new DomainError('HOLD_COMMAND_REUSED', { id: input.id });
  if (before) return before.answer;
  const answer = await work();
  const stored = await tx.query(
    `INSERT INTO hold_command (source, client_id, sha256, answer) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING RETURNING 1`,
    [tx.ctx.source, input.id, sha256, JSON.stringify(answer)],
  );
  // The same command came twice at this moment: try again, and give the other's answer.
  if (stored.length === 0) throw new RaceLost(`command ${input.id}`);
  return answer;
}
