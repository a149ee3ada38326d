import { Injectable } from '@nestjs/common';
import { DomainError } from '@/kernel';
import { Settings } from '@/platform/config';
import { Database, UnitOfWork } from '@/platform/db';
import { hashSecret, newSecret } from '../domain/secrets';
import type { UserView } from '../http/dto';
import { type UserRow, viewUser } from '../queries';
import { LoginLimit } from './login-limit';
import { isPassword } from './passwords';

@Injectable()
export class SignIn {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly database: Database,
    private readonly limit: LoginLimit,
    private readonly settings: Settings,
  ) {}

  /** Gives the token of a new session. Throws BAD_CREDENTIALS, TOO_MANY_ATTEMPTS. */
  async execute(input: { username: string; password: string; address: string; requestId?: string }): Promise<{
    token: string;
    user: UserView;
  }> {
    await this.limit.begin(input.username, input.address);
    const [user] = await this.database.query<UserRow & { password_hash: string }>(
      'SELECT * FROM app_user WHERE username = $1 AND active',
      [input.username.trim().toLowerCase()],
    );
    if (!(await isPassword(user?.password_hash ?? null, input.password)) || !user)
      throw new DomainError('BAD_CREDENTIALS');
    await this.limit.succeed(input.username, input.address);
    const token = newSecret();
    const actor = `user:${user.username}`;
    await this.uow.run({ actor, source: actor, requestId: input.requestId }, async (tx) => {
      await tx.query('DELETE FROM session WHERE expires_at < now()');
      await tx.query(
        'INSERT INTO session (token_hash, user_id, expires_at) VALUES ($1, $2, now() + make_interval(hours => $3))',
        [hashSecret(token), user.user_id, this.settings.sessionHours],
      );
      await tx.audit({ action: 'sign-in', subject: actor });
    });
    return { token, user: viewUser(user) };
  }
}
