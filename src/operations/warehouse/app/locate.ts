import { formatDecimal, formatTime } from '@/kernel';
import { identities, presentOf, unitRef, type UnitRef, unitsScanned } from '@/ledger';
import type { Queryable } from '@/platform/db';
import { partnersById } from '@/reference/partners';
import { allPlaces } from '@/reference/places';
import { lastEvents, unitsOfItem } from '../db/last-events';
import { PlaceTree } from '../domain/place-tree';
import { pathOf } from './substitutes';

export interface Located {
  id: string;
  unit: UnitRef;
  name: string;
  held: { reason: string; ref: string | null }[];
  expires: string | null;
  where: {
    state: string;
    place: string | null;
    /** place codes from the site down */
    path: string[];
    customer: string | null;
    quantity: { value: string; uom: string } | null;
    /** when it came there, as far as recorded */
    since: string | null;
  }[];
  last: { event: string; type: string; at: string; by: string } | null;
}

const UNITS_MAX = 50;

/** Where everything is that a scanned or typed text may mean: units by any name of theirs, else the units of the item of that code. */
export async function locate(q: Queryable, text: string): Promise<{ data: Located[]; truncated: boolean }> {
  const named = (await unitsScanned(q, text)).map((unit) => unit.unitId);
  const ids = named.length > 0 ? named : await unitsOfItem(q, text, UNITS_MAX + 1);
  const shown = ids.slice(0, UNITS_MAX);
  const [units, present, last] = [await identities(q, shown), await presentOf(q, shown), await lastEvents(q, shown)];
  const tree = new PlaceTree(await allPlaces(q));
  const customers = await partnersById(
    q,
    [...present.values()].flatMap((one) => one.holdings.flatMap(({ customerId }) => customerId ?? [])),
  );
  const data = shown.map((id): Located => {
    const unit = units.get(id)!;
    const now = present.get(id)!;
    const latest = last.get(id);
    return {
      id: unit.id,
      unit: unitRef(unit.item, unit.kind, unit.code),
      name: unit.name,
      held: now.holds.map(({ reason, ref }) => ({ reason, ref })),
      expires: formatTime(now.expiresMs),
      where: now.holdings.map((holding) => ({
        state: holding.state,
        place: holding.placeId === null ? null : (tree.get(holding.placeId)?.code ?? null),
        path: holding.placeId === null ? [] : pathOf(tree, holding.placeId),
        customer: holding.customerId === null ? null : (customers.get(holding.customerId)?.code ?? null),
        quantity: holding.quantity === null ? null : { value: formatDecimal(holding.quantity), uom: unit.uom },
        since: formatTime(latest?.arrivals.get(holding.placeId ?? 0) ?? null),
      })),
      last: latest
        ? { event: `e${latest.eventId}`, type: latest.type, at: formatTime(latest.atMs), by: latest.actor }
        : null,
    };
  });
  return { data, truncated: ids.length > UNITS_MAX };
}
