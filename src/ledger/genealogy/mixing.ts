/**
 * What moved of units and what they were drawn into, at a position: for the mixing of amounts. Rows of one event stand together,
 * so that its draws and what they were linked to can be read side by side.
 */
import type { Queryable } from '@/platform/db';
import { FACT_SEEN, inBatches, MOVEMENT_SEEN } from './at-position';

export type StockRole = 'made' | 'used' | 'shipped' | 'returned' | 'scrapped' | 'counted' | 'adjusted';

/** Times in ms UTC; quantity in the unit's base unit, null = not recorded, or all that was there. */
export interface StockMovement {
  event_id: number;
  unit_id: number;
  role: StockRole;
  at_from: number;
  quantity: string | null;
}

/** A consumption; quantity in the input's base unit. */
export interface ConsumeLink {
  event_id: number;
  input: number;
  output: number;
  from_ms: number;
  stated_until_ms: number;
  quantity: string | null;
  slot: string | null;
}

/**
 * The movements of these units that change how much there is of them, and the consumptions out of them: batch by batch, each
 * sorted by event and unit, and in the order in which the event named them.
 */
export async function mixingFacts(
  q: Queryable,
  position: number,
  units: readonly number[],
  take: (movements: readonly StockMovement[], links: readonly ConsumeLink[], units: number) => Promise<void> | void,
): Promise<void> {
  await inBatches(units, async (ids) => {
    const movements = await q.query<StockMovement>(
      `SELECT f.event_id, f.unit_id, f.role, f.at_from, f.quantity FROM movement f ${MOVEMENT_SEEN}
          AND f.unit_id = ANY ($2::int[]) AND f.role IN ('made', 'used', 'shipped', 'returned', 'scrapped', 'counted', 'adjusted')
        ORDER BY f.event_id, f.unit_id, f.movement_id`,
      [position, ids],
    );
    const links = await q.query<ConsumeLink>(
      `SELECT f.event_id, f.input, f.output, f.from_ms, f.stated_until_ms, f.quantity, f.slot FROM link f ${FACT_SEEN}
          AND f.input = ANY ($2::int[]) AND f.mode = 0
        ORDER BY f.event_id, f.input, f.link_id`,
      [position, ids],
    );
    await take(movements, links, ids.length);
  });
}
