import { Injectable } from '@nestjs/common';
import { DomainError } from '@/kernel';
import { Database } from '@/platform/db';
import { type Recall, recallByKey } from '@/quality/recalls';
import { AnswerLimit } from './answer-limit';
import { hashOf } from './answer-links';

export interface LinkTarget {
  linkId: string;
  recall: Recall;
  partnerId: number;
  consignee: string;
  name: string;
  language: string;
  expiresAt: Date;
}

const TOKEN = /^[\w-]{43}$/;

/** Finds what an answer link leads to. Forged, expired, revoked, of a closed case or of none: all are the same "there is no such". */
@Injectable()
export class OpenLink {
  constructor(
    private readonly database: Database,
    private readonly limit: AnswerLimit,
  ) {}

  /** Throws NOT_FOUND, TOO_MANY_ATTEMPTS. */
  async execute(token: string, address: string): Promise<LinkTarget> {
    await this.limit.require(address);
    const [row] = TOKEN.test(token)
      ? await this.database.query<Omit<LinkTarget, 'recall'> & { key: string }>(
          `SELECT l.link_id AS "linkId", r.key, l.partner_id AS "partnerId", p.code AS consignee, p.name, l.expires_at AS "expiresAt",
                  coalesce((SELECT n.language FROM recall_notice n WHERE n.recall_id = l.recall_id AND n.partner_id = l.partner_id
                             ORDER BY n.notice_no DESC LIMIT 1), r.language) AS language
             FROM answer_link l JOIN recall r USING (recall_id) JOIN partner p USING (partner_id)
            WHERE l.token_hash = $1 AND l.revoked_at IS NULL AND l.expires_at > now()
              AND r.state IN ('initiated', 'monitoring') AND NOT r.drill`,
          [hashOf(token)],
        )
      : [];
    if (!row) {
      await this.limit.miss(address);
      // The token is not repeated: it stands in no log and on no page.
      throw new DomainError('NOT_FOUND', { what: 'answer page', key: '…' });
    }
    const { key, ...target } = row;
    return { ...target, recall: await recallByKey(this.database, key) };
  }
}
