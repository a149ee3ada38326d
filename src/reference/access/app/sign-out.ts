import { Injectable } from '@nestjs/common';
import { Database, UnitOfWork } from '@/platform/db';
import { hashSecret } from '../domain/secrets';

@Injectable()
export class SignOut {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly database: Database,
  ) {}

  /** Ends the session, and says nothing where there is none. */
  async execute(token: string, requestId?: string): Promise<void> {
    const tokenHash = hashSecret(token);
    const [owner] = await this.database.query<{ username: string }>(
      'SELECT username FROM session JOIN app_user USING (user_id) WHERE token_hash = $1',
      [tokenHash],
    );
    if (!owner) return;
    const actor = `user:${owner.username}`;
    await this.uow.run({ actor, source: actor, requestId }, async (tx) => {
      const ended = await tx.query('DELETE FROM session WHERE token_hash = $1 RETURNING user_id', [tokenHash]);
      if (ended.length > 0) await tx.audit({ action: 'sign-out', subject: actor });
    });
  }
}
