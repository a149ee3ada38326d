import { Injectable } from '@nestjs/common';
import { DomainError } from '@/kernel';
import { type Context, UnitOfWork } from '@/platform/db';
import { type Recall, recallFor } from '../queries';
import { caseDigest, signedScope } from '../steps-queries';
import { AdvanceRecall } from './advance-recall';
import { type SignatureInput, SignRecall } from './sign-recall';

export interface SignedInput {
  recall: string;
  /** of the version that the person saw; where it is not the newest, nothing is signed */
  digest?: string | undefined;
  signature: SignatureInput;
}

/** Approves, refuses and withdraws what was prepared. */
@Injectable()
export class ApproveRecall {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly sign: SignRecall,
    private readonly advance: AdvanceRecall,
  ) {}

  /** Throws NOT_FOUND, RECALL_STATE, RECALL_DIGEST, RECALL_FOUR_EYES, and what signing throws. */
  approve(ctx: Context, input: SignedInput): Promise<Recall> {
    return this.uow.run(ctx, async (tx) => {
      const recall = await recallFor(tx, input.recall, 'approve');
      const { version, digest, createdBy } = await signedScope(tx, recall, input.digest);
      if (recall.fourEyes && createdBy === ctx.actor)
        throw new DomainError('RECALL_FOUR_EYES', { recall: recall.key, version });
      const signature = await this.sign.within(tx, recall, {
        subject: 'approval',
        version,
        digest,
        ...input.signature,
      });
      return this.advance.within(tx, recall, 'approve', { signature });
    });
  }

  /** Back to whoever prepared it. Throws NOT_FOUND, RECALL_STATE. */
  refuse(ctx: Context, { recall: key, reason }: { recall: string; reason: string }): Promise<Recall> {
    return this.uow.run(ctx, async (tx) =>
      this.advance.within(tx, await recallFor(tx, key, 'refuse'), 'refuse', { note: reason }),
    );
  }

  /** Opened by mistake, or unfounded: closed before anything was stopped. Throws as `approve` does. */
  withdraw(ctx: Context, input: SignedInput): Promise<Recall> {
    return this.uow.run(ctx, async (tx) => {
      const recall = await recallFor(tx, input.recall, 'withdraw');
      const seen = recall.version > 0 ? await signedScope(tx, recall, input.digest) : null;
      const signature = await this.sign.within(tx, recall, {
        subject: 'withdrawal',
        version: seen?.version ?? null,
        digest: seen?.digest ?? caseDigest(recall),
        ...input.signature,
      });
      return this.advance.within(tx, recall, 'withdraw', { signature });
    });
  }
}
