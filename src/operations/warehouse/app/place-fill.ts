import { DomainError, formatDecimal } from '@/kernel';
import type { Queryable } from '@/platform/db';
import { allPlaces, type Capacity } from '@/reference/places';
import { stockAtPlaces } from '../db/stock';
import { fillOf } from '../domain/capacity';
import { PlaceTree } from '../domain/place-tree';
import type { StockRow } from '../domain/stock';

export interface PlaceFill {
  place: string;
  name: string;
  kind: string;
  parent: string | null;
  depth: number;
  capacity: Capacity | null;
  /** of this place and all below it */
  units: number;
  held: number;
  quantity: { value: string; uom: string } | null;
  percent: number | null;
}

/** The tree in walking order, each place with what lies in it and below it. Throws UNKNOWN_PLACE. */
export async function placesWithFill(q: Queryable, top: string | undefined): Promise<{ data: PlaceFill[] }> {
  const tree = new PlaceTree(await allPlaces(q));
  const from = top === undefined ? null : tree.named(top);
  if (from === undefined) throw new DomainError('UNKNOWN_PLACE', { place: top });
  const walk = tree.walk();
  const places = (from ? tree.within(from.placeId) : tree.below(null).flatMap((one) => tree.within(one.placeId))).sort(
    (a, b) => walk.get(a.placeId)! - walk.get(b.placeId)!,
  );
  const stock = await stockAtPlaces(
    q,
    places.map((place) => place.placeId),
  );
  const content = new Map<number, StockRow[]>();
  for (const row of stock)
    for (const above of tree.up(row.placeId!)) content.set(above.placeId, [...(content.get(above.placeId) ?? []), row]);
  return {
    data: places.map((place) => {
      const rows = content.get(place.placeId) ?? [];
      const fill = fillOf(place.capacity, rows);
      return {
        place: place.code,
        name: place.name,
        kind: place.kind,
        parent: place.parent,
        depth: tree.up(place.placeId).length - 1,
        capacity: place.capacity,
        units: fill.units,
        held: new Set(rows.filter((row) => row.holds.length > 0).map((row) => row.unitId)).size,
        quantity:
          fill.quantity === null || !place.capacity?.quantity
            ? null
            : { value: formatDecimal(fill.quantity), uom: place.capacity.quantity.uom },
        percent: fill.percent,
      };
    }),
  };
}
