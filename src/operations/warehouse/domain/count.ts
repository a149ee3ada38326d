/** What was counted beside what the record says. Pure; quantities are nanos of the item's base unit. */

export interface Counted {
  unitId: number;
  placeId: number;
  quantity: bigint;
}

export interface Expected extends Omit<Counted, 'quantity'> {
  /** null: the record does not know */
  quantity: bigint | null;
}

export interface Difference {
  unitId: number;
  placeId: number;
  expected: bigint | null;
  counted: bigint;
  /** over the limit above which somebody else counts again */
  over: boolean;
}

const key = (one: { unitId: number; placeId: number }): string => `${one.unitId} ${one.placeId}`;

/** Every unit at every place that differs: what is missing was counted as none. `limitPercent` 100: nothing is ever over. */
export function differences(
  expected: readonly Expected[],
  counted: readonly Counted[],
  limitPercent: number,
): Difference[] {
  const known = new Map<string, Expected>();
  for (const one of expected) {
    const before = known.get(key(one));
    const quantity = !before
      ? one.quantity
      : before.quantity === null || one.quantity === null
        ? null
        : before.quantity + one.quantity;
    known.set(key(one), { ...one, quantity });
  }
  const found = new Map(counted.map((one) => [key(one), one]));
  const all = new Map<string, { unitId: number; placeId: number }>([...known, ...found]);
  return [...all].flatMap(([name, { unitId, placeId }]) => {
    const before = known.get(name);
    const was = before ? before.quantity : 0n;
    const is = found.get(name)?.quantity ?? 0n;
    if (was === is) return [];
    return [{ unitId, placeId, expected: was, counted: is, over: isOver(was, is, limitPercent) }];
  });
}

function isOver(was: bigint | null, is: bigint, limitPercent: number): boolean {
  if (limitPercent >= 100) return false;
  // What was not known cannot be far off; what was not there at all is.
  if (was === null) return false;
  const apart = was > is ? was - is : is - was;
  return was === 0n || apart * 100n > was * BigInt(limitPercent);
}
