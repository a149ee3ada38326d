/** From a BOM revision to the lines of one build, in base units for all that is built. Pure. */
import { formatDecimal, parseDecimal, toBase } from '@/kernel';

export type Tracking = 'serial' | 'lot' | 'none';

/** A line of a build, as its row keeps it: `needed` is a decimal of the component's base unit for the whole build. */
export interface BuildLine {
  line: number;
  item: string;
  itemId: number;
  name: string;
  tracking: Tracking;
  needed: string;
  uom: string;
  position: string | null;
  substitutes: { item: string; itemId: number }[];
}

interface Revision {
  revision: string;
  fromMs: number | null;
  untilMs: number | null;
}

/** The named revision, or the one in force at a time; of several in force the one that came into force last. */
export function pickRevision<R extends Revision>(all: readonly R[], named: string | null, atMs: number): R | null {
  if (named !== null) return all.find((one) => one.revision === named) ?? null;
  return inForce(all, atMs)[0] ?? null;
}

/** The revisions in force at a time, the latest first. */
export function inForce<R extends Revision>(all: readonly R[], atMs: number): R[] {
  return all
    .filter((one) => (one.fromMs ?? -Infinity) <= atMs && atMs < (one.untilMs ?? Infinity))
    .sort((a, b) => (b.fromMs ?? -Infinity) - (a.fromMs ?? -Infinity) || (a.revision < b.revision ? 1 : -1));
}

interface BomLine {
  component: string;
  componentId: number;
  tracking: Tracking;
  quantity: string;
  uom: string;
  position?: string;
  substitutes?: string[];
}
interface Component {
  itemId: number;
  name: string;
  uom: string;
  factors: Record<string, string> | null;
}

/** Lines for `built` base units (nanos) of the parent, counted from 1 in the order of the BOM. */
export function linesFor(lines: readonly BomLine[], items: ReadonlyMap<string, Component>, built: bigint): BuildLine[] {
  return lines.map((row, index) => {
    const item = items.get(row.component)!;
    const each = toBase(row.quantity, row.uom, { item: row.component, uom: item.uom, factors: item.factors });
    return {
      line: index + 1,
      item: row.component,
      itemId: row.componentId,
      name: item.name,
      tracking: row.tracking,
      needed: formatDecimal((each * built) / parseDecimal('1')),
      uom: item.uom,
      position: row.position ?? null,
      substitutes: (row.substitutes ?? []).flatMap((code) => {
        const other = items.get(code);
        return other ? [{ item: code, itemId: other.itemId }] : [];
      }),
    };
  });
}
