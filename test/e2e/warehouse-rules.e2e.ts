import { randomUUID } from 'node:crypto';
import { http, useApp, waitFor } from '../support';

const app = useApp({ env: { TASK_RULES_EVERY_SECONDS: '1' } });
const api = () => http(app());
const put = (path: string, body: object) => api().put(`/api/v1/${path}`).send(body).expect(200);
const post = (path: string, body: object, key?: string) =>
  http(app(), key ?? app().apiKey)
    .post(`/api/v1/${path}`)
    .send({ id: randomUUID(), ...body });
const run = (rule: string) => api().post('/api/v1/task-rules/run').send({ rule });
const kg = (value: string) => ({ value, uom: 'kg' });
const event = (type: string, more: object) => ({ id: randomUUID(), type, at: '2026-03-02T08:00:00Z', ...more });
const record = (...events: object[]) => api().post('/api/v1/events').send(events).expect(200);
const stocked = (item: string, code: string, place: string, value = '5', more: object = {}) =>
  event('create', { unit: { item, lot: code }, place, quantity: kg(value), ...more });
interface Line {
  unit: { lot?: string; serial?: string };
  from: string;
  to: string;
  quantity: { value: string } | null;
}
const linesOf = async (task: string): Promise<string[]> => {
  const { body } = await api().get(`/api/v1/tasks/${task}`).expect(200);
  return body.lines.map(
    (one: Line) => `${one.unit.lot ?? one.unit.serial} ${one.from}>${one.to} ${one.quantity?.value}`,
  );
};
const off = { active: false };

beforeAll(async () => {
  for (const item of ['IN', 'PICK', 'BAD', 'TIMED', 'CNT'])
    await put(`items/${item}`, { name: item, tracking: 'lot', uom: 'kg' });
  await put('items/BAT', { name: 'Battery', tracking: 'serial', uom: 'pcs' });
  await put('places/S', { name: 'Site', kind: 'site' });
  for (const [code, kind] of [
    ['DOCK', 'dock'],
    ['STORE', 'zone'],
    ['FACE', 'bin'],
    ['QUAR', 'quarantine'],
    ['C', 'zone'],
  ] as const)
    await put(`places/${code}`, { name: code, kind, parent: 'S' });
  for (const bin of ['B1', 'B2'])
    await put(`places/${bin}`, { name: bin, kind: 'bin', parent: 'STORE', capacity: { units: 1 } });
  await put('places/C1', { name: 'C1', kind: 'bin', parent: 'C' });
});

describe('putaway', () => {
  it('sends what came in to where there is room, and two runs at once make one task', async () => {
    await put('task-rules/PUT', { kind: 'putaway', item: 'IN', from: 'DOCK', to: 'STORE', ...off });
    await record(stocked('IN', 'P1', 'DOCK'), stocked('IN', 'P2', 'DOCK'), stocked('IN', 'P3', 'DOCK'));
    expect((await run('PUT').expect(200)).body.tasks).toEqual([]);
    await put('task-rules/PUT', { kind: 'putaway', item: 'IN', from: 'DOCK', to: 'STORE', role: 'operator' });
    const runs = await Promise.all([1, 2, 3, 4].map(() => run('PUT').expect(200)));
    const made = runs.flatMap((one) => (one.body as { tasks: string[] }).tasks);
    // The worker runs rules too; whoever came first made it.
    const list = await api().get('/api/v1/tasks?kind=putaway').expect(200);
    expect(list.body.data).toHaveLength(1);
    expect(list.body.data[0]).toMatchObject({ title: 'Put away 2 units', rule: 'PUT', role: 'operator' });
    expect(made.length).toBeLessThanOrEqual(1);
    expect(await linesOf(list.body.data[0].task)).toEqual(['P1 DOCK>B1 5', 'P2 DOCK>B2 5']);
    // Taken back by somebody, it is not asked for again.
    await post(`tasks/${list.body.data[0].task}/cancel`, { reason: 'not now' }).expect(200);
    expect((await run('PUT').expect(200)).body.tasks).toEqual([]);
    await put('task-rules/PUT', { kind: 'putaway', item: 'IN', from: 'DOCK', to: 'STORE', ...off });
  });
});

describe('replenishment', () => {
  it('fetches what is missing, first to expire first, and no more while that is on its way', async () => {
    await record(
      stocked('PICK', 'R0', 'FACE', '1'),
      stocked('PICK', 'R1', 'C1', '6', { expires: '2031-01-01T00:00:00Z' }),
      stocked('PICK', 'R2', 'C1', '6', { expires: '2030-01-01T00:00:00Z' }),
    );
    await put('task-rules/FILL', {
      kind: 'replenish',
      item: 'PICK',
      from: 'S',
      to: 'FACE',
      min: kg('3'),
      max: kg('10'),
      priority: 1,
    });
    await run('FILL').expect(200);
    await run('FILL').expect(200);
    const { body } = await api().get('/api/v1/tasks?kind=replenish').expect(200);
    expect(body.data).toMatchObject([{ title: 'Refill FACE with PICK', priority: 1, to: 'FACE' }]);
    expect(await linesOf(body.data[0].task)).toEqual(['R2 C1>FACE 6', 'R1 C1>FACE 3']);
    for (const lot of ['R2', 'R1'])
      await post(`tasks/${body.data[0].task}/scan`, { scan: lot, place: 'C1' }).expect(200);
    expect((await run('FILL').expect(200)).body.tasks).toEqual([]);
    await record(
      event('scrap', {
        unit: { item: 'PICK', lot: 'R2' },
        quantity: kg('6'),
        place: 'FACE',
        reason: 'x',
        at: new Date().toISOString(),
      }),
      event('scrap', {
        unit: { item: 'PICK', lot: 'R1' },
        quantity: kg('3'),
        place: 'FACE',
        reason: 'x',
        at: new Date().toISOString(),
      }),
    );
    await run('FILL').expect(200);
    const again = await api().get('/api/v1/tasks?kind=replenish').expect(200);
    expect(again.body.data).toHaveLength(1);
    await put('task-rules/FILL', { kind: 'replenish', item: 'PICK', to: 'FACE', min: kg('3'), max: kg('10'), ...off });
  });
});

describe('the clock of the worker', () => {
  it('sweeps what is held into quarantine, once', async () => {
    await put('task-rules/SWEEP', { kind: 'sweep', item: 'BAD', to: 'QUAR' });
    await record(
      stocked('BAD', 'X1', 'B1'),
      event('hold', { units: [{ item: 'BAD', lot: 'X1' }], reason: 'bad', at: '2026-03-02T09:00:00Z' }),
    );
    const sweeps = async () =>
      (await api().get('/api/v1/tasks?kind=sweep').expect(200)).body.data as { task: string; createdBy: string }[];
    const made = await waitFor(async () => ((await sweeps()).length > 0 ? sweeps() : undefined), {
      what: 'the sweep',
      withinMs: 20_000,
    });
    expect(made).toMatchObject([{ createdBy: 'system:task-rules', title: 'Fetch 1 unit on hold to QUAR' }]);
    await run('SWEEP').expect(200);
    expect(await sweeps()).toHaveLength(1);
    const { body } = await post(`tasks/${made[0]!.task}/scan`, { scan: 'X1', place: 'B1' }).expect(200);
    expect(body).toMatchObject({ verdict: 'ok' });
    await post(`tasks/${made[0]!.task}/finish`, {}).expect(200);
    expect((await run('SWEEP').expect(200)).body.tasks).toEqual([]);
  });
});

describe('a rule', () => {
  it.each([
    [{ kind: 'replenish', to: 'FACE' }, 422, 'FIELD_REQUIRED'],
    [{ kind: 'replenish', to: 'FACE', item: 'PICK', min: kg('5'), max: kg('4') }, 422, 'FIELD_INVALID'],
    [{ kind: 'putaway', to: 'STORE' }, 422, 'FIELD_REQUIRED'],
    [{ kind: 'sweep', to: 'NOPE' }, 422, 'UNKNOWN_PLACE'],
    [{ kind: 'sweep', to: 'QUAR', item: 'NOPE' }, 422, 'UNKNOWN_ITEM'],
    [{ kind: 'magic', to: 'QUAR' }, 400, 'VALIDATION'],
  ])('is refused where it is wrong: %#', async (body, status, code) => {
    expect((await api().put('/api/v1/task-rules/WRONG').send(body).expect(status)).body.code).toBe(code);
  });

  it('is listed, changed with an audit line, and unknown where it is not there', async () => {
    const { body } = await api().get('/api/v1/task-rules').expect(200);
    expect(body.data.map((one: { rule: string }) => one.rule)).toEqual(['FILL', 'PUT', 'SWEEP']);
    const audit = await api().get('/api/v1/audit?subject=rule:FILL').expect(200);
    expect(audit.body.data.map((one: { action: string }) => one.action)).toEqual(['change-rule', 'create-rule']);
    await run('NOPE').expect(404);
  });
});

describe('a count', () => {
  let second = '';
  const count = (task: string, scan: string, more: object = {}, key?: string) =>
    post(`tasks/${task}/count`, { scan, place: 'C1', ...more }, key).expect(200);
  const stockOf = async (code: string): Promise<string[]> => {
    const { body } = await api().get(`/api/v1/locate?q=${code}`).expect(200);
    return body.data[0].where.map(
      (one: { state: string; place: string | null; quantity: { value: string } | null }) =>
        `${one.state} ${one.place} ${one.quantity?.value}`,
    );
  };

  beforeAll(async () => {
    const { body } = await api().post('/api/v1/api-keys').send({ name: 'second', role: 'operator' }).expect(201);
    second = body.key;
    await record(
      stocked('CNT', 'K1', 'C1', '100'),
      event('create', { unit: { item: 'BAT', serial: 'B1' }, place: 'C1' }),
      event('create', { unit: { item: 'BAT', serial: 'B2' }, place: 'C1' }),
      event('create', { unit: { item: 'BAT', serial: 'B3' }, place: 'FACE' }),
    );
  });

  it('that finds what the record says is done', async () => {
    const { body } = await post('tasks', { kind: 'count', place: 'C', item: 'CNT' }).expect(201);
    expect(body.title).toBe('Count CNT at C');
    expect((await count(body.task, 'K1')).body).toMatchObject({
      verdict: 'ask',
      message: 'How much of CNT K1 is at C1?',
    });
    expect((await count(body.task, 'K1', { quantity: '100' })).body).toMatchObject({ verdict: 'ok' });
    expect((await count(body.task, 'B1')).body).toMatchObject({ verdict: 'stop', code: 'UNIT_UNKNOWN' });
    expect((await count(body.task, 'K1', { place: 'FACE', quantity: '1' })).body).toMatchObject({
      verdict: 'stop',
      code: 'COUNT_NOT_HERE',
    });
    expect((await post(`tasks/${body.task}/count/close`, {}).expect(200)).body).toMatchObject({
      outcome: 'done',
      differences: [],
    });
    expect((await api().get(`/api/v1/tasks/${body.task}`).expect(200)).body.status).toBe('done');
  });

  it('that differs a little is confirmed with a reason, and becomes a fact', async () => {
    const { body } = await post('tasks', { kind: 'count', place: 'C', item: 'CNT' }).expect(201);
    await count(body.task, 'K1', { quantity: '90' });
    await count(body.task, 'K1', { quantity: '97' });
    const closed = await post(`tasks/${body.task}/count/close`, {}).expect(200);
    expect(closed.body).toMatchObject({
      outcome: 'confirm',
      differences: [{ unit: { lot: 'K1' }, place: 'C1', expected: kg('100'), counted: kg('97'), over: false }],
    });
    const confirm = { id: 'confirm-1', reason: 'spilled' };
    await post(`tasks/${body.task}/count/confirm`, confirm).expect(200);
    await post(`tasks/${body.task}/count/confirm`, confirm).expect(200);
    expect(await stockOf('K1')).toEqual(['in-stock C1 97']);
    const history = await api().get('/api/v1/units/CNT~lot~K1/history').expect(200);
    expect(history.body.data[0]).toMatchObject({
      type: 'count',
      actor: 'key:admin',
      body: { reason: 'spilled', refs: { task: body.task } },
    });
    expect((await api().get(`/api/v1/tasks/${body.task}`).expect(200)).body.lines).toMatchObject([
      { status: 'missing', quantity: kg('100'), done: kg('97') },
    ]);
  });

  it('that differs much is counted again, blind, by somebody else', async () => {
    const { body } = await post('tasks', { kind: 'count', place: 'C', item: 'BAT' }).expect(201);
    await count(body.task, 'B1');
    await count(body.task, 'B3');
    expect((await post(`tasks/${body.task}/count/confirm`, { reason: 'x' }).expect(409)).body.code).toBe('COUNT_AGAIN');
    expect((await post(`tasks/${body.task}/count/close`, {}).expect(200)).body).toMatchObject({
      outcome: 'again',
      round: 2,
      differences: [],
    });
    expect((await count(body.task, 'B1')).body).toMatchObject({ verdict: 'stop', code: 'COUNT_SAME_PERSON' });
    await count(body.task, 'B1', {}, second);
    await count(body.task, 'B3', {}, second);
    const closed = await post(`tasks/${body.task}/count/close`, {}, second).expect(200);
    expect(closed.body).toMatchObject({ outcome: 'confirm', round: 2 });
    expect(
      closed.body.differences.map(
        (one: { unit: { serial: string }; counted: { value: string } }) => `${one.unit.serial} ${one.counted.value}`,
      ),
    ).toEqual(['B2 0', 'B3 1']);
    await post(`tasks/${body.task}/count/confirm`, { reason: 'found elsewhere' }).expect(200);
    expect(await stockOf('B3')).toEqual(['in-stock C1 1']);
    expect((await stockOf('B2'))[0]).toContain('unknown');
  });

  it('of nothing says so', async () => {
    const { body } = await post('tasks', { kind: 'count', place: 'B2' }).expect(201);
    expect((await post(`tasks/${body.task}/count/close`, {}).expect(422)).body.code).toBe('COUNT_EMPTY');
    expect((await post(`tasks/${body.task}/count/close`, { nothing: true }).expect(200)).body.outcome).toBe('done');
  });
});
