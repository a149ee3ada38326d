import fc from 'fast-check';
import { RecordEvents, sealLedger } from '@/ledger';
import { Settings } from '@/platform/config';
import type { Context } from '@/platform/db';
import { TraceAnswer, UNIT_KINDS } from '@/trace/app/answer';
import { computeTrace } from '@/trace/app/compute-trace';
import { sqlView } from '@/trace/app/sql-view';
import type { ResolvedQuestion } from '@/trace/domain/question';
import { AFFECTED, Interval, REASONS } from '@/trace/engine';
import { ReferenceFacts, referencePlant, ReferenceQuestion, referenceTrace, SentEvent, Span } from '../reference';
import { TestDatabase, useDatabase } from '../support';
import { arbitraryHistory, CHARACTERISTIC, CUSTOMERS, History, MASTER, withPrefix } from './histories';
import { Indexes, whole } from './indexes';
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

/** The kinds of gap that the reference works out for itself. */
const COMPARED = new Set([
  'no-origin',
  'no-inputs',
  'before-it-existed',
  'installed-twice',
  'removed-without-installation',
  'returned-without-shipment',
  'shipped-while-held',
  'used-while-held',
  'installed-while-held',
  'coarse-time',
]);

/** The answer in the reference's words, but for units of which the events do not tell enough. */
function spoken(answer: TraceAnswer, forward: boolean, unclear: ReadonlySet<string> = new Set()) {
  const name = (row: number): string =>
    JSON.stringify([answer.items.get(answer.itemId[row]!)!.code, UNIT_KINDS[answer.kind[row]!], answer.code[row]!]);
  const affected: Record<string, unknown> = {};
  const excluded: Record<string, unknown> = {};
  for (let row = 0; row < answer.length; row++) {
    const verdict = answer.verdict[row]!;
    if (unclear.has(name(row))) continue;
    if (verdict !== AFFECTED) excluded[name(row)] = REASONS[verdict - 1];
    else {
      const certainty = answer.certain[row] ? 'certain' : 'possible';
      affected[name(row)] = { certainty, exposure: exposureOf(answer, row), depth: answer.depth[row] };
    }
  }
  const gaps = answer.gaps
    .filter((g) => !unclear.has(name(g.row)) && COMPARED.has(g.kind) && (forward || g.kind !== 'coarse-time'))
    .map((g) => `${name(g.row)} ${g.kind}`);
  return { affected, excluded, gaps: [...new Set(gaps)].sort() };
}

function exposureOf(answer: TraceAnswer, row: number): Interval[] {
  const [from, until] = [answer.from[row]!, answer.until[row]!];
  return answer.exposures.get(row) ?? (from < until ? [[from, until]] : []);
}

function expected(plant: ReferenceFacts, q: ReferenceQuestion) {
  const { affected, excluded } = referenceTrace(plant, q);
  const reached = new Set([...affected.keys(), ...excluded.keys()]);
  // Which unit hangs on a time known by its day, a gap says.
  for (const unit of plant.unclear) {
    affected.delete(unit);
    excluded.delete(unit);
  }
  const told = [...affected].map(([unit, { certainty, exposure, depth }]) => [unit, { certainty, exposure, depth }]);
  const gaps = plant.gaps
    .filter((g) => reached.has(g.unit) && !plant.unclear.has(g.unit))
    .map((g) => `${g.unit} ${g.kind}`);
  for (const [unit, { coarse }] of affected) if (coarse) gaps.push(`${unit} coarse-time`);
  return {
    affected: Object.fromEntries(told) as object,
    excluded: Object.fromEntries(excluded),
    gaps: [...new Set(gaps)].sort(),
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

const indexes = new Indexes();
let askedOfIndexes = 0;

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
    askedOfIndexes++;
  }
  return answer;
}

/** Questions to each batch of plants: whether and when they matter is the same for all of a batch, the seeds are each plant's own. */
const QUESTIONS = 3;
/** Plants that are recorded and asked together: each under its own codes, so that one knows nothing of the others. */
const TOGETHER = 20;

const batch = fc.record({
  plants: fc.array(
    fc.record({
      history: arbitraryHistory({ stock: true }),
      seeds: fc.array(seeds, { minLength: QUESTIONS, maxLength: QUESTIONS }),
    }),
    { minLength: TOGETHER, maxLength: TOGETHER },
  ),
  questions: fc.array(question, { minLength: QUESTIONS, maxLength: QUESTIONS }),
  early: fc.nat(20),
});

interface Sent extends History {
  seeds: Seeds[];
}

/** Request by request, what all the histories send. */
function merged(plants: readonly Sent[], arrival: 0 | 1): SentEvent[][] {
  const longest = Math.max(...plants.map((p) => p.arrivals[arrival].length));
  return Array.from({ length: longest }, (_, i) => plants.flatMap((p) => p.arrivals[arrival][i] ?? []));
}

describe('random histories through the ledger and the trace', () => {
  let plantCount = 0;
  let compared = 0;

  /** One question to all the plants, and the brute force's answer for those whose events leave no order of days open. */
  function all(about: About, plants: readonly { facts: ReferenceFacts; seeds: Seeds }[]) {
    const own = plants.map(({ facts, seeds: raw }) => ({ facts, q: asked(about, raw, [...facts.units.keys()]) }));
    const told = own.filter(({ facts }) => !facts.ambiguous).map(({ facts, q }) => expected(facts, q));
    const unclear = own.flatMap(({ facts }) => [...(facts.ambiguous ? facts.units.keys() : facts.unclear)]);
    compared += told.length;
    return {
      q: { ...about, seeds: own.flatMap(({ q }) => q.seeds) },
      unclear: new Set(unclear),
      answer: {
        affected: Object.assign({}, ...told.map((t) => t.affected)) as object,
        excluded: Object.assign({}, ...told.map((t) => t.excluded)) as object,
        gaps: told.flatMap((t) => t.gaps).sort(),
      },
    };
  }

  it(
    'give what the brute force gives from the same events, from the database as from an index, in any order of arrival',
    () =>
      check(
        'histories',
        fc.asyncProperty(batch, async ({ plants, questions, early }) => {
          const sent = plants
            .map(({ history, ...p }): Sent => ({ ...p, ...withPrefix(history, `c${run++}-`) }))
            .filter(({ events }) => referencePlant(MASTER, events).units.size > 0);
          plantCount += sent.length;
          const requests = [merged(sent, 0), merged(sent, 1)];
          for (const db of databases) await indexes.before(db());
          const positions = await Promise.all(databases.map((db, i) => record(db(), requests[i]!)));
          const known = sent.map((p) => ({ ...p, facts: referencePlant(MASTER, p.events) }));
          for (const [n, about] of questions.entries()) {
            const { q, answer, unclear } = all(
              about,
              known.map((p) => ({ facts: p.facts, seeds: p.seeds[n]! })),
            );
            const [first, second] = await Promise.all(
              databases.map((db, i) => traceAt(db(), q, positions[i]!.at(-1)!)),
            );
            const forward = q.direction === 'forward';
            expect(second!.digest).toBe(first!.digest);
            expect(spoken(second!, forward)).toEqual(spoken(first!, forward));
            expect(spoken(first!, forward, unclear)).toEqual(answer);
          }
          // As it was known then: at an earlier position, what came later has not happened.
          const then = early % positions[0]!.length;
          const before = sent.map((p) => ({
            facts: referencePlant(MASTER, p.arrivals[0].slice(0, then + 1).flat()),
            seeds: p.seeds[0]!,
          }));
          const { q, answer, unclear } = all(
            questions[0]!,
            before.filter(({ facts }) => facts.units.size > 0),
          );
          const earlier = await traceAt(databases[0]!(), q, positions[0]![then]!);
          expect(spoken(earlier, q.direction === 'forward', unclear)).toEqual(answer);
        }),
        1 / TOGETHER,
      ),
    timeoutMs,
  );

  it('were compared, not passed over', () => {
    expect(compared).toBeGreaterThan(plantCount / 2);
    expect(askedOfIndexes).toBeGreaterThan(plantCount / TOGETHER);
  });
});
