/**
 * What a stored answer is made of: segments of at most 65,536 rows, and in each segment one packed column for every fact of
 * its rows. Names here are those of the database's columns. docs/RESULTS.md describes the bytes. Pure.
 */
import type { TraceAnswer } from '../app/answer';
import type { Interval } from '../engine';
import {
  packExposures,
  packFloats,
  packHoldings,
  packInts,
  packLongs,
  packTexts,
  Texts,
  unpackExposures,
  unpackFloats,
  unpackHoldings,
  unpackInts,
  unpackLongs,
  unpackTexts,
} from './columns';

export const SEGMENT_ROWS = 65_536;

export const LISTINGS = ['affected', 'excluded'] as const;
export type Listing = (typeof LISTINGS)[number];

/** A column whose values know how many bytes they take in memory. */
interface Codec<T> {
  unpack(bytes: Buffer, rows: number): T;
  size(value: T): number;
}

const sized = (value: { byteLength: number }) => value.byteLength;
const ints: Codec<Int32Array> = { unpack: unpackInts, size: sized };
const floats: Codec<Float64Array> = { unpack: unpackFloats, size: sized };
const longs: Codec<BigInt64Array> = { unpack: unpackLongs, size: sized };
const texts: Codec<Texts> = { unpack: unpackTexts, size: (value) => value.bytes };
/** An entry of a map with its list of a few objects. */
const SPARSE_BYTES = 400;
const sparse = <T>(unpack: (bytes: Buffer) => Map<number, T>): Codec<Map<number, T>> => ({
  unpack,
  size: (value) => value.size * SPARSE_BYTES,
});

/** The columns of a segment of units; exposed_from ≥ exposed_until where nothing exposes the unit. */
export const UNIT_CODECS = {
  unit_id: ints,
  item_id: ints,
  kind: ints,
  code: texts,
  verdict: ints,
  depth: ints,
  certain: ints,
  exposed_from: floats,
  exposed_until: floats,
  exposures: sparse(unpackExposures),
  made: floats,
  state: ints,
  place_id: ints,
  customer_id: ints,
  quantity: longs,
  holdings: sparse(unpackHoldings),
};

/** Amounts by mixing, beside the units; empty texts where they are not known. */
export const AMOUNT_CODECS = { amount: texts, share: texts };

/** Deliveries, by customer, document and row. `document` is the place in `documents`, −1 for none. */
export const DELIVERY_CODECS = {
  answer_row: ints,
  unit_id: ints,
  parent_unit_id: ints,
  customer_id: ints,
  document: ints,
  documents: {
    unpack: (bytes: Buffer) => JSON.parse(bytes.toString('utf8')) as string[],
    size: (value: string[]) => value.reduce((sum, text) => sum + 24 + 2 * text.length, 0),
  } satisfies Codec<string[]>,
  from_ms: floats,
  event_id: floats,
  quantity: longs,
  hit: ints,
  certain: ints,
};

export type Codecs = Record<string, { unpack(bytes: Buffer, rows: number): unknown; size(value: never): number }>;
type ValueOf<C> = C extends Codec<infer T> ? T : never;
export type ColumnsOf<C, N extends keyof C = keyof C> = { [K in N]: ValueOf<C[K]> };
export type UnitColumn = keyof typeof UNIT_CODECS;
export type UnitColumns<N extends UnitColumn = UnitColumn> = ColumnsOf<typeof UNIT_CODECS, N>;
export type DeliveryColumn = keyof typeof DELIVERY_CODECS;
export type DeliveryColumns<N extends DeliveryColumn = DeliveryColumn> = ColumnsOf<typeof DELIVERY_CODECS, N>;

export type Packed<N extends string> = Record<N, Buffer>;

export interface Range {
  listing: Listing;
  segment: number;
  /** rows of the answer */
  from: number;
  until: number;
}

/** How an answer's rows fall into segments. */
export function* rangesOf({ affectedCount, length }: Pick<TraceAnswer, 'affectedCount' | 'length'>): Generator<Range> {
  for (const [listing, first, end] of [
    ['affected', 0, affectedCount],
    ['excluded', affectedCount, length],
  ] as const)
    for (let from = first, segment = 0; from < end; from += SEGMENT_ROWS, segment++)
      yield { listing, segment, from, until: Math.min(end, from + SEGMENT_ROWS) };
}

export function packUnits(answer: TraceAnswer, { from, until }: Range): Packed<UnitColumn> {
  const part = <T extends { subarray(from: number, until: number): T }>(column: T) => column.subarray(from, until);
  return {
    unit_id: packInts(part(answer.unitId)),
    item_id: packInts(part(answer.itemId)),
    kind: packInts(part(answer.kind)),
    code: packTexts(answer.code.slice(from, until)),
    verdict: packInts(part(answer.verdict)),
    depth: packInts(part(answer.depth)),
    certain: packInts(part(answer.certain)),
    exposed_from: packFloats(part(answer.from)),
    exposed_until: packFloats(part(answer.until)),
    exposures: packExposures(within(answer.exposures, from, until)),
    made: packFloats(part(answer.madeMs)),
    state: packInts(part(answer.state)),
    place_id: packInts(part(answer.placeId)),
    customer_id: packInts(part(answer.customerId)),
    quantity: packLongs(part(answer.quantity)),
    holdings: packHoldings(within(answer.holdings, from, until)),
  };
}

/** The entries of a map by row that lie in a segment, by their place in it. */
function* within<T>(values: Map<number, T>, from: number, until: number): Generator<[number, T]> {
  for (const [row, value] of values) if (row >= from && row < until) yield [row - from, value];
}

export interface PackedDeliveries {
  segment: number;
  rows: number;
  packed: Packed<DeliveryColumn>;
}

/** Deliveries by customer, document, row, time and event, in segments. */
export function* packDeliveries(answer: TraceAnswer): Generator<PackedDeliveries> {
  const d = answer.deliveries;
  const rank = documentRanks(d.documents);
  const rankOf = (i: number) => (d.document[i]! < 0 ? -1 : rank[d.document[i]!]!);
  const order = Int32Array.from({ length: d.length }, (_, i) => i).sort(
    (a, b) =>
      d.customerId[a]! - d.customerId[b]! ||
      rankOf(a) - rankOf(b) ||
      d.row[a]! - d.row[b]! ||
      d.fromMs[a]! - d.fromMs[b]! ||
      d.eventId[a]! - d.eventId[b]! ||
      d.parentUnitId[a]! - d.parentUnitId[b]!,
  );
  for (let from = 0, segment = 0; from < d.length; from += SEGMENT_ROWS, segment++) {
    const places = order.subarray(from, from + SEGMENT_ROWS);
    const documents: string[] = [];
    const placeOf = new Map<number, number>();
    const document = Int32Array.from(places, (i) => {
      const known = d.document[i]!;
      if (known < 0) return -1;
      let place = placeOf.get(known);
      if (place === undefined) {
        placeOf.set(known, (place = documents.length));
        documents.push(d.documents[known]!);
      }
      return place;
    });
    yield {
      segment,
      rows: places.length,
      packed: {
        answer_row: packInts(Int32Array.from(places, (i) => d.row[i]!)),
        unit_id: packInts(Int32Array.from(places, (i) => answer.unitId[d.row[i]!]!)),
        parent_unit_id: packInts(Int32Array.from(places, (i) => d.parentUnitId[i]!)),
        customer_id: packInts(Int32Array.from(places, (i) => d.customerId[i]!)),
        document: packInts(document),
        documents: Buffer.from(JSON.stringify(documents), 'utf8'),
        from_ms: packFloats(Float64Array.from(places, (i) => d.fromMs[i]!)),
        event_id: packFloats(Float64Array.from(places, (i) => d.eventId[i]!)),
        quantity: packLongs(pick(d.quantity, places)),
        hit: packInts(Int32Array.from(places, (i) => d.hit[i]!)),
        certain: packInts(Int32Array.from(places, (i) => answer.certain[d.row[i]!]!)),
      },
    };
  }
}

/** The place of each document in their order by text; equal texts have one. */
function documentRanks(documents: readonly string[]): Int32Array {
  const sorted = [...new Set(documents)].sort((a, b) => (a < b ? -1 : 1));
  const place = new Map(sorted.map((text, i) => [text, i]));
  return Int32Array.from(documents, (text) => place.get(text)!);
}

function pick(values: BigInt64Array, places: Int32Array): BigInt64Array {
  const picked = new BigInt64Array(places.length);
  for (let i = 0; i < places.length; i++) picked[i] = values[places[i]!]!;
  return picked;
}

/** The exposure of a row, as the columns have it. */
export function exposureOf(
  columns: UnitColumns<'exposed_from' | 'exposed_until' | 'exposures'>,
  row: number,
): readonly Interval[] {
  const several = columns.exposures.get(row);
  if (several) return several;
  const from = columns.exposed_from[row]!;
  const until = columns.exposed_until[row]!;
  return from < until ? [[from, until]] : [];
}
