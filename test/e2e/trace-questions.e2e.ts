/** What a question means at its edges: seeds, times, shipments, the order of filters, barriers. */
import { useApp } from '../support';
import { Answer, kg, lot, nameOf, serial, TracePlant } from './trace-plant';

const app = useApp({ env: { TIME_ZONE: 'Europe/Paris' } });
const plant = new TracePlant(app);

const day = (d: number, time = '08:00:00') => `2026-03-${String(d).padStart(2, '0')}T${time}Z`;
const receive = (code: string) => ({
  type: 'receive',
  id: `in-${code}`,
  at: day(1),
  unit: lot('RM', code),
  quantity: kg('100'),
  supplier: 'ACME',
});
const produce = (output: string, at: string, input: string, item = 'FG', from = 'RM') => ({
  type: 'produce',
  id: `make-${output}`,
  at,
  outputs: [{ unit: lot(item, output), quantity: kg('10') }],
  inputs: [{ unit: lot(from, input), quantity: kg('1') }],
});
const ship = (id: string, at: string, code: string, value: string, customer = 'SHOP-A') => ({
  type: 'ship',
  id,
  at,
  customer,
  shipment: id.toUpperCase(),
  units: [{ unit: lot('FG', code), quantity: kg(value) }],
});
const made = (item: string, ...codes: string[]) =>
  codes.map((code) => ({ type: 'create', id: `made-${code}`, at: day(1), unit: serial(item, code) }));
const install = (part: string, bike: string, at: string) => ({
  type: 'install',
  id: `fit-${part}-${bike}`,
  at,
  parent: serial('BIKE', bike),
  unit: serial('BAT', part),
});
const remove = (part: string, bike: string, at: string) => ({
  ...install(part, bike, at),
  type: 'remove',
  id: `take-${part}-${bike}`,
});
const shipBike = (id: string, at: string, bike: string) => ({
  type: 'ship',
  id,
  at,
  customer: 'SHOP-B',
  shipment: id.toUpperCase(),
  units: [{ unit: serial('BIKE', bike) }],
});
const exposureOf = async (trace: Answer, q: string) => (await plant.rows(trace, 'units', `&q=${q}`))[0].exposure;

beforeAll(() => plant.masterData());

describe('seeds', () => {
  beforeAll(() => plant.record([receive('S-1'), produce('S-F', day(3), 'S-1')]));

  it('stand in the result at depth 0 with their window, under the same tests as any unit', async () => {
    const trace = await plant.forward(lot('RM', 'S-1'), {}, { from: day(2), until: day(4) });
    const [seed] = await plant.rows(trace, 'units', '&item=RM');
    expect(seed).toMatchObject({
      depth: 0,
      certainty: 'certain',
      exposure: [['2026-03-02T08:00:00.000Z', '2026-03-04T08:00:00.000Z']],
    });
    // Never shipped, so judged now: its window is over.
    const now = await plant.forward(lot('RM', 'S-1'), { at: 'shipment' }, { from: day(2), until: day(4) });
    expect(await plant.affected(now)).toEqual(['FG S-F certain']);
    expect(await plant.excluded(now)).toEqual(['RM S-1 removed']);
    const before = await plant.forward(lot('RM', 'S-1'), { at: day(1) }, { from: day(2) });
    expect(await plant.affected(before)).toEqual([]);
    expect(await plant.excluded(before)).toEqual(['FG S-F before-exposure', 'RM S-1 before-exposure']);
  });

  it('are never stopped by a barrier on their own item', async () => {
    const trace = await plant.forward(lot('RM', 'S-1'), { barriers: [{ item: 'RM' }], justification: 'x' });
    expect(await plant.affected(trace)).toEqual(['FG S-F certain', 'RM S-1 certain']);
  });
});

describe('the time asked', () => {
  beforeAll(() =>
    plant.record([
      ...made('BAT', 'T-B'),
      ...made('BIKE', 'T-K'),
      install('T-B', 'T-K', day(2)),
      remove('T-B', 'T-K', day(3)),
    ]),
  );

  it('only filters: the exposure shown is whole', async () => {
    const trace = await plant.forward(serial('BAT', 'T-B'), { at: '2026-03-02T10:00:00Z' });
    expect(await exposureOf(trace, 'T-K')).toEqual([['2026-03-02T08:00:00.000Z', '2026-03-03T08:00:00.000Z']]);
  });

  it('is any millisecond of a day in the configured zone where it is a date', async () => {
    // The day of Paris begins at 23:00 UTC of the day before, and the part was out at 08:00 UTC.
    const affected = async (at: string) => plant.affected(await plant.forward(serial('BAT', 'T-B'), { at }));
    expect(await affected('2026-03-03')).toContain('BIKE T-K certain');
    expect(await affected('2026-03-04')).not.toContain('BIKE T-K certain');
    expect(await affected('2026-03-03T08:00:00Z')).not.toContain('BIKE T-K certain');
    expect(await affected('2026-03-03T07:59:59.999Z')).toContain('BIKE T-K certain');
  });

  it('tells "removed" from "before-exposure" by what was earlier than the last time asked', async () => {
    const reason = async (at: string) => plant.excluded(await plant.forward(serial('BAT', 'T-B'), { at }));
    expect(await reason('2026-03-05T00:00:00Z')).toEqual(['BIKE T-K removed']);
    expect(await reason('2026-03-01T00:00:00Z')).toEqual(['BIKE T-K before-exposure']);
  });
});

describe('at shipment', () => {
  beforeAll(() =>
    plant.record([
      receive('H-1'),
      produce('H-F', day(3), 'H-1'),
      // Made on the second, tainted on the fifth: what left on the fourth was good.
      { type: 'create', id: 'h-tank', at: day(2), unit: lot('FG', 'H-V'), quantity: kg('100') },
      ship('h-early', day(4), 'H-V', '60'),
      { type: 'top-up', id: 'h-up', at: day(5), vessel: lot('FG', 'H-V'), unit: lot('RM', 'H-1'), quantity: kg('1') },
      ship('h-late', day(6), 'H-V', '41', 'SHOP-B'),
    ]),
  );

  it('asks at any shipment, and judges each by itself', async () => {
    const trace = await plant.forward(lot('RM', 'H-1'), { at: 'shipment' });
    expect(await plant.affected(trace)).toEqual(['FG H-F certain', 'FG H-V certain', 'RM H-1 certain']);
    const hits = (await plant.rows(trace, 'consignees')).map((c) => `${nameOf(c.unit)} ${c.shipment} ${c.hit}`);
    expect(hits.sort()).toEqual(['FG H-V H-EARLY false', 'FG H-V H-LATE true']);
  });

  it('does not count a shipment that was voided', async () => {
    await plant.record([{ type: 'void', id: 'h-void', event: 'h-late', reason: 'never left' }]);
    // Some of it is in house again: judged now, when it is tainted.
    const trace = await plant.forward(lot('RM', 'H-1'), { at: 'shipment' });
    expect(await plant.affected(trace)).toContain('FG H-V certain');
    await plant.record([ship('h-rest', day(4, '09:00:00'), 'H-V', '41')]);
    // All of it left before the top-up: the top-up is odd, and the shipments were good.
    const gone = await plant.forward(lot('RM', 'H-1'), { at: 'shipment' });
    expect(await plant.affected(gone)).not.toContain('FG H-V certain');
    expect(await plant.excluded(gone)).toEqual(['FG H-V before-exposure']);
  });

  it('does not take a lot for gone of which only a container has left, as nobody knows how much was in it', async () => {
    await plant.record([
      ...made('BAT', 'P-B'),
      { type: 'produce', id: 'p-make', at: day(2), outputs: [{ unit: lot('FG', 'P-V') }] },
      { type: 'pack', id: 'p-pack', at: day(3), container: 'P-C', units: [{ unit: lot('FG', 'P-V') }] },
      { type: 'ship', id: 'p-ship', at: day(4), container: 'P-C', customer: 'SHOP-A', shipment: 'P-SH' },
      { type: 'install', id: 'p-in', at: day(5), parent: lot('FG', 'P-V'), unit: serial('BAT', 'P-B') },
    ]);
    for (const source of ['sql', 'index']) {
      const trace = await plant.forward(serial('BAT', 'P-B'), { at: 'shipment', source });
      expect(await plant.affected(trace)).toContain('FG P-V certain');
    }
  });

  it('is not inherited from a parent', async () => {
    await plant.record([
      ...made('BAT', 'I-B'),
      ...made('BIKE', 'I-K'),
      install('I-B', 'I-K', day(2)),
      shipBike('i-ship', day(4), 'I-K'),
      remove('I-B', 'I-K', day(6)),
    ]);
    // The battery itself never was shipped: it is judged now, and now it is what it always was.
    const trace = await plant.forward(serial('BAT', 'I-B'), { at: 'shipment' }, { until: day(5) });
    expect(await plant.affected(trace)).toEqual(['BIKE I-K certain']);
    expect(await plant.excluded(trace)).toEqual(['BAT I-B removed']);
  });
});

describe('several filters', () => {
  it('give the first that drops a unit: time, then barrier, then certainty', async () => {
    await plant.record([
      receive('O-1'),
      produce('O-T', day(2), 'O-1', 'TANK'),
      produce('O-U', day(6), 'O-1', 'TANK'),
      {
        ...produce('O-F', day(7), 'O-U', 'FG', 'TANK'),
        inputs: [{ unit: lot('TANK', 'O-U'), quantity: kg('1'), certainty: 'possible' }],
      },
      {
        ...produce('O-P', day(7), 'O-1', 'FG'),
        inputs: [{ unit: lot('RM', 'O-1'), quantity: kg('1'), certainty: 'possible' }],
      },
    ]);
    const more = { barriers: [{ item: 'TANK' }], justification: 'x', certainty: 'certain' };
    const trace = await plant.forward(lot('RM', 'O-1'), more, { from: day(4) });
    expect(await plant.affected(trace)).toEqual(['RM O-1 certain']);
    expect(await plant.excluded(trace)).toEqual([
      'FG O-F barrier',
      'FG O-P only-possible',
      'TANK O-T before-exposure',
      'TANK O-U barrier',
    ]);
    expect(trace.summary.counts.excluded).toEqual({ 'before-exposure': 1, barrier: 2, 'only-possible': 1 });
  });
});

describe('a barrier on an inspection', () => {
  const inspect = (id: string, at: string, bike: string, result: string) => ({
    type: 'inspect',
    id,
    at,
    unit: serial('BIKE', bike),
    characteristic: 'ride',
    result,
  });
  const affected = async (part: string) =>
    plant.affected(
      await plant.forward(serial('BAT', part), { barriers: [{ inspection: 'ride' }], justification: 'ridden' }),
    );

  it('never drops what is still installed, and drops what was taken out before the pass', async () => {
    await plant.record([
      ...made('BAT', 'N-1', 'N-2', 'N-3'),
      ...made('BIKE', 'N-IN', 'N-OUT', 'N-BAD'),
      install('N-1', 'N-IN', day(2)),
      inspect('n-in', day(5), 'N-IN', 'pass'),
      install('N-2', 'N-OUT', day(2)),
      remove('N-2', 'N-OUT', day(3)),
      inspect('n-out', day(5), 'N-OUT', 'pass'),
      install('N-3', 'N-BAD', day(2)),
      remove('N-3', 'N-BAD', day(3)),
      inspect('n-bad', day(5), 'N-BAD', 'pass'),
      inspect('n-fail', day(6), 'N-BAD', 'fail'),
    ]);
    expect(await affected('N-1')).toContain('BIKE N-IN certain');
    expect(await affected('N-2')).not.toContain('BIKE N-OUT certain');
    expect(await affected('N-3')).toContain('BIKE N-BAD certain');
  });

  it('does not help where the bike was shipped before it passed', async () => {
    await plant.record([
      ...made('BAT', 'N-4'),
      ...made('BIKE', 'N-GONE'),
      install('N-4', 'N-GONE', day(2)),
      remove('N-4', 'N-GONE', day(3)),
      shipBike('n-ship', day(4), 'N-GONE'),
      inspect('n-late', day(5), 'N-GONE', 'pass'),
    ]);
    expect(await affected('N-4')).toContain('BIKE N-GONE certain');
  });
});
