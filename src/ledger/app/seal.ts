import { BeforeApplicationShutdown, Injectable, Logger, OnApplicationBootstrap } from '@nestjs/common';
import { Context, UnitOfWork } from '@/platform/db';

const SEALER: Context = { actor: 'system', source: 'system' };

/**
 * Gives every committed batch its ledger position and returns the newest position: all that was committed before the
 * call is at or below it. In a transaction of its own, so that the position is there for every reader afterwards.
 */
export async function sealLedger(uow: UnitOfWork): Promise<number> {
  return uow.run(
    SEALER,
    async (tx) => (await tx.query<{ position: number }>(`SELECT ledger_seal_pending() AS position`))[0]!.position,
  );
}

const SEAL_EVERY_MS = 1_000;

/** Seals now and then, so that facts have positions soon even when nobody asks. Errors wait for the next turn. */
@Injectable()
export class SealTimer implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(SealTimer.name);
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<unknown> = Promise.resolve();
  private stopped = false;

  constructor(private readonly uow: UnitOfWork) {}

  onApplicationBootstrap(): void {
    this.next();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    await this.running;
  }

  private next(): void {
    if (this.stopped) return;
    this.timer = setTimeout(() => {
      this.running = sealLedger(this.uow)
        .catch((error: Error) => this.logger.warn(`sealing waits for the database: ${error.message}`))
        .finally(() => this.next());
    }, SEAL_EVERY_MS);
  }
}
