import { http, useApp } from '../support';

const app = useApp({ worker: false });
const api = () => http(app());
const put = (path: string, body: object) => api().put(`/api/v1/${path}`).send(body);
const versions = async (kind: string, key: string): Promise<{ body: object }[]> =>
  app().database.database.query('SELECT body FROM master_version WHERE kind = $1 AND key = $2 ORDER BY version_id', [
    kind,
    key,
  ]);

const resin = { name: 'Resin', tracking: 'lot', uom: 'kg' };
const bike = { name: 'Bike', tracking: 'serial', uom: 'pcs' };

beforeAll(async () => {
  await put('items/RESIN', resin).expect(200);
  await put('items/BIKE', bike).expect(200);
});

describe('items', () => {
  it('are created and replaced by their code, and read back', async () => {
    const body = { name: 'Glue', tracking: 'lot', uom: 'ml', gtin: '9506000134352', category: 'chemistry' };
    const made = await put('items/GLUE', body).expect(200);
    expect(made.body).toEqual({ item: 'GLUE', ...body, gtin: '09506000134352', factors: null, attributes: null });
    await put('items/GLUE', { name: 'Glue 2', tracking: 'lot', uom: 'ml' }).expect(200);
    const read = await api().get('/api/v1/items/GLUE').expect(200);
    expect(read.body).toMatchObject({ name: 'Glue 2', gtin: null, category: null });
    await api().get('/api/v1/items/NOPE').expect(404);
  });

  it('may bear any code that people print, but "~"', async () => {
    const code = 'A/B 1%é+"x"';
    await put(`items/${encodeURIComponent(code)}`, resin).expect(200);
    expect(
      (
        await api()
          .get(`/api/v1/items/${encodeURIComponent(code)}`)
          .expect(200)
      ).body.item,
    ).toBe(code);
    await put('items/A~B', resin).expect(422);
  });

  it('leave a version and an audit line with before and after; the same again changes nothing', async () => {
    await put('items/V', resin).expect(200);
    await put('items/V', resin).expect(200);
    await put('items/V', { ...resin, name: 'Resin 2' }).expect(200);
    expect((await versions('item', 'V')).map((v) => v.body)).toEqual([resin, { ...resin, name: 'Resin 2' }]);
    const audit = await api().get('/api/v1/audit?subject=item:V').expect(200);
    expect(audit.body.data).toMatchObject([
      { action: 'change-item', actor: 'key:admin', before: resin, after: { name: 'Resin 2' } },
      { action: 'create-item', before: null, after: resin },
    ]);
    const pending = await app().database.asOwner(
      `SELECT FROM master_version v WHERE key = 'V'
       AND NOT EXISTS (SELECT FROM ledger_pending p WHERE p.batch_id = v.batch_id)
       AND NOT EXISTS (SELECT FROM ledger_position p WHERE p.batch_id = v.batch_id)`,
    );
    expect(pending).toEqual([]);
  });

  it.each([
    [{ ...resin, colour: 'red' }, 422, 'UNKNOWN_FIELD'],
    [{ tracking: 'lot', uom: 'kg' }, 422, 'FIELD_REQUIRED'],
    [{ ...resin, name: '  ' }, 422, 'FIELD_REQUIRED'],
    [{ ...resin, name: 7 }, 400, 'VALIDATION'],
    [{ ...resin, tracking: 'batch' }, 422, 'FIELD_INVALID'],
    [{ ...resin, uom: 'stone' }, 422, 'UOM_UNKNOWN'],
    [{ ...bike, uom: 'kg' }, 422, 'FIELD_INVALID'],
    [{ ...resin, gtin: '9506000134353' }, 422, 'FIELD_INVALID'],
    [{ ...resin, gtin: '123' }, 422, 'FIELD_INVALID'],
    [{ ...resin, factors: { box: '0' } }, 422, 'FIELD_INVALID'],
    [{ ...resin, factors: { box: 'many' } }, 422, 'QUANTITY_INVALID'],
  ])('refuse what is wrong: %#', async (body, status, code) => {
    const answer = await put('items/WRONG', body).expect(status);
    expect(answer.headers['content-type']).toContain('application/problem+json');
    expect(answer.body.code).toBe(code);
    await api().get('/api/v1/items/WRONG').expect(404);
  });

  it('keep tracking and unit of measure once they have units', async () => {
    await put('items/USED', resin).expect(200);
    await put('items/USED', { ...resin, uom: 'g' }).expect(200);
    const unit = { item: 'USED', lot: 'L1' };
    await api()
      .post('/api/v1/events')
      .send([{ type: 'create', id: 'used-1', at: '2026-03-02T08:00:00Z', unit, quantity: { value: '5', uom: 'g' } }])
      .expect(200);
    for (const change of [
      { ...resin, uom: 'kg' },
      { ...bike, name: 'Resin' },
    ]) {
      const answer = await put('items/USED', change).expect(409);
      expect(answer.body.code).toBe('ITEM_IN_USE');
    }
    await put('items/USED', { ...resin, uom: 'g', name: 'Renamed' }).expect(200);
  });

  it('are listed a page at a time, and found by code or name', async () => {
    for (const code of ['PAGE-1', 'PAGE-2', 'PAGE-3'])
      await put(`items/${code}`, { ...resin, name: '100%' }).expect(200);
    const first = await api().get('/api/v1/items?q=page-&limit=2').expect(200);
    expect(first.body.data.map((i: { item: string }) => i.item)).toEqual(['PAGE-1', 'PAGE-2']);
    const second = await api().get(`/api/v1/items?q=page-&limit=2&cursor=${first.body.nextCursor}`).expect(200);
    expect(second.body).toMatchObject({ data: [{ item: 'PAGE-3' }], nextCursor: null });
    expect((await api().get('/api/v1/items?q=0%25').expect(200)).body.data).toHaveLength(3);
    expect((await api().get('/api/v1/items?q=_AGE').expect(200)).body.data).toHaveLength(0);
    await api().get('/api/v1/items?limit=0').expect(400);
    await api().get('/api/v1/items?cursor=!!!').expect(400);
  });

  it('are written one after the other by many at once', async () => {
    await Promise.all(
      Array.from({ length: 8 }, (_, i) => put('items/RACE', { ...resin, name: `Name ${i}` }).expect(200)),
    );
    const all = await versions('item', 'RACE');
    const now = await api().get('/api/v1/items/RACE').expect(200);
    expect(all.at(-1)?.body).toMatchObject({ name: now.body.name });
    expect(all).toHaveLength(8);
  });
});

describe('BOM revisions', () => {
  const line = { component: 'RESIN', quantity: '250', uom: 'g' };

  it('are created and replaced by item and revision', async () => {
    const body = { lines: [{ ...line, position: 'P1', substitutes: ['GLUE-2'] }], effectiveFrom: '2026-01-01' };
    await put('items/GLUE-2', resin).expect(200);
    const made = await put('items/BIKE/boms/A', body).expect(200);
    expect(made.body).toEqual({ item: 'BIKE', revision: 'A', ...body, effectiveUntil: null });
    await put('items/BIKE/boms/A', body).expect(200);
    await put('items/BIKE/boms/B', { lines: [line] }).expect(200);
    const list = await api().get('/api/v1/items/BIKE/boms').expect(200);
    expect(list.body.data.map((b: { revision: string }) => b.revision)).toEqual(['A', 'B']);
    expect(await versions('bom', '["BIKE","A"]')).toMatchObject([
      { body: { item: 'BIKE', revision: 'A', lines: [{ component: 'RESIN' }], fromMs: Date.UTC(2026, 0, 1) } },
    ]);
    await api().get('/api/v1/items/BIKE/boms/Z').expect(404);
  });

  it.each([
    [{ lines: [{ ...line, component: 'NOPE' }] }, 422, 'UNKNOWN_ITEM'],
    [{ lines: [{ ...line, substitutes: ['NOPE'] }] }, 422, 'UNKNOWN_ITEM'],
    [{ lines: [{ ...line, component: 'BIKE', uom: 'pcs' }] }, 422, 'FIELD_INVALID'],
    [{ lines: [{ ...line, quantity: '-1' }] }, 422, 'QUANTITY_INVALID'],
    [{ lines: [{ ...line, quantity: '0' }] }, 422, 'QUANTITY_INVALID'],
    [{ lines: [{ ...line, quantity: 1 }] }, 400, 'VALIDATION'],
    [{ lines: [{ ...line, uom: 'ml' }] }, 422, 'UOM_UNKNOWN'],
    [{ lines: [{ ...line, colour: 'red' }] }, 422, 'UNKNOWN_FIELD'],
    [{ lines: [] }, 422, 'FIELD_INVALID'],
    [{}, 400, 'VALIDATION'],
    [{ lines: [line], effectiveFrom: '2026-01-02', effectiveUntil: '2026-01-01' }, 422, 'TIME_RANGE'],
    [{ lines: [line], effectiveFrom: '2026-01-02T08:00:00' }, 422, 'TIME_NEEDS_OFFSET'],
  ])('refuse what is wrong: %#', async (body, status, code) => {
    expect((await put('items/BIKE/boms/WRONG', body).expect(status)).body.code).toBe(code);
    await api().get('/api/v1/items/BIKE/boms/WRONG').expect(404);
  });

  it('belong to items that exist', async () => {
    expect((await put('items/NOBODY/boms/A', { lines: [line] }).expect(422)).body.code).toBe('UNKNOWN_ITEM');
    await api().get('/api/v1/items/NOBODY/boms').expect(404);
  });
});

describe('places', () => {
  it('make one tree, with the zone of the nearest place above', async () => {
    await put('places/LYON', { name: 'Lyon', kind: 'site', timeZone: 'Europe/Paris' }).expect(200);
    await put('places/LYON.A', { name: 'Hall A', kind: 'area', parent: 'LYON' }).expect(200);
    const circle = await put('places/LYON', { name: 'Lyon', kind: 'site', parent: 'LYON.A' }).expect(409);
    expect(circle.body.code).toBe('PLACE_CYCLE');
    await put('places/SELF', { name: 'Self', kind: 'bin', parent: 'SELF' }).expect(409);
    const list = await api().get('/api/v1/places?q=lyon').expect(200);
    expect(list.body.data).toMatchObject([
      { place: 'LYON', timeZone: 'Europe/Paris', parent: null },
      { place: 'LYON.A', timeZone: null, parent: 'LYON' },
    ]);
    await put('places/LYON.A', { name: 'Hall A', kind: 'area' }).expect(200);
    expect((await api().get('/api/v1/places/LYON.A').expect(200)).body.parent).toBeNull();
    expect((await versions('place', 'LYON.A')).map((v) => v.body)).toEqual([
      { name: 'Hall A', kind: 'area', parent: 'LYON' },
      { name: 'Hall A', kind: 'area' },
    ]);
  });

  it.each([
    [{ name: 'X', kind: 'bin', parent: 'NOPE' }, 'UNKNOWN_PLACE'],
    [{ name: 'X', kind: 'bin', timeZone: 'Europe/Atlantis' }, 'ZONE_UNKNOWN'],
    [{ name: 'X', kind: 'bin', timeZone: '+01:00' }, 'ZONE_UNKNOWN'],
    [{ name: 'X' }, 'FIELD_REQUIRED'],
    [{ name: 'X', kind: 'bin', zone: 'x' }, 'UNKNOWN_FIELD'],
  ])('refuse what is wrong: %#', async (body, code) => {
    expect((await put('places/WRONG', body).expect(422)).body.code).toBe(code);
    await api().get('/api/v1/places/WRONG').expect(404);
  });
});

describe('partners', () => {
  it('are created and replaced by their code', async () => {
    const body = { name: 'Northwind', kind: 'customer', email: 'q@northwind.example', phone: '+33 1', address: 'A\nB' };
    expect((await put('partners/NW', body).expect(200)).body).toEqual({ partner: 'NW', ...body, country: null });
    await put('partners/NW', { name: 'Northwind', kind: 'customer' }).expect(200);
    expect((await api().get('/api/v1/partners/NW').expect(200)).body.email).toBeNull();
    expect(await versions('partner', 'NW')).toHaveLength(2);
    await put('partners/NW', { ...body, email: 'nobody' }).expect(422);
    expect((await api().get('/api/v1/partners?q=wind').expect(200)).body.data).toHaveLength(1);
  });
});
