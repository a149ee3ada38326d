import { http, useApp } from '../support';

const app = useApp();

beforeAll(async () => {
  const put = (path: string, body: object) => http(app()).put(`/api/v1/${path}`).send(body).expect(200);
  await put('items/RM', { name: 'Resin', tracking: 'lot', uom: 'kg' });
  await put('places/SITE', { name: 'Site', kind: 'site' });
  await put('places/BIN', { name: 'Bin', kind: 'bin', parent: 'SITE' });
  await put('attributes/length', { label: 'Length', type: 'number', uom: 'mm', appliesTo: 'unit' });
  const receive = (lot: string, value: string, attributes: object) => ({
    type: 'receive',
    at: '2026-03-01T08:00:00Z',
    place: 'BIN',
    unit: { item: 'RM', lot },
    quantity: { value, uom: 'kg' },
    attributes,
  });
  await http(app())
    .post('/api/v1/events')
    .send([receive('L1', '10', { colour: 'red', length: 12 }), receive('L2', '2.5', { colour: 'blue', length: 9 })])
    .expect(200);
});

const codes = async (query: string) => {
  const { body } = await http(app()).get(`/api/v1/stock${query}`).expect(200);
  return (body as { data: { unit: { lot: string } }[] }).data.map((r) => r.unit.lot);
};

it('lists stock by place, attribute and text, in pages, with totals', async () => {
  expect(await codes('?place=SITE')).toEqual(['L1', 'L2']);
  expect(await codes('?attr.colour=red')).toEqual(['L1']);
  expect(await codes('?attr.length>=10')).toEqual(['L1']);
  expect(await codes('?attr.length<10')).toEqual(['L2']);
  expect(await codes('?attr.colour!=red')).toEqual(['L2']);
  expect(await codes('?free=true&q=l2')).toEqual(['L2']);
  const { body } = await http(app()).get('/api/v1/stock?limit=1&totals=true').expect(200);
  expect(body).toMatchObject({
    data: [{ unit: { item: 'RM', lot: 'L1' }, quantity: { value: '10', uom: 'kg' }, attributes: { length: 12 } }],
    totals: [{ key: 'RM', units: 2, quantities: [{ value: '12.5', uom: 'kg', unknown: false }] }],
  });
  expect(await codes(`?limit=1&cursor=${(body as { nextCursor: string }).nextCursor}`)).toEqual(['L2']);
});

it('groups it, and gives all of it as CSV', async () => {
  const { body } = await http(app()).get('/api/v1/stock/groups?by=attr.colour').expect(200);
  expect((body as { data: { key: string }[] }).data.map((g) => g.key)).toEqual(['blue', 'red']);
  const csv = await http(app()).get('/api/v1/stock?sort=-item').set('Accept', 'text/csv').expect(200);
  expect(csv.text.split('\r\n')[0]).toContain('item,name,kind,code,state,place');
  expect(csv.text).toContain('"L2"');
});

it('refuses what it does not know, by name', async () => {
  const refused = async (query: string) =>
    ((await http(app()).get(`/api/v1/stock${query}`)).body as { code: string }).code;
  expect(await refused('?colour=red')).toBe('UNKNOWN_FIELD');
  expect(await refused('?item=NONE')).toBe('UNKNOWN_ITEM');
  expect(await refused('?sort=quantity')).toBe('FIELD_INVALID');
  expect(await refused('/groups?by=moon')).toBe('FIELD_INVALID');
});
