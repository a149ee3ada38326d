import { http, useApp } from '../support';

const app = useApp({ worker: false, env: { TIME_ZONE: 'UTC' } });
const api = () => http(app());

const SSCC = '395060001343520001';
const lot = { item: 'RM-100', lot: 'L-1' };
const bike = (serial: string) => ({ item: 'BIKE', serial });
const kg = (value: string) => ({ value, uom: 'kg' });
let n = 0;
const at = (hour: number) => `2026-03-02T${String(hour).padStart(2, '0')}:00:00Z`;
const send = (events: object | object[], check: 'live' | 'record' = 'live') =>
  api()
    .post(`/api/v1/events?check=${check}`)
    .send([events].flat().map((e) => ({ id: `c${n++}`, ...e })));
const refused = async (event: object): Promise<string> => {
  const { body } = await send(event).expect(422);
  return (body as { refused: { code: string }[] }).refused[0]!.code;
};

beforeAll(async () => {
  await api().put('/api/v1/items/RM-100').send({ name: 'Resin', tracking: 'lot', uom: 'kg' }).expect(200);
  await api().put('/api/v1/items/BIKE').send({ name: 'E-bike', tracking: 'serial', uom: 'pcs' }).expect(200);
  for (const place of ['A', 'B'])
    await api().put(`/api/v1/places/${place}`).send({ name: place, kind: 'bin' }).expect(200);
  await api().put('/api/v1/partners/SHOP').send({ name: 'The shop', kind: 'customer' }).expect(200);
  await send([
    { type: 'receive', at: at(8), unit: lot, quantity: kg('10'), place: 'A' },
    ...['S1', 'S2', 'S3'].map((code) => ({ type: 'create', at: at(8), unit: bike(code), place: 'A' })),
  ]).expect(200);
});

describe('a container at work', () => {
  const container = `(00)${SSCC}`;
  const pack = (units: object[], more = {}) => ({ type: 'pack', at: at(9), container, units, ...more });

  it('is packed with what is here and free, once', async () => {
    await send({ id: 'hold-s3', type: 'hold', at: at(8), units: [bike('S3')], reason: 'scratched' }).expect(200);
    expect(await refused(pack([bike('S3')]))).toBe('UNIT_ON_HOLD');
    expect(await refused(pack([bike('S1')], { place: 'B' }))).toBe('NOT_HERE');
    expect(await refused(pack([{ unit: lot, quantity: kg('11') }]))).toBe('STOCK_SHORT');
    expect(await refused({ type: 'unpack', at: at(9), container: '(00)395060001343520002' })).toBe(
      'CONTAINER_SCAN_UNREADABLE',
    );
    expect(await refused({ type: 'ship', at: at(9), container, customer: 'SHOP' })).toBe('CONTAINER_EMPTY');
    await send(pack([{ unit: lot, quantity: kg('4') }, { unit: bike('S1') }], { place: 'A' })).expect(200);
    expect(await refused(pack([bike('S1')], { container: 'BOX-2' }))).toBe('UNIT_IN_CONTAINER');
  });

  it('shows what is in it, and is found by its scan', async () => {
    const { body } = await api().get(`/api/v1/containers/${SSCC}`).expect(200);
    expect(body).toMatchObject({
      container: SSCC,
      state: 'in-house',
      place: 'A',
      units: 2,
      data: [
        { unit: bike('S1'), quantity: { value: '1', uom: 'pcs' } },
        { unit: lot, quantity: kg('4') },
      ],
    });
    const scan = await api().post('/api/v1/scan').send({ text: container }).expect(200);
    expect(scan.body).toMatchObject({ matches: [{ type: 'container', key: SSCC, via: 'SSCC' }] });
    await api().get('/api/v1/containers/NEVER').expect(404);
  });

  it('takes its content along; what is in it does not leave by itself', async () => {
    expect(await refused({ type: 'move', at: at(10), container, from: 'B', to: 'A' })).toBe('CONTAINER_NOT_HERE');
    await send({ type: 'move', at: at(10), container, from: 'A', to: 'B' }).expect(200);
    const one = await api().get('/api/v1/units/BIKE~serial~S1').expect(200);
    expect(one.body).toMatchObject({ state: 'in-stock', place: 'B' });
    expect(await refused({ type: 'ship', at: at(10), units: [bike('S1')], customer: 'SHOP' })).toBe(
      'UNIT_IN_CONTAINER',
    );
    expect(await refused({ type: 'unpack', at: at(10), container, units: [bike('S2')] })).toBe('NOT_IN_CONTAINER');
    expect(await refused(pack([bike('S2')], { place: 'A' }))).toBe('CONTAINER_NOT_HERE');
    // The lot is in two places now, and a count must say which.
    expect(await refused({ type: 'count', at: at(10), unit: lot, quantity: kg('6') })).toBe('PLACE_REQUIRED');
    await send({ type: 'count', at: at(10), unit: lot, quantity: kg('5.5'), place: 'A' }).expect(200);
    expect(
      await refused({ type: 'adjust', at: at(10), unit: lot, quantity: kg('-6'), place: 'A', reason: 'spilled' }),
    ).toBe('STOCK_SHORT');
    await send({ type: 'adjust', at: at(11), unit: lot, quantity: kg('-0.5'), place: 'A', reason: 'spilled' }).expect(
      200,
    );
    const held = await api().get('/api/v1/units/RM-100~lot~L-1').expect(200);
    expect((held.body as { holdings: object[] }).holdings).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ place: 'A', quantity: kg('5') }),
        expect.objectContaining({ place: 'B', quantity: kg('4') }),
      ]),
    );
    const balance = await api().get('/api/v1/units/RM-100~lot~L-1/balance').expect(200);
    expect(balance.body).toMatchObject({ adjusted: '1', unexplained: '0', balanced: true });
  });

  it('is not shipped with what is on hold in it, naming the unit, and then is', async () => {
    await send({ id: 'wet', type: 'hold', at: at(11), container, reason: 'wet' }).expect(200);
    const { body } = await send({ type: 'ship', at: at(12), container, customer: 'SHOP', shipment: 'SH-1' }).expect(
      422,
    );
    expect((body as { refused: object[] }).refused).toMatchObject([{ code: 'UNIT_ON_HOLD', message: /wet/ }]);
    await send({ type: 'release', at: at(12), hold: 'wet' }).expect(200);
    await send({ type: 'ship', at: at(13), container, customer: 'SHOP', shipment: 'SH-1' }).expect(200);
    const now = await api().get(`/api/v1/containers/${SSCC}`).expect(200);
    expect(now.body).toMatchObject({ state: 'shipped', customer: 'SHOP', units: 2 });
    const then = await api()
      .get(`/api/v1/containers/${SSCC}?at=${at(9)}`)
      .expect(200);
    expect(then.body).toMatchObject({ state: 'in-house', place: 'A', units: 2 });
    const history = await api().get(`/api/v1/containers/${SSCC}/history`).expect(200);
    const what = (history.body as { data: { what: string; units: number }[] }).data.map((e) => `${e.what} ${e.units}`);
    expect(what).toEqual(['shipped 2', 'released 2', 'held 2', 'moved 2', 'packed 2']);
  });

  it('that left with what the record had elsewhere is recorded all the same', async () => {
    await send({ type: 'pack', at: at(9), container: 'BOX-3', units: [bike('S3')], place: 'B' }, 'record').expect(200);
    await send({ type: 'ship', at: at(10), container: 'BOX-3', customer: 'SHOP' }, 'record').expect(200);
    const one = await api().get('/api/v1/units/BIKE~serial~S3').expect(200);
    expect(one.body).toMatchObject({ state: 'shipped', customer: 'SHOP' });
    const gaps = await api().get('/api/v1/units/BIKE~serial~S3/gaps').expect(200);
    expect(JSON.stringify(gaps.body)).toContain('shipped-while-held');
  });

  it('finds a serial by a count, or not', async () => {
    await send({
      type: 'count',
      at: at(14),
      unit: bike('S2'),
      quantity: { value: '0', uom: 'pcs' },
      place: 'A',
    }).expect(200);
    const missing = await api().get('/api/v1/units/BIKE~serial~S2').expect(200);
    expect(missing.body).toMatchObject({ state: 'unknown', place: null });
    const gaps = await api().get('/api/v1/units/BIKE~serial~S2/gaps').expect(200);
    expect(JSON.stringify(gaps.body)).toContain('counted-missing');
    await send({
      type: 'count',
      at: at(15),
      unit: bike('S2'),
      quantity: { value: '1', uom: 'pcs' },
      place: 'B',
    }).expect(200);
    const found = await api().get('/api/v1/units/BIKE~serial~S2').expect(200);
    expect(found.body).toMatchObject({ state: 'in-stock', place: 'B' });
  });
});
