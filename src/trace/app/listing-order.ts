import type { NamedItem } from '@/ledger';
import { AFFECTED, TraceRows } from '../engine';
import { UNIT_KINDS } from './answer';
import { textAt, UnitColumns } from './unit-columns';

/** The rows in the order of lists: affected ones first, each part by item code, kind and code. */
export function listingOrder(columns: UnitColumns, rows: TraceRows, items: Map<number, NamedItem>): Int32Array {
  const groups = new Map<number, { key: string; affected: number[]; excluded: number[] }>();
  let last: { id: number; group: { affected: number[]; excluded: number[] } } | undefined;
  for (let row = 0; row < rows.length; row++) {
    const id = columns.itemId[row]! * UNIT_KINDS.length + columns.kind[row]!;
    if (last?.id !== id) {
      let group = groups.get(id);
      if (!group) {
        const item = items.get(columns.itemId[row]!)!;
        // A code never holds a NUL: no code of one item can reach into the kind of another.
        const key = `${item.code}\0${UNIT_KINDS[columns.kind[row]!]!}`;
        groups.set(id, (group = { key, affected: [], excluded: [] }));
      }
      last = { id, group };
    }
    (rows.verdict[row] === AFFECTED ? last.group.affected : last.group.excluded).push(row);
  }
  const sorted = [...groups.values()].sort((a, b) => (a.key < b.key ? -1 : 1));
  const order = new Int32Array(rows.length);
  let at = 0;
  for (const part of ['affected', 'excluded'] as const)
    for (const group of sorted) {
      order.set(byCode(columns, group[part]), at);
      at += group[part].length;
    }
  return order;
}

/** Codes mostly go up in the order in which units were made: then there is nothing to sort. */
function byCode(columns: UnitColumns, rows: readonly number[]): readonly number[] {
  const codes = rows.map((row) => textAt(columns.code, row));
  let inOrder = true;
  for (let i = 1; i < codes.length && inOrder; i++) inOrder = codes[i - 1]! <= codes[i]!;
  if (inOrder) return rows;
  const places = Array.from(rows, (_, i) => i);
  places.sort((a, b) => (codes[a]! < codes[b]! ? -1 : codes[a]! > codes[b]! ? 1 : 0));
  return places.map((i) => rows[i]!);
}
