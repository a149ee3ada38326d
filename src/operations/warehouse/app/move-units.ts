import { Injectable } from '@nestjs/common';
import { DomainError, formatDecimal } from '@/kernel';
import { RecordEvents, unitRef, type UnitIdentity } from '@/ledger';
import type { Tx } from '@/platform/db';
import type { Place } from '@/reference/places';
import { lockPlace, stockAtPlaces, stockOfUnits } from '../db/stock';
import { misfit } from '../domain/capacity';
import type { PlaceTree } from '../domain/place-tree';
import type { StockRow } from '../domain/stock';

export interface UnitMove {
  /** client id of the event */
  event: string;
  at: string | undefined;
  unit: UnitIdentity;
  /** nanos of the base unit; null: all that is there */
  quantity: bigint | null;
  from: Place | null;
  to: Place;
  refs?: Record<string, string>;
}

/** Records moves as facts, judged on what the place can take and on the state of the unit at this moment. */
@Injectable()
export class MoveUnits {
  constructor(private readonly recordEvents: RecordEvents) {}

  /**
   * One unit, live. Gives the error of which the place only warns. Throws what it refuses: PLACE_FULL, PLACE_CATEGORY, and what
   * the ledger refuses live (NOT_HERE, STOCK_SHORT …). Held goods may be moved.
   */
  async within(tx: Tx, tree: PlaceTree<Place>, move: UnitMove): Promise<DomainError | null> {
    const { unit, quantity, from, to } = move;
    const [stock] = await stockOfUnits(tx, [unit.unitId]);
    const warning = stock ? await judgePlace(tx, tree, to, [{ ...stock, quantity: quantity ?? stock.quantity }]) : null;
    await this.recordEvents.within(
      tx,
      [
        {
          type: 'move',
          id: move.event,
          at: move.at ?? new Date().toISOString(),
          unit: unitRef(unit.item, unit.kind, unit.code),
          ...(unit.kind !== 'serial' &&
            quantity !== null && { quantity: { value: formatDecimal(quantity), uom: unit.uom } }),
          ...(from && { from: from.code }),
          to: to.code,
          ...(move.refs && { refs: move.refs }),
        },
      ],
      { check: 'live' },
    );
    return warning;
  }

  /** A container with all that is in it. */
  async container(
    tx: Tx,
    tree: PlaceTree<Place>,
    move: { event: string; at: string | undefined; container: string; content: readonly StockRow[]; to: Place },
  ): Promise<DomainError | null> {
    const warning = await judgePlace(tx, tree, move.to, move.content);
    await this.recordEvents.within(
      tx,
      [
        {
          type: 'move',
          id: move.event,
          at: move.at ?? new Date().toISOString(),
          container: move.container,
          to: move.to.code,
        },
      ],
      { check: 'live' },
    );
    return warning;
  }
}

/** Throws PLACE_FULL, PLACE_CATEGORY where the place, or one above it, refuses; gives the error where it only warns. */
async function judgePlace(
  tx: Tx,
  tree: PlaceTree<Place>,
  to: Place,
  incoming: readonly StockRow[],
): Promise<DomainError | null> {
  const moved = new Set(incoming.map((row) => row.unitId));
  let warning: DomainError | null = null;
  for (const above of tree.up(to.placeId)) {
    if (!above.capacity) continue;
    // Where it is refused, of two who come at one moment the second one sees what the first has brought.
    if (above.capacity.full === 'refuse') await lockPlace(tx, above.placeId);
    const ids = tree.within(above.placeId).map((one) => one.placeId);
    // What moves about inside a place makes it no fuller.
    const content = (await stockAtPlaces(tx, ids)).filter((row) => !moved.has(row.unitId));
    const found = misfit(above.capacity, content, incoming);
    if (!found) continue;
    const stray = incoming.find((row) => !above.capacity?.categories?.includes(row.category ?? ''));
    const error =
      found.why === 'full'
        ? new DomainError('PLACE_FULL', { place: above.code })
        : new DomainError('PLACE_CATEGORY', {
            place: above.code,
            categories: above.capacity.categories?.join(', '),
            unit: stray ? `${stray.item} ${stray.code}` : 'this',
            category: stray?.category ?? 'without category',
          });
    if (found.refuse) throw error;
    warning ??= error;
  }
  return warning;
}
