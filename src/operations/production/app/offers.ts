import { parseDecimal } from '@/kernel';
import type { UnitRef } from '@/ledger';
import { substitutesFor } from '@/operations/warehouse';
import type { Queryable } from '@/platform/db';
import { Build, takenElsewhere } from '../db/builds';
import type { BuildLine } from '../domain/bom-lines';

/** Free stock that could fill a line: how much, and where. */
export interface Offer {
  id: string;
  unit: UnitRef;
  item: string;
  /** same: the component of the line itself; substitute: approved for it */
  why: 'same' | 'substitute';
  place: string | null;
  quantity: { value: string; uom: string } | null;
  expires: string | null;
}

const OFFERS_MAX = 10;

/** Free stock of a line's component, then of its approved substitutes: the nearest first, then what expires first. */
export async function offersFor(
  q: Queryable,
  build: Build,
  line: BuildLine,
  except: number | null = null,
  max = OFFERS_MAX,
): Promise<Offer[]> {
  const allowed = [line.item, ...line.substitutes.map((s) => s.item)];
  const { data } = await substitutesFor(q, line.item, {
    for: build.item,
    ...(build.place !== null && { near: build.place }),
    ...(except !== null && { except }),
  });
  const ids = data.map((one) => Number(one.id.slice(1)));
  const taken = await takenElsewhere(q, build.buildId, ids);
  const offers = data.flatMap((one, index): Offer[] => {
    const item = one.unit.item;
    const others = taken.filter((t) => t.unitId === ids[index]);
    const reserved = others.reduce((sum, t) => sum + (t.quantity === null ? 0n : parseDecimal(t.quantity)), 0n);
    const gone = others.length > 0 && one.quantity !== null && parseDecimal(one.quantity.value) <= reserved;
    if (!allowed.includes(item) || gone) return [];
    const { id, unit, place, quantity, expires } = one;
    return [{ id, unit, item, why: item === line.item ? 'same' : 'substitute', place, quantity, expires }];
  });
  // What the line itself names comes before what stands in for it; the order within is the warehouse's.
  return [...offers.filter((o) => o.why === 'same'), ...offers.filter((o) => o.why === 'substitute')].slice(0, max);
}
