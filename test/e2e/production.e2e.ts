import { http, useApp } from '../support';

const app = useApp({ worker: false, env: { TIME_ZONE: 'Europe/Paris' } });
const api = () => http(app());

let count = 0;
const id = () => `cmd-${++count}`;
const pcs = (value: string) => ({ value, uom: 'pcs' });
const put = (path: string, body: object) => api().put(`/api/v1/${path}`).send(body).expect(200);
const record = (...events: object[]) =>
  api()
    .post('/api/v1/events')
    .send(events.map((e) => ({ id: id(), at: '2026-03-02T08:00:00+01:00', ...e })))
    .expect(200);
const serial = (item: string, code: string) => ({ item, serial: code });
const receive = (unit: object, more: object = {}) => ({ type: 'receive', place: 'L1', unit, supplier: 'SUP', ...more });

interface Verdict {
  verdict: string;
  code?: string;
  message: string;
  next: string;
  substitutes: { unit: object; why: string; place: string; quantity: object }[];
  instructions: { id: string }[];
  build: { complete: boolean; lines: { filled: object; parts: object[] }[] };
}

async function order(number: string, more: object = {}): Promise<void> {
  await api()
    .post('/api/v1/work-orders')
    .send({ id: id(), number, item: 'BIKE', quantity: pcs('3'), place: 'L1', release: true, ...more })
    .expect(200);
}
async function start(workOrder: string, more: object = {}): Promise<string> {
  const answer = await api()
    .post('/api/v1/builds')
    .send({ id: id(), workOrder, ...more })
    .expect(200);
  return (answer.body as { id: string }).id;
}
async function scan(build: string, code: string, more: object = {}): Promise<Verdict> {
  const answer = await api()
    .post(`/api/v1/builds/${build}/scans`)
    .send({ id: id(), scan: code, ...more })
    .expect(200);
  return answer.body as Verdict;
}
const finish = (build: string, status: number, more: object = {}) =>
  api()
    .post(`/api/v1/builds/${build}/finish`)
    .send({ id: id(), ...more })
    .expect(status);

beforeAll(async () => {
  for (const [item, tracking, uom] of [
    ['BIKE', 'serial', 'pcs'],
    ['FRAME', 'serial', 'pcs'],
    ['BAT', 'serial', 'pcs'],
    ['BAT-2', 'serial', 'pcs'],
    ['GREASE', 'lot', 'g'],
    ['BOLT', 'none', 'pcs'],
    ['SADDLE', 'serial', 'pcs'],
  ] as const)
    await put(`items/${item}`, { name: item.toLowerCase(), tracking, uom });
  await put('items/BIKE/boms/A', {
    lines: [
      { component: 'FRAME', quantity: '1', uom: 'pcs' },
      { component: 'BAT', quantity: '1', uom: 'pcs', position: 'SEAT', substitutes: ['BAT-2'] },
      { component: 'GREASE', quantity: '0.02', uom: 'kg' },
      { component: 'BOLT', quantity: '8', uom: 'pcs' },
    ],
  });
  await put('places/L1', { name: 'Line 1', kind: 'area' });
  await put('places/L1.BIN', { name: 'Bin at line 1', kind: 'bin', parent: 'L1' });
  await put('places/L2', { name: 'Line 2', kind: 'area' });
  await put('partners/SUP', { name: 'Supplier', kind: 'supplier' });
  await record(
    ...['F1', 'F2', 'F3', 'F4', 'F5', 'F6', 'F7'].map((code) => receive(serial('FRAME', code))),
    ...['B1', 'B2', 'B3', 'B4', 'B5', 'B6'].map((code) => receive(serial('BAT', code))),
    receive(serial('BAT-2', 'N1'), { place: 'L1.BIN' }),
    receive(serial('SADDLE', 'S1')),
    receive({ item: 'GREASE', lot: 'G1' }, { quantity: { value: '1', uom: 'kg' }, expires: '2099-01-01' }),
    receive({ item: 'GREASE', lot: 'G0' }, { quantity: { value: '1', uom: 'kg' }, expires: '2026-03-10' }),
  );
  await record({ type: 'hold', units: [serial('BAT', 'B1')], reason: 'swollen' });
});

describe('a work order', () => {
  it('goes through its states, and counts what was made by the facts', async () => {
    await api()
      .post('/api/v1/work-orders')
      .send({ id: 'o-1', number: 'WO-0', item: 'BIKE', quantity: pcs('2'), due: '2026-12-01' })
      .expect(200);
    const again = await api()
      .post('/api/v1/work-orders')
      .send({ id: 'o-1', number: 'WO-0', item: 'BIKE', quantity: pcs('2'), due: '2026-12-01' })
      .expect(200);
    expect(again.body).toMatchObject({ number: 'WO-0', state: 'planned', may: ['release', 'cancel'] });
    const other = { id: 'o-1', number: 'WO-0', item: 'BIKE', quantity: pcs('3') };
    expect((await api().post('/api/v1/work-orders').send(other).expect(409)).body).toMatchObject({
      code: 'COMMAND_ID_REUSED',
    });
    expect(
      (
        await api()
          .post('/api/v1/work-orders')
          .send({ ...other, id: id() })
          .expect(409)
      ).body,
    ).toMatchObject({
      code: 'ORDER_EXISTS',
    });
    expect((await api().post('/api/v1/builds').send({ id: id(), workOrder: 'WO-0' }).expect(409)).body).toMatchObject({
      code: 'ORDER_STATE',
    });
    await api().post('/api/v1/work-orders/WO-0/release').send({ id: id() }).expect(200);
    await record({
      type: 'produce',
      workOrder: 'WO-0',
      outputs: [{ unit: serial('BIKE', 'OLD-1') }],
      inputs: [],
    });
    const partly = await api().post('/api/v1/work-orders/WO-0/close').send({ id: id() }).expect(422);
    expect(partly.body).toMatchObject({ code: 'ORDER_REASON' });
    await api().post('/api/v1/work-orders/WO-0/close').send({ id: id(), reason: 'frames are short' }).expect(200);
    const shown = await api().get('/api/v1/work-orders/WO-0').expect(200);
    expect(shown.body).toMatchObject({ state: 'closed', produced: pcs('1'), reason: 'frames are short' });
    await api().post('/api/v1/work-orders/WO-0/reopen').send({ id: id(), reason: 'frames came' }).expect(200);
    const list = await api().get('/api/v1/work-orders?state=in-progress&q=WO-0').expect(200);
    expect(list.body).toMatchObject({ data: [{ number: 'WO-0' }], nextCursor: null });
    // What was voided was not made.
    await record({ type: 'scrap', unit: serial('BIKE', 'OLD-1'), reason: 'bent', workOrder: 'WO-0' });
    expect((await api().get('/api/v1/work-orders/WO-0').expect(200)).body).toMatchObject({ scrapped: pcs('1') });
  });

  it('needs a BOM revision that is in force', async () => {
    const answer = await api()
      .post('/api/v1/work-orders')
      .send({ id: id(), number: 'WO-X', item: 'SADDLE', quantity: pcs('1') })
      .expect(422);
    expect(answer.body).toMatchObject({ code: 'BOM_NONE' });
  });
});

describe('building by scanning', () => {
  it('goes from scan to finished: a held component is refused, a substitute offered and taken, one event recorded', async () => {
    await order('WO-1');
    const build = await start('WO-1', { scan: 'EB-1' });
    expect(await scan(build, 'F1')).toMatchObject({ verdict: 'ok', message: 'FRAME F1 for line 1: 1 of 1 pcs.' });
    const held = await scan(build, 'B1');
    expect(held).toMatchObject({ verdict: 'stop', code: 'UNIT_ON_HOLD' });
    expect(held.message).toContain('swollen');
    expect(held.substitutes).toContainEqual(
      expect.objectContaining({ unit: serial('BAT-2', 'N1'), why: 'substitute', place: 'L1.BIN', quantity: pcs('1') }),
    );
    expect(held.substitutes[0]).toMatchObject({ why: 'same' });
    expect(held.substitutes).not.toContainEqual(expect.objectContaining({ unit: serial('BAT', 'B1') }));
    expect(await scan(build, 'N1')).toMatchObject({
      verdict: 'ok',
      message: 'BAT-2 N1 for line 2 (SEAT), as the approved substitute of BAT: 1 of 1 pcs.',
    });
    expect(await scan(build, 'N1')).toMatchObject({ verdict: 'stop', code: 'PART_SCANNED_TWICE' });
    expect(await scan(build, 'F2')).toMatchObject({ verdict: 'stop', code: 'LINE_FILLED' });
    expect(await scan(build, 'S1')).toMatchObject({ verdict: 'stop', code: 'PART_NOT_ON_BOM' });
    expect(await scan(build, 'nobody')).toMatchObject({ verdict: 'stop', code: 'PART_UNKNOWN' });
    expect(await scan(build, 'G0')).toMatchObject({ verdict: 'stop', code: 'UNIT_EXPIRED' });
    const open = await finish(build, 409);
    expect(open.body).toMatchObject({ code: 'LINES_OPEN_REASON' });
    expect((open.body as { detail: string }).detail).toContain('20 g of GREASE');
    const greased = await scan(build, 'G1');
    expect(greased).toMatchObject({
      verdict: 'ok',
      next: 'All is built in: finish the build.',
      build: { complete: true },
    });
    const done = await finish(build, 200);
    expect(done.body).toMatchObject({ state: 'finished', event: `build:${build}` });
    const contains = await api().get('/api/v1/units/BIKE~serial~EB-1/contains').expect(200);
    expect(contains.body).toMatchObject({
      data: expect.arrayContaining([
        expect.objectContaining({
          unit: serial('BAT-2', 'N1'),
          position: 'SEAT',
          certainty: 'certain',
          mode: 'install',
        }),
        expect.objectContaining({ unit: { item: 'GREASE', lot: 'G1' }, quantity: { value: '20', uom: 'g' } }),
      ]),
    });
    const after = await api().get('/api/v1/work-orders/WO-1').expect(200);
    expect(after.body).toMatchObject({ state: 'in-progress', produced: pcs('1'), buildsOpen: 0 });
  });

  it('begins nothing under the code of a component, or of anything else without a word from the person', async () => {
    await record(
      receive(serial('BAT', 'PARENT-NOT')),
      receive({ item: 'GREASE', lot: 'TUB-1' }, { quantity: { value: '100', uom: 'g' } }),
      receive(serial('SADDLE', 'SAD-1')),
      { type: 'amend', unit: serial('BAT', 'PARENT-NOT'), aliases: [{ alias: 'MAKER-77' }], reason: 'barcode' },
    );
    const begin = (code: string, more: object = {}) =>
      api()
        .post('/api/v1/builds')
        .send({ id: id(), workOrder: 'WO-1', scan: code, ...more });
    for (const code of ['PARENT-NOT', 'parent-not', 'MAKER-77', 'TUB-1', 'BAT~serial~PARENT-NOT', 'BAT-2~serial~N1']) {
      const { body } = await begin(code).expect(422);
      expect(body.code).toBe('BUILD_PART_AS_PARENT');
      expect(body.detail).toContain('is a component of BIKE, not the BIKE that is built');
    }
    // No component of a bike: perhaps the bike bears the same number.
    const { body } = await begin('SAD-1').expect(409);
    expect(body.code).toBe('BUILD_CODE_KNOWN');
    expect(body.detail).toContain('"SAD-1" is known already: SADDLE SAD-1.');
    expect((await begin('SADDLE~serial~SAD-1').expect(422)).body.code).toBe('BUILD_WRONG_ITEM');
    const open = await api().get('/api/v1/builds?workOrder=WO-1&state=open').expect(200);
    expect(JSON.stringify(open.body)).not.toMatch(/PARENT-NOT|MAKER-77|TUB-1|SAD-1/);
    const confirmed = await begin('SAD-1', { accept: ['BUILD_CODE_KNOWN'] }).expect(200);
    expect(confirmed.body).toMatchObject({ unit: serial('BIKE', 'SAD-1') });
    const full = await begin('BIKE~serial~PARENT-NOT').expect(200);
    expect(full.body).toMatchObject({ unit: serial('BIKE', 'PARENT-NOT') });
    for (const build of [confirmed.body.id, full.body.id])
      await api().post(`/api/v1/builds/${build}/abandon`).send({ id: id(), reason: 'only tried' }).expect(200);
  });

  it('answers a command that is sent again as the first time', async () => {
    const body = { id: 'start-twice', workOrder: 'WO-1', scan: 'EB-2' };
    const first = await api().post('/api/v1/builds').send(body).expect(200);
    const again = await api().post('/api/v1/builds').send(body).expect(200);
    expect(again.body).toEqual(first.body);
    const { id: build } = first.body as { id: string };
    const once = { id: 'scan-twice', scan: 'B2' };
    const one = await api().post(`/api/v1/builds/${build}/scans`).send(once).expect(200);
    const two = await api().post(`/api/v1/builds/${build}/scans`).send(once).expect(200);
    expect(two.body).toEqual(one.body);
    expect(two.body).toMatchObject({ verdict: 'ok' });
    await api().post(`/api/v1/builds/${build}/abandon`).send({ id: id(), reason: 'a test' }).expect(200);
  });

  it('lets one of two stations have a component, and names the other build', async () => {
    await order('WO-2');
    const [one, two] = [await start('WO-2'), await start('WO-2')];
    const verdicts = await Promise.all([scan(one, 'B3'), scan(two, 'B3')]);
    expect(verdicts.map((v) => v.verdict).sort()).toEqual(['ok', 'stop']);
    const [winner, loser] = verdicts[0].verdict === 'ok' ? [one, two] : [two, one];
    const stopped = verdicts.find((v) => v.verdict === 'stop')!;
    expect(stopped.code).toBe('PART_RESERVED');
    expect(stopped.message).toContain(winner);
    await api().post(`/api/v1/builds/${winner}/abandon`).send({ id: id(), reason: 'no frame' }).expect(200);
    expect(await scan(loser, 'B3')).toMatchObject({ verdict: 'ok' });
  });

  it('refuses to finish when a component was put on hold after its scan', async () => {
    await order('WO-3', { openLines: 'refuse' });
    const build = await start('WO-3');
    await scan(build, 'F3');
    await scan(build, 'B4');
    await scan(build, 'G1');
    await record({ id: 'hold-b4', type: 'hold', units: [serial('BAT', 'B4')], reason: 'recall of cells' });
    const refused = await finish(build, 409);
    expect(refused.body).toMatchObject({ code: 'UNIT_ON_HOLD' });
    expect((await api().get(`/api/v1/builds/${build}`).expect(200)).body).toMatchObject({ state: 'open' });
    await api().get('/api/v1/units/BIKE~serial~WO-3-0001').expect(404);
    await record({ type: 'release', hold: 'hold-b4' });
    await finish(build, 200);
  });

  it('refuses open lines where the order says so, and takes a reason where it does not', async () => {
    const strict = await start('WO-3');
    await scan(strict, 'F4');
    expect((await finish(strict, 409, { reason: 'no battery' })).body).toMatchObject({ code: 'LINES_OPEN' });
    const loose = await start('WO-1', { scan: 'EB-3' });
    await scan(loose, 'F5');
    await finish(loose, 200, { reason: 'battery is fitted at the shop' });
  });

  it('parks a build, takes it up at another station, and does not build one piece twice', async () => {
    const build = await start('WO-1', { scan: 'EB-4', station: 'S1' });
    const twice = await api().post('/api/v1/builds').send({ id: id(), workOrder: 'WO-1', scan: 'EB-4' }).expect(409);
    expect(twice.body).toMatchObject({ code: expect.stringMatching(/BUILD_UNDER_WAY|ORDER_FILLED/) });
    await api().post(`/api/v1/builds/${build}/park`).send({ id: id() }).expect(200);
    await api().post(`/api/v1/builds/${build}/scans`).send({ id: id(), scan: 'F6' }).expect(409);
    const resumed = await api().post(`/api/v1/builds/${build}/resume`).send({ id: id(), station: 'S2' }).expect(200);
    expect(resumed.body).toMatchObject({ state: 'open', station: 'S2' });
    expect(await scan(build, 'F6')).toMatchObject({ verdict: 'ok' });
    const close = await api().post('/api/v1/work-orders/WO-1/close').send({ id: id(), reason: 'x' }).expect(409);
    expect(close.body).toMatchObject({ code: 'ORDER_BUILDS_OPEN' });
  });
});

describe('a lot', () => {
  beforeAll(async () => {
    await put('items/PAINT', { name: 'Paint', tracking: 'lot', uom: 'kg' });
    await put('items/BASE', { name: 'Base', tracking: 'lot', uom: 'kg' });
    await put('items/PAINT/boms/1', { lines: [{ component: 'BASE', quantity: '800', uom: 'g' }] });
    await record(
      receive({ item: 'BASE', lot: 'BASE-1' }, { quantity: { value: '30', uom: 'kg' }, place: 'L1.BIN' }),
      receive({ item: 'BASE', lot: 'BASE-2' }, { quantity: { value: '30', uom: 'kg' } }),
    );
  });

  it('is built with what its quantity needs, out of a bin below the line, in part, and the order closed in part', async () => {
    const paint = { item: 'PAINT', quantity: { value: '100', uom: 'kg' } };
    await order('WO-P', paint);
    const build = await start('WO-P', { scan: 'PAINT-1', quantity: { value: '50', uom: 'kg' } });
    const first = await scan(build, 'BASE-1');
    expect(first).toMatchObject({ verdict: 'stop', code: 'STOCK_SHORT' });
    expect(await scan(build, 'BASE-1', { quantity: { value: '25000', uom: 'g' } })).toMatchObject({
      verdict: 'ok',
      next: 'Still open: 15 kg of BASE.',
    });
    // What one build has taken is not there for another.
    const other = await start('WO-P', { scan: 'PAINT-2', quantity: { value: '10', uom: 'kg' } });
    expect(await scan(other, 'BASE-1')).toMatchObject({ verdict: 'stop', code: 'STOCK_SHORT' });
    expect(await scan(build, 'BASE-2')).toMatchObject({ verdict: 'ok', build: { complete: true } });
    await finish(build, 200);
    expect((await api().get('/api/v1/units/BASE~lot~BASE-1').expect(200)).body).toMatchObject({
      holdings: expect.arrayContaining([expect.objectContaining({ state: 'in-stock', place: 'L1.BIN' })]),
      quantity: { value: '5', uom: 'kg' },
    });
    // What came out of the mixer is weighed at the end.
    const third = await start('WO-P', { scan: 'PAINT-3', quantity: { value: '5', uom: 'kg' } });
    await scan(third, 'BASE-2');
    expect((await finish(third, 422, { quantity: { value: '0', uom: 'kg' } })).body).toMatchObject({
      code: 'QUANTITY_INVALID',
    });
    await finish(third, 200, { quantity: { value: '4800', uom: 'g' } });
    expect((await api().get('/api/v1/units/PAINT~lot~PAINT-3').expect(200)).body).toMatchObject({
      quantity: { value: '4.8', uom: 'kg' },
    });
    await api().post(`/api/v1/builds/${other}/abandon`).send({ id: id(), reason: 'enough' }).expect(200);
    const built = await api().get('/api/v1/units/PAINT~lot~PAINT-1/as-built').expect(200);
    expect(built.body).toMatchObject({ differences: 0, lines: [{ designed: { value: '40', uom: 'kg' } }] });
    const closed = await api()
      .post('/api/v1/work-orders/WO-P/close')
      .send({ id: id(), reason: 'sold less' })
      .expect(200);
    expect(closed.body).toMatchObject({ state: 'closed', produced: { value: '54.8', uom: 'kg' } });
  });
});

describe('what must be read', () => {
  it('is asked for at the scan, and at the end for what came after it', async () => {
    await put('instructions/WIPE', {
      title: 'Wipe it first',
      severity: 'must',
      acknowledge: true,
      about: { item: 'SADDLE' },
    });
    await put('items/TRIKE', { name: 'Trike', tracking: 'serial', uom: 'pcs' });
    await put('items/TRIKE/boms/A', {
      lines: [
        { component: 'SADDLE', quantity: '1', uom: 'pcs' },
        { component: 'GREASE', quantity: '5', uom: 'g' },
      ],
    });
    await order('WO-T', { item: 'TRIKE' });
    const build = await start('WO-T');
    const asked = await scan(build, 'S1');
    expect(asked).toMatchObject({ verdict: 'ask', code: 'INSTRUCTION_UNACKNOWLEDGED', build: { complete: false } });
    const read = asked.instructions.map((one) => one.id);
    expect(await scan(build, 'S1', { acknowledged: read })).toMatchObject({ verdict: 'ok' });
    expect(await scan(build, 'G1')).toMatchObject({ verdict: 'ok' });
    await put('instructions/ECN-12', {
      title: 'Inspect before use until ECN-12',
      severity: 'must',
      acknowledge: true,
      about: { unit: { item: 'GREASE', lot: 'G1' } },
    });
    const late = await finish(build, 409);
    expect(late.body).toMatchObject({ code: 'INSTRUCTION_UNACKNOWLEDGED' });
    const { instructions } = late.body as { instructions: { id: string; title: string }[] };
    expect(instructions.map((one) => one.title)).toEqual(['Inspect before use until ECN-12']);
    await finish(build, 200, { acknowledged: instructions.map((one) => one.id) });
    await api().post('/api/v1/instructions/ECN-12/retire').send({ reason: 'ECN-12 is in force' }).expect(200);
  });
});

describe('what the record says later', () => {
  it('counts a voided build as never made, and lets the piece be built again', async () => {
    await order('WO-V');
    const build = await start('WO-V', { scan: 'EB-V' });
    await scan(build, 'F7');
    await finish(build, 200, { reason: 'frame only' });
    await record({ type: 'void', event: `build:${build}`, reason: 'wrong frame' });
    expect((await api().get('/api/v1/work-orders/WO-V').expect(200)).body).toMatchObject({ produced: pcs('0') });
    expect((await api().get(`/api/v1/builds/${build}`).expect(200)).body).toMatchObject({ state: 'voided' });
    const again = await start('WO-V', { scan: 'EB-V' });
    expect(await scan(again, 'F7')).toMatchObject({ verdict: 'ok' });
    const taken = await scan(again, 'F7');
    expect(taken).toMatchObject({ code: 'PART_SCANNED_TWICE' });
    const parts = taken.build.lines.flatMap((line) => line.parts) as { part: number }[];
    await api().post(`/api/v1/builds/${again}/parts/${parts[0]!.part}/take-out`).send({ id: id() }).expect(200);
    expect(await scan(again, 'F7')).toMatchObject({ verdict: 'ok' });
  });

  it('asks before a part of another revision is taken, and shows it as built', async () => {
    await put('items/BAT/boms/R1', {
      lines: [{ component: 'GREASE', quantity: '1', uom: 'g' }],
      effectiveUntil: '2025-12-31',
    });
    await put('items/BAT/boms/R2', {
      lines: [{ component: 'GREASE', quantity: '1', uom: 'g' }],
      effectiveFrom: '2026-01-01',
    });
    await record(receive(serial('BAT', 'OLD-REV'), { revision: 'R1' }));
    const build = await start('WO-V', { scan: 'EB-R' });
    const asked = await scan(build, 'OLD-REV');
    expect(asked).toMatchObject({ verdict: 'ask', code: 'PART_REVISION' });
    expect(await scan(build, 'OLD-REV', { accept: ['PART_REVISION'] })).toMatchObject({ verdict: 'ok' });
    await finish(build, 200, { reason: 'for the test bench' });
    const built = await api().get('/api/v1/units/BIKE~serial~EB-R/as-built').expect(200);
    expect(built.body).toMatchObject({
      lines: expect.arrayContaining([
        expect.objectContaining({
          item: 'BAT',
          differences: [expect.objectContaining({ kind: 'other-revision', say: expect.stringContaining('R1') })],
        }),
      ]),
    });
  });
});
