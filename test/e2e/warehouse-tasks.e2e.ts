import { randomUUID } from 'node:crypto';
import { http, useApp } from '../support';

const app = useApp({ worker: false });
const api = () => http(app());
const put = (path: string, body: object) => api().put(`/api/v1/${path}`).send(body).expect(200);
const post = (path: string, body: object, key?: string) =>
  http(app(), key ?? app().apiKey)
    .post(`/api/v1/${path}`)
    .send({ id: randomUUID(), ...body });
const kg = (value: string) => ({ value, uom: 'kg' });
const event = (type: string, more: object) => ({ id: randomUUID(), type, at: '2026-03-02T08:00:00Z', ...more });
const record = (...events: object[]) => api().post('/api/v1/events').send(events).expect(200);
const lot = (code: string) => ({ item: 'RM', lot: code });
const stocked = (code: string, place: string, value = '5') =>
  event('create', { unit: lot(code), place, quantity: kg(value) });
interface Line {
  line: number;
  status: string;
  unit: { lot?: string; serial?: string };
  from: string;
  to: string;
}
const linesSaid = (task: { lines: Line[] }): string[] =>
  task.lines.map((line) => `${line.unit.lot ?? line.unit.serial} ${line.from}>${line.to} ${line.status}`);
const whereIs = async (code: string): Promise<string[]> => {
  const { body } = await api().get(`/api/v1/locate?q=${code}`).expect(200);
  return body.data[0].where
    .map((one: { place: string; quantity: { value: string } | null }) => `${one.place} ${one.quantity?.value}`)
    .sort();
};
const events = async (type: string): Promise<{ n: number }[]> =>
  app().database.database.query('SELECT count(*)::int AS n FROM event WHERE type = $1', [type]);

beforeAll(async () => {
  await put('items/RM', { name: 'Resin', tracking: 'lot', uom: 'kg', category: 'chemistry' });
  await put('items/BAT', { name: 'Battery', tracking: 'serial', uom: 'pcs' });
  await put('places/S', { name: 'Site', kind: 'site' });
  for (const bin of ['A1', 'A2', 'A10', 'DOCK', 'QUAR', 'B1'])
    await put(`places/${bin}`, { name: bin, kind: 'bin', parent: 'S' });
  await put('places/TINY', { name: 'Tiny', kind: 'bin', parent: 'S', capacity: { units: 1, full: 'refuse' } });
  await put('places/SNUG', { name: 'Snug', kind: 'bin', parent: 'S', capacity: { categories: ['food'] } });
});

describe('a task made by hand', () => {
  it('lists what to fetch in the order of walking, and is done by scans, each move a fact', async () => {
    await record(stocked('L1', 'A10'), stocked('L2', 'A2'), stocked('L3', 'A1', '8'));
    const made = await post('tasks', {
      kind: 'move',
      to: 'B1',
      ref: 'WO-7',
      priority: 1,
      units: [{ unit: lot('L1') }, { unit: lot('L2') }, { unit: lot('L3'), quantity: kg('3') }],
    }).expect(201);
    const task = made.body;
    expect(task).toMatchObject({
      status: 'open',
      title: 'Move 3 units to B1 (WO-7)',
      progress: { expected: 3, open: 3 },
    });
    expect(linesSaid(task)).toEqual(['L3 A1>B1 open', 'L2 A2>B1 open', 'L1 A10>B1 open']);

    const scan = (scanned: string, place?: string, more: object = {}) =>
      post(`tasks/${task.task}/scan`, { scan: scanned, ...(place && { place }), ...more }).expect(200);
    expect((await scan('QUAR')).body).toMatchObject({
      verdict: 'stop',
      code: 'TASK_WRONG_PLACE',
      next: expect.stringContaining('L3'),
    });
    expect((await scan('a1')).body).toMatchObject({ verdict: 'ok', place: 'A1', next: 'Scan RM L3.' });
    expect((await scan('L2', 'A1')).body).toMatchObject({ verdict: 'stop', code: 'TASK_SCAN_PLACE' });
    await record(stocked('L9', 'A1'));
    expect((await scan('L9', 'A1')).body).toMatchObject({ verdict: 'stop', code: 'TASK_WRONG_UNIT' });
    expect((await scan('NOTHING', 'A1')).body).toMatchObject({ verdict: 'stop', code: 'UNIT_UNKNOWN' });
    const [moves] = await events('move');
    expect(moves!.n).toBe(0);

    const part = await scan('L3', 'A1', { quantity: '1' });
    expect(part.body).toMatchObject({ verdict: 'ok', done: false, unit: lot('L3'), next: 'Next: RM L3 at A1, to B1.' });
    expect(await whereIs('L3')).toEqual(['A1 7', 'B1 1']);
    expect((await scan('L3', 'A1')).body).toMatchObject({ verdict: 'ok', next: 'Next: RM L2 at A2, to B1.' });
    expect(await whereIs('L3')).toEqual(['A1 5', 'B1 3']);
    expect((await scan('L3', 'A1')).body).toMatchObject({ verdict: 'stop', code: 'TASK_LINE_DONE' });
    await scan('L2', 'A2');
    expect((await scan('L1', 'A10')).body).toMatchObject({ verdict: 'ok', done: true });
    const done = await api().get(`/api/v1/tasks/${task.task}`).expect(200);
    expect(done.body).toMatchObject({
      status: 'done',
      assignee: 'admin',
      finishedBy: 'key:admin',
      progress: { done: 3, open: 0 },
    });
    expect((await scan('L1', 'A10')).body).toMatchObject({ verdict: 'stop', code: 'TASK_STATE' });
    const history = await api().get('/api/v1/units/RM~lot~L1/history').expect(200);
    expect(history.body.data[0]).toMatchObject({ type: 'move', body: { refs: { task: task.task } } });
  });

  it('is made once for one id, and a scan is done once for one id', async () => {
    await record(stocked('ONCE', 'A1'));
    const body = { id: 'make-once', kind: 'move', to: 'B1', units: [{ unit: lot('ONCE') }] };
    const answers = await Promise.all([1, 2, 3].map(() => post('tasks', body).expect(201)));
    expect(new Set(answers.map((one) => (one.body as { task: string }).task)).size).toBe(1);
    expect((await post('tasks', { ...body, to: 'A2' }).expect(409)).body.code).toBe('COMMAND_ID_REUSED');
    const { task } = answers[0]!.body as { task: string };
    const scan = { id: 'scan-once', scan: 'ONCE' };
    const scans = await Promise.all([1, 2].map(() => post(`tasks/${task}/scan`, scan).expect(200)));
    expect(scans.map((one) => (one.body as { verdict: string }).verdict)).toEqual(['ok', 'ok']);
    expect(await whereIs('ONCE')).toEqual(['B1 5']);
  });

  it('gives one line to one of two people who take it at once', async () => {
    await record(event('create', { unit: { item: 'BAT', serial: 'RACE' }, place: 'A1' }));
    const { body: key } = await api().post('/api/v1/api-keys').send({ name: 'second', role: 'operator' }).expect(201);
    const { body: task } = await post('tasks', {
      kind: 'move',
      to: 'B1',
      units: [{ unit: { item: 'BAT', serial: 'RACE' } }],
    }).expect(201);
    const [before] = await events('move');
    const answers = await Promise.all(
      [undefined, (key as { key: string }).key].map((one) =>
        post(`tasks/${task.task}/scan`, { scan: 'RACE' }, one).expect(200),
      ),
    );
    expect(answers.map((one) => (one.body as { verdict: string }).verdict).sort()).toEqual(['ok', 'stop']);
    const [after] = await events('move');
    expect(after!.n - before!.n).toBe(1);
  });

  it('belongs to whoever has it', async () => {
    await record(stocked('MINE', 'A1'));
    const { body } = await post('tasks', {
      kind: 'move',
      to: 'B1',
      assignee: 'anna',
      units: [{ unit: lot('MINE') }],
    }).expect(201);
    expect(body.status).toBe('assigned');
    expect((await post(`tasks/${body.task}/start`, {}).expect(409)).body.code).toBe('TASK_TAKEN');
    expect((await post(`tasks/${body.task}/scan`, { scan: 'MINE' }).expect(200)).body).toMatchObject({
      verdict: 'stop',
      code: 'TASK_TAKEN',
    });
    await post(`tasks/${body.task}/assign`, { assignee: null }).expect(200);
    expect((await post(`tasks/${body.task}/start`, {}).expect(200)).body).toMatchObject({
      status: 'in-progress',
      assignee: 'admin',
    });
    expect((await post(`tasks/${body.task}/finish`, {}).expect(409)).body.code).toBe('TASK_LINES_OPEN');
    const ended = await post(`tasks/${body.task}/finish`, { reason: 'no forklift' }).expect(200);
    expect(ended.body).toMatchObject({ status: 'done', reason: 'no forklift', progress: { missing: 1 } });
    expect((await post(`tasks/${body.task}/cancel`, { reason: 'x' }).expect(409)).body.code).toBe('TASK_STATE');
  });

  it('takes free stock first to expire first where only the item is named', async () => {
    await put('items/FE', { name: 'Fefo', tracking: 'lot', uom: 'kg' });
    const made = (code: string, expires: string) =>
      event('create', { unit: { item: 'FE', lot: code }, place: 'A1', quantity: kg('4'), expires });
    await record(made('LATE', '2031-01-01T00:00:00Z'), made('SOON', '2030-01-01T00:00:00Z'));
    const ask = (value: string) =>
      post('tasks', { kind: 'pick', to: 'DOCK', units: [{ item: 'FE', quantity: kg(value) }] });
    const { body } = await ask('6').expect(201);
    expect(
      body.lines.map((line: { unit: { lot: string }; quantity: { value: string } }) => [
        line.unit.lot,
        line.quantity.value,
      ]),
    ).toEqual([
      ['SOON', '4'],
      ['LATE', '2'],
    ]);
    expect((await ask('9').expect(409)).body).toMatchObject({ code: 'STOCK_SHORT', available: '8', wanted: '9' });
  });

  it.each([
    [{ kind: 'move', to: 'B1' }, 422, 'TASK_EMPTY'],
    [{ kind: 'move', units: [{ unit: { item: 'RM', lot: 'L1' } }] }, 422, 'TASK_EMPTY'],
    [{ kind: 'move', to: 'NOPE', units: [] }, 422, 'UNKNOWN_PLACE'],
    [{ kind: 'move', to: 'B1', units: [{ unit: { item: 'RM', lot: 'NOPE' } }] }, 422, 'UNIT_UNKNOWN'],
    [{ kind: 'count' }, 422, 'TASK_EMPTY'],
    [{ kind: 'dance' }, 400, 'VALIDATION'],
  ])('is refused where it says nothing to do: %#', async (body, status, code) => {
    expect((await post('tasks', body).expect(status)).body.code).toBe(code);
  });
});

describe('a place', () => {
  it('that is full refuses, one that wants other goods warns', async () => {
    await record(stocked('FILL', 'TINY'), stocked('MORE', 'A1'));
    const { body } = await post('tasks', { kind: 'move', to: 'TINY', units: [{ unit: lot('MORE') }] }).expect(201);
    const scan = (more: object) => post(`tasks/${body.task}/scan`, { scan: 'MORE', ...more }).expect(200);
    expect((await scan({})).body).toMatchObject({ verdict: 'stop', code: 'PLACE_FULL' });
    expect(await whereIs('MORE')).toEqual(['A1 5']);
    expect((await scan({ to: 'SNUG' })).body).toMatchObject({ verdict: 'warn', code: 'PLACE_CATEGORY', done: true });
    expect(await whereIs('MORE')).toEqual(['SNUG 5']);
  });
});

describe('an instruction on what is moved', () => {
  it('is acknowledged before it is', async () => {
    await record(stocked('CARE', 'A1'));
    await put('instructions/CARE', {
      title: 'Gloves on',
      severity: 'must',
      acknowledge: true,
      about: { unit: lot('CARE') },
    });
    const { body } = await post('tasks', { kind: 'move', to: 'B1', units: [{ unit: lot('CARE') }] }).expect(201);
    const asked = await post(`tasks/${body.task}/scan`, { scan: 'CARE' }).expect(200);
    expect(asked.body).toMatchObject({
      verdict: 'ask',
      code: 'INSTRUCTION_UNACKNOWLEDGED',
      instructions: [{ title: 'Gloves on' }],
    });
    const acknowledged = [asked.body.instructions[0].id];
    expect((await post(`tasks/${body.task}/scan`, { scan: 'CARE', acknowledged }).expect(200)).body.verdict).toBe('ok');
    const lines = await api().get('/api/v1/instructions/CARE/acknowledgements').expect(200);
    expect(lines.body.data).toMatchObject([{ by: 'key:admin', command: expect.stringMatching(/^task-scan:/) }]);
  });
});

describe('a sweep', () => {
  it('fetches what is held, warns of what is held besides, and says what is missing', async () => {
    await record(
      ...['H1', 'H2', 'H3'].map((code) => stocked(code, 'A1')),
      stocked('FREE', 'A1'),
      event('hold', { units: [lot('H1'), lot('H2')], reason: 'damp', ref: 'NCR-9' }),
      event('hold', { units: [lot('H3')], reason: 'other', ref: 'NCR-10' }),
    );
    const { body } = await post('tasks', { kind: 'sweep', ref: 'NCR-9', to: 'QUAR' }).expect(201);
    expect(linesSaid(body)).toEqual(['H1 A1>QUAR open', 'H2 A1>QUAR open']);
    const scan = async (code: string) =>
      (await post(`tasks/${body.task}/scan`, { scan: code, place: 'A1' }).expect(200)).body;
    expect(await scan('H1')).toMatchObject({ verdict: 'ok' });
    expect(await scan('H3')).toMatchObject({ verdict: 'warn', message: expect.stringContaining('not expected') });
    expect(await scan('FREE')).toMatchObject({ verdict: 'stop', code: 'TASK_NOT_HELD' });
    expect(await whereIs('H3')).toEqual(['QUAR 5']);
    const ended = await post(`tasks/${body.task}/finish`, { reason: 'not found' }).expect(200);
    expect(ended.body.progress).toEqual({ expected: 2, done: 1, unexpected: 1, missing: 1, open: 0 });
    expect(linesSaid(ended.body)).toContain('H2 A1>QUAR missing');
  });
});

describe('a move without a task', () => {
  const move = (body: object) => post('moves', body).expect(200);

  it('is one scan and a place, judged like any other', async () => {
    await record(stocked('GO', 'A1', '9'));
    expect((await move({ scan: 'GO', to: 'B1', quantity: '4' })).body).toMatchObject({
      verdict: 'ok',
      message: 'RM GO to B1',
      unit: lot('GO'),
    });
    expect(await whereIs('GO')).toEqual(['A1 5', 'B1 4']);
    expect((await move({ scan: 'GO', to: 'A2' })).body).toMatchObject({ verdict: 'stop', code: 'MOVE_FROM' });
    expect((await move({ scan: 'GO', from: 'A1', to: 'A2', quantity: '99' })).body).toMatchObject({
      verdict: 'stop',
      code: 'STOCK_SHORT',
    });
    expect((await move({ scan: 'GO', from: 'A1', to: 'NOPE' })).body).toMatchObject({
      verdict: 'stop',
      code: 'UNKNOWN_PLACE',
    });
    expect((await move({ scan: 'GO', from: 'A1', to: 'SNUG' })).body).toMatchObject({
      verdict: 'warn',
      code: 'PLACE_CATEGORY',
    });
    const once = { id: 'move-once', scan: 'GO', from: 'B1', to: 'A1', quantity: '4' };
    await Promise.all([move(once), move(once)]);
    expect(await whereIs('GO')).toEqual(['A1 4', 'SNUG 5']);
  });

  it('takes a container along with all that is in it', async () => {
    await record(
      ...['X1', 'X2'].map((serial) => event('create', { unit: { item: 'BAT', serial }, place: 'A1' })),
      event('pack', {
        container: '340123450000000017',
        units: ['X1', 'X2'].map((serial) => ({ item: 'BAT', serial })),
        place: 'A1',
        at: '2026-03-02T09:00:00Z',
      }),
    );
    const content = async () => (await api().get('/api/v1/containers/340123450000000017').expect(200)).body;
    expect(await content()).toMatchObject({
      place: 'A1',
      units: 2,
      data: [{ unit: { serial: 'X1' } }, { unit: { serial: 'X2' } }],
    });
    expect((await move({ scan: '(00)340123450000000017', to: 'B1' })).body).toMatchObject({
      verdict: 'ok',
      message: expect.stringContaining('2 units'),
    });
    expect(await content()).toMatchObject({ place: 'B1', units: 2 });
    await api().get('/api/v1/containers/NOPE').expect(404);
  });

  it('corrects stock by more or less, with the reason', async () => {
    await record(stocked('ADJ', 'A1', '9'));
    const body = { id: 'adjust-1', unit: lot('ADJ'), place: 'A1', quantity: kg('-1.5'), reason: 'spilled' };
    await post('adjustments', body).expect(200);
    await post('adjustments', body).expect(200);
    expect(await whereIs('ADJ')).toEqual(['A1 7.5']);
    await post('adjustments', { unit: lot('NOPE'), quantity: kg('1'), reason: 'x' }).expect(422);
  });
});

describe('the list of tasks', () => {
  it('is of what is open, the most urgent first, and can be narrowed', async () => {
    await record(stocked('LIST', 'A1'));
    const units = [{ unit: lot('LIST') }];
    const make = async (more: object): Promise<string> =>
      (await post('tasks', { kind: 'move', to: 'B1', ref: 'LISTED', units, ...more }).expect(201)).body.task;
    const [low, late, soon] = [
      await make({ priority: 3 }),
      await make({ due: '2026-06-02' }),
      await make({ due: '2026-06-01', role: 'operator' }),
    ];
    const list = async (query: string): Promise<string[]> =>
      (await api().get(`/api/v1/tasks?${query}`).expect(200)).body.data.map((one: { task: string }) => one.task);
    expect(await list('ref=LISTED')).toEqual([soon, late, low]);
    const page = await api().get('/api/v1/tasks?ref=LISTED&limit=2').expect(200);
    expect(await list(`ref=LISTED&limit=2&cursor=${page.body.nextCursor}`)).toEqual([low]);
    expect(await list('ref=LISTED&mine=true')).toEqual([late, low]);
    expect(await list('ref=LISTED&place=QUAR')).toEqual([]);
    expect(await list(`q=${low}`)).toEqual([low]);
    await post(`tasks/${late}/cancel`, { reason: 'changed' }).expect(200);
    expect(await list('ref=LISTED')).toEqual([soon, low]);
    expect(await list('ref=LISTED&status=cancelled')).toEqual([late]);
    await api().get('/api/v1/tasks/T-99999').expect(404);
  });
});
