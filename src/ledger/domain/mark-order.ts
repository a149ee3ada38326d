/**
 * The order of a serial's marks. Precise times decide; at one time a removal comes before a cleaning before an installation
 * before a consumption. Where a time is known only by its day, the order with the fewest gaps is taken: out of A and into B
 * on the same date is legal, whichever was recorded first. Pure, and the same for any order of arrival.
 */
import type { Mark } from './installations';

/** At one time: what was taken out by itself, then what a cleaning found, then what came in, then what was used up. */
const RANK = { remove: 0, clean: 1, install: 2, consume: 3 };
/** Marks that overlap are tried in every order up to this many (5,040 orders); beyond it, by their earliest times. */
const TRIED_MAX = 7;

const compareText = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
export const isCoarse = (m: Mark) => m.until - m.from > 1;
export const sharesParent = (a: Mark, b: Mark) => a.parents.some((p) => b.parents.includes(p));
export const takesOut = (m: Mark) => m.kind === 'remove' || m.kind === 'clean';

export function inTime(a: Mark, b: Mark): number {
  return (
    a.from - b.from ||
    RANK[a.kind] - RANK[b.kind] ||
    a.until - b.until ||
    compareText(a.key, b.key) ||
    compareText(a.slot ?? '', b.slot ?? '')
  );
}

/** Where a serial is after some marks, and how many gaps that took. */
interface Path {
  inside: Mark | null;
  /** installations whose removal was not recorded */
  loose: readonly Mark[];
  gaps: number;
  order: readonly Mark[];
}

/** `ownerOf`: for an end that an installation states itself, that installation. */
export function sequence(marks: readonly Mark[], ownerOf: (m: Mark) => Mark | undefined): Mark[] {
  const sorted = [...marks].sort(inTime);
  // One path for each parent in which the serial can be: which is best shows only later.
  let paths: Path[] = [{ inside: null, loose: [], gaps: 0, order: [] }];
  for (const cluster of clusters(sorted)) {
    const ended = new Map<Mark | null, Path>();
    const keep = (path: Path) => {
      const known = ended.get(path.inside);
      if (!known || path.gaps < known.gaps) ended.set(path.inside, path);
    };
    for (const path of paths) {
      if (cluster.length > TRIED_MAX) keep(cluster.reduce((p, m) => after(p, m, ownerOf), path));
      else tryOrders(path, cluster, ownerOf, keep);
    }
    paths = [...ended.values()];
  }
  return [...paths.reduce((best, path) => (path.gaps < best.gaps ? path : best)).order];
}

/** Runs of marks whose times overlap: only inside such a run can the order differ. */
function clusters(sorted: readonly Mark[]): Mark[][] {
  const out: Mark[][] = [];
  let until = -Infinity;
  for (const m of sorted) {
    if (m.from >= until) out.push([]);
    out[out.length - 1]!.push(m);
    until = Math.max(until, m.until);
  }
  return out;
}

function tryOrders(
  path: Path,
  rest: readonly Mark[],
  ownerOf: (m: Mark) => Mark | undefined,
  keep: (p: Path) => void,
): void {
  if (rest.length === 0) return keep(path);
  for (const m of rest) {
    if (rest.some((other) => other !== m && isBefore(other, m, ownerOf))) continue;
    tryOrders(
      after(path, m, ownerOf),
      rest.filter((other) => other !== m),
      ownerOf,
      keep,
    );
  }
}

function isBefore(a: Mark, b: Mark, ownerOf: (m: Mark) => Mark | undefined): boolean {
  if (ownerOf(a) === b) return false;
  if (ownerOf(b) === a) return true;
  if (a.from === b.from && !isCoarse(a) && !isCoarse(b)) return RANK[a.kind] < RANK[b.kind];
  return a.until <= b.from;
}

function after({ inside, loose, gaps, order }: Path, m: Mark, ownerOf: (m: Mark) => Mark | undefined): Path {
  const owner = ownerOf(m);
  const ends = (i: Mark) => (owner ? owner === i : takesOut(m) && sharesParent(m, i));
  const bounded = loose.filter((i) => !ends(i));
  const next = { inside, loose: bounded, gaps, order: [...order, m] };
  if (inside && ends(inside)) return { ...next, inside: null };
  if (m.kind === 'clean') return next;
  // It is marked elsewhere while its removal from where it was is not recorded.
  const left = inside ? { loose: [...bounded, inside], gaps: gaps + 1 } : { loose: bounded, gaps };
  if (m.kind !== 'remove') return { ...next, ...left, inside: m.kind === 'install' ? m : null };
  const orphan = bounded.length === loose.length;
  return { ...next, inside: null, loose: left.loose, gaps: left.gaps + (orphan ? 1 : 0) };
}
