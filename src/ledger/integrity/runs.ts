import { randomUUID } from 'node:crypto';
import { Injectable, Logger } from '@nestjs/common';
import { DomainError } from '@/kernel';
import { Context, Database, isAway, RaceLost, UnitOfWork } from '@/platform/db';
import { Outbox } from '@/platform/outbox';
import { sealLedger } from '../app/seal';
import { verify } from './verify';

export const INTEGRITY_QUEUE = 'integrity';

const RUNNER: Context = { actor: 'system:integrity', source: 'system:integrity' };
const ALIVE_EVERY_MS = 1_000;
const LOST_AFTER = '15 seconds';
const UNSENT_AFTER = '10 seconds';
/** Findings that a run keeps; all are counted. */
const FINDINGS_KEPT = 500;

class Superseded extends Error {}

interface Progress {
  stage: string;
  done: number;
  total: number | null;
}

/** Verifications as jobs: one at a time; whoever asks while one is open gets that one. */
@Injectable()
export class IntegrityRuns {
  private readonly logger = new Logger('Integrity');

  constructor(
    private readonly uow: UnitOfWork,
    private readonly db: Database,
    private readonly outbox: Outbox,
  ) {}

  /** The id of the run that was started, or is open already. */
  async start(ctx: Context): Promise<string> {
    return this.uow.run(ctx, async (tx) => {
      const id = randomUUID();
      const started = await tx.query(
        `INSERT INTO integrity_run (run_id, status, created_at, created_by) VALUES ($1, 'queued', clock_timestamp(), $2)
         ON CONFLICT (scope) WHERE status IN ('queued', 'running') DO NOTHING RETURNING run_no`,
        [id, ctx.actor],
      );
      if (started.length > 0) {
        await tx.audit({ action: 'start-verification', subject: `verification:${id}`, after: {} });
        await this.outbox.enqueue(tx, INTEGRITY_QUEUE, id);
        return id;
      }
      const [open] = await tx.query<{ run_id: string }>(
        `SELECT run_id FROM integrity_run WHERE status IN ('queued', 'running')`,
      );
      // It has ended between the two statements: the next try starts one.
      if (!open) throw new RaceLost();
      return open.run_id;
    });
  }

  /** Does nothing when the run is final or alive elsewhere. Reads only, so that it can run twice without harm. */
  async execute(id: string, signal?: AbortSignal): Promise<void> {
    const [claim] = await this.uow.run(RUNNER, (tx) =>
      tx.query<{ attempt: number }>(
        `UPDATE integrity_run SET status = 'running', attempt = attempt + 1, seen_at = clock_timestamp(),
              started_at = coalesce(started_at, clock_timestamp()), stage = 'starting', done = 0, total = NULL
        WHERE run_id = $1 AND (status = 'queued' OR status = 'running' AND seen_at < clock_timestamp() - $2::interval) RETURNING attempt`,
        [id, LOST_AFTER],
      ),
    );
    if (!claim) return;
    const { attempt } = claim;
    const progress: Progress = { stage: 'starting', done: 0, total: null };
    const run = new AbortController();
    const stop = () => run.abort(signal?.reason);
    signal?.addEventListener('abort', stop);
    const alive = setInterval(() => void this.tell(id, attempt, progress, run), ALIVE_EVERY_MS);
    try {
      await sealLedger(this.uow);
      const result = await verify(this.uow, {
        findingsMax: FINDINGS_KEPT,
        signal: run.signal,
        progress: (stage, done, total) => Object.assign(progress, { stage, done, total }),
      });
      await this.db.query(
        `UPDATE integrity_run SET status = 'done', finished_at = clock_timestamp(), stage = NULL, rows = $3, position = $4, finding_count = $5, findings = $6
          WHERE run_id = $1 AND attempt = $2 AND status = 'running'`,
        [id, attempt, result.rows, result.position, result.findingCount, JSON.stringify(result.findings)],
      );
      if (!result.ok)
        this.logger.error({ msg: 'the record is not as it was sealed', run: id, findings: result.findingCount });
    } catch (error) {
      await this.failed(id, attempt, error, signal);
    } finally {
      clearInterval(alive);
      signal?.removeEventListener('abort', stop);
    }
  }

  async findLost(): Promise<string[]> {
    const rows = await this.db.query<{ run_id: string }>(
      `SELECT run_id FROM integrity_run
        WHERE status = 'queued' AND created_at < clock_timestamp() - $1::interval
           OR status = 'running' AND seen_at < clock_timestamp() - $2::interval`,
      [UNSENT_AFTER, LOST_AFTER],
    );
    return rows.map((r) => r.run_id);
  }

  private async tell(
    id: string,
    attempt: number,
    { stage, done, total }: Progress,
    run: AbortController,
  ): Promise<void> {
    try {
      const rows = await this.uow.run(RUNNER, (tx) =>
        tx.query(
          `UPDATE integrity_run SET stage = $3, done = $4, total = $5, seen_at = clock_timestamp()
            WHERE run_id = $1 AND attempt = $2 AND status = 'running' RETURNING run_no`,
          [id, attempt, stage, done, total],
        ),
      );
      if (rows.length === 0) run.abort(new Superseded());
    } catch {
      // The database may be away for a moment: the next read of the verification itself will say so.
    }
  }

  private async failed(id: string, attempt: number, error: unknown, signal: AbortSignal | undefined): Promise<void> {
    if (error instanceof Superseded) return;
    if (signal?.aborted) {
      await this.db
        .query(
          `UPDATE integrity_run SET status = 'queued', stage = NULL WHERE run_id = $1 AND attempt = $2 AND status = 'running'`,
          [id, attempt],
        )
        // Then it is found as lost, a little later.
        .catch(() => undefined);
      throw error;
    }
    if (isAway(error)) throw error;
    const { code, message } = error instanceof DomainError ? error : new DomainError('INTERNAL', { requestId: id });
    this.logger.error({ msg: 'verification failed', run: id, err: String((error as Error).stack) });
    await this.db.query(
      `UPDATE integrity_run SET status = 'failed', error_code = $3, error_message = $4, stage = NULL, finished_at = clock_timestamp()
        WHERE run_id = $1 AND attempt = $2 AND status = 'running'`,
      [id, attempt, code, message],
    );
  }
}
