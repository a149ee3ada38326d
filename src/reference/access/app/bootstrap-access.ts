import { Injectable } from '@nestjs/common';
import { Settings } from '@/platform/config';
import { Tx, UnitOfWork } from '@/platform/db';
import { hashSecret, newSecret } from '../domain/secrets';
import { hashPassword } from './passwords';

const CONTEXT = { actor: 'system:start', source: 'system:start' };
const LOCK = 7_424_010;

/** Makes sure that somebody can get in: a first administrator, and the key that the settings name. */
@Injectable()
export class BootstrapAccess {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly settings: Settings,
  ) {}

  /** Gives the password that it made up, for the one time it can be shown. */
  async execute(): Promise<{ password: string | null }> {
    return this.uow.run(CONTEXT, async (tx) => {
      // Several api processes may start at once.
      await tx.query('SELECT pg_advisory_xact_lock($1)', [LOCK]);
      const password = await this.ensureAdmin(tx);
      await this.ensureKey(tx);
      return { password };
    });
  }

  private async ensureAdmin(tx: Tx): Promise<string | null> {
    const admins = await tx.query(`SELECT FROM app_user WHERE role = 'admin' AND active LIMIT 1`);
    if (admins.length > 0) return null;
    const madeUp = this.settings.adminPassword === undefined ? newSecret().slice(0, 20) : null;
    const passwordHash = await hashPassword(this.settings.adminPassword ?? madeUp ?? '');
    await tx.query(
      `INSERT INTO app_user (username, display_name, role, password_hash) VALUES ('admin', 'Administrator', 'admin', $1)
       ON CONFLICT (username) DO UPDATE SET role = 'admin', active = true, password_hash = excluded.password_hash`,
      [passwordHash],
    );
    await tx.audit({ action: 'create-user', subject: 'user:admin', after: { role: 'admin', active: true } });
    return madeUp;
  }

  /** A changed ADMIN_API_KEY takes the place of the one before. */
  private async ensureKey(tx: Tx): Promise<void> {
    if (this.settings.adminApiKey === undefined) return;
    const hash = hashSecret(this.settings.adminApiKey);
    const same = await tx.query(
      `SELECT FROM api_key WHERE name = 'admin' AND role = 'admin' AND key_hash = $1 AND revoked_at IS NULL`,
      [hash],
    );
    if (same.length > 0) return;
    await tx.query(
      `UPDATE api_key SET revoked_at = now() WHERE (name = 'admin' OR key_hash = $1) AND revoked_at IS NULL`,
      [hash],
    );
    await tx.query(`INSERT INTO api_key (name, role, key_hash, created_by) VALUES ('admin', 'admin', $1, $2)`, [
      hash,
      CONTEXT.actor,
    ]);
    await tx.audit({ action: 'create-api-key', subject: 'key:admin', after: { role: 'admin' } });
  }
}
