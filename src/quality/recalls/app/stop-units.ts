import { Injectable } from '@nestjs/common';
import type { Tx } from '@/platform/db';
import { HoldUnits } from '@/operations/holds';
import type { Recall } from '../queries';
import { STOPPER, toHold } from '../stop-queries';

/** As many as one event may name. */
const UNITS_PER_EVENT = 20_000;

/**
 * Puts on hold whatever is in scope, in house, and not held by the case yet. What somebody released on purpose stays free until it
 * comes back from outside. A drill holds nothing: its units are counted alone.
 */
@Injectable()
export class StopUnits {
  constructor(private readonly holds: HoldUnits) {}

  /** `recall` is locked; `among`: no others than these. How many units were put on hold. */
  async within(tx: Tx, recall: Recall, among: readonly number[] | null = null): Promise<number> {
    if (recall.drill) return 0;
    const hold = {
      reason: `Recall ${recall.key}: ${recall.title}`,
      ref: recall.key,
      owner: tx.ctx.actor.replace(/^(user|key):/, ''),
      at: new Date().toISOString(),
    };
    return this.holds.listed(tx.for({ ...tx.ctx, source: STOPPER }), hold, batches(tx, recall, among));
  }
}

async function* batches(tx: Tx, recall: Recall, among: readonly number[] | null) {
  for (let after = 0; ;) {
    const units = await toHold(tx, recall, among, after, UNITS_PER_EVENT);
    if (units.length > 0) yield units.map(({ item, kind, code }) => ({ item, kind, code }));
    if (units.length < UNITS_PER_EVENT) return;
    after = units.at(-1)!.unitId;
  }
}
