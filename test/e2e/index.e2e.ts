import { http, startApp, TestApp, useApp, waitFor } from '../support';
import { kg, Json, lot, serial, TracePlant } from './trace-plant';

const app = useApp({ env: { BLAST_EVERY_HOURS: '0' } });
const plant = new TracePlant(app);

const EVENTS = [
  {
    type: 'receive',
    id: 'rm',
    at: '2026-03-01T06:00:00Z',
    unit: lot('RM', 'L-1'),
    quantity: kg('100'),
    supplier: 'ACME',
  },
  {
    type: 'top-up',
    id: 't1',
    at: '2026-03-01T08:00:00Z',
    vessel: lot('TANK', 'T'),
    unit: lot('RM', 'L-1'),
    quantity: kg('60'),
  },
  ...['07', '09', '11'].map((hour, n) => ({
    type: 'produce',
    id: `fg${n}`,
    at: `2026-03-01T${hour}:00:00Z`,
    outputs: [{ unit: lot('FG', `F-${hour}`), quantity: kg('10') }],
    inputs: [{ unit: lot('TANK', 'T'), quantity: kg('10') }],
  })),
  {
    type: 'produce',
    id: 'bat',
    at: '2026-03-01T10:00:00Z',
    outputs: [{ unit: serial('BAT', 'B-1') }],
    inputs: [{ unit: lot('FG', 'F-09'), quantity: kg('1') }],
  },
  {
    type: 'produce',
    id: 'bike',
    at: '2026-03-02T08:00:00Z',
    outputs: [{ unit: serial('BIKE', 'K-1') }],
    inputs: [{ unit: serial('BAT', 'B-1') }],
  },
  {
    type: 'ship',
    id: 's1',
    at: '2026-03-03T08:00:00Z',
    units: [{ unit: serial('BIKE', 'K-1') }],
    customer: 'SHOP-A',
    shipment: 'S-1',
  },
];
/** What is found out later: an earlier draw, a wrong production, a swapped battery. */
const LATER = [
  [
    {
      type: 'produce',
      id: 'late',
      at: '2026-03-01T08:30:00Z',
      outputs: [{ unit: lot('FG', 'F-LATE'), quantity: kg('5') }],
      inputs: [{ unit: lot('TANK', 'T'), quantity: kg('5') }],
    },
  ],
  [{ type: 'void', id: 'v', at: '2026-03-04T08:00:00Z', event: 'fg2', reason: 'typed twice' }],
  [
    {
      type: 'remove',
      id: 'out',
      at: '2026-03-02T20:00:00Z',
      parent: serial('BIKE', 'K-1'),
      unit: serial('BAT', 'B-1'),
    },
  ],
];

const QUESTIONS: { name: string; ask: object }[] = [
  { name: 'forward', ask: { direction: 'forward', seeds: [{ unit: lot('RM', 'L-1') }] } },
  { name: 'at shipment', ask: { direction: 'forward', seeds: [{ unit: lot('RM', 'L-1') }], at: 'shipment' } },
  { name: 'backward', ask: { direction: 'backward', seeds: [{ unit: serial('BIKE', 'K-1') }] } },
  {
    name: 'behind a barrier',
    ask: { direction: 'forward', seeds: [{ unit: lot('RM', 'L-1') }], barriers: [{ item: 'BAT' }] },
  },
];

/** Everything that can be read of an answer, but for ids and clocks. */
async function told(question: object): Promise<Json> {
  const { id, summary } = await plant.ask(question);
  const read = async (list: string) => (await plant.get(`/api/v1/traces/${id}/${list}`)).data;
  const lists = ['units?kinds=serial,lot,run', 'excluded?kinds=serial,lot,run', 'consignees', 'gaps'];
  const { digest, complete, counts, ledgerPosition, amounts } = summary;
  return {
    source: summary.source,
    answer: {
      digest,
      complete,
      counts,
      ledgerPosition,
      amounts,
      lists: await Promise.all(lists.map(read)),
      graphs: await Promise.all(['item', 'lot', 'unit'].map((by) => plant.get(`/api/v1/traces/${id}/graph?by=${by}`))),
    },
  };
}

async function sameFromBoth(ask: object): Promise<Json> {
  const fromIndex = await told({ ...ask, source: 'index' });
  const fromSql = await told({ ...ask, source: 'sql', ledgerPosition: fromIndex.answer.ledgerPosition });
  expect([fromIndex.source, fromSql.source]).toEqual(['index', 'sql']);
  expect(fromIndex.answer).toEqual(fromSql.answer);
  return fromIndex.answer;
}

beforeAll(async () => {
  await plant.masterData();
  await plant.record(EVENTS);
});

describe('the index and the database', () => {
  const first = new Map<string, Json>();

  it.each(QUESTIONS)('say the same: $name', async ({ name, ask }) => {
    first.set(name, await sameFromBoth(ask));
    expect(first.get(name).counts.affected).toBeGreaterThan(1);
  });

  it('say the same after every late, voiding or closing fact, and as it was known before', async () => {
    for (const events of LATER) {
      await plant.record(events);
      for (const { ask } of QUESTIONS) await sameFromBoth(ask);
    }
    for (const { name, ask } of QUESTIONS) {
      const then = first.get(name);
      expect(await sameFromBoth({ ...ask, ledgerPosition: then.ledgerPosition })).toEqual(then);
    }
  });

  it('see what was found out', async () => {
    const { counts, lists } = await sameFromBoth(QUESTIONS[0]!.ask);
    expect(lists[0].map((r: Json) => r.unit.lot)).toEqual(expect.arrayContaining(['F-09', 'F-LATE']));
    expect(lists[0].map((r: Json) => r.unit.lot)).not.toContain('F-11');
    // Drawn before the tank was ever filled: clocks differ, and no recall hangs on that.
    expect(counts.gaps).toMatchObject({ 'before-it-existed': 1 });
  });
});

describe('several workers', () => {
  it('have an index each, and give the same digests', async () => {
    await app().addWorker();
    const workers = await waitFor(
      async () => {
        const { data } = await plant.get('/api/v1/health/workers');
        return data.length === 2 && data.every((w: Json) => w.metrics.index?.state === 'ready') && data;
      },
      { what: 'two workers with an index', withinMs: 60_000 },
    );
    expect(workers[0].metrics.index).toMatchObject({ links: expect.any(Number), bytes: expect.any(Number) });
    const before = workers.map((w: Json) => w.metrics.index.answered.index as number);
    const digests = new Set<string>();
    await waitFor(
      async () => {
        const asked = await Promise.all(
          Array.from({ length: 6 }, () => plant.ask({ ...QUESTIONS[0]!.ask, source: 'index' })),
        );
        for (const { summary } of asked) digests.add(summary.digest);
        const { data } = await plant.get('/api/v1/health/workers');
        return data.every((w: Json, i: number) => w.metrics.index.answered.index > before[i]);
      },
      { what: 'both workers to answer from their index', withinMs: 90_000 },
    );
    expect(digests.size).toBe(1);
  });
});

describe('where there is no index', () => {
  let other: TestApp;
  beforeAll(async () => {
    other = await startApp({ env: { INDEX: '0', BLAST_EVERY_HOURS: '0' } });
  });
  afterAll(() => other.stop());

  it('the database answers, and a question that insists on the index is told so', async () => {
    const there = new TracePlant(() => other);
    await there.masterData();
    await there.record(EVENTS);
    const { summary } = await there.ask(QUESTIONS[0]!.ask);
    expect(summary.source).toBe('sql');
    const answer = await http(other)
      .post('/api/v1/traces?wait=30')
      .send({ ...QUESTIONS[0]!.ask, source: 'index' })
      .expect(200);
    expect(answer.body).toMatchObject({ status: 'failed', error: { code: 'INDEX_UNAVAILABLE' } });
    expect(answer.body.error.message).toContain('INDEX is off');
  });
});
