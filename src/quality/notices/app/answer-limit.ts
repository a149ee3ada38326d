import { Injectable } from '@nestjs/common';
import { DomainError } from '@/kernel';
import { Database } from '@/platform/db';

const WINDOW = '15 minutes';
/** Links that lead nowhere, from one address: nobody types forty by mistake. */
const MISSES_MAX = 40;
/** What one consignee may send in a window. */
const ANSWERS_MAX = 120;

/** Keeps guessing and flooding of the answer pages within bounds, in the database: all api processes share it. */
@Injectable()
export class AnswerLimit {
  constructor(private readonly database: Database) {}

  /** Throws TOO_MANY_ATTEMPTS, for a good link too: who has guessed too often learns nothing from the difference. */
  async require(address: string): Promise<void> {
    const [row] = await this.database.query<{ count: number; seconds: number }>(
      `SELECT count, ceil(extract(epoch FROM window_started_at + $2::interval - now()))::int AS seconds
         FROM answer_attempt WHERE key = $1 AND window_started_at > now() - $2::interval`,
      [`address:${address}`, WINDOW],
    );
    if (row && row.count >= MISSES_MAX)
      throw new DomainError('TOO_MANY_ATTEMPTS', { seconds: Math.max(row.seconds, 1) });
  }

  async miss(address: string): Promise<void> {
    await this.count(`address:${address}`);
    await this.database.query('DELETE FROM answer_attempt WHERE window_started_at < now() - $1::interval', [WINDOW]);
  }

  /** Counts what a consignee sends. Throws TOO_MANY_ATTEMPTS. */
  async answer(linkId: string): Promise<void> {
    const { count, seconds } = await this.count(`link:${linkId}`);
    if (count > ANSWERS_MAX) throw new DomainError('TOO_MANY_ATTEMPTS', { seconds: Math.max(seconds, 1) });
  }

  private async count(key: string): Promise<{ count: number; seconds: number }> {
    const [row] = await this.database.query<{ count: number; seconds: number }>(
      `INSERT INTO answer_attempt AS a (key, count) VALUES ($1, 1)
       ON CONFLICT (key) DO UPDATE SET
         count = CASE WHEN a.window_started_at < now() - $2::interval THEN 1 ELSE least(a.count + 1, 1000000) END,
         window_started_at = CASE WHEN a.window_started_at < now() - $2::interval THEN now() ELSE a.window_started_at END
       RETURNING count, ceil(extract(epoch FROM window_started_at + $2::interval - now()))::int AS seconds`,
      [key, WINDOW],
    );
    return row!;
  }
}
