/** Ways by which goods got out, or into the record twice, though every single step looked right. */
import { http, useApp } from '../support';
import { fresh, kg, pcs, trade, tradePlant } from './trade-plant';

const app = useApp({ worker: false, env: { SSCC_PREFIX: '00950600' } });
const { post, order, unit, stock, events } = trade(app);

beforeAll(() => tradePlant(app()));

const now = () => new Date().toISOString();
const bike = (serial: string) => ({ item: 'BIKE', serial });
const bat = (serial: string) => ({ item: 'BAT', serial });
const resin = (lot: string) => ({ item: 'RESIN', lot });
const ship = (body: object) => post('shipments', { id: fresh(), ...body });
const hold = (named: object) =>
  events([{ type: 'hold', id: fresh(), at: now(), units: [named], reason: 'cell recall', ref: 'R-1' }]);
const places = async (lot: string) =>
  ((await unit(`RESIN~lot~${lot}`)).holdings as { place: string | null; state: string; quantity: { value: string } }[])
    .map((h) => `${h.state} ${h.place ?? ''} ${h.quantity.value}`)
    .sort();

describe('a held part in a finished unit', () => {
  it('keeps it here: by itself, in a container, and in the unit that it is built into', async () => {
    for (const serial of ['K1', 'K2']) await stock('BIKE', 'serial', serial);
    await stock('BAT', 'serial', 'B1');
    await events([{ type: 'install', id: fresh(), at: now(), parent: bike('K1'), unit: bat('B1') }]);
    await post('packs', { id: fresh(), container: 'BOX-1', units: [{ unit: bike('K1') }] }).expect(201);
    await hold(bat('B1'));
    const boxed = await ship({ customer: 'RAD', containers: ['BOX-1'] }).expect(409);
    expect(boxed.body).toMatchObject({ code: 'UNIT_ON_HOLD' });
    expect(boxed.body.detail).toContain('BAT B1 (in BIKE K1) is on hold: cell recall');
    await events([{ type: 'unpack', id: fresh(), at: now(), container: 'BOX-1', units: [{ unit: bike('K1') }] }]);
    const loose = await ship({ customer: 'RAD', units: [{ unit: bike('K1') }] }).expect(409);
    expect(loose.body.code).toBe('UNIT_ON_HOLD');
    await order('sales', 'SO-K', 'RAD', [{ item: 'BIKE', quantity: pcs('1'), serial: 'K1' }]);
    const { body: pick } = await post('picks', { id: fresh(), salesOrder: 'SO-K' }).expect(201);
    const scan = await post(`picks/${pick.pick}/scan`, { id: fresh(), unit: bike('K1') }).expect(409);
    expect(scan.body.code).toBe('UNIT_ON_HOLD');
    // Out of it, the bike is free.
    await events([{ type: 'remove', id: fresh(), at: now(), place: 'LYON.A1', parent: bike('K1'), unit: bat('B1') }]);
    await post(`picks/${pick.pick}/scan`, { id: fresh(), unit: bike('K1') }).expect(200);
    await ship({ salesOrder: 'SO-K', picks: [pick.pick] }).expect(201);
  });
});

describe('a lot in several places', () => {
  it('is shipped and packed from where it was picked, and is no more than it was', async () => {
    for (const place of ['LYON.A1', 'LYON.A2']) await stock('RESIN', 'lot', 'TWO', { place, quantity: kg('10') });
    await order('sales', 'SO-T', 'RAD', [{ item: 'RESIN', quantity: kg('5') }]);
    const { body: pick } = await post('picks', { id: fresh(), salesOrder: 'SO-T', from: 'LYON.A2' }).expect(201);
    await post(`picks/${pick.pick}/scan`, { id: fresh(), unit: resin('TWO') }).expect(200);
    await ship({ salesOrder: 'SO-T', picks: [pick.pick] }).expect(201);
    expect(await places('TWO')).toEqual(['in-stock LYON.A1 10', 'in-stock LYON.A2 5', 'shipped  5']);

    const where = await ship({ customer: 'RAD', units: [{ unit: resin('TWO'), quantity: kg('3') }] }).expect(422);
    expect(where.body.code).toBe('PLACE_REQUIRED');
    await ship({
      customer: 'RAD',
      units: [{ unit: resin('TWO'), quantity: kg('3'), place: 'LYON.A1' }],
    }).expect(201);
    await ship({ customer: 'RAD', units: [{ unit: resin('TWO') }] }).expect(201);
    expect(await places('TWO')).toEqual(['shipped  20']);
  });

  it('is packed from where it was picked', async () => {
    for (const place of ['LYON.A1', 'LYON.A2']) await stock('RESIN', 'lot', 'BOX', { place, quantity: kg('10') });
    await order('sales', 'SO-B', 'RAD', [{ item: 'RESIN', quantity: kg('4') }]);
    const { body: pick } = await post('picks', { id: fresh(), salesOrder: 'SO-B', from: 'LYON.A2' }).expect(201);
    await post(`picks/${pick.pick}/scan`, { id: fresh(), unit: resin('BOX') }).expect(200);
    await post('packs', { id: fresh(), container: 'BOX-2', pick: pick.pick }).expect(201);
    const { body: packed } = await http(app()).get(`/api/v1/picks/${pick.pick}`).expect(200);
    expect(packed.pickLines).toMatchObject([{ unit: resin('BOX'), container: 'BOX-2' }]);
    await ship({ salesOrder: 'SO-B', containers: ['BOX-2'] }).expect(201);
    expect(await places('BOX')).toEqual(['in-stock LYON.A1 10', 'in-stock LYON.A2 6', 'shipped  4']);
  });
});

describe('what was picked', () => {
  it('goes to the order that it was picked for', async () => {
    await stock('BIKE', 'serial', 'P1');
    await order('sales', 'SO-P', 'RAD', [{ item: 'BIKE', quantity: pcs('1'), serial: 'P1' }]);
    await order('sales', 'SO-Q', 'VELO', [{ item: 'BIKE', quantity: pcs('1') }]);
    const { body: pick } = await post('picks', { id: fresh(), salesOrder: 'SO-P' }).expect(201);
    await post(`picks/${pick.pick}/scan`, { id: fresh(), unit: bike('P1') }).expect(200);
    for (const wrong of [{ salesOrder: 'SO-Q' }, { customer: 'VELO' }]) {
      const { body } = await ship({ ...wrong, picks: [pick.pick] }).expect(409);
      expect(body.code).toBe('PICK_OTHER_ORDER');
    }
    await ship({ salesOrder: 'SO-P', picks: [pick.pick] }).expect(201);
  });
});

describe('a return', () => {
  const back = (named: object, more: object = {}) =>
    post('returns', { id: fresh(), place: 'LYON.IN', units: [{ unit: named, ...more }] });

  it('of more than the customer has, or a second time, needs a reason', async () => {
    await stock('RESIN', 'lot', 'BACK', { quantity: kg('10') });
    await ship({ customer: 'RAD', units: [{ unit: resin('BACK'), quantity: kg('4') }] }).expect(201);
    const much = await back(resin('BACK'), { quantity: kg('9') }).expect(409);
    expect(much.body).toMatchObject({ code: 'RETURN_EXCEEDS' });
    expect(much.body.detail).toContain('RAD has 4 kg of RESIN BACK, and 9 kg would come back');
    await back(resin('BACK'), { quantity: kg('3') }).expect(201);
    await back(resin('BACK'), { quantity: kg('3') }).expect(409);
    await back(resin('BACK'), { quantity: kg('3'), overReason: 'weighed wrong at loading' }).expect(201);

    await stock('BIKE', 'serial', 'T1');
    await ship({ customer: 'RAD', units: [{ unit: bike('T1') }] }).expect(201);
    const both = await Promise.all([back(bike('T1')), back(bike('T1'))]);
    expect(both.map((r) => r.status).sort()).toEqual([201, 409]);
    expect((await unit('BIKE~serial~T1')).holds).toHaveLength(1);
    expect((await back(bike('T1'), { quantity: pcs('1') }).expect(409)).body.code).toBe('RETURN_EXCEEDS');
    const other = await post('returns', {
      id: fresh(),
      place: 'LYON.IN',
      customer: 'VELO',
      units: [{ unit: bike('T1') }],
    }).expect(409);
    expect(other.body.code).toBe('RETURN_EXCEEDS');
  });
});

describe('a count', () => {
  it('is about the moment of counting: what is drawn after it is no difference, and a round nobody ended finds nothing', async () => {
    await http(app()).put('/api/v1/places/LYON.C').send({ name: 'C', kind: 'bin', parent: 'LYON' }).expect(200);
    for (const lot of ['CNT', 'CN2']) await stock('RESIN', 'lot', lot, { place: 'LYON.C', quantity: kg('100') });
    const { body: task } = await post('tasks', { id: fresh(), kind: 'count', place: 'LYON.C' }).expect(201);
    const count = (scan: string, quantity: string) =>
      post(`tasks/${task.task}/count`, { id: fresh(), scan, place: 'LYON.C', quantity }).expect(200);
    const confirm = () => post(`tasks/${task.task}/count/confirm`, { id: fresh(), reason: 'spilt' });
    await count('CNT', '100');
    await count('CN2', '99');
    const early = await confirm().expect(409);
    expect(early.body.code).toBe('COUNT_OPEN');
    await post('adjustments', {
      id: fresh(),
      unit: resin('CN2'),
      place: 'LYON.C',
      quantity: kg('-30'),
      reason: 'drawn',
    }).expect(200);
    await post('adjustments', {
      id: fresh(),
      unit: resin('CNT'),
      place: 'LYON.C',
      quantity: kg('-30'),
      reason: 'drawn',
    }).expect(200);
    await stock('RESIN', 'lot', 'NEW', { place: 'LYON.C', quantity: kg('7'), at: now() });
    const { body: closed } = await post(`tasks/${task.task}/count/close`, { id: fresh() }).expect(200);
    expect(closed).toMatchObject({
      outcome: 'confirm',
      differences: [{ unit: { lot: 'CN2' }, expected: kg('100'), counted: kg('99') }],
    });
    await confirm().expect(200);
    expect(await places('CNT')).toEqual(['in-stock LYON.C 70']);
    expect(await places('CN2')).toEqual(['in-stock LYON.C 69']);
    expect(await places('NEW')).toEqual(['in-stock LYON.C 7']);
  });
});

describe('a move', () => {
  it('fills a place that refuses more no further, however many come at once', async () => {
    await http(app())
      .put('/api/v1/places/LYON.F')
      .send({ name: 'F', kind: 'bin', parent: 'LYON', capacity: { units: 1, full: 'refuse' } })
      .expect(200);
    for (const serial of ['F1', 'F2', 'F3']) await stock('BAT', 'serial', serial);
    const moved = await Promise.all(
      ['F1', 'F2', 'F3'].map((scan) => post('moves', { id: fresh(), scan, to: 'LYON.F' }).expect(200)),
    );
    expect(moved.map((m) => (m.body as { verdict: string }).verdict).sort()).toEqual(['ok', 'stop', 'stop']);
  });

  it('of a task takes so much in all, not so much from each place', async () => {
    for (const place of ['LYON.A1', 'LYON.A2']) await stock('RESIN', 'lot', 'TASK', { place, quantity: kg('10') });
    const task = (quantity: string) =>
      post('tasks', {
        id: fresh(),
        kind: 'move',
        to: 'LYON.OUT',
        units: [{ unit: resin('TASK'), quantity: kg(quantity) }],
      });
    expect((await task('50').expect(409)).body.code).toBe('STOCK_SHORT');
    const { body } = await task('12').expect(201);
    const { body: made } = await http(app()).get(`/api/v1/tasks/${body.task}`).expect(200);
    expect(made.lines.map((l: { quantity: { value: string } }) => l.quantity.value).sort()).toEqual(['10', '2']);
  });
});

describe('goods that are rejected at receipt', () => {
  it('are proposed to go back to who sent them, for another person to approve', async () => {
    await stock('RESIN', 'lot', 'REJ', { quantity: kg('10') });
    const body = {
      id: fresh(),
      place: 'LYON.IN',
      supplier: 'ACME',
      reason: 'sample',
      lines: [
        { item: 'RESIN', lot: 'REJ', quantity: kg('4'), decision: 'reject', reason: 'wrong colour' },
        { item: 'BAT', serials: ['REJ1', 'REJ2'], decision: 'reject', reason: 'wet' },
        { item: 'BAT', serials: ['GOOD1'] },
      ],
    };
    const { body: receipt } = await post('receipts', body).expect(201);
    await post('receipts', body).expect(201);
    const { body: list } = await http(app()).get('/api/v1/dispositions?state=proposed').expect(200);
    expect(list.data).toHaveLength(1);
    expect(list.data[0]).toMatchObject({
      kind: 'return-to-supplier',
      supplier: 'ACME',
      reason: `rejected at receipt ${receipt.receipt}`,
      units: 3,
    });
    const { body: one } = await http(app()).get(`/api/v1/dispositions/${list.data[0].disposition}`).expect(200);
    expect(
      one.unitList.map((u: { unit: { lot?: string; serial?: string }; quantity: object | null }) => [
        u.unit.lot ?? u.unit.serial,
        u.quantity,
      ]),
    ).toEqual([
      ['REJ', kg('4')],
      ['REJ1', null],
      ['REJ2', null],
    ]);
  });
});
