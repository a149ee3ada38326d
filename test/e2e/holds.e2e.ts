import { http, type TestApp, useApp } from '../support';

const app = useApp();
let keys: Record<string, string> = {};

const as = (who?: string) => http(app(), who === undefined ? undefined : keys[who]);
const post = (path: string, body: object, who?: string) => as(who).post(`/api/v1${path}`).send(body);
const events = (list: object[], check?: 'live') => post(`/events${check ? `?check=${check}` : ''}`, list);
const lot = (code: string) => ({ item: 'RM', lot: code });
const kg = (value: string) => ({ value, uom: 'kg' });

const unit = async (code: string) =>
  (
    await as()
      .get(`/api/v1/units/RM~lot~${encodeURIComponent(code)}`)
      .expect(200)
  ).body;

async function keyOf(theApp: TestApp, name: string, role: string): Promise<string> {
  const answer = await http(theApp).post('/api/v1/api-keys').send({ name, role });
  expect(answer.status).toBeLessThan(300);
  return answer.body.key;
}

beforeAll(async () => {
  const put = (path: string, body: object) => as().put(`/api/v1/${path}`).send(body).expect(200);
  await put('items/RM', { name: 'Resin', tracking: 'lot', uom: 'kg' });
  await put('items/FG', { name: 'Board', tracking: 'serial', uom: 'pcs' });
  await put('places/P', { name: 'Plant', kind: 'site' });
  await put('places/P.A', { name: 'Store', kind: 'bin', parent: 'P' });
  await put('places/P.R', { name: 'Rework', kind: 'zone', parent: 'P' });
  await put('partners/SUP', { name: 'Supplier', kind: 'supplier' });
  await put('partners/CUS', { name: 'Customer', kind: 'customer' });
  await events(
    ['L1', 'L2', 'L3', 'L4', 'L5', 'L6'].map((code) => ({
      id: `r-${code}`,
      type: 'receive',
      at: '2026-03-01T08:00:00Z',
      place: 'P.A',
      supplier: 'SUP',
      unit: lot(code),
      quantity: kg('100'),
    })),
  ).expect(200);
  keys = {
    ann: await keyOf(app(), 'ann', 'operator'),
    eve: await keyOf(app(), 'eve', 'engineer'),
    bob: await keyOf(app(), 'bob', 'coordinator'),
    vic: await keyOf(app(), 'vic', 'viewer'),
  };
});

describe('holds', () => {
  it('are placed by command, once, with a number of their own where no reference is given', async () => {
    const body = { id: 'hold-1', units: [lot('L1')], reason: 'Cracked drum' };
    const first = await post('/holds', body, 'ann').expect(200);
    expect(first.body).toMatchObject({ reason: 'Cracked drum', owner: 'ann', units: 1 });
    expect(first.body.ref).toMatch(/^H\d+$/);
    const again = await post('/holds', body, 'ann').expect(200);
    expect(again.body).toEqual(first.body);
    expect((await unit('L1')).holds).toHaveLength(1);
    const other = await post('/holds', { ...body, reason: 'Other' }, 'ann').expect(409);
    expect(other.body.code).toBe('COMMAND_ID_REUSED');
  });

  it('stack: the second reason still binds when the first is gone', async () => {
    const second = await post(
      '/holds',
      { id: 'hold-2', units: [lot('L1')], reasonCode: 'documents', ref: 'NC-7' },
      'eve',
    ).expect(200);
    expect(second.body.reason).toBe('Certificate or document missing');
    const [first] = (await unit('L1')).holds;
    await post('/holds/release', { id: 'rel-1', holds: [first.id], reason: 'only scratched' }, 'eve').expect(200);
    expect((await unit('L1')).holds).toMatchObject([{ ref: 'NC-7' }]);
    const ship = await events(
      [
        {
          id: 's1',
          type: 'ship',
          at: '2026-03-02T08:00:00Z',
          place: 'P.A',
          customer: 'CUS',
          units: [{ unit: lot('L1'), quantity: kg('1') }],
        },
      ],
      'live',
    ).expect(422);
    expect(JSON.stringify(ship.body)).toContain('UNIT_ON_HOLD');
    expect(JSON.stringify(ship.body)).toContain('Certificate or document missing. Ask eve about it.');
  });

  it('are released by those who may alone, whatever the way', async () => {
    const [hold] = (await unit('L1')).holds;
    await post('/holds/release', { id: 'x', holds: [hold.id], reason: 'x' }, 'ann').expect(403);
    const event = await as('ann')
      .post('/api/v1/events')
      .send([{ id: 'x', type: 'release', at: '2026-03-02T08:00:00Z', hold: hold.id }]);
    expect(event.status).toBe(403);
    expect(event.body.code).toBe('HOLD_RELEASE_FORBIDDEN');
    const voided = await as('ann')
      .post('/api/v1/events')
      .send([{ id: 'y', type: 'void', event: 'hold:hold-2', reason: 'oops' }]);
    expect(voided.status).toBe(403);
    expect((await unit('L1')).holds).toHaveLength(1);
  });

  it('say in groups what, how many, how old and whom to ask', async () => {
    await post(
      '/holds',
      {
        id: 'hold-3',
        units: [lot('L2'), lot('L3')],
        reason: 'Wet pallets',
        ref: 'NC-8',
        owner: 'Quality',
        at: '2026-03-02T08:00:00Z',
      },
      'ann',
    ).expect(200);
    const list = await as('vic').get('/api/v1/holds?q=wet').expect(200);
    expect(list.body.data).toMatchObject([
      {
        reason: 'Wet pallets',
        ref: 'NC-8',
        owners: ['Quality'],
        units: 2,
        holds: 2,
        oldest: '2026-03-02T08:00:00.000Z',
        items: ['RM'],
      },
    ]);
    const [{ group }] = list.body.data;
    const units = await as('vic').get(`/api/v1/holds/${group}/units`).expect(200);
    expect(units.body.data.map((row: { unit: object; where: object[] }) => [row.unit, row.where])).toEqual([
      [lot('L2'), [{ state: 'in-stock', place: 'P.A', customer: null, quantity: kg('100') }]],
      [lot('L3'), [{ state: 'in-stock', place: 'P.A', customer: null, quantity: kg('100') }]],
    ]);
    const ages = await as('vic').get('/api/v1/holds/ageing').expect(200);
    expect(ages.body.data.find((one: { fromDays: number }) => one.fromDays === 90).units).toBe(2);
    expect((await as('vic').get('/api/v1/holds?olderThanDays=60').expect(200)).body.data).toHaveLength(1);
  });

  it('bind what is not there yet: the preview says so', async () => {
    const preview = await post('/holds/preview', { units: [lot('L1'), lot('L99')] }, 'ann').expect(200);
    expect(preview.body).toMatchObject({ units: 2, held: 1, unknown: ['RM L99'] });
    const refused = await post(
      '/holds',
      { id: 'hold-4', units: [lot('L99')], reason: 'recall of the supplier', expected: 2 },
      'ann',
    ).expect(409);
    expect(refused.body.code).toBe('HOLD_SCOPE_CHANGED');
    await post(
      '/holds',
      { id: 'hold-5', units: [lot('L99')], reason: 'recall of the supplier', expected: 1 },
      'ann',
    ).expect(200);
    await events([
      {
        id: 'r-L99',
        type: 'receive',
        at: '2026-03-05T08:00:00Z',
        place: 'P.A',
        supplier: 'SUP',
        unit: lot('L99'),
        quantity: kg('5'),
      },
    ]).expect(200);
    expect((await unit('L99')).holds).toMatchObject([{ reason: 'recall of the supplier' }]);
  });
});

describe('holds by what they mean', () => {
  it('bind all stock of a place and below, as previewed', async () => {
    await as().put('/api/v1/places/Q').send({ name: 'Cold store', kind: 'zone', parent: 'P' }).expect(200);
    await as().put('/api/v1/places/Q.1').send({ name: 'Bin', kind: 'bin', parent: 'Q' }).expect(200);
    const made = (code: string, place: string) => ({
      id: `c-${code}`,
      type: 'create',
      at: '2026-03-01T08:00:00Z',
      place,
      unit: { item: 'FG', serial: code },
    });
    await events([made('Q1', 'Q'), made('Q2', 'Q.1'), made('Q3', 'P.A')]).expect(200);
    const preview = await post('/holds/preview', { place: 'Q' }, 'ann').expect(200);
    expect(preview.body).toMatchObject({ units: 2, held: 0, items: [{ item: 'FG', units: 2 }] });
    const held = await post('/holds', { id: 'p-1', place: 'Q', reason: 'Cooling failed', expected: 2 }, 'ann').expect(
      200,
    );
    const units = await as('vic').get(`/api/v1/holds/${held.body.group}/units`).expect(200);
    expect(units.body.data.map((one: { unit: { serial: string } }) => one.unit.serial)).toEqual(['Q1', 'Q2']);
    const empty = await post('/holds', { id: 'p-2', place: 'P.R', reason: 'x' }, 'ann').expect(422);
    expect(empty.body.code).toBe('HOLD_SCOPE_EMPTY');
  });

  it('bind what a query of stock finds, and refuse a query that says nothing', async () => {
    const nothing = await post('/holds/preview', { query: {} }, 'ann').expect(422);
    expect(nothing.body.code).toBe('HOLD_SCOPE');
    const unknown = await post('/holds/preview', { query: { colour: 'red' } }, 'ann').expect(422);
    expect(unknown.body.code).toBe('UNKNOWN_FIELD');
    const query = { supplier: 'SUP', madeFrom: '2026-03-01', madeBefore: '2026-03-02', held: 'false' };
    const preview = await post('/holds/preview', { query }, 'ann').expect(200);
    expect(preview.body.units).toBe(3);
  });

  it('are several events with one reference where they bind more than one event may name', async () => {
    const COUNT = 20_005;
    await as().put('/api/v1/places/MANY').send({ name: 'Many', kind: 'zone' }).expect(200);
    for (let from = 0; from < COUNT; from += 10_000)
      await events(
        Array.from({ length: Math.min(10_000, COUNT - from) }, (_, i) => ({
          id: `many-${from + i}`,
          type: 'create',
          at: '2026-03-01T08:00:00Z',
          place: 'MANY',
          unit: { item: 'FG', serial: `M${from + i}` },
        })),
      ).expect(200);
    const held = await post(
      '/holds',
      { id: 'm-1', query: { place: 'MANY' }, reason: 'All of them', expected: COUNT },
      'ann',
    ).expect(200);
    expect(held.body.units).toBe(COUNT);
    const group = await as('vic').get(`/api/v1/holds/${held.body.group}`).expect(200);
    expect(group.body).toMatchObject({ units: COUNT, holds: COUNT, ref: held.body.ref });
    const rows = await app().database.asOwner('SELECT 1 FROM event WHERE client_id LIKE $1', ['hold:m-1%']);
    expect(rows).toHaveLength(2);
    const free = await post(
      '/holds/release',
      { id: 'm-2', group: held.body.group, reason: 'not so', expected: COUNT },
      'eve',
    ).expect(200);
    expect(free.body).toMatchObject({ holds: COUNT, units: COUNT });
  });
});

describe('dispositions', () => {
  const propose = async (body: object, who = 'ann'): Promise<string> =>
    (await post('/dispositions', body, who).expect(200)).body.disposition;

  it('are proposed by one, approved by another, carried out once', async () => {
    await post('/holds', { id: 'd-h1', units: [lot('L4')], reason: 'Colour off' }, 'ann').expect(200);
    const disposition = await propose(
      { id: 'd-1', kind: 'use-as-is', reason: 'within limits', units: [{ unit: lot('L4') }] },
      'bob',
    );
    const own = await post(`/dispositions/${disposition}/approve`, { id: 'd-2' }, 'bob').expect(403);
    expect(own.body.code).toBe('DISPOSITION_FOUR_EYES');
    await post(`/dispositions/${disposition}/carry-out`, { id: 'd-3' }, 'eve').expect(409);
    await post(`/dispositions/${disposition}/approve`, { id: 'd-4', note: 'agreed' }).expect(200);
    expect((await unit('L4')).holds).toHaveLength(1);
    const done = await post(`/dispositions/${disposition}/carry-out`, { id: 'd-5' }, 'eve').expect(200);
    const again = await post(`/dispositions/${disposition}/carry-out`, { id: 'd-5' }, 'eve').expect(200);
    expect(again.body).toEqual(done.body);
    const twice = await post(`/dispositions/${disposition}/carry-out`, { id: 'd-6' }, 'eve').expect(409);
    expect(twice.body.code).toBe('DISPOSITION_STATE');
    expect((await unit('L4')).holds).toEqual([]);
    const page = await as('vic').get(`/api/v1/dispositions/${disposition}`).expect(200);
    expect(page.body).toMatchObject({ state: 'done', proposedBy: 'key:bob', decidedNote: 'agreed', doneBy: 'key:eve' });
  });

  it('scrap a part of a lot: it is split off, and the rest keeps its hold', async () => {
    await post('/holds', { id: 'd-h2', units: [lot('L5')], reason: 'Mould' }, 'ann').expect(200);
    const disposition = await propose({
      id: 'e-1',
      kind: 'scrap',
      reason: 'mouldy corner',
      units: [{ unit: lot('L5'), quantity: kg('30') }],
    });
    await post(`/dispositions/${disposition}/approve`, { id: 'e-2' }, 'bob').expect(200);
    const done = await post(`/dispositions/${disposition}/carry-out`, { id: 'e-3' }, 'eve').expect(200);
    const heir = `L5/${disposition}`;
    expect(done.body.heirs).toEqual([{ from: 'L5', lot: heir }]);
    expect(await unit('L5')).toMatchObject({ quantity: kg('70'), holds: [{ reason: 'Mould' }] });
    const scrapped = await unit(heir);
    expect(scrapped.holds).toEqual([]);
    expect(scrapped.state).toBe('scrapped');
  });

  it('return to the supplier what no other reason still binds', async () => {
    await post('/holds', { id: 'd-h3', units: [lot('L6')], reason: 'Wrong grade', ref: 'NC-9' }, 'ann').expect(200);
    await post('/holds', { id: 'd-h4', units: [lot('L6')], reason: 'Evidence', ref: 'LAW-1' }, 'ann').expect(200);
    const groups = (await as().get('/api/v1/holds?q=NC-9').expect(200)).body.data;
    const disposition = await propose({
      id: 'f-1',
      kind: 'return-to-supplier',
      supplier: 'SUP',
      reason: 'wrong grade',
      group: groups[0].group,
    });
    await post(`/dispositions/${disposition}/approve`, { id: 'f-2' }, 'bob').expect(200);
    const refused = await post(`/dispositions/${disposition}/carry-out`, { id: 'f-3' }, 'eve').expect(409);
    expect(refused.body).toMatchObject({ code: 'DISPOSITION_HELD_OTHERWISE' });
    expect((await unit('L6')).holds).toHaveLength(2);
    const evidence = (await unit('L6')).holds.find((hold: { ref: string }) => hold.ref === 'LAW-1');
    await post('/holds/release', { id: 'f-4', holds: [evidence.id], reason: 'case closed' }, 'eve').expect(200);
    await post(`/dispositions/${disposition}/carry-out`, { id: 'f-5' }, 'eve').expect(200);
    expect(await unit('L6')).toMatchObject({ state: 'shipped', customer: 'SUP', holds: [] });
  });

  it('bring to rework what stays on hold until it was looked at again', async () => {
    const disposition = await propose({
      id: 'g-1',
      kind: 'rework',
      place: 'P.R',
      reason: 'dry it',
      units: [{ unit: lot('L2') }],
    });
    const open = await post(
      '/dispositions',
      { id: 'g-2', kind: 'scrap', reason: 'no', units: [{ unit: lot('L2') }] },
      'eve',
    ).expect(409);
    expect(open.body.code).toBe('DISPOSITION_OPEN');
    await post(`/dispositions/${disposition}/approve`, { id: 'g-3' }, 'bob').expect(200);
    await post(`/dispositions/${disposition}/carry-out`, { id: 'g-4' }, 'eve').expect(200);
    expect(await unit('L2')).toMatchObject({ place: 'P.R', holds: [{ reason: 'Wet pallets' }] });
  });

  it('are about what is held alone, and name what they need', async () => {
    const free = await post(
      '/dispositions',
      { id: 'i-1', kind: 'scrap', reason: 'x', units: [{ unit: lot('L4') }] },
      'ann',
    ).expect(409);
    expect(free.body.code).toBe('DISPOSITION_NOT_HELD');
    const missing = await post(
      '/dispositions',
      { id: 'i-2', kind: 'rework', reason: 'x', units: [{ unit: lot('L3') }] },
      'ann',
    ).expect(422);
    expect(missing.body.code).toBe('DISPOSITION_FIELD');
  });
});
