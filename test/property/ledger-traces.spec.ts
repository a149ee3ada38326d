import fc from 'fast-check';
import { RecordEvents, sealLedger } from '@/ledger';
import { Settings } from '@/platform/config';
import type { Context } from '@/platform/db';
import { TraceAnswer, UNIT_KINDS } from '@/trace/app/answer';
import { computeTrace } from '@/trace/app/compute-trace';
import { sqlView } from '@/trace/app/sql-view';
import type { ResolvedQuestion } from '@/trace/domain/question';
import { AFFECTED, REASONS } from '@/trace/engine';
import { ReferenceFacts, referencePlant, ReferenceQuestion, referenceTrace, SentEvent, Span } from '../reference';
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
  const seeds: ResolvedQuestion['seeds'] = [];
  for (const seed of q.seeds) {
    const [item, kind, code] = JSON.parse(seed.unit) as [string, 'lot' | 'serial' | 'run', string];
    const [row] = await db.asOwner<{ unit_id: number }>(
      `SELECT unit_id FROM unit JOIN item USING (item_id) WHERE item.code = $1 AND unit.code = $2`,
      [item, code],
    );
    const open = (t: number): number | null => (Number.isFinite(t) ? t : null);
    seeds.push({
      unitId: row!.unit_id,
      item,
      kind,
      code,
      windows: seed.windows.map(([from, until]) => [open(from), open(until)]),
    });
  }
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

/** The kinds of gap that the reference works out for itself. */
const COMPARED = new Set([
  'no-origin',
  'no-inputs',
  'before-it-existed',
  'installed-twice',
  'removed-without-installation',
  'returned-without-shipment',
  'shipped-while-held',
  'coarse-time',
]);

function spoken(answer: TraceAnswer, forward: boolean) {
  const name = (row: number): string =>
    JSON.stringify([answer.items.get(answer.itemId[row]!)!.code, UNIT_KINDS[answer.kind[row]!], answer.code[row]]);
  const coarse = new Set(answer.gaps.filter((g) => g.kind === 'coarse-time').map((g) => g.row));
  const affected: Record<string, unknown> = {};
  const excluded: Record<string, unknown> = {};
  for (let row = 0; row < answer.length; row++) {
    const verdict = answer.verdict[row]!;
    if (verdict !== AFFECTED) excluded[name(row)] = REASONS[verdict - 1];
    else {
      affected[name(row)] = {
        certainty: answer.certain[row] ? 'certain' : 'possible',
        exposure: answer.exposures.get(row) ?? [[answer.from[row], answer.until[row]]],
        depth: answer.depth[row],
        coarse: forward && coarse.has(row),
      };
    }
  }
  const gaps = answer.gaps
    .filter((g) => COMPARED.has(g.kind) && (forward || g.kind !== 'coarse-time'))
    .map((g) => `${name(g.row)} ${g.kind}`);
  return { affected, excluded, gaps: [...new Set(gaps)].sort() };
}

function expected(plant: ReferenceFacts, q: ReferenceQuestion) {
  const { affected, excluded } = referenceTrace(plant, q);
  const reached = new Set([...affected.keys(), ...excluded.keys()]);
  const gaps = plant.gaps.filter((g) => reached.has(g.unit)).map((g) => `${g.unit} ${g.kind}`);
  for (const [unit, { coarse }] of affected) if (coarse) gaps.push(`${unit} coarse-time`);
  return {
    affected: Object.fromEntries(affected),
    excluded: Object.fromEntries(excluded),
    gaps: [...new Set(gaps)].sort(),
  };
}

const DAY = Date.parse('2026-03-01T00:00:00Z');
const HOUR = 3_600_000;
const window: fc.Arbitrary<Span> = fc
  .tuple(fc.integer({ min: 0, max: 60 }), fc.integer({ min: 1, max: 40 }))
  .map(([start, length]): Span => [DAY + start * HOUR, DAY + (start + length) * HOUR]);
const question = fc.record({
  direction: fc.constantFrom('forward' as const, 'forward' as const, 'backward' as const),
  seeds: fc.array(
    fc.record({
      unit: fc.nat(50),
      windows: fc.oneof(fc.constant<Span[]>([[-Infinity, Infinity]]), fc.array(window, { minLength: 1, maxLength: 2 })),
    }),
    { minLength: 1, maxLength: 2 },
  ),
  at: fc.oneof(fc.constant('ever' as const), fc.constant('shipment' as const), window),
  certainty: fc.constantFrom('possible' as const, 'possible' as const, 'certain' as const),
  barriers: fc.array(fc.constantFrom({ item: 'MIX' }, { item: 'BIKE' }, { inspection: CHARACTERISTIC }), {
    maxLength: 1,
  }),
});

/** Seeds are chosen among the units that the history names. */
function asked(
  raw: typeof question extends fc.Arbitrary<infer T> ? T : never,
  units: readonly string[],
): ReferenceQuestion {
  const seeds = new Map<string, Span[]>();
  for (const s of raw.seeds) {
    const unit = units[s.unit % units.length]!;
    seeds.set(unit, [...(seeds.get(unit) ?? []), ...s.windows]);
  }
  const { direction, certainty, at, barriers } = raw;
  const common = { direction, certainty, seeds: [...seeds].map(([unit, windows]) => ({ unit, windows })) };
  return direction === 'forward' ? { ...common, at, barriers } : common;
}

async function traceAt(db: TestDatabase, q: ReferenceQuestion, position: number): Promise<TraceAnswer> {
  const question = await resolve(db, q);
  const view = await sqlView(db.database, position, question, { linksMax: 1_000_000 });
  return (await computeTrace(db.database, question, view, {})).answer;
}

describe('random histories through the ledger and the trace', () => {
  let compared = 0;

  /** Compares the two answers, unless the events leave several orders of a serial's days as good. */
  function agrees(answer: TraceAnswer, plant: ReferenceFacts, q: ReferenceQuestion): void {
    if (plant.ambiguous) return;
    compared++;
    expect(spoken(answer, q.direction === 'forward')).toEqual(expected(plant, q));
  }

  it(
    'give what the brute force gives from the same events, and the same digest in any order of arrival',
    () =>
      check(
        'histories',
        fc.asyncProperty(
          arbitraryHistory(),
          fc.array(question, { minLength: 1, maxLength: 3 }),
          fc.nat(20),
          async (history, questions, early) => {
            const { events, arrivals } = withPrefix(history, `c${run++}-`);
            if (events.length === 0) return;
            const positions = await Promise.all(databases.map((db, i) => record(db(), arrivals[i]!)));
            const plant = referencePlant(MASTER, events);
            for (const raw of questions) {
              const q = asked(raw, [...plant.units.keys()]);
              const [first, second] = await Promise.all(
                databases.map((db, i) => traceAt(db(), q, positions[i]!.at(-1)!)),
              );
              expect(second!.digest).toBe(first!.digest);
              expect(spoken(second!, q.direction === 'forward')).toEqual(spoken(first!, q.direction === 'forward'));
              agrees(first!, plant, q);
            }
            // As it was known then: at an earlier position, what came later has not happened.
            const known = early % arrivals[0].length;
            const then = referencePlant(MASTER, arrivals[0].slice(0, known + 1).flat());
            const q = asked(questions[0]!, [...then.units.keys()]);
            agrees(await traceAt(databases[0]!(), q, positions[0]![known]!), then, q);
          },
        ),
        // Three traces a history and two recordings: half as many histories as plants elsewhere.
        0.5,
      ),
    timeoutMs,
  );

  it('were compared, not passed over', () => {
    expect(compared).toBeGreaterThan(100);
  });
});
