/** Where the goods of an order line are now, by what became of them. Pure; nanos of the base unit, null is unknown. */

export const WHERE = ['in-stock', 'on-hold', 'in-work', 'used', 'shipped', 'scrapped', 'unknown'] as const;
export type Where = (typeof WHERE)[number];
export type Whereabouts = Partial<Record<Where, { units: number; quantity: bigint | null }>>;

export interface Stay {
  state: string;
  quantity: bigint | null;
  held: boolean;
}

const STATES: Readonly<Record<string, Where>> = {
  'in-stock': 'in-stock',
  returned: 'in-stock',
  'in-work': 'in-work',
  used: 'used',
  shipped: 'shipped',
  scrapped: 'scrapped',
};

/** Adds up the holdings of units; a unit that is in two states counts in both. */
export function whereaboutsOf(units: readonly (readonly Stay[])[]): Whereabouts {
  const found: Whereabouts = {};
  for (const stays of units) {
    const seen = new Set<Where>();
    for (const stay of stays) {
      const plain = STATES[stay.state] ?? 'unknown';
      const where = plain === 'in-stock' && stay.held ? 'on-hold' : plain;
      const sum = (found[where] ??= { units: 0, quantity: 0n });
      if (!seen.has(where)) sum.units++;
      seen.add(where);
      sum.quantity = sum.quantity === null || stay.quantity === null ? null : sum.quantity + stay.quantity;
    }
  }
  return found;
}
