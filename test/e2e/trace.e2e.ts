import { http, useApp } from '../support';
import { kg, lot, nameOf, run, serial, TracePlant } from './trace-plant';

const app = useApp({ env: { TIME_ZONE: 'Europe/Paris' } });
const plant = new TracePlant(app);
const api = () => http(app());

const day = (d: number, time = '08:00:00') => `2026-03-${String(d).padStart(2, '0')}T${time}Z`;

beforeAll(() => plant.masterData());

describe('a contaminated lot', () => {
  beforeAll(() =>
    plant.record([
      {
        type: 'receive',
        id: 'rm',
        at: day(1),
        unit: lot('RM', 'L-1'),
        quantity: kg('100'),
        supplier: 'ACME',
        supplierLot: 'A-77',
      },
      {
        type: 'produce',
        id: 'f1',
        at: '2026-03-02T08:15:00Z',
        workOrder: 'WO-7',
        outputs: [{ unit: lot('FG', 'F1'), quantity: kg('50') }],
        inputs: [{ unit: lot('RM', 'L-1'), quantity: kg('12.5') }],
      },
      {
        type: 'produce',
        id: 'f2',
        at: day(5),
        outputs: [{ unit: lot('FG', 'F2'), quantity: kg('50') }],
        inputs: [{ unit: lot('RM', 'L-1'), quantity: kg('12.5') }],
      },
      {
        type: 'ship',
        id: 's1',
        at: day(6),
        customer: 'SHOP-A',
        shipment: 'DN-1',
        units: [{ unit: lot('FG', 'F1'), quantity: kg('20') }],
      },
      {
        type: 'ship',
        id: 's2',
        at: day(7),
        customer: 'SHOP-B',
        shipment: 'DN-2',
        units: [{ unit: lot('FG', 'F1'), quantity: kg('10') }],
      },
    ]),
  );

  it('reaches what was made of it, with state, place, customer, counts and shipment documents', async () => {
    const trace = await plant.forward(lot('RM', 'L-1'));
    expect(await plant.affected(trace)).toEqual(['FG F1 certain', 'FG F2 certain', 'RM L-1 certain']);
    expect(trace.summary).toMatchObject({
      status: 'done',
      complete: true,
      digest: expect.stringMatching(/^[0-9a-f]{64}$/),
      counts: { affected: 3, certain: 3, possible: 0, excluded: {}, gaps: {} },
    });
    const { byItem, byState, byCustomer, byPlace } = trace.summary.counts;
    expect(byItem).toMatchObject([
      { key: 'FG', name: 'Item FG', units: 2, certain: 2, quantity: { value: '100', uom: 'kg' } },
      { key: 'RM', units: 1, quantity: { value: '75', uom: 'kg' } },
    ]);
    expect(byState).toMatchObject([
      { key: 'in-stock', units: 3, quantities: [{ value: '145', uom: 'kg' }] },
      { key: 'shipped', units: 1, quantities: [{ value: '30', uom: 'kg' }] },
    ]);
    expect(byCustomer).toMatchObject([
      { key: 'SHOP-A', units: 1, quantities: [{ value: '20', uom: 'kg' }] },
      { key: 'SHOP-B', units: 1, quantities: [{ value: '10', uom: 'kg' }] },
    ]);
    expect(byPlace).toMatchObject([{ key: 'LYON', units: 3 }]);
    const [f1] = await plant.rows(trace, 'units', '&q=F1');
    expect(f1).toMatchObject({
      state: null,
      place: null,
      customer: null,
      depth: 1,
      exposure: [['2026-03-02T08:15:00.000Z', null]],
    });
    expect(f1.holdings).toHaveLength(3);
    expect(await plant.rows(trace, 'consignees')).toMatchObject([
      {
        customer: { partner: 'SHOP-A', email: 'shop-a@example.org' },
        shipment: 'DN-1',
        quantity: kg('20'),
        hit: true,
        at: '2026-03-06T08:00:00.000Z',
      },
      { customer: { partner: 'SHOP-B' }, shipment: 'DN-2', quantity: kg('10'), hit: true },
    ]);
  });

  it('says why, in a sentence with quantity, time, place, work order and certainty', async () => {
    const trace = await plant.forward(lot('RM', 'L-1'));
    const why = await plant.get(`/api/v1/traces/${trace.id}/why/FG~lot~F1`);
    expect(why.sentences).toEqual([
      'Lot RM L-1 (12.5 kg) was consumed into lot FG F1 on 2026-03-02 08:15 UTC at LYON by work order WO-7 (certain).',
    ]);
    expect(why).toMatchObject({
      waysIn: 1,
      certainty: 'certain',
      chain: [{ link: { workOrder: 'WO-7', quantity: kg('12.5') } }],
    });
    const seed = await plant.get(`/api/v1/traces/${trace.id}/why/RM~lot~L-1`);
    expect(seed).toMatchObject({ chain: [], sentences: ['Lot RM L-1 is what was asked about.'] });
  });

  it('leaves out what was drawn before the window, and says so; a date alone is that day in the configured zone', async () => {
    const trace = await plant.forward(lot('RM', 'L-1'), {}, { from: '2026-03-03' });
    expect(await plant.affected(trace)).toEqual(['FG F2 certain', 'RM L-1 certain']);
    expect(await plant.excluded(trace)).toEqual(['FG F1 before-exposure']);
    const [seed] = await plant.rows(trace, 'units', '&item=RM');
    expect(seed.exposure).toEqual([['2026-03-02T23:00:00.000Z', null]]);
    const until = await plant.forward(lot('RM', 'L-1'), {}, { until: '2026-03-02' });
    expect(await plant.affected(until)).toEqual(['FG F1 certain', 'RM L-1 certain']);
  });

  it('joins the windows of one seed that is named twice', async () => {
    const seeds = [
      { unit: lot('RM', 'L-1'), until: '2026-03-03' },
      { unit: lot('RM', 'L-1'), from: '2026-03-05' },
    ];
    const trace = await plant.ask({ direction: 'forward', seeds });
    expect(await plant.affected(trace)).toHaveLength(3);
    const [seed] = await plant.rows(trace, 'units', '&item=RM');
    expect(seed.exposure).toEqual([
      [null, '2026-03-03T23:00:00.000Z'],
      ['2026-03-04T23:00:00.000Z', null],
    ]);
  });

  it('stops at a barrier, and excludes with the reason what only it would reach', async () => {
    await plant.record([
      {
        type: 'produce',
        id: 'k1',
        at: day(8),
        outputs: [{ unit: lot('TANK', 'T-b'), quantity: kg('1') }],
        inputs: [{ unit: lot('FG', 'F2'), quantity: kg('1') }],
      },
    ]);
    const trace = await plant.forward(lot('RM', 'L-1'), { barriers: [{ item: 'FG' }] });
    expect(await plant.affected(trace)).toEqual(['RM L-1 certain']);
    expect(await plant.excluded(trace)).toEqual(['FG F1 barrier', 'FG F2 barrier', 'TANK T-b barrier']);
    expect(trace.summary.counts.excluded).toEqual({ barrier: 3 });
  });

  it('goes back to the supplier from what was delivered', async () => {
    const trace = await plant.backward(lot('FG', 'F1'));
    expect(await plant.affected(trace)).toEqual(['FG F1 certain', 'RM L-1 certain']);
    const why = await plant.get(`/api/v1/traces/${trace.id}/why/RM~lot~L-1`);
    expect(why.sentences).toHaveLength(1);
  });

  it('draws the summary graph with quantities on its edges, by item and by lot', async () => {
    const trace = await plant.forward(lot('RM', 'L-1'));
    const byItem = await plant.get(`/api/v1/traces/${trace.id}/graph?by=item`);
    expect(byItem.shown).toEqual({ nodes: 3, of: 3 });
    expect(byItem.nodes[0]).toMatchObject({ id: 'RM', seed: true, level: 0, units: 1 });
    expect(byItem.edges).toContainEqual({ from: 'RM', to: 'FG', links: 2, quantity: kg('25') });
    const byLot = await plant.get(`/api/v1/traces/${trace.id}/graph?by=lot&limit=2`);
    expect(byLot.shown).toEqual({ nodes: 2, of: 4 });
  });

  it('is known as of an earlier position for ever, and the same question twice has the same digest', async () => {
    const before = await plant.forward(lot('RM', 'L-1'));
    await plant.record([
      {
        type: 'produce',
        id: 'late',
        at: day(3),
        outputs: [{ unit: lot('FG', 'F3'), quantity: kg('5') }],
        inputs: [{ unit: lot('RM', 'L-1'), quantity: kg('1') }],
      },
    ]);
    const after = await plant.forward(lot('RM', 'L-1'));
    expect(await plant.affected(after)).toContain('FG F3 certain');
    const asKnown = await plant.forward(lot('RM', 'L-1'), { ledgerPosition: before.summary.ledgerPosition });
    expect(asKnown.summary.digest).toBe(before.summary.digest);
    expect(asKnown.summary.digest).not.toBe(after.summary.digest);
    expect(asKnown.summary.counts).toEqual(before.summary.counts);

    await plant.record([{ type: 'void', id: 'v-late', event: 'late', reason: 'wrong lot' }]);
    const voided = await plant.forward(lot('RM', 'L-1'));
    expect(voided.summary.digest).toBe(before.summary.digest);
    const then = await plant.forward(lot('RM', 'L-1'), { ledgerPosition: after.summary.ledgerPosition });
    expect(then.summary.digest).toBe(after.summary.digest);
  });
});

describe('a swapped battery', () => {
  beforeAll(() =>
    plant.record([
      { type: 'create', id: 'b1', at: day(1), unit: serial('BAT', 'B1') },
      { type: 'create', id: 'k1-made', at: day(1), unit: serial('BIKE', 'K1') },
      { type: 'create', id: 'k2-made', at: day(1), unit: serial('BIKE', 'K2') },
      { type: 'install', id: 'i1', at: day(2), parent: serial('BIKE', 'K1'), unit: serial('BAT', 'B1') },
      { type: 'remove', id: 'r1', at: day(3), parent: serial('BIKE', 'K1'), unit: serial('BAT', 'B1') },
      { type: 'install', id: 'i2', at: day(3, '09:00:00'), parent: serial('BIKE', 'K2'), unit: serial('BAT', 'B1') },
      {
        type: 'ship',
        id: 'bikes',
        at: day(4),
        customer: 'SHOP-A',
        shipment: 'DN-9',
        units: [{ unit: serial('BIKE', 'K1') }, { unit: serial('BIKE', 'K2') }],
      },
    ]),
  );

  it('is found in both bikes, each with its dates', async () => {
    const trace = await plant.ask({ direction: 'forward', seeds: [{ unit: { scan: '(01)09506000134352(21)B1' } }] });
    const rows = await plant.rows(trace, 'units', '&item=BIKE');
    expect(rows.map((r) => [nameOf(r.unit), r.exposure])).toEqual([
      ['BIKE K1', [['2026-03-02T08:00:00.000Z', '2026-03-03T08:00:00.000Z']]],
      ['BIKE K2', [['2026-03-03T09:00:00.000Z', null]]],
    ]);
    const hits = (await plant.rows(trace, 'consignees')).map((c) => `${nameOf(c.unit)} ${c.shipment} ${c.hit}`);
    expect(hits).toEqual(['BAT B1 DN-9 true', 'BIKE K1 DN-9 false', 'BIKE K2 DN-9 true']);
  });

  it('left before the shipment: that bike is not affected at shipment, and says "removed"', async () => {
    const trace = await plant.forward(serial('BAT', 'B1'), { at: 'shipment' });
    expect(await plant.affected(trace)).toEqual(['BAT B1 certain', 'BIKE K2 certain']);
    expect(await plant.excluded(trace)).toEqual(['BIKE K1 removed']);
    const atTime = await plant.forward(serial('BAT', 'B1'), { at: '2026-03-02' });
    expect(await plant.affected(atTime)).toEqual(['BAT B1 certain', 'BIKE K1 certain']);
  });

  it('is with the customer of the bike that holds it', async () => {
    const trace = await plant.forward(serial('BAT', 'B1'));
    const [battery] = await plant.rows(trace, 'units', '&item=BAT');
    expect(battery).toMatchObject({ state: 'shipped', customer: 'SHOP-A', quantity: { value: '1', uom: 'pcs' } });
    const [delivery] = await plant.rows(trace, 'consignees', '&customer=SHOP-A');
    expect(delivery).toMatchObject({ unit: serial('BAT', 'B1'), inside: { unit: serial('BIKE', 'K2') } });
  });
});

describe('what the record cannot tell', () => {
  it('keeps what is only possible, told apart; asked for certain alone, it is excluded with that reason', async () => {
    const inputs = ['S1', 'S2'].map((s) => ({ unit: lot('SPICE', s), quantity: kg('1') }));
    await plant.record([
      ...['S1', 'S2'].map((s) => ({
        type: 'receive',
        id: `recv-${s}`,
        at: day(1),
        unit: lot('SPICE', s),
        quantity: kg('9'),
        supplier: 'ACME',
      })),
      {
        type: 'produce',
        id: 'mix',
        at: day(2),
        outputs: ['M1', 'M2'].map((m) => ({ unit: lot('FG', m), quantity: kg('5') })),
        inputs,
      },
    ]);
    const both = await plant.forward(lot('SPICE', 'S1'));
    expect(await plant.affected(both)).toEqual(['FG M1 possible', 'FG M2 possible', 'SPICE S1 certain']);
    expect(both.summary.counts).toMatchObject({ affected: 3, certain: 1, possible: 2 });
    expect(await plant.affected(both, '&certainty=possible')).toHaveLength(2);
    const graph = await plant.get(`/api/v1/traces/${both.id}/graph?by=item`);
    expect(graph.edges).toEqual([{ from: 'SPICE', to: 'FG', links: 2, quantity: kg('1') }]);
    const why = await plant.get(`/api/v1/traces/${both.id}/why/FG~lot~M1`);
    expect(why.sentences[0]).toMatch(/^Lot SPICE S1 \(up to 1 kg\) was consumed into lot FG M1 .* \(possible\)\.$/);
    const certain = await plant.forward(lot('SPICE', 'S1'), { certainty: 'certain' });
    expect(await plant.affected(certain)).toEqual(['SPICE S1 certain']);
    expect(await plant.excluded(certain)).toEqual(['FG M1 only-possible', 'FG M2 only-possible']);
  });

  it('lists gaps of all that is reached, and is then not complete', async () => {
    await api()
      .put('/api/v1/items/FG/boms/A')
      .send({ lines: [{ component: 'RM', quantity: '1', uom: 'kg' }] })
      .expect(200);
    await plant.record([
      // Drawn before it was received, and more than was there; a bike that was never made; a removal nobody installed.
      { type: 'receive', id: 'g-rm', at: day(10), unit: lot('RM', 'G-1'), quantity: kg('1'), supplier: 'ACME' },
      {
        type: 'produce',
        id: 'g-fg',
        at: day(9),
        outputs: [{ unit: lot('FG', 'G-2'), quantity: kg('5') }],
        inputs: [{ unit: lot('RM', 'G-1'), quantity: kg('7') }],
      },
      { type: 'produce', id: 'g-fg2', at: day(11), outputs: [{ unit: lot('FG', 'G-2'), quantity: kg('5') }] },
    ]);
    const trace = await plant.forward(lot('RM', 'G-1'));
    expect(await plant.affected(trace)).toEqual(['FG G-2 certain', 'RM G-1 certain']);
    expect(trace.summary.complete).toBe(false);
    const kinds = (await plant.rows(trace, 'gaps')).map((g) => `${g.kind} ${nameOf(g.unit)}`);
    expect(kinds).toEqual(['before-it-existed RM G-1', 'no-inputs FG G-2', 'overdrawn RM G-1']);
    const back = await plant.backward(lot('FG', 'G-2'));
    expect((await plant.rows(back, 'gaps')).map((g) => `${g.kind} ${nameOf(g.unit)}`)).toEqual(kinds);
  });

  it('shows an installation whose removal is missing as possible in both', async () => {
    await plant.record([
      ...['B5'].map((b) => ({ type: 'create', id: b, at: day(1), unit: serial('BAT', b) })),
      ...['K5', 'K6'].map((k) => ({ type: 'create', id: k, at: day(1), unit: serial('BIKE', k) })),
      { type: 'install', id: 'i5', at: day(2), parent: serial('BIKE', 'K5'), unit: serial('BAT', 'B5') },
      { type: 'install', id: 'i6', at: day(4), parent: serial('BIKE', 'K6'), unit: serial('BAT', 'B5') },
    ]);
    const late = await plant.forward(serial('BAT', 'B5'), {}, { from: day(5) });
    expect(await plant.affected(late)).toEqual(['BAT B5 certain', 'BIKE K5 possible', 'BIKE K6 certain']);
    expect(late.summary.counts.gaps).toEqual({ 'installed-twice': 1 });
  });
});

describe('a reel on a feeder', () => {
  it('affects what was made while it was loaded; the run is in lists only when asked for', async () => {
    const made = (id: string, at: string, code: string) => ({
      type: 'produce',
      id,
      at,
      outputs: [{ unit: lot('FG', code), quantity: kg('1') }],
      inputs: [{ unit: run('LINE', 'FEED-1') }],
    });
    await plant.record([
      { type: 'receive', id: 'reel', at: day(1), unit: lot('RM', 'REEL'), quantity: kg('5'), supplier: 'ACME' },
      { type: 'load', id: 'load', at: day(2), run: run('LINE', 'FEED-1'), unit: lot('RM', 'REEL') },
      made('made-on', day(2, '10:00:00'), 'ON'),
      { type: 'unload', id: 'unload', at: day(2, '12:00:00'), run: run('LINE', 'FEED-1'), unit: lot('RM', 'REEL') },
      made('made-off', day(2, '14:00:00'), 'OFF'),
    ]);
    const trace = await plant.forward(lot('RM', 'REEL'));
    expect(await plant.affected(trace)).toEqual(['FG ON certain', 'RM REEL certain']);
    expect(await plant.affected(trace, '&kinds=serial,lot,run')).toEqual([
      'FG ON certain',
      'LINE FEED-1 certain',
      'RM REEL certain',
    ]);
    expect(await plant.excluded(trace)).toEqual(['FG OFF before-exposure']);
    expect(trace.summary.counts.byKind).toMatchObject([
      { key: 'lot', units: 2 },
      { key: 'run', units: 1 },
    ]);
  });
});

describe('a barrier on an inspection', () => {
  it('stops at what passed it afterwards, and not at what failed or was used before', async () => {
    const made = (code: string, input = lot('RM', 'INSP')) => ({
      type: 'produce',
      id: `insp-${code}`,
      at: day(code === 'I-USED-IN' ? 3 : 2),
      outputs: [{ unit: lot('FG', code), quantity: kg('5') }],
      inputs: [{ unit: input, quantity: kg('1') }],
    });
    const inspect = (code: string, result: string) => ({
      type: 'inspect',
      id: `check-${code}`,
      at: day(4),
      unit: lot('FG', code),
      characteristic: 'metal detector',
      result,
    });
    await plant.record([
      { type: 'receive', id: 'insp', at: day(1), unit: lot('RM', 'INSP'), quantity: kg('50'), supplier: 'ACME' },
      made('I-PASS'),
      made('I-FAIL'),
      made('I-USED'),
      made('I-USED-IN', lot('FG', 'I-USED')),
      inspect('I-PASS', 'pass'),
      inspect('I-FAIL', 'fail'),
      inspect('I-USED', 'pass'),
    ]);
    const trace = await plant.forward(lot('RM', 'INSP'), { barriers: [{ inspection: 'metal detector' }] });
    expect(await plant.affected(trace)).toEqual([
      'FG I-FAIL certain',
      'FG I-USED certain',
      'FG I-USED-IN certain',
      'RM INSP certain',
    ]);
    expect(await plant.excluded(trace)).toEqual(['FG I-PASS barrier']);
    const why = await plant.get(`/api/v1/traces/${trace.id}/why/FG~lot~I-USED-IN`);
    expect(why.chain).toHaveLength(2);
    const whyNot = await plant.get(`/api/v1/traces/${trace.id}/why/FG~lot~I-PASS`);
    expect(whyNot.excluded.reason).toBe('barrier');
  });
});

describe('lists', () => {
  it('page by cursor, and come whole as NDJSON or CSV that no spreadsheet carries out', async () => {
    const codes = ['=1+1', '@x', '000123', 'plain'];
    await plant.record([
      { type: 'receive', id: 'csv', at: day(1), unit: lot('RM', 'CSV'), quantity: kg('9'), supplier: 'ACME' },
      ...codes.map((code, i) => ({
        type: 'produce',
        id: `csv-${i}`,
        at: day(2),
        outputs: [{ unit: lot('FG', code), quantity: kg('1') }],
        inputs: [{ unit: lot('RM', 'CSV'), quantity: kg('1') }],
      })),
    ]);
    const trace = await plant.forward(lot('RM', 'CSV'));
    const path = `/api/v1/traces/${trace.id}/units`;
    const first = await plant.get(`${path}?limit=2`);
    expect(first).toMatchObject({ total: 5, nextCursor: expect.any(String) });
    const next = await plant.get(`${path}?limit=3&cursor=${first.nextCursor}`);
    expect(next.nextCursor).toBeNull();
    const paged = [...first.data, ...next.data];
    const ndjson = await api().get(path).set('accept', 'application/x-ndjson').buffer(true).expect(200);
    expect(
      ndjson.text
        .trim()
        .split('\n')
        .map((l) => JSON.parse(l)),
    ).toEqual(paged);
    const csv = await api().get(path).set('accept', 'text/csv').buffer(true).expect(200);
    expect(csv.headers['content-type']).toMatch('text/csv');
    const text = csv.text;
    for (const field of [`"'=1+1"`, `"'@x"`, '"000123"', '"plain"']) expect(text).toContain(field);
    expect(text.trim().split('\r\n')).toHaveLength(6);
  });
});
