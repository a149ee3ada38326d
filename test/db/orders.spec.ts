import { identities, orderLines, RecordEvents } from '@/ledger';
import { Settings } from '@/platform/config';
import type { Context } from '@/platform/db';
import { useDatabase } from '../support';

const ctx: Context = { actor: 'user:test', source: 'test' };
const settings = new Settings({ DATABASE_URL: 'postgres://u@h/d', REDIS_URL: 'redis://h' });
const db = useDatabase();
const T = (n: number) => new Date(Date.UTC(2026, 2, 1, 8, n)).toISOString();
const kg = (value: string) => ({ value, uom: 'kg' });
const nano = (n: number) => BigInt(n) * 1_000_000_000n;

beforeAll(async () => {
  await db().asOwner(
    `INSERT INTO item (code, name, tracking, uom) VALUES ('RM', 'Resin', 'lot', 'kg'), ('BAT', 'Battery', 'serial', 'pcs')`,
  );
  await db().asOwner(`INSERT INTO place (code, name, kind) VALUES ('DOCK', 'Dock', 'site')`);
  await db().asOwner(
    `INSERT INTO partner (code, name, kind) VALUES ('ACME', 'Acme', 'supplier'), ('SHOP', 'Shop', 'customer')`,
  );
});

async function record(...events: object[]): Promise<void> {
  const result = await new RecordEvents(db().uow, settings).execute(ctx, events);
  expect(result.refused).toEqual([]);
}

async function refusal(event: object): Promise<string | undefined> {
  return (await new RecordEvents(db().uow, settings).execute(ctx, [event])).refused[0]?.code;
}

const order = (id: string, purchaseOrder: string, lines: object[], rest: object = {}) => ({
  type: 'order',
  id,
  at: T(0),
  purchaseOrder,
  partner: 'ACME',
  lines,
  ...rest,
});
const receive = (id: string, purchaseOrder: string, lot: string, value: string, line?: string) => ({
  type: 'receive',
  id,
  at: T(5),
  place: 'DOCK',
  unit: { item: 'RM', lot },
  quantity: kg(value),
  supplier: 'ACME',
  refs: { purchaseOrder, ...(line && { line }) },
});

describe('orders', () => {
  it('show what was ordered, announced and received so far, line by line', async () => {
    await record(
      order('o1', 'PO-1', [
        { line: '10', item: 'RM', quantity: kg('100'), due: '2026-03-09' },
        { line: '20', item: 'RM', quantity: kg('50') },
      ]),
      {
        type: 'expect',
        id: 'x1',
        at: T(1),
        purchaseOrder: 'PO-1',
        partner: 'ACME',
        shipment: 'ASN-7',
        lines: [{ line: '10', item: 'RM', quantity: { value: '40000', uom: 'g' }, unit: { item: 'RM', lot: 'A-1' } }],
      },
      receive('r1', 'PO-1', 'A-1', '40', '10'),
      receive('r2', 'PO-1', 'A-2', '70'),
    );
    const lines = await orderLines(db().database, { documents: ['PO-1'] });
    expect(lines.map((l) => [l.line, l.ordered, l.expected, l.received])).toEqual([
      ['10', nano(100), nano(40), nano(100)],
      ['20', nano(50), 0n, nano(10)],
    ]);
    expect(lines[0]).toMatchObject({
      partner: 'ACME',
      shipment: 'ASN-7',
      events: [expect.stringMatching(/^e\d+$/), expect.stringMatching(/^e\d+$/)],
    });
    expect([...(await identities(db().database, lines[0]!.units)).values()].map((u) => u.code)).toEqual(['A-1']);
    const open = await orderLines(db().database, { direction: 'purchase', documents: ['PO-1'], open: true });
    expect(open.map((l) => l.line)).toEqual(['20']);
  });

  it('keep what came too much on the last line, and take back what is voided or corrected', async () => {
    await record(order('o2', 'PO-2', [{ item: 'RM', quantity: kg('10') }]), receive('r3', 'PO-2', 'B-1', '12'));
    const [over] = await orderLines(db().database, { documents: ['PO-2'] });
    expect(over).toMatchObject({ line: '1', ordered: nano(10), received: nano(12) });
    await record({
      type: 'correct',
      id: 'c3',
      at: T(9),
      event: 'r3',
      reason: 'weighed wrong',
      with: receive('r3b', 'PO-2', 'B-1', '9'),
    });
    expect((await orderLines(db().database, { documents: ['PO-2'] }))[0]!.received).toBe(nano(9));
    await record({ type: 'void', id: 'v2', event: 'o2', reason: 'never ordered' });
    expect(await orderLines(db().database, { documents: ['PO-2'] })).toEqual([]);
  });

  it('count what was shipped for a sales order, and what came back of it', async () => {
    await record(
      { type: 'create', id: 'n1', at: T(2), place: 'DOCK', unit: { item: 'BAT', serial: 'S1' } },
      {
        type: 'order',
        id: 's1',
        at: T(3),
        salesOrder: 'SO-1',
        partner: 'SHOP',
        lines: [{ item: 'BAT', quantity: { value: '2', uom: 'pcs' } }],
      },
      {
        type: 'ship',
        id: 'h1',
        at: T(4),
        units: [{ item: 'BAT', serial: 'S1' }],
        customer: 'SHOP',
        shipment: 'SH-1',
        refs: { salesOrder: 'SO-1' },
      },
      {
        type: 'return',
        id: 'b1',
        at: T(6),
        units: [{ item: 'BAT', serial: 'S1' }],
        customer: 'SHOP',
        refs: { salesOrder: 'SO-1' },
      },
    );
    expect(await orderLines(db().database, { direction: 'sales', documents: ['SO-1'], open: true })).toMatchObject([
      { ordered: nano(2), shipped: nano(1), returned: nano(1), received: 0n },
    ]);
  });

  it('count what a container carried out and back, also what turns out later to have been in it', async () => {
    const serial = (code: string) => ({ item: 'BAT', serial: code });
    const refs = { salesOrder: 'SO-2' };
    await record(
      { type: 'create', id: 'n2', at: T(2), place: 'DOCK', unit: serial('S2') },
      { type: 'create', id: 'n3', at: T(2), place: 'DOCK', unit: serial('S3') },
      {
        type: 'order',
        id: 's2',
        at: T(3),
        salesOrder: 'SO-2',
        partner: 'SHOP',
        lines: [{ item: 'BAT', quantity: { value: '2', uom: 'pcs' } }],
      },
      { type: 'pack', id: 'p2', at: T(4), container: 'BOX-2', units: [serial('S2')] },
      { type: 'ship', id: 'h2', at: T(6), container: 'BOX-2', customer: 'SHOP', shipment: 'SH-2', refs },
    );
    const line = async () => (await orderLines(db().database, { documents: ['SO-2'] }))[0];
    expect(await line()).toMatchObject({ ordered: nano(2), shipped: nano(1), returned: 0n });
    await record({ type: 'pack', id: 'p3', at: T(5), container: 'BOX-2', units: [serial('S3')] });
    expect(await line()).toMatchObject({ shipped: nano(2) });
    await record({ type: 'return', id: 'b2', at: T(8), container: 'BOX-2', customer: 'SHOP', refs });
    expect(await line()).toMatchObject({ shipped: nano(2), returned: nano(2) });
    await record({ type: 'void', id: 'v3', event: 'p3', reason: 'another box' });
    expect(await line()).toMatchObject({ shipped: nano(1), returned: nano(1) });
    await record({ type: 'void', id: 'v4', event: 'h2', reason: 'still here' });
    expect(await line()).toMatchObject({ shipped: 0n, returned: 0n });
  });

  it('are refused without a name, with a partner or item that is not known', async () => {
    expect(
      await refusal({ ...order('x', 'PO-9', [{ item: 'RM', quantity: kg('1') }]), purchaseOrder: undefined }),
    ).toBe('ORDER_UNNAMED');
    expect(await refusal({ ...order('x', 'PO-9', [{ item: 'RM', quantity: kg('1') }]), salesOrder: 'SO-9' })).toBe(
      'ORDER_UNNAMED',
    );
    expect(await refusal(order('x', 'PO-9', [{ item: 'XX', quantity: kg('1') }]))).toBe('UNKNOWN_ITEM');
    expect(await refusal(order('x', 'PO-9', [{ item: 'RM', quantity: kg('1') }], { partner: 'NOBODY' }))).toBe(
      'UNKNOWN_PARTNER',
    );
    expect(await refusal(order('x', 'PO-9', [{ item: 'RM', quantity: { value: '1', uom: 'm' } }]))).toBe('UOM_UNKNOWN');
  });
});
