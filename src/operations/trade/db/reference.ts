/** From the codes that people write to what they mean; each unknown one is told by name. */
import { DomainError } from '@/kernel';
import type { Queryable } from '@/platform/db';
import { type Item, itemsByCode } from '@/reference/catalog';
import { type Partner, partnersByCode } from '@/reference/partners';
import { placesByCode, type ZonedPlace } from '@/reference/places';

/** Throws UNKNOWN_PARTNER. */
export async function partnerOf(q: Queryable, code: string): Promise<Partner> {
  const partner = (await partnersByCode(q, [code])).get(code);
  if (!partner) throw new DomainError('UNKNOWN_PARTNER', { partner: code });
  return partner;
}

/** For a list that is asked for one partner: none asked for is none, and of one that nobody knows there is nothing. */
export async function partnerAsked(q: Queryable, code: string | undefined): Promise<number | undefined> {
  if (code === undefined) return undefined;
  return (await partnersByCode(q, [code])).get(code)?.partnerId ?? -1;
}

/** Throws UNKNOWN_PLACE. */
export async function placeOf(q: Queryable, code: string): Promise<ZonedPlace> {
  const place = (await placesByCode(q, [code])).get(code);
  if (!place) throw new DomainError('UNKNOWN_PLACE', { place: code });
  return place;
}

/** Throws UNKNOWN_ITEM. */
export async function itemsOf(q: Queryable, codes: readonly string[]): Promise<Map<string, Item>> {
  const items = await itemsByCode(q, codes);
  for (const code of codes) if (!items.has(code)) throw new DomainError('UNKNOWN_ITEM', { item: code });
  return items;
}
