import { Injectable, Logger } from '@nestjs/common';
import { DomainError } from '@/kernel';
import { Settings } from '@/platform/config';
import { Context, Database, isAway, UnitOfWork } from '@/platform/db';
import { ProgressBus } from '@/platform/jobs';
import { Outbox } from '@/platform/outbox';
import { storeAmounts, storeAnswer } from '../db/store-answer';
import type { StoredQuestion } from '../domain/question';
import { TraceSource } from './trace-source';
import { countAnswer } from './summarize';

const RUNNER: Context = { actor: 'system:trace', source: 'system:trace' };

/** Progress is written and told at most this often. */
const PROGRESS_EVERY_MS = 300;
/** A run without progress to tell shows that it lives this often, and hears that it was cancelled. */
const ALIVE_EVERY_MS = 2_000;

interface Claim {
  trace_no: number;
  question: StoredQuestion;
  position: number;
  attempt: number;
}

/** This run is no longer the one that counts: it was cancelled, or another worker has taken the trace over. */
class Superseded extends Error {}

export function traceChannel(id: string): string {
  return `trace:${id}`;
}

/**
 * Computes a trace and stores its answer. Safe to run twice, at once or one after the other: whoever starts takes the trace
 * over by counting its attempt up, and only the attempt that stands finishes it, in one transaction with all its rows.
 */
@Injectable()
export class RunTrace {
  private readonly logger = new Logger('Trace');

  constructor(
    private readonly uow: UnitOfWork,
    private readonly db: Database,
    private readonly bus: ProgressBus,
    private readonly settings: Settings,
    private readonly source: TraceSource,
    private readonly outbox: Outbox,
  ) {}

  /** Does nothing when the trace is final already. Throws what the queue should try again, and what `signal` aborts. */
  async execute(id: string, signal?: AbortSignal): Promise<void> {
    const [claim] = await this.db
      .query<Claim>(
        `UPDATE trace SET status = 'running', attempt = attempt + 1, started_at = coalesce(started_at, clock_timestamp()),
              seen_at = clock_timestamp(), stage = 'starting', done = 0, total = NULL
        WHERE trace_id = $1 AND status IN ('queued', 'running') RETURNING trace_no, question, position, attempt`,
        [id],
      )
      .then(returned);
    if (!claim) return;
    this.bus.publish(traceChannel(id), { status: 'running' });
    const run = new AbortController();
    let handedBack: Promise<void> | undefined;
    const stop = () => {
      // Written at once: a stop that does not wait for a long query to end leaves the trace to the next worker all the same.
      handedBack ??= this.handBack(claim);
      run.abort(signal?.reason);
    };
    signal?.addEventListener('abort', stop);
    if (signal?.aborted) stop();
    const progress = new Progress(this.db, this.bus, id, claim, run);
    const timeout = setTimeout(() => {
      const limit = this.settings.traceSecondsMax;
      const tooLong = new DomainError('TRACE_TIMEOUT', { limit, setting: 'TRACE_SECONDS_MAX' });
      // Written at once: who waits is not kept waiting by a query that does not hear the signal.
      void this.fail(id, claim.attempt, tooLong).catch(() => undefined);
      run.abort(tooLong);
    }, this.settings.traceSecondsMax * 1_000);
    try {
      await this.compute(id, claim, progress, run.signal);
    } catch (error) {
      await handedBack;
      await this.failed(id, claim, signal, error);
    } finally {
      clearTimeout(timeout);
      await progress.stop();
      signal?.removeEventListener('abort', stop);
      this.bus.publish(traceChannel(id), { status: 'ended' });
    }
  }

  private async compute(id: string, claim: Claim, progress: Progress, signal: AbortSignal): Promise<void> {
    const { asked, resolved } = claim.question;
    const startedAt = Date.now();
    const computed = await this.source.compute(resolved, claim.position, asked.source ?? 'auto', {
      signal,
      amountsUnitsMax: this.settings.amountsInlineUnitsMax,
      progress: (stage, done, total) => progress.tell(stage, done, total),
    });
    const { answer, amounts } = computed;
    const later = resolved.direction === 'forward' && !amounts;
    const counts = await countAnswer(this.db, claim.position, answer, this.settings.timeZone);
    const computedAt = Date.now();
    progress.tell('storing', 0, answer.length);
    signal.throwIfAborted();
    await progress.stop();
    await this.uow.run(RUNNER, async (tx) => {
      const mine = await tx.query(
        `UPDATE trace SET status = 'done', counts = $3, graphs = $4, complete = $5, digest = $6, answered_by = $7, amounts = $8, stage = NULL, done = 0, total = NULL,
                finished_at = clock_timestamp()
          WHERE trace_no = $1 AND attempt = $2 AND status = 'running' RETURNING trace_no`,
        [
          claim.trace_no,
          claim.attempt,
          JSON.stringify(counts),
          JSON.stringify(computed.graphs),
          answer.gaps.length === 0,
          answer.digest,
          computed.source,
          amounts ? 'done' : later ? 'pending' : 'none',
        ],
      );
      if (mine.length === 0) throw new Superseded();
      await storeAnswer(tx, claim.trace_no, answer);
      if (amounts) await storeAmounts(tx, claim.trace_no, answer, amounts);
      if (later) await this.outbox.enqueue(tx, 'amounts', id);
      await tx.query('UPDATE trace SET finished_at = clock_timestamp() WHERE trace_no = $1', [claim.trace_no]);
    });
    this.logger.log({
      msg: 'trace answered',
      trace: id,
      units: answer.length,
      source: computed.source,
      computeMs: computedAt - startedAt,
      storeMs: Date.now() - computedAt,
    });
  }

  private async handBack(claim: Claim): Promise<void> {
    await this.db
      .query(
        `UPDATE trace SET status = 'queued', stage = NULL, done = 0, total = NULL, seen_at = NULL
          WHERE trace_no = $1 AND attempt = $2 AND status = 'running'`,
        [claim.trace_no, claim.attempt],
      )
      // Then it is found as lost, a little later.
      .catch(() => undefined);
  }

  private async failed(id: string, claim: Claim, signal: AbortSignal | undefined, error: unknown): Promise<void> {
    if (error instanceof Superseded) return;
    if (signal?.aborted) throw error;
    if (isAway(error)) throw error;
    if (!(error instanceof DomainError))
      this.logger.error({ msg: 'trace failed', trace: id, err: String((error as Error).stack) });
    await this.fail(
      id,
      claim.attempt,
      error instanceof DomainError ? error : new DomainError('INTERNAL', { requestId: id }),
    );
  }

  private async fail(id: string, attempt: number, error: DomainError): Promise<void> {
    await this.db.query(
      `UPDATE trace SET status = 'failed', error_code = $3, error_message = $4, finished_at = clock_timestamp(), stage = NULL
        WHERE trace_id = $1 AND attempt = $2 AND status IN ('queued', 'running')`,
      [id, attempt, error.code, error.message],
    );
  }
}

/** Writes how far a run is, tells who watches, and stops the run when its row says that it no longer counts. */
class Progress {
  private toldAtMs = 0;
  private last: [stage: string, done: number, total: number | null] = ['starting', 0, null];
  private readonly timer: NodeJS.Timeout;
  private writing: Promise<void> = Promise.resolve();
  private stopped = false;

  constructor(
    private readonly db: Database,
    private readonly bus: ProgressBus,
    private readonly id: string,
    private readonly claim: Claim,
    private readonly run: AbortController,
  ) {
    this.timer = setInterval(() => void this.write(), ALIVE_EVERY_MS);
  }

  /** Waits for nothing: a run is not slowed down by telling how far it is. */
  tell(stage: string, done: number, total: number | null): void {
    this.last = [stage, done, total];
    if (Date.now() - this.toldAtMs >= PROGRESS_EVERY_MS) void this.write();
  }

  async stop(): Promise<void> {
    this.stopped = true;
    clearInterval(this.timer);
    await this.writing;
  }

  private write(): Promise<void> {
    if (this.stopped) return this.writing;
    this.toldAtMs = Date.now();
    const [stage, done, total] = this.last;
    this.writing = this.writing
      .then(() =>
        this.db.query<{ trace_no: number }>(
          `UPDATE trace SET stage = $3, done = $4, total = $5, seen_at = clock_timestamp()
            WHERE trace_no = $1 AND attempt = $2 AND status = 'running' RETURNING trace_no`,
          [this.claim.trace_no, this.claim.attempt, stage, done, total],
        ),
      )
      .then(returned)
      .then((rows) => {
        if (rows.length === 0) this.run.abort(new Superseded());
        this.bus.publish(traceChannel(this.id), { stage, done, total });
      })
      // The database may be away for a moment: the next read of the run itself will say so.
      .catch(() => undefined);
    return this.writing;
  }
}

/** The rows of UPDATE … RETURNING: the driver's wrapper gives them together with their number. */
function returned<R>(result: R[]): R[] {
  const first: unknown = result[0];
  return Array.isArray(first) ? (first as R[]) : result;
}
