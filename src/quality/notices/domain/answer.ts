/** What a consignee says of a line: how much of it was found, sold, destroyed, returned. Pure. */
import { DomainError, formatDecimal, parseDecimal } from '@/kernel';

export const AMOUNTS = ['found', 'sold', 'destroyed', 'returned'] as const;
export const RESTS = ['none', ...AMOUNTS] as const;
export type Rest = (typeof RESTS)[number];

/** Decimal texts in the line's unit of measure; what is not said is zero. */
export type SaidAmounts = { [A in (typeof AMOUNTS)[number]]?: string | undefined } & { note?: string | undefined };

/** Exact decimal texts. Throws QUANTITY_INVALID: no number, or one below zero. */
export function readAmounts(
  said: SaidAmounts,
  line: string,
): Record<(typeof AMOUNTS)[number], string> & { note: string | null } {
  const read = (name: (typeof AMOUNTS)[number]): string => {
    const value = said[name]?.trim();
    if (value === undefined || value === '') return '0';
    const exact = parseDecimal(value);
    if (exact < 0n)
      throw new DomainError('QUANTITY_INVALID', { value, reason: `${name} of ${line} cannot be below zero.` });
    return formatDecimal(exact);
  };
  return {
    found: read('found'),
    sold: read('sold'),
    destroyed: read('destroyed'),
    returned: read('returned'),
    note: said.note?.trim() || null,
  };
}
