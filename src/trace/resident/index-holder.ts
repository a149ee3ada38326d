import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { BeforeApplicationShutdown, Injectable, Logger } from '@nestjs/common';
import { newestPosition, sealLedger } from '@/ledger';
import { Settings } from '@/platform/config';
import { Database, UnitOfWork } from '@/platform/db';
import { WorkerMetrics } from '@/platform/jobs';
import type { View } from '../app/view';
import type { Base } from './base';
import type { BuildFailure, BuildTask } from './build-thread';
import { ResidentIndex } from './resident-index';

/** How often the index takes in what is new, so that a trace finds a handful of rows to add. */
const FEED_EVERY_MS = 1_000;
/** A load that failed is tried again after this long. */
const RETRY_AFTER_MS = 30_000;
/** The heap of the building thread: the columns lie outside of it, the odd cases in it. */
const THREAD_HEAP_MB = 8_192;

type State = 'off' | 'loading' | 'ready' | 'too-large' | 'failed';

/** Why the index did not answer. */
export class IndexUnavailable extends Error {}

/**
 * The worker's resident index: loaded and rebuilt in a thread of its own, fed in the background, read by one trace at a time.
 * Where it is not there, or a question is about a position before it, the database answers instead.
 */
@Injectable()
export class IndexHolder implements BeforeApplicationShutdown {
  private readonly logger = new Logger('Index');
  private state: State = 'off';
  private reason = 'it was not started in this process';
  private index: ResidentIndex | undefined;
  private turn: Promise<unknown> = Promise.resolve();
  private building: Worker | undefined;
  private loading: Promise<void> = Promise.resolve();
  private timer: NodeJS.Timeout | undefined;
  private failedAtMs = 0;
  private stopped = false;
  private newest = 0;
  private rebuilds = 0;
  private readonly answered = { index: 0, sql: 0 };

  constructor(
    private readonly settings: Settings,
    private readonly db: Database,
    private readonly uow: UnitOfWork,
    private readonly metrics: WorkerMetrics,
  ) {}

  /** Loads the index in the background; returns at once. */
  start(): void {
    this.metrics.provide('index', () => this.reading());
    if (!this.settings.index) {
      this.reason = 'INDEX is off';
      return;
    }
    this.load();
    this.next();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    await this.building?.terminate();
    await this.turn.catch(() => undefined);
  }

  /** How often which source answered, for the metrics. */
  count(source: 'index' | 'sql'): void {
    this.answered[source]++;
  }

  /**
   * Hands a view at the position to `work`, which has the index for itself meanwhile. Throws IndexUnavailable where it cannot;
   * `wait`: a load that is under way is waited for.
   */
  async use<T>(
    position: number,
    seeds: readonly number[],
    work: (view: View) => Promise<T>,
    options: { wait?: boolean } = {},
  ): Promise<T> {
    if (options.wait && this.state === 'loading') await this.loading;
    return this.exclusively(async () => {
      if (!this.index) throw new IndexUnavailable(this.reason);
      if (position < this.index.base.position)
        throw new IndexUnavailable(`it reaches back to position ${this.index.base.position}`);
      await this.index.advanceTo(position);
      return work(this.index.viewAt(position, seeds));
    });
  }

  private exclusively<T>(work: () => Promise<T>): Promise<T> {
    const mine = this.turn.then(work, work);
    this.turn = mine.catch(() => undefined);
    return mine;
  }

  private next(): void {
    if (this.stopped) return;
    this.timer = setTimeout(() => {
      this.feed()
        .catch((error: Error) => this.logger.warn(`The index waits for the database: ${error.message}`))
        .finally(() => this.next());
    }, FEED_EVERY_MS);
  }

  private async feed(): Promise<void> {
    if (this.state === 'failed' && Date.now() - this.failedAtMs > RETRY_AFTER_MS) this.load();
    if (!this.index) return;
    await this.exclusively(async () => {
      this.newest = await newestPosition(this.db);
      await this.index!.advanceTo(this.newest);
    });
    if (this.index.bytes > this.settings.indexBytesMax) {
      this.index = undefined;
      this.is('too-large', `it took more than INDEX_BYTES_MAX (${this.settings.indexBytesMax}) allows`);
    } else if (this.index.changedShare > this.settings.indexRebuildPercent / 100 && !this.building) this.load();
  }

  private load(): void {
    if (!this.index) this.is('loading', 'it is being loaded');
    this.loading = this.build().catch((error: Error) => {
      this.failedAtMs = Date.now();
      if (!this.index) this.is('failed', `it could not be loaded (${error.message})`);
      if (!this.stopped) this.logger.error(`The index could not be built: ${error.message}`);
    });
  }

  private async build(): Promise<void> {
    const position = await sealLedger(this.uow);
    const task: BuildTask = { url: this.settings.databaseUrl, position, bytesMax: this.settings.indexBytesMax };
    const answer = await this.inThread(task);
    if (this.stopped) return;
    if ('failure' in answer) {
      if (answer.failure === 'error') throw new Error(answer.message);
      this.index = undefined;
      this.is('too-large', answer.message);
      this.logger.warn(answer.message);
      return;
    }
    const { base } = answer;
    await this.exclusively(async () => {
      const fedTo = this.index?.position ?? 0;
      this.index = new ResidentIndex(this.db, base);
      // A trace asked meanwhile may be about any position up to that: the new index must not be behind the old one.
      await this.index.advanceTo(fedTo);
      this.is('ready', '');
      this.rebuilds++;
    });
    const { linkCount, unitCount } = base.graph;
    this.logger.log({
      msg: 'index built',
      position,
      links: linkCount,
      units: unitCount,
      bytes: base.bytes,
      ms: base.loadMs,
    });
  }

  private inThread(task: BuildTask): Promise<{ base: Base } | BuildFailure> {
    const file = join(__dirname, 'build-thread.js');
    if (!existsSync(file)) throw new Error('the building thread is not compiled');
    const thread = new Worker(file, {
      workerData: task,
      resourceLimits: { maxOldGenerationSizeMb: THREAD_HEAP_MB },
    });
    this.building = thread;
    return new Promise<{ base: Base } | BuildFailure>((resolve, reject) => {
      thread.once('message', resolve);
      thread.once('error', reject);
      thread.once('exit', () => reject(new Error('the building thread ended early')));
    }).finally(() => {
      this.building = undefined;
      void thread.terminate();
    });
  }

  private is(state: State, reason: string): void {
    this.state = state;
    this.reason = reason;
  }

  private reading() {
    const { index } = this;
    return {
      state: this.state,
      reason: this.reason,
      links: index?.linkCount ?? 0,
      units: index?.base.units.length ?? 0,
      bytes: index?.bytes ?? 0,
      linkBytes: index?.base.linkBytes ?? 0,
      position: index?.position ?? 0,
      basePosition: index?.base.position ?? 0,
      lag: index ? Math.max(0, this.newest - index.position) : this.newest,
      changedShare: index?.changedShare ?? 0,
      rebuildSeconds: (index?.base.loadMs ?? 0) / 1_000,
      rebuilds: this.rebuilds,
      answered: { ...this.answered },
    };
  }
}
