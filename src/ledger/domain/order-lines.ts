/** How receipts and shipments fill the lines of an order. Pure. */

/** Quantities in nanos of the item's base unit; null is unknown. */
export interface LineState {
  ordered: bigint;
  expected: bigint;
  received: bigint | null;
  shipped: bigint | null;
  returned: bigint | null;
}

interface Line extends LineState {
  direction: string;
  document: string | null;
  line: string;
  itemId: number;
}

export interface Part {
  direction: string;
  document: string;
  /** null: whichever line of the item is open */
  line: string | null;
  part: 'received' | 'shipped' | 'returned';
  itemId: number;
  quantity: bigint | null;
}

/**
 * Books each part on its line. One that names no line, or none that there is, fills the lines of its item in their order; the
 * last takes what is over: an over-delivery shows, it is not lost. Items that were not ordered have no line to show on.
 */
export function allocate(lines: readonly Line[], parts: readonly Part[]): void {
  const named = (p: Part) => lines.find((l) => sameItem(l, p) && l.line === p.line);
  const loose = parts.filter((p) => {
    const line = named(p);
    if (line) line[p.part] = plus(line[p.part], p.quantity);
    return !line;
  });
  for (const p of loose) {
    const open = lines.filter((l) => sameItem(l, p));
    if (p.quantity === null) {
      for (const l of open) l[p.part] = null;
      continue;
    }
    let left = p.quantity;
    open.forEach((l, i) => {
      const already = l[p.part];
      const room = already === null ? 0n : max(wantedOf(l, p.part) - already, 0n);
      const taken = i === open.length - 1 ? left : left < room ? left : room;
      l[p.part] = plus(already, taken);
      left -= taken;
    });
  }
}

/** What comes back can only be what went out. */
function wantedOf(l: Line, part: Part['part']): bigint {
  if (part === 'returned') return (l.direction === 'purchase' ? l.received : l.shipped) ?? 0n;
  return max(l.ordered, l.expected);
}

const sameItem = (l: Line, p: Part) =>
  l.direction === p.direction && l.document === p.document && l.itemId === p.itemId;
const max = (a: bigint, b: bigint) => (a > b ? a : b);
const plus = (a: bigint | null, b: bigint | null) => (a === null || b === null ? null : a + b);
