import { hostname } from 'node:os';
import { BeforeApplicationShutdown, Injectable, Logger } from '@nestjs/common';
import { Database } from '@/platform/db';

const EVERY_MS = 4_000;
/** Workers that stopped without a word are forgotten after a day. */
const FORGET = '1 day';

/** Tells the api that a worker is there. */
@Injectable()
export class WorkerHeartbeat implements BeforeApplicationShutdown {
  private readonly logger = new Logger('Heartbeat');
  private readonly workerId = `${hostname()}:${process.pid}`;
  private timer?: NodeJS.Timeout;
  private beating: Promise<void> = Promise.resolve();

  constructor(private readonly database: Database) {}

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
        `INSERT INTO worker_heartbeat (worker_id) VALUES ($1) ON CONFLICT (worker_id) DO UPDATE SET seen_at = now()`,
        [this.workerId],
      );
      await this.database.query(`DELETE FROM worker_heartbeat WHERE seen_at < now() - $1::interval`, [FORGET]);
    } catch (error) {
      this.logger.warn(`No heartbeat: ${(error as Error).message}`);
    }
  }
}
