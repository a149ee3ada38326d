/** A case from its draft to a scope that is saved, seen again and changed; over HTTP with the real worker. */
import { http, useApp, waitFor } from '../support';
import { Json, kg, lot, serial, TracePlant } from './trace-plant';

const app = useApp();
const plant = new TracePlant(app);
const T = (time: string) => `2026-03-${time}:00Z`;
const api = () => http(app());

beforeAll(async () => {
  await plant.masterData();
  await plant.record([
    {
      type: 'receive',
      at: T('01T08:00'),
      unit: lot('RM', 'L1'),
      quantity: kg('100'),
      supplier: 'ACME',
      supplierLot: 'SUP-7',
    },
    { type: 'receive', at: T('01T08:00'), unit: lot('RM', 'L2'), quantity: kg('100'), supplier: 'ACME' },
    ...['B1', 'B2', 'B3'].map((code, i) => ({
      type: 'produce',
      at: T(`02T1${i}:00`),
      workCenter: i < 2 ? 'LINE-2' : 'LINE-1',
      outputs: [{ unit: serial('BAT', code) }],
      inputs: [{ unit: lot('RM', i < 2 ? 'L1' : 'L2'), quantity: kg('1') }],
    })),
    { type: 'ship', at: T('03T08:00'), units: [{ unit: serial('BAT', 'B1') }], customer: 'SHOP-A', shipment: 'SH-1' },
    { type: 'ship', at: T('03T09:00'), units: [{ unit: serial('BAT', 'B3') }], customer: 'SHOP-B', shipment: 'SH-2' },
  ]);
});

let made = 0;
const open = async (more: object = {}): Promise<Json> =>
  (
    await api()
      .post('/api/v1/recalls')
      .send({ id: `case-${made++}`, title: 'Bad resin', ...more })
      .expect(200)
  ).body;

async function whatIf(recall: string, rules: object): Promise<Json> {
  const asked = await api().post(`/api/v1/recalls/${recall}/what-ifs`).send({ rules }).expect(202);
  return waitFor(
    async () => {
      const seen = await plant.get(`/api/v1/recalls/${recall}/what-ifs/${asked.body.whatIf}`);
      return seen.status === 'running' ? null : seen;
    },
    { what: 'the what-if' },
  );
}

const save = async (recall: string, seen: Json, reason = 'what the supplier told us'): Promise<Json> =>
  (await api().post(`/api/v1/recalls/${recall}/scopes`).send({ whatIf: seen.whatIf, reason }).expect(200)).body;

it('a case is a draft until a scope is saved that somebody has seen', async () => {
  const draft = await open({ class: 'II', details: { product: 'Batteries', hazard: { severity: 'fire' } } });
  expect(draft).toMatchObject({
    recall: expect.stringMatching(/^R\d+$/),
    drill: false,
    state: 'draft',
    class: 'II',
    fourEyes: true,
    scope: null,
    goals: { scope: '4h', holds: '24h' },
    details: { product: 'Batteries', hazard: { severity: 'fire' } },
  });
  const seen = await whatIf(draft.recall, { seeds: [{ unit: lot('RM', 'L1') }] });
  expect(seen).toMatchObject({
    status: 'done',
    difference: null,
    counts: { units: 3, lots: 1, serials: 2, certain: 3, customers: 1 },
  });
  expect((await plant.get(`/api/v1/recalls/${draft.recall}`)).state).toBe('draft');
  const version = await save(draft.recall, seen);
  expect(version).toMatchObject({
    version: 1,
    cause: 'saved',
    digest: seen.digest,
    counts: seen.counts,
    complete: true,
  });
  const scoped = await plant.get(`/api/v1/recalls/${draft.recall}`);
  expect(scoped).toMatchObject({ state: 'scoped', scope: { version: 1, digest: seen.digest } });
  expect(scoped.steps).toMatchObject([{ verb: 'scope', from: 'draft', to: 'scoped' }]);
  // Sent again it is the same case; the same scope is no new version.
  expect((await api().post('/api/v1/recalls').send({ id: 'case-0', title: 'Other' }).expect(409)).body.code).toBe(
    'COMMAND_ID_REUSED',
  );
  const same = await api()
    .post(`/api/v1/recalls/${draft.recall}/scopes`)
    .send({ whatIf: seen.whatIf, reason: 'again' });
  expect([same.status, same.body.code]).toEqual([409, 'SCOPE_SAME']);
});

it('rules name what was made at a line in a time, texts and items; what nobody bears is told', async () => {
  const { recall } = await open();
  const made = await whatIf(recall, { made: [{ workCenter: 'LINE-2', from: T('02T00:00'), until: '2026-03-02' }] });
  expect(made).toMatchObject({
    status: 'done',
    resolved: { seeds: 2 },
    counts: { units: 2, serials: 2, customers: 1 },
  });
  const later = await whatIf(recall, { made: [{ workCenter: 'LINE-2', from: T('02T10:30'), until: T('02T12:00') }] });
  expect(later).toMatchObject({ resolved: { seeds: 1 }, counts: { units: 1, customers: 0 } });
  const text = await whatIf(recall, { texts: [{ item: 'RM', text: 'sup-7, l2; L99' }] });
  expect(text).toMatchObject({
    resolved: { seeds: 2, unmatched: [{ item: 'RM', code: 'L99' }] },
    counts: { units: 5, lots: 2, serials: 3, customers: 2 },
  });
  const version = await save(recall, text);
  expect(version.resolved.unmatched).toEqual([{ item: 'RM', code: 'L99' }]);
  const none = await api()
    .post(`/api/v1/recalls/${recall}/what-ifs`)
    .send({ rules: { texts: [{ item: 'RM', text: 'L99' }] } });
  expect([none.status, none.body.code]).toEqual([422, 'SCOPE_EMPTY']);
});

it('text is read as people write it: ranges with exceptions, and what is not understood is told', async () => {
  await plant.record([
    ...['07110002', '07110003', '07110004', '07110009', '07110010'].map((code) => ({
      type: 'receive',
      at: T('01T08:00'),
      unit: lot('SPICE', code),
      quantity: kg('5'),
    })),
  ]);
  const text = 'lot 99999; lots 07110002 thru 07110009 except 07110004; batch X7-ish of March';
  const { recall } = await open();
  const seen = await whatIf(recall, { texts: [{ item: 'SPICE', text }] });
  expect(seen).toMatchObject({
    resolved: { seeds: 3, unmatched: [{ code: '99999' }, { item: 'SPICE', code: 'X7-ish' }] },
  });
  const units = await plant.get(`/api/v1/traces/${seen.trace}/units`);
  expect(units.data.map((row: Json) => row.unit.lot)).toEqual(['07110002', '07110003', '07110009']);
  const read = await api().post('/api/v1/recalls/read-text').send({ text }).expect(200);
  expect(read.body).toMatchObject({
    lots: [{ code: '99999' }, { code: 'X7-ish' }],
    ranges: [{ from: '07110002', to: '07110009', except: [{ from: '07110004', to: '07110004' }] }],
  });
  expect(seen.resolved.unread).toEqual(read.body.unread);
});

it('a list of codes keeps what the plant knows, whatever else is on it', async () => {
  const { recall } = await open();
  const seen = await whatIf(recall, { texts: [{ item: 'RM', text: 'L1, L-NONE9; 07110002-07110009' }] });
  expect(seen).toMatchObject({
    resolved: {
      seeds: 1,
      unmatched: [
        { item: 'RM', code: 'L-NONE9' },
        { item: 'RM', code: '07110002 – 07110009' },
      ],
    },
  });
});

it('another version says what it adds and leaves out, and the first stays as it was', async () => {
  const { recall } = await open();
  await save(recall, await whatIf(recall, { seeds: [{ unit: lot('RM', 'L1') }] }));
  const both = { seeds: [{ unit: lot('RM', 'L1') }, { unit: lot('RM', 'L2') }] };
  const wider = await whatIf(recall, {
    ...both,
    exclude: [{ unit: serial('BAT', 'B1'), reason: 'it was examined' }],
  });
  expect(wider).toMatchObject({
    counts: { units: 4, serials: 2, customers: 1 },
    difference: {
      against: 1,
      added: 2,
      removed: 1,
      lots: { before: 1, after: 2 },
      customers: { added: ['SHOP-B'], removed: ['SHOP-A'] },
    },
  });
  await save(recall, wider, 'the second lot is as bad');
  const [second, first] = (await plant.get(`/api/v1/recalls/${recall}/scopes`)).data;
  expect([second.version, first.version]).toEqual([2, 1]);
  expect(first).toMatchObject({ excluded: [], counts: { units: 3 } });
  expect(second.excluded).toMatchObject([{ item: 'BAT', code: 'B1', reason: 'it was examined' }]);
  const diff = await plant.get(`/api/v1/recalls/${recall}/scopes/2/diff?change=added`);
  expect(diff.data.map((row: Json) => row.unit)).toEqual(
    expect.arrayContaining([lot('RM', 'L2'), serial('BAT', 'B3')]),
  );
  const pinned = await plant.get(`/api/v1/traces/${second.trace}`);
  expect(pinned.expiresAt).toBeNull();
});

it('a change that was made on an old view is refused, and what is wrong names its field', async () => {
  const { recall, revision } = await open();
  const patch = (body: object) => api().patch(`/api/v1/recalls/${recall}`).send(body);
  expect((await patch({ revision, class: 'I', details: { reason: 'It may burn' } }).expect(200)).body).toMatchObject({
    class: 'I',
    revision: revision + 1,
    details: { reason: 'It may burn' },
  });
  expect((await patch({ revision, class: 'II' }).expect(409)).body.code).toBe('RECALL_CHANGED');
  expect((await patch({ revision: revision + 1, goals: { holds: 'soon' } }).expect(422)).body.code).toBe('RECALL_GOAL');
  expect((await patch({ revision: revision + 1, class: 'IV' }).expect(400)).body.code).toBe('VALIDATION');
  expect((await api().get('/api/v1/recalls/R999').expect(404)).body.code).toBe('NOT_FOUND');
});
