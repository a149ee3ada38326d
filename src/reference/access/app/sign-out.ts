import { Injectable } from '@nestjs/common';
import { Context, UnitOfWork } from '@/platform/db';
import { hashSecret } from '../domain/secrets';

@Injectable()
export class SignOut {
  constructor(private readonly uow: UnitOfWork) {}

  async execute(ctx: Context, token: string): Promise<void> {
    await this.uow.run(ctx, async (tx) => {
      const ended = await tx.query('DELETE FROM session WHERE token_hash = $1 RETURNING user_id', [hashSecret(token)]);
      if (ended.length > 0) await tx.audit({ action: 'sign-out', subject: ctx.actor });
    });
  }
}
