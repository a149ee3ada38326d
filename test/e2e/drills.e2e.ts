import { http, useApp, waitFor } from '../support';
import { type Person, person, signed } from './recall-people';

/** A drill from the picked lot to its end, over HTTP: the same engine and states, measured, and nothing is held or sent. */
const app = useApp({ env: { RECALL_WATCH_SECONDS: '0' } });
let anna: Person;
const quantity = (value: string) => ({ value, uom: 'kg' });

beforeAll(async () => {
  await http(app()).put('/api/v1/items/RM').send({ name: 'Resin', tracking: 'lot', uom: 'kg' }).expect(200);
  await http(app()).put('/api/v1/places/P').send({ name: 'Plant', kind: 'site' }).expect(200);
  await http(app()).put('/api/v1/partners/ACME').send({ name: 'Acme', kind: 'supplier' }).expect(200);
  await http(app()).put('/api/v1/partners/SHOP').send({ name: 'Shop', kind: 'customer', phone: '1' }).expect(200);
  const at = '2026-03-01T08:00:00Z';
  const lots = ['L1', 'L2', 'L3', 'L4', 'L5'].map((lot) => ({ item: 'RM', lot }));
  await http(app())
    .post('/api/v1/events')
    .send([
      ...lots.map((unit) => ({
        id: `r${unit.lot}`,
        type: 'receive',
        at,
        place: 'P',
        supplier: 'ACME',
        unit,
        quantity: quantity('10'),
      })),
      ...lots.map((unit) => ({
        id: `s${unit.lot}`,
        type: 'ship',
        at: '2026-03-02T08:00:00Z',
        customer: 'SHOP',
        shipment: `D-${unit.lot}`,
        units: [{ unit, quantity: quantity('4') }],
      })),
    ])
    .expect(200);
  anna = await person(app(), 'anna', 'coordinator');
});

it('the same seed picks the same lot; what cannot be picked says why', async () => {
  const ask = (id: string, more: object) => anna.post('/drills', { id, by: 'supplier', supplier: 'ACME', ...more });
  const first = (await ask('p1', { seed: 'audit' }).expect(200)).body;
  expect(first).toMatchObject({
    seed: 'audit',
    candidates: 5,
    standard: 'brcgs',
    goals: { scope: '4h', accounted: '4h' },
  });
  expect((await ask('p1', { seed: 'audit' }).expect(200)).body).toEqual(first);
  const again = (await anna.post('/drills', { id: 'p2', by: 'date', from: '2026-03-01', seed: 'audit' }).expect(200))
    .body;
  expect(again.lot).toEqual(first.lot);
  expect((await anna.post('/drills', { id: 'p3', by: 'date', from: '2020-01-01' }).expect(409)).body.code).toBe(
    'DRILL_NO_LOT',
  );
  expect((await anna.post('/drills', { id: 'p4', by: 'blast-radius' })).body.code).toBe('BLAST_NOT_DONE');
  expect((await anna.post('/drills', { id: 'p5', by: 'supplier' }).expect(422)).body.code).toBe('FIELD_REQUIRED');
});

it('goes through all its states, is measured, and holds and sends nothing', async () => {
  const planned = await anna
    .post('/drills', { id: 'd', by: 'lot', unit: { item: 'RM', lot: 'L1' }, standard: 'retailer' })
    .expect(200);
  const { recall: key, whatIf } = planned.body as { recall: string; whatIf: string };
  expect(key).toMatch(/^D\d+$/);
  await waitFor(async () => (await anna.get(`/recalls/${key}/what-ifs/${whatIf}`)).body.status === 'done', {
    what: 'the what-if',
  });
  await anna.post(`/recalls/${key}/scopes`, { whatIf, reason: 'the picked lot' }).expect(200);
  await anna.post(`/recalls/${key}/approve`, signed()).expect(200);
  await anna.post(`/recalls/${key}/initiate`, signed()).expect(202);
  await waitFor(async () => (await anna.get(`/recalls/${key}`)).body.state === 'initiated', { what: 'initiation' });
  await anna.post(`/recalls/${key}/rehearse`, { id: 'rehearse', expected: 1, ...signed() }).expect(200);
  const account = (await anna.get(`/recalls/${key}/reconciliation`).expect(200)).body;
  expect(account).toMatchObject({
    drill: true,
    balanced: true,
    percent: 100,
    sums: [{ uom: 'kg', scope: '10', inHouse: '6', passedOn: '4', pending: '0' }],
    suspects: [{ unit: { item: 'RM', lot: 'L1' }, balanced: true }],
  });
  expect((await anna.post(`/recalls/${key}/told`, { authority: 'FDA' }).expect(409)).body.code).toBe('RECALL_DRILL');
  const closed = await anna.post(`/recalls/${key}/close`, { digest: account.digest, ...signed() }).expect(200);
  expect(closed.body).toMatchObject({ recall: key, state: 'closed' });

  const trend = (await anna.get('/drills/trend').expect(200)).body.data as { recall: string }[];
  expect(trend.find((one) => one.recall === key)).toMatchObject({
    by: 'lot',
    standard: 'retailer',
    lot: { item: 'RM', lot: 'L1' },
    percent: 100,
    met: true,
    minutes: {
      scope: expect.any(Number) as number,
      holds: expect.any(Number) as number,
      notices: expect.any(Number) as number,
      accounted: expect.any(Number) as number,
    },
  });
  const evidence = (await anna.get(`/recalls/${key}/evidence`).expect(200)).body;
  expect(evidence).toMatchObject({ recall: key, plan: { by: 'lot', candidates: 1 }, state: 'closed' });
  expect((evidence.steps as { verb: string }[]).map((step) => step.verb)).toEqual(
    expect.arrayContaining(['approve', 'initiate', 'monitor', 'close']),
  );
  expect(await app().database.asOwner('SELECT 1 FROM hold')).toEqual([]);
  expect(await app().database.asOwner(`SELECT 1 FROM recall_notice WHERE state <> 'draft'`)).toEqual([]);
});

it('the clocks of open cases are in one list', async () => {
  const { data } = (await anna.get('/recall-clocks').expect(200)).body as {
    data: { recall: string; clocks: { clock: string; state: string; dueAt: string }[] }[];
  };
  expect(data[0]!.clocks.map(({ clock, state }) => [clock, state])).toEqual([
    ['scope', 'running'],
    ['holds', 'running'],
    ['notices', 'running'],
    ['accounted', 'running'],
  ]);
});
