import { Injectable, Logger } from '@nestjs/common';
import { Queue } from 'bullmq';
import { Settings } from '@/platform/config';
import { RedisConnections } from './redis';

/** A lost connection or a crash is tried again five times, over about half a minute; a domain error is final. */
const ATTEMPTS_MAX = 5;
const BACKOFF_MS = 1_000;

/** The BullMQ queues, by name. A job carries only an id, which is its key too: added twice, it is there once. */
@Injectable()
export class JobQueues {
  private readonly logger = new Logger('JobQueues');
  private readonly queues = new Map<string, Queue>();

  constructor(
    private readonly settings: Settings,
    private readonly redis: RedisConnections,
  ) {}

  /** `{…}` keeps all keys of our queues in one slot of a Redis Cluster. */
  get prefix(): string {
    return `{${this.settings.redisPrefix}}`;
  }

  /** Puts a job on its queue. Throws where Redis is away: whoever calls tries again later. */
  async add(queue: string, id: string): Promise<void> {
    if (!this.redis.isReady) throw new Error('Redis is away');
    await this.queue(queue).add(
      queue,
      { id },
      {
        jobId: id,
        attempts: ATTEMPTS_MAX,
        backoff: { type: 'exponential', delay: BACKOFF_MS },
        // A finished job leaves no trace here, so that the same id can be queued again; the database keeps the history.
        removeOnComplete: true,
        removeOnFail: true,
      },
    );
  }

  /** Jobs on a queue by state, where Redis answers. */
  async depth(queue: string): Promise<Record<string, number> | null> {
    if (!this.redis.isReady) return null;
    return this.queue(queue)
      .getJobCounts('waiting', 'active', 'delayed')
      .catch(() => null);
  }

  private queue(name: string): Queue {
    let queue = this.queues.get(name);
    if (!queue) {
      queue = new Queue(name, {
        connection: this.redis.commands,
        prefix: this.prefix,
        skipWaitingForReady: true,
        skipVersionCheck: true,
      });
      queue.on('error', (error) => this.logger.debug(`queue ${name}: ${error.message}`));
      this.queues.set(name, queue);
    }
    return queue;
  }
}
