import { findUnit, RecordEvents, sealLedger } from '@/ledger';
import { unitPage } from '@/ledger/unit-page';
import { Settings } from '@/platform/config';
import type { Context } from '@/platform/db';
import { PutItems } from '@/reference/catalog';
import { PutAttributes } from '@/reference/catalog/app/put-attributes';
import { useDatabase } from '../support';

const ctx: Context = { actor: 'user:test', source: 'test' };
const settings = new Settings({ DATABASE_URL: 'postgres://u@h/d', REDIS_URL: 'redis://h' });
const db = useDatabase();
const T = (hour: number) => `2026-03-02T${String(hour).padStart(2, '0')}:00:00Z`;
const unit = (lot: string) => ({ item: 'RM', lot });
const receive = (id: string, lot: string, rest: object) => ({
  type: 'receive',
  id,
  at: T(8),
  unit: unit(lot),
  quantity: { value: '5', uom: 'kg' },
  ...rest,
});
const amend = (id: string, lot: string, hour: number, rest: object) => ({
  type: 'amend',
  id,
  at: T(hour),
  unit: unit(lot),
  reason: 'label was wrong',
  ...rest,
});

beforeAll(async () => {
  await db().asOwner(
    `INSERT INTO item (code, name, tracking, uom, category) VALUES ('RM', 'Resin', 'lot', 'kg', 'raw'), ('AD', 'Additive', 'lot', 'kg', NULL)`,
  );
  await db().asOwner(`INSERT INTO partner (code, name, kind) VALUES ('ACME', 'Acme', 'supplier')`);
  const put = await new PutAttributes(db().uow).execute(ctx, [
    { name: 'density', label: 'Density', type: 'number', uom: 'g/cm3', appliesTo: 'unit', category: 'raw' },
    { name: 'colour', type: 'choice', values: ['red', 'blue'], items: ['RM'] },
    { name: 'tested', type: 'date' },
    { name: 'organic', type: 'boolean' },
    { name: 'family', type: 'text', appliesTo: 'item' },
  ]);
  expect(put).toMatchObject({ created: 5, refused: [] });
});

const record = (...events: object[]) => new RecordEvents(db().uow, settings).execute(ctx, events);
async function accepted(...events: object[]): Promise<void> {
  expect((await record(...events)).refused).toEqual([]);
}
async function page(lot: string) {
  return unitPage(db().database, await findUnit(db().database, `RM~lot~${lot}`), await sealLedger(db().uow));
}
const values = async (lot: string) => Object.fromEntries((await page(lot)).attributes.map((a) => [a.name, a.value]));

describe('how a unit is described', () => {
  it('comes from what made it, typed by the definitions, and of what is not defined as it is', async () => {
    await accepted(
      receive('d1', 'L1', {
        supplier: 'ACME',
        revision: 'B',
        attributes: { density: '1.25', colour: 'red', tested: '2026-03-01', organic: true, smell: 'none', ph: 7 },
      }),
    );
    expect(await values('L1')).toEqual({
      density: 1.25,
      colour: 'red',
      tested: '2026-03-01',
      organic: true,
      smell: 'none',
      ph: 7,
      revision: 'B',
    });
    expect((await page('L1')).attributes.find((a) => a.name === 'density')).toMatchObject({
      label: 'Density',
      type: 'number',
      uom: 'g/cm3',
      at: T(8).replace('Z', '.000Z'),
    });
  });

  it.each<[string, object]>([
    ['a number', { density: 'heavy' }],
    ['a choice', { colour: 'green' }],
    ['a date', { tested: 'yesterday' }],
    ['true or false', { organic: 'maybe' }],
    ['an attribute of items', { family: 'x' }],
  ])('refuses what is no value of %s', async (_, attributes) => {
    expect((await record(receive('bad', 'LX', { attributes }))).refused).toMatchObject([{ code: 'ATTRIBUTE_TYPE' }]);
  });

  it('keeps the latest by time, whatever came first; takes values off; a void takes it back', async () => {
    await accepted(
      amend('a2', 'L2', 12, { attributes: { colour: 'blue' }, expires: '2027-05-01' }),
      receive('d2', 'L2', { attributes: { colour: 'red', ph: 7 }, expires: '2026-12-31' }),
    );
    expect(await values('L2')).toEqual({ colour: 'blue', ph: 7 });
    expect((await page('L2')).expires).toBe('2027-05-02T00:00:00.000Z');
    await accepted(amend('a1', 'L2', 10, { attributes: { colour: 'red', ph: 6 }, expires: '2026-06-30' }));
    expect(await values('L2')).toEqual({ colour: 'blue', ph: 6 });
    expect((await page('L2')).expires).toBe('2027-05-02T00:00:00.000Z');
    await accepted(amend('a3', 'L2', 13, { attributes: { ph: null } }));
    expect(await values('L2')).toEqual({ colour: 'blue' });
    await accepted(
      { type: 'void', id: 'v2', event: 'a2', reason: 'other lot' },
      { type: 'void', id: 'v3', event: 'a3', reason: 'other lot' },
    );
    expect(await values('L2')).toEqual({ colour: 'red', ph: 6 });
    expect((await page('L2')).expires).toBe('2026-07-01T00:00:00.000Z');
  });

  it('has other names with their issuer, until they are taken back', async () => {
    await accepted(
      receive('d3', 'L3', {}),
      amend('n1', 'L3', 9, { aliases: ['OLD-3', { alias: 'AC-3', kind: 'maker', partner: 'ACME' }] }),
    );
    expect((await page('L3')).aliases).toEqual([
      { alias: 'OLD-3', kind: 'alias', partner: null },
      { alias: 'AC-3', kind: 'maker', partner: 'ACME' },
    ]);
    await accepted({ type: 'void', id: 'n2', event: 'n1', reason: 'no' });
    expect((await page('L3')).aliases).toEqual([]);
    expect(
      (await record(amend('n3', 'L3', 9, { aliases: [{ alias: 'x', partner: 'NOBODY' }] }))).refused,
    ).toMatchObject([{ code: 'UNKNOWN_PARTNER' }]);
    expect((await record(amend('n4', 'L3', 9, {}))).refused).toMatchObject([{ code: 'FIELD_REQUIRED' }]);
  });

  it('refuses an expired unit at work, by what holds now', async () => {
    await accepted(receive('d4', 'L4', { expires: '2026-03-05' }));
    const scrapFree = (id: string) => ({
      type: 'produce',
      id,
      at: new Date().toISOString(),
      outputs: [{ unit: { item: 'AD', lot: id }, quantity: { value: '1', uom: 'kg' } }],
      inputs: [{ unit: unit('L4'), quantity: { value: '1', uom: 'kg' } }],
    });
    const live = (event: object) => new RecordEvents(db().uow, settings).execute(ctx, [event], { check: 'live' });
    expect((await live(scrapFree('w1'))).refused).toMatchObject([{ code: 'UNIT_EXPIRED' }]);
    await accepted(amend('a4', 'L4', 9, { expires: '2999-12-31' }));
    expect((await live(scrapFree('w2'))).refused).toEqual([]);
  });
});

describe('items', () => {
  it('bear attributes too, by the same definitions', async () => {
    const items = new PutItems(db().uow);
    const row = { item: 'RM', name: 'Resin', tracking: 'lot', uom: 'kg', category: 'raw' };
    expect(await items.execute(ctx, [{ ...row, attributes: { family: 'epoxy', organic: false } }])).toMatchObject({
      changed: 1,
      refused: [],
    });
    expect(await items.execute(ctx, [{ ...row, attributes: { organic: 'maybe' } }])).toMatchObject({
      refused: [{ code: 'ATTRIBUTE_TYPE' }],
    });
    expect(await items.execute(ctx, [{ ...row, attributes: { density: 2 } }])).toMatchObject({
      refused: [{ code: 'ATTRIBUTE_TYPE' }],
    });
    expect(await items.execute(ctx, [{ ...row, attributes: { family: 'epoxy', organic: false } }])).toMatchObject({
      unchanged: 1,
    });
  });
});
