import { Injectable } from '@nestjs/common';
import { DomainError } from '@/kernel';
import { Settings } from '@/platform/config';
import { once } from '@/platform/commands';
import { type Context, type Tx, UnitOfWork } from '@/platform/db';
import { dispositionId, dispositionRecord, type DispositionRecord } from '../disposition-queries';
import { type DispositionState, step } from '../domain/disposition';

export interface DecideInput {
  id: string;
  disposition: string;
  decision: 'approved' | 'refused' | 'withdrawn';
  note?: string | undefined;
}

/** Under lock: of two who decide at one moment, the second one sees what the first decided. */
export async function lockDisposition(tx: Tx, disposition: string): Promise<DispositionRecord> {
  const id = dispositionId(disposition);
  await tx.query(`SELECT 1 FROM disposition WHERE disposition_id = $1 FOR UPDATE`, [id]);
  return dispositionRecord(tx, id);
}

/** Approves or refuses what another person proposed, or withdraws it. */
@Injectable()
export class DecideDisposition {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly settings: Settings,
  ) {}

  /** Throws NOT_FOUND, DISPOSITION_STATE, DISPOSITION_FOUR_EYES. */
  execute(ctx: Context, input: DecideInput): Promise<{ disposition: string; state: DispositionState }> {
    return this.uow.run(ctx, (tx) =>
      once(tx, { id: input.id, verb: 'decide', content: input }, async () => {
        const { disposition, decision } = input;
        const record = await lockDisposition(tx, disposition);
        step(disposition, record.state, decision);
        const own = record.proposed_by === tx.ctx.actor;
        if (own && decision !== 'withdrawn' && this.settings.dispositionFourEyes)
          throw new DomainError('DISPOSITION_FOUR_EYES', { disposition });
        await tx.query(
          `UPDATE disposition SET state = $2, decided_by = $3, decided_at = now(), decided_note = $4 WHERE disposition_id = $1`,
          [record.disposition_id, decision, tx.ctx.actor, input.note],
        );
        await tx.audit({
          action: `disposition-${decision}`,
          subject: `disposition:${disposition}`,
          before: { state: record.state },
          after: { state: decision, ...(input.note !== undefined && { note: input.note }) },
        });
        return { disposition, state: decision };
      }),
    );
  }
}
