import { Injectable } from '@nestjs/common';
import { Database } from '@/platform/db';
import { RedisConnections } from '@/platform/jobs';
import { WORKER_SEEN_S_MAX } from './workers';

const CHECK_MS_MAX = 3_000;

export interface ReadyState {
  status: 'ready' | 'not-ready';
  checks: Record<'database' | 'redis' | 'worker', { ok: boolean; say?: string }>;
}

@Injectable()
export class Readiness {
  constructor(
    private readonly database: Database,
    private readonly redis: RedisConnections,
  ) {}

  async check(): Promise<ReadyState> {
    const [{ database, worker }, redis] = await Promise.all([this.askDatabase(), inTime(this.redis.ping(), false)]);
    return {
      status: database && worker && redis ? 'ready' : 'not-ready',
      checks: {
        database: database ? { ok: true } : { ok: false, say: 'The database does not answer.' },
        redis: redis ? { ok: true } : { ok: false, say: 'Redis does not answer; facts are accepted, jobs wait.' },
        worker: worker
          ? { ok: true }
          : { ok: false, say: `No worker was seen in the last ${WORKER_SEEN_S_MAX} seconds; jobs wait.` },
      },
    };
  }

  private async askDatabase(): Promise<{ database: boolean; worker: boolean }> {
    const rows = this.database.query<{ seen: boolean }>(
      `SELECT EXISTS (SELECT FROM worker_heartbeat WHERE seen_at > now() - make_interval(secs => $1)) AS seen`,
      [WORKER_SEEN_S_MAX],
    );
    const answer = await inTime(
      rows.catch(() => null),
      null,
    );
    return { database: answer !== null, worker: answer?.[0]?.seen === true };
  }
}

function inTime<T>(work: Promise<T>, otherwise: T): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => resolve(otherwise), CHECK_MS_MAX);
    work.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
