import { Injectable } from '@nestjs/common';
import { DomainError } from '@/kernel';
import { type Context, UnitOfWork } from '@/platform/db';
import { Outbox } from '@/platform/outbox';
import { initiationJob, lastInitiation } from '../initiation-queries';
import { recallFor } from '../queries';
import { signedScope } from '../steps-queries';
import type { SignedInput } from './approve-recall';
import { SignRecall } from './sign-recall';

export const RECALL_QUEUE = 'recall';

export interface InitiateInput extends SignedInput {
  /** the digest of the changed scope that the person has seen, where the last initiation found one */
  acknowledge?: string | undefined;
}

/** Asks for initiation: what is signed is done by the worker, which traces again first. */
@Injectable()
export class InitiateRecall {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly outbox: Outbox,
    private readonly sign: SignRecall,
  ) {}

  /**
   * While one is under way it is answered with that one. Throws NOT_FOUND, RECALL_STATE, RECALL_DIGEST, RECALL_NOT_CHANGED, and
   * what signing throws.
   */
  execute(ctx: Context, input: InitiateInput): Promise<{ recall: string; status: 'initiating' }> {
    return this.uow.run(ctx, async (tx) => {
      const recall = await recallFor(tx, input.recall, 'initiate');
      const answer = { recall: recall.key, status: 'initiating' } as const;
      const last = await lastInitiation(tx, recall);
      if (last?.status === 'queued' || last?.status === 'running') return answer;
      const scope = await signedScope(tx, recall, input.digest);
      const acknowledge = input.acknowledge?.toLowerCase();
      if (acknowledge !== undefined && (last?.status !== 'changed' || last.changed?.digest !== acknowledge))
        throw new DomainError('RECALL_NOT_CHANGED', { recall: recall.key, acknowledge });
      const digest = acknowledge ?? scope.digest;
      const { signatureId } = await this.sign.within(tx, recall, {
        subject: 'initiation',
        version: acknowledge === undefined ? scope.version : scope.version + 1,
        digest,
        ...input.signature,
      });
      const [row] = await tx.query<{ id: number }>(
        `INSERT INTO recall_initiation (recall_id, version, digest, signature_id, requested_by)
         VALUES ($1, $2, decode($3, 'hex'), $4, $5) RETURNING initiation_id AS id`,
        [recall.recallId, scope.version, digest, signatureId, ctx.actor],
      );
      await this.outbox.enqueue(tx, RECALL_QUEUE, initiationJob(row!.id));
      return answer;
    });
  }
}
