import { BeforeApplicationShutdown, Injectable, Logger } from '@nestjs/common';
import { type Job, UnrecoverableError, WaitingError, Worker } from 'bullmq';
import { DomainError } from '@/kernel';
import { type JobHandler, JobRegistry } from './handlers';
import { JobQueues } from './queues';
import { RedisConnections } from './redis';

/** A worker that was killed is noticed when its lock runs out: at most 15 + 5 seconds later its jobs run again. */
const LOCK_MS = 15_000;
const STALLED_CHECK_MS = 5_000;
/** Being interrupted is no fault of the job: only failures count. */
const STALLED_MAX = 1_000;
const FIND_LOST_EVERY_MS = 10_000;
/** How long a job may take to notice that the process is asked to stop. */
const STOP_MS_MAX = 8_000;
const CLOSE_MS_MAX = 2_500;

/** Takes jobs from the queues and gives them to their handlers; puts back what Redis lost, and what a stop interrupts. */
@Injectable()
export class JobRunner implements BeforeApplicationShutdown {
  private readonly logger = new Logger('Jobs');
  private readonly workers: Worker[] = [];
  private readonly running = new Map<string, { controller: AbortController; ended: Promise<void> }>();
  private readonly ended = { done: new Map<string, number>(), failed: new Map<string, number>() };
  private stopping = false;
  private timer?: NodeJS.Timeout;
  private searching: Promise<void> = Promise.resolve();

  constructor(
    private readonly registry: JobRegistry,
    private readonly queues: JobQueues,
    private readonly redis: RedisConnections,
  ) {}

  /** Starts once all handlers are registered. Throws when one of `queues` has none. */
  start(queues: readonly string[]): void {
    this.registry.requireAll(queues);
    for (const handler of this.registry.handlers) this.workers.push(this.work(handler));
    this.search();
  }

  /** By queue: jobs that run now, and those that were done and that failed for good since the start. */
  counts(): Record<'running' | 'done' | 'failed', Record<string, number>> {
    const running = Object.fromEntries(this.registry.handlers.map(({ queue }) => [queue, 0]));
    for (const key of this.running.keys()) running[key.split(' ', 1)[0]!]!++;
    const { done, failed } = this.ended;
    return { running, done: Object.fromEntries(done), failed: Object.fromEntries(failed) };
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopping = true;
    clearTimeout(this.timer);
    await this.searching;
    await Promise.all(this.workers.map((worker) => worker.pause(true).catch(() => undefined)));
    for (const { controller } of this.running.values()) controller.abort(new Error('The process is asked to stop'));
    const ended = await within(STOP_MS_MAX, Promise.all([...this.running.values()].map(({ ended }) => ended)));
    // Its lock runs out, and another worker takes the job up again.
    if (!ended) this.logger.warn(`Jobs did not stop in time: ${[...this.running.keys()].join(', ')}`);
    // Where Redis is away there is nobody to say good-bye to: its connections are cut.
    if (!this.redis.isReady) return;
    await within(CLOSE_MS_MAX, Promise.all(this.workers.map((worker) => worker.close(!ended))));
  }

  private work(handler: JobHandler): Worker {
    const worker = new Worker<{ id: string }>(handler.queue, (job, token) => this.perform(handler, job, token), {
      connection: this.redis.connect(),
      prefix: this.queues.prefix,
      concurrency: handler.concurrency,
      lockDuration: LOCK_MS,
      stalledInterval: STALLED_CHECK_MS,
      maxStalledCount: STALLED_MAX,
      skipVersionCheck: true,
    });
    worker.on('error', (error) => this.logger.debug(`queue ${handler.queue}: ${error.message}`));
    worker.on('failed', (job, error) => {
      if (job) void this.failed(handler, job, error);
    });
    return worker;
  }

  private async perform(handler: JobHandler, job: Job<{ id: string }>, token?: string): Promise<void> {
    const key = `${handler.queue} ${job.data.id}`;
    const controller = new AbortController();
    const work = this.attempt(handler, job, controller.signal, token);
    const ended = work.catch(() => undefined);
    this.running.set(key, { controller, ended });
    try {
      await work;
    } finally {
      this.running.delete(key);
    }
  }

  private async attempt(
    handler: JobHandler,
    job: Job<{ id: string }>,
    signal: AbortSignal,
    token?: string,
  ): Promise<void> {
    const startedAt = Date.now();
    this.logger.log({ msg: 'job started', queue: handler.queue, job: job.data.id, attempt: job.attemptsMade + 1 });
    try {
      if (this.stopping) throw new Error('The process is asked to stop');
      await handler.handle(job.data.id, signal);
      count(this.ended.done, handler.queue);
      this.logger.log({ msg: 'job done', queue: handler.queue, job: job.data.id, tookMs: Date.now() - startedAt });
    } catch (error) {
      if (this.stopping) {
        await job.moveToWait(token);
        this.logger.log({ msg: 'job handed back', queue: handler.queue, job: job.data.id });
        throw new WaitingError();
      }
      if (error instanceof DomainError) throw new UnrecoverableError(`${error.code}: ${error.message}`);
      throw error;
    }
  }

  private async failed(handler: JobHandler, job: Job<{ id: string }>, error: Error): Promise<void> {
    const final = error.name === 'UnrecoverableError' || job.attemptsMade >= (job.opts.attempts ?? 1);
    const line = { queue: handler.queue, job: job.data.id, attempt: job.attemptsMade, err: error.stack };
    if (!final) {
      this.logger.warn({ msg: 'job failed and is tried again', ...line });
      return;
    }
    count(this.ended.failed, handler.queue);
    this.logger.error({ msg: 'job failed', ...line });
    await handler.giveUp?.(job.data.id, error).catch((failure: Error) => {
      this.logger.error({ msg: 'job could not be given up', ...line, err: failure.stack });
    });
  }

  /** What the database waits for and Redis does not have (it may have lost its data) is queued again. */
  private search(): void {
    this.searching = this.findLost().finally(() => {
      if (!this.stopping) this.timer = setTimeout(() => this.search(), FIND_LOST_EVERY_MS);
    });
  }

  private async findLost(): Promise<void> {
    if (!this.redis.isReady) return;
    for (const handler of this.registry.handlers) {
      try {
        for (const id of await handler.findLost()) {
          // A job that runs here is alive, even where Redis has forgotten it.
          if (this.stopping || this.running.has(`${handler.queue} ${id}`)) continue;
          await this.queues.add(handler.queue, id);
        }
      } catch (error) {
        this.logger.warn(`Lost jobs of ${handler.queue} could not be looked for: ${(error as Error).message}`);
      }
    }
  }
}

function count(of: Map<string, number>, name: string): void {
  of.set(name, (of.get(name) ?? 0) + 1);
}

/** True when the work ended in time, whichever way. */
function within(ms: number, work: Promise<unknown>): Promise<boolean> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(false), ms);
    work
      .catch(() => undefined)
      .finally(() => {
        clearTimeout(timer);
        resolve(true);
      });
  });
}
