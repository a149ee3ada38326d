import { DomainError, isZone, parseDecimal } from '@/kernel';
import { Fields } from '../../master';

const FIELDS = ['place', 'name', 'kind', 'parent', 'timeZone', 'capacity'];

/** Kinds that the product itself gives a meaning; a plant may have others. */
export const PLACE_KINDS = ['site', 'area', 'zone', 'bin', 'vessel', 'dock', 'quarantine', 'line'] as const;

/** What a place, with all places below it, can take. */
export interface Capacity {
  /** serials and lots together */
  units?: number;
  /** of everything in this unit of measure; what is measured otherwise does not count */
  quantity?: { value: string; uom: string };
  /** item categories that may lie here; absent: all */
  categories?: string[];
  /** what a scanner is told when it is full or the wrong place: `warn` (default) or `refuse` */
  full?: 'warn' | 'refuse';
}

/** A place as versions and audit lines keep it; `parent` is a code. */
export interface PlaceBody {
  name: string;
  /** site, area, zone, bin, vessel, or what else a plant calls it */
  kind: string;
  parent?: string;
  timeZone?: string;
  capacity?: Capacity;
}

/** Checks a row from a request or a file. Throws FIELD_REQUIRED, FIELD_INVALID, UNKNOWN_FIELD, ZONE_UNKNOWN. */
export function readPlace(row: Readonly<Record<string, unknown>>): { code: string; body: PlaceBody } {
  const fields = new Fields(row, FIELDS);
  const parent = fields.optional('parent', 100);
  const timeZone = fields.optional('timeZone', 100);
  // An offset such as +01:00 is no zone: it would not know when the clocks change.
  if (timeZone !== undefined && (/^[+-]/.test(timeZone) || !isZone(timeZone)))
    throw new DomainError('ZONE_UNKNOWN', { zone: timeZone });
  const capacity = readCapacity(fields.raw('capacity'));
  return {
    code: fields.code('place'),
    body: {
      name: fields.required('name'),
      kind: fields.required('kind', 50),
      ...(parent && { parent }),
      ...(timeZone && { timeZone }),
      ...(capacity && { capacity }),
    },
  };
}

const wrongCapacity = (part: string, reason: string): DomainError =>
  new DomainError('FIELD_INVALID', { field: part ? `capacity.${part}` : 'capacity', reason });

function readCapacity(raw: unknown): Capacity | undefined {
  if (raw === undefined || raw === '') return undefined;
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) throw wrongCapacity('', 'it must be an object.');
  const { units, quantity, categories, full, ...others } = raw as Record<string, unknown>;
  const [unknown] = Object.keys(others);
  if (unknown !== undefined) throw new DomainError('UNKNOWN_FIELD', { field: `capacity.${unknown}` });
  const capacity: Capacity = {};
  if (units !== undefined && units !== null) {
    if (!Number.isSafeInteger(units) || (units as number) < 1)
      throw wrongCapacity('units', 'it must be a whole number from 1 on.');
    capacity.units = units as number;
  }
  if (quantity !== undefined && quantity !== null) capacity.quantity = readQuantity(quantity);
  if (categories !== undefined && categories !== null) {
    if (!Array.isArray(categories) || categories.some((one) => typeof one !== 'string' || one.trim() === ''))
      throw wrongCapacity('categories', 'it must be a list of item categories.');
    if (categories.length > 0) capacity.categories = [...new Set(categories as string[])].sort();
  }
  if (full !== undefined && full !== null) {
    if (full !== 'warn' && full !== 'refuse') throw wrongCapacity('full', 'it must be "warn" or "refuse".');
    capacity.full = full;
  }
  return Object.keys(capacity).length > 0 ? capacity : undefined;
}

function readQuantity(raw: unknown): { value: string; uom: string } {
  const { value, uom, ...others } = (typeof raw === 'object' ? raw : {}) as Record<string, unknown>;
  if (typeof value !== 'string' || typeof uom !== 'string' || uom === '' || Object.keys(others).length > 0)
    throw wrongCapacity('quantity', 'write it as { "value": "500", "uom": "kg" }.');
  if (parseDecimal(value) <= 0n) throw new DomainError('QUANTITY_INVALID', { value, reason: 'it must be above zero.' });
  return { value, uom };
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
