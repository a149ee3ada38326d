import { Injectable } from '@nestjs/common';
import { DomainError } from '@/kernel';
import { type Context, UnitOfWork } from '@/platform/db';
import { instructionByCode } from '../queries';

/** Takes an instruction out of use, with the reason. It stays readable, and so does who acknowledged it. */
@Injectable()
export class RetireInstruction {
  constructor(private readonly uow: UnitOfWork) {}

  /** Sent again with the same reason it changes nothing. Throws NOT_FOUND, INSTRUCTION_RETIRED. */
  execute(ctx: Context, code: string, reason: string): Promise<void> {
    return this.uow.run(ctx, async (tx) => {
      const [retired] = await tx.query(
        `UPDATE instruction SET retired_at = now(), retired_by = $2, retired_reason = $3
          WHERE code = $1 AND retired_at IS NULL RETURNING instruction_id`,
        [code, tx.ctx.actor, reason],
      );
      const now = await instructionByCode(tx, code, Date.now());
      if (!now) throw new DomainError('NOT_FOUND', { what: 'instruction', key: code });
      if (retired) {
        await tx.audit({ action: 'retire-instruction', subject: `instruction:${code}`, after: { reason } });
        return;
      }
      if (now.retired?.reason !== reason)
        throw new DomainError('INSTRUCTION_RETIRED', {
          instruction: code,
          by: now.retired?.by,
          reason: now.retired?.reason,
        });
    });
  }
}
