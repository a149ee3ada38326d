import { useApp } from '../support';
import { kg, lot, nameOf, serial, TracePlant } from './trace-plant';

const plant = new TracePlant(useApp());

const day = (d: number) => `2026-03-${String(d).padStart(2, '0')}T08:00:00Z`;

beforeAll(() => plant.masterData());

describe('a part of what was shipped', () => {
  const made = (item: string, ...codes: string[]) =>
    codes.map((code) => ({ type: 'create', id: `made-${code}`, at: day(1), unit: serial(item, code) }));
  const change = (type: 'install' | 'remove', id: string, d: number, bike: string, battery: string) => ({
    type,
    id,
    at: day(d),
    parent: serial('BIKE', bike),
    unit: serial('BAT', battery),
  });
  const ship = (id: string, d: number, customer: string, ...bikes: string[]) => ({
    type: 'ship',
    id,
    at: day(d),
    customer,
    shipment: id,
    units: bikes.map((bike) => ({ unit: serial('BIKE', bike) })),
  });
  const told = async (unit: ReturnType<typeof serial>) => {
    const trace = await plant.forward(unit);
    const rows = await plant.rows(trace, 'consignees');
    return rows
      .filter((c) => c.unit.item === unit.item)
      .map((c) => `${c.customer.partner} ${c.shipment} in ${nameOf(c.inside.unit)} ${c.hit}`);
  };

  it('left with it though it was taken out later; what was fitted later is with who has it now, and no hit', async () => {
    await plant.record([
      ...made('BAT', 'P1', 'P2'),
      ...made('BIKE', 'Q1'),
      change('install', 'q1-in', 2, 'Q1', 'P1'),
      ship('DN-Q1', 4, 'SHOP-A', 'Q1'),
      { type: 'return', id: 'q1-back', at: day(6), customer: 'SHOP-A', units: [{ unit: serial('BIKE', 'Q1') }] },
      change('remove', 'q1-out', 7, 'Q1', 'P1'),
      change('install', 'q1-in2', 7, 'Q1', 'P2'),
    ]);
    expect(await told(serial('BAT', 'P1'))).toEqual(['SHOP-A DN-Q1 in BIKE Q1 true']);
    expect(await told(serial('BAT', 'P2'))).toEqual([]);
    await plant.record([ship('DN-Q1-2', 8, 'SHOP-B', 'Q1')]);
    expect(await told(serial('BAT', 'P2'))).toEqual(['SHOP-B DN-Q1-2 in BIKE Q1 true']);
    await plant.record([
      ...made('BAT', 'P3'),
      change('remove', 'q1-out2', 9, 'Q1', 'P2'),
      change('install', 'q1-in3', 9, 'Q1', 'P3'),
    ]);
    expect(await told(serial('BAT', 'P3'))).toEqual(['SHOP-B DN-Q1-2 in BIKE Q1 false']);
    expect(await told(serial('BAT', 'P2'))).toEqual(['SHOP-B DN-Q1-2 in BIKE Q1 true']);
  });

  it('that may be in either of two is with either customer, and is one piece', async () => {
    await plant.record([
      ...made('BAT', 'P5', 'P6'),
      {
        type: 'produce',
        id: 'either',
        at: day(2),
        outputs: ['Q5', 'Q6'].map((b) => ({ unit: serial('BIKE', b) })),
        inputs: ['P5', 'P6'].map((b) => ({ unit: serial('BAT', b) })),
      },
      ship('DN-Q5', 4, 'SHOP-A', 'Q5'),
      ship('DN-Q6', 5, 'SHOP-B', 'Q6'),
    ]);
    const page = await plant.get('/api/v1/units/BAT~serial~P5');
    expect(page).toMatchObject({ state: 'shipped', customer: null, quantity: { value: '1', uom: 'pcs' } });
    expect(page.holdings.map((h: { customer: string }) => h.customer)).toEqual(['SHOP-A', 'SHOP-B']);
    const trace = await plant.forward(serial('BAT', 'P5'));
    const [battery] = await plant.rows(trace, 'units', '&item=BAT');
    expect(battery).toMatchObject({ state: 'shipped', customer: null, quantity: { value: '1', uom: 'pcs' } });
    expect(battery.holdings.map((h: { customer: string; quantity: unknown }) => [h.customer, h.quantity])).toEqual([
      ['SHOP-A', null],
      ['SHOP-B', null],
    ]);
    expect(await told(serial('BAT', 'P5'))).toEqual(['SHOP-A DN-Q5 in BIKE Q5 true', 'SHOP-B DN-Q6 in BIKE Q6 true']);
  });

  it('that is a part of a part left with the outermost; asked backward, the parts of a bike left with it', async () => {
    await plant.record([
      ...made('BAT', 'P10', 'P11'),
      ...made('BIKE', 'Q10'),
      {
        type: 'install',
        id: 'inner',
        at: day(2),
        parent: serial('BAT', 'P11'),
        unit: serial('BAT', 'P10'),
      },
      change('install', 'outer', 3, 'Q10', 'P11'),
      ship('DN-Q10', 4, 'SHOP-A', 'Q10'),
      change('remove', 'outer-out', 6, 'Q10', 'P11'),
    ]);
    const inside = 'SHOP-A DN-Q10 in BIKE Q10 true';
    expect(await told(serial('BAT', 'P10'))).toEqual([inside, inside]);
    const back = await plant.backward(serial('BIKE', 'Q10'));
    const rows = await plant.rows(back, 'consignees');
    expect(rows.map((c) => `${nameOf(c.unit)} ${c.inside ? nameOf(c.inside.unit) : 'alone'}`).sort()).toEqual([
      'BAT P10 BIKE Q10',
      'BAT P11 BIKE Q10',
      'BIKE Q10 alone',
    ]);
  });

  it('goes with it by its quantity where it is of a lot; the rest stays in work', async () => {
    const into = (bike: string, value: string) => ({
      type: 'install',
      id: `lot-${bike}`,
      at: day(2),
      parent: serial('BIKE', bike),
      unit: lot('RM', 'PARTS'),
      quantity: kg(value),
    });
    await plant.record([
      ...made('BIKE', 'Q8', 'Q9'),
      { type: 'receive', id: 'parts', at: day(1), unit: lot('RM', 'PARTS'), quantity: kg('10'), supplier: 'ACME' },
      into('Q8', '2'),
      into('Q9', '3'),
      ship('DN-Q8', 4, 'SHOP-A', 'Q8'),
    ]);
    const trace = await plant.forward(lot('RM', 'PARTS'));
    const [parts] = await plant.rows(trace, 'units', '&item=RM');
    const told = parts.holdings.map((h: Record<string, unknown>) => [h.state, h.customer, h.quantity]).sort();
    expect(told).toEqual([
      ['in-stock', null, kg('5')],
      ['in-work', null, kg('3')],
      ['shipped', 'SHOP-A', kg('2')],
    ]);
    const page = await plant.get('/api/v1/units/RM~lot~PARTS');
    expect(page.holdings).toEqual(parts.holdings);
    expect(page).toMatchObject({ state: null, quantity: kg('10') });
  });
});
