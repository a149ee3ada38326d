/** Whether a place can take what is to come. Pure. */
import { parseDecimal, toBase } from '@/kernel';
import type { StockRow } from './stock';

interface Capacity {
  units?: number;
  quantity?: { value: string; uom: string };
  categories?: string[];
  full?: 'warn' | 'refuse';
}

export interface Fill {
  units: number;
  /** in the unit of measure of the capacity, nanos; null where it has none */
  quantity: bigint | null;
  /** the fuller of both, in percent; null where the place has no limit */
  percent: number | null;
}

type Content = Pick<StockRow, 'unitId' | 'item' | 'uom' | 'category' | 'quantity'>;

/** How full it is. What is measured in another dimension than the limit does not count towards it. */
export function fillOf(capacity: Capacity | null, content: readonly Content[]): Fill {
  const units = new Set(content.map((row) => row.unitId)).size;
  const limit = capacity?.quantity;
  const quantity = limit ? content.reduce((sum, row) => sum + inUom(row, limit.uom), 0n) : null;
  const shares = [
    ...(capacity?.units === undefined ? [] : [(units * 100) / capacity.units]),
    ...(limit && quantity !== null ? [Number((quantity * 100n) / parseDecimal(limit.value))] : []),
  ];
  return { units, quantity, percent: shares.length > 0 ? Math.round(Math.max(...shares)) : null };
}

function inUom(row: Content, uom: string): bigint {
  if (row.quantity === null) return 0n;
  try {
    // From base unit to the limit's: as if the limit's were the base.
    return (row.quantity * toBase('1', row.uom, { item: row.item, uom })) / 1_000_000_000n;
  } catch {
    return 0n;
  }
}

export type Misfit = { why: 'full' | 'category'; refuse: boolean };

/** Why `incoming` does not fit into a place that holds `content`; null when it does. */
export function misfit(
  capacity: Capacity | null,
  content: readonly Content[],
  incoming: readonly Content[],
): Misfit | null {
  if (!capacity) return null;
  const refuse = capacity.full === 'refuse';
  const { categories } = capacity;
  if (categories && incoming.some((row) => row.category === null || !categories.includes(row.category)))
    return { why: 'category', refuse };
  const { units, quantity } = fillOf(capacity, [...content, ...incoming]);
  if (capacity.units !== undefined && units > capacity.units) return { why: 'full', refuse };
  if (capacity.quantity && quantity !== null && quantity > parseDecimal(capacity.quantity.value))
    return { why: 'full', refuse };
  return null;
}
