import { BeforeApplicationShutdown, Injectable, Logger, OnApplicationBootstrap } from '@nestjs/common';
import { Settings } from '@/platform/config';
import { Context, UnitOfWork } from '@/platform/db';

const KEEPER: Context = { actor: 'system:retention', source: 'system:retention' };

const SWEEP_EVERY_MS = 10 * 60 * 1_000;
/** Traces whose rows go in one transaction. */
const BATCH_MAX = 50;
/** The advisory lock of the one worker that sweeps: any number that nothing else uses. */
const LOCK = 76_301;

/**
 * Removes the lists of finished traces that are older than TRACE_KEEP_DAYS and not pinned. Question, position, digest and
 * counts stay: the same question at the same position has the same answer whenever it is asked again.
 */
@Injectable()
export class KeepResults implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger('Retention');
  private timer?: NodeJS.Timeout;
  private sweeping: Promise<unknown> = Promise.resolve();
  private stopping = false;

  constructor(
    private readonly uow: UnitOfWork,
    private readonly settings: Settings,
  ) {}

  onApplicationBootstrap(): void {
    if (this.settings.traceKeepDays === 0) return;
    const sweep = (): void => {
      this.sweeping = this.sweep().catch((error: Error) => this.logger.warn(`Not swept: ${error.message}`));
    };
    sweep();
    this.timer = setInterval(sweep, SWEEP_EVERY_MS);
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopping = true;
    clearInterval(this.timer);
    await this.sweeping;
  }

  /** How many traces lost their lists; 0 as well where another worker is at it. */
  async sweep(): Promise<number> {
    let removed = 0;
    for (;;) {
      const batch = this.stopping ? 0 : await this.sweepBatch();
      removed += batch;
      if (batch < BATCH_MAX) return removed;
    }
  }

  private sweepBatch(): Promise<number> {
    return this.uow.run(KEEPER, async (tx) => {
      const [lock] = await tx.query<{ mine: boolean }>('SELECT pg_try_advisory_xact_lock($1) AS mine', [LOCK]);
      if (!lock!.mine) return 0;
      const due = await tx.query<{ trace_no: number; trace_id: string }>(
        `SELECT trace_no, trace_id FROM trace
          WHERE status = 'done' AND expired_at IS NULL AND pinned_at IS NULL
            AND finished_at < clock_timestamp() - make_interval(days => $1)
          ORDER BY finished_at LIMIT $2 FOR UPDATE SKIP LOCKED`,
        [this.settings.traceKeepDays, BATCH_MAX],
      );
      if (due.length === 0) return 0;
      const numbers = due.map((trace) => trace.trace_no);
      for (const table of ['trace_segment', 'trace_amount_segment', 'trace_delivery_segment', 'trace_gap'])
        await tx.query(`DELETE FROM ${table} WHERE trace_no = ANY ($1::int[])`, [numbers]);
      await tx.query(
        'UPDATE trace SET expired_at = clock_timestamp(), graphs = NULL WHERE trace_no = ANY ($1::int[])',
        [numbers],
      );
      for (const { trace_id } of due) await tx.audit({ action: 'expire-trace', subject: `trace:${trace_id}` });
      this.logger.log({ msg: 'results removed', traces: due.length });
      return due.length;
    });
  }
}
