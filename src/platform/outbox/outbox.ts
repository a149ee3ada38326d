import { BeforeApplicationShutdown, Injectable, Logger, OnApplicationBootstrap } from '@nestjs/common';
import { Tx, UnitOfWork } from '@/platform/db';
import { JobQueues, RedisConnections } from '@/platform/jobs';

export const QUEUES = ['trace', 'amounts', 'import', 'blast-radius', 'integrity', 'recall', 'notices'] as const;
export type QueueName = (typeof QUEUES)[number];

const POLL_MS = 250;
const BATCH_MAX = 100;
/** After an enqueue the transaction needs a moment to commit: looked for at these times, besides the regular polls. */
const WAKE_MS = [10, 40, 100];
const KEEP = '7 days';
const PRUNE_EVERY_MS = 60 * 60 * 1_000;
const RELAY_CONTEXT = { actor: 'system:outbox', source: 'system:outbox' };

/** Jobs are asked for in the transaction that needs them, and reach Redis after it: neither without the other. */
@Injectable()
export class Outbox implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger('Outbox');
  private readonly wakes = new Set<NodeJS.Timeout>();
  private timer?: NodeJS.Timeout;
  private relaying?: Promise<void>;
  private again = false;
  private stopped = true;
  private failing = false;
  private prunedAtMs = 0;

  constructor(
    private readonly uow: UnitOfWork,
    private readonly queues: JobQueues,
    private readonly redis: RedisConnections,
  ) {}

  /** Puts the job `jobId` on `queue` once the transaction commits; however long Redis is away by then. */
  async enqueue(tx: Tx, queue: QueueName, jobId: string): Promise<void> {
    await tx.query('INSERT INTO outbox (queue, job_id) VALUES ($1, $2)', [queue, jobId]);
    if (this.stopped) return;
    for (const ms of WAKE_MS) {
      const wake = setTimeout(() => {
        this.wakes.delete(wake);
        this.relay();
      }, ms);
      this.wakes.add(wake);
    }
  }

  /** Jobs that Redis has not been given yet. */
  async waiting(): Promise<number> {
    return this.uow.run(
      RELAY_CONTEXT,
      async (tx) => (await tx.query<{ n: number }>('SELECT count(*) AS n FROM outbox WHERE sent_at IS NULL'))[0]!.n,
    );
  }

  /** api and worker relay; a command line process leaves that to them. */
  start(): void {
    this.stopped = false;
    this.timer = setInterval(() => this.relay(), POLL_MS);
  }

  onApplicationBootstrap(): void {
    this.prunedAtMs = Date.now();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopped = true;
    clearInterval(this.timer);
    for (const wake of this.wakes) clearTimeout(wake);
    await this.relaying;
  }

  private relay(): void {
    if (this.stopped || !this.redis.isReady) return;
    if (this.relaying) {
      this.again = true;
      return;
    }
    this.relaying = this.relayAll().finally(() => {
      this.relaying = undefined;
      if (this.again) {
        this.again = false;
        this.relay();
      }
    });
  }

  private async relayAll(): Promise<void> {
    try {
      while (!this.stopped && (await this.relayBatch()) === BATCH_MAX);
      await this.prune();
      this.failing = false;
    } catch (error) {
      // Rows stay unsent and are tried at the next poll; said once, not four times a second.
      if (!this.failing) this.logger.warn(`Jobs wait in the outbox: ${(error as Error).message}`);
      this.failing = true;
    }
  }

  /** Rows are locked while their jobs are put on the queue: two relays never send one row, and a crash sends it again. */
  private relayBatch(): Promise<number> {
    return this.uow.run(RELAY_CONTEXT, async (tx) => {
      const rows = await tx.query<{ outbox_id: number; queue: string; job_id: string }>(
        `SELECT outbox_id, queue, job_id FROM outbox WHERE sent_at IS NULL
         ORDER BY outbox_id LIMIT $1 FOR UPDATE SKIP LOCKED`,
        [BATCH_MAX],
      );
      if (rows.length === 0) return 0;
      for (const row of rows) await this.queues.add(row.queue, row.job_id);
      await tx.query('UPDATE outbox SET sent_at = now() WHERE outbox_id = ANY ($1)', [rows.map((r) => r.outbox_id)]);
      return rows.length;
    });
  }

  private async prune(): Promise<void> {
    if (Date.now() - this.prunedAtMs < PRUNE_EVERY_MS) return;
    this.prunedAtMs = Date.now();
    await this.uow.run(RELAY_CONTEXT, (tx) =>
      tx.query(`DELETE FROM outbox WHERE sent_at < now() - $1::interval`, [KEEP]),
    );
  }
}
