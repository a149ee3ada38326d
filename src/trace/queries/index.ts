import { Injectable } from '@nestjs/common';
import { DomainError } from '@/kernel';
import { Settings } from '@/platform/config';
import { Database } from '@/platform/db';
import { decodeCursor, encodeCursor, Page, pageSize } from '@/platform/http';
import { cutGraph, GraphKind, SummaryGraph } from '../domain/summary-graph';
import type { UnitKind } from '../domain/question';
import { ResultCache } from '../results/cache';
import type { Listing } from '../results/segments';
import type { Sort, UnitFilters } from '../results/select';
import { TraceComparison } from './compare';
import {
  ConsigneeFilters,
  consigneePage,
  consigneeStream,
  gapPage,
  gapStream,
  PageOf,
  Reading,
  UnitPageQuery,
  unitPage,
  unitStream,
} from './rows';
import { ScopeColumns, scopeColumns } from './scope-columns';
import { SuspectView, suspectsOf } from './suspects';
import { affectedUnits } from './units-by-id';
import {
  ConsigneeView,
  doneTrace,
  ExcludedUnitView,
  GapView,
  summariesOf,
  summaryOf,
  traceHead,
  traceHeads,
  TraceSummary,
  TraceUnitView,
} from './views';
import { whyUnit, WhyView } from './why';

/** Everything a recall impact report is made from: one finished trace at its own ledger position. Streams can be asked for again. */
export interface TraceReading {
  head: {
    id: string;
    askedBy: string;
    askedAt: string;
    ledgerPosition: number;
    digest: string;
    complete: boolean;
    question: TraceSummary['question'];
    counts: NonNullable<TraceSummary['counts']>;
  };
  suspects(): Promise<SuspectView[]>;
  units(): AsyncIterable<TraceUnitView>;
  excluded(): AsyncIterable<ExcludedUnitView>;
  consignees(): AsyncIterable<ConsigneeView>;
  gaps(): AsyncIterable<GapView>;
}

const ALL_KINDS: UnitKind[] = ['serial', 'lot', 'run'];

/** All reads of traces. Results of a trace that is not done are refused (TRACE_NOT_DONE), never answered as empty. */
@Injectable()
export class TraceQueries {
  private readonly cache: ResultCache;

  constructor(
    private readonly db: Database,
    private readonly settings: Settings,
  ) {
    this.cache = new ResultCache(settings.resultCacheBytesMax);
  }

  async summary(id: string): Promise<TraceSummary> {
    const [summary] = await summariesOf(this.db, [await traceHead(this.db, id)], this.settings.traceKeepDays);
    return summary!;
  }

  async list(cursor?: string, limit?: number): Promise<Page<TraceSummary>> {
    const size = pageSize(limit);
    const before = decodeCursor<number>(cursor);
    if (before !== null && !(Number.isInteger(before) && Math.abs(before) < 2 ** 31))
      throw new DomainError('BAD_REQUEST', { reason: 'the cursor is none of ours; start again without it.' });
    const rows = await traceHeads(this.db, before, size + 1);
    return {
      data: await summariesOf(this.db, rows.slice(0, size), this.settings.traceKeepDays),
      nextCursor: rows.length > size ? encodeCursor(rows[size - 1]!.trace_no) : null,
    };
  }

  async units(id: string, listing: Listing, query: UnitPageQuery): Promise<PageOf<TraceUnitView>> {
    return unitPage(await this.reading(id), listing, query);
  }

  /** Those of these units that are affected, as the list of units shows them. */
  async affectedOf(id: string, unitIds: readonly number[]): Promise<TraceUnitView[]> {
    return affectedUnits(await this.reading(id), unitIds);
  }

  async unitStream(
    id: string,
    listing: Listing,
    filters: UnitFilters,
    sort: Sort,
  ): Promise<AsyncIterable<ExcludedUnitView>> {
    return unitStream(await this.reading(id), listing, filters, sort);
  }

  async consignees(
    id: string,
    filters: ConsigneeFilters,
    cursor?: string,
    limit?: number,
  ): Promise<PageOf<ConsigneeView>> {
    return consigneePage(await this.reading(id), filters, cursor, limit);
  }

  async consigneeStream(id: string, filters: ConsigneeFilters): Promise<AsyncIterable<ConsigneeView>> {
    return consigneeStream(await this.reading(id), filters);
  }

  async gaps(id: string, kind?: string, cursor?: string, limit?: number): Promise<Page<GapView>> {
    return gapPage(this.db, await doneTrace(this.db, id), kind, cursor, limit);
  }

  async gapStream(id: string, kind?: string): Promise<AsyncIterable<GapView>> {
    return gapStream(this.db, await doneTrace(this.db, id), kind);
  }

  /** What `other` says differently from `id`. Throws COMPARE_DIRECTIONS. */
  async compare(id: string, other: string): Promise<TraceComparison> {
    return new TraceComparison(await this.reading(id), await this.reading(other));
  }

  async graph(id: string, by: GraphKind, nodesMax: number): Promise<SummaryGraph> {
    const head = await doneTrace(this.db, id);
    const [row] = await this.db.query<{ graph: SummaryGraph }>(
      'SELECT graphs->$2::text AS graph FROM trace WHERE trace_no = $1',
      [head.trace_no, by],
    );
    return cutGraph(row!.graph, nodesMax);
  }

  async why(id: string, unit: string): Promise<WhyView> {
    return whyUnit(this.db, await doneTrace(this.db, id), unit, this.settings.traceLinksMax);
  }

  /** All units and shipments at once, as columns. Throws TRACE_NOT_DONE, TRACE_EXPIRED. */
  async scopeColumns(id: string): Promise<ScopeColumns> {
    return scopeColumns(this.db, await doneTrace(this.db, id));
  }

  async report(id: string): Promise<TraceReading> {
    const reading = await this.reading(id);
    const { head } = reading;
    const summary = summaryOf(head, this.settings.traceKeepDays);
    const all: UnitFilters = { kinds: ALL_KINDS };
    return {
      head: {
        id: summary.id,
        askedBy: summary.createdBy,
        askedAt: summary.createdAt,
        ledgerPosition: summary.ledgerPosition,
        digest: summary.digest!,
        complete: summary.complete!,
        question: summary.question,
        counts: summary.counts!,
      },
      suspects: () => suspectsOf(this.db, head),
      units: () => unitStream(reading, 'affected', all),
      excluded: () => unitStream(reading, 'excluded', all),
      consignees: () => consigneeStream(reading),
      gaps: () => gapStream(this.db, head),
    };
  }

  private async reading(id: string): Promise<Reading> {
    const head = await doneTrace(this.db, id);
    return { q: this.db, head, cache: this.cache, timeZone: this.settings.timeZone };
  }
}
