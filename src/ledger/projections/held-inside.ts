/**
 * What left or went into something while a part in it was on hold: a bike with a held battery, a build from a feeder with a held
 * reel. Nothing is refused of what has happened; everybody is to know.
 */
import type { Queryable } from '@/platform/db';
import { aroundHeld } from '../db/touched';
import type { Gap } from '../domain/gaps';
import { heldInsideGap } from '../domain/gaps';
import { holdsOf, movementsOf, RecordedHold, RecordedMovement } from '../genealogy/facts';
import { linkParts } from '../genealogy/link-parts';
import { linksInto } from '../genealogy/links';
import { identities, type UnitIdentity } from '../queries';

/** The movements of one unit by which what is in it goes along, and what is known so far to be in it then. */
interface Going {
  unitId: number;
  movement: RecordedMovement;
  /** in this one it is looked for next */
  within: number;
}

const GOES = new Set(['shipped', 'used', 'installed']);

/** `given`: movements of these units, where not all of them are asked about. */
export async function heldInsideGaps(
  q: Queryable,
  position: number,
  unitIds: readonly number[],
  given?: ReadonlyMap<number, readonly RecordedMovement[]>,
): Promise<{ unitId: number; gap: Gap }[]> {
  const around = await aroundHeld(q, unitIds);
  if (around.length === 0) return [];
  const movements = given
    ? around.flatMap((id) => given.get(id) ?? [])
    : await movementsOf(q, position, around, { types: false });
  const going = movements
    .filter((m) => GOES.has(m.role))
    .map((movement): Going => ({ unitId: movement.unitId, movement, within: movement.unitId }));
  const inside = await contentOf(q, position, going);
  const ids = [...new Set(inside.map((g) => g.within))];
  const holds = new Map<number, RecordedHold[]>();
  for (const h of await holdsOf(q, position, ids)) holds.set(h.unitId, [...(holds.get(h.unitId) ?? []), h]);
  const names = await identities(q, [...ids, ...around]);
  return inside.flatMap(({ unitId, movement, within }) => {
    const hold = holds.get(within)?.find((h) => binds(h, movement));
    if (!hold) return [];
    const gap = heldInsideGap(nameOf(names.get(unitId)!), nameOf(names.get(within)!), movement, hold);
    return gap ? [{ unitId, gap }] : [];
  });
}

/** How sentences name a unit: "lot RM-100 L-1". */
export function nameOf({ item, kind, code }: UnitIdentity): string {
  return `${kind} ${item} ${code}`;
}

const binds = ({ atMs, releasedMs }: RecordedHold, m: RecordedMovement): boolean =>
  atMs <= m.atFrom && (releasedMs === null || m.atUntil <= releasedMs);

/** What was installed, at the time of each movement, in what goes, and in what is in that; each unit once. */
async function contentOf(q: Queryable, position: number, roots: readonly Going[]): Promise<Going[]> {
  const found = new Map<string, Going>();
  for (let level = roots; level.length > 0;) {
    const by = new Map<number, Going[]>();
    for (const g of [...level].sort((a, b) => a.movement.atFrom - b.movement.atFrom)) {
      const own = by.get(g.within);
      if (own) own.push(g);
      else by.set(g.within, [g]);
    }
    const next: Going[] = [];
    for (const link of await linksInto(q, position, [...by.keys()])) {
      if (link.mode !== 1) continue;
      const own = by.get(link.output)!;
      for (const part of linkParts(link, undefined)) {
        // A feeder has thousands of reels and of draws: only those of one another's time are looked at.
        for (let at = firstFrom(own, part.from); at < own.length && own[at]!.movement.atFrom < part.until; at++) {
          const { unitId, movement } = own[at]!;
          const key = `${unitId} ${movement.movementId} ${link.input}`;
          if (link.input === unitId || found.has(key)) continue;
          const going = { unitId, movement, within: link.input };
          found.set(key, going);
          next.push(going);
        }
      }
    }
    level = next;
  }
  return [...found.values()];
}

/** The place of the first that is at or after the time; they are in the order of time. */
function firstFrom(going: readonly Going[], time: number): number {
  let low = 0;
  let high = going.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (going[middle]!.movement.atFrom < time) low = middle + 1;
    else high = middle;
  }
  return low;
}
