/** How far an order is: what came or went is put to its lines. Pure; quantities in nanos of the item's base unit. */

export interface Wanted {
  line: string;
  itemId: number;
  quantity: bigint;
}

/** What came in or went out for an order. `line` null: only the order was named. */
export interface Delivery {
  line: string | null;
  itemId: number;
  /** null: the record does not say how much */
  quantity: bigint | null;
}

export interface LineProgress {
  line: string;
  done: bigint;
  /** something came whose quantity the record does not say */
  unknown: boolean;
}

export interface Progress {
  lines: Map<string, LineProgress>;
  /** deliveries that belong to no line: the item is not on the order, or the line is not */
  strays: Delivery[];
}

/**
 * Puts deliveries to lines. One that names its line counts there; one that names none fills the lines of its item in their
 * order, each up to what it wants, and the rest goes to the last of them, where it shows as over.
 */
export function progressOf(wanted: readonly Wanted[], deliveries: readonly Delivery[]): Progress {
  const lines = new Map<string, LineProgress>(
    wanted.map((w) => [w.line, { line: w.line, done: 0n, unknown: false }] as const),
  );
  const strays: Delivery[] = [];
  const loose: Delivery[] = [];
  for (const d of deliveries) {
    const own = d.line === null ? undefined : wanted.find((w) => w.line === d.line && w.itemId === d.itemId);
    if (own) count(lines.get(own.line)!, d.quantity);
    else loose.push(d);
  }
  for (const d of loose) {
    const of = wanted.filter((w) => w.itemId === d.itemId);
    const last = of.at(-1);
    if (!last) {
      strays.push(d);
      continue;
    }
    if (d.quantity === null) {
      count(lines.get(last.line)!, null);
      continue;
    }
    let rest = d.quantity;
    for (const w of of) {
      const line = lines.get(w.line)!;
      const room = w.quantity - line.done;
      const part = w === last ? rest : room <= 0n ? 0n : rest < room ? rest : room;
      line.done += part;
      rest -= part;
    }
  }
  return { lines, strays };
}

function count(line: LineProgress, quantity: bigint | null): void {
  if (quantity === null) line.unknown = true;
  else line.done += quantity;
}
