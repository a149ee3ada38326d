/** Which rows of a listing pass the filters, and in which order: over the columns that the question needs, and no others. */
import { DomainError } from '@/kernel';
import type { Holding } from '@/ledger';
import { escapeLike, Queryable } from '@/platform/db';
import { QUANTITY_UNKNOWN, STATES, UNIT_KINDS } from '../app/answer';
import { quantityNow } from '../app/quantity-now';
import { MONTH_UNKNOWN, monthPeriod } from '../domain/months';
import type { UnitKind } from '../domain/question';
import { REASONS } from '../engine';
import type { Listing, UnitColumn, UnitColumns } from './segments';
import { SortKeys, sortRows } from './sort';
import type { Part, StoredResult } from './stored';

export interface UnitFilters {
  item?: string;
  certainty?: 'certain' | 'possible';
  state?: string;
  place?: string;
  customer?: string;
  reason?: string;
  /** of first making: "2026-03", or "unknown" */
  month?: string;
  /** part of a code, or of an item's code or name */
  q?: string;
  kinds?: UnitKind[];
}

export const SORT_KEYS = [
  ...(['key', 'depth', 'certainty', 'exposed', 'made', 'state', 'place', 'customer', 'quantity', 'share'] as const),
  'reason',
] as const;
export type SortKey = (typeof SORT_KEYS)[number];
export type Sort = SortKey | `-${SortKey}`;

/** Runs are in lists only when they are asked for. */
const KINDS_SHOWN: readonly UnitKind[] = ['serial', 'lot'];

/** Codes of places and customers by id, as they were at the trace's position. */
export interface CodesOf {
  places: (ids: Iterable<number>) => Promise<(id: number) => string | null>;
  customers: (ids: Iterable<number>) => Promise<(id: number) => string | null>;
}

/** Filters with ids in place of codes; null: no row can pass. */
export interface Criteria {
  kinds: number[];
  itemId?: number;
  certain?: number;
  state?: number;
  placeId?: number;
  customerId?: number;
  verdict?: number;
  made?: { from: number; until: number } | 'unknown';
  part?: string;
  /** items whose code or name holds `part` */
  partItems?: ReadonlySet<number>;
}

export async function criteriaOf(q: Queryable, filters: UnitFilters, timeZone: string): Promise<Criteria | null> {
  const found: Criteria = { kinds: (filters.kinds ?? KINDS_SHOWN).map((kind) => UNIT_KINDS.indexOf(kind)) };
  const idOf = async (table: 'item' | 'place' | 'partner', code: string): Promise<number | undefined> => {
    const [row] = await q.query<{ id: number }>(`SELECT ${table}_id AS id FROM ${table} WHERE code = $1`, [code]);
    return row?.id;
  };
  const { certainty, state, reason, month, q: part } = filters;
  if (filters.item) found.itemId = await idOf('item', filters.item);
  if (filters.place) found.placeId = await idOf('place', filters.place);
  if (filters.customer) found.customerId = await idOf('partner', filters.customer);
  if (certainty) found.certain = certainty === 'certain' ? 1 : 0;
  if (state) found.state = (STATES as readonly string[]).indexOf(state);
  if (reason) found.verdict = (REASONS as readonly string[]).indexOf(reason) + 1;
  if (month) found.made = month === MONTH_UNKNOWN ? 'unknown' : monthPeriod(month, timeZone);
  if (part?.trim()) {
    found.part = part.trim();
    const rows = await q.query<{ item_id: number }>('SELECT item_id FROM item WHERE code ILIKE $1 OR name ILIKE $1', [
      `%${escapeLike(part)}%`,
    ]);
    found.partItems = new Set(rows.map((r) => r.item_id));
  }
  const nothing =
    (filters.item && found.itemId === undefined) ||
    (filters.place && found.placeId === undefined) ||
    (filters.customer && found.customerId === undefined) ||
    found.state === -1 ||
    found.verdict === 0;
  return nothing ? null : found;
}

/** The columns that `passing` looks at. */
export function columnsFor(c: Criteria): UnitColumn[] {
  const names = new Set<UnitColumn>(['kind']);
  const need = (asked: unknown, ...columns: UnitColumn[]) => {
    if (asked !== undefined) for (const column of columns) names.add(column);
  };
  need(c.itemId, 'item_id');
  need(c.certain, 'certain');
  need(c.verdict, 'verdict');
  need(c.made, 'made');
  need(c.state, 'state', 'holdings');
  need(c.placeId, 'place_id', 'holdings');
  need(c.customerId, 'customer_id', 'holdings');
  need(c.part, 'code', 'item_id');
  return [...names];
}

/** The rows of a segment that pass, by their place in it. `columns` holds at least those of `columnsFor`. */
export function passing(c: Criteria, columns: UnitColumns, rows: number): Int32Array {
  const keep = new Uint8Array(rows).fill(1);
  const only = (column: Int32Array, value: number | undefined) => {
    if (value === undefined) return;
    for (let i = 0; i < rows; i++) if (column[i] !== value) keep[i] = 0;
  };
  if (c.kinds.length < UNIT_KINDS.length)
    for (let i = 0; i < rows; i++) if (!c.kinds.includes(columns.kind[i]!)) keep[i] = 0;
  only(columns.item_id, c.itemId);
  only(columns.certain, c.certain);
  only(columns.verdict, c.verdict);
  const { made } = c;
  if (made === 'unknown') {
    for (let i = 0; i < rows; i++) if (!Number.isNaN(columns.made[i])) keep[i] = 0;
  } else if (made) {
    for (let i = 0; i < rows; i++) if (!(columns.made[i]! >= made.from && columns.made[i]! < made.until)) keep[i] = 0;
  }
  // One of several holdings is enough, and the plain columns say nothing of such rows.
  const somewhere = (column: Int32Array, value: number | undefined, has: (h: Holding) => boolean) => {
    if (value === undefined) return;
    for (let i = 0; i < rows; i++) if (keep[i] && column[i] !== value && !columns.holdings.has(i)) keep[i] = 0;
    for (const [i, holdings] of columns.holdings) if (!holdings.some(has)) keep[i] = 0;
  };
  somewhere(columns.state, c.state, (h) => STATES[c.state!] === h.state);
  somewhere(columns.place_id, c.placeId, (h) => h.placeId === c.placeId);
  somewhere(columns.customer_id, c.customerId, (h) => h.customerId === c.customerId);
  if (c.part !== undefined) {
    const hit = new Uint8Array(rows);
    columns.code.eachWith(c.part, (i) => (hit[i] = 1));
    for (let i = 0; i < rows; i++) if (!hit[i] && !c.partItems!.has(columns.item_id[i]!)) keep[i] = 0;
  }
  let count = 0;
  const places = new Int32Array(rows);
  for (let i = 0; i < rows; i++) if (keep[i]) places[count++] = i;
  return places.subarray(0, count);
}

/** The rows of a listing that pass, in the order of the sort. Rows are counted within the listing. */
export async function selectRows(
  result: StoredResult,
  listing: Listing,
  criteria: Criteria | null,
  sort: Sort,
  codes: CodesOf,
): Promise<Int32Array> {
  if (!criteria) return new Int32Array();
  const parts = result.partsOf(listing);
  const found = await result.columns(parts, columnsFor(criteria));
  const chunks = parts.map((part, i) => passing(criteria, found[i] as UnitColumns, part.rows));
  const rows = new Int32Array(chunks.reduce((sum, chunk) => sum + chunk.length, 0));
  let at = 0;
  for (const [i, chunk] of chunks.entries()) for (const place of chunk) rows[at++] = parts[i]!.from + place;
  if (sort === 'key') return rows;
  if (sort === '-key') return rows.reverse();
  const descending = sort.startsWith('-');
  const keys = await keysOf(result, listing, parts, sort.replace('-', '') as Exclude<SortKey, 'key'>, codes);
  return sortRows(rows, keys, descending);
}

const KEY_COLUMNS: Record<Exclude<SortKey, 'key' | 'share'>, UnitColumn[]> = {
  depth: ['depth'],
  certainty: ['certain'],
  exposed: ['exposed_from', 'exposed_until'],
  made: ['made'],
  state: ['state', 'holdings'],
  place: ['place_id', 'holdings'],
  customer: ['customer_id', 'holdings'],
  quantity: ['kind', 'state', 'quantity', 'holdings'],
  reason: ['verdict'],
};

async function keysOf(
  result: StoredResult,
  listing: Listing,
  parts: readonly Part[],
  key: Exclude<SortKey, 'key'>,
  codes: CodesOf,
): Promise<SortKeys> {
  const keys = new SortKeys(result.rowsOf(listing));
  if (key === 'share') {
    const found = await result.amounts(parts);
    if (!found) keys.unknown.fill(1);
    for (const [i, amounts] of found?.entries() ?? [])
      for (let row = 0; row < parts[i]!.rows; row++)
        // At most twelve digits: a float tells all of them apart.
        keys.setNumber(parts[i]!.from + row, !amounts.share.isEmpty(row) ? Number(amounts.share.at(row)) : NaN);
    return keys;
  }
  const found = (await result.columns(parts, KEY_COLUMNS[key])) as UnitColumns[];
  if (key === 'quantity') {
    const large = largeQuantities(found);
    for (const [i, columns] of found.entries()) quantityKeys(keys, columns, parts[i]!, large);
    return keys;
  }
  const ranked =
    key === 'place' || key === 'customer'
      ? await codeRanks(found, key, key === 'place' ? codes.places : codes.customers)
      : undefined;
  for (const [i, columns] of found.entries()) {
    const { from, rows } = parts[i]!;
    const keyOf = numberOf(key, columns, ranked);
    for (let row = 0; row < rows; row++) keys.setNumber(from + row, keyOf(row));
  }
  return keys;
}

const STATE_RANKS = [...STATES]
  .sort()
  .reduce<Record<string, number>>((ranks, state, i) => ({ ...ranks, [state]: i }), {});

/** A row's key as a number, NaN where it is not known or not one. */
function numberOf(
  key: Exclude<SortKey, 'key' | 'share' | 'quantity'>,
  columns: UnitColumns,
  ranks: ReadonlyMap<number, number> | undefined,
): (row: number) => number {
  /** the one value of a row with several holdings */
  const shared = <T>(row: number, of: (h: Holding) => T | null): T | null => {
    const [first, ...rest] = columns.holdings.get(row)!.map(of);
    return first !== undefined && rest.every((value) => value === first) ? first : null;
  };
  const rankOf = (id: number | null) => (id ? (ranks!.get(id) ?? NaN) : NaN);
  switch (key) {
    case 'depth':
      return (row) => (columns.depth[row]! < 0 ? NaN : columns.depth[row]!);
    case 'certainty':
      return (row) => 1 - columns.certain[row]!;
    case 'exposed':
      return (row) => (columns.exposed_from[row]! < columns.exposed_until[row]! ? columns.exposed_from[row]! : NaN);
    case 'made':
      return (row) => columns.made[row]!;
    case 'reason':
      return (row) => columns.verdict[row]!;
    case 'state':
      return (row) =>
        columns.holdings.has(row)
          ? (STATE_RANKS[shared(row, (h) => h.state) ?? ''] ?? NaN)
          : STATE_RANKS[STATES[columns.state[row]!]!]!;
    case 'place':
      return (row) => rankOf(columns.holdings.has(row) ? shared(row, (h) => h.placeId) : columns.place_id[row]!);
    case 'customer':
      return (row) => rankOf(columns.holdings.has(row) ? shared(row, (h) => h.customerId) : columns.customer_id[row]!);
  }
}

async function codeRanks(
  found: readonly UnitColumns[],
  key: 'place' | 'customer',
  codesOf: CodesOf['places'],
): Promise<Map<number, number>> {
  const ids = new Set<number>();
  for (const columns of found) {
    for (const id of key === 'place' ? columns.place_id : columns.customer_id) ids.add(id);
    for (const holdings of columns.holdings.values())
      for (const h of holdings) ids.add((key === 'place' ? h.placeId : h.customerId) ?? 0);
  }
  ids.delete(0);
  const codeOf = await codesOf(ids);
  const sorted = [...ids]
    .flatMap((id) => {
      const code = codeOf(id);
      return code === null ? [] : [{ id, code }];
    })
    .sort((a, b) => (a.code < b.code ? -1 : 1));
  return new Map(sorted.map(({ id }, rank) => [id, rank]));
}

const RUN = UNIT_KINDS.indexOf('run');
const GONE = new Set([STATES.indexOf('scrapped'), STATES.indexOf('used')]);
const LONG_MAX = 2n ** 63n - 1n;
const UNKNOWN_HIGH = Number(QUANTITY_UNKNOWN >> 32n);

/** Sums that are beyond 64 bits, each with a key above those that are not. */
function largeQuantities(found: readonly UnitColumns[]): Map<bigint, bigint> {
  const large = new Set<bigint>();
  for (const { kind, holdings } of found)
    for (const [row, several] of holdings) {
      const now = quantityNow(UNIT_KINDS[kind[row]!]!, several);
      if (now !== null && now > LONG_MAX) large.add(now);
    }
  const sorted = [...large].sort((a, b) => (a < b ? -1 : 1));
  return new Map(sorted.map((value, i) => [value, LONG_MAX - BigInt(sorted.length - i)]));
}

function quantityKeys(
  keys: SortKeys,
  columns: UnitColumns,
  { from, rows }: Part,
  large: ReadonlyMap<bigint, bigint>,
): void {
  const { kind, state, quantity, holdings } = columns;
  const halves = new Int32Array(quantity.buffer, quantity.byteOffset, rows * 2);
  const set = (row: number, high: number, low: number) => {
    if (high === UNKNOWN_HIGH && low === 0) keys.unknown[from + row] = 1;
    else keys.setHalves(from + row, high, low);
  };
  for (let row = 0; row < rows; row++) {
    if (holdings.has(row)) continue;
    if (kind[row] === RUN) keys.unknown[from + row] = 1;
    else if (GONE.has(state[row]!)) set(row, 0, 0);
    else set(row, halves[2 * row + 1]!, halves[2 * row]!);
  }
  for (const [row, several] of holdings) {
    const now = quantityNow(UNIT_KINDS[kind[row]!]!, several);
    if (now === null) keys.unknown[from + row] = 1;
    else {
      const fits = large.get(now) ?? now;
      set(row, Number(fits >> 32n), Number(BigInt.asIntN(32, fits)));
    }
  }
}

/** The place in the selection after a row that a cursor names. */
export function placeAfter(rows: Int32Array, row: number | null): number {
  if (row === null) return 0;
  const at = rows.indexOf(row);
  if (at < 0)
    throw new DomainError('BAD_REQUEST', { reason: 'the cursor belongs to other filters; start again without it.' });
  return at + 1;
}
