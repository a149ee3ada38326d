import { Injectable } from '@nestjs/common';
import { ReleaseHolds } from '@/operations/holds';
import type { Tx } from '@/platform/db';
import type { ScopeColumns } from '@/trace';
import type { Recall } from '../queries';
import { STOPPER, fillDeliveries, fillUnits, holdsOutOfScope, narrowScope } from '../stop-queries';
import { StopUnits } from './stop-units';

export interface ApplyInput {
  version: number;
  /** the version's trace */
  columns: ScopeColumns;
  /** units of the trace that are not in scope */
  excluded: ReadonlySet<number>;
  /** signed by a person: what is not in the version leaves, and what the case held of it is released */
  narrow?: boolean;
  /** its units are known to be the rows that are there: only shipments, and what came back into the house, can be new */
  same?: boolean;
}

export interface Applied {
  added: number;
  held: number;
  removed: number;
}

/** Makes a version count: its units and shipments become rows of the case, and what of it is in house is on hold. */
@Injectable()
export class ApplyVersion {
  constructor(
    private readonly stop: StopUnits,
    private readonly holds: ReleaseHolds,
  ) {}

  /** `recall` is locked. Unless it is narrowed, what was in scope before stays in scope. */
  async within(tx: Tx, recall: Recall, { version, columns, excluded, narrow, same }: ApplyInput): Promise<Applied> {
    const fill = { recallId: recall.recallId, version, columns, excluded };
    const added = same ? 0 : await fillUnits(tx, fill);
    await fillDeliveries(tx, fill);
    const removed = narrow ? await narrowScope(tx, fill) : 0;
    if (removed > 0) {
      const open = await holdsOutOfScope(tx, recall);
      const by = {
        command: `${recall.key}:v${version}`,
        reason: `Not in scope of ${recall.key} since version ${version}`,
      };
      await this.holds.release(tx.for({ ...tx.ctx, source: STOPPER }), open, by);
    }
    const held = await this.stop.within(tx, recall);
    return { added, held, removed };
  }
}
