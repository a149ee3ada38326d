import { createHash } from 'node:crypto';
import { canonicalJson, DomainError } from '@/kernel';
import type { Tx } from '@/platform/db';

export interface Command {
  /** the client's own key, unique per source and verb */
  id: string;
  verb: string;
  /** what it says: sent again it must say the same */
  content: unknown;
}

/**
 * Does the work of a command once, in the caller's transaction. Sent again with the same content it is answered as the first time
 * and changes nothing; a second sender at the same moment waits for the first. Where `work` throws, the id stays free. Throws
 * COMMAND_ID_REUSED where the id came with other content.
 */
export async function once<A>(tx: Tx, { id, verb, content }: Command, work: () => Promise<A>): Promise<A> {
  const said = JSON.parse(JSON.stringify(content)) as unknown;
  const key = [tx.ctx.source, verb, id];
  // Blocks while another transaction is doing it, and finds it done once that has committed.
  const [fresh] = await tx.query(
    `INSERT INTO command (source, verb, client_id, sha256) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING RETURNING 1`,
    [...key, sha256(said)],
  );
  if (!fresh) {
    const [before] = await tx.query<{ sha256: Buffer; answer: A }>(
      `SELECT sha256, answer FROM command WHERE source = $1 AND verb = $2 AND client_id = $3`,
      key,
    );
    if (!before || !hashes(verb, said).some((hash) => hash.equals(before.sha256)))
      throw new DomainError('COMMAND_ID_REUSED', { id });
    return before.answer;
  }
  const answer = await work();
  await tx.query(`UPDATE command SET answer = $4 WHERE source = $1 AND verb = $2 AND client_id = $3`, [
    ...key,
    JSON.stringify(answer ?? null),
  ]);
  return answer;
}

/**
 * What the same content may have been kept as. Until the areas shared one table (migration 1763900000036) trade, warehouse and
 * holds hashed the verb with the content, each in its own form; their rows still answer whoever sends again.
 */
function hashes(verb: string, content: unknown): Buffer[] {
  return [content, { verb, content }, [verb, content], { command: verb, input: content }].map(sha256);
}

function sha256(value: unknown): Buffer {
  return createHash('sha256').update(canonicalJson(value)).digest();
}
