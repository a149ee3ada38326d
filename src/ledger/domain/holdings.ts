/** Where a unit is, folded from its movements in the order of time: pure, whatever the order in which they were recorded. */
import type { Role } from './draft';
import { Fold, HoldingMovement, Holdings, RANK } from './holding';
import { LotFold, SavedLot } from './lot-fold';
import { SerialFold } from './serial-fold';

export type { Holding, HoldingMovement, Holdings, HoldingState } from './holding';

/** The roles that change where a unit is, how much of it, and what it is packed in. */
export const MOVES: ReadonlySet<Role> = new Set<Role>([
  'made',
  'used',
  'installed',
  'removed',
  'cleaned-out',
  'moved-out',
  'moved-in',
  'shipped',
  'returned',
  'scrapped',
  'packed',
  'unpacked',
  'counted',
  'adjusted',
]);

/** `opening`: of a lot or run, what all that was before these movements came to. */
export function foldHoldings(
  movements: readonly HoldingMovement[],
  kind: 'serial' | 'lot' | 'run',
  opening?: SavedLot,
): Holdings {
  const fold = kind === 'serial' ? new SerialFold() : new LotFold();
  if (opening && fold instanceof LotFold) fold.restore(opening);
  // What changes nothing must not decide in which order the rest happened.
  const moving = movements.every((m) => MOVES.has(m.role)) ? movements : movements.filter((m) => MOVES.has(m.role));
  inOrder(moving, fold);
  return fold.result();
}

/** Above this many movements that may have been at one time, their order is taken by rank alone: the search grows with the square. */
const UNORDERED_MAX = 2_000;

/**
 * Applies movements in the order of time. Where times overlap (one moment, or a day that is known without its hour) that one
 * comes next which can follow on what was before: a bike is shipped and then comes back, a part is built in and then out.
 */
export function inOrder(movements: readonly HoldingMovement[], fold: Pick<Fold, 'fits' | 'apply'>): void {
  const sorted = [...movements].sort(inTime);
  let window: HoldingMovement[] = [];
  let next = 0;
  while (next < sorted.length || window.length > 0) {
    // What may be first: whatever begins before the earliest end of all that is left.
    let limit = window.reduce((min, m) => Math.min(min, m.atUntil), Infinity);
    while (next < sorted.length && sorted[next]!.atFrom < limit) {
      limit = Math.min(limit, sorted[next]!.atUntil);
      window.push(sorted[next++]!);
    }
    if (window.length === 1) {
      fold.apply(window.pop()!);
      continue;
    }
    const candidates = window.filter((m) => m.atFrom < limit);
    if (candidates.length > UNORDERED_MAX) {
      for (const m of candidates.sort((a, b) => RANK[a.role] - RANK[b.role])) fold.apply(m);
      window = window.filter((m) => m.atFrom >= limit);
      continue;
    }
    // What takes all that is there is the last of its kind: a quantity that was named came before.
    const cost = (m: HoldingMovement) => (fold.fits(m) ? 0 : 100) + RANK[m.role] + (m.quantity === null ? 0.5 : 0);
    const first = candidates.reduce((best, m) => (cost(m) < cost(best) ? m : best));
    window.splice(window.indexOf(first), 1);
    fold.apply(first);
  }
}

/** What does not come of the times comes of what is said, never of the order of arrival. */
function inTime(a: HoldingMovement, b: HoldingMovement): number {
  return (
    a.atFrom - b.atFrom ||
    RANK[a.role] - RANK[b.role] ||
    a.atUntil - b.atUntil ||
    compare(a.quantity ?? -1n, b.quantity ?? -1n) ||
    (a.placeId ?? 0) - (b.placeId ?? 0) ||
    (a.partnerId ?? 0) - (b.partnerId ?? 0)
  );
}

const compare = (a: bigint, b: bigint): number => (a < b ? -1 : a > b ? 1 : 0);
