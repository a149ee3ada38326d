/** Free stock, and which of it is taken first. Pure; quantities are nanos of the item's base unit, times ms UTC. */
import type { PlaceTree } from './place-tree';

export interface StockRow {
  unitId: number;
  itemId: number;
  item: string;
  itemName: string;
  category: string | null;
  uom: string;
  kind: 'serial' | 'lot' | 'run';
  code: string;
  state: string;
  placeId: number | null;
  container: string | null;
  /** null: not known */
  quantity: bigint | null;
  /** why it must not move on; empty is free */
  holds: { reason: string; ref: string | null }[];
  expiresMs: number | null;
  /** when it was made or came in */
  madeMs: number | null;
  /** when it came to where it is */
  movedMs: number | null;
}

/** In stock, not held, not expired, and some of it is there. What came back is not free until somebody says so. */
export function isFree(row: StockRow, nowMs: number): boolean {
  return (
    row.state === 'in-stock' &&
    row.kind !== 'run' &&
    row.holds.length === 0 &&
    (row.expiresMs === null || row.expiresMs > nowMs) &&
    (row.quantity === null || row.quantity > 0n)
  );
}

const last = (a: number | null, b: number | null): number => {
  if (a === b) return 0;
  if (a === null) return 1;
  return b === null ? -1 : a - b;
};

/** First to expire first; what does not expire after it; the oldest of those first. */
export function fefo(a: StockRow, b: StockRow): number {
  return last(a.expiresMs, b.expiresMs) || last(a.madeMs, b.madeMs) || a.unitId - b.unitId;
}

/** The oldest first. */
export function fifo(a: StockRow, b: StockRow): number {
  return last(a.madeMs, b.madeMs) || a.unitId - b.unitId;
}

/** Nearest first by the place tree, then first to expire, then the oldest; what has no place comes last. */
export function nearestFirst(tree: PlaceTree, near: number | null): (a: StockRow, b: StockRow) => number {
  const distance = (row: StockRow): number =>
    near === null ? 0 : row.placeId === null ? Infinity : tree.distance(near, row.placeId);
  return (a, b) => {
    const [one, other] = [distance(a), distance(b)];
    return (one === other ? 0 : one - other) || fefo(a, b);
  };
}

export interface Picked {
  row: StockRow;
  quantity: bigint | null;
}

/** Takes from the rows, in their order, until `wanted` is met. `missing` is what they do not hold. */
export function allocate(rows: readonly StockRow[], wanted: bigint): { picked: Picked[]; missing: bigint } {
  const picked: Picked[] = [];
  let missing = wanted;
  for (const row of rows) {
    if (missing <= 0n) break;
    // What is not known to be there is offered last of all, and counts for nothing.
    if (row.quantity === null) continue;
    const quantity = row.quantity < missing ? row.quantity : missing;
    picked.push({ row, quantity });
    missing -= quantity;
  }
  return { picked, missing };
}
