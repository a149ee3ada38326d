import { http, useApp, waitFor } from '../support';

const app = useApp();
/* eslint-disable @typescript-eslint/no-explicit-any --
   answers are looked at as a client does */
const get = async (path: string): Promise<any> => (await http(app()).get(`/api/v1${path}`).expect(200)).body;

beforeAll(async () => {
  const api = http(app());
  await api.put('/api/v1/items/BIKE').send({ name: 'Bike', tracking: 'serial', uom: 'pcs' }).expect(200);
  await api.put('/api/v1/items/BAT').send({ name: 'Battery', tracking: 'serial', uom: 'pcs' }).expect(200);
  await api.put('/api/v1/partners/SHOP').send({ name: 'Radhaus Lyon', kind: 'customer' }).expect(200);
  const bat = { item: 'BAT', serial: 'B-4711-X' };
  const bike = (serial: string) => ({ item: 'BIKE', serial });
  await api
    .post('/api/v1/events')
    .send([
      { id: 'c1', type: 'create', at: '2026-03-01T08:00:00Z', unit: bat },
      { id: 'c2', type: 'create', at: '2026-03-01T08:00:00Z', unit: bike('K-1'), note: 'scratched frame' },
      { id: 'c3', type: 'create', at: '2026-03-01T08:00:00Z', unit: bike('K-2') },
      { id: 'i1', type: 'install', at: '2026-03-02T08:00:00Z', parent: bike('K-1'), unit: bat },
      { id: 'i2', type: 'install', at: '2026-03-03T08:00:00Z', parent: bike('K-2'), unit: bat },
      {
        id: 's1',
        type: 'ship',
        at: '2026-03-04T08:00:00Z',
        units: [{ unit: bike('K-2') }],
        customer: 'SHOP',
        shipment: 'DEL/77',
      },
    ])
    .expect(200);
});

describe('what the worker brings forward', () => {
  it('lists the gaps with what would close them, and counts them', async () => {
    const gaps = await waitFor(
      async () => {
        const { data } = await get('/gaps?q=B-4711');
        return data.length > 0 && data;
      },
      { what: 'the gap of the battery' },
    );
    expect(gaps).toMatchObject([
      {
        kind: 'installed-twice',
        unit: { unit: { item: 'BAT', serial: 'B-4711-X' } },
        event: { type: 'install' },
        closes: { event: { type: 'remove', parent: { item: 'BIKE', serial: 'K-1' } } },
      },
    ]);
    expect(await get('/gaps/counts')).toMatchObject({
      total: 1,
      byKind: [{ kind: 'installed-twice', count: 1 }],
      behind: 0,
    });
    expect((await get('/gaps?olderThan=1d&kind=overdrawn')).data).toEqual([]);
    await http(app()).get('/api/v1/gaps?olderThan=soon').expect(400);
  });

  it('finds by any part, grouped by type; a document has a page', async () => {
    const found = await waitFor(
      async () => {
        const { groups } = await get('/search?q=4711');
        return groups.some((g: any) => g.type === 'unit') && groups;
      },
      { what: 'the battery in the search' },
    );
    expect(found[0]).toMatchObject({ type: 'unit', count: 1, more: false, data: [{ why: [{ field: 'code' }] }] });
    const note = await get('/search?q=scratched&type=event');
    expect(note).toMatchObject({ truncated: null, groups: [{ type: 'event', data: [{ label: 'create c2' }] }] });
    expect(await get(`/documents/${encodeURIComponent('DEL/77')}`)).toMatchObject({
      partners: [{ code: 'SHOP' }],
      units: { data: [{ unit: { item: 'BIKE', serial: 'K-2' }, role: 'shipped' }] },
    });
    await http(app()).get('/api/v1/search').expect(422);
    await http(app()).get('/api/v1/search?q=x&type=nothing').expect(422);
  });

  it('tells in the history of a unit who recorded what, and when', async () => {
    const { data } = await get('/units/BAT~serial~B-4711-X/history');
    expect(data.map((e: any) => [e.type, e.role])).toEqual([
      ['install', 'installed'],
      ['install', 'installed'],
      ['create', 'made'],
    ]);
    for (const entry of data)
      expect(entry).toMatchObject({ actor: expect.any(String), recordedAt: expect.stringMatching(/Z$/), voided: null });
  });

  it('says how far it is behind', async () => {
    const text = await waitFor(
      async () => {
        const read = (await http(app()).get('/api/v1/metrics').expect(200)).text;
        return /unitrail_worker_projections_lag\{worker="[^"]+",of="gap"\} 0/.test(read) && read;
      },
      { what: 'the lag of the gaps in the metrics' },
    );
    expect(text).toMatch(/unitrail_worker_projections_lag\{worker="[^"]+",of="search"\} 0/);
  });
});

describe('a verification as a job', () => {
  const verified = async () => {
    const { id } = (await http(app()).post('/api/v1/integrity/verifications').expect(202)).body as { id: string };
    return waitFor(
      async () => {
        const run = await get(`/integrity/verifications/${id}`);
        return run.finishedAt !== null && run;
      },
      { what: 'the verification' },
    );
  };

  it('is told of with the newest root, and finds what was changed', async () => {
    expect(await get('/integrity')).toMatchObject({
      last: null,
      open: null,
      root: { ledgerHash: expect.stringMatching(/^[0-9a-f]{64}$/) },
    });
    expect(await verified()).toMatchObject({ status: 'done', ok: true, findingCount: 0 });
    await app().database.asOwner(
      `UPDATE event SET body = jsonb_set(body, '{note}', '"as new"') WHERE client_id = 'c2'`,
    );
    expect(await verified()).toMatchObject({
      ok: false,
      findings: [
        { kind: 'row-changed', table: 'event', name: expect.stringMatching(/c2/), position: expect.any(Number) },
      ],
    });
    expect(await get('/integrity')).toMatchObject({ last: { ok: false } });
  });

  it('needs the permission', async () => {
    const { key } = (await http(app()).post('/api/v1/api-keys').send({ name: 'r', role: 'engineer' }).expect(201))
      .body as { key: string };
    await http(app(), key).get('/api/v1/integrity').expect(403);
    await http(app(), key).post('/api/v1/integrity/verifications').expect(403);
  });
});
