import { http, useApp } from '../support';
import { fresh, kg, trade, tradePlant } from './trade-plant';

const app = useApp({ worker: false });
const { post, get, receive, unit } = trade(app);

const plan = (body: object) => http(app()).put('/api/v1/items/PAINT/inspection-plans').send(body).expect(200);
const VISCOSITY = { name: 'viscosity', low: '80', high: '120', uom: 'mPas' };
const BOTH = { characteristics: [VISCOSITY, { name: 'colour' }] };
const viscosity = (measured: string) => ({ characteristic: 'viscosity', measured });
const colour = (result: 'pass' | 'fail') => ({ characteristic: 'colour', result });
const GOOD = [viscosity('95.5'), colour('pass')];

const take = async (lot: string, more: object = {}, at?: string): Promise<string> => {
  const lines = [{ item: 'PAINT', lot, quantity: kg('10'), ...more }];
  const { body } = await receive({ reason: 'sample', supplier: 'ACME', ...(at && { at }), lines }).expect(201);
  return body.receipt as string;
};
const inspect = (lot: string, more: object) =>
  post('inspections', { id: fresh(), unit: { item: 'PAINT', lot }, ...more });
const holds = async (lot: string): Promise<string[]> =>
  ((await unit(`PAINT~lot~${lot}`))['holds'] as { reason: string }[]).map((hold) => hold.reason);
const waiting = async (): Promise<string[]> =>
  (await get('inspections').expect(200)).body.data.map(
    (one: { unit: { lot?: string; serial?: string } }) => one.unit.lot ?? one.unit.serial,
  );

beforeAll(() => tradePlant(app()));
beforeEach(() => plan(BOTH));

describe('a pending inspection', () => {
  it('waits in the list, the oldest first, with what is to be looked at; passed, the goods are free', async () => {
    const receipt = await take('P-2', {}, '2026-03-03T08:00:00Z');
    await take('P-1', {}, '2026-03-02T08:00:00Z');
    expect(await waiting()).toEqual(['P-1', 'P-2']);
    const { body: asked } = await post('inspections/check', { unit: { scan: 'P-2' } }).expect(200);
    expect(asked).toMatchObject({
      verdict: 'ok',
      pending: [{ receipt, place: 'LYON.IN', missing: [VISCOSITY, { name: 'colour' }], skippable: false, line: 1 }],
    });
    const body = { id: fresh(), unit: { item: 'PAINT', lot: 'P-2' }, inspection: GOOD };
    const { body: passed } = await post('inspections', body).expect(201);
    expect(passed).toMatchObject({ verdict: 'ok', decision: 'accept', receipt, units: 1, missing: [], holds: [] });
    expect(await holds('P-2')).toEqual([]);
    expect(await waiting()).toEqual(['P-1']);
    const { body: view } = await get(`receipts/${receipt}`).expect(200);
    expect(view).toMatchObject({ held: 0 });
    expect(view.lines[0]).toMatchObject({
      decision: 'accept',
      pending: [],
      inspections: [
        { characteristic: 'viscosity', passed: true, measured: '95.5', low: '80', high: '120' },
        { passed: true },
      ],
    });

    expect((await post('inspections', body).expect(201)).body).toEqual(passed);
    const other = await post('inspections', { ...body, inspection: [viscosity('96')] }).expect(409);
    expect(other.body.code).toBe('COMMAND_ID_REUSED');
    expect((await inspect('P-2', { inspection: GOOD }).expect(409)).body.code).toBe('INSPECTION_NOT_PENDING');
    await inspect('P-1', { inspection: GOOD }).expect(201);
  });

  it('goes on waiting for what is still missing, and forgets nothing that failed meanwhile', async () => {
    await take('P-3');
    expect((await inspect('P-3', {}).expect(422)).body.code).toBe('INSPECTION_INCOMPLETE');
    const { body: part } = await inspect('P-3', { inspection: [viscosity('100')] }).expect(201);
    expect(part).toMatchObject({
      verdict: 'warn',
      missing: ['colour'],
      holds: ['inspection pending: viscosity, colour'],
    });
    const { body: asked } = await post('inspections/check', { unit: { item: 'PAINT', lot: 'P-3' } }).expect(200);
    expect(asked.pending[0].missing).toMatchObject([{ name: 'colour' }]);
    await post('events', [
      {
        type: 'inspect',
        id: fresh(),
        at: new Date().toISOString(),
        unit: { item: 'PAINT', lot: 'P-3' },
        characteristic: 'viscosity',
        result: 'fail',
      },
    ]).expect(200);
    const { body: still } = await inspect('P-3', { inspection: [colour('pass')] }).expect(201);
    expect(still.missing).toEqual(['viscosity']);
    expect(await holds('P-3')).toEqual(['inspection pending: viscosity, colour']);
    await inspect('P-3', { inspection: [viscosity('101')] }).expect(201);
    expect(await holds('P-3')).toEqual([]);
  });

  it('takes off its own hold alone', async () => {
    await take('P-4', { decision: 'hold', reason: 'crate wet' });
    expect(await holds('P-4')).toEqual(['crate wet', 'inspection pending: viscosity, colour']);
    const { body } = await inspect('P-4', { inspection: GOOD }).expect(201);
    expect(body).toMatchObject({ verdict: 'warn', decision: 'accept', holds: ['crate wet'] });
    expect(await holds('P-4')).toEqual(['crate wet']);
  });

  it('failed, leaves the goods on hold at every time, for what failed', async () => {
    const receipt = await take('P-5', {}, '2026-03-01');
    const { body } = await inspect('P-5', { inspection: [viscosity('130')], at: '2026-03-04' }).expect(201);
    expect(body).toMatchObject({
      verdict: 'warn',
      decision: 'hold',
      missing: [],
      holds: ['inspection failed: viscosity'],
    });
    expect(await waiting()).not.toContain('P-5');
    expect((await get(`receipts/${receipt}`).expect(200)).body.lines[0]).toMatchObject({
      decision: 'hold',
      reason: 'inspection failed: viscosity',
    });
    const [times] = await app().database.database.query<{ held: number; released: number }>(
      `SELECT max(h.at_ms) AS held, max(x.at_ms) AS released FROM hold h LEFT JOIN hold_release x USING (hold_id)
         JOIN unit u USING (unit_id) WHERE u.code = 'P-5'`,
    );
    expect(times!.held).toBeLessThanOrEqual(times!.released);
    expect((await inspect('P-5', { inspection: GOOD }).expect(409)).body.code).toBe('INSPECTION_NOT_PENDING');
    const against = await take('P-6').then(() =>
      inspect('P-6', { inspection: [{ ...viscosity('130'), result: 'pass' }, colour('pass')] }).expect(422),
    );
    expect(against.body.code).toBe('FIELD_INVALID');
    expect(await holds('P-6')).toEqual(['inspection pending: viscosity, colour']);
  });

  it('rejected, is proposed to go back to who sent it', async () => {
    await take('P-7');
    const { body } = await inspect('P-7', { inspection: [colour('fail')], decision: 'reject', reason: 'green' }).expect(
      201,
    );
    expect(body).toMatchObject({ decision: 'reject', holds: ['rejected at receipt: green'] });
    const { body: list } = await get('dispositions').expect(200);
    expect(list.data[0]).toMatchObject({ kind: 'return-to-supplier', state: 'proposed', supplier: 'ACME' });
  });

  it('is skipped where the plan says so, with a reason, and nowhere else', async () => {
    await take('P-8');
    const refused = await inspect('P-8', { inspection: [viscosity('100')], skipInspection: 'in a hurry' }).expect(422);
    expect(refused.body.code).toBe('INSPECTION_INCOMPLETE');
    // A plan that asks for less frees nothing that came before.
    await plan({ characteristics: [] });
    expect((await inspect('P-8', { skipInspection: 'no plan' }).expect(422)).body.code).toBe('INSPECTION_INCOMPLETE');
    await plan({ ...BOTH, skippable: true });
    const { body } = await inspect('P-8', { skipInspection: 'known supplier' }).expect(201);
    expect(body).toMatchObject({ decision: 'accept', holds: [] });
  });

  it('is of its receipt, where a lot came twice', async () => {
    const [first, second] = [await take('P-9'), await take('P-9')];
    expect((await inspect('P-9', { inspection: GOOD }).expect(409)).body.code).toBe('INSPECTION_AMBIGUOUS');
    const { body } = await inspect('P-9', { inspection: GOOD, receipt: second }).expect(201);
    expect(body).toMatchObject({ verdict: 'warn', holds: ['inspection pending: viscosity, colour'] });
    expect((await unit('PAINT~lot~P-9'))['holds']).toMatchObject([{ ref: first }]);
    await inspect('P-9', { inspection: GOOD }).expect(201);
    expect(await holds('P-9')).toEqual([]);
  });

  it('is over where its hold was taken off by hand', async () => {
    await take('P-10');
    const [hold] = (await unit('PAINT~lot~P-10'))['holds'] as { id: string }[];
    await post('holds/release', { id: fresh(), holds: [hold!.id], reason: 'seen at the supplier' }).expect(200);
    expect(await waiting()).not.toContain('P-10');
    expect((await inspect('P-10', { inspection: GOOD }).expect(409)).body.code).toBe('INSPECTION_NOT_PENDING');
  });

  it('is brought once by two who inspect at one moment', async () => {
    await take('P-11');
    const both = await Promise.all([
      inspect('P-11', { inspection: GOOD }),
      inspect('P-11', { inspection: [viscosity('130')] }),
    ]);
    expect(both.map((one) => one.status).sort()).toEqual([201, 409]);
  });

  it('goes with its receipt, where that is taken back', async () => {
    const receipt = await take('P-12');
    await inspect('P-12', { inspection: [viscosity('130')] }).expect(201);
    await post(`receipts/${receipt}/void`, { id: fresh(), reason: 'wrong truck' }).expect(200);
    expect(await holds('P-12')).toEqual([]);
    const back = await take('P-13');
    await post(`receipts/${back}/void`, { id: fresh(), reason: 'wrong truck' }).expect(200);
    expect(await waiting()).not.toContain('P-13');
  });
});

it('the results of a sample count for all serials of the line where that is said', async () => {
  await http(app())
    .put('/api/v1/items/BAT/inspection-plans')
    .send({ characteristics: [{ name: 'seal' }] })
    .expect(200);
  const serials = ['B1', 'B2', 'B3'];
  await receive({
    reason: 'sample',
    supplier: 'VOLT',
    lines: [
      { item: 'BAT', serials },
      { item: 'BAT', serials: ['B4'] },
    ],
  }).expect(201);
  const body = { inspection: [{ characteristic: 'seal', result: 'pass' }] };
  await post('inspections', { id: fresh(), unit: { item: 'BAT', serial: 'B2' }, ...body }).expect(201);
  expect((await post('inspections/check', { unit: { scan: 'B1' } }).expect(200)).body.pending).toMatchObject([
    { line: 2 },
  ]);
  const { body: rest } = await post('inspections', { id: fresh(), unit: { scan: 'B1' }, line: true, ...body }).expect(
    201,
  );
  expect(rest).toMatchObject({ units: 2, decision: 'accept', holds: [] });
  expect((await waiting()).filter((code) => code.startsWith('B'))).toEqual(['B4']);
});

it('those who work may inspect, those who look may not; what must be acknowledged is', async () => {
  await take('P-20');
  const as = async (role: string) => {
    const { body } = await post('api-keys', { name: role, role });
    const { key } = body as { key: string };
    return (more: object) =>
      http(app(), key)
        .post('/api/v1/inspections')
        .send({ id: fresh(), unit: { item: 'PAINT', lot: 'P-20' }, inspection: GOOD, ...more });
  };
  await (await as('viewer'))({}).expect(403);
  await http(app())
    .put('/api/v1/instructions/GLOVES')
    .send({ title: 'Wear gloves', about: { item: 'PAINT' }, severity: 'must', acknowledge: true })
    .expect(200);
  const operator = await as('operator');
  expect((await operator({}).expect(409)).body.code).toBe('INSTRUCTION_UNACKNOWLEDGED');
  expect(await holds('P-20')).not.toEqual([]);
  const { body: shown } = await post('inspections/check', { unit: { scan: 'P-20' } }).expect(200);
  await operator({ acknowledged: [shown.instructions[0].id] }).expect(201);
  expect(await holds('P-20')).toEqual([]);
});
