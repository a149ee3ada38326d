import { Injectable } from '@nestjs/common';
import { DomainError } from '@/kernel';
import type { Role } from '@/platform/auth';
import { Context, UnitOfWork } from '@/platform/db';
import { checkPassword, readName } from '../domain/names';
import type { UserView } from '../http/dto';
import { type UserRow, viewUser } from '../queries';
import { hashPassword } from './passwords';

@Injectable()
export class CreateUser {
  constructor(private readonly uow: UnitOfWork) {}

  /** Throws FIELD_INVALID, USER_EXISTS. */
  async execute(
    ctx: Context,
    input: { username: string; displayName: string; role: Role; password: string },
  ): Promise<UserView> {
    const username = readName('username', input.username);
    const passwordHash = await hashPassword(checkPassword(input.password));
    return this.uow.run(ctx, async (tx) => {
      const [row] = await tx.query<UserRow>(
        `INSERT INTO app_user (username, display_name, role, password_hash) VALUES ($1, $2, $3, $4)
         ON CONFLICT (username) DO NOTHING RETURNING *`,
        [username, input.displayName.trim(), input.role, passwordHash],
      );
      if (!row) throw new DomainError('USER_EXISTS', { username });
      await tx.audit({ action: 'create-user', subject: `user:${username}`, after: auditView(row) });
      return viewUser(row);
    });
  }
}

/** What of a user the audit keeps: never a hash. */
export function auditView(row: UserRow): object {
  return { displayName: row.display_name, role: row.role, active: row.active };
}
