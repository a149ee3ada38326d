import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { DomainError } from '@/kernel';
import { Settings } from '@/platform/config';
import { Database } from '@/platform/db';

const WINDOW = '15 minutes';
/** Many people can share an address, few a name. */
const ADDRESS_FACTOR = 5;

/** Counts failed sign-ins by name and by address, in the database: all api processes share it, and it needs no Redis. */
@Injectable()
export class LoginLimit {
  constructor(
    private readonly database: Database,
    private readonly settings: Settings,
  ) {}

  /**
   * Counts an attempt before it is tried, so that many at once count too. `address` null: the person is signed in already, and the
   * name alone counts. Throws TOO_MANY_ATTEMPTS.
   */
  async begin(username: string, address: string | null): Promise<void> {
    const max = this.settings.loginAttemptsMax;
    const limits: [key: string, attemptsMax: number][] = [[nameKey(username), max]];
    if (address !== null) limits.unshift([addressKey(address), max * ADDRESS_FACTOR]);
    for (const [key, attemptsMax] of limits) {
      const [row] = await this.database.query<{ count: number; seconds: number }>(
        `INSERT INTO login_attempt AS a (key, count) VALUES ($1, 1)
         ON CONFLICT (key) DO UPDATE SET
           count = CASE WHEN a.window_started_at < now() - $2::interval THEN 1 ELSE least(a.count + 1, 1000000) END,
           window_started_at = CASE WHEN a.window_started_at < now() - $2::interval THEN now() ELSE a.window_started_at END
         RETURNING count, ceil(extract(epoch FROM window_started_at + $2::interval - now()))::int AS seconds`,
        [key, WINDOW],
      );
      if (row && row.count > attemptsMax)
        throw new DomainError('TOO_MANY_ATTEMPTS', { seconds: Math.max(row.seconds, 1) });
    }
  }

  /** The password was right: the name starts anew, and the address gets this attempt back. */
  async succeed(username: string, address: string | null): Promise<void> {
    await this.database.query('DELETE FROM login_attempt WHERE key = $1 OR window_started_at < now() - $2::interval', [
      nameKey(username),
      WINDOW,
    ]);
    if (address === null) return;
    await this.database.query('UPDATE login_attempt SET count = greatest(count - 1, 0) WHERE key = $1', [
      addressKey(address),
    ]);
  }
}

/** What is typed as a name may be a password by mistake: only its hash is kept. */
function nameKey(username: string): string {
  return `name:${createHash('sha256').update(username.trim().toLowerCase()).digest('hex')}`;
}

function addressKey(address: string): string {
  return `address:${address}`;
}
