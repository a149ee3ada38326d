/**
 * What lots inherit that were split off from others, or merged out of them: the holds that were open on a source at that time,
 * and the earliest expiry. Worked out from all that is recorded, so that the order of arrival changes nothing. Pure.
 */
import { isLater } from './unit-fold';

/** A split or merge. Half-open times in ms UTC. */
export interface Division {
  eventId: number;
  from: number;
  until: number;
  sources: readonly number[];
  targets: readonly number[];
}

/** A hold that was placed on a unit itself. */
export interface PlacedHold {
  holdId: number;
  from: number;
  /** when each of its releases was over */
  released: readonly number[];
}

export interface StatedExpiry {
  amended: boolean;
  from: number;
  until: number;
  /** natural key of the event: which of two amendments at one time counts */
  key: string;
  expiresMs: number;
}

/** What a unit has of its own. */
export interface Bearer {
  /** first making; null while nothing made it */
  madeMs: number | null;
  holds: readonly PlacedHold[];
  expiries: readonly StatedExpiry[];
}

/** A hold that a unit has from the source of a division. */
export interface Copy {
  /** the hold that was placed at first, however often it was handed on since */
  rootId: number;
  eventId: number;
  unitId: number;
}

export interface InheritedExpiry {
  eventId: number;
  unitId: number;
  expiresMs: number;
}

export const copyKey = (c: Copy): string => `${c.rootId} ${c.eventId} ${c.unitId}`;

const NOTHING: Bearer = { madeMs: null, holds: [], expiries: [] };

/**
 * `releasesOf`: when each release of a copy was over: what a unit has inherited it hands on, unless it was freed of it before.
 * A hold reaches a unit by one division once, on whichever ways; holds only ever come to what is found, so circles end.
 */
export function inheritedBy(
  divisions: readonly Division[],
  bearers: ReadonlyMap<number, Bearer>,
  releasesOf: (copy: Copy) => readonly number[],
): { copies: Copy[]; expiries: InheritedExpiry[] } {
  const copies = new Map<number, Map<string, Copy & { from: number; released: readonly number[] }>>();
  const expiries = new Map<number, Map<number, { from: number; expiresMs: number }>>();
  const bySource = new Map<number, Division[]>();
  for (const d of divisions) for (const s of d.sources) bySource.set(s, [...(bySource.get(s) ?? []), d]);

  /** Until when what comes to a source is before the division. Drawn before it was made, it was drawn when it was made: clocks differ. */
  const endOf = (d: Division, source: number): number =>
    Math.max(d.until, (bearers.get(source)?.madeMs ?? -Infinity) + 1);

  const heldIn = (d: Division, source: number): number[] => {
    const own = (bearers.get(source) ?? NOTHING).holds.map((h) => ({ ...h, rootId: h.holdId }));
    const handedOn = [...(copies.get(source)?.values() ?? [])];
    // Where a day leaves open which came first, the hold was there and the release was not yet.
    return [...own, ...handedOn]
      .filter((h) => h.from < endOf(d, source) && !h.released.some((over) => over <= d.from))
      .map((h) => h.rootId);
  };

  const expiryIn = (d: Division, source: number): number => {
    const stated = (bearers.get(source) ?? NOTHING).expiries.filter((x) => x.from < endOf(d, source));
    const amended = stated.filter((x) => x.amended).sort((a, b) => (isLater(a, b) ? -1 : 1))[0];
    if (amended) return amended.expiresMs;
    const handedOn = [...(expiries.get(source)?.values() ?? [])].filter((x) => x.from < endOf(d, source));
    return Math.min(...stated.map((x) => x.expiresMs), ...handedOn.map((x) => x.expiresMs));
  };

  const waiting = new Set(divisions);
  for (const d of waiting) {
    waiting.delete(d);
    for (const source of d.sources) {
      const held = heldIn(d, source);
      const expiresMs = expiryIn(d, source);
      for (const target of d.targets) {
        if (target === source) continue;
        const own = copies.get(target) ?? new Map<string, Copy & { from: number; released: readonly number[] }>();
        const stated = expiries.get(target) ?? new Map<number, { from: number; expiresMs: number }>();
        let more = false;
        for (const rootId of held) {
          const copy = { rootId, eventId: d.eventId, unitId: target };
          if (own.has(copyKey(copy))) continue;
          own.set(copyKey(copy), { ...copy, from: d.from, released: releasesOf(copy) });
          more = true;
        }
        if (expiresMs < (stated.get(d.eventId)?.expiresMs ?? Infinity)) {
          stated.set(d.eventId, { from: d.from, expiresMs });
          more = true;
        }
        if (!more) continue;
        copies.set(target, own);
        expiries.set(target, stated);
        for (const next of bySource.get(target) ?? []) waiting.add(next);
      }
    }
  }
  return {
    copies: [...copies.values()].flatMap((own) =>
      [...own.values()].map(({ rootId, eventId, unitId }) => ({ rootId, eventId, unitId })),
    ),
    expiries: [...expiries].flatMap(([unitId, own]) =>
      [...own].map(([eventId, { expiresMs }]) => ({ eventId, unitId, expiresMs })),
    ),
  };
}
