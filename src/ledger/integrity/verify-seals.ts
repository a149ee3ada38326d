/** Follows a chain of seals from the first to the last: each holds the hash of the one before, and of the leaves sealed with it. */
import { createHash } from 'node:crypto';
import type { UnitOfWork } from '@/platform/db';
import { asSealed, Chain } from './chains';
import { Say } from './finding';
import { none } from './verify-rows';

const SEALS_READ = 2_000;

interface SealRow {
  position: number;
  previous_hash: Buffer;
  hash: Buffer;
  version: number;
  sealed_at: Date;
  content: Buffer | null;
}

/** The hashes of the chain, for whoever looks for one of them. */
export async function verifySeals(
  uow: UnitOfWork,
  chain: Chain,
  until: number,
  say: Say,
  seen: (position: number, hash: Buffer) => void,
): Promise<void> {
  let previous: Pick<SealRow, 'position' | 'hash'> = { position: 0, hash: Buffer.alloc(0) };
  const version = chain.name === 'ledger' ? 's.version' : '2';
  const events =
    chain.name === 'ledger'
      ? `(SELECT string_agg(e.sha256, ''::bytea ORDER BY e.event_id) FROM ledger_position p JOIN event e USING (batch_id) WHERE p.position = s.position)`
      : 'NULL';
  for (;;) {
    const seals = await asSealed(uow, (q) =>
      q.query<SealRow>(
        `SELECT s.position, s.previous_hash, s.hash, ${version} AS version, s.sealed_at,
                CASE WHEN ${version} = 1 THEN ${events} ELSE (
                  SELECT string_agg(convert_to(concat_ws('|', '', l.table_name, l.part, l.revision, l.rows, ''), 'UTF8') || l.root, ''::bytea
                           ORDER BY l.table_name COLLATE "C", l.part) FROM ${chain.leaves} l WHERE l.position = s.position) END AS content
           FROM ${chain.seals} s WHERE s.position > $1 AND s.position <= $2 ORDER BY s.position LIMIT ${SEALS_READ}`,
        [previous.position, until],
      ),
    );
    for (const seal of seals) {
      const where = {
        ...none(chain),
        table: chain.seals,
        id: String(seal.position),
        position: seal.position,
        recordedAt: seal.sealed_at.toISOString(),
      };
      if (seal.position !== previous.position + 1)
        say({
          ...where,
          kind: 'seal-missing',
          message: `The seals of positions ${previous.position + 1} to ${seal.position - 1} are gone.`,
        });
      else if (!seal.previous_hash.equals(previous.hash))
        say({
          ...where,
          kind: 'seal-changed',
          message: `The seal of position ${seal.position} does not follow on the one before it: one of the two was changed.`,
        });
      const hash = createHash('sha256').update(seal.previous_hash);
      if (seal.version !== 1) hash.update(String(seal.position));
      if (
        !hash
          .update(seal.content ?? Buffer.alloc(0))
          .digest()
          .equals(seal.hash)
      )
        say({
          ...where,
          kind: 'seal-changed',
          message:
            seal.version === 1
              ? `The seal of position ${seal.position} is not that of its events: an event, its position or the seal was changed.`
              : `The seal of position ${seal.position} is not that of its leaves: the seal, or a leaf, was changed.`,
        });
      seen(seal.position, seal.hash);
      previous = seal;
    }
    if (seals.length < SEALS_READ) break;
  }
  const stray = await asSealed(uow, (q) =>
    q.query<{ position: number; n: number }>(
      `SELECT position, count(*) AS n FROM ${chain.positions} p
        WHERE NOT EXISTS (SELECT FROM ${chain.seals} s WHERE s.position = p.position) GROUP BY position ORDER BY position LIMIT 1000`,
    ),
  );
  for (const { position, n } of stray)
    say({
      ...none(chain),
      kind: 'position-without-seal',
      table: chain.positions,
      position,
      message: `Position ${position} (${n} ${chain.name === 'ledger' ? 'batches' : 'lines'}) has no seal.`,
    });
}
