import { Client } from 'pg';
import type { TraceAnswer } from '@/trace/app/answer';
import { sealLedger } from '@/ledger';
import { loadBase } from '@/trace/resident/load-base';
import { ResidentIndex } from '@/trace/resident/resident-index';
import type { TestDatabase } from '../support';

/** Batches of histories that an index takes in before it is built again. */
const BATCHES_AN_INDEX = 4;
/** A resident index for each database: built of what is there before a batch of histories, then fed. */
export class Indexes {
  private readonly of = new Map<TestDatabase, { index: ResidentIndex; batches: number }>();

  async before(db: TestDatabase): Promise<void> {
    const known = this.of.get(db);
    if (known && ++known.batches < BATCHES_AN_INDEX) return;
    this.of.set(db, { index: await indexOf(db, await sealLedger(db.uow)), batches: 0 });
  }

  get(db: TestDatabase): ResidentIndex {
    return this.of.get(db)!.index;
  }
}

async function indexOf(db: TestDatabase, position: number): Promise<ResidentIndex> {
  const client = new Client({ connectionString: db.url, options: '-c role=unitrail_app' });
  await client.connect();
  try {
    return new ResidentIndex(db.database, await loadBase(client, { position, bytesMax: 1e9, headroom: 0 }));
  } finally {
    await client.end();
  }
}

/** All that an answer says, in an order of its own; the digest sees less. */
export function whole(answer: TraceAnswer) {
  const { deliveries: d, code, holdings, exposures, gaps, items, ...columns } = answer;
  const plain = Object.fromEntries(
    Object.entries(columns).map(([key, column]) => [key, ArrayBuffer.isView(column) ? [...(column as never)] : column]),
  );
  const sent = Array.from({ length: d.length }, (_, n) => [
    d.row[n],
    d.parentUnitId[n],
    d.customerId[n],
    d.document[n]! < 0 ? null : d.documents[d.document[n]!],
    d.fromMs[n],
    d.eventId[n],
    d.quantity[n],
    d.hit[n],
  ]);
  return {
    ...plain,
    code,
    holdings: sortedBy([...holdings]),
    exposures: sortedBy([...exposures]),
    items: sortedBy([...items]),
    gaps: gaps.map((g) => [g.row, g.kind, g.message, g.event ?? null].join('\n')).sort(),
    sent: sortedBy(sent),
  };
}

function sortedBy<T>(rows: T[]): string[] {
  const text = (row: T) =>
    JSON.stringify(row, (_, value: unknown) => (typeof value === 'bigint' ? `${value}n` : value));
  return rows.map(text).sort();
}
