import fc from 'fast-check';
import { Client } from 'pg';
import { RecordEvents, sealLedger } from '@/ledger';
import { Settings } from '@/platform/config';
import type { Context } from '@/platform/db';
import type { TraceAnswer } from '@/trace/app/answer';
import { computeTrace } from '@/trace/app/compute-trace';
import { sqlView } from '@/trace/app/sql-view';
import type { ResolvedQuestion } from '@/trace/domain/question';
import { loadBase } from '@/trace/resident/load-base';
import { ResidentIndex } from '@/trace/resident/resident-index';
import { referencePlant, ReferenceQuestion, SentEvent, Span } from '../reference';
import { TestDatabase, useDatabase } from '../support';
import { arbitraryHistory, CHARACTERISTIC, CUSTOMERS, MASTER, withPrefix } from './histories';
import { check, timeoutMs } from './runs';

const ctx: Context = { actor: 'user:test', source: 'test' };
const settings = new Settings({ DATABASE_URL: 'postgres://u@h/d', REDIS_URL: 'redis://h' });
const databases = [useDatabase(), useDatabase()];
let run = 0;

beforeAll(async () => {
  for (const db of databases) {
    for (const { item, tracking, uom } of MASTER.items) {
      await db().asOwner(`INSERT INTO item (code, name, tracking, uom) VALUES ($1, $1, $2, $3)`, [item, tracking, uom]);
    }
    await db().asOwner(`INSERT INTO place (code, name, kind) VALUES ('STORE', 'Store', 'site')`);
    for (const code of CUSTOMERS)
      await db().asOwner(`INSERT INTO partner (code, name, kind) VALUES ($1, $1, 'customer')`, [code]);
    await db().asOwner(
      `INSERT INTO ledger_batch (batch_id, source, actor) OVERRIDING SYSTEM VALUE VALUES (0, 'test', 'test')`,
    );
    await db().asOwner(`INSERT INTO ledger_pending (batch_id) VALUES (0)`);
    for (const item of MASTER.withBom) {
      const body = {
        item,
        revision: 'A',
        fromMs: null,
        untilMs: null,
        lines: [{ component: 'RM', quantity: '1', uom: 'kg' }],
      };
      await db().asOwner(`INSERT INTO master_version (batch_id, kind, key, body) VALUES (0, 'bom', $1, $2)`, [
        `${item}\u001fA`,
        JSON.stringify(body),
      ]);
    }
  }
});

/** Records the requests one after the other; the ledger position after each. */
async function record(db: TestDatabase, requests: SentEvent[][]): Promise<number[]> {
  const door = new RecordEvents(db.uow, settings);
  const positions: number[] = [];
  for (const events of requests) {
    const result = await door.execute(ctx, events);
    expect(result.refused).toEqual([]);
    expect(result.accepted).toBe(events.length);
    positions.push(await sealLedger(db.uow));
  }
  return positions;
}

async function resolve(db: TestDatabase, q: ReferenceQuestion): Promise<ResolvedQuestion> {
  const at = q.at ?? 'ever';
  const names = q.seeds.map((s) => JSON.parse(s.unit) as [string, 'lot' | 'serial' | 'run', string]);
  const rows = await db.database.query<{ unit_id: number; item: string; code: string }>(
    `SELECT unit_id, item.code AS item, unit.code FROM unit JOIN item USING (item_id) WHERE unit.code = ANY ($1)`,
    [names.map(([, , code]) => code)],
  );
  const ids = new Map(rows.map((r) => [`${r.item} ${r.code}`, r.unit_id]));
  const open = (t: number): number | null => (Number.isFinite(t) ? t : null);
  const seeds = q.seeds.map(({ windows }, i) => {
    const [item, kind, code] = names[i]!;
    const own = windows.map(([from, until]): [number | null, number | null] => [open(from), open(until)]);
    return { unitId: ids.get(`${item} ${code}`)!, item, kind, code, windows: own };
  });
  const barriers = q.barriers ?? [];
  const barrierItems: ResolvedQuestion['barrierItems'] = [];
  for (const b of barriers) {
    if (!('item' in b)) continue;
    const [row] = await db.asOwner<{ item_id: number }>(`SELECT item_id FROM item WHERE code = $1`, [b.item]);
    barrierItems.push({ itemId: row!.item_id, item: b.item });
  }
  return {
    direction: q.direction,
    seeds,
    at: at === 'ever' || at === 'shipment' ? { kind: at } : { kind: 'period', from: at[0], until: at[1] },
    certainty: q.certainty ?? 'possible',
    barrierItems,
    barrierInspections: barriers.flatMap((b) => ('inspection' in b ? [b.inspection] : [])),
  };
}

const DAY = Date.parse('2026-03-01T00:00:00Z');
const HOUR = 3_600_000;
const window: fc.Arbitrary<Span> = fc
  .tuple(fc.integer({ min: 0, max: 60 }), fc.integer({ min: 1, max: 40 }))
  .map(([start, length]): Span => [DAY + start * HOUR, DAY + (start + length) * HOUR]);
const seeds = fc.array(
  fc.record({
    unit: fc.nat(50),
    windows: fc.oneof(fc.constant<Span[]>([[-Infinity, Infinity]]), fc.array(window, { minLength: 1, maxLength: 2 })),
  }),
  { minLength: 1, maxLength: 2 },
);
const question = fc
  .record({
    direction: fc.constantFrom('forward' as const, 'forward' as const, 'backward' as const),
    at: fc.oneof(fc.constant('ever' as const), fc.constant('shipment' as const), window),
    certainty: fc.constantFrom('possible' as const, 'possible' as const, 'certain' as const),
    barriers: fc.array(fc.constantFrom({ item: 'MIX' }, { item: 'BIKE' }, { inspection: CHARACTERISTIC }), {
      maxLength: 1,
    }),
  })
  .map(({ at, barriers, ...common }) => (common.direction === 'forward' ? { ...common, at, barriers } : common));

type Seeds = typeof seeds extends fc.Arbitrary<infer T> ? T : never;
type About = Omit<ReferenceQuestion, 'seeds'>;

/** Seeds are chosen among the units that the history names. */
function asked(about: About, raw: Seeds, units: readonly string[]): ReferenceQuestion {
  const chosen = new Map<string, Span[]>();
  for (const s of raw) {
    const unit = units[s.unit % units.length]!;
    chosen.set(unit, [...(chosen.get(unit) ?? []), ...s.windows]);
  }
  return { ...about, seeds: [...chosen].map(([unit, windows]) => ({ unit, windows })) };
}

/** Histories that an index takes in before it is built again. */
const HISTORIES_AN_INDEX = 8;
let comparedWithIndex = 0;

/** An index of the database; at first of what is there before the history, then fed. */
class Indexes {
  private readonly of = new Map<TestDatabase, { index: ResidentIndex; histories: number }>();

  async before(db: TestDatabase): Promise<void> {
    const known = this.of.get(db);
    if (known && ++known.histories < HISTORIES_AN_INDEX) return;
    this.of.set(db, { index: await indexOf(db, await sealLedger(db.uow)), histories: 0 });
  }

  get(db: TestDatabase): ResidentIndex {
    return this.of.get(db)!.index;
  }
}

const indexes = new Indexes();

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
function whole(answer: TraceAnswer) {
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

/** The answer at a position; where the index reaches that far back, it must say the same as the database. */
async function traceAt(db: TestDatabase, q: ReferenceQuestion, position: number): Promise<TraceAnswer> {
  const question = await resolve(db, q);
  const view = await sqlView(db.database, position, question, { linksMax: 1_000_000 });
  const { answer } = await computeTrace(db.database, question, view, {});
  const index = indexes.get(db);
  await index.advanceTo(position);
  if (position >= index.base.position) {
    const seeds = question.seeds.map((s) => s.unitId);
    const fromIndex = await computeTrace(db.database, question, index.viewAt(position, seeds), {});
    expect(whole(fromIndex.answer)).toEqual(whole(answer));
    comparedWithIndex++;
  }
  return answer;
}

describe('the resident index', () => {
  it(
    'answers as the database does, whatever came in between, at every position that it reaches',
    () =>
      check(
        'index',
        fc.asyncProperty(
          arbitraryHistory(),
          fc.array(fc.tuple(question, seeds), { minLength: 2, maxLength: 4 }),
          fc.nat(20),
          async (history, questions, early) => {
            const { events, arrivals } = withPrefix(history, `i${run++}-`);
            if (events.length === 0) return;
            for (const [i, db] of databases.entries()) {
              await indexes.before(db());
              const positions = await record(db(), arrivals[i]!);
              const names = [...referencePlant(MASTER, events).units.keys()];
              for (const [about, raw] of questions) await traceAt(db(), asked(about, raw, names), positions.at(-1)!);
              // As it was known then, after the index has gone on.
              const known = early % positions.length;
              const then = referencePlant(MASTER, arrivals[i]!.slice(0, known + 1).flat());
              const [about, raw] = questions[0]!;
              await traceAt(db(), asked(about, raw, [...then.units.keys()]), positions[known]!);
            }
          },
        ),
        // Every history is recorded twice and traced a dozen times.
        0.03,
      ),
    timeoutMs,
  );

  it('was compared at many positions', () => {
    expect(comparedWithIndex).toBeGreaterThan(200);
  });
});
