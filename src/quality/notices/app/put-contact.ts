import { Injectable } from '@nestjs/common';
import { DomainError } from '@/kernel';
import { type Context, UnitOfWork } from '@/platform/db';
import { recallFor } from '@/quality/recalls';
import { consigneeId, UNKNOWN } from '../queries/consignees';

/** Names whom to turn to at a consignee that does not answer. */
@Injectable()
export class PutContact {
  constructor(private readonly uow: UnitOfWork) {}

  /** Throws NOT_FOUND, RECALL_STATE, FIELD_INVALID. */
  async execute(
    ctx: Context,
    key: string,
    consignee: string,
    { name, email }: { name: string; email: string },
  ): Promise<void> {
    if (!/^[^\s@]+@[^\s@]+$/.test(email))
      throw new DomainError('FIELD_INVALID', { field: 'email', reason: `"${email}" is no e-mail address.` });
    if (consignee === UNKNOWN) throw new DomainError('NOT_FOUND', { what: 'consignee', key: consignee });
    await this.uow.run(ctx, async (tx) => {
      const recall = await recallFor(tx, key, 'describe');
      const partnerId = await consigneeId(tx, consignee);
      await tx.query(
        `INSERT INTO recall_contact (recall_id, partner_id, name, email, named_by) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (recall_id, partner_id) DO UPDATE SET name = excluded.name, email = excluded.email,
           named_by = excluded.named_by, named_at = now()`,
        [recall.recallId, partnerId, name, email, ctx.actor],
      );
      await tx.audit({ action: 'name-contact', subject: `recall:${key}`, after: { consignee, name, email } });
    });
  }
}
