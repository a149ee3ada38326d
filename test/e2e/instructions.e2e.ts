import { http, useApp } from '../support';

const app = useApp({ worker: false });
const api = () => http(app());
const put = (path: string, body: object) => api().put(`/api/v1/${path}`).send(body);
const cold = {
  title: 'Keep below 4 °C',
  text: 'Into the cold store within 15 minutes.',
  severity: 'must',
  acknowledge: true,
  about: { item: 'RESIN' },
};

beforeAll(async () => {
  await put('items/RESIN', { name: 'Resin', tracking: 'lot', uom: 'kg', category: 'chemistry' }).expect(200);
  await put('places/LYON', { name: 'Lyon', kind: 'site' }).expect(200);
  await put('places/LYON.RM', { name: 'Raw material', kind: 'zone', parent: 'LYON' }).expect(200);
  await put('partners/SHOP', { name: 'Shop', kind: 'customer' }).expect(200);
  await api()
    .post('/api/v1/events')
    .send([
      {
        type: 'create',
        id: 'c1',
        at: '2026-03-02T08:00:00Z',
        place: 'LYON.RM',
        unit: { item: 'RESIN', lot: 'L1' },
        quantity: { value: '5', uom: 'kg' },
      },
    ])
    .expect(200);
});

describe('instructions', () => {
  it('are put and changed by their code; each change is a version, the same again none', async () => {
    const made = await put('instructions/COLD', cold).expect(200);
    expect(made.body).toMatchObject({
      instruction: 'COLD',
      version: 1,
      ...cold,
      about: { kind: 'item', key: 'RESIN', name: 'Resin' },
      state: 'active',
      validFrom: null,
      changedBy: 'key:admin',
    });
    expect((await put('instructions/COLD', cold).expect(200)).body.version).toBe(1);
    expect((await put('instructions/COLD', { ...cold, untilRef: 'ECN-12' }).expect(200)).body).toMatchObject({
      version: 2,
      untilRef: 'ECN-12',
    });
    const audit = await api().get('/api/v1/audit?subject=instruction:COLD').expect(200);
    expect(audit.body.data).toMatchObject([
      { action: 'change-instruction', before: { version: 1 }, after: { untilRef: 'ECN-12' } },
      { action: 'create-instruction', before: null },
    ]);
  });

  it('show at a scan of what they are about, and of every unit of it', async () => {
    await put('instructions/SITE', { ...cold, title: 'Hard hat', acknowledge: false, about: { place: 'LYON' } }).expect(
      200,
    );
    await put('instructions/LOT', { ...cold, title: 'Inspect', about: { unit: { item: 'RESIN', lot: 'L1' } } }).expect(
      200,
    );
    await put('instructions/CHEM', {
      ...cold,
      title: 'Goggles',
      severity: 'warn',
      about: { category: 'chemistry' },
    }).expect(200);
    await put('instructions/SHOP', { ...cold, title: 'Two labels', about: { customer: 'SHOP' } }).expect(200);
    const scan = async (text: string): Promise<string[]> => {
      const answer = await api().post('/api/v1/scan').send({ text }).expect(200);
      return answer.body.instructions.map((one: { instruction: string }) => one.instruction);
    };
    expect(await scan('L1')).toEqual(['COLD', 'LOT', 'SITE', 'CHEM']);
    expect(await scan('RESIN')).toEqual(['COLD', 'CHEM']);
    expect(await scan('LYON.RM')).toEqual(['SITE']);
    expect(await scan('SHOP')).toEqual(['SHOP']);
    expect(await scan('NOTHING')).toEqual([]);
    const unit = await api().get('/api/v1/units/RESIN~lot~L1/instructions').expect(200);
    expect(unit.body.data[0]).toMatchObject({
      title: 'Keep below 4 °C',
      acknowledge: true,
      untilRef: 'ECN-12',
      units: [expect.stringMatching(/^u/)],
    });
  });

  it('are listed and filtered', async () => {
    const list = async (query: string): Promise<string[]> =>
      (await api().get(`/api/v1/instructions?${query}`).expect(200)).body.data.map(
        (one: { instruction: string }) => one.instruction,
      );
    expect(await list('')).toEqual(['CHEM', 'COLD', 'LOT', 'SHOP', 'SITE']);
    expect(await list('about=item&key=RESIN')).toEqual(['COLD']);
    expect(await list('severity=warn')).toEqual(['CHEM']);
    expect(await list('untilRef=ECN-12')).toEqual(['COLD']);
    expect(await list('q=hard')).toEqual(['SITE']);
    const page = await api().get('/api/v1/instructions?limit=2').expect(200);
    expect(await list(`limit=2&cursor=${page.body.nextCursor}`)).toEqual(['LOT', 'SHOP']);
  });

  it('are retired with a reason, once, and may be put again', async () => {
    const retire = (reason: string) => api().post('/api/v1/instructions/SHOP/retire').send({ reason });
    expect((await retire('ECN-12').expect(200)).body).toMatchObject({
      state: 'retired',
      retired: { reason: 'ECN-12' },
    });
    await retire('ECN-12').expect(200);
    expect((await retire('other').expect(409)).body.code).toBe('INSTRUCTION_RETIRED');
    expect((await api().post('/api/v1/scan').send({ text: 'SHOP' }).expect(200)).body.instructions).toEqual([]);
    expect((await api().get('/api/v1/instructions?state=retired').expect(200)).body.data).toHaveLength(1);
    const again = await put('instructions/SHOP', { ...cold, about: { customer: 'SHOP' } }).expect(200);
    expect(again.body).toMatchObject({ state: 'active', version: 2, retired: null });
    await api().post('/api/v1/instructions/NOPE/retire').send({ reason: 'x' }).expect(404);
  });

  it.each([
    [{ ...cold, about: {} }, 422, 'FIELD_INVALID'],
    [{ ...cold, about: { item: 'RESIN', place: 'LYON' } }, 422, 'FIELD_INVALID'],
    [{ ...cold, about: { item: 'NOPE' } }, 422, 'UNKNOWN_ITEM'],
    [{ ...cold, about: { unit: { item: 'RESIN', lot: 'NOPE' } } }, 422, 'UNIT_UNKNOWN'],
    [{ ...cold, severity: 'loud' }, 400, 'VALIDATION'],
    [{ ...cold, colour: 'red' }, 422, 'UNKNOWN_FIELD'],
    [{ ...cold, validFrom: '2026-03-02', validUntil: '2026-03-01' }, 422, 'TIME_RANGE'],
    [{ ...cold, title: '' }, 422, 'FIELD_REQUIRED'],
  ])('refuse what is wrong: %#', async (body, status, code) => {
    expect((await put('instructions/WRONG', body).expect(status)).body.code).toBe(code);
  });

  it('made by many at once are one', async () => {
    await Promise.all(
      Array.from({ length: 6 }, (_, i) => put('instructions/RACE', { ...cold, title: `Title ${i}` }).expect(200)),
    );
    expect((await api().get('/api/v1/instructions/RACE').expect(200)).body.version).toBe(6);
  });
});
