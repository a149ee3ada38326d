import { request as rawRequest } from 'node:http';
import { http, useApp } from '../support';

const app = useApp({ worker: false, env: { TIME_ZONE: 'Europe/Paris', EVENTS_MAX: '1000' } });
const api = () => http(app());

const lot = (code: string) => ({ item: 'RM-100', lot: code });
const bike = (serial: string) => ({ item: 'BIKE', serial });
const battery = (serial: string) => ({ item: 'BAT-48', serial });
const receive = (id: string, code: string, more = {}) => ({
  id,
  type: 'receive',
  at: '2026-03-02T08:15:00+01:00',
  place: 'A01',
  unit: lot(code),
  quantity: { value: '12.500', uom: 'kg' },
  supplier: 'ACME',
  supplierLot: `S-${code}`,
  ...more,
});

beforeAll(async () => {
  await api().put('/api/v1/items/RM-100').send({ name: 'Resin', tracking: 'lot', uom: 'kg' }).expect(200);
  await api().put('/api/v1/items/BIKE').send({ name: 'E-bike', tracking: 'serial', uom: 'pcs' }).expect(200);
  await api()
    .put('/api/v1/items/BAT-48')
    .send({ name: 'Battery', tracking: 'serial', uom: 'pcs', gtin: '09506000134352' })
    .expect(200);
  await api().put('/api/v1/places/A01').send({ name: 'Bin A01', kind: 'bin' }).expect(200);
  await api().put('/api/v1/partners/ACME').send({ name: 'Acme', kind: 'supplier' }).expect(200);
  await api().put('/api/v1/partners/SHOP').send({ name: 'The shop', kind: 'customer' }).expect(200);
});

describe('POST /api/v1/events', () => {
  it('takes an array, one event and NDJSON, and answers counts', async () => {
    const array = await api()
      .post('/api/v1/events')
      .send([receive('a1', 'L-1'), receive('a2', 'L-2')])
      .expect(200);
    expect(array.body).toEqual({ accepted: 2, duplicates: 0, refused: [], assigned: [] });
    const one = await api().post('/api/v1/events').send(receive('a1', 'L-1')).expect(200);
    expect(one.body).toMatchObject({ accepted: 0, duplicates: 1 });
    const lines = [receive('a2', 'L-2'), { ...receive('x', 'L-3'), id: undefined }]
      .map((e) => JSON.stringify(e))
      .join('\n');
    const ndjson = await api()
      .post('/api/v1/events')
      .set('content-type', 'application/x-ndjson')
      .send(`${lines}\n\n`)
      .expect(200);
    expect(ndjson.body).toMatchObject({ accepted: 1, duplicates: 1, assigned: [{ index: 1, id: expect.any(String) }] });
  });

  it('refuses the whole request with the index, id, code and sentence of each refused event, and stores nothing', async () => {
    const answer = await api()
      .post('/api/v1/events')
      .send([receive('b1', 'L-b1'), { ...receive('b2', 'x'), unit: { item: 'NOPE', lot: 'x' } }])
      .expect(422);
    expect(answer.headers['content-type']).toMatch('application/problem+json');
    expect(answer.body).toMatchObject({
      code: 'EVENTS_REFUSED',
      accepted: 0,
      refused: [
        {
          index: 1,
          id: 'b2',
          code: 'UNKNOWN_ITEM',
          message:
            'The item "NOPE" is not known; create it first with PUT /api/v1/items/NOPE, or in items.csv of the same import.',
        },
      ],
    });
    await api().get('/api/v1/units/RM-100~lot~L-b1').expect(404);
    const kept = await api()
      .post('/api/v1/events?onError=proceed')
      .send([receive('b1', 'L-b1'), { ...receive('b2', 'x'), unit: { item: 'NOPE', lot: 'x' } }])
      .expect(200);
    expect(kept.body).toMatchObject({ accepted: 1, refused: [{ index: 1, code: 'UNKNOWN_ITEM' }] });
  });

  it.each([
    ['not JSON', 'application/json', '{"type":', 400, 'BAD_JSON'],
    ['a broken NDJSON line', 'application/x-ndjson', '{"type":"receive"}\n{nope}\n', 400, 'BAD_JSON'],
    ['another content type', 'text/csv', 'a,b', 415, 'UNSUPPORTED_MEDIA_TYPE'],
    ['a number', 'application/json', '7', 400, 'BAD_REQUEST'],
    ['too many events', 'application/json', JSON.stringify(Array(1001).fill({})), 413, 'TOO_MANY_EVENTS'],
  ])('answers %s with a clear error', async (_, type, body, status, code) => {
    const answer = await api().post('/api/v1/events').set('content-type', type).send(body);
    expect([answer.status, answer.body.code]).toEqual([status, code]);
  });

  it('refuses a body of 200 MB and lives', async () => {
    const chunk = Buffer.alloc(1024 * 1024, '[');
    const answer = await new Promise<{ status: number; body: string }>((resolve, reject) => {
      const request = rawRequest(
        `${app().url}/api/v1/events`,
        {
          method: 'POST',
          headers: {
            authorization: `Bearer ${app().apiKey}`,
            'content-type': 'application/json',
            'content-length': String(200 * chunk.length),
          },
        },
        (response) => {
          let body = '';
          response.on('data', (d: Buffer) => (body += d.toString()));
          response.on('end', () => resolve({ status: response.statusCode ?? 0, body }));
        },
      );
      request.on('error', reject);
      for (let i = 0; i < 200; i++) request.write(chunk);
      request.end();
    });
    expect(answer.status).toBe(413);
    expect(JSON.parse(answer.body)).toMatchObject({ code: 'BODY_TOO_LARGE', setting: 'BODY_BYTES_MAX' });
    await api().get('/health/live').expect(200);
  });

  it('needs the permission to write', async () => {
    await http(app(), null).post('/api/v1/events').send([]).expect(401);
  });
});

describe('units', () => {
  beforeAll(async () => {
    await api()
      .post('/api/v1/events')
      .send([
        { id: 'u1', type: 'receive', at: '2026-03-01T08:00:00Z', place: 'A01', unit: battery('B1'), supplier: 'ACME' },
        {
          id: 'u2',
          type: 'produce',
          at: '2026-03-02',
          place: 'A01',
          workOrder: 'WO-1',
          outputs: [{ unit: bike('K1') }],
          inputs: [
            { unit: battery('B1'), position: 'frame' },
            { unit: lot('L-1'), quantity: { value: '500', uom: 'g' } },
          ],
        },
        {
          id: 'u3',
          type: 'ship',
          at: '2026-03-03T08:00:00Z',
          units: [{ unit: bike('K1') }],
          customer: 'SHOP',
          shipment: 'SH-1',
        },
      ])
      .expect(200);
  });

  it('say what they are and where: a component is with the customer of what it is in', async () => {
    const page = await api().get('/api/v1/units/BAT-48~serial~B1').expect(200);
    expect(page.body).toMatchObject({
      unit: battery('B1'),
      name: 'Battery',
      origin: 'received',
      supplier: 'ACME',
      state: 'shipped',
      customer: 'SHOP',
      holds: [],
    });
    const byId = await api().get(`/api/v1/units/${page.body.id}`).expect(200);
    expect(byId.body.unit).toEqual(battery('B1'));
    const resin = await api().get('/api/v1/units/RM-100~lot~L-1').expect(200);
    expect(resin.body).toMatchObject({
      state: 'in-stock',
      place: 'A01',
      quantity: { value: '12', uom: 'kg' },
      supplierLot: 'S-L-1',
    });
  });

  it('say when they were made: the day as it was written where only that is known', async () => {
    const made = async (path: string) => (await api().get(`/api/v1/units/${path}`).expect(200)).body;
    expect(await made('BIKE~serial~K1')).toMatchObject({ madeCoarse: true, madeDay: '2026-03-02' });
    expect(await made('BAT-48~serial~B1')).toMatchObject({
      made: '2026-03-01T08:00:00.000Z',
      madeCoarse: false,
      madeDay: null,
    });
  });

  it('tell their history, what they contain and where they went', async () => {
    const history = await api().get('/api/v1/units/BIKE~serial~K1/history').expect(200);
    expect(
      history.body.data.map((h: { type: string; role: string; document: string | null }) => [
        h.type,
        h.role,
        h.document,
      ]),
    ).toEqual([
      ['ship', 'shipped', 'SH-1'],
      ['produce', 'made', 'WO-1'],
    ]);
    const contains = await api().get('/api/v1/units/BIKE~serial~K1/contains').expect(200);
    // A date covers its day in the configured zone.
    expect(contains.body.data).toEqual(
      expect.arrayContaining([
        expect.objectContaining({
          unit: battery('B1'),
          mode: 'install',
          certainty: 'certain',
          from: '2026-03-01T23:00:00.000Z',
          until: null,
          position: 'frame',
          document: 'WO-1',
          hasMore: false,
        }),
        expect.objectContaining({
          unit: lot('L-1'),
          mode: 'consume',
          from: '2026-03-01T23:00:00.000Z',
          until: '2026-03-02T23:00:00.000Z',
          quantity: { value: '0.5', uom: 'kg' },
        }),
      ]),
    );
    const before = await api().get('/api/v1/units/BIKE~serial~K1/contains?at=2026-02-01').expect(200);
    expect(before.body.data).toEqual([]);
    const usedIn = await api().get('/api/v1/units/RM-100~lot~L-1/used-in').expect(200);
    expect(usedIn.body.data.map((l: { unit: unknown }) => l.unit)).toEqual([bike('K1')]);
  });

  it('show a voided fact as voided', async () => {
    await api()
      .post('/api/v1/events')
      .send([{ id: 'u4', type: 'void', event: 'u3', reason: 'wrong truck' }])
      .expect(200);
    const history = await api().get('/api/v1/units/BIKE~serial~K1/history').expect(200);
    expect(history.body.data[0]).toMatchObject({ type: 'ship', voided: { reason: 'wrong truck' } });
    const page = await api().get('/api/v1/units/BIKE~serial~K1').expect(200);
    expect(page.body).toMatchObject({ state: 'in-stock', place: 'A01', customer: null });
  });

  it('take codes with a slash, and answer 404 for what is not there', async () => {
    await api()
      .post('/api/v1/events')
      .send([receive('slash', 'L/1~2 %')])
      .expect(200);
    const page = await api()
      .get(`/api/v1/units/${encodeURIComponent('RM-100~lot~L/1~2 %')}`)
      .expect(200);
    expect(page.body.unit).toEqual(lot('L/1~2 %'));
    expect((await api().get('/api/v1/units/RM-100~lot~none').expect(404)).body.code).toBe('NOT_FOUND');
    await api().get('/api/v1/units/u999999').expect(404);
  });
});

describe('POST /api/v1/scan', () => {
  const scan = async (text: string) => (await api().post('/api/v1/scan').send({ text }).expect(200)).body;

  it('reads GS1 codes, codes of units, supplier lots, documents, items and places', async () => {
    expect(await scan('(01)09506000134352(21)B1')).toMatchObject({
      read: { as: 'gs1', parts: { gtin: '09506000134352', serial: 'B1' } },
      matches: [{ type: 'unit', unit: battery('B1') }],
    });
    expect(await scan(']d201095060001343522' + '1B1')).toMatchObject({
      matches: [{ type: 'unit', unit: battery('B1') }],
    });
    expect(await scan('k1\r\n')).toMatchObject({ read: { as: 'text' }, matches: [{ type: 'unit', unit: bike('K1') }] });
    expect(await scan('S-L-2')).toMatchObject({ matches: [{ type: 'unit', unit: lot('L-2'), via: 'supplier lot' }] });
    expect(await scan('SH-1')).toMatchObject({ matches: [{ type: 'document', key: 'SH-1' }] });
    expect(await scan('a01')).toMatchObject({ matches: [{ type: 'place', key: 'A01' }] });
    expect(await scan('RM-100')).toMatchObject({ matches: [{ type: 'item', key: 'RM-100' }] });
  });

  it('offers near matches and says what was tried when there is none', async () => {
    const result = await scan('L-29');
    expect(result.matches).toEqual([]);
    expect(result.tried).toContain('codes of units');
    expect(result.near).toEqual([expect.objectContaining({ unit: lot('L-2') })]);
  });
});

describe('GET /api/v1/units/{unit}/gaps', () => {
  it('says what the record cannot tell, and nothing where it can', async () => {
    await api()
      .post('/api/v1/events')
      .send([
        { id: 'g1', type: 'install', at: '2026-03-05T08:00:00Z', parent: bike('G1'), unit: battery('GB') },
        { id: 'g2', type: 'install', at: '2026-03-06T08:00:00Z', parent: bike('G2'), unit: battery('GB') },
      ])
      .expect(200);
    const odd = await api().get('/api/v1/units/BAT-48~serial~GB/gaps').expect(200);
    expect(odd.body.data.map((g: { kind: string }) => g.kind)).toEqual(['no-origin', 'installed-twice']);
    const fine = await api().get('/api/v1/units/RM-100~lot~L-2/gaps').expect(200);
    expect(fine.body.data).toEqual([]);
  });
});

it('is described: what each route takes in its query is in the OpenAPI document', async () => {
  const { body } = await api().get('/api/docs-json').expect(200);
  const names = (path: string, method: string) =>
    (body.paths[path][method].parameters as { name: string }[]).map((p) => p.name);
  expect(names('/api/v1/events', 'post')).toEqual(expect.arrayContaining(['check', 'onError']));
  expect(names('/api/v1/traces', 'post')).toContain('wait');
  expect(names('/api/v1/traces/{id}/units', 'get')).toEqual(
    expect.arrayContaining(['cursor', 'limit', 'item', 'certainty', 'state', 'place', 'customer', 'kinds']),
  );
});
