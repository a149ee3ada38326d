import { http, useApp } from '../support';
import { fresh, kg, pcs, trade, tradePlant } from './trade-plant';

const app = useApp({ worker: false, env: { DOCUMENT_BYTES_MAX: '2048' } });
const { post, get, order, receive, stock, unit, events } = trade(app);

beforeAll(() => tradePlant(app()));

const line = async (number: string, name: string) =>
  (await get(`purchase-orders/${number}`).expect(200)).body.orderLines.find((l: { line: string }) => l.line === name);

const upload = (name: string, content: Buffer | string, fields: Record<string, string> = {}) => {
  let request = http(app()).post('/api/v1/attachments');
  for (const [key, value] of Object.entries(fields)) request = request.field(key, value);
  return request.attach('file', Buffer.from(content), name);
};
const files = async (): Promise<number> => {
  const [row] = await app().database.database.query<{ n: number }>(
    'SELECT (SELECT count(*) FROM stored_file)::int + (SELECT count(*) FROM stored_file_chunk)::int AS n',
  );
  return row!.n;
};

describe('a purchase order', () => {
  it('is made once, followed from the order on, and changed without losing what was said', async () => {
    const body = {
      id: fresh(),
      order: 'PO-1',
      partner: 'ACME',
      lines: [{ item: 'RESIN', quantity: kg('100'), due: '2026-03-05' }],
    };
    const first = await post('purchase-orders', body).expect(201);
    const again = await post('purchase-orders', body).expect(201);
    expect(again.body).toEqual(first.body);
    expect(first.body).toMatchObject({ order: 'PO-1', partner: 'ACME', state: 'open', lines: 1, linesDone: 0 });
    await post('purchase-orders', { ...body, partner: 'VOLT' }).expect(409);
    expect((await post('purchase-orders', { ...body, id: fresh() }).expect(409)).body.code).toBe('NUMBER_TAKEN');

    await post('purchase-orders/PO-1/announce', {
      id: fresh(),
      shipment: 'ACME-77',
      lines: [{ line: '1', item: 'RESIN', quantity: kg('60') }],
    }).expect(200);
    expect(await line('PO-1', '1')).toMatchObject({ ordered: kg('100'), announced: kg('60'), inTransit: kg('60') });

    await receive({ purchaseOrder: 'PO-1', lines: [{ item: 'RESIN', lot: 'R-1', quantity: kg('60') }] }).expect(201);
    expect(await line('PO-1', '1')).toMatchObject({
      done: kg('60'),
      open: kg('40'),
      inTransit: kg('0'),
      state: 'open',
      whereabouts: [{ state: 'in-stock', units: 1, quantity: kg('60') }],
    });
    await events([
      {
        type: 'ship',
        id: fresh(),
        at: new Date().toISOString(),
        customer: 'VELO',
        shipment: 'S-1',
        units: [{ unit: { item: 'RESIN', lot: 'R-1' }, quantity: kg('10') }],
      },
    ]);
    expect((await line('PO-1', '1')).whereabouts).toEqual(
      expect.arrayContaining([
        { state: 'in-stock', units: 1, quantity: kg('50') },
        { state: 'shipped', units: 1, quantity: kg('10') },
      ]),
    );

    const changed = await http(app())
      .put('/api/v1/purchase-orders/PO-1')
      .send({
        id: fresh(),
        partner: 'ACME',
        reason: 'less is needed',
        lines: [{ line: '1', item: 'RESIN', quantity: kg('60') }],
      })
      .expect(200);
    expect(changed.body).toMatchObject({ state: 'done', linesDone: 1 });
    const { body: list } = await get('purchase-orders?partner=ACME&state=done').expect(200);
    expect(list.data.map((o: { order: string }) => o.order)).toEqual(['PO-1']);
    const [row] = await app().database.database.query<{ n: number }>(
      "SELECT count(*)::int AS n FROM event WHERE type IN ('order', 'correct') AND coalesce(body->>'purchaseOrder', body->'with'->>'purchaseOrder') = 'PO-1'",
    );
    expect(row!.n).toBe(2);
  });

  it('is cancelled while nothing came, and only then', async () => {
    await order('purchase', 'PO-2', 'ACME', [{ item: 'RESIN', quantity: kg('5') }]);
    await post('purchase-orders/PO-2/cancel', { id: fresh(), reason: 'typed by mistake' }).expect(200);
    await get('purchase-orders/PO-2').expect(404);
    await order('purchase', 'PO-3', 'ACME', [{ item: 'RESIN', quantity: kg('5') }]);
    await receive({ purchaseOrder: 'PO-3', lines: [{ item: 'RESIN', lot: 'R-3', quantity: kg('5') }] }).expect(201);
    const refused = await post('purchase-orders/PO-3/cancel', { id: fresh(), reason: 'no' }).expect(409);
    expect(refused.body.code).toBe('ORDER_STARTED');
  });
});

describe('receiving', () => {
  it('takes in many serials of one line as one step, once, with labels asked for', async () => {
    await order('purchase', 'PO-10', 'VOLT', [{ item: 'BAT', quantity: pcs('3') }]);
    const body = {
      id: fresh(),
      place: 'LYON.IN',
      purchaseOrder: 'PO-10',
      lines: [
        {
          item: 'BAT',
          serials: ['B1', 'B2', 'B3'],
          supplierLot: 'V-7',
          expires: '2030-01-31',
          revision: 'C',
          labels: { copies: 2 },
        },
      ],
    };
    const first = await post('receipts', body).expect(201);
    expect(first.body).toMatchObject({ purchaseOrder: 'PO-10', supplier: 'VOLT', place: 'LYON.IN', units: 3, held: 0 });
    expect(first.body.labels).toHaveLength(3);
    expect((await post('receipts', body).expect(201)).body).toEqual(first.body);
    expect((await post('receipts', { ...body, note: 'other' }).expect(409)).body.code).toBe('COMMAND_ID_REUSED');
    expect(await unit('BAT~serial~B2')).toMatchObject({
      state: 'in-stock',
      place: 'LYON.IN',
      supplier: 'VOLT',
      supplierLot: 'V-7',
    });
    const labels = await get('label-requests?state=asked').expect(200);
    expect(labels.body.data).toMatchObject([{ copies: 2, template: null, state: 'asked' }, {}, {}]);
    expect(await line('PO-10', '1')).toMatchObject({ state: 'done', done: pcs('3'), delivered: 'exact' });

    const twice = await receive({ reason: 'found', lines: [{ item: 'BAT', serials: ['B9', 'B9'] }] }).expect(422);
    expect(twice.body.detail).toContain('twice');
    const known = await receive({ reason: 'found', lines: [{ item: 'BAT', serials: ['B8', 'B1'] }] }).expect(409);
    expect(known.body.code).toBe('SERIAL_EXISTS');
    // All or nothing: B8 is not there either.
    await get('units/BAT~serial~B8').expect(404);
  });

  it('stops what is not on the order, from another supplier, or without a reason', async () => {
    await order('purchase', 'PO-11', 'ACME', [{ item: 'RESIN', quantity: kg('10') }]);
    const wrong = await receive({ purchaseOrder: 'PO-11', lines: [{ item: 'BAT', serials: ['X1'] }] }).expect(409);
    expect(wrong.body.code).toBe('NOT_ON_ORDER');
    const other = await receive({
      purchaseOrder: 'PO-11',
      supplier: 'VOLT',
      lines: [{ item: 'RESIN', lot: 'R-11', quantity: kg('1') }],
    }).expect(409);
    expect(other.body.code).toBe('ORDER_PARTNER');
    const none = await receive({ lines: [{ item: 'RESIN', lot: 'R-11', quantity: kg('1') }] }).expect(422);
    expect(none.body.code).toBe('REASON_REQUIRED');
    const { body: stop } = await post('receipts/check', {
      purchaseOrder: 'PO-11',
      scan: ']d2010950600013435221X1',
    }).expect(200);
    expect(stop).toMatchObject({ verdict: 'stop', code: 'NOT_ON_ORDER' });
    const { body: ok } = await post('receipts/check', { purchaseOrder: 'PO-11', scan: 'RESIN' }).expect(200);
    expect(ok).toMatchObject({ verdict: 'ok', found: { item: 'RESIN', expected: '10', received: '0', line: '1' } });
  });

  it('takes in more than ordered with a reason, within the tolerance without one; short stays open or is closed', async () => {
    await order('purchase', 'PO-12', 'ACME', [
      { line: '10', item: 'RESIN', quantity: kg('100'), terms: { overPercent: '5', shortPercent: '10' } },
    ]);
    const over = { purchaseOrder: 'PO-12', lines: [{ item: 'RESIN', lot: 'R-12', quantity: kg('106') }] };
    const asked = await receive(over).expect(409);
    expect(asked.body).toMatchObject({ code: 'OVER_DELIVERY', expected: '100', total: '106', tolerance: '5' });
    const { body: verdict } = await post('receipts/check', {
      purchaseOrder: 'PO-12',
      item: 'RESIN',
      lot: 'R-12',
      quantity: kg('106'),
    }).expect(200);
    expect(verdict).toMatchObject({ verdict: 'ask', code: 'OVER_DELIVERY' });
    await receive({ purchaseOrder: 'PO-12', lines: [{ item: 'RESIN', lot: 'R-12', quantity: kg('50') }] }).expect(201);
    expect(await line('PO-12', '10')).toMatchObject({ state: 'open', delivered: 'open', open: kg('50') });
    await receive({ purchaseOrder: 'PO-12', lines: [{ item: 'RESIN', lot: 'R-12', quantity: kg('41') }] }).expect(201);
    expect(await line('PO-12', '10')).toMatchObject({ state: 'done', delivered: 'within' });
    await receive({
      purchaseOrder: 'PO-12',
      lines: [{ item: 'RESIN', lot: 'R-12b', quantity: kg('20'), overReason: 'agreed on the phone' }],
    }).expect(201);
    expect(await line('PO-12', '10')).toMatchObject({ delivered: 'over', done: kg('111') });

    await order('purchase', 'PO-13', 'ACME', [{ item: 'RESIN', quantity: kg('100') }]);
    await receive({
      purchaseOrder: 'PO-13',
      lines: [{ item: 'RESIN', lot: 'R-13', quantity: kg('80') }],
      closeShort: [{ line: '1', reason: 'the supplier has no more' }],
    }).expect(201);
    expect(await line('PO-13', '1')).toMatchObject({
      state: 'closed',
      closed: 'the supplier has no more',
      open: kg('0'),
    });
    const closed = await receive({
      purchaseOrder: 'PO-13',
      lines: [{ item: 'RESIN', lot: 'R-13', quantity: kg('20') }],
    }).expect(409);
    expect(closed.body.code).toBe('ORDER_CLOSED');
    await post('purchase-orders/PO-13/reopen', { id: fresh(), reason: 'they found some' }).expect(200);
    await receive({ purchaseOrder: 'PO-13', lines: [{ item: 'RESIN', lot: 'R-13', quantity: kg('20') }] }).expect(201);
  });

  it('counts what another system received for the order, and two docks cannot both fill it', async () => {
    await order('purchase', 'PO-14', 'ACME', [{ item: 'RESIN', quantity: kg('10') }]);
    await events([
      {
        type: 'receive',
        id: fresh(),
        at: '2026-03-02T09:00:00Z',
        place: 'LYON.IN',
        supplier: 'ACME',
        unit: { item: 'RESIN', lot: 'R-14' },
        quantity: kg('4'),
        refs: { purchaseOrder: 'PO-14' },
      },
    ]);
    expect(await line('PO-14', '1')).toMatchObject({ done: kg('4') });
    const both = await Promise.all(
      ['R-14a', 'R-14b'].map((lot) =>
        receive({ purchaseOrder: 'PO-14', lines: [{ item: 'RESIN', lot, quantity: kg('6') }] }),
      ),
    );
    expect(both.map((b) => b.status).sort()).toEqual([201, 409]);
    expect(await line('PO-14', '1')).toMatchObject({ done: kg('10'), delivered: 'exact' });
  });

  it('takes in an item that is not tracked, without units', async () => {
    await order('purchase', 'PO-15', 'ACME', [{ item: 'SCREW', quantity: pcs('500') }]);
    const { body } = await receive({ purchaseOrder: 'PO-15', lines: [{ item: 'SCREW', quantity: pcs('500') }] }).expect(
      201,
    );
    expect(body).toMatchObject({ units: 0, lines: [{ item: 'SCREW', unit: null, quantity: pcs('500') }] });
    expect(await line('PO-15', '1')).toMatchObject({ state: 'done', done: pcs('500') });
  });

  it('is taken back whole with a reason, and once', async () => {
    await order('purchase', 'PO-16', 'ACME', [{ item: 'RESIN', quantity: kg('10') }]);
    const { body } = await receive({
      purchaseOrder: 'PO-16',
      lines: [{ item: 'RESIN', lot: 'R-16', quantity: kg('10'), decision: 'hold', reason: 'wet' }],
    }).expect(201);
    const { body: voided } = await post(`receipts/${body.receipt}/void`, { id: fresh(), reason: 'wrong truck' }).expect(
      200,
    );
    expect(voided.voided).toMatchObject({ reason: 'wrong truck' });
    expect(await line('PO-16', '1')).toMatchObject({ done: kg('0'), state: 'open' });
    expect(await unit('RESIN~lot~R-16')).toMatchObject({ holds: [] });
    expect((await post(`receipts/${body.receipt}/void`, { id: fresh(), reason: 'again' }).expect(409)).body.code).toBe(
      'VOIDED_ALREADY',
    );
  });
});

describe('inspection on receipt', () => {
  beforeAll(async () => {
    await http(app())
      .put('/api/v1/items/PAINT/inspection-plans')
      .send({
        characteristics: [{ name: 'viscosity', low: '80', high: '120', uom: 'mPas' }, { name: 'colour' }],
      })
      .expect(200);
  });
  const paint = (lot: string, more: object) =>
    receive({ reason: 'sample', supplier: 'ACME', lines: [{ item: 'PAINT', lot, quantity: kg('10'), ...more }] });
  const good = [
    { characteristic: 'viscosity', measured: '95.5' },
    { characteristic: 'colour', result: 'pass' },
  ];

  it('frees what passed, with its results on record', async () => {
    const { body } = await paint('P-1', { inspection: good }).expect(201);
    expect(body.lines[0]).toMatchObject({
      decision: 'accept',
      inspections: [
        { characteristic: 'viscosity', passed: true, measured: '95.5', low: '80', high: '120' },
        { characteristic: 'colour', passed: true },
      ],
    });
    expect(await unit('PAINT~lot~P-1')).toMatchObject({ holds: [] });
  });

  it('holds what failed or was not looked at, and never accepts it', async () => {
    const bad = [{ characteristic: 'viscosity', measured: '130' }, good[1]];
    expect((await paint('P-2', { inspection: bad, decision: 'accept' }).expect(409)).body.code).toBe(
      'INSPECTION_FAILED',
    );
    const { body } = await paint('P-2', { inspection: bad }).expect(201);
    expect(body.lines[0]).toMatchObject({ decision: 'hold' });
    expect(await unit('PAINT~lot~P-2')).toMatchObject({
      holds: [{ reason: 'inspection failed: viscosity', ref: body.receipt }],
    });
    await paint('P-3', {}).expect(201);
    expect(await unit('PAINT~lot~P-3')).toMatchObject({ holds: [{ reason: 'inspection pending: viscosity, colour' }] });
    const skipped = await paint('P-4', { skipInspection: 'in a hurry', decision: 'accept' }).expect(422);
    expect(skipped.body.code).toBe('INSPECTION_INCOMPLETE');
  });

  it('rejects with a hold that says so', async () => {
    const { body } = await paint('P-5', { inspection: good, decision: 'reject', reason: 'dented drums' }).expect(201);
    expect(body).toMatchObject({ rejected: 1 });
    expect(await unit('PAINT~lot~P-5')).toMatchObject({ holds: [{ reason: 'rejected at receipt: dented drums' }] });
  });
});

describe('certificates', () => {
  const pdf = '%PDF-1.4 certificate of analysis';

  it('are kept with their hash, belong to receipt and lot, and are downloaded as they came', async () => {
    const id = fresh();
    const { body: kept } = await upload('coa.pdf', pdf, { id }).expect(201);
    expect(kept).toMatchObject({
      name: 'coa.pdf',
      kind: 'certificate',
      mediaType: 'application/pdf',
      sizeBytes: pdf.length,
    });
    expect((await upload('coa.pdf', pdf, { id }).expect(201)).body.file).toBe(kept.file);
    const { body } = await receive({
      reason: 'sample',
      supplier: 'ACME',
      lines: [{ item: 'RESIN', lot: 'R-C', quantity: kg('1'), certificates: [kept.file] }],
    }).expect(201);
    expect(body.documents).toMatchObject([{ file: kept.file, units: [{ unit: { item: 'RESIN', lot: 'R-C' } }] }]);
    const { body: ofUnit } = await get('units/RESIN~lot~R-C/attachments').expect(200);
    expect(ofUnit.data).toMatchObject([{ name: 'coa.pdf', sha256: kept.sha256, receipt: body.receipt }]);
    const answer = await get(`attachments/${kept.file}/content`)
      .buffer(true)
      .parse((res, done) => {
        const parts: Buffer[] = [];
        res.on('data', (part: Buffer) => parts.push(part));
        res.on('end', () => done(null, Buffer.concat(parts)));
      })
      .expect(200);
    expect((answer.body as Buffer).toString()).toBe(pdf);
    expect(answer.headers['content-disposition']).toContain('attachment; filename="coa.pdf"');
    expect(answer.headers['content-type']).toBe('application/pdf');
  });

  it.each([
    ['virus.exe', 'MZ…', 415, 'FILE_TYPE_REFUSED'],
    ['coa.pdf', 'no pdf at all', 415, 'FILE_TYPE_REFUSED'],
    ['photo.png', '%PDF-1.4', 415, 'FILE_TYPE_REFUSED'],
    ['empty.txt', '', 415, 'FILE_TYPE_REFUSED'],
    ['long.txt', 'x'.repeat(3000), 413, 'BODY_TOO_LARGE'],
  ])('of a wrong kind or size are refused and leave nothing: %s', async (name, content, status, code) => {
    const before = await files();
    expect((await upload(name, content).expect(status)).body.code).toBe(code);
    expect(await files()).toBe(before);
  });

  it('that nobody uploaded are refused', async () => {
    const missing = await receive({
      reason: 'sample',
      lines: [{ item: 'RESIN', lot: 'R-D', quantity: kg('1'), certificates: ['018f0000-0000-7000-8000-000000000000'] }],
    }).expect(404);
    expect(missing.body.code).toBe('NOT_FOUND');
  });
});

it('what must be acknowledged is, or nothing is received', async () => {
  await http(app())
    .put('/api/v1/instructions/COLD')
    .send({ title: 'Keep below 4 °C', about: { item: 'RESIN' }, severity: 'must', acknowledge: true })
    .expect(200);
  const body = { reason: 'sample', lines: [{ item: 'RESIN', lot: 'R-COLD', quantity: kg('1') }] };
  const refused = await receive(body).expect(409);
  expect(refused.body.code).toBe('INSTRUCTION_UNACKNOWLEDGED');
  await get('units/RESIN~lot~R-COLD').expect(404);
  const { body: shown } = await post('receipts/check', { reason: 'sample', item: 'RESIN' }).expect(200);
  expect(shown.instructions).toMatchObject([{ title: 'Keep below 4 °C', acknowledge: true }]);
  await receive({ ...body, acknowledged: [shown.instructions[0].id] }).expect(201);
});

describe('labels of what is there already', () => {
  it('are asked for once for each unit, and not at all where one is unknown', async () => {
    await stock('BIKE', 'serial', 'LBL-1');
    await stock('BIKE', 'serial', 'LBL-2');
    const one = (await unit('BIKE~serial~LBL-1')) as { id: string };
    const two = (await unit('BIKE~serial~LBL-2')) as { id: string };
    const asked = async () =>
      ((await get('label-requests?limit=1000').expect(200)).body as { data: { id: string; copies: number }[] }).data
        .filter((row) => [one.id, two.id].includes(row.id))
        .map((row) => [row.id, row.copies]);
    const body = { id: 'labels-1', units: [one.id, two.id, one.id], copies: 2 };
    expect((await post('label-requests', body).expect(201)).body).toEqual({ units: 2, copies: 2 });
    await post('label-requests', body).expect(201);
    expect(await asked()).toEqual([
      [one.id, 2],
      [two.id, 2],
    ]);
    await post('label-requests', { id: 'labels-2', units: [one.id, 'u999999999'] }).expect(404);
    await post('label-requests', { id: 'labels-3', units: ['BIKE'] }).expect(400);
    expect(await asked()).toHaveLength(2);
  });
});

it('a plan that was made for a supplier is taken away: the one for any holds again', async () => {
  const plans = '/api/v1/items/PAINT/inspection-plans';
  const put = (body: object) => http(app()).put(plans).send(body).expect(200);
  await put({ characteristics: [{ name: 'colour' }] });
  await put({ supplier: 'ACME', characteristics: [] });
  const comes = async (lot: string) => {
    await receive({
      supplier: 'ACME',
      reason: 'sample',
      lines: [{ item: 'PAINT', lot, quantity: kg('1') }],
    }).expect(201);
    return unit(`PAINT~lot~${lot}`);
  };
  expect(await comes('RP-1')).toMatchObject({ holds: [] });
  await http(app()).delete(`${plans}?supplier=ACME`).expect(200);
  await http(app()).delete(`${plans}?supplier=ACME`).expect(404);
  expect(await comes('RP-2')).toMatchObject({ holds: [{ reason: 'inspection pending: colour' }] });
  expect((await http(app()).delete(plans).expect(200)).body).toEqual({ data: [] });
  expect(await comes('RP-3')).toMatchObject({ holds: [] });
});
