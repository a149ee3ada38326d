import { http, useApp } from '../support';
import { Answer, Json, kg, lot, nameOf, Ref, run, TracePlant } from './trace-plant';

const app = useApp();
const plant = new TracePlant(app);

const at = (minute: number): string => new Date(Date.parse('2026-03-02T08:00:00Z') + minute * 60_000).toISOString();
const [bad, good, tank] = [lot('RM', 'BAD'), lot('RM', 'GOOD'), lot('TANK', 'T1')];

const fill = (minute: number, unit: Ref, value: string) => ({
  type: 'top-up',
  at: at(minute),
  vessel: tank,
  unit,
  quantity: kg(value),
});
const make = (minute: number, code: string, value: string | undefined, input: Ref, drawn?: string) => ({
  type: 'produce',
  at: at(minute),
  outputs: [{ unit: lot('FG', code), ...(value === undefined ? {} : { quantity: kg(value) }) }],
  inputs: [{ unit: input, ...(drawn === undefined ? {} : { quantity: kg(drawn) }) }],
});

/** "FG F1": [amount, share] of each row. */
async function amounts(trace: Answer, list: 'units' | 'excluded', query = ''): Promise<Record<string, unknown>> {
  const rows = await plant.rows(trace, list, query);
  return Object.fromEntries(rows.map((r: Json) => [nameOf(r.unit), [r.amount?.value ?? null, r.share]]));
}

beforeAll(async () => {
  await plant.masterData();
  await plant.record([
    { type: 'receive', at: at(0), unit: bad, quantity: kg('100'), supplier: 'ACME' },
    { type: 'receive', at: at(0), unit: good, quantity: kg('1000'), supplier: 'ACME' },
    fill(10, good, '90'),
    make(11, 'BEFORE', '10', tank, '10'),
    fill(12, bad, '20'),
    // 80 good and 20 bad
    make(13, 'STRONG', '50', tank, '50'),
    // 10 of 50
    fill(14, good, '50'),
    // 10 of 100
    make(15, 'WEAK', '20', tank, '20'),
    make(16, 'VAGUE', undefined, tank, '5'),
    // 7.5 of 75; 999 times as much good again
    {
      type: 'produce',
      at: at(17),
      outputs: [{ unit: lot('FG', 'TRACE'), quantity: kg('600') }],
      inputs: [
        { unit: tank, quantity: kg('1') },
        { unit: good, quantity: kg('599') },
      ],
    },
    {
      type: 'ship',
      at: at(18),
      units: [{ unit: lot('FG', 'STRONG'), quantity: kg('30') }],
      customer: 'SHOP-A',
      shipment: 'S-1',
    },
    // What is drawn from something that it is only loaded on is not known.
    { type: 'load', at: at(19), run: run('LINE', 'R1'), unit: bad, quantity: kg('1') },
    make(20, 'LINED', '5', run('LINE', 'R1')),
  ]);
});

describe('amounts of a tank that was filled and drawn in turns', () => {
  it('are the seed material by perfect mixing, with shares; unknown where they cannot be known', async () => {
    const trace = await plant.forward(bad);
    expect(trace.summary.amounts).toBe('done');
    expect(await amounts(trace, 'units')).toEqual({
      'RM BAD': ['80', '1'],
      'TANK T1': ['7.4', '0.1'],
      'FG STRONG': ['10', '0.2'],
      'FG WEAK': ['2', '0.1'],
      'FG VAGUE': [null, null],
      'FG TRACE': ['0.1', '0.000166666666667'],
      'FG LINED': [null, null],
    });
    const rows = await plant.rows(trace, 'units');
    expect(rows.find((r: Json) => r.unit.lot === 'STRONG').amount).toEqual({ value: '10', uom: 'kg' });
    expect(await amounts(trace, 'excluded')).toEqual({ 'FG BEFORE': ['0', '0'] });
  });

  it('sort by share, unknown last, and stand in the CSV', async () => {
    const trace = await plant.forward(bad);
    const rows = await plant.rows(trace, 'units', '&sort=-share');
    expect(rows.map((r: Json) => r.share)).toEqual(['1', '0.2', '0.1', '0.1', '0.000166666666667', null, null]);
    const csv = await http(app()).get(`/api/v1/traces/${trace.id}/units`).set('Accept', 'text/csv').expect(200);
    expect(csv.text).toContain('0.000166666666667');
  });

  it('exclude what never held more than a limit, and keep what is unknown', async () => {
    const trace = await plant.forward(bad, { thresholdShare: '0.15', justification: 'below the limit of detection' });
    // The tank once held a fifth: its highest share counts, not what is left.
    expect(await amounts(trace, 'units')).toEqual({
      'RM BAD': ['80', '1'],
      'TANK T1': ['7.4', '0.1'],
      'FG STRONG': ['10', '0.2'],
      'FG VAGUE': [null, null],
      'FG LINED': [null, null],
    });
    expect(await plant.excluded(trace)).toEqual([
      'FG BEFORE before-exposure',
      'FG TRACE below-threshold',
      'FG WEAK below-threshold',
    ]);
    expect(await amounts(trace, 'excluded')).toMatchObject({ 'FG WEAK': ['2', '0.1'] });
  });

  it('are strictly below: what equals the limit stays', async () => {
    const trace = await plant.forward(bad, { thresholdShare: '0.1', justification: 'below the limit of detection' });
    expect(await plant.excluded(trace)).toEqual(['FG BEFORE before-exposure', 'FG TRACE below-threshold']);
  });

  it('need a justification for a limit, and a limit from above 0 to 1', async () => {
    const ask = (more: object) =>
      http(app())
        .post('/api/v1/traces')
        .send({ direction: 'forward', seeds: [{ unit: bad }], ...more });
    await ask({ thresholdShare: '0.1' }).expect(422);
    await ask({ thresholdShare: '0', justification: 'x' }).expect(422);
    await ask({ thresholdShare: '1.1', justification: 'x' }).expect(422);
  });

  it('count the seed inside its window alone', async () => {
    const trace = await plant.forward(tank, {}, { from: at(12), until: at(14) });
    expect(await amounts(trace, 'units')).toEqual({
      // After its window what is in the tank counts as clean again.
      'TANK T1': ['0', '0'],
      'FG STRONG': ['50', '1'],
    });
  });

  it('are as they were known: at an earlier position, and after a void', async () => {
    const before = await plant.forward(bad);
    await plant.record([{ type: 'top-up', id: 'late', at: at(12), vessel: tank, unit: bad, quantity: kg('20') }]);
    const after = await plant.forward(bad);
    // 80 good and 40 bad: a third.
    expect(await amounts(after, 'units')).toMatchObject({ 'FG STRONG': ['16.6666666667', '0.333333333333'] });
    const then = await plant.forward(bad, { ledgerPosition: before.summary.ledgerPosition });
    expect(await amounts(then, 'units')).toEqual(await amounts(before, 'units'));
    await plant.record([{ type: 'void', event: 'late', reason: 'typed twice' }]);
    expect(await amounts(await plant.forward(bad), 'units')).toEqual(await amounts(before, 'units'));
  });

  it('are none backward', async () => {
    const trace = await plant.backward(lot('FG', 'STRONG'));
    expect(trace.summary.amounts).toBe('none');
    expect(await amounts(trace, 'units')).toMatchObject({ 'RM BAD': [null, null] });
  });
});

describe('a limit on the share', () => {
  const limited = async (unit: Ref, thresholdShare: string): Promise<string[]> => {
    const trace = await plant.forward(unit, { thresholdShare, justification: 'below the limit of detection' });
    return (await plant.rows(trace, 'units')).map((r: Json) => nameOf(r.unit)).sort();
  };

  it('leaves nothing out of which the hour is not known: by its day alone it may have got all of it', async () => {
    const [suspect, clean, day] = [lot('RM', 'DAY-BAD'), lot('RM', 'DAY-GOOD'), lot('TANK', 'T-DAY')];
    const date = '2026-05-02';
    const top = (unit: Ref, value: string) => ({ type: 'top-up', at: date, vessel: day, unit, quantity: kg(value) });
    await plant.record([
      { type: 'receive', at: '2026-05-01T08:00:00Z', unit: suspect, quantity: kg('10'), supplier: 'ACME' },
      { type: 'receive', at: '2026-05-01T08:00:00Z', unit: clean, quantity: kg('1000'), supplier: 'ACME' },
      { type: 'top-up', at: '2026-05-01T09:00:00Z', vessel: day, unit: clean, quantity: kg('10') },
      top(suspect, '10'),
      {
        type: 'produce',
        at: date,
        outputs: [{ unit: lot('FG', 'DAY'), quantity: kg('10') }],
        inputs: [{ unit: day, quantity: kg('10') }],
      },
      top(clean, '980'),
    ]);
    expect(await limited(suspect, '0.05')).toEqual(['FG DAY', 'RM DAY-BAD', 'TANK T-DAY']);
  });

  it('leaves nothing out that may hold more than the expectation says', async () => {
    const [suspect, clean] = [lot('RM', 'TWO-BAD'), lot('RM', 'TWO-GOOD')];
    await plant.record([
      { type: 'receive', at: at(100), unit: suspect, quantity: kg('30'), supplier: 'ACME' },
      { type: 'receive', at: at(100), unit: clean, quantity: kg('30'), supplier: 'ACME' },
      {
        type: 'produce',
        at: at(101),
        outputs: ['P1', 'P2'].map((code) => ({ unit: lot('FG', code), quantity: kg('20') })),
        inputs: [suspect, clean].map((unit) => ({ unit, quantity: kg('20') })),
      },
      { type: 'top-up', at: at(102), vessel: lot('FG', 'P1'), unit: suspect, quantity: kg('0.1') },
    ]);
    expect(await limited(suspect, '0.6')).toEqual(['FG P1', 'FG P2', 'RM TWO-BAD']);
  });
});
