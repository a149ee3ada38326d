import { Injectable } from '@nestjs/common';
import { type Context, UnitOfWork } from '@/platform/db';
import { recallByKey } from '@/quality/recalls';
import { consigneeId } from '../queries/consignees';

/** Ends a consignee's link, which came into wrong hands; the next reminder brings a new one. */
@Injectable()
export class RevokeLink {
  constructor(private readonly uow: UnitOfWork) {}

  /** Throws NOT_FOUND. */
  execute(ctx: Context, key: string, consignee: string): Promise<{ revoked: boolean }> {
    return this.uow.run(ctx, async (tx) => {
      const { recallId } = await recallByKey(tx, key);
      const rows = await tx.query(
        `UPDATE answer_link SET revoked_at = now() WHERE recall_id = $1 AND partner_id = $2 AND revoked_at IS NULL RETURNING 1`,
        [recallId, await consigneeId(tx, consignee)],
      );
      if (rows.length > 0)
        await tx.audit({ action: 'revoke-answer-link', subject: `recall:${key}`, after: { consignee } });
      return { revoked: rows.length > 0 };
    });
  }
}
