import { Injectable } from '@nestjs/common';
import { type Context, Database, UnitOfWork } from '@/platform/db';
import type { ScenarioName } from '../cli/demo-plants';
import { workSoFar } from '../queries';
import { bikeWork } from './bike-work';
import { kitchenWork } from './kitchen-work';
import { Day, Verbs } from './verbs';

const WORK = { bikes: bikeWork, sausages: kitchenWork };

/**
 * Lays out the work that waits in a demo plant, once. Cut off half-way it is laid out to its end by the next start, as of the day
 * of the first: every command has its id and the same content again. What people have made of it since is left as it is.
 */
@Injectable()
export class LayOutWork {
  constructor(
    private readonly db: Database,
    private readonly uow: UnitOfWork,
    private readonly verbs: Verbs,
  ) {}

  /** Gives whether there was anything to do. Throws what a verb refuses, where people's own things stand in the way. */
  async execute(ctx: Context, plant: ScenarioName): Promise<boolean> {
    const subject = `demo:${plant}`;
    const before = await workSoFar(this.db, subject);
    if (before.whole) return false;
    const day = before.day ?? new Date().toISOString().slice(0, 10);
    if (before.day === null)
      await this.uow.run(ctx, (tx) => tx.audit({ action: 'begin-demo-work', subject, after: { day } }));
    await WORK[plant](this.verbs, ctx, new Day(day));
    await this.uow.run(ctx, (tx) => tx.audit({ action: 'end-demo-work', subject }));
    return true;
  }
}
