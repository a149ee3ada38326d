import { http, useApp, waitFor } from '../support';
import { caseOver, type Person, person, signed } from './recall-people';

const app = useApp({ env: { RECALL_WATCH_SECONDS: '1' } });
const events = (list: object[], check?: 'live') =>
  http(app())
    .post(`/api/v1/events${check ? `?check=${check}` : ''}`)
    .send(list);
const lot = (code: string) => ({ item: 'RM', lot: code });
const part = (code: string) => ({ item: 'FG', serial: code });
const kg = (value: string) => ({ value, uom: 'kg' });
const at = (day: number, hour = 8) => `2026-03-${String(day).padStart(2, '0')}T${String(hour).padStart(2, '0')}:00:00Z`;

let anna: Person;
let ben: Person;

const produce = (id: string, input: string, serials: string[], day = 2) => ({
  id,
  type: 'produce',
  at: at(day),
  place: 'P.A',
  outputs: serials.map((code) => ({ unit: part(code) })),
  inputs: [{ unit: lot(input), quantity: kg('1') }],
});
const receive = (code: string) => ({
  id: `r-${code}`,
  type: 'receive',
  at: at(1),
  place: 'P.A',
  unit: lot(code),
  quantity: kg('100'),
});

/** Units that the case holds, in order. */
const heldBy = async (key: string): Promise<string[]> =>
  (
    await app().database.asOwner<{ code: string }>(
      `SELECT u.code FROM hold h JOIN unit u USING (unit_id) WHERE h.ref = $1 AND h.copy_of IS NULL
         AND NOT EXISTS (SELECT 1 FROM hold_release r WHERE r.hold_id = h.hold_id) ORDER BY u.code`,
      [key],
    )
  ).map((row) => row.code);

const initiation = async (key: string) => (await anna.get(`/recalls/${key}/initiation`).expect(200)).body.initiation;
const ended = (key: string, withinMs = 20_000) =>
  waitFor(
    async () => {
      const last = await initiation(key);
      return last !== null && !['queued', 'running'].includes(last.status) && last;
    },
    { what: `the initiation of ${key}`, withinMs },
  );

beforeAll(async () => {
  const put = (path: string, body: object) => http(app()).put(`/api/v1/${path}`).send(body).expect(200);
  await put('items/RM', { name: 'Resin', tracking: 'lot', uom: 'kg' });
  await put('items/FG', { name: 'Part', tracking: 'serial', uom: 'pcs' });
  await put('items/BIKE', { name: 'Bike', tracking: 'serial', uom: 'pcs' });
  await put('places/P', { name: 'Plant', kind: 'site' });
  await put('places/P.A', { name: 'Store', kind: 'bin', parent: 'P' });
  await put('partners/CUS', { name: 'Customer', kind: 'customer' });
  anna = await person(app(), 'anna', 'coordinator');
  ben = await person(app(), 'ben', 'coordinator');
});

async function approved(seed: string, drill = false): Promise<string> {
  const { key, digest } = await caseOver([{ unit: lot(seed) }], { by: anna, drill });
  await anna.post(`/recalls/${key}/approve`, { digest, ...signed() }).expect(409);
  await ben.post(`/recalls/${key}/approve`, { digest, ...signed() }).expect(200);
  return key;
}

describe('an initiation', () => {
  it('holds all that is in house, writes down who has the rest, and what it stopped cannot leave', async () => {
    await events([
      receive('one'),
      produce('p1', 'one', ['a1', 'a2', 'a3', 'a4', 'a5']),
      { id: 's1', type: 'ship', at: at(3), units: [part('a1')], customer: 'CUS', shipment: 'S-1' },
      {
        id: 'i1',
        type: 'produce',
        at: at(4),
        place: 'P.A',
        outputs: [{ unit: { item: 'BIKE', serial: 'b1' } }],
        inputs: [{ unit: part('a2'), mode: 'install' }],
      },
      { id: 'k1', type: 'pack', at: at(4), container: 'C-1', units: [part('a3')] },
      { id: 'x1', type: 'scrap', at: at(4), unit: part('a4') },
      { id: 's2', type: 'ship', at: at(3), units: [part('a5')], customer: 'CUS', shipment: 'S-1' },
      { id: 't2', type: 'return', at: at(5), units: [part('a5')], customer: 'CUS' },
    ]).expect(200);
    const key = await approved('one');
    const signature = { digest: undefined, ...signed() };
    expect((await anna.post(`/recalls/${key}/initiate`, signature).expect(202)).body).toEqual({
      recall: key,
      status: 'initiating',
    });
    const last = await ended(key);
    expect(last).toMatchObject({ status: 'done', result: { units: 7, inHouse: 5, held: 5, deliveries: 2 } });
    // One went out and came back: whoever had it is asked all the same. The lot with its rest, the bike and the part in it, the packed one, the one that came back.
    expect(await heldBy(key)).toEqual(['a2', 'a3', 'a5', 'b1', 'one']);
    const [state] = await app().database.asOwner(`SELECT state FROM recall WHERE key = $1`, [key]);
    expect(state).toEqual({ state: 'initiated' });
    const refused = await events([{ id: 'no', type: 'ship', at: at(9), container: 'C-1', customer: 'CUS' }], 'live');
    expect(JSON.stringify(refused.body)).toContain('UNIT_ON_HOLD');
    const signatures = await anna.get(`/recalls/${key}/signatures`).expect(200);
    expect(signatures.body.data.map((s: { subject: string; by: string }) => [s.subject, s.by])).toEqual([
      ['approval', 'user:ben'],
      ['initiation', 'user:anna'],
    ]);
    // Once more: there is nothing left to initiate.
    await anna.post(`/recalls/${key}/initiate`, signed()).expect(409);
  });

  it('holds nothing where the scope has changed, until the change is acknowledged', async () => {
    await events([receive('two'), produce('p2', 'two', ['c1'])]).expect(200);
    const key = await approved('two');
    await events([produce('p2b', 'two', ['c2'])]).expect(200);
    await anna.post(`/recalls/${key}/initiate`, signed()).expect(202);
    const { status, changed } = await ended(key);
    expect([status, changed.against, changed.added, changed.removed]).toEqual(['changed', 1, 1, 0]);
    const seen = await anna.get(`/recalls/${key}`).expect(200);
    expect(seen.body.initiating).toMatchObject({ status: 'changed', changed: { digest: changed.digest } });
    expect(await heldBy(key)).toEqual([]);
    await anna.post(`/recalls/${key}/initiate`, { acknowledge: 'ab'.repeat(32), ...signed() }).expect(409);
    await anna.post(`/recalls/${key}/initiate`, { acknowledge: changed.digest, ...signed() }).expect(202);
    expect(await ended(key)).toMatchObject({ status: 'done', result: { units: 3, held: 3 } });
    expect(await heldBy(key)).toEqual(['c1', 'c2', 'two']);
    const versions = await app().database.asOwner(
      `SELECT version, cause, encode(digest, 'hex') = $2 AS signed FROM recall_scope WHERE recall_id = $1 ORDER BY 1`,
      [Number(key.slice(1)), changed.digest],
    );
    expect(versions).toEqual([
      { version: 1, cause: 'saved', signed: false },
      { version: 2, cause: 'initiation', signed: true },
    ]);
  });

  it('of a drill holds nothing, and counts what it would have held', async () => {
    await events([receive('three'), produce('p3', 'three', ['d1'])]).expect(200);
    const key = await approved('three', true);
    await anna.post(`/recalls/${key}/initiate`, signed()).expect(202);
    expect(await ended(key)).toMatchObject({ status: 'done', result: { units: 2, inHouse: 2, held: 0 } });
    expect(await heldBy(key)).toEqual([]);
  });
});

describe('an open case', () => {
  let key: string;
  const coverage = async (of = key) => (await anna.get(`/recalls/${of}/coverage`).expect(200)).body;
  const changes = async () => (await anna.get(`/recalls/${key}/changes`).expect(200)).body;

  beforeAll(async () => {
    await events([
      receive('five'),
      { ...receive('other'), id: 'r-other' },
      produce('p5', 'five', ['f1', 'f2', 'f3']),
      { id: 's5', type: 'ship', at: at(3), units: [part('f1')], customer: 'CUS', shipment: 'S-5' },
    ]).expect(200);
    key = await approved('five');
    await anna.post(`/recalls/${key}/initiate`, signed()).expect(202);
    expect(await ended(key)).toMatchObject({ status: 'done', result: { units: 4, held: 3 } });
  });

  it('says how much of what is in house is on hold, and what is not comes first', async () => {
    expect(await coverage()).toMatchObject({
      units: 4,
      inHouse: 3,
      held: 3,
      uncovered: 0,
      percent: 100,
      shipped: 1,
      gone: 0,
      leaving: 0,
    });
    const [hold] = await app().database.asOwner<{ id: number }>(
      `SELECT h.hold_id AS id FROM hold h JOIN unit u USING (unit_id) WHERE h.ref = $1 AND u.code = 'f3'`,
      [key],
    );
    await events([{ id: 'rel', type: 'release', at: at(6), hold: `h${hold!.id}`, reason: 'looked at' }]).expect(200);
    expect(await coverage()).toMatchObject({
      held: 2,
      uncovered: 1,
      percent: 66.6,
      places: [{ place: 'P.A', units: 3, held: 2, uncovered: 1 }],
    });
    const units = await anna.get(`/recalls/${key}/units?limit=2`).expect(200);
    expect(units.body.data.map((u: { cover: string }) => u.cover)).toEqual(['uncovered', 'held']);
    const rest = await anna.get(`/recalls/${key}/units?limit=2&cursor=${units.body.nextCursor}`).expect(200);
    expect(rest.body.data.map((u: { unit: { serial: string }; cover: string }) => [u.unit.serial, u.cover])).toEqual([
      ['f2', 'held'],
      ['f1', 'out'],
    ]);
    expect((await anna.get(`/recalls/${key}/units?cover=uncovered&place=P`).expect(200)).body.data).toMatchObject([
      { unit: part('f3') },
    ]);
  });

  it('takes in by itself what comes under it later: late data and a return, each on hold, told as a version', async () => {
    await events([produce('p5-late', 'five', ['f4'])]).expect(200);
    await waitFor(async () => (await heldBy(key)).includes('f4'), { what: 'the late one on hold' });
    await events([{ id: 't5', type: 'return', at: at(7), units: [part('f1')], customer: 'CUS' }]).expect(200);
    await waitFor(async () => (await heldBy(key)).includes('f1'), { what: 'what came back on hold' });
    // What was released on purpose stays free.
    expect(await heldBy(key)).toEqual(['f1', 'f2', 'f4', 'five']);
    const { data, leaving } = await changes();
    expect(data).toMatchObject([
      {
        version: 2,
        cause: 'ledger',
        added: 1,
        removed: 0,
        reason: 'The ledger moved on: 1 unit came under the scope.',
      },
      { version: 1, cause: 'saved', added: 4 },
    ]);
    expect(leaving.total).toBe(0);
    const steps = await anna.get(`/recalls/${key}/steps`).expect(200);
    expect(steps.body.data.at(-1)).toMatchObject({ verb: 'widen', by: 'system:recalls', signature: null });
  });

  it('drops nothing by itself: what would leave is listed, and stays held', async () => {
    await events([{ id: 'v5', type: 'void', event: 'p5-late', reason: 'typed twice' }]).expect(200);
    const { leaving } = await waitFor(
      async () => {
        const found = await changes();
        return found.leaving.total > 0 && found;
      },
      { what: 'the one that would leave' },
    );
    expect(leaving.units).toMatchObject([{ unit: part('f4') }]);
    expect(await heldBy(key)).toContain('f4');
    expect(await coverage()).toMatchObject({ units: 5, leaving: 1 });
  });

  it('is narrowed by a signed version alone, which lets go of what leaves', async () => {
    const eve = await person(app(), 'eve', 'engineer');
    const whatIf = async (rules: object) => {
      const asked = (await anna.post(`/recalls/${key}/what-ifs`, { rules }).expect(202)).body.whatIf as string;
      await waitFor(async () => (await anna.get(`/recalls/${key}/what-ifs/${asked}`)).body.status === 'done', {
        what: 'the what-if',
      });
      return asked;
    };
    const exclude = [{ unit: part('f1'), reason: 'tested and good' }];
    const seen = await whatIf({ seeds: [{ unit: lot('five') }], exclude });
    const body = { whatIf: seen, reason: 'f1 was tested' };
    const refused = await eve.post(`/recalls/${key}/scopes`, { ...body, ...signed() }).expect(403);
    expect(refused.body).toMatchObject({ code: 'FORBIDDEN', permission: 'recalls:conduct' });
    await anna.post(`/recalls/${key}/scopes`, body).expect(422);
    await anna.post(`/recalls/${key}/scopes`, { ...body, ...signed('It is good', 'not my password') }).expect(403);
    expect(await heldBy(key)).toContain('f1');
    const saved = await anna.post(`/recalls/${key}/scopes`, { ...body, ...signed('It is good') }).expect(200);
    expect(saved.body).toMatchObject({ version: 3, cause: 'saved' });
    // With it goes what the ledger does not reach any more.
    expect(await heldBy(key)).toEqual(['f2', 'five']);
    const { data, leaving } = await changes();
    expect([data[0].removed, leaving.total]).toEqual([2, 0]);
    const signatures = (await anna.get(`/recalls/${key}/signatures`).expect(200)).body.data;
    expect(signatures.at(-1)).toMatchObject({ subject: 'narrowing', version: 3, digest: saved.body.digest });
    // Late data about what is in scope still comes in; what was left out by name stays out.
    await events([produce('p5-later', 'five', ['f5'])]).expect(200);
    await waitFor(async () => (await heldBy(key)).includes('f5'), { what: 'the later one on hold' });
    expect(await heldBy(key)).toEqual(['f2', 'f5', 'five']);
    await anna.post(`/recalls/${key}/scopes`, { ...body, ...signed() }).expect(409);
  });

  it('flags what is kept back for a customer or left in the last days', async () => {
    await events([
      {
        id: 'ship-now',
        type: 'ship',
        at: new Date(Date.now() - 60_000).toISOString(),
        units: [part('f2')],
        customer: 'CUS',
        shipment: 'S-9',
      },
    ]).expect(200);
    const road = await waitFor(
      async () => {
        const { data } = (await anna.get(`/recalls/${key}/units?cover=road`).expect(200)).body;
        return data.length > 0 && data;
      },
      { what: 'the shipment on the road' },
    );
    expect(road).toMatchObject([{ unit: part('f2'), cover: 'out', road: [{ shipment: 'S-9', customer: 'CUS' }] }]);
  });

  it('says for whom a unit in scope was kept back before it was stopped', async () => {
    const order = {
      id: 'so-1',
      order: 'SO-1',
      partner: 'CUS',
      lines: [{ item: 'FG', quantity: { value: '1', uom: 'pcs' } }],
    };
    await events([receive('seven'), produce('p7', 'seven', ['h1'])]).expect(200);
    await http(app()).post('/api/v1/sales-orders').send(order).expect(201);
    const lines = [{ line: '1', serials: ['h1'] }];
    const pick = await http(app()).post('/api/v1/picks').send({ id: 'pick-1', salesOrder: 'SO-1', lines });
    expect([pick.status, pick.body.code]).toEqual([201, undefined]);
    const picked = await approved('seven');
    await anna.post(`/recalls/${picked}/initiate`, signed()).expect(202);
    await ended(picked);
    const { data } = (await anna.get(`/recalls/${picked}/units?cover=road`).expect(200)).body;
    expect(data).toMatchObject([
      {
        unit: part('h1'),
        cover: 'held',
        road: [{ pick: pick.body.pick, salesOrder: 'SO-1', customer: 'CUS' }],
      },
    ]);
    expect(await coverage(picked)).toMatchObject({ road: 1, percent: 100 });
  });

  it('is swept by place, and the tasks tell what was found', async () => {
    const put = (path: string, body: object) => http(app()).put(`/api/v1/${path}`).send(body).expect(200);
    await put('places/P.Q', { name: 'Quarantine', kind: 'zone', parent: 'P' });
    await anna.post(`/recalls/${key}/sweeps`, { id: 'sweep-1' }).expect(422);
    const body = { id: 'sweep-2', to: 'P.Q', places: ['P.A'] };
    const { sweeps } = (await anna.post(`/recalls/${key}/sweeps`, body).expect(200)).body;
    expect(sweeps).toMatchObject([{ place: 'P.A' }]);
    expect((await anna.post(`/recalls/${key}/sweeps`, body).expect(200)).body.sweeps).toEqual(sweeps);
    const task = sweeps[0].task as string;
    await http(app()).post(`/api/v1/tasks/${task}/scan`).send({ id: 'scan-1', scan: 'five' }).expect(200);
    const { data } = (await anna.get(`/recalls/${key}/sweeps`).expect(200)).body;
    expect(data).toMatchObject([{ task, place: 'P.A', expected: 2, found: 1, unexpected: 0, missing: 0, open: 1 }]);
  });

  it('of a drill is covered by what it would hold, and moves nothing', async () => {
    await events([receive('six'), produce('p6', 'six', ['g1'])]).expect(200);
    const drill = await approved('six', true);
    await anna.post(`/recalls/${drill}/initiate`, signed()).expect(202);
    await ended(drill);
    expect(await coverage(drill)).toMatchObject({ drill: true, inHouse: 2, held: 2, percent: 100 });
    await anna.post(`/recalls/${drill}/sweeps`, { id: 'sweep-d', to: 'P.Q' }).expect(409);
  });
});
