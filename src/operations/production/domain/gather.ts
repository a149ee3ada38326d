/** What must be brought from bins below the place of a build to the place itself before it can be built in. Pure. */
interface Stock {
  placeId: number | null;
  quantity: bigint | null;
}
export interface Needed {
  unitId: number;
  serial: boolean;
  quantity: bigint;
  stock: readonly Stock[];
}
export interface Bring {
  unitId: number;
  from: number;
  /** null: the piece itself */
  quantity: bigint | null;
}

/** What lies at the place itself, or nowhere in particular, is taken first; then what is below it. */
export function bringing(placeId: number, within: ReadonlySet<number>, needed: readonly Needed[]): Bring[] {
  const below = (s: Stock): s is Stock & { placeId: number } =>
    s.placeId !== null && s.placeId !== placeId && within.has(s.placeId);
  return needed.flatMap(({ unitId, serial, quantity, stock }): Bring[] => {
    if (serial) return stock.filter(below).map((s) => ({ unitId, from: s.placeId, quantity: null }));
    const here = stock.filter((s) => s.placeId === null || s.placeId === placeId);
    if (here.some((s) => s.quantity === null)) return [];
    let open = quantity - here.reduce((sum, s) => sum + s.quantity!, 0n);
    return stock.filter(below).flatMap((s) => {
      if (open <= 0n) return [];
      const take = s.quantity === null || s.quantity > open ? open : s.quantity;
      open -= take;
      return take > 0n ? [{ unitId, from: s.placeId, quantity: take }] : [];
    });
  });
}
