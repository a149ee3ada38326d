import { createHash } from 'node:crypto';
import { canonicalJson, DomainError } from '@/kernel';
import type { Tx } from '@/platform/db';

/**
 * Does a command once. The same id and content again answers as the first time and changes nothing; two at one moment wait for
 * each other. Throws COMMAND_ID_REUSED where the id came with other content.
 */
export async function once<T extends object>(
  tx: Tx,
  command: { id: string; kind: string; content: unknown },
  work: () => Promise<T>,
): Promise<T> {
  const sha256 = createHash('sha256')
    .update(canonicalJson([command.kind, command.content]))
    .digest();
  const key = [tx.ctx.source, command.id];
  // Blocks while another transaction is doing it, and finds it done once that has committed.
  const [fresh] = await tx.query(
    `INSERT INTO warehouse_command (source, client_id, kind, sha256) VALUES ($1, $2, $3, $4)
     ON CONFLICT DO NOTHING RETURNING client_id`,
    [...key, command.kind, sha256],
  );
  if (!fresh) {
    const [before] = await tx.query<{ sha256: Buffer; answer: T }>(
      `SELECT sha256, answer FROM warehouse_command WHERE source = $1 AND client_id = $2`,
      key,
    );
    if (!before?.sha256.equals(sha256)) throw new DomainError('COMMAND_ID_REUSED', { id: command.id });
    return before.answer;
  }
  const answer = await work();
  await tx.query(`UPDATE warehouse_command SET answer = $3 WHERE source = $1 AND client_id = $2`, [
    ...key,
    JSON.stringify(answer),
  ]);
  return answer;
}
