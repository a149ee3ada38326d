/** Opens a finished trace for the report. Everything is read at the trace's own ledger position. */
import { Injectable } from '@nestjs/common';
import { Database } from '@/platform/db';
import { TraceQueries } from '@/trace';
import type { ConsigneeView } from '@/trace';
import type { ConsigneeRow, ReceiptRow, Suspect, TraceReading, UnitRow } from '../domain/model';
import { daysOf, makingsOf, numberOf, originOf, receiptsOf } from '../queries';

/** Rows for which more is read at once. */
const BATCH = 2_000;

@Injectable()
export class TraceReader {
  constructor(
    private readonly traces: TraceQueries,
    private readonly db: Database,
  ) {}

  /** Throws NOT_FOUND, and TRACE_NOT_DONE while it runs or where it failed. */
  async open(id: string): Promise<TraceReading> {
    const trace = await this.traces.report(id);
    const { head } = trace;
    const position = head.ledgerPosition;
    return {
      head,
      suspects: async () => this.withMakings(await trace.suspects(), position),
      units: () => trace.units(),
      excluded: () => trace.excluded(),
      consignees: () => this.deliveries(trace.consignees()),
      receipts: () => (head.question.direction === 'forward' ? nothing() : this.receipts(trace.units(), position)),
      gaps: () => trace.gaps(),
    };
  }

  private async withMakings(suspects: Omit<Suspect, 'makings'>[], position: number): Promise<Suspect[]> {
    const makings = await makingsOf(
      this.db,
      position,
      suspects.map((s) => numberOf(s.id)),
    );
    return suspects.map((suspect) => {
      const own = makings.get(numberOf(suspect.id)) ?? [];
      return { ...suspect, origin: originOf(own), makings: own };
    });
  }

  /** A delivery that is known by its day keeps that day: its first millisecond is the day before in another zone. */
  private async *deliveries(rows: AsyncIterable<ConsigneeView>): AsyncGenerator<ConsigneeRow> {
    for await (const batch of batches(rows)) {
      const days = await daysOf(
        this.db,
        batch.map((row) => row.event),
      );
      for (const row of batch) yield { ...row, day: days.get(row.event) ?? null };
    }
  }

  private async *receipts(units: AsyncIterable<UnitRow>, position: number): AsyncGenerator<ReceiptRow> {
    for await (const batch of batches(units)) yield* await receiptsOf(this.db, position, batch);
  }
}

async function* batches<T>(rows: AsyncIterable<T>): AsyncGenerator<T[]> {
  let batch: T[] = [];
  for await (const row of rows) {
    batch.push(row);
    if (batch.length < BATCH) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

async function* nothing(): AsyncGenerator<never> {}
