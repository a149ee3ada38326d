import { DomainError, formatDecimal, formatTime, parseDecimal } from '@/kernel';
import { unitRef, type UnitRef } from '@/ledger';
import type { Queryable } from '@/platform/db';
import { bomsNaming, itemsByCode } from '@/reference/catalog';
import { allPlaces } from '@/reference/places';
import { stockOfItems } from '../db/stock';
import { PlaceTree } from '../domain/place-tree';
import { allocate, isFree, nearestFirst } from '../domain/stock';
import { alternatesOf, type Reason } from '../domain/substitutes';

export interface SubstituteOptions {
  /** place code: what is nearest to it comes first */
  near?: string;
  /** what is needed, in the base unit of the item */
  quantity?: string;
  /** the item that it goes into: only what that item's BOM allows */
  for?: string;
  /** the unit that cannot be used: itself no substitute for itself */
  except?: number;
  nowMs?: number;
}

export interface Substitute {
  id: string;
  unit: UnitRef;
  name: string;
  quantity: { value: string; uom: string } | null;
  place: string | null;
  /** place codes from the site down */
  path: string[];
  /** how many levels of the place tree lie between; null without `near` */
  distance: number | null;
  madeAt: string | null;
  ageDays: number | null;
  expires: string | null;
  because: Reason[];
}

export interface Substitutes {
  item: string;
  data: Substitute[];
  /** free of the item itself, and of its alternates, in base units where those are the same */
  needed: string | null;
  covered: boolean | null;
}

const SUBSTITUTES_MAX = 50;
const DAY_MS = 86_400_000;

/**
 * The free stock of an item and of what is approved in its place, nearest first, then first to expire, then the oldest; at most
 * 50 rows. Throws UNKNOWN_ITEM, UNKNOWN_PLACE.
 */
export async function substitutesFor(
  q: Queryable,
  item: string,
  options: SubstituteOptions = {},
): Promise<Substitutes> {
  const nowMs = options.nowMs ?? Date.now();
  const boms = await bomsNaming(q, item);
  const reasons = alternatesOf(item, boms, nowMs, options.for);
  const items = await itemsByCode(q, [...reasons.keys()]);
  const own = items.get(item);
  if (!own) throw new DomainError('UNKNOWN_ITEM', { item });
  const tree = new PlaceTree(await allPlaces(q));
  const near = options.near === undefined ? null : tree.named(options.near);
  if (near === undefined) throw new DomainError('UNKNOWN_PLACE', { place: options.near });
  const stock = await stockOfItems(
    q,
    [...items.values()].map((one) => one.itemId),
  );
  const free = stock
    .filter((row) => isFree(row, nowMs) && row.unitId !== options.except)
    .sort(nearestFirst(tree, near?.placeId ?? null));
  const wanted = options.quantity === undefined ? null : parseDecimal(options.quantity);
  const comparable = free.filter((row) => row.uom === own.uom);
  return {
    item,
    needed: options.quantity ?? null,
    covered: wanted === null ? null : allocate(comparable, wanted).missing === 0n,
    data: free.slice(0, SUBSTITUTES_MAX).map((row) => ({
      id: `u${row.unitId}`,
      unit: unitRef(row.item, row.kind, row.code),
      name: row.itemName,
      quantity: row.quantity === null ? null : { value: formatDecimal(row.quantity), uom: row.uom },
      place: row.placeId === null ? null : (tree.get(row.placeId)?.code ?? null),
      path: row.placeId === null ? [] : pathOf(tree, row.placeId),
      distance: near && row.placeId !== null ? tree.distance(near.placeId, row.placeId) : null,
      madeAt: formatTime(row.madeMs),
      ageDays: row.madeMs === null ? null : Math.max(0, Math.floor((nowMs - row.madeMs) / DAY_MS)),
      expires: formatTime(row.expiresMs),
      because: reasons.get(row.item) ?? [],
    })),
  };
}

export function pathOf(tree: PlaceTree, placeId: number): string[] {
  return tree
    .up(placeId)
    .reverse()
    .map((place) => place.code);
}
