import { Injectable } from '@nestjs/common';
import { Database } from '@/platform/db';
import { LoginLimit } from './login-limit';
import { isPassword } from './passwords';

export interface Confirmed {
  username: string;
  displayName: string;
}

/** Asks a person who is signed in for the password once more: before a signature. */
@Injectable()
export class ConfirmPerson {
  constructor(
    private readonly database: Database,
    private readonly limit: LoginLimit,
  ) {}

  /** Whether an actor is somebody with a password: an API key is nobody. */
  isPerson(actor: string): boolean {
    return actor.startsWith('user:');
  }

  /**
   * Null where the password is wrong; a wrong one counts as a failed sign-in, also where the caller's transaction is taken back.
   * `actor`: a person. Throws TOO_MANY_ATTEMPTS.
   */
  async execute(actor: string, password: string): Promise<Confirmed | null> {
    const username = actor.replace(/^user:/, '');
    await this.limit.begin(username, null);
    const [user] = await this.database.query<Confirmed & { passwordHash: string }>(
      `SELECT username, display_name AS "displayName", password_hash AS "passwordHash"
         FROM app_user WHERE username = $1 AND active`,
      [username],
    );
    if (!(await isPassword(user?.passwordHash ?? null, password)) || !user) return null;
    await this.limit.succeed(username, null);
    return { username: user.username, displayName: user.displayName };
  }
}
