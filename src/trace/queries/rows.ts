/** Pages and streams over a trace's stored result. */
import { DomainError, formatDecimal, formatTime } from '@/kernel';
import { unitsByIds } from '@/ledger';
import type { Queryable } from '@/platform/db';
import { decodeCursor, encodeCursor, Page, pageSize } from '@/platform/http';
import { QUANTITY_UNKNOWN } from '../app/answer';
import type { ResultCache } from '../results/cache';
import { DeliveryColumns, Listing, SEGMENT_ROWS, UnitColumns } from '../results/segments';
import { CodesOf, columnsFor, criteriaOf, passing, placeAfter, selectRows, Sort, UnitFilters } from '../results/select';
import { ALL_COLUMNS, ALL_DELIVERY_COLUMNS, Part, ResultRemoved, StoredResult } from '../results/stored';
import {
  AmountColumns,
  ConsigneeView,
  ExcludedUnitView,
  expired,
  GapView,
  Names,
  TraceHeadRow,
  TraceUnitView,
  unitView,
} from './views';

export interface PageOf<T> extends Page<T> {
  total: number;
}

/** One finished trace, and what its lists are read with. */
export interface Reading {
  q: Queryable;
  head: TraceHeadRow;
  cache: ResultCache;
  /** of months, where the trace does not say in which it counted them */
  timeZone: string;
}

/** Rows of a stream that are read in one go. */
const STREAM_BATCH = 5_000;

export interface UnitPageQuery {
  filters: UnitFilters;
  sort: Sort;
  cursor?: string | undefined;
  limit?: number | undefined;
}

export async function unitPage(
  reading: Reading,
  listing: Listing,
  { filters, sort, cursor, limit }: UnitPageQuery,
): Promise<PageOf<TraceUnitView>> {
  const { q, head, cache } = reading;
  return unlessRemoved(head, async () => {
    const result = await StoredResult.open(q, head.trace_no, cache);
    const rows = await selected(reading, result, listing, filters, sort);
    const from = placeAfter(rows, rowOf(cursor, sort));
    const shown = rows.subarray(from, from + pageSize(limit));
    const views: TraceUnitView[] = [];
    for await (const view of viewRows(reading, result, listing, shown)) views.push(view);
    const more = from + shown.length < rows.length;
    return { data: views, nextCursor: more ? encodeCursor([sort, shown.at(-1)]) : null, total: rows.length };
  });
}

/** All rows that pass, segment by segment: memory holds one segment, and with another order than the kept one the row numbers. */
export async function* unitStream(
  reading: Reading,
  listing: Listing,
  filters: UnitFilters,
  sort: Sort = 'key',
): AsyncGenerator<ExcludedUnitView> {
  const { q, head, cache } = reading;
  if (sort !== 'key') {
    const result = await StoredResult.open(q, head.trace_no, cache);
    const rows = await selected(reading, result, listing, filters, sort);
    for (let from = 0; from < rows.length; from += STREAM_BATCH)
      yield* viewRows(reading, result, listing, rows.subarray(from, from + STREAM_BATCH));
    return;
  }
  // Not through the cache: what is read once from end to end would only drive out what others look at.
  const result = await StoredResult.open(q, head.trace_no);
  const criteria = await criteriaOf(q, filters, zoneOf(reading));
  if (!criteria) return;
  for (const part of result.partsOf(listing)) {
    const [found] = await result.columns([part], columnsFor(criteria));
    const rows = passing(criteria, found as UnitColumns, part.rows);
    if (rows.length > 0)
      yield* viewRows(
        reading,
        result,
        listing,
        rows.map((row) => part.from + row),
      );
  }
}

const zoneOf = ({ head, timeZone }: Reading) => head.counts?.timeZone ?? timeZone;

function selected(
  reading: Reading,
  result: StoredResult,
  listing: Listing,
  filters: UnitFilters,
  sort: Sort,
): Promise<Int32Array> {
  const { q, head } = reading;
  const codes: CodesOf = {
    places: async (ids) => {
      const names = await Names.read(q, head.position, { items: [], places: ids });
      return (id) => names.place(id);
    },
    customers: async (ids) => {
      const names = await Names.read(q, head.position, { items: [], partners: ids });
      return (id) => names.partner(id);
    },
  };
  // Amounts may come after the rest: an order by share from before that is another order.
  const name = JSON.stringify([listing, filters, sort, sort.endsWith('share') && result.hasAmounts]);
  return result.remember(
    name,
    (rows) => rows.byteLength,
    async () => selectRows(result, listing, await criteriaOf(q, filters, zoneOf(reading)), sort, codes),
  );
}

function rowOf(cursor: string | undefined, sort: Sort): number | null {
  const key = decodeCursor<[Sort, number]>(cursor);
  if (key === null) return null;
  if (Array.isArray(key) && key[0] === sort && Number.isSafeInteger(key[1])) return key[1];
  throw new DomainError('BAD_REQUEST', { reason: 'the cursor belongs to another order; start again without it.' });
}

/** These rows of a listing, in the order given. */
export async function* viewRows(
  reading: Reading,
  result: StoredResult,
  listing: Listing,
  rows: Int32Array,
): AsyncGenerator<ExcludedUnitView> {
  const { q, head } = reading;
  const parts = result.partsOf(listing);
  // All segments but the last are full.
  const needed = [...new Set(rows.map((row) => Math.floor(row / SEGMENT_ROWS)))].map((place) => parts[place]!);
  const columns = await result.columns(needed, ALL_COLUMNS);
  const amounts = await amountsOf(reading, result, needed);
  const placeOf = new Map(needed.map((part, i) => [part.segment, i]));
  const names = await namesOf(q, head, needed, columns, rows);
  for (const row of rows) {
    const place = placeOf.get(Math.floor(row / SEGMENT_ROWS))!;
    yield unitView(columns[place]!, row - needed[place]!.from, names, amounts?.[place]) as ExcludedUnitView;
  }
}

async function namesOf(
  q: Queryable,
  head: TraceHeadRow,
  parts: readonly Part[],
  columns: readonly UnitColumns[],
  rows: Int32Array,
): Promise<Names> {
  const items = new Set<number>();
  const places = new Set<number>();
  const partners = new Set<number>();
  const placeOf = new Map(parts.map((part, i) => [part.segment, i]));
  for (const row of rows) {
    const place = placeOf.get(Math.floor(row / SEGMENT_ROWS))!;
    const c = columns[place]!;
    const i = row - parts[place]!.from;
    items.add(c.item_id[i]!);
    const several = c.holdings.size > 0 ? c.holdings.get(i) : undefined;
    places.add(c.place_id[i]!);
    partners.add(c.customer_id[i]!);
    for (const h of several ?? []) {
      places.add(h.placeId ?? 0);
      partners.add(h.customerId ?? 0);
    }
  }
  places.delete(0);
  partners.delete(0);
  return Names.read(q, head.position, { items, places, partners });
}

/** The amounts of the parts, in the unit of measure of what was asked about; undefined while there are none. */
async function amountsOf(
  { q, head }: Reading,
  result: StoredResult,
  parts: readonly Part[],
): Promise<AmountColumns[] | undefined> {
  const found = await result.amounts(parts);
  if (!found) return undefined;
  const seeds = [...new Set(head.question.resolved.seeds.map((seed) => seed.item))];
  const uoms = await q.query<{ uom: string }>('SELECT DISTINCT uom FROM item WHERE code = ANY ($1::text[])', [seeds]);
  const uom = uoms.length === 1 ? uoms[0]!.uom : null;
  return found.map((columns) => ({ ...columns, uom }));
}

/** A trace whose rows are removed while they are read says so. */
export async function unlessRemoved<T>(head: TraceHeadRow, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    throw error instanceof ResultRemoved ? expired(head) : error;
  }
}

export interface ConsigneeFilters {
  customer?: string;
  shipment?: string;
  hit?: boolean;
}

/** A filter with the customer's id; null: no row can pass. */
async function deliveryFilter(
  q: Queryable,
  filters: ConsigneeFilters,
): Promise<((c: DeliveryColumns<'customer_id' | 'document' | 'documents' | 'hit'>, row: number) => boolean) | null> {
  let customerId: number | undefined;
  if (filters.customer) {
    const [row] = await q.query<{ id: number }>('SELECT partner_id AS id FROM partner WHERE code = $1', [
      filters.customer,
    ]);
    if (!row) return null;
    customerId = row.id;
  }
  const hit = filters.hit === undefined ? undefined : Number(filters.hit);
  return (c, row) =>
    (customerId === undefined || c.customer_id[row] === customerId) &&
    (hit === undefined || c.hit[row] === hit) &&
    (!filters.shipment || c.documents[c.document[row]!] === filters.shipment);
}

/** The rows that pass, counted from the first delivery. */
async function selectedDeliveries(q: Queryable, result: StoredResult, filters: ConsigneeFilters): Promise<Int32Array> {
  return result.remember(
    JSON.stringify(['deliveries', filters]),
    (rows) => rows.byteLength,
    async () => {
      const passes = await deliveryFilter(q, filters);
      if (!passes) return new Int32Array();
      const parts = await result.deliveryParts();
      const found = await result.deliveries(parts, ['customer_id', 'document', 'documents', 'hit']);
      const rows: number[] = [];
      for (const [i, part] of parts.entries())
        for (let row = 0; row < part.rows; row++) if (passes(found[i]!, row)) rows.push(part.from + row);
      return Int32Array.from(rows);
    },
  );
}

async function* viewDeliveries(
  { q, head }: Reading,
  result: StoredResult,
  rows: Int32Array,
): AsyncGenerator<ConsigneeView> {
  const all = await result.deliveryParts();
  const parts = [...new Set(rows.map((row) => Math.floor(row / SEGMENT_ROWS)))].map((place) => all[place]!);
  const columns = await result.deliveries(parts, ALL_DELIVERY_COLUMNS);
  const placeOf = new Map(parts.map((part, i) => [part.segment, i]));
  for (let from = 0; from < rows.length; from += STREAM_BATCH) {
    const batch = Array.from(rows.subarray(from, from + STREAM_BATCH), (row) => {
      const place = placeOf.get(Math.floor(row / SEGMENT_ROWS))!;
      return [columns[place]!, row - parts[place]!.from] as const;
    });
    const ids = new Set<number>();
    for (const [c, i] of batch) {
      ids.add(c.unit_id[i]!);
      if (c.parent_unit_id[i] !== 0) ids.add(c.parent_unit_id[i]!);
    }
    const units = new Map((await unitsByIds(q, [...ids])).map((u) => [u.unitId, u]));
    const names = await Names.read(q, head.position, {
      items: Array.from(units.values(), (u) => u.itemId),
      partners: batch.flatMap(([c, i]) => (c.customer_id[i] === 0 ? [] : [c.customer_id[i]!])),
    });
    const ref = (id: number) => {
      const u = units.get(id)!;
      return { id: `u${id}`, unit: names.ref(u.itemId, u.kind, u.code) };
    };
    for (const [c, i] of batch) {
      const { itemId } = units.get(c.unit_id[i]!)!;
      const quantity = c.quantity[i]!;
      const parent = c.parent_unit_id[i]!;
      yield {
        ...ref(c.unit_id[i]!),
        name: names.items.get(itemId)!.name,
        customer: names.contact(c.customer_id[i]! || null),
        shipment: c.documents[c.document[i]!] ?? null,
        at: formatTime(c.from_ms[i]!),
        quantity: names.quantity(itemId, quantity === QUANTITY_UNKNOWN ? null : formatDecimal(quantity)),
        hit: c.hit[i] === 1,
        certainty: c.certain[i] === 1 ? 'certain' : 'possible',
        inside: parent === 0 ? null : ref(parent),
        event: `e${c.event_id[i]!}`,
      };
    }
  }
}

export async function consigneePage(
  reading: Reading,
  filters: ConsigneeFilters,
  cursor: string | undefined,
  limit: number | undefined,
): Promise<PageOf<ConsigneeView>> {
  const { q, head, cache } = reading;
  return unlessRemoved(head, async () => {
    const result = await StoredResult.open(q, head.trace_no, cache);
    const rows = await selectedDeliveries(q, result, filters);
    const from = placeAfter(rows, decodeCursor<number>(cursor));
    const shown = rows.subarray(from, from + pageSize(limit));
    const views: ConsigneeView[] = [];
    for await (const view of viewDeliveries(reading, result, shown)) views.push(view);
    const more = from + shown.length < rows.length;
    return { data: views, nextCursor: more ? encodeCursor(shown.at(-1)) : null, total: rows.length };
  });
}

export async function* consigneeStream(
  reading: Reading,
  filters: ConsigneeFilters = {},
): AsyncGenerator<ConsigneeView> {
  const result = await StoredResult.open(reading.q, reading.head.trace_no);
  const passes = await deliveryFilter(reading.q, filters);
  if (!passes) return;
  for (const part of await result.deliveryParts()) {
    const [columns] = await result.deliveries([part], ['customer_id', 'document', 'documents', 'hit']);
    const rows = Int32Array.from({ length: part.rows }, (_, row) => row).filter((row) => passes(columns!, row));
    if (rows.length > 0)
      yield* viewDeliveries(
        reading,
        result,
        rows.map((row) => part.from + row),
      );
  }
}

interface StoredGap {
  ord: number;
  kind: string;
  unit_id: number;
  message: string;
  event_id: number | null;
}

async function readGaps(q: Queryable, head: TraceHeadRow, kind: string | undefined, after: number, limit: number) {
  const rows = await q.query<StoredGap>(
    `SELECT ord, kind, unit_id, message, event_id FROM trace_gap
      WHERE trace_no = $1 AND ord > $2 AND ($4::text IS NULL OR kind = $4) ORDER BY ord LIMIT $3`,
    [head.trace_no, after, limit, kind ?? null],
  );
  const units = new Map((await unitsByIds(q, [...new Set(rows.map((r) => r.unit_id))])).map((u) => [u.unitId, u]));
  const names = await Names.read(q, head.position, { items: [...units.values()].map((u) => u.itemId) });
  const views = rows.map((r): GapView => {
    const u = units.get(r.unit_id)!;
    return {
      kind: r.kind,
      message: r.message,
      id: `u${r.unit_id}`,
      unit: names.ref(u.itemId, u.kind, u.code),
      event: r.event_id === null ? null : `e${r.event_id}`,
    };
  });
  return { rows, views };
}

export async function gapPage(
  q: Queryable,
  head: TraceHeadRow,
  kind: string | undefined,
  cursor: string | undefined,
  limit: number | undefined,
): Promise<Page<GapView>> {
  const size = pageSize(limit);
  const { rows, views } = await readGaps(q, head, kind, position(cursor), size + 1);
  return {
    data: views.slice(0, size),
    nextCursor: rows.length > size ? encodeCursor(rows[size - 1]!.ord) : null,
  };
}

export async function* gapStream(q: Queryable, head: TraceHeadRow, kind?: string): AsyncGenerator<GapView> {
  let after = -1;
  for (;;) {
    const { rows, views } = await readGaps(q, head, kind, after, STREAM_BATCH);
    yield* views;
    if (rows.length < STREAM_BATCH) return;
    after = rows.at(-1)!.ord;
  }
}

function position(cursor: string | undefined): number {
  const at = Number(decodeCursor<number>(cursor) ?? -1);
  return Number.isSafeInteger(at) ? at : -1;
}
