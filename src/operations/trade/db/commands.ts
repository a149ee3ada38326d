import { createHash } from 'node:crypto';
import { canonicalJson, DomainError } from '@/kernel';
import type { Tx } from '@/platform/db';

export interface Command {
  /** the client's own key, unique per source */
  id: string;
  verb: string;
  /** what it says: sent again it must say the same */
  content: unknown;
}

/**
 * Does the work of a command once. Sent again with the same content it answers as the first time and changes nothing; a second
 * sender at the same moment waits for the first. Throws COMMAND_ID_REUSED.
 */
export async function once<A>(tx: Tx, command: Command, work: () => Promise<A>): Promise<A> {
  const sha256 = createHash('sha256')
    .update(canonicalJson({ verb: command.verb, content: withoutUndefined(command.content) }))
    .digest();
  const taken = await tx.query(
    `INSERT INTO trade_command (source, command_id, verb, sha256) VALUES ($1, $2, $3, $4)
     ON CONFLICT ON CONSTRAINT trade_command_pkey DO NOTHING RETURNING command_id`,
    [tx.ctx.source, command.id, command.verb, sha256],
  );
  if (taken.length === 0) {
    const [before] = await tx.query<{ sha256: Buffer; answer: A }>(
      `SELECT sha256, answer FROM trade_command WHERE source = $1 AND command_id = $2`,
      [tx.ctx.source, command.id],
    );
    if (!before?.sha256.equals(sha256)) throw new DomainError('COMMAND_ID_REUSED', { id: command.id });
    return before.answer;
  }
  const answer = await work();
  await tx.query(`UPDATE trade_command SET answer = $3 WHERE source = $1 AND command_id = $2`, [
    tx.ctx.source,
    command.id,
    JSON.stringify(answer),
  ]);
  return answer;
}

function withoutUndefined(content: unknown): unknown {
  return JSON.parse(JSON.stringify(content)) as unknown;
}

/** Whoever receives or ships for one order waits for the others: what came so far stays as it was read. */
export async function lockOrder(tx: Tx, kind: 'purchase' | 'sales', number: string): Promise<void> {
  await tx.query(`SELECT pg_advisory_xact_lock(hashtextextended($1, 0))`, [`${kind}-order:${number}`]);
}
