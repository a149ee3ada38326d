import { DomainError, isZone } from '@/kernel';
import { Fields } from '../../master';

const FIELDS = ['place', 'name', 'kind', 'parent', 'timeZone'];

/** A place as versions and audit lines keep it; `parent` is a code. */
export interface PlaceBody {
  name: string;
  /** site, area, zone, bin, vessel, or what else a plant calls it */
  kind: string;
  parent?: string;
  timeZone?: string;
}

/** Checks a row from a request or a file. Throws FIELD_REQUIRED, FIELD_INVALID, UNKNOWN_FIELD, ZONE_UNKNOWN. */
export function readPlace(row: Readonly<Record<string, unknown>>): { code: string; body: PlaceBody } {
  const fields = new Fields(row, FIELDS);
  const parent = fields.optional('parent', 100);
  const timeZone = fields.optional('timeZone', 100);
  // An offset such as +01:00 is no zone: it would not know when the clocks change.
  if (timeZone !== undefined && (/^[+-]/.test(timeZone) || !isZone(timeZone)))
    throw new DomainError('ZONE_UNKNOWN', { zone: timeZone });
  return {
    code: fields.code('place'),
    body: {
      name: fields.required('name'),
      kind: fields.required('kind', 50),
      ...(parent && { parent }),
      ...(timeZone && { timeZone }),
    },
  };
}

/**
 * The order in which places can be taken so that each one's parent is there before it, and why the others cannot be taken.
 * `known` are the places that are there already, with their parents; a row in `rows` replaces what is known of its place.
 */
export function orderPlaces<R extends { key: string; after: PlaceBody }>(
  rows: readonly R[],
  known: ReadonlyMap<string, string | null>,
): { taken: R[]; refused: { row: R; error: DomainError }[] } {
  const parents = new Map(known);
  const taken: R[] = [];
  let waiting = [...rows];
  // Each round takes all that fit by now: two places may change their order, and a child may stand before its parent.
  for (let before = -1; waiting.length !== before;) {
    before = waiting.length;
    waiting = waiting.filter((row) => {
      const { parent } = row.after;
      if (parent !== undefined && (!parents.has(parent) || isBelow(parent, row.key, parents))) return true;
      parents.set(row.key, parent ?? null);
      taken.push(row);
      return false;
    });
  }
  const left = new Map(waiting.map((row) => [row.key, row.after.parent ?? '']));
  return { taken, refused: waiting.map((row) => ({ row, error: whyNot(row.key, left, parents) })) };
}

/** What is left waits, in the end, for a place that nobody knows, or for itself. */
function whyNot(
  place: string,
  left: ReadonlyMap<string, string>,
  parents: ReadonlyMap<string, string | null>,
): DomainError {
  const seen = new Set<string>();
  let at = place;
  for (let parent = left.get(at); parent !== undefined && !seen.has(at); parent = left.get(at)) {
    seen.add(at);
    if (!parents.has(parent) && !left.has(parent)) return new DomainError('UNKNOWN_PLACE', { place: parent });
    at = parent;
  }
  return new DomainError('PLACE_CYCLE', { place, parent: left.get(place) });
}

/** True when `place` is `above`, or anywhere below it. */
function isBelow(place: string, above: string, parents: ReadonlyMap<string, string | null>): boolean {
  for (let at: string | null | undefined = place; at; at = parents.get(at)) if (at === above) return true;
  return false;
}
