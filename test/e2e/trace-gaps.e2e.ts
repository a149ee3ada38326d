/** A trace, the page of a unit and the list of open gaps say the same: one set of rules, read at the trace's position. */
import { http, useApp, waitFor } from '../support';
import { type Answer, kg, lot, nameOf, type Ref, serial, TracePlant } from './trace-plant';

const app = useApp();
const plant = new TracePlant(app);
const day = (n: number, hour = '08:00') => `2026-03-${String(n).padStart(2, '0')}T${hour}:00Z`;
const said = (gaps: { kind: string; unit: Ref }[]) => gaps.map((g) => `${g.kind} ${nameOf(g.unit)}`).sort();
const gapsOf = async (answer: Answer) => said(await plant.rows(answer, 'gaps'));

const ALL = [
  'installed-while-held BAT B1',
  'shipped-after-expiry FG F1',
  'shipped-while-held BIKE K1',
  // It went into both.
  'used-after-expiry RM L1',
  'used-after-expiry RM L1',
  'used-while-held RM L1',
  'used-while-held RM L1',
];

beforeAll(async () => {
  await plant.masterData();
  await plant.record([
    { type: 'receive', id: 'l1', at: day(1), unit: lot('RM', 'L1'), quantity: kg('50'), expires: day(3, '00:00') },
    { type: 'hold', id: 'h-l1', at: day(2), units: [{ unit: lot('RM', 'L1') }], reason: 'smells odd' },
    // Neither a split nor what is scrapped is a use.
    {
      type: 'split',
      id: 'sp',
      at: day(4),
      from: [{ unit: lot('RM', 'L1'), quantity: kg('5') }],
      to: [{ unit: lot('RM', 'L2'), quantity: kg('5') }],
    },
    { type: 'scrap', id: 'sc', at: day(4), unit: lot('RM', 'L1'), quantity: kg('1'), reason: 'sample' },
    {
      type: 'produce',
      id: 'p-bat',
      at: day(5),
      outputs: [{ unit: serial('BAT', 'B1') }],
      inputs: [{ unit: lot('RM', 'L1'), quantity: kg('10') }],
    },
    {
      type: 'produce',
      id: 'p-fg',
      at: day(5),
      outputs: [{ unit: lot('FG', 'F1'), quantity: kg('10') }],
      inputs: [{ unit: lot('RM', 'L1'), quantity: kg('10') }],
    },
    { type: 'amend', id: 'am', at: day(5), unit: lot('FG', 'F1'), expires: day(6, '00:00'), reason: 'label' },
    { type: 'create', id: 'k1', at: day(1), unit: serial('BIKE', 'K1') },
    { type: 'hold', id: 'h-b1', at: day(5, '10:00'), units: [{ unit: serial('BAT', 'B1') }], reason: 'swollen' },
    { type: 'install', id: 'in', at: day(6), parent: serial('BIKE', 'K1'), unit: serial('BAT', 'B1') },
    {
      type: 'ship',
      id: 'sh',
      at: day(7),
      units: [{ unit: serial('BIKE', 'K1') }, { unit: lot('FG', 'F1'), quantity: kg('2') }],
      customer: 'SHOP-A',
      shipment: 'SH-1',
    },
  ]);
});

it.each(['index', 'sql'])('a trace from the %s shows every gap of what it reaches', async (source) => {
  const forward = await plant.forward(lot('RM', 'L1'), { source });
  expect(await gapsOf(forward)).toEqual(ALL);
  expect(forward.summary).toMatchObject({ complete: false, source });
  const messages = (await plant.rows(forward, 'gaps', '&kind=shipped-while-held')).map((g) => g.message);
  expect(messages).toEqual([
    'serial BIKE K1 was shipped on 2026-03-07 while serial BAT B1, which was in it, was on hold (swollen).',
  ]);
  const backward = await plant.backward(serial('BIKE', 'K1'), { source });
  expect(await gapsOf(backward)).toEqual(ALL.filter((gap) => !gap.includes('F1')));
});

it('the list of open gaps and the pages of the units say the same', async () => {
  const list = () => plant.get('/api/v1/gaps?limit=1000');
  await waitFor(async () => (await list()).data.length === ALL.length, { what: 'the list of gaps' });
  expect(
    said((await list()).data.map((g: { kind: string; unit: { unit: Ref } }) => ({ kind: g.kind, unit: g.unit.unit }))),
  ).toEqual(ALL);
  const pages = ['RM~lot~L1', 'RM~lot~L2', 'BAT~serial~B1', 'FG~lot~F1', 'BIKE~serial~K1'];
  const own = await Promise.all(pages.map((unit) => plant.get(`/api/v1/units/${unit}/gaps`)));
  expect(own.flatMap((page) => page.data.map((g: { kind: string }) => g.kind)).sort()).toEqual(
    ALL.map((gap) => gap.split(' ')[0]),
  );
});

it('an earlier position does not know of what was recorded later, in a part either', async () => {
  const before = await plant.forward(lot('RM', 'L1'));
  await plant.record([{ type: 'release', id: 'r-b1', at: day(5, '11:00'), hold: 'h-b1' }]);
  const without = ALL.filter((gap) => !/B1|K1/.test(gap));
  for (const source of ['index', 'sql']) {
    expect(await gapsOf(await plant.forward(lot('RM', 'L1'), { source }))).toEqual(without);
    const { ledgerPosition } = before.summary;
    const then = await plant.forward(lot('RM', 'L1'), { source: source === 'sql' ? 'sql' : 'auto', ledgerPosition });
    expect(await gapsOf(then)).toEqual(ALL);
  }
});

it('what was only announced shows none, wherever it is read from', async () => {
  await http(app())
    .post('/api/v1/events')
    .send([
      {
        type: 'expect',
        id: 'asn',
        at: day(8),
        purchaseOrder: 'PO-1',
        partner: 'ACME',
        lines: [{ item: 'RM', quantity: kg('5'), unit: lot('RM', 'L9') }],
      },
    ])
    .expect(200);
  for (const source of ['index', 'sql']) {
    const trace = await plant.forward(lot('RM', 'L9'), { source });
    expect(trace.summary).toMatchObject({ complete: true, counts: { gaps: {} } });
  }
});
