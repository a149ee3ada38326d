import { createHash, createHmac, randomBytes, randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Settings } from '@/platform/config';
import type { Queryable, Tx } from '@/platform/db';

/**
 * The links by which consignees answer: one a case and consignee. A token is 256 bits, made of the link's number with a key that is
 * made at the first need; the database finds it by its hash. So it can be written again into a reminder, and guessed by nobody.
 */
@Injectable()
export class AnswerLinks {
  constructor(private readonly settings: Settings) {}

  get enabled(): boolean {
    return this.settings.publicUrl !== undefined;
  }

  /** Makes links for those who have none, and lets the others live on. In the transaction that writes to them. */
  async ensure(tx: Tx, recallId: number, partnerIds: readonly number[]): Promise<void> {
    const key = await this.key(tx);
    const until = new Date(Date.now() + this.settings.answerDays * 24 * 3_600_000);
    const have = await tx.query<{ partner_id: number }>(
      `UPDATE answer_link SET expires_at = greatest(expires_at, $3)
        WHERE recall_id = $1 AND partner_id = ANY ($2::int[]) AND revoked_at IS NULL RETURNING partner_id`,
      [recallId, partnerIds, until],
    );
    const known = new Set(have.map((row) => row.partner_id));
    const fresh = [...new Set(partnerIds)].filter((id) => !known.has(id)).map((id) => ({ id, link: randomUUID() }));
    await tx.query(
      `INSERT INTO answer_link (link_id, recall_id, partner_id, token_hash, expires_at)
       SELECT x.link, $1, x.partner, x.hash, $5 FROM unnest($2::uuid[], $3::int[], $4::bytea[]) AS x(link, partner, hash)`,
      [
        recallId,
        fresh.map(({ link }) => link),
        fresh.map(({ id }) => id),
        fresh.map(({ link }) => hashOf(tokenOf(key, link))),
        until,
      ],
    );
  }

  /** The address of a consignee's answer page; null where it has no living link, or none is reachable from outside. */
  async address(q: Queryable, recallId: number, partnerId: number): Promise<string | null> {
    if (this.settings.publicUrl === undefined) return null;
    const [row] = await q.query<{ link_id: string; key: Buffer }>(
      `SELECT l.link_id, k.key FROM answer_link l CROSS JOIN answer_key k
        WHERE l.recall_id = $1 AND l.partner_id = $2 AND l.revoked_at IS NULL`,
      [recallId, partnerId],
    );
    return row ? `${this.settings.publicUrl}/answer/${tokenOf(row.key, row.link_id)}` : null;
  }

  private async key(tx: Tx): Promise<Buffer> {
    await tx.query('INSERT INTO answer_key (answer_key_id, key) VALUES (1, $1) ON CONFLICT DO NOTHING', [
      randomBytes(32),
    ]);
    const [row] = await tx.query<{ key: Buffer }>('SELECT key FROM answer_key');
    return row!.key;
  }
}

const tokenOf = (key: Buffer, linkId: string): string => createHmac('sha256', key).update(linkId).digest('base64url');

export const hashOf = (token: string): Buffer => createHash('sha256').update(token, 'utf8').digest();
