import { Injectable, Logger, OnApplicationBootstrap } from '@nestjs/common';
import { Context, Database, UnitOfWork } from '@/platform/db';
import { rebuildHoldings } from '../db/holdings';

const FILLER: Context = { actor: 'system', source: 'system' };

/** A ledger from before there was a stock projection: it is made from the facts before the first request is answered. */
@Injectable()
export class FillHoldings implements OnApplicationBootstrap {
  private readonly logger = new Logger(FillHoldings.name);

  constructor(
    private readonly uow: UnitOfWork,
    private readonly db: Database,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    const [row] = await this.db.query<{ missing: boolean }>(
      `SELECT EXISTS (SELECT FROM unit) AND NOT EXISTS (SELECT FROM holding) AS missing`,
    );
    if (!row?.missing) return;
    this.logger.log('making the stock projection from the facts');
    // All or nothing: what is there in part would not be seen to be missing.
    await this.uow.run(FILLER, async (tx) => {
      for (let after: number | null = 0; after !== null;) after = (await rebuildHoldings(tx, after)).last;
    });
  }
}
