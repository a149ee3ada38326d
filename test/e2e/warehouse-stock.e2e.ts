import { http, useApp } from '../support';

const app = useApp({ worker: false });
const api = () => http(app());
const put = (path: string, body: object) => api().put(`/api/v1/${path}`).send(body).expect(200);
const kg = (value: string) => ({ value, uom: 'kg' });
const event = (id: string, type: string, more: object) => ({ id, type, at: '2026-03-02T08:00:00Z', ...more });
const stock = (item: string, lot: string, place: string, value: string, more: object = {}) =>
  event(`c-${lot}`, 'create', { unit: { item, lot }, place, quantity: kg(value), ...more });
const record = (...events: object[]) => api().post('/api/v1/events').send(events).expect(200);

beforeAll(async () => {
  await put('items/RM', { name: 'Resin', tracking: 'lot', uom: 'kg', category: 'chemistry' });
  await put('items/ALT', { name: 'Other resin', tracking: 'lot', uom: 'kg', category: 'chemistry' });
  await put('items/WAS', { name: 'Was one', tracking: 'lot', uom: 'kg' });
  await put('items/FG', { name: 'Part', tracking: 'lot', uom: 'kg' });
  await put('items/FG/boms/A', {
    lines: [{ component: 'RM', quantity: '1', uom: 'kg', position: 'P1', substitutes: ['ALT'] }],
    effectiveFrom: '2026-01-01',
  });
  await put('items/FG/boms/OLD', {
    lines: [{ component: 'RM', quantity: '1', uom: 'kg', substitutes: ['WAS'] }],
    effectiveUntil: '2026-01-01',
  });
  await put('places/LYON', { name: 'Lyon', kind: 'site' });
  await put('places/LYON.A', { name: 'Hall A', kind: 'zone', parent: 'LYON', capacity: { units: 4, full: 'refuse' } });
  for (const bin of ['LYON.A1', 'LYON.A2']) await put(`places/${bin}`, { name: bin, kind: 'bin', parent: 'LYON.A' });
  await put('places/LYON.B', { name: 'Hall B', kind: 'zone', parent: 'LYON' });
  await record(
    stock('RM', 'HELD', 'LYON.A1', '5'),
    stock('RM', 'EXPIRED', 'LYON.A1', '5', { expires: '2026-03-03T00:00:00Z' }),
    stock('RM', 'NEAR', 'LYON.A2', '5'),
    stock('RM', 'FAR', 'LYON.B', '5', { expires: '2030-01-01T00:00:00Z' }),
    stock('WAS', 'ONCE', 'LYON.B', '9'),
    stock('ALT', 'FRESH', 'LYON.A2', '7', { expires: '2031-01-01T00:00:00Z' }),
    event('h1', 'hold', { units: [{ item: 'RM', lot: 'HELD' }], reason: 'damp', ref: 'NCR-1' }),
  );
});

describe('substitutes', () => {
  it('are the free stock of the item and its approved alternates, nearest first, with why each is allowed', async () => {
    const answer = await api().get('/api/v1/items/RM/substitutes?near=LYON.A2&quantity=16').expect(200);
    expect(answer.body).toMatchObject({ item: 'RM', needed: '16', covered: true });
    expect(answer.body.data).toMatchObject([
      {
        unit: { item: 'ALT', lot: 'FRESH' },
        place: 'LYON.A2',
        path: ['LYON', 'LYON.A', 'LYON.A2'],
        distance: 0,
        quantity: kg('7'),
        expires: '2031-01-01T00:00:00.000Z',
        because: [{ kind: 'approved', bom: { item: 'FG', revision: 'A', position: 'P1', component: 'RM' } }],
      },
      { unit: { lot: 'NEAR' }, distance: 0, because: [{ kind: 'same-item' }] },
      { unit: { lot: 'FAR' }, distance: 2 },
    ]);
    expect(answer.body.data[1].ageDays).toBeGreaterThan(0);
    expect((await api().get('/api/v1/items/RM/substitutes?quantity=18').expect(200)).body.covered).toBe(false);
  });

  it('are for one product only what its own BOM allows', async () => {
    const answer = await api().get('/api/v1/items/RM/substitutes?for=RM').expect(200);
    expect(answer.body.data.map((row: { unit: { lot: string } }) => row.unit.lot)).toEqual(['FAR', 'NEAR']);
  });

  it('refuse what nobody knows', async () => {
    expect((await api().get('/api/v1/items/NOPE/substitutes').expect(422)).body.code).toBe('UNKNOWN_ITEM');
    expect((await api().get('/api/v1/items/RM/substitutes?near=NOPE').expect(422)).body.code).toBe('UNKNOWN_PLACE');
  });
});

describe('where things are', () => {
  it('is said of each unit that a text may mean, with the way there and what last happened', async () => {
    const { body } = await api().get('/api/v1/locate?q=held').expect(200);
    expect(body.data).toMatchObject([
      {
        unit: { item: 'RM', lot: 'HELD' },
        held: [{ reason: 'damp', ref: 'NCR-1' }],
        where: [
          {
            state: 'in-stock',
            path: ['LYON', 'LYON.A', 'LYON.A1'],
            quantity: kg('5'),
            since: '2026-03-02T08:00:00.000Z',
          },
        ],
        last: { type: 'hold', by: 'key:admin' },
      },
    ]);
    expect((await api().get('/api/v1/locate?q=ALT').expect(200)).body.data).toHaveLength(1);
    expect((await api().get('/api/v1/locate?q=nothing').expect(200)).body.data).toEqual([]);
  });

  it('is counted for each place with all below it', async () => {
    const { body } = await api().get('/api/v1/place-fill').expect(200);
    expect(
      body.data.map((row: { place: string; depth: number; units: number; held: number; percent: number | null }) => [
        row.place,
        row.depth,
        row.units,
        row.held,
        row.percent,
      ]),
    ).toEqual([
      ['LYON', 0, 6, 1, null],
      ['LYON.A', 1, 4, 1, 100],
      ['LYON.A1', 2, 2, 1, null],
      ['LYON.A2', 2, 2, 0, null],
      ['LYON.B', 1, 2, 0, null],
    ]);
    expect((await api().get('/api/v1/place-fill?place=LYON.B').expect(200)).body.data).toHaveLength(1);
  });
});

describe('the capacity of a place', () => {
  const wrong = (capacity: unknown) => api().put('/api/v1/places/X').send({ name: 'X', kind: 'bin', capacity });

  it('is kept with the place and its versions', async () => {
    const capacity = { units: 3, quantity: { value: '500', uom: 'kg' }, categories: ['b', 'a'] };
    await put('places/CAP', { name: 'Cap', kind: 'bin', capacity });
    const { body } = await api().get('/api/v1/places/CAP').expect(200);
    expect(body.capacity).toEqual({ ...capacity, categories: ['a', 'b'] });
    await put('places/CAP', { name: 'Cap', kind: 'bin' });
    expect((await api().get('/api/v1/places/CAP').expect(200)).body.capacity).toBeNull();
  });

  it.each([
    [{ units: 0 }],
    [{ colour: 'red' }],
    [{ quantity: { value: 'x', uom: 'kg' } }],
    [{ full: 'burn' }],
    [{ categories: 'a' }],
  ])('is refused where it is wrong: %j', async (capacity) => {
    await wrong(capacity).expect(422);
  });
});
