import { formatDecimal } from '@/kernel';
import { presentOf, unitRef } from '@/ledger';
import type { Queryable } from '@/platform/db';
import { placesWithin } from '../db/units';
import { bringing } from '../domain/gather';

/** A unit that is taken at a place, and how much of it (nanos). */
export interface Taken {
  unitId: number;
  item: string;
  kind: 'serial' | 'lot' | 'run';
  code: string;
  uom: string;
  quantity: bigint;
}

/** The moves that bring what lies in bins below a place to the place itself: the hand that builds it in has brought it. */
export async function movesTo(
  q: Queryable,
  place: { placeId: number | null; place: string | null },
  taken: readonly Taken[],
  event: { id: string; at: string; workOrder?: string | undefined },
): Promise<object[]> {
  // One lot may be taken for several lines: together they need the sum.
  const byUnit = new Map<number, Taken>();
  for (const unit of taken.filter((one) => one.kind !== 'run')) {
    const before = byUnit.get(unit.unitId)?.quantity ?? 0n;
    byUnit.set(unit.unitId, { ...unit, quantity: before + unit.quantity });
  }
  const units = [...byUnit.values()];
  if (place.placeId === null || units.length === 0) return [];
  const within = await placesWithin(q, place.placeId);
  if (within.size === 1) return [];
  const present = await presentOf(
    q,
    units.map((unit) => unit.unitId),
  );
  const brought = bringing(
    place.placeId,
    new Set(within.keys()),
    units.map((unit) => ({
      unitId: unit.unitId,
      serial: unit.kind === 'serial',
      quantity: unit.quantity,
      stock: (present.get(unit.unitId)?.holdings ?? []).filter((h) => h.state === 'in-stock' || h.state === 'returned'),
    })),
  );
  return [...new Set(brought.map((one) => one.from))].map((from, n) => ({
    type: 'move',
    id: `${event.id}:move${n + 1}`,
    at: event.at,
    from: within.get(from),
    to: place.place,
    ...(event.workOrder !== undefined && { workOrder: event.workOrder }),
    units: brought
      .filter((row) => row.from === from)
      .map((row) => {
        const unit = units.find((one) => one.unitId === row.unitId)!;
        return {
          unit: unitRef(unit.item, unit.kind, unit.code),
          ...(row.quantity !== null && { quantity: { value: formatDecimal(row.quantity), uom: unit.uom } }),
        };
      }),
  }));
}
