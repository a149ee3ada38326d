import { Injectable, Logger } from '@nestjs/common';
import type { Redis } from 'ioredis';
import { Settings } from '@/platform/config';
import { RedisConnections } from './redis';

type Listener = (message: Record<string, unknown>) => void;

/**
 * News about running jobs, from the worker to whoever watches, over Redis pub/sub. Best effort: messages get lost when Redis is
 * away, so a watcher reads the database from time to time as well.
 */
@Injectable()
export class ProgressBus {
  private readonly logger = new Logger('ProgressBus');
  private readonly listeners = new Map<string, Set<Listener>>();
  private subscriber?: Redis;

  constructor(
    private readonly settings: Settings,
    private readonly redis: RedisConnections,
  ) {}

  /** Never throws and never waits. */
  publish(channel: string, message: object): void {
    if (!this.redis.isReady) return;
    this.redis.commands.publish(this.name(channel), JSON.stringify(message)).catch(() => undefined);
  }

  /** Calls back for every message on the channel until the returned function is called. */
  subscribe(channel: string, listener: Listener): () => void {
    const name = this.name(channel);
    const subscriber = this.connection();
    let listeners = this.listeners.get(name);
    if (!listeners) {
      listeners = new Set();
      this.listeners.set(name, listeners);
      // ioredis subscribes again by itself after a lost connection.
      subscriber.subscribe(name).catch((error: Error) => this.logger.debug(error.message));
    }
    listeners.add(listener);
    return () => {
      listeners.delete(listener);
      if (listeners.size > 0 || this.listeners.get(name) !== listeners) return;
      this.listeners.delete(name);
      subscriber.unsubscribe(name).catch(() => undefined);
    };
  }

  private connection(): Redis {
    if (!this.subscriber) {
      this.subscriber = this.redis.connect();
      this.subscriber.on('message', (name: string, text: string) => this.deliver(name, text));
    }
    return this.subscriber;
  }

  private deliver(name: string, text: string): void {
    const message = JSON.parse(text) as Record<string, unknown>;
    for (const listener of this.listeners.get(name) ?? []) {
      try {
        listener(message);
      } catch (error) {
        this.logger.warn(`A listener of ${name} failed: ${(error as Error).message}`);
      }
    }
  }

  private name(channel: string): string {
    return `${this.settings.redisPrefix}:${channel}`;
  }
}
