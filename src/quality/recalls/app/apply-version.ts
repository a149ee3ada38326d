import { Injectable } from '@nestjs/common';
import type { Tx } from '@/platform/db';
import type { ScopeColumns } from '@/trace';
import type { Recall } from '../queries';
import { fillScope } from '../stop-queries';
import { StopUnits } from './stop-units';

export interface ApplyInput {
  version: number;
  /** the version's trace */
  columns: ScopeColumns;
  /** units of the trace that are not in scope */
  excluded: ReadonlySet<number>;
}

export interface Applied {
  added: number;
  held: number;
}

/** Makes a version count: its units and shipments become rows of the case, and what of it is in house is on hold. */
@Injectable()
export class ApplyVersion {
  constructor(private readonly stop: StopUnits) {}

  /** `recall` is locked. What was in scope before stays in scope. */
  async within(tx: Tx, recall: Recall, { version, columns, excluded }: ApplyInput): Promise<Applied> {
    const added = await fillScope(tx, { recallId: recall.recallId, version, columns, excluded });
    const held = await this.stop.within(tx, recall);
    return { added, held };
  }
}
