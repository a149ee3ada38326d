import { http, useApp } from '../support';
import { Answer, Json, kg, lot, nameOf, Ref, serial, TracePlant } from './trace-plant';

const app = useApp();
const plant = new TracePlant(app);

const day = (d: number, time = '08:00:00') => `2026-03-${String(d).padStart(2, '0')}T${time}Z`;
const address = (unit: Ref): string => {
  const kind = 'lot' in unit ? 'lot' : 'serial';
  return `${unit.item}~${kind}~${unit[kind]}`;
};
const why = (trace: Answer, unit: Ref): Promise<Json> =>
  plant.get(`/api/v1/traces/${trace.id}/why/${encodeURIComponent(address(unit))}`);
const steps = (chain: Json[]): string[] =>
  chain.map(({ link }) => `${nameOf(link.input.unit)} → ${nameOf(link.output.unit)}`);

const receive = (id: string, code: string, item = 'RM') => ({
  type: 'receive',
  id,
  at: day(1),
  unit: lot(item, code),
  quantity: kg('100'),
  supplier: 'ACME',
});
const made = (item: string, ...codes: string[]) =>
  codes.map((code) => ({ type: 'create', id: `made-${code}`, at: day(1), unit: serial(item, code) }));
const produce = (id: string, at: string, output: Ref, inputs: Ref[], more: object = {}) => ({
  type: 'produce',
  id,
  at,
  outputs: [{ unit: output, quantity: kg('10') }],
  inputs: inputs.map((unit) => ({ unit, quantity: kg('1') })),
  ...more,
});

beforeAll(() => plant.masterData());

describe('a tank that the suspect was topped up into', () => {
  let trace: Answer;

  beforeAll(async () => {
    await plant.record([
      receive('t-rm', 'BAD'),
      { type: 'create', id: 't-tank', at: day(1), unit: lot('TANK', 'T'), quantity: kg('500') },
      produce('t-f1', day(2), lot('FG', 'EARLY'), [lot('TANK', 'T')]),
      produce('t-f2', day(10, '06:00:00'), lot('FG', 'LATE'), [lot('TANK', 'T')], { workOrder: 'WO-9' }),
      { type: 'top-up', id: 't-up', at: day(10), vessel: lot('TANK', 'T'), unit: lot('RM', 'BAD'), quantity: kg('50') },
      produce('t-mix', day(12), lot('FG', 'MIXED'), [lot('FG', 'EARLY'), lot('FG', 'LATE')]),
    ]);
    trace = await plant.forward(lot('RM', 'BAD'));
  });

  it('leaves out what was drawn before, and names the draw that missed it nearest in time', async () => {
    expect(await plant.excluded(trace)).toContain('FG MIXED before-exposure');
    const answer = await why(trace, lot('FG', 'MIXED'));
    expect(answer).toMatchObject({ certainty: null, waysIn: 0, missing: [], surest: null });
    expect(steps(answer.chain)).toEqual(['RM BAD → TANK T']);
    expect(answer.excluded).toMatchObject({
      reason: 'before-exposure',
      failedAt: { output: { unit: lot('FG', 'LATE') }, workOrder: 'WO-9', from: '2026-03-10T06:00:00.000Z' },
      missedByMs: 7_200_000,
      exposed: ['2026-03-10T08:00:00.000Z', null],
    });
    expect(steps(answer.excluded.onwards)).toEqual(['FG LATE → FG MIXED']);
    expect(answer.sentences).toEqual([
      'Lot RM BAD (50 kg) was topped up into lot TANK T on 2026-03-10 08:00 UTC at LYON (certain).',
      'Lot TANK T (1 kg) was consumed into lot FG LATE on 2026-03-10 06:00 UTC at LYON by work order WO-9 (certain). That was 2 hours before lot TANK T was affected (from 2026-03-10 08:00 UTC on).',
    ]);
  });

  it('is out at a time before the top-up, and says what came later', async () => {
    const earlier = await plant.forward(lot('RM', 'BAD'), { at: '2026-03-05T00:00:00Z' });
    const answer = await why(earlier, lot('TANK', 'T'));
    expect(answer.excluded).toMatchObject({
      reason: 'before-exposure',
      failedAt: { type: 'top-up' },
      asked: { kind: 'period', from: '2026-03-05T00:00:00.000Z' },
    });
    expect(answer.excluded.sentence).toMatch(
      /Lot TANK T is affected only from 2026-03-10 08:00 UTC on, so not yet at the time asked about \(on 2026-03-05 00:00 UTC\)\.$/,
    );
  });

  it('says of a seed that its own window ends before', async () => {
    const seed = { until: '2026-03-09T00:00:00Z' };
    const narrow = await plant.forward(lot('RM', 'BAD'), { at: '2026-03-20T00:00:00Z' }, seed);
    const answer = await why(narrow, lot('RM', 'BAD'));
    expect(answer).toMatchObject({ chain: [], excluded: { reason: 'removed', failedAt: null } });
    expect(answer.excluded.sentence).toMatch(/^Lot RM BAD was affected until 2026-03-09 00:00 UTC, and no longer at/);
  });

  it('goes backward: what was drawn after the day that matters did not go in', async () => {
    const back = await plant.backward(lot('TANK', 'T'), {}, { until: '2026-03-05T00:00:00Z' });
    const answer = await why(back, lot('RM', 'BAD'));
    expect(answer.excluded).toMatchObject({ reason: 'before-exposure', failedAt: { type: 'top-up' } });
    expect(answer.excluded.sentence).toMatch(
      /That was 5 days 8 hours after the time asked about of lot TANK T ends \(until 2026-03-05 00:00 UTC\)\.$/,
    );
  });

  it('is silent about what no link leads to', async () => {
    await plant.record([receive('t-other', 'OTHER')]);
    const answer = await http(app()).get(`/api/v1/traces/${trace.id}/why/RM~lot~OTHER`).expect(404);
    expect(answer.body.code).toBe('NOT_IN_TRACE');
  });
});

describe('a part that left in time', () => {
  it('is named with the shipment that it was out before', async () => {
    await plant.record([
      ...made('BAT', 'W1'),
      ...made('BIKE', 'W2'),
      { type: 'install', id: 'w-in', at: day(2), parent: serial('BIKE', 'W2'), unit: serial('BAT', 'W1') },
      { type: 'remove', id: 'w-out', at: day(3), parent: serial('BIKE', 'W2'), unit: serial('BAT', 'W1') },
      {
        type: 'ship',
        id: 'w-ship',
        at: day(5),
        customer: 'SHOP-A',
        shipment: 'DN-W',
        units: [{ unit: serial('BIKE', 'W2') }],
      },
    ]);
    const trace = await plant.forward(serial('BAT', 'W1'), { at: 'shipment' });
    const { excluded } = await why(trace, serial('BIKE', 'W2'));
    expect(excluded).toMatchObject({
      reason: 'removed',
      failedAt: { mode: 'install', until: '2026-03-03T08:00:00.000Z' },
      asked: { kind: 'shipment', from: '2026-03-05T08:00:00.000Z' },
    });
    expect(excluded.sentence).toMatch(
      /Serial BIKE W2 was affected until 2026-03-03 08:00 UTC, and no longer when serial BIKE W2 was shipped on 2026-03-05 08:00 UTC \(DN-W\), 2 days later\.$/,
    );
  });
});

describe('a barrier', () => {
  beforeAll(() =>
    plant.record([
      receive('b-rm', 'B-RM'),
      produce('b-1', day(2), lot('TANK', 'B-1'), [lot('RM', 'B-RM')]),
      { type: 'inspect', id: 'b-ok', at: day(3), unit: lot('TANK', 'B-1'), characteristic: 'assay', result: 'pass' },
      produce('b-2', day(4), lot('FG', 'B-2'), [lot('TANK', 'B-1')]),
    ]),
  );

  it('on an item is named where it stops the risk', async () => {
    const trace = await plant.forward(lot('RM', 'B-RM'), { barriers: [{ item: 'TANK' }], justification: 'boiled' });
    const { chain, excluded } = await why(trace, lot('FG', 'B-2'));
    expect(chain).toEqual([]);
    expect(excluded).toMatchObject({
      reason: 'barrier',
      barrier: { item: 'TANK' },
      failedAt: { output: { unit: lot('TANK', 'B-1') } },
    });
    expect(steps(excluded.onwards)).toEqual(['TANK B-1 → FG B-2']);
    expect(excluded.sentence).toMatch(/The risk was said to stop at item TANK, and so at lot TANK B-1\.$/);
  });

  it('on an inspection is named with its date', async () => {
    const trace = await plant.forward(lot('RM', 'B-RM'), { barriers: [{ inspection: 'assay' }], justification: 'ok' });
    const { excluded } = await why(trace, lot('FG', 'B-2'));
    expect(excluded.barrier).toEqual({
      inspection: 'assay',
      at: '2026-03-03T08:00:00.000Z',
      event: expect.stringMatching(/^e\d+$/),
    });
    expect(excluded.sentence).toMatch(/Lot TANK B-1 passed the inspection "assay" on 2026-03-03 08:00 UTC/);
  });
});

describe('a share below the limit', () => {
  it('is named with the limit and its justification, and the chain holds', async () => {
    await plant.record([
      receive('l-rm', 'L-RM'),
      { type: 'create', id: 'l-tank', at: day(1), unit: lot('TANK', 'L-T'), quantity: kg('999') },
      {
        type: 'top-up',
        id: 'l-up',
        at: day(2),
        vessel: lot('TANK', 'L-T'),
        unit: lot('RM', 'L-RM'),
        quantity: kg('1'),
      },
    ]);
    const justification = 'Harmless below one percent.';
    const trace = await plant.forward(lot('RM', 'L-RM'), { thresholdShare: '0.01', justification });
    expect(await plant.excluded(trace)).toEqual(['TANK L-T below-threshold']);
    const answer = await why(trace, lot('TANK', 'L-T'));
    expect(steps(answer.chain)).toEqual(['RM L-RM → TANK L-T']);
    expect(answer).toMatchObject({
      certainty: null,
      waysIn: 1,
      excluded: {
        reason: 'below-threshold',
        failedAt: null,
        threshold: { share: '0.001', limit: '0.01', justification },
      },
    });
    expect(answer.sentences).toHaveLength(2);
    expect(answer.sentences[1]).toBe(
      'The share of the suspect material in lot TANK L-T (now 0.001) was at all times below the limit of 0.01 that was set: Harmless below one percent.',
    );
  });
});

describe('what is only possible', () => {
  beforeAll(() =>
    plant.record([
      receive('p-s1', 'P-1', 'SPICE'),
      receive('p-s2', 'P-2', 'SPICE'),
      {
        type: 'produce',
        id: 'p-mix',
        at: day(2),
        workOrder: 'WO-P',
        outputs: ['P-M1', 'P-M2'].map((m) => ({ unit: lot('FG', m), quantity: kg('5') })),
        inputs: ['P-1', 'P-2'].map((s) => ({ unit: lot('SPICE', s), quantity: kg('1') })),
      },
    ]),
  );

  it('says which went into which is what is missing, and who may have gone into whom', async () => {
    const trace = await plant.forward(lot('SPICE', 'P-1'));
    const { certainty, missing } = await why(trace, lot('FG', 'P-M2'));
    expect(certainty).toBe('possible');
    expect(missing).toMatchObject([
      {
        fact: 'which-output',
        event: { clientId: 'p-mix', type: 'produce', at: day(2) },
        link: { input: { unit: lot('SPICE', 'P-1') } },
        inputs: [{ unit: lot('SPICE', 'P-1') }, { unit: lot('SPICE', 'P-2') }],
        outputs: [{ unit: lot('FG', 'P-M1') }, { unit: lot('FG', 'P-M2') }],
        sentence:
          'Lot SPICE P-1 and lot SPICE P-2 went into lot FG P-M1 and lot FG P-M2 on 2026-03-02 08:00 UTC, event p-mix (work order WO-P): which of them went into which was not recorded. Correct that event: name the outputs of each input with "for".',
      },
    ]);
    const sure = await plant.forward(lot('SPICE', 'P-1'), { certainty: 'certain' });
    const left = await why(sure, lot('FG', 'P-M2'));
    expect(left.excluded).toMatchObject({ reason: 'only-possible', failedAt: { event: expect.any(String) } });
    expect(left.missing).toMatchObject([{ fact: 'which-output' }]);
  });

  it('is settled by the record that is named', async () => {
    await plant.record([
      {
        type: 'correct',
        id: 'p-corrected',
        at: day(2),
        event: 'p-mix',
        reason: 'read from the batch sheet',
        with: {
          type: 'produce',
          outputs: ['P-M1', 'P-M2'].map((m) => ({ unit: lot('FG', m), quantity: kg('5') })),
          inputs: ['P-1', 'P-2'].map((s, i) => ({ unit: lot('SPICE', s), quantity: kg('1'), for: [i] })),
        },
      },
    ]);
    const trace = await plant.forward(lot('SPICE', 'P-1'));
    expect(await plant.affected(trace)).toEqual(['FG P-M1 certain', 'SPICE P-1 certain']);
  });

  it('says that one serial may be in either of two, and where an event says "possible" itself', async () => {
    await plant.record([
      ...made('BAT', 'P-B'),
      {
        type: 'produce',
        id: 'p-bikes',
        at: day(3),
        outputs: ['P-K1', 'P-K2'].map((code) => ({ unit: serial('BIKE', code) })),
        inputs: [{ unit: serial('BAT', 'P-B') }],
      },
      receive('p-rm', 'P-RM'),
      {
        ...produce('p-stated', day(3), lot('FG', 'P-ST'), []),
        inputs: [{ unit: lot('RM', 'P-RM'), quantity: kg('1'), certainty: 'possible' }],
      },
    ]);
    const battery = await why(await plant.forward(serial('BAT', 'P-B')), serial('BIKE', 'P-K2'));
    expect(battery.missing).toMatchObject([{ fact: 'which-output' }]);
    expect(battery.missing[0].sentence).toMatch(
      /^Serial BAT P-B went into serial BIKE P-K1 or serial BIKE P-K2 on 2026-03-03 08:00 UTC, event p-bikes: into which of them was not recorded\./,
    );
    const stated = await why(await plant.forward(lot('RM', 'P-RM')), lot('FG', 'P-ST'));
    expect(stated.missing).toMatchObject([{ fact: 'stated-possible', event: { clientId: 'p-stated' } }]);
  });

  it('asks for the removal that was not recorded, and for the installation before a removal', async () => {
    const install = (id: string, bike: string, at: string) => ({
      type: 'install',
      id,
      at,
      parent: serial('BIKE', bike),
      unit: serial('BAT', 'Q-B'),
    });
    await plant.record([
      ...made('BAT', 'Q-B', 'Q-O'),
      ...made('BIKE', 'Q-1', 'Q-2', 'Q-3'),
      install('q-in1', 'Q-1', day(2)),
      install('q-in2', 'Q-2', day(4)),
      { type: 'remove', id: 'q-out', at: day(6), parent: serial('BIKE', 'Q-3'), unit: serial('BAT', 'Q-O') },
    ]);
    const now = await plant.forward(serial('BAT', 'Q-B'), { at: 'shipment' });
    const first = await why(now, serial('BIKE', 'Q-1'));
    expect(first).toMatchObject({
      certainty: 'possible',
      missing: [{ fact: 'removal', outputs: [{ unit: serial('BIKE', 'Q-2') }] }],
      surely: { exposure: [['2026-03-02T08:00:00.000Z', '2026-03-04T08:00:00.000Z']] },
    });
    expect(first.missing[0].sentence).toBe(
      'The removal of serial BAT Q-B from serial BIKE Q-1 was not recorded, and on 2026-03-04 08:00 UTC it was in serial BIKE Q-2. Record when it left serial BIKE Q-1 ("remove").',
    );
    expect(first.surely.sentence).toBe(
      'Serial BIKE Q-1 surely was affected from 2026-03-02 08:00 UTC until 2026-03-04 08:00 UTC, but at the time asked about only possibly.',
    );
    const orphan = await why(await plant.forward(serial('BAT', 'Q-O')), serial('BIKE', 'Q-3'));
    expect(orphan.missing).toMatchObject([{ fact: 'installation', event: { clientId: 'q-out' } }]);
    expect(orphan.missing[0].sentence).toMatch(/when it came there was not recorded\. Record that \("install"\)\.$/);
  });

  it('shows the surer way beside a shorter one', async () => {
    await plant.record([
      receive('s-rm', 'S-RM'),
      {
        ...produce('s-direct', day(5), lot('FG', 'S-FG'), []),
        inputs: [
          { unit: lot('RM', 'S-RM'), quantity: kg('1'), certainty: 'possible' },
          { unit: lot('TANK', 'S-T'), quantity: kg('1') },
        ],
      },
      produce('s-tank', day(4), lot('TANK', 'S-T'), [lot('RM', 'S-RM')]),
    ]);
    const answer = await why(await plant.forward(lot('RM', 'S-RM')), lot('FG', 'S-FG'));
    expect(answer).toMatchObject({ certainty: 'certain', waysIn: 2, missing: [], surely: null, excluded: null });
    expect(steps(answer.chain)).toEqual(['RM S-RM → FG S-FG']);
    expect(steps(answer.surest.chain)).toEqual(['RM S-RM → TANK S-T', 'TANK S-T → FG S-FG']);
    expect(answer.surest.sentences).toHaveLength(2);
  });
});
