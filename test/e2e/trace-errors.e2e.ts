import { http, useApp } from '../support';
import { kg, lot, serial, TracePlant } from './trace-plant';

const app = useApp();
const plant = new TracePlant(app);
const api = () => http(app());
const seed = { unit: lot('RM', 'L-1') };

beforeAll(async () => {
  await plant.masterData();
  await plant.record([
    {
      type: 'receive',
      id: 'rm',
      at: '2026-03-01T08:00:00Z',
      unit: lot('RM', 'L-1'),
      quantity: kg('1'),
      supplier: 'ACME',
    },
  ]);
});

describe('a question that cannot be answered is refused by name, never answered as empty', () => {
  const forward = (more: object) => ({ direction: 'forward', seeds: [seed], ...more });
  const backward = (more: object) => ({ direction: 'backward', seeds: [seed], ...more });
  it.each<[string, object, string]>([
    ['no seeds', { direction: 'forward', seeds: [] }, 'SEEDS_REQUIRED'],
    ['seeds left out', { direction: 'forward' }, 'SEEDS_REQUIRED'],
    ['an unknown lot', forward({ seeds: [seed, { unit: lot('RM', 'NOPE') }] }), 'SEED_UNKNOWN'],
    ['an unknown item', forward({ seeds: [{ unit: lot('NOPE', 'L-1') }] }), 'SEED_UNKNOWN'],
    ['the wrong kind', forward({ seeds: [{ unit: serial('RM', 'L-1') }] }), 'SEED_UNKNOWN'],
    ['a seed that was not known then', forward({ ledgerPosition: 0 }), 'SEED_UNKNOWN'],
    ['an empty window', forward({ seeds: [{ ...seed, from: '2026-03-02', until: '2026-03-01' }] }), 'TIME_RANGE'],
    [
      'a window of no length',
      forward({ seeds: [{ ...seed, from: '2026-03-02T00:00Z', until: '2026-03-02T00:00Z' }] }),
      'TIME_RANGE',
    ],
    ['a time without offset', forward({ seeds: [{ ...seed, from: '2026-03-02T10:00:00' }] }), 'TIME_NEEDS_OFFSET'],
    ['a time that is none', forward({ at: 'yesterday' }), 'TIME_INVALID'],
    ['a position to come', forward({ ledgerPosition: 1_000_000 }), 'POSITION_AHEAD'],
    ['at, backward', backward({ at: 'shipment' }), 'FORWARD_ONLY'],
    ['barriers, backward', backward({ barriers: [{ item: 'FG' }] }), 'FORWARD_ONLY'],
    ['a threshold, backward', backward({ thresholdShare: '0.1', justification: 'x' }), 'FORWARD_ONLY'],
    ['a threshold without a reason', forward({ thresholdShare: '0.1' }), 'JUSTIFICATION_REQUIRED'],
    ['a threshold of nothing', forward({ thresholdShare: '0', justification: 'x' }), 'FIELD_INVALID'],
    ['a threshold above all', forward({ thresholdShare: '1.1', justification: 'x' }), 'FIELD_INVALID'],
    ['a barrier on an unknown item', forward({ barriers: [{ item: 'NOPE' }] }), 'UNKNOWN_ITEM'],
    ['a barrier on nothing', forward({ barriers: [{}] }), 'FIELD_INVALID'],
    ['no list of seeds', forward({ seeds: null }), 'SEEDS_REQUIRED'],
    ['a unit of two kinds', forward({ seeds: [{ unit: { item: 'RM', lot: 'L-1', serial: 'L-1' } }] }), 'FIELD_INVALID'],
    ['a scan that names nothing', forward({ seeds: [{ unit: { scan: 'hello' } }] }), 'SCAN_UNREADABLE'],
    ['an unknown field', forward({ depthMax: 3 }), 'UNKNOWN_FIELD'],
  ])('%s', async (_, question, code) => {
    const answer = await api().post('/api/v1/traces').send(question).expect(422);
    expect(answer.body).toMatchObject({ code, detail: expect.stringMatching(/\w+ \w+/) });
  });

  it.each([
    ['a seed without a unit', forward({ seeds: [{}] })],
    ['a text that is none', forward({ justification: 'a\u0000b' })],
    ['half a character', forward({ justification: '\ud800' })],
  ])('%s', async (_, question) => {
    const answer = await api().post('/api/v1/traces').send(question).expect(400);
    expect(answer.body.code).toBe('VALIDATION');
  });

  it('a text that is none, in a query or a path', async () => {
    for (const path of ['/api/v1/items?q=%00', '/api/v1/units/a~lot~%00'])
      expect((await api().get(path).expect(400)).body.code).toBe('VALIDATION');
  });

  it('a direction that is none', async () => {
    const answer = await api()
      .post('/api/v1/traces')
      .send(forward({ direction: 'sideways' }))
      .expect(400);
    expect(answer.body.code).toBe('VALIDATION');
  });

  it('leaves nothing behind', async () => {
    expect((await plant.get('/api/v1/traces')).data).toEqual([]);
  });
});

describe('a trace', () => {
  it('answers 202 with its address, and 200 where it is done in time', async () => {
    const asked = await api()
      .post('/api/v1/traces')
      .send({ direction: 'forward', seeds: [seed] })
      .expect(202);
    expect(asked.headers.location).toBe(`/api/v1/traces/${asked.body.id}`);
    const waited = await api()
      .post('/api/v1/traces?wait=30')
      .send({ direction: 'forward', seeds: [seed] })
      .expect(200);
    expect(waited.body).toMatchObject({ status: 'done', createdBy: 'key:admin', took_ms: expect.any(Number) });
    await api()
      .post('/api/v1/traces?wait=61')
      .send({ direction: 'forward', seeds: [seed] })
      .expect(400);
    const list = await plant.get('/api/v1/traces?limit=1');
    expect(list).toMatchObject({ data: [{ id: waited.body.id }], nextCursor: expect.any(String) });
  });

  it('streams its summary until it is final', async () => {
    const { id } = await plant.forward(lot('RM', 'L-1'));
    const stream = await api().get(`/api/v1/traces/${id}/stream`).expect(200);
    expect(stream.headers['content-type']).toMatch('text/event-stream');
    expect(stream.text).toMatch(/event: trace\n(id: .*\n)?data: \{.*"status":"done"/);
  });

  it('that does not exist is 404, whatever is asked of it', async () => {
    const none = '00000000-0000-4000-8000-000000000000';
    for (const path of ['', '/units', '/excluded', '/consignees', '/gaps', '/graph', '/why/u1', '/stream'])
      await api().get(`/api/v1/traces/${none}${path}`).expect(404);
    await api().get(`/api/v1/traces/nonsense`).expect(404);
    await api().post(`/api/v1/traces/${none}/cancel`).expect(404);
  });

  it('says when a unit is not among the affected', async () => {
    await plant.record([
      {
        type: 'receive',
        id: 'other',
        at: '2026-03-01T08:00:00Z',
        unit: lot('RM', 'OTHER'),
        quantity: kg('1'),
        supplier: 'ACME',
      },
    ]);
    const { id } = await plant.forward(lot('RM', 'L-1'));
    const answer = await api().get(`/api/v1/traces/${id}/why/RM~lot~OTHER`).expect(404);
    expect(answer.body.code).toBe('NOT_IN_TRACE');
    await api().get(`/api/v1/traces/${id}/why/RM~lot~NOPE`).expect(404);
    await api().get(`/api/v1/traces/${id}/graph?by=colour`).expect(400);
  });

  it('needs the permission to run it; whoever may read may see it', async () => {
    const made = await api().post('/api/v1/api-keys').send({ name: 'looker', role: 'viewer' }).expect(201);
    const viewer = http(app(), made.body.key as string);
    const denied = await viewer
      .post('/api/v1/traces')
      .send({ direction: 'forward', seeds: [seed] })
      .expect(403);
    expect(denied.body.code).toBe('FORBIDDEN');
    await viewer.get('/api/v1/traces').expect(200);
  });
});
