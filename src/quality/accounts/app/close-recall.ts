import { Injectable } from '@nestjs/common';
import { DomainError } from '@/kernel';
import { type Context, UnitOfWork } from '@/platform/db';
import { AdvanceRecall, type Recall, recallFor, type SignatureInput, SignRecall } from '@/quality/recalls';
import { reconciliationOf } from './reconcile';

/** Closes a case that adds up, signed over what it adds up to; a drill in any case. */
@Injectable()
export class CloseRecall {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly sign: SignRecall,
    private readonly advance: AdvanceRecall,
  ) {}

  /** `digest`: of the reconciliation that the person saw. Throws NOT_FOUND, RECALL_STATE, RECALL_UNBALANCED, RECALL_ACCOUNT_CHANGED, and what signing throws. */
  execute(
    ctx: Context,
    input: { recall: string; digest?: string | undefined; signature: SignatureInput },
  ): Promise<Recall> {
    return this.uow.run(ctx, async (tx) => {
      const recall = await recallFor(tx, input.recall, 'close');
      const { view } = await reconciliationOf(tx, recall);
      // A drill that does not add up has shown something: it ends, and what was missing stays on record.
      if (view.missing.length > 0 && !recall.drill)
        throw new DomainError('RECALL_UNBALANCED', { recall: recall.key, missing: view.missing.join(', ') });
      if (input.digest !== undefined && input.digest.toLowerCase() !== view.digest)
        throw new DomainError('RECALL_ACCOUNT_CHANGED', { recall: recall.key });
      const signature = await this.sign.within(tx, recall, {
        ...input.signature,
        subject: 'closing',
        version: recall.version,
        digest: view.digest,
      });
      await tx.query(`INSERT INTO recall_closing (recall_id, percent, missing, account) VALUES ($1, $2, $3, $4)`, [
        recall.recallId,
        view.percent,
        JSON.stringify(view.missing),
        JSON.stringify(view),
      ]);
      const note = `accounted for: ${view.sums.map((s) => `${s.scope} ${s.uom} of ${s.units} units`).join(', ') || 'nothing was in scope'}`;
      return this.advance.within(tx, recall, 'close', { signature, note });
    });
  }
}
