/** Reading packed results: column by column, segment by segment, through the cache where one is given. */
import type { Queryable } from '@/platform/db';
import type { ResultCache } from './cache';
import {
  AMOUNT_CODECS,
  Codecs,
  ColumnsOf,
  DELIVERY_CODECS,
  DeliveryColumn,
  DeliveryColumns,
  Listing,
  LISTINGS,
  UNIT_CODECS,
  UnitColumn,
  UnitColumns,
} from './segments';

/** A segment of units, and where it lies: `from` is its first row in its listing. */
export interface Part {
  listing: Listing;
  segment: number;
  from: number;
  rows: number;
  amounts: boolean;
}

export interface DeliveryPart {
  segment: number;
  from: number;
  rows: number;
}

type AmountColumn = keyof typeof AMOUNT_CODECS;

export const ALL_COLUMNS = Object.keys(UNIT_CODECS) as UnitColumn[];
export const ALL_DELIVERY_COLUMNS = Object.keys(DELIVERY_CODECS) as DeliveryColumn[];

/** The stored answer of one trace. Its parts are listed when it is opened; their columns are read when they are needed. */
export class StoredResult {
  private constructor(
    private readonly q: Queryable,
    readonly traceNo: number,
    private readonly cache: ResultCache | undefined,
    private readonly parts: readonly Part[],
  ) {}

  static async open(q: Queryable, traceNo: number, cache?: ResultCache): Promise<StoredResult> {
    const rows = await q.query<Omit<Part, 'from'>>(
      `SELECT s.listing, s.segment, s.rows, a.trace_no IS NOT NULL AS amounts
         FROM trace_segment s LEFT JOIN trace_amount_segment a USING (trace_no, listing, segment)
        WHERE s.trace_no = $1 ORDER BY s.listing, s.segment`,
      [traceNo],
    );
    // An answer holds its seeds at least.
    if (rows.length === 0) throw new ResultRemoved();
    const parts = LISTINGS.flatMap((listing) => placed(rows.filter((r) => r.listing === listing)));
    return new StoredResult(q, traceNo, cache, parts);
  }

  partsOf(listing: Listing): readonly Part[] {
    return this.parts.filter((part) => part.listing === listing);
  }

  rowsOf(listing: Listing): number {
    return this.partsOf(listing).reduce((sum, part) => sum + part.rows, 0);
  }

  /** Amounts are there for all rows or, until they are computed, for none. */
  get hasAmounts(): boolean {
    return this.parts.some((part) => part.amounts);
  }

  /** The columns of these parts (all of one listing), in their order. */
  async columns<N extends UnitColumn>(parts: readonly Part[], names: readonly N[]): Promise<UnitColumns<N>[]> {
    return this.read('trace_segment', UNIT_CODECS, parts, names);
  }

  /** The amounts of these parts; undefined while there are none. */
  async amounts(parts: readonly Part[]): Promise<ColumnsOf<typeof AMOUNT_CODECS>[] | undefined> {
    if (!this.hasAmounts) return undefined;
    const names = Object.keys(AMOUNT_CODECS) as AmountColumn[];
    return this.read('trace_amount_segment', AMOUNT_CODECS, parts, names);
  }

  async deliveryParts(): Promise<DeliveryPart[]> {
    const rows = await this.q.query<Omit<DeliveryPart, 'from'>>(
      'SELECT segment, rows FROM trace_delivery_segment WHERE trace_no = $1 ORDER BY segment',
      [this.traceNo],
    );
    return placed(rows);
  }

  async deliveries<N extends DeliveryColumn>(
    parts: readonly DeliveryPart[],
    names: readonly N[],
  ): Promise<DeliveryColumns<N>[]> {
    return this.read('trace_delivery_segment', DELIVERY_CODECS, parts, names);
  }

  /** What is worked out of columns, kept under a name that says all it hangs on. */
  async remember<T>(name: string, bytes: (value: T) => number, make: () => Promise<T>): Promise<T> {
    const key = `${this.traceNo} ${name}`;
    const known = this.cache?.get<T>(key);
    if (known !== undefined) return known;
    const made = await make();
    this.cache?.set(key, made, bytes(made));
    return made;
  }

  private async read<C extends Codecs, N extends keyof C & string>(
    table: string,
    codecs: C,
    parts: readonly { listing?: Listing; segment: number; rows: number }[],
    names: readonly N[],
  ): Promise<ColumnsOf<C, N>[]> {
    const listing = parts[0]?.listing;
    const key = (segment: number, name: string) => `${this.traceNo} ${table} ${listing} ${segment} ${name}`;
    const found = parts.map(({ segment }) => {
      const columns: Record<string, unknown> = {};
      for (const name of names) columns[name] = this.cache?.get(key(segment, name));
      return columns;
    });
    const missing = names.filter((name) => found.some((columns) => columns[name] === undefined));
    const needed = parts.filter((_, i) => missing.some((name) => found[i]![name] === undefined));
    if (needed.length > 0) {
      const rows = await this.q.query<{ segment: number } & Record<string, Buffer>>(
        `SELECT segment, ${missing.join(', ')} FROM ${table}
          WHERE trace_no = $1 AND segment = ANY ($2::int[]) ${listing ? 'AND listing = $3' : ''}`,
        [this.traceNo, needed.map((part) => part.segment), ...(listing ? [listing] : [])],
      );
      const bySegment = new Map(rows.map((row) => [row.segment, row]));
      for (const [i, part] of parts.entries()) {
        const row = bySegment.get(part.segment);
        for (const name of missing) {
          if (found[i]![name] !== undefined) continue;
          const codec = codecs[name]!;
          // Removed between the listing of the parts and this read: the caller says what became of the trace.
          if (!row) throw new ResultRemoved();
          const value = codec.unpack(row[name]!, part.rows);
          found[i]![name] = value;
          this.cache?.set(key(part.segment, name), value, codec.size(value as never));
        }
      }
    }
    return found as ColumnsOf<C, N>[];
  }
}

/** The rows of a trace went while they were being read. */
export class ResultRemoved extends Error {}

function placed<P extends { rows: number }>(parts: readonly P[]): (P & { from: number })[] {
  let from = 0;
  return parts.map((part) => {
    const at = from;
    from += part.rows;
    return { ...part, from: at };
  });
}
