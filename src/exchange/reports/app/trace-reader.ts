/** Opens a finished trace for the report. Everything is read at the trace's own ledger position. */
import { Injectable } from '@nestjs/common';
import { Database } from '@/platform/db';
import { TraceQueries } from '@/trace';
import type { ReceiptRow, TraceReading, UnitRow } from '../domain/model';
import { receiptsOf } from '../queries';

/** Units whose receipts are read at once. */
const BATCH = 2_000;

@Injectable()
export class TraceReader {
  constructor(
    private readonly traces: TraceQueries,
    private readonly db: Database,
  ) {}

  /** Throws NOT_FOUND, and TRACE_NOT_DONE while it runs or where it failed. */
  async open(id: string): Promise<TraceReading> {
    const reading = await this.traces.report(id);
    const { direction } = reading.head.question;
    return {
      ...reading,
      receipts: () =>
        direction === 'forward' ? nothing() : this.receipts(reading.units(), reading.head.ledgerPosition),
    };
  }

  private async *receipts(units: AsyncIterable<UnitRow>, position: number): AsyncGenerator<ReceiptRow> {
    let batch: UnitRow[] = [];
    for await (const unit of units) {
      batch.push(unit);
      if (batch.length < BATCH) continue;
      yield* await receiptsOf(this.db, position, batch);
      batch = [];
    }
    yield* await receiptsOf(this.db, position, batch);
  }
}

async function* nothing(): AsyncGenerator<never> {}
