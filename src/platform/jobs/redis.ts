import { Injectable, Logger, OnApplicationShutdown } from '@nestjs/common';
import { Redis, type RedisOptions } from 'ioredis';
import { Settings } from '@/platform/config';

const WARN_EVERY_MS = 60_000;

/** The connections to Redis. It may be away for any time: they try for ever, and no call of ours waits for it. */
@Injectable()
export class RedisConnections implements OnApplicationShutdown {
  private readonly logger = new Logger('Redis');
  private readonly open: Redis[] = [];
  private warnedAtMs = 0;
  /** for single commands: fails at once while Redis is away */
  readonly commands: Redis;

  constructor(private readonly settings: Settings) {
    this.commands = this.connect({ enableOfflineQueue: false, commandTimeout: 5_000 });
  }

  get isReady(): boolean {
    return this.commands.status === 'ready';
  }

  /** A connection of its own: a subscriber, or a worker that blocks on it. Closed with the process. */
  connect(options: RedisOptions = {}): Redis {
    const redis = new Redis(this.settings.redisUrl, {
      maxRetriesPerRequest: null,
      retryStrategy: (attempt) => Math.min(50 * 2 ** Math.min(attempt, 6), 2_000),
      connectTimeout: 5_000,
      ...options,
    });
    redis.on('error', (error: Error) => this.warn(error));
    redis.on('ready', () => {
      if (this.warnedAtMs) this.logger.log('Redis is back');
      this.warnedAtMs = 0;
    });
    this.open.push(redis);
    return redis;
  }

  async ping(): Promise<boolean> {
    if (!this.isReady) return false;
    return this.commands.ping().then(
      () => true,
      () => false,
    );
  }

  onApplicationShutdown(): void {
    for (const redis of this.open) redis.disconnect();
  }

  private warn(error: Error): void {
    if (Date.now() - this.warnedAtMs < WARN_EVERY_MS) return;
    this.warnedAtMs = Date.now();
    this.logger.warn(`Redis is away, and is tried again until it is back: ${error.message}`);
  }
}
