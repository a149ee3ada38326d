import { hostname } from 'node:os';
import { BeforeApplicationShutdown, Injectable, Logger } from '@nestjs/common';
import { Settings } from '@/platform/config';
import { Database } from '@/platform/db';
import { JobRunner } from './runner';
import { WorkerMetrics } from './worker-metrics';

const EVERY_MS = 4_000;
/** Workers that stopped without a word are forgotten after a day. */
const FORGET = '1 day';

/** Tells the api that a worker is there, and what its parts say of themselves. */
@Injectable()
export class WorkerHeartbeat implements BeforeApplicationShutdown {
  private readonly logger = new Logger('Heartbeat');
  private readonly workerId = `${hostname()}:${process.pid}`;
  private readonly startedAt = new Date();
  private timer?: NodeJS.Timeout;
  private beating: Promise<void> = Promise.resolve();

  constructor(
    private readonly database: Database,
    private readonly metrics: WorkerMetrics,
    runner: JobRunner,
    settings: Settings,
  ) {
    metrics.provide('process', () => {
      const { rss, heapUsed, external, arrayBuffers } = process.memoryUsage();
      return {
        version: settings.version,
        rssBytes: rss,
        heapBytes: heapUsed,
        externalBytes: external,
        arrayBufferBytes: arrayBuffers,
      };
    });
    metrics.provide('jobs', () => runner.counts());
  }

  async start(): Promise<void> {
    await this.beat();
    this.timer = setInterval(() => {
      this.beating = this.beat();
    }, EVERY_MS);
  }

  async beforeApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    await this.beating;
    await this.database
      .query('DELETE FROM worker_heartbeat WHERE worker_id = $1', [this.workerId])
      .catch(() => undefined);
  }

  private async beat(): Promise<void> {
    try {
      await this.database.query(
        `INSERT INTO worker_heartbeat (worker_id, started_at, metrics) VALUES ($1, $2, $3)
         ON CONFLICT (worker_id) DO UPDATE SET seen_at = now(), started_at = excluded.started_at, metrics = excluded.metrics`,
        [this.workerId, this.startedAt, JSON.stringify(this.metrics.read())],
      );
      await this.database.query(`DELETE FROM worker_heartbeat WHERE seen_at < now() - $1::interval`, [FORGET]);
    } catch (error) {
      this.logger.warn(`No heartbeat: ${(error as Error).message}`);
    }
  }
}
