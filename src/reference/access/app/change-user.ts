import { Injectable } from '@nestjs/common';
import { DomainError } from '@/kernel';
import type { Role } from '@/platform/auth';
import { Context, UnitOfWork } from '@/platform/db';
import { checkPassword } from '../domain/names';
import type { UserView } from '../http/dto';
import { type UserRow, viewUser } from '../queries';
import { auditView } from './create-user';
import { hashPassword } from './passwords';

export interface UserChange {
  displayName?: string;
  role?: Role;
  active?: boolean;
  password?: string;
}

@Injectable()
export class ChangeUser {
  constructor(private readonly uow: UnitOfWork) {}

  /** A new password, or no longer being active, ends the user's sessions. Throws NOT_FOUND, LAST_ADMIN, FIELD_INVALID. */
  async execute(ctx: Context, username: string, change: UserChange): Promise<UserView> {
    const passwordHash = change.password === undefined ? null : await hashPassword(checkPassword(change.password));
    return this.uow.run(ctx, async (tx) => {
      // All admins are locked, in one order: two that demote each other at once cannot both succeed.
      const rows = await tx.query<UserRow>(
        `SELECT * FROM app_user WHERE username = $1 OR (role = 'admin' AND active) ORDER BY user_id FOR UPDATE`,
        [username],
      );
      const before = rows.find((row) => row.username === username);
      if (!before) throw new DomainError('NOT_FOUND', { what: 'user', key: username });
      const [after] = await tx.query<UserRow>(
        `UPDATE app_user SET display_name = coalesce($2, display_name), role = coalesce($3, role),
           active = coalesce($4, active), password_hash = coalesce($5, password_hash)
         WHERE user_id = $1 RETURNING *`,
        [before.user_id, change.displayName?.trim(), change.role, change.active, passwordHash],
      );
      if (!after) throw new DomainError('NOT_FOUND', { what: 'user', key: username });
      const isAdmin = (row: UserRow): boolean => row.active && row.role === 'admin';
      if (isAdmin(before) && !isAdmin(after) && rows.filter(isAdmin).length === 1)
        throw new DomainError('LAST_ADMIN', { username });
      if (passwordHash !== null || !after.active)
        await tx.query('DELETE FROM session WHERE user_id = $1', [after.user_id]);
      await tx.audit({
        action: 'change-user',
        subject: `user:${username}`,
        before: auditView(before),
        after: { ...auditView(after), ...(passwordHash === null ? {} : { password: 'changed' }) },
      });
      return viewUser(after);
    });
  }
}
