import { Injectable } from '@nestjs/common';
import { DomainError, formatDecimal, parseDecimal } from '@/kernel';
import { findUnit } from '@/ledger';
import { once } from '@/platform/commands';
import { type Context, type Tx, UnitOfWork } from '@/platform/db';
import { type Recall, recallFor } from '@/quality/recalls';
import { ACCOUNT } from '../queries/account-sql';
import { partnerOf } from '../queries/checks';

export const SETTLED_AS = ['destroyed', 'remedied', 'passed-on', 'not-found'] as const;

export interface SettleInput {
  id: string;
  recall: string;
  /** `-`: what is pending in the plant itself */
  consignee: string;
  /** a unit's id or name; all that the consignee has unless said */
  unit?: string | undefined;
  as: (typeof SETTLED_AS)[number];
  /** in the item's unit of measure, with `unit`; all of it unless said */
  quantity?: string | undefined;
  reason: string;
  document?: string | undefined;
}

/** Says what became of what is pending, by a person's word and with a reason: what the ledger says later takes its place. */
@Injectable()
export class SettlePending {
  constructor(private readonly uow: UnitOfWork) {}

  /** How many lines it settled. Throws NOT_FOUND, RECALL_STATE, SETTLE_NOTHING, QUANTITY_INVALID. */
  execute(ctx: Context, input: SettleInput): Promise<{ recall: string; lines: number }> {
    return this.uow.run(ctx, (tx) =>
      once(tx, { id: input.id, verb: 'settle-pending', content: input }, async () => {
        const recall = await recallFor(tx, input.recall, 'send');
        const lines = await this.write(tx, recall, input);
        if (lines === 0) throw new DomainError('SETTLE_NOTHING', { consignee: input.consignee });
        const { id: _, recall: key, ...after } = input;
        await tx.audit({ action: 'settle-pending', subject: `recall:${key}`, after: { ...after, lines } });
        return { recall: key, lines };
      }),
    );
  }

  private async write(tx: Tx, recall: Recall, input: SettleInput): Promise<number> {
    const partnerId = await partnerOf(tx, input.consignee);
    const unitIds = input.unit === undefined ? null : [(await findUnit(tx, input.unit)).unitId];
    const quantity = input.quantity === undefined ? null : formatDecimal(parseDecimal(input.quantity));
    if (quantity !== null && (unitIds === null || parseDecimal(quantity) <= 0n))
      throw new DomainError('QUANTITY_INVALID', {
        value: quantity,
        reason: 'name the unit that it is of, and more than nothing.',
      });
    const rows = await tx.query<{ n: number }>(
      `WITH ${ACCOUNT}, open AS (
         SELECT l.unit_id, l.partner_id, l.pending FROM line l WHERE l.partner_id <> 0 AND NOT l.unknown
         UNION ALL SELECT a.unit_id, 0, a.pending - a.uncovered - coalesce((SELECT sum(l.pending) FROM line l WHERE l.unit_id = a.unit_id), 0)
           FROM account a WHERE NOT a.unknown),
       written AS (
         INSERT INTO recall_settlement (recall_id, unit_id, partner_id, bucket, quantity, reason, document, by)
         SELECT $1, unit_id, partner_id, $6, coalesce($7::numeric, pending), $8, $9, $10 FROM open
          WHERE partner_id = $5 AND pending > 0 AND ($7::numeric IS NULL OR pending >= $7) RETURNING 1)
       SELECT count(*)::int AS n FROM written`,
      [
        ...[recall.recallId, recall.key, recall.drill, unitIds],
        ...[partnerId, input.as, quantity, input.reason, input.document ?? null, tx.ctx.actor],
      ],
    );
    return rows[0]!.n;
  }
}
