import { Injectable } from '@nestjs/common';
import { DomainError } from '@/kernel';
import { once } from '@/platform/commands';
import { Context, UnitOfWork } from '@/platform/db';
import { cancelPick, lockPick } from '../db/picks';
import { pickById, type PickView } from '../queries/picks';

/** Lets go of what a pick keeps back. What was picked stays where it was brought. */
@Injectable()
export class EndPick {
  constructor(private readonly uow: UnitOfWork) {}

  /** Throws NOT_FOUND, PICK_NOT_OPEN where it is cancelled already. */
  execute(ctx: Context, input: { id: string; pick: string; reason: string }): Promise<PickView> {
    return this.uow.run(ctx, (tx) =>
      once(tx, { id: input.id, verb: 'cancel-pick', content: input }, async () => {
        const pick = await lockPick(tx, input.pick);
        const key = `p${pick.pickId}`;
        if (pick.state === 'cancelled') throw new DomainError('PICK_NOT_OPEN', { pick: key, state: pick.state });
        await cancelPick(tx, pick.pickId, input.reason);
        await tx.audit({ action: 'cancel-pick', subject: `pick:${key}`, after: { reason: input.reason } });
        return pickById(tx, key);
      }),
    );
  }
}
