import { Injectable, Logger } from '@nestjs/common';

/** What one part of a worker says of itself: numbers, or numbers by a name (`{ answered: { index: 5, sql: 1 } }`). */
export type Reading = Record<string, unknown>;

/** A worker has no HTTP: its parts say here what can be said of them, and the heartbeat takes it along. */
@Injectable()
export class WorkerMetrics {
  private readonly logger = new Logger('WorkerMetrics');
  private readonly sources = new Map<string, () => Reading>();

  /** `read` is called every few seconds and must be cheap. */
  provide(name: string, read: () => Reading): void {
    if (this.sources.has(name)) throw new Error(`Two parts of the worker report as ${name}`);
    this.sources.set(name, read);
  }

  read(): Record<string, Reading> {
    const found: Record<string, Reading> = {};
    for (const [name, read] of this.sources) {
      try {
        found[name] = read();
      } catch (error) {
        this.logger.warn(`${name} could not be read: ${(error as Error).message}`);
      }
    }
    return found;
  }
}
