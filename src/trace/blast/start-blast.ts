import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { DomainError } from '@/kernel';
import { newestPosition } from '@/ledger';
import { Context, Database, RaceLost, UnitOfWork } from '@/platform/db';
import { ProgressBus } from '@/platform/jobs';
import { Outbox } from '@/platform/outbox';
import { blastChannel, BLAST_QUEUE } from './run-blast';

/** Starts and ends runs. At most one is open at a time: whoever asks while one is gets that one. */
@Injectable()
export class StartBlast {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly db: Database,
    private readonly outbox: Outbox,
    private readonly bus: ProgressBus,
  ) {}

  /** The id of the run that was started, or is open already. */
  async execute(ctx: Context): Promise<string> {
    return this.uow.run(ctx, async (tx) => {
      const id = randomUUID();
      const started = await tx.query(
        `INSERT INTO blast_run (run_id, status, created_at, created_by) VALUES ($1, 'queued', clock_timestamp(), $2)
         ON CONFLICT (scope) WHERE status IN ('queued', 'running') DO NOTHING RETURNING run_no`,
        [id, ctx.actor],
      );
      if (started.length > 0) {
        await tx.audit({ action: 'start-blast-radius', subject: `blast-radius:${id}`, after: {} });
        await this.outbox.enqueue(tx, BLAST_QUEUE, id);
        return id;
      }
      const [open] = await tx.query<{ run_id: string }>(
        `SELECT run_id FROM blast_run WHERE status IN ('queued', 'running')`,
      );
      // It has ended between the two statements: the next try starts one.
      if (!open) throw new RaceLost();
      return open.run_id;
    });
  }

  /** A run notices at its next sign of life. Cancelling twice changes nothing. */
  async cancel(ctx: Context, id: string): Promise<void> {
    await this.uow.run(ctx, async (tx) => {
      const [run] = await tx.query<{ status: string }>('SELECT status FROM blast_run WHERE run_id = $1 FOR UPDATE', [
        id,
      ]);
      if (!run) throw new DomainError('NOT_FOUND', { what: 'blast radius run', key: id });
      if (run.status === 'cancelled') return;
      if (run.status === 'done' || run.status === 'failed') throw new DomainError('BLAST_FINAL', run);
      await tx.query(
        `UPDATE blast_run SET status = 'cancelled', stage = NULL, finished_at = clock_timestamp() WHERE run_id = $1`,
        [id],
      );
      await tx.audit({
        action: 'cancel-blast-radius',
        subject: `blast-radius:${id}`,
        before: run,
        after: { status: 'cancelled' },
      });
    });
    this.bus.publish(blastChannel(id), { status: 'cancelled' });
  }

  /** True when the last run is so many hours old and the ledger has moved on since the last one that was finished. */
  async isDue(everyHours: number): Promise<boolean> {
    const [last] = await this.db.query<{ recent: boolean; position: number | null }>(
      `SELECT max(created_at) > clock_timestamp() - make_interval(hours => $1) AS recent,
              max(position) FILTER (WHERE status = 'done') AS position
         FROM blast_run`,
      [everyHours],
    );
    if (last?.recent) return false;
    return (await newestPosition(this.db)) > (last?.position ?? 0);
  }
}
