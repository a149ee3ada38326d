import { http, useApp } from '../support';
import { AT, fresh, kg, pcs, trade, tradePlant } from './trade-plant';

const app = useApp({ worker: false, env: { SSCC_PREFIX: '00950600' } });
const { post, get, order, unit, stock, events } = trade(app);

beforeAll(() => tradePlant(app()));

const put = (path: string, body: object) => http(app()).put(`/api/v1/${path}`).send(body);
const bike = (serial: string) => ({ item: 'BIKE', serial });
const start = (salesOrder: string, more: object = {}) => post('picks', { id: fresh(), salesOrder, ...more });
const scan = (pick: string, named: object, more: object = {}) =>
  post(`picks/${pick}/scan`, { id: fresh(), unit: named, ...more });
const ship = (body: object, query = '') => post(`shipments${query}`, { id: fresh(), ...body });
const hold = (named: object, reason = 'suspect') =>
  events([{ type: 'hold', id: fresh(), at: new Date().toISOString(), units: [named], reason }]);
const codes = (pick: { body: { pickLines: { unit: { serial?: string; lot?: string } }[] } }) =>
  pick.body.pickLines.map((l) => l.unit.serial ?? l.unit.lot);
const inDays = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString();

describe('a pick', () => {
  it('takes what expires first, walks by place, and never what is held, expired or too near to its end', async () => {
    await put('partners/VELO/terms', { lifeDaysMin: 30 }).expect(200);
    await stock('PAINT', 'lot', 'late', { expires: inDays(300), place: 'LYON.A1' });
    await stock('PAINT', 'lot', 'soon', { expires: inDays(60), place: 'LYON.A2' });
    await stock('PAINT', 'lot', 'too-soon', { expires: inDays(10) });
    await stock('PAINT', 'lot', 'gone', { expires: inDays(-1) });
    await stock('PAINT', 'lot', 'held', { expires: inDays(40) });
    await hold({ item: 'PAINT', lot: 'held' });
    await order('sales', 'SO-1', 'VELO', [{ item: 'PAINT', quantity: kg('150') }]);
    const pick = await start('SO-1', { to: 'LYON.OUT' }).expect(201);
    expect(pick.body).toMatchObject({ strategy: 'fefo', lifeDaysMin: 30, missing: [] });
    expect(pick.body.pickLines).toMatchObject([
      { unit: { lot: 'late' }, place: 'LYON.A1', quantity: kg('50') },
      { unit: { lot: 'soon' }, place: 'LYON.A2', quantity: kg('100') },
    ]);
    const { body: followed } = await get('sales-orders/SO-1').expect(200);
    expect(followed.orderLines[0]).toMatchObject({ reserved: kg('150'), open: kg('150'), done: kg('0') });

    const { pick: id } = pick.body;
    const held = await scan(id, { item: 'PAINT', lot: 'held' }, { reason: 'nearer' }).expect(409);
    expect(held.body.code).toBe('UNIT_ON_HOLD');
    const near = await scan(id, { item: 'PAINT', lot: 'too-soon' }, { reason: 'nearer' }).expect(409);
    expect(near.body.code).toBe('LIFE_TOO_SHORT');
    const foreign = await scan(id, { item: 'PAINT', lot: 'gone' }).expect(409);
    expect(foreign.body.code).toBe('PICK_OTHER_UNIT');

    const part = await scan(id, { item: 'PAINT', lot: 'soon' }, { quantity: kg('40') }).expect(200);
    expect(part.body).toMatchObject({ verdict: 'ok', next: expect.stringContaining('late') as string });
    await scan(id, { scan: 'soon' }).expect(200);
    await scan(id, { item: 'PAINT', lot: 'late' }).expect(200);
    const { body: done } = await get(`picks/${id}`).expect(200);
    expect(done).toMatchObject({ state: 'done', lines: 3, picked: 3 });
    const where = (await unit('PAINT~lot~soon')).holdings as { place: string; quantity: object }[];
    expect(where).toMatchObject([{ place: 'LYON.OUT', quantity: kg('100') }]);
  });

  it('proposes by age where asked, and says what is missing and why', async () => {
    for (const [serial, day] of [
      ['K3', '03'],
      ['K1', '01'],
      ['K2', '02'],
    ] as const)
      await stock('BIKE', 'serial', serial, { at: `2026-03-${day}T08:00:00Z` });
    await hold(bike('K2'));
    await order('sales', 'SO-2', 'RAD', [{ item: 'BIKE', quantity: pcs('3') }]);
    const pick = await start('SO-2', { strategy: 'fifo' }).expect(201);
    expect(codes(pick)).toEqual(['K1', 'K3']);
    expect(pick.body.missing).toMatchObject([{ item: 'BIKE', quantity: pcs('1'), unfit: { held: 1 } }]);
    await post(`picks/${pick.body.pick}/cancel`, { id: fresh(), reason: 'later' }).expect(200);
    const again = await start('SO-2', { strategy: 'fifo' }).expect(201);
    expect(codes(again)).toEqual(['K1', 'K3']);
    const none = await start('SO-2').expect(409);
    expect(none.body).toMatchObject({ code: 'NOTHING_TO_PICK' });
    expect(none.body.detail).toContain('1 are on hold');
  });

  it('of a serial that is asked for by name takes that one and no other', async () => {
    for (const serial of ['N1', 'N2']) await stock('BIKE', 'serial', serial);
    await order('sales', 'SO-3', 'RAD', [{ item: 'BIKE', quantity: pcs('1'), serial: 'N2' }]);
    const { body } = await start('SO-3').expect(201);
    expect(codes({ body })).toEqual(['N2']);
    const other = await scan(body.pick, bike('N1'), { reason: 'the same' }).expect(409);
    expect(other.body.code).toBe('PICK_NAMED_UNIT');
    const item = await scan(body.pick, { item: 'PAINT', lot: 'late' }).expect(409);
    expect(item.body.code).toBe('NOT_ON_PICK');
    const id = fresh();
    const first = await post(`picks/${body.pick}/scan`, { id, unit: bike('N2') }).expect(200);
    expect((await post(`picks/${body.pick}/scan`, { id, unit: bike('N2') }).expect(200)).body).toEqual(first.body);
    const twice = await post(`picks/${body.pick}/check`, { unit: bike('N2') }).expect(200);
    expect(twice.body).toMatchObject({ verdict: 'stop', code: 'PICK_NOT_OPEN' });
  });

  it('is checked before it is done, and takes another one than proposed with a reason', async () => {
    for (const serial of ['C1', 'C2']) await stock('BIKE', 'serial', serial, { at: `2020-01-0${serial[1]}T08:00:00Z` });
    await order('sales', 'SO-4', 'RAD', [{ item: 'BIKE', quantity: pcs('1') }]);
    const { body } = await start('SO-4', { strategy: 'fifo' }).expect(201);
    expect(codes({ body })).toEqual(['C1']);
    const asked = await post(`picks/${body.pick}/check`, { unit: { scan: 'C2' } }).expect(200);
    expect(asked.body).toMatchObject({ verdict: 'ask', code: 'PICK_OTHER_UNIT' });
    const fits = await post(`picks/${body.pick}/check`, { unit: { scan: 'C2' }, reason: 'C1 is blocked' }).expect(200);
    expect(fits.body).toMatchObject({ verdict: 'ok' });
    expect((await get(`picks/${body.pick}`)).body).toMatchObject({ state: 'open', picked: 0 });
    await scan(body.pick, { scan: 'C2' }, { reason: 'C1 is blocked' }).expect(200);
    expect((await get(`picks/${body.pick}`)).body.pickLines).toMatchObject([
      { unit: { serial: 'C2' }, proposed: { serial: 'C1' }, reason: 'C1 is blocked', state: 'picked' },
    ]);
    // What was proposed and not taken is free again.
    await order('sales', 'SO-5', 'RAD', [{ item: 'BIKE', quantity: pcs('1'), serial: 'C1' }]);
    await start('SO-5').expect(201);
  });

  it('never gives one serial to two pickers, however they race; of a lot each gets what is free', async () => {
    for (let i = 0; i < 6; i++) await stock('BAT', 'serial', `R${i}`);
    await stock('RESIN', 'lot', 'race', { quantity: kg('10') });
    const orders = ['SO-R0', 'SO-R1', 'SO-R2', 'SO-R3'];
    for (const number of orders)
      await order('sales', number, 'RAD', [
        { item: 'BAT', quantity: pcs('2') },
        { item: 'RESIN', quantity: kg('4') },
      ]);
    const picks = await Promise.all(orders.map((number) => start(number)));
    const lines = picks
      .filter((p) => p.status === 201)
      .flatMap((p) => p.body.pickLines as { unit: { serial?: string; lot?: string }; quantity: { value: string } }[]);
    const serials = lines.flatMap((l) => l.unit.serial ?? []);
    expect(serials).toHaveLength(6);
    expect(new Set(serials).size).toBe(6);
    const kilos = lines.filter((l) => l.unit.lot).reduce((sum, l) => sum + Number(l.quantity.value), 0);
    expect(kilos).toBe(10);
  });
});

describe('a shipment', () => {
  const picked = async (number: string, serials: string[]) => {
    for (const serial of serials) await stock('BIKE', 'serial', serial);
    await order(
      'sales',
      number,
      'VELO',
      serials.map((serial) => ({ item: 'BIKE', quantity: pcs('1'), serial })),
    );
    const { body } = await start(number, { lifeDaysMin: 0 }).expect(201);
    for (const serial of serials) await scan(body.pick, bike(serial)).expect(200);
    return body.pick as string;
  };

  it('takes what was picked, whole or in parts, and is followed at the order', async () => {
    const pick = await picked('SO-10', ['S1', 'S2', 'S3']);
    const body = {
      id: fresh(),
      shipment: 'SH-10',
      salesOrder: 'SO-10',
      units: [{ unit: bike('S1') }],
      tracking: 'T-1',
    };
    const first = await post('shipments', body).expect(201);
    expect(first.body).toMatchObject({ shipment: 'SH-10', customer: 'VELO', address: 'Kai 1, Hamburg, DE', units: 1 });
    expect((await post('shipments', body).expect(201)).body).toEqual(first.body);
    expect((await ship({ shipment: 'SH-10', salesOrder: 'SO-10', picks: [pick] }).expect(409)).body.code).toBe(
      'NUMBER_TAKEN',
    );
    const rest = await ship({ salesOrder: 'SO-10', picks: [pick] }).expect(201);
    expect(rest.body.lines.map((l: { unit: { serial: string } }) => l.unit.serial)).toEqual(['S2', 'S3']);
    const { body: followed } = await get('sales-orders/SO-10').expect(200);
    expect(followed).toMatchObject({ state: 'done', linesDone: 3 });
    expect((await ship({ salesOrder: 'SO-10', picks: [pick] }).expect(422)).body.code).toBe('SHIPMENT_EMPTY');
    const note = await get('shipments/SH-10').set('accept', 'text/csv').expect(200);
    expect(note.text).toContain('"BIKE","Bike","serial","S1",1,"pcs"');
  });

  it('never carries what is on hold, though it was picked before', async () => {
    const pick = await picked('SO-11', ['H1', 'H2']);
    await hold(bike('H1'), 'frame cracks');
    const refused = await ship({ salesOrder: 'SO-11', picks: [pick] }).expect(409);
    expect(refused.body).toMatchObject({ code: 'UNIT_ON_HOLD' });
    expect(refused.body.detail).toContain('frame cracks');
    expect(await unit('BIKE~serial~H2')).toMatchObject({ state: 'in-stock' });
    const { body: verdict } = await post('shipments/check', { id: fresh(), salesOrder: 'SO-11', picks: [pick] }).expect(
      200,
    );
    expect(verdict).toMatchObject({ verdict: 'stop', code: 'UNIT_ON_HOLD' });
    // What has left all the same is recorded, and shouts.
    await ship({ salesOrder: 'SO-11', picks: [pick] }, '?check=record').expect(201);
    expect(await unit('BIKE~serial~H1')).toMatchObject({ state: 'shipped', customer: 'VELO' });
  });

  it('does not give away what another pick keeps back', async () => {
    await picked('SO-12', ['W1']);
    const refused = await ship({ customer: 'RAD', units: [{ unit: bike('W1') }] }).expect(409);
    expect(refused.body.code).toBe('UNIT_RESERVED');
  });

  it('that never left is taken back: its goods are free again', async () => {
    const pick = await picked('SO-13', ['V1']);
    const { body } = await ship({ salesOrder: 'SO-13', picks: [pick] }).expect(201);
    await post(`shipments/${body.shipment}/void`, { id: fresh(), reason: 'truck broke down' }).expect(200);
    expect(await unit('BIKE~serial~V1')).toMatchObject({ state: 'in-stock' });
    const again = await start('SO-13').expect(201);
    expect(codes(again)).toEqual(['V1']);
  });
  it('carries containers with all that is in them', async () => {
    const pick = await picked('SO-14', ['X1', 'X2']);
    const packed = await post('packs', { id: fresh(), pick, place: 'LYON.A1' }).expect(201);
    const { container } = packed.body as { container: string };
    expect(container).toMatch(/^00950600\d{10}$/);
    const wrong = await post('packs', {
      id: fresh(),
      container: '009506000000000018',
      units: [{ unit: bike('X1') }],
    }).expect(422);
    expect(wrong.body.code).toBe('SSCC_INVALID');
    const { body } = await ship({ salesOrder: 'SO-14', containers: [container] }).expect(201);
    expect(body).toMatchObject({ units: 2, containers: [container] });
    expect(body.lines).toMatchObject([
      { container, pick },
      { container, pick },
    ]);
    expect(await unit('BIKE~serial~X2')).toMatchObject({ state: 'shipped', customer: 'VELO' });
    expect((await get('sales-orders/SO-14').expect(200)).body).toMatchObject({ state: 'done' });
  });
});

describe('a return', () => {
  it('is on hold, is told with its earlier shipment, and after release goes out again', async () => {
    await stock('BIKE', 'serial', 'Z1');
    await order('sales', 'SO-20', 'VELO', [{ item: 'BIKE', quantity: pcs('1'), serial: 'Z1' }]);
    await ship({ shipment: 'SH-20', salesOrder: 'SO-20', units: [{ unit: bike('Z1') }] }).expect(201);
    const { body: told } = await post('returns/check', { unit: { scan: 'Z1' } }).expect(200);
    expect(told).toMatchObject({ verdict: 'ok', proposal: { customer: 'VELO', shipment: 'SH-20' } });
    const { body } = await post('returns', {
      id: fresh(),
      place: 'LYON.IN',
      units: [{ unit: bike('Z1'), condition: 'scratched' }],
    }).expect(201);
    expect(body).toMatchObject({ customer: 'VELO', shipment: 'SH-20', units: [{ unit: bike('Z1') }] });
    const back = await unit('BIKE~serial~Z1');
    expect(back).toMatchObject({ state: 'returned', place: 'LYON.IN', holds: [{ reason: 'returned: scratched' }] });
    expect((await get('sales-orders/SO-20')).body.orderLines[0]).toMatchObject({ done: pcs('1'), returned: pcs('1') });
    expect((await ship({ customer: 'RAD', units: [{ unit: bike('Z1') }] }).expect(409)).body.code).toBe('UNIT_ON_HOLD');

    const [open] = back.holds as { id: string }[];
    await events([{ type: 'release', id: fresh(), at: new Date().toISOString(), hold: open!.id, reason: 'repaired' }]);
    await ship({ shipment: 'SH-21', customer: 'RAD', units: [{ unit: bike('Z1') }] }).expect(201);
    const { body: all } = await get('units/BIKE~serial~Z1/shipments').expect(200);
    expect(all.data).toMatchObject([
      { shipment: 'SH-21', customer: 'RAD', returned: false },
      { shipment: 'SH-20', customer: 'VELO', returned: true },
    ]);
  });

  it('of what was never shipped is told, and taken in all the same', async () => {
    await stock('BIKE', 'serial', 'Z9');
    const { body: told } = await post('returns/check', { unit: bike('Z9') }).expect(200);
    expect(told).toMatchObject({ verdict: 'warn', message: expect.stringContaining('never shipped') as string });
    const body = { place: 'LYON.IN', units: [{ unit: bike('Z9') }] };
    expect((await post('returns', { id: fresh(), ...body }).expect(422)).body.code).toBe('FIELD_REQUIRED');
    await post('returns', { id: fresh(), ...body, customer: 'VELO' }).expect(201);
    expect(await unit('BIKE~serial~Z9')).toMatchObject({ holds: [{ reason: 'returned' }] });
  });

  it('of a lot counts what came back', async () => {
    await stock('RESIN', 'lot', 'part');
    await ship({
      shipment: 'SH-22',
      customer: 'RAD',
      units: [{ unit: { item: 'RESIN', lot: 'part' }, quantity: kg('30') }],
    }).expect(201);
    await post('returns', {
      id: fresh(),
      place: 'LYON.IN',
      units: [{ unit: { item: 'RESIN', lot: 'part' }, quantity: kg('10') }],
    }).expect(201);
    const { holdings } = await unit('RESIN~lot~part');
    expect(holdings).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ state: 'shipped', customer: 'RAD', quantity: kg('20') }),
        expect.objectContaining({ state: 'returned', place: 'LYON.IN', quantity: kg('10') }),
      ]),
    );
  });
});

describe('the pages of partners', () => {
  beforeAll(async () => {
    await put('partners/HUGE', { name: 'Huge', kind: 'customer' }).expect(200);
    await put('partners/SELL', { name: 'Sell', kind: 'supplier' }).expect(200);
    await events([
      {
        type: 'receive',
        id: fresh(),
        at: AT,
        place: 'LYON.IN',
        supplier: 'SELL',
        supplierLot: 'S-LOT',
        unit: { item: 'RESIN', lot: 'HR' },
        quantity: kg('50'),
        refs: { purchaseOrder: 'PO-H' },
      },
      {
        type: 'inspect',
        id: fresh(),
        at: AT,
        unit: { item: 'RESIN', lot: 'HR' },
        characteristic: 'colour',
        result: 'pass',
      },
      ...['Y1', 'Y2', 'Y3'].map((serial) => ({
        type: 'create',
        id: fresh(),
        at: AT,
        place: 'LYON.A1',
        unit: bike(serial),
      })),
      {
        type: 'ship',
        id: fresh(),
        at: '2026-03-10T10:00:00Z',
        customer: 'HUGE',
        shipment: 'H-1',
        units: [bike('Y1'), bike('Y2')].map((u) => ({ unit: u })),
      },
      {
        type: 'ship',
        id: fresh(),
        at: '2026-03-12T10:00:00Z',
        customer: 'HUGE',
        shipment: 'H-2',
        units: [{ unit: bike('Y3') }, { unit: { item: 'RESIN', lot: 'HR' }, quantity: kg('5') }],
      },
      {
        type: 'return',
        id: fresh(),
        at: '2026-03-14T10:00:00Z',
        place: 'LYON.IN',
        customer: 'HUGE',
        shipment: 'H-1',
        units: [{ unit: bike('Y2') }],
      },
    ]);
  });

  it('list all that a customer ever got, whoever recorded it, by item, code and day', async () => {
    const { body } = await get('partners/HUGE/shipments').expect(200);
    expect(body.data).toMatchObject([
      { shipment: 'H-2', units: 2, returned: 0 },
      { shipment: 'H-1', units: 2, returned: 1, items: [{ item: 'BIKE', units: 2, quantity: pcs('2') }] },
    ]);
    const { body: page } = await get('partners/HUGE/received-units?limit=3').expect(200);
    expect(page.data).toHaveLength(3);
    const { body: next } = await get(`partners/HUGE/received-units?limit=3&cursor=${page.nextCursor}`).expect(200);
    const all = [...page.data, ...next.data] as {
      unit: { serial?: string; lot?: string };
      returned: boolean;
      quantity: object;
    }[];
    expect(all.map((r) => r.unit.serial ?? r.unit.lot).sort()).toEqual(['HR', 'Y1', 'Y2', 'Y3']);
    expect(all.find((r) => r.unit.serial === 'Y2')).toMatchObject({ returned: true });
    expect(all.find((r) => r.unit.lot === 'HR')).toMatchObject({ returned: false, quantity: kg('5') });
    expect((await get('partners/HUGE/received-units?item=RESIN')).body.data).toHaveLength(1);
    expect((await get('partners/HUGE/received-units?code=y1')).body.data).toHaveLength(1);
    expect((await get('partners/HUGE/received-units?from=2026-03-11&until=2026-03-12')).body.data).toHaveLength(2);
    const csv = await get('partners/HUGE/received-units').set('accept', 'text/csv').expect(200);
    expect(csv.text.trim().split('\r\n')).toHaveLength(5);
    await get('partners/NOBODY/received-units').expect(422);
  });

  it('list all that a supplier ever sent, with its lot number, receipts and results', async () => {
    const { body } = await get('partners/SELL/supplied-units').expect(200);
    expect(body.data).toMatchObject([
      {
        unit: { lot: 'HR' },
        supplierLot: 'S-LOT',
        document: 'PO-H',
        quantity: kg('50'),
        inspections: { passed: 1, failed: 0 },
        certificates: 0,
      },
    ]);
  });
});
