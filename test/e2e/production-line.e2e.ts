import { http, useApp } from '../support';

const app = useApp({ worker: false, env: { TIME_ZONE: 'Europe/Paris' } });
const api = () => http(app());

let count = 0;
const id = () => `cmd-${++count}`;
const pcs = (value: string) => ({ value, uom: 'pcs' });
const kg = (value: string) => ({ value, uom: 'kg' });
const put = (path: string, body: object) => api().put(`/api/v1/${path}`).send(body).expect(200);
const post = async <T = Record<string, unknown>>(path: string, body: object, status = 200): Promise<T> =>
  (
    await api()
      .post(`/api/v1/${path}`)
      .send({ id: id(), ...body })
      .expect(status)
  ).body as T;
const get = async <T = Record<string, unknown>>(path: string): Promise<T> =>
  (await api().get(`/api/v1/${path}`).expect(200)).body as T;
const record = (...events: object[]) =>
  api()
    .post('/api/v1/events')
    .send(events.map((e) => ({ id: id(), at: '2026-03-02T08:00:00+01:00', ...e })))
    .expect(200);
const serial = (item: string, code: string) => ({ item, serial: code });
const lot = (item: string, code: string) => ({ item, lot: code });
const receive = (unit: object, more: object = {}) => ({
  type: 'receive',
  place: 'SMT',
  unit,
  supplier: 'SUP',
  ...more,
});

interface AsBuilt {
  revision: string;
  differences: number;
  substituted: number;
  lines: {
    line: number | null;
    item: string;
    parts: { unit: object; position: string | null; certainty: string; run: string | null }[];
    differences: { kind: string; say: string }[];
  }[];
}
const asBuilt = (unit: string, at = '') => get<AsBuilt>(`units/${unit}/as-built${at}`);
const kindsOf = (built: AsBuilt) => built.lines.map((l) => [l.item, l.differences.map((d) => d.kind)]);

beforeAll(async () => {
  for (const [item, tracking, uom] of [
    ['PCB', 'serial', 'pcs'],
    ['MCU', 'serial', 'pcs'],
    ['MCU-B', 'serial', 'pcs'],
    ['FAN', 'serial', 'pcs'],
    ['CAP', 'lot', 'pcs'],
    ['PASTE', 'lot', 'kg'],
    ['GLUE', 'lot', 'kg'],
    ['FEEDER', 'lot', 'pcs'],
  ] as const)
    await put(`items/${item}`, { name: item.toLowerCase(), tracking, uom });
  await put('items/PCB/boms/B', {
    effectiveFrom: '2026-01-01',
    lines: [
      { component: 'MCU', quantity: '1', uom: 'pcs', position: 'U1', substitutes: ['MCU-B'] },
      { component: 'CAP', quantity: '4', uom: 'pcs' },
      { component: 'PASTE', quantity: '0.1', uom: 'kg' },
      { component: 'GLUE', quantity: '0.2', uom: 'kg' },
    ],
  });
  await put('items/PCB/boms/A', {
    effectiveUntil: '2025-12-31',
    lines: [{ component: 'MCU', quantity: '2', uom: 'pcs' }],
  });
  await put('places/SMT', { name: 'SMT line', kind: 'area' });
  await put('places/STORE', { name: 'Store', kind: 'area' });
  await put('partners/SUP', { name: 'Supplier', kind: 'supplier' });
  await put('partners/SHOP', { name: 'Shop', kind: 'customer' });
  await put('work-centers/SMT1', {
    name: 'SMT 1',
    place: 'SMT',
    takesRuns: true,
    runs: [{ item: 'FEEDER', run: 'SMT1/F1', position: 'F1' }],
  });
  await record(
    ...['M1', 'M2', 'M3', 'M4', 'M5'].map((code) => receive(serial('MCU', code))),
    receive(serial('MCU-B', 'N1')),
    receive(serial('FAN', 'V1')),
    receive(lot('CAP', 'C1'), { quantity: pcs('100') }),
    receive(lot('CAP', 'C2'), { quantity: pcs('100') }),
    receive(lot('PASTE', 'P1'), { quantity: kg('5') }),
    receive(lot('GLUE', 'G1'), { quantity: kg('0.15'), expires: '2098-01-01' }),
    receive(lot('GLUE', 'G2'), { quantity: kg('5'), expires: '2099-01-01' }),
    receive(lot('GLUE', 'G3'), { quantity: kg('5'), place: 'STORE' }),
  );
  await post('work-orders', { number: 'WO-1', item: 'PCB', quantity: pcs('10'), workCenter: 'SMT1', release: true });
  await post('work-orders', { number: 'RW-1', kind: 'rework', item: 'PCB', quantity: pcs('5'), release: true });
});

describe('feeders and vessels', () => {
  it('are loaded by scanning, show what is on them, and refuse what is held', async () => {
    const loaded = await post('loads', { run: 'F1', scan: 'C1', quantity: pcs('50') });
    expect(loaded).toMatchObject({ verdict: 'ok', run: { loads: [{ unit: lot('CAP', 'C1'), quantity: pcs('50') }] } });
    expect(await get('work-centers/SMT1')).toMatchObject({
      runs: [{ unit: { item: 'FEEDER', run: 'SMT1/F1' }, loads: [{ unit: lot('CAP', 'C1') }] }],
    });
    await record({ id: 'h-c2', type: 'hold', units: [lot('CAP', 'C2')], reason: 'wrong value' });
    expect(await post('loads', { run: 'SMT1/F1', scan: 'C2' }, 409)).toMatchObject({ code: 'UNIT_ON_HOLD' });
    await record({ type: 'release', hold: 'h-c2' });
    expect(await post('unloads', { run: 'F1', scan: 'C2' }, 409)).toMatchObject({ code: 'NOT_LOADED' });
    // No more comes off than went on.
    const tooMuch = { run: 'F1', scan: 'C1', quantity: pcs('500') };
    expect(await post('unloads', tooMuch, 409)).toMatchObject({ code: 'STOCK_SHORT' });
    expect(await post('loads', { run: 'nowhere', scan: 'C2' }, 422)).toMatchObject({ code: 'RUN_NEEDED' });
  });
});

describe('a vessel', () => {
  it('is topped up, and a cleaned feeder holds nothing', async () => {
    await post('top-ups', { run: 'G2', scan: 'G3', quantity: kg('1') });
    expect(await get('units/GLUE~lot~G2/contains')).toMatchObject({ data: [{ unit: lot('GLUE', 'G3') }] });
    await post('cleanings', { run: 'SMT1/F1' });
    expect(await get('runs/F1')).toMatchObject({ loads: [], workCenter: 'SMT1' });
    // 50 were on it: how much is left of them nobody knows until it is counted. All are.
    const reel = lot('CAP', 'C1');
    expect(await get('units/CAP~lot~C1')).toMatchObject({ holdings: [{ state: 'in-stock', quantity: null }] });
    await record({
      type: 'count',
      at: new Date().toISOString(),
      unit: reel,
      place: 'SMT',
      quantity: pcs('100'),
      reason: 'after the cleaning',
    });
    await post('loads', { run: 'F1', scan: 'C1', quantity: pcs('50') });
  });
});

describe('a build on a line', () => {
  it('takes in what is loaded there, and backflushes bulk without picking a lot by itself', async () => {
    const build = await post<{ id: string }>('builds', { workOrder: 'WO-1', scan: 'PCB-1' });
    expect(await post(`builds/${build.id}/scans`, { scan: 'M1' })).toMatchObject({ verdict: 'ok' });
    const proposed = await get(`builds/${build.id}/backflush`);
    expect(proposed).toMatchObject({
      lines: [
        { item: 'PASTE', kind: 'sure', split: [{ unit: lot('PASTE', 'P1'), quantity: kg('0.1') }] },
        {
          item: 'GLUE',
          kind: 'choice',
          split: [
            { unit: lot('GLUE', 'G1'), quantity: kg('0.15') },
            { unit: lot('GLUE', 'G2'), quantity: kg('0.05') },
          ],
        },
      ],
    });
    const choice = await post(`builds/${build.id}/backflush`, { lines: [{ line: 4 }] }, 409);
    expect(choice).toMatchObject({ code: 'BACKFLUSH_CHOICE' });
    await post(`builds/${build.id}/backflush`, { lines: [{ line: 3 }, { line: 4, how: 'possible' }] });
    expect(await post(`builds/${build.id}/finish`, {})).toMatchObject({ state: 'finished' });
    const built = await asBuilt('PCB~serial~PCB-1');
    expect(built).toMatchObject({ revision: 'B', differences: 1 });
    expect(kindsOf(built)).toEqual([
      ['MCU', []],
      ['CAP', []],
      ['PASTE', []],
      ['GLUE', ['possible-only']],
    ]);
    expect(built.lines[1]!.parts).toMatchObject([{ unit: lot('CAP', 'C1'), run: 'FEEDER SMT1/F1' }]);
    // The reel on the feeder leads to the board.
    const used = await get('units/FEEDER~run~SMT1%2FF1/used-in');
    expect(used).toMatchObject({ data: [{ unit: serial('PCB', 'PCB-1'), certainty: 'certain' }] });
  });

  it('takes what the person says of each lot', async () => {
    // 50 were loaded, and 42 are left: the others are in what was built meanwhile.
    await post('unloads', { run: 'F1', scan: 'C1', left: pcs('42') });
    expect(await get('units/CAP~lot~C1')).toMatchObject({ holdings: [{ state: 'in-stock', quantity: pcs('92') }] });
    expect(await get('runs/F1')).toMatchObject({ loads: [] });
    const build = await post<{ id: string }>('builds', { workOrder: 'WO-1', scan: 'PCB-2' });
    await post(`builds/${build.id}/scans`, { scan: 'N1' });
    const lots = [{ scan: 'G2', quantity: { value: '200', uom: 'g' } }];
    await post(`builds/${build.id}/backflush`, { lines: [{ line: 4, lots }] });
    const refused = await post(`builds/${build.id}/finish`, {}, 409);
    expect(refused).toMatchObject({ code: 'LINES_OPEN_REASON' });
    expect(refused.detail).toContain('4 pcs of CAP, 0.1 kg of PASTE');
    await post(`builds/${build.id}/finish`, { reason: 'caps by hand later' });
    const built = await asBuilt('PCB~serial~PCB-2');
    expect(kindsOf(built)).toEqual([
      ['MCU', ['substituted']],
      ['CAP', ['missing']],
      ['PASTE', ['missing']],
      ['GLUE', []],
    ]);
    expect(built).toMatchObject({ differences: 2, substituted: 1 });
    const list = await get('work-orders/WO-1/units');
    expect(list).toMatchObject({
      data: [
        { unit: serial('PCB', 'PCB-1'), open: 1 },
        { unit: serial('PCB', 'PCB-2'), open: 2, say: ['4 pcs of CAP is missing.', '0.1 kg of PASTE is missing.'] },
      ],
    });
  });
});

describe('a finished unit', () => {
  it('has a component swapped, whose fate is recorded in the same step, and stays what it is', async () => {
    const before = new Date().toISOString();
    expect(
      await post('swaps', { parent: 'PCB-1', out: 'M2', fate: 'scrap', in: 'M3', reason: 'dead' }, 409),
    ).toMatchObject({ code: 'NOT_LOADED' });
    expect(
      await post('swaps', { parent: 'PCB-1', out: 'M1', fate: 'scrap', in: 'V1', reason: 'dead' }, 422),
    ).toMatchObject({ code: 'PART_NOT_ON_BOM' });
    await record({ id: 'h-m2', type: 'hold', units: [serial('MCU', 'M2')], reason: 'counterfeit' });
    const swap = { parent: 'PCB-1', out: 'M1', fate: 'quarantine', position: 'U1', reason: 'dead', workOrder: 'RW-1' };
    expect(await post('swaps', { ...swap, in: 'M2' }, 409)).toMatchObject({ code: 'UNIT_ON_HOLD' });
    // Nothing of it was kept.
    expect(await get('units/MCU~serial~M1')).toMatchObject({ state: 'in-work' });
    expect(await post('swaps', { ...swap, in: 'M3' })).toMatchObject({ verdict: 'ok' });
    expect(await get('units/MCU~serial~M1')).toMatchObject({
      state: 'in-stock',
      place: 'SMT',
      holds: [{ reason: 'quarantine: dead', ref: 'RW-1' }],
    });
    expect((await asBuilt('PCB~serial~PCB-1')).lines[0]!.parts).toMatchObject([
      { unit: serial('MCU', 'M3'), position: 'U1' },
    ]);
    expect((await asBuilt('PCB~serial~PCB-1', `?at=${before}`)).lines[0]!.parts).toMatchObject([
      { unit: serial('MCU', 'M1') },
    ]);
    expect(await get('work-orders/RW-1')).toMatchObject({ state: 'in-progress', reworked: 1 });
  });

  it('is reworked with parts out, parts in and a test, and a scrapped part is gone', async () => {
    await post('reworks', {
      parent: 'PCB-2',
      workOrder: 'RW-1',
      reason: 'caps fitted by hand',
      remove: [{ scan: 'N1', fate: 'scrap' }],
      install: [{ scan: 'M4' }, { scan: 'C2', quantity: pcs('4') }],
      inspect: [{ characteristic: 'voltage', result: 'pass', measured: '5.02' }],
    });
    expect(await get('units/MCU-B~serial~N1')).toMatchObject({ state: 'scrapped' });
    expect(kindsOf(await asBuilt('PCB~serial~PCB-2'))).toEqual([
      ['MCU', []],
      ['CAP', []],
      ['PASTE', ['missing']],
      ['GLUE', []],
    ]);
    expect(
      await post('reworks', { parent: 'M5', reason: 'x', inspect: [{ characteristic: 'a', result: 'pass' }] }),
    ).toMatchObject({ verdict: 'ok' });
  });

  it('shows another revision, an unapproved part and one too many, as other systems recorded them', async () => {
    await record({
      type: 'produce',
      at: '2025-06-01T10:00:00+02:00',
      place: 'SMT',
      outputs: [{ unit: serial('PCB', 'OLD') }],
      inputs: [{ unit: serial('MCU', 'M5') }, { unit: serial('FAN', 'V1') }],
    });
    const built = await asBuilt('PCB~serial~OLD');
    expect(built.revision).toBe('A');
    expect(kindsOf(built)).toEqual([
      ['MCU', ['short']],
      ['FAN', ['extra']],
    ]);
    expect(built.lines.map((l) => l.differences[0]!.say)).toEqual([
      '1 of 2 pcs of MCU is in it: 1 pcs is missing.',
      'FAN V1 is in it, and on no line of the BOM.',
    ]);
  });

  it('is scrapped at the line, and counted under its order', async () => {
    expect(await post('scraps', { scan: 'M4', reason: 'bent pin' }, 409)).toMatchObject({ code: 'ALREADY_INSTALLED' });
    await post('scraps', { scan: 'PCB-2', reason: 'cracked', workOrder: 'WO-1', place: 'SMT' });
    await post('scraps', { scan: 'G2', quantity: { value: '100', uom: 'g' }, reason: 'spilt', workOrder: 'WO-1' });
    expect(await get('work-orders/WO-1')).toMatchObject({ produced: pcs('2'), scrapped: pcs('1'), partsScrapped: 1 });
  });
});

describe('what is held', () => {
  it('is not built in from the reel that it is on, and does not leave in what it is installed in', async () => {
    await record(receive(serial('MCU', 'M9')));
    await post('work-orders', { number: 'WO-H', item: 'PCB', quantity: pcs('1'), workCenter: 'SMT1', release: true });
    await post('loads', { run: 'F1', scan: 'C1', quantity: pcs('20') });
    const build = await post<{ id: string }>('builds', { workOrder: 'WO-H', scan: 'PCB-H' });
    await post(`builds/${build.id}/scans`, { scan: 'M9' });
    await record({ id: 'h-reel', type: 'hold', units: [lot('CAP', 'C1')], reason: 'cracked' });
    const refused = await post(`builds/${build.id}/finish`, { reason: 'rest by hand' }, 409);
    expect(refused).toMatchObject({ code: 'UNIT_ON_HOLD' });
    expect(refused.detail).toContain('CAP C1 (in FEEDER SMT1/F1) is on hold: cracked.');
    await record({ type: 'release', hold: 'h-reel' });
    await post(`builds/${build.id}/finish`, { reason: 'rest by hand' });
    await record({ id: 'h-in', type: 'hold', units: [serial('MCU', 'M9')], reason: 'burns' });
    const leave = (event: object) =>
      api()
        .post('/api/v1/events?check=live')
        .send([{ id: id(), at: new Date().toISOString(), ...event }])
        .expect(422);
    const board = [{ unit: serial('PCB', 'PCB-H') }];
    const shipped = await leave({ type: 'ship', customer: 'SHOP', shipment: 'S-H', units: board });
    expect(shipped.body).toMatchObject({ refused: [{ code: 'UNIT_ON_HOLD' }] });
    const packed = await leave({ type: 'pack', container: 'BOX-H', units: board });
    expect(packed.body).toMatchObject({ refused: [{ code: 'UNIT_ON_HOLD' }] });
    await record({ type: 'release', hold: 'h-in' });
  });
});
