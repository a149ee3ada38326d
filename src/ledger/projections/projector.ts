import { BeforeApplicationShutdown, Injectable, Logger, OnApplicationBootstrap } from '@nestjs/common';
import { Context, isAway, UnitOfWork } from '@/platform/db';
import { WorkerMetrics } from '@/platform/jobs';
import { newestPosition } from '../genealogy/plant';
import { lockProjection, moveCursor, nextStretch } from './cursor';
import { GapProjection } from './gap-projection';
import { Projection } from './projection';
import { SearchProjection } from './search-projection';

export const PROJECTIONS: readonly Projection[] = [new GapProjection(), new SearchProjection()];

const PROJECTOR: Context = { actor: 'system:projector', source: 'system:projector' };
const LOOK_EVERY_MS = 500;

/**
 * Brings projections forward by ledger position, one worker at a time for each. What was done and how far it is commit
 * together: whatever crashes, each stretch of the ledger takes effect once. Polling is what counts; nothing wakes it.
 */
@Injectable()
export class Projector implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger('Projector');
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<unknown> = Promise.resolve();
  private stopped = false;
  private readonly positions: Record<string, number> = {};
  private readonly lag: Record<string, number> = {};

  constructor(
    private readonly uow: UnitOfWork,
    metrics: WorkerMetrics,
  ) {
    metrics.provide('projections', () => ({ position: { ...this.positions }, lag: { ...this.lag } }));
  }

  onApplicationBootstrap(): void {
    this.next();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    await this.running;
  }

  /** Brings all of them to the newest position, as far as nobody else is at it. */
  async catchUp(): Promise<void> {
    for (const projection of PROJECTIONS) while (!this.stopped && (await this.advance(projection)));
  }

  /** One stretch of the ledger, in one transaction. True when there is more to do. */
  private async advance(projection: Projection): Promise<boolean> {
    return this.uow.run(PROJECTOR, async (tx) => {
      const from = await lockProjection(tx, projection.name, 'try');
      if (from === null) return false;
      const newest = await newestPosition(tx);
      this.positions[projection.name] = from;
      this.lag[projection.name] = newest - from;
      if (newest <= from) return false;
      const until = await nextStretch(tx, from, newest);
      await projection.advance(tx, from, until);
      await moveCursor(tx, projection.name, until);
      this.positions[projection.name] = until;
      this.lag[projection.name] = newest - until;
      return until < newest;
    });
  }

  private next(): void {
    if (this.stopped) return;
    this.timer = setTimeout(() => {
      this.running = this.catchUp()
        .catch((error: Error) =>
          this.logger.warn(isAway(error) ? `waits for the database: ${error.message}` : String(error.stack)),
        )
        .finally(() => this.next());
    }, LOOK_EVERY_MS);
  }
}
