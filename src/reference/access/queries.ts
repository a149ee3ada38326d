import { PERMISSIONS_OF, type Principal, type Role } from '@/platform/auth';
import type { Queryable } from '@/platform/db';
import { hashSecret } from './domain/secrets';
import type { ApiKeyView, UserView } from './http/dto';

export interface UserRow {
  user_id: number;
  username: string;
  display_name: string;
  role: Role;
  active: boolean;
  created_at: Date;
}

export interface ApiKeyRow {
  api_key_id: number;
  name: string;
  role: Role;
  created_at: Date;
  created_by: string;
}

export function viewUser(row: UserRow): UserView {
  return {
    username: row.username,
    displayName: row.display_name,
    role: row.role,
    active: row.active,
    permissions: PERMISSIONS_OF[row.role],
  };
}

export function viewApiKey(row: ApiKeyRow): ApiKeyView {
  return {
    id: row.api_key_id,
    name: row.name,
    role: row.role,
    createdAt: row.created_at.toISOString(),
    createdBy: row.created_by,
  };
}

export function listUsers(q: Queryable, after: string, limit: number): Promise<UserRow[]> {
  return q.query<UserRow>(
    `SELECT user_id, username, display_name, role, active, created_at FROM app_user
     WHERE username > $1 ORDER BY username LIMIT $2`,
    [after, limit],
  );
}

export function listApiKeys(q: Queryable, after: string, limit: number): Promise<ApiKeyRow[]> {
  return q.query<ApiKeyRow>(
    `SELECT api_key_id, name, role, created_at, created_by FROM api_key
     WHERE revoked_at IS NULL AND name > $1 ORDER BY name LIMIT $2`,
    [after, limit],
  );
}

/** A session lives on while it is used: its end moves when less than half of its time is left. */
export async function principalOfSession(q: Queryable, token: string, hours: number): Promise<Principal | null> {
  const hash = hashSecret(token);
  const [row] = await q.query<UserRow & { half_gone: boolean }>(
    `SELECT u.user_id, u.username, u.display_name, u.role, u.active, u.created_at,
            s.expires_at < now() + make_interval(hours => $2) / 2 AS half_gone
     FROM session s JOIN app_user u USING (user_id) WHERE s.token_hash = $1 AND s.expires_at > now() AND u.active`,
    [hash, hours],
  );
  if (!row) return null;
  if (row.half_gone)
    await q.query('UPDATE session SET expires_at = now() + make_interval(hours => $2) WHERE token_hash = $1', [
      hash,
      hours,
    ]);
  return {
    actor: `user:${row.username}`,
    name: row.username,
    displayName: row.display_name,
    role: row.role,
    permissions: PERMISSIONS_OF[row.role],
  };
}

export async function principalOfKey(q: Queryable, key: string): Promise<Principal | null> {
  const [row] = await q.query<{ name: string; role: Role }>(
    'SELECT name, role FROM api_key WHERE key_hash = $1 AND revoked_at IS NULL',
    [hashSecret(key)],
  );
  if (!row) return null;
  return {
    actor: `key:${row.name}`,
    name: row.name,
    displayName: row.name,
    role: row.role,
    permissions: PERMISSIONS_OF[row.role],
  };
}
