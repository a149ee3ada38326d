import { http, useApp } from '../support';
import { Json, kg, lot, Ref, serial, TracePlant } from './trace-plant';

const app = useApp();
const plant = new TracePlant(app);

const minute = (n: number): string => new Date(Date.parse('2026-03-02T08:00:00Z') + n * 60_000).toISOString();
const pathOf = (unit: Ref): string =>
  encodeURIComponent([unit.item, unit.serial ? 'serial' : 'lot', unit.serial ?? unit.lot].join('~'));
const balance = (unit: Ref, query = ''): Promise<Json> => plant.get(`/api/v1/units/${pathOf(unit)}/balance${query}`);

beforeAll(async () => {
  await plant.masterData();
  for (const place of ['A', 'B'])
    await http(app()).put(`/api/v1/places/${place}`).send({ name: place, kind: 'bin' }).expect(200);
});

describe('the mass balance of a lot', () => {
  const bad = lot('RM', 'B1');

  it('adds up: received is used, in stock, shipped less what came back, and scrapped', async () => {
    await plant.record([
      { type: 'receive', at: minute(0), place: 'A', unit: bad, quantity: kg('100'), supplier: 'ACME' },
      { type: 'receive', at: minute(1), place: 'A', unit: bad, quantity: kg('20.5'), supplier: 'ACME' },
      {
        type: 'produce',
        at: minute(2),
        place: 'A',
        outputs: [{ unit: lot('FG', 'F1'), quantity: kg('30') }],
        inputs: [{ unit: bad, quantity: kg('25') }],
      },
      {
        type: 'produce',
        at: minute(3),
        place: 'A',
        outputs: [
          { unit: lot('FG', 'F1'), quantity: kg('10') },
          { unit: lot('FG', 'F2'), quantity: kg('20') },
        ],
        inputs: [{ unit: bad, quantity: kg('10') }],
      },
      { type: 'top-up', at: minute(4), place: 'A', vessel: lot('TANK', 'T1'), unit: bad, quantity: kg('5') },
      { type: 'move', at: minute(5), unit: bad, quantity: kg('12'), from: 'A', to: 'B' },
      {
        type: 'ship',
        at: minute(6),
        place: 'A',
        units: [{ unit: bad, quantity: kg('30') }],
        customer: 'SHOP-A',
        shipment: 'S-1',
      },
      {
        type: 'ship',
        at: minute(7),
        place: 'A',
        units: [{ unit: bad, quantity: kg('8') }],
        customer: 'SHOP-B',
        shipment: 'S-2',
      },
      {
        type: 'return',
        at: minute(8),
        place: 'B',
        units: [{ unit: bad, quantity: kg('3') }],
        customer: 'SHOP-A',
        shipment: 'S-1',
      },
      { type: 'scrap', at: minute(9), place: 'A', unit: bad, quantity: kg('1.25'), reason: 'dropped' },
    ]);
    const { ledgerPosition, ...found } = await balance(bad);
    expect(ledgerPosition).toEqual(expect.any(Number));
    // 120.5 = 40 used + (29.25 + 15) in stock + 38 shipped − 3 returned + 1.25 scrapped
    expect(found).toMatchObject({
      unit: bad,
      uom: 'kg',
      in: { received: '120.5', produced: '0', created: '0', split: '0', toppedUp: '0', returned: '3' },
      usedTotal: '40',
      usedInMore: null,
      scrapped: '1.25',
      adjusted: '0',
      unexplained: '0',
      balanced: true,
      unknown: [],
    });
    // 10 kg into 10 and 20 kg: a third and two thirds, to nine decimals, together 10.
    expect(found.usedIn.map((r: Json) => [r.unit.lot, r.mode, r.quantity])).toEqual([
      ['F1', 'consume', '28.333333333'],
      ['F2', 'consume', '6.666666667'],
      ['T1', 'consume', '5'],
    ]);
    expect(found.inStock).toEqual(
      expect.arrayContaining([
        { place: 'A', quantity: '29.25' },
        { place: 'B', quantity: '15' },
      ]),
    );
    expect(found.shipped).toEqual([
      { customer: 'SHOP-A', quantity: '30' },
      { customer: 'SHOP-B', quantity: '8' },
    ]);
  });

  it('is that of an earlier position when asked, and refuses a later one', async () => {
    const before = (await balance(bad)).ledgerPosition;
    await plant.record([{ type: 'scrap', at: minute(20), place: 'A', unit: bad, quantity: kg('1') }]);
    expect(await balance(bad)).toMatchObject({ scrapped: '2.25', balanced: true });
    expect(await balance(bad, `?ledgerPosition=${before}`)).toMatchObject({ scrapped: '1.25', ledgerPosition: before });
    const ahead = await http(app())
      .get(`/api/v1/units/${pathOf(bad)}/balance?ledgerPosition=${before + 1_000}`)
      .expect(422);
    expect(ahead.body.code).toBe('POSITION_AHEAD');
    await http(app()).get('/api/v1/units/RM~lot~nobody/balance').expect(404);
    await http(app(), null)
      .get(`/api/v1/units/${pathOf(bad)}/balance`)
      .expect(401);
  });

  it('says what does not fit: more was drawn than came in', async () => {
    const over = lot('RM', 'OVER');
    await plant.record([
      { type: 'receive', at: minute(0), place: 'A', unit: over, quantity: kg('10'), supplier: 'ACME' },
      {
        type: 'produce',
        at: minute(1),
        place: 'A',
        outputs: [{ unit: lot('FG', 'F9'), quantity: kg('12') }],
        inputs: [{ unit: over, quantity: kg('12') }],
      },
    ]);
    expect(await balance(over)).toMatchObject({ inStock: [], unexplained: '-2', balanced: false, unknown: [] });
  });

  it('names what is not known', async () => {
    const vague = lot('RM', 'VAGUE');
    await plant.record([
      { type: 'receive', at: minute(0), place: 'A', unit: vague, quantity: kg('10'), supplier: 'ACME' },
      {
        type: 'produce',
        at: minute(1),
        place: 'A',
        outputs: [{ unit: lot('FG', 'F10'), quantity: kg('5') }],
        inputs: [{ unit: vague }],
      },
    ]);
    const found = await balance(vague);
    expect(found).toMatchObject({ usedTotal: null, unexplained: null, balanced: false });
    expect(found.unknown.join(' ')).toContain('How much was used on 2026-03-02T08:01:00.000Z');
    const born = await balance(lot('FG', 'F10'));
    expect(born).toMatchObject({ in: { produced: '5' }, balanced: true, inStock: [{ place: 'A', quantity: '5' }] });
  });

  it('takes a shipment without a quantity for all that was there', async () => {
    const all = lot('FG', 'ALL');
    await plant.record([
      { type: 'produce', at: minute(1), place: 'A', outputs: [{ unit: all, quantity: kg('7') }] },
      { type: 'ship', at: minute(2), place: 'A', units: [{ unit: all }], customer: 'SHOP-A', shipment: 'S-3' },
      { type: 'return', at: minute(3), place: 'A', units: [{ unit: all, quantity: kg('2') }], customer: 'SHOP-A' },
    ]);
    expect(await balance(all)).toMatchObject({
      in: { produced: '7', returned: '2' },
      shipped: [{ customer: 'SHOP-A', quantity: '7' }],
      inStock: [{ place: 'A', quantity: '2' }],
      balanced: true,
    });
  });

  it('has what is loaded on a line under the line', async () => {
    const reel = lot('RM', 'REEL');
    const line = { item: 'LINE', run: 'L1' };
    await plant.record([
      { type: 'receive', at: minute(0), place: 'A', unit: reel, quantity: kg('10'), supplier: 'ACME' },
      { type: 'load', at: minute(1), place: 'A', run: line, unit: reel, quantity: kg('4') },
    ]);
    expect(await balance(reel)).toMatchObject({
      usedIn: [{ unit: line, mode: 'install', quantity: '4' }],
      inStock: [{ place: 'A', quantity: '6' }],
      balanced: true,
    });
  });
});

describe('the balance of a serial', () => {
  it('is one piece, wherever it is', async () => {
    const battery = serial('BAT', 'BAT1');
    const bike = serial('BIKE', 'BIKE1');
    await plant.record([{ type: 'receive', at: minute(0), place: 'A', unit: battery, supplier: 'ACME' }]);
    expect(await balance(battery)).toMatchObject({ in: { received: '1' }, inStock: [{ place: 'A', quantity: '1' }] });
    await plant.record([
      { type: 'produce', at: minute(1), place: 'A', outputs: [{ unit: bike }], inputs: [{ unit: battery }] },
      { type: 'ship', at: minute(2), place: 'A', units: [bike], customer: 'SHOP-A', shipment: 'S-9' },
    ]);
    expect(await balance(battery)).toMatchObject({
      usedIn: [{ unit: bike, mode: 'install', quantity: '1' }],
      inStock: [],
      unexplained: '0',
      balanced: true,
    });
    expect(await balance(bike)).toMatchObject({
      in: { produced: '1' },
      shipped: [{ customer: 'SHOP-A', quantity: '1' }],
      balanced: true,
    });
    const stray = serial('BAT', 'STRAY');
    await plant.record([{ type: 'ship', at: minute(2), place: 'A', units: [stray], customer: 'SHOP-A' }]);
    expect(await balance(stray)).toMatchObject({
      unexplained: '-1',
      balanced: false,
      unknown: ['Where it came from is not recorded.'],
    });
  });
});
