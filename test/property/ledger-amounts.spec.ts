import fc from 'fast-check';
import { RecordEvents, sealLedger } from '@/ledger';
import { Settings } from '@/platform/config';
import { amountsOf, UnitAmount } from '@/trace/app/amounts';
import {
  Fraction,
  fraction,
  isUnclear,
  less,
  minus,
  mixedPlant,
  referenceAmounts,
  referencePlant,
  referenceTrace,
  SentEvent,
  Span,
} from '../reference';
import { useDatabase } from '../support';
import { arbitraryHistory, CUSTOMERS, MASTER, withPrefix } from './histories';
import { check, timeoutMs } from './runs';

const settings = new Settings({ DATABASE_URL: 'postgres://u@h/d', REDIS_URL: 'redis://h' });
const db = useDatabase();
let run = 0;
let known = 0;
let unknown = 0;

beforeAll(async () => {
  for (const { item, tracking, uom } of MASTER.items)
    await db().asOwner(`INSERT INTO item (code, name, tracking, uom) VALUES ($1, $1, $2, $3)`, [item, tracking, uom]);
  await db().asOwner(`INSERT INTO place (code, name, kind) VALUES ('STORE', 'Store', 'site')`);
  for (const code of CUSTOMERS)
    await db().asOwner(`INSERT INTO partner (code, name, kind) VALUES ($1, $1, 'customer')`, [code]);
});

/** Leaves out quantities that events may leave out, here and there. */
function withGaps(events: readonly SentEvent[], gaps: readonly boolean[]): SentEvent[] {
  const bare = <T extends object>(row: T): T => {
    const { quantity: _, ...rest } = row as T & { quantity?: unknown };
    return rest as T;
  };
  return events.map((e, n) => {
    if (!gaps[n % gaps.length]) return e;
    if (e.type === 'ship' || e.type === 'return') return { ...e, units: (e.units as object[]).map(bare) };
    if (e.type === 'scrap') return bare(e);
    if (e.type === 'produce') return { ...e, outputs: (e.outputs as object[]).map((o, i) => (i === 0 ? bare(o) : o)) };
    return e;
  });
}

async function idsOf(names: readonly string[]): Promise<Map<string, number>> {
  const keys = names.map((n) => JSON.parse(n) as [string, string, string]);
  const rows = await db().asOwner<{ n: number; unit_id: number }>(
    `SELECT x.n::int AS n, u.unit_id FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS x (item, code, n)
       JOIN item i ON i.code = x.item JOIN unit u ON u.item_id = i.item_id AND u.code = x.code`,
    [keys.map((k) => k[0]), keys.map((k) => k[2])],
  );
  return new Map(rows.map((r) => [names[r.n - 1]!, r.unit_id]));
}

function read(text: string): Fraction {
  const [whole, decimals = ''] = text.split('.');
  return fraction(BigInt(whole! + decimals), 10n ** BigInt(decimals.length));
}

function agree(shown: string | null, expected: Fraction | null): boolean {
  if (shown === null || expected === null) return shown === expected;
  const found = read(shown);
  const [low, high] = less(found, expected) ? [found, expected] : [expected, found];
  return !less(fraction(high.n, high.d * 1_000_000_000n), minus(high, low));
}

const EVER: Span[] = [[-Infinity, Infinity]];
const HOUR = 3_600_000;
const window: fc.Arbitrary<Span[]> = fc
  .tuple(fc.integer({ min: 0, max: 60 }), fc.integer({ min: 1, max: 40 }))
  .map(([start, length]) => {
    const from = Date.parse('2026-03-01T00:00:00Z') + start * HOUR;
    return [[from, from + length * HOUR]];
  });

describe('amounts of random histories through the ledger', () => {
  it(
    'are what the brute force makes of the same events',
    () =>
      check(
        'histories with quantities',
        fc.asyncProperty(
          arbitraryHistory({ eventsMax: 30 }),
          fc.array(
            fc.integer({ min: 0, max: 7 }).map((n) => n === 0),
            { minLength: 5, maxLength: 9 },
          ),
          fc.nat(50),
          fc.oneof(fc.constant(EVER), window),
          async (history, gaps, pick, windows) => {
            const plain = withPrefix(history, `a${run++}-`);
            const events = withGaps(plain.events, gaps);
            if (events.length === 0 || events.some(isUnclear)) return;
            // In the order in which they are listed: what is taken back is there before.
            const { refused } = await new RecordEvents(db().uow, settings).execute(
              { actor: 'user:test', source: 'test' },
              events,
            );
            expect(refused).toEqual([]);
            const position = await sealLedger(db().uow);
            const facts = referencePlant(MASTER, events);
            if (facts.ambiguous) return;
            const names = [...facts.units.keys()];
            const used = names.filter((name) => facts.links.some((l) => l.input === name && l.mode === 'consume'));
            const seed = used.length > 0 ? used[pick % used.length]! : names[pick % names.length]!;
            const seeds = [{ unit: seed, windows }];
            const { affected, excluded } = referenceTrace(facts, { direction: 'forward', seeds });
            const exposure = (unit: string): Span[] => affected.get(unit)?.exposure ?? [];
            const expected = referenceAmounts(mixedPlant(MASTER, facts, events), seeds, exposure);

            const reached = [...affected.keys(), ...excluded.keys()];
            const ids = await idsOf(reached);
            const names2 = new Map([...ids].map(([name, id]) => [id, name]));
            const [item, kind, code] = JSON.parse(seed) as [string, 'lot' | 'serial' | 'run', string];
            const open = (t: number): number | null => (Number.isFinite(t) ? t : null);
            const found = await amountsOf(db().database, position, {
              units: [...ids.values()],
              seeds: [
                {
                  unitId: ids.get(seed)!,
                  item,
                  kind,
                  code,
                  windows: windows.map(([from, until]) => [open(from), open(until)]),
                },
              ],
              exposureOf: (id) => exposure(names2.get(id)!),
            });
            for (const [id, shown] of found) same(names2.get(id)!, shown, expected);
          },
        ),
        0.25,
      ),
    timeoutMs,
  );

  it('were known often, and unknown often', () => {
    expect(known).toBeGreaterThan(50);
    expect(unknown).toBeGreaterThan(50);
  });
});

function same(unit: string, shown: UnitAmount, expected: ReturnType<typeof referenceAmounts>): void {
  const nanos = expected.amount.get(unit)!;
  const quantities = [
    ['amount', shown.amount, nanos && fraction(nanos.n, nanos.d * 1_000_000_000n)],
    ['share', shown.share, expected.share.get(unit)!],
    ['peak', shown.peakShare, expected.peak.get(unit)!],
  ] as const;
  if (shown.amount === null) unknown++;
  else if (shown.amount !== '0') known++;
  for (const [what, text, exact] of quantities)
    if (!agree(text, exact))
      throw new Error(`${what} of ${unit} is ${text}, not ${exact === null ? 'unknown' : `${exact.n}/${exact.d}`}`);
}
