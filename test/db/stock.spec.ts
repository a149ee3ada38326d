import { RecordEvents, StockFilter, stockGroups, stockPage, StockSort } from '@/ledger';
import { Settings } from '@/platform/config';
import type { Context } from '@/platform/db';
import { useDatabase } from '../support';

const ctx: Context = { actor: 'user:test', source: 'test' };
const settings = new Settings({ DATABASE_URL: 'postgres://u@h/d', REDIS_URL: 'redis://h' });
const db = useDatabase();
const day = (n: number) => `2026-03-0${n}T08:00:00Z`;
const kg = (value: string) => ({ value, uom: 'kg' });
const NOW = Date.parse('2026-06-01T00:00:00Z');

beforeAll(async () => {
  await db().asOwner(`INSERT INTO item (code, name, tracking, uom, category, attributes) VALUES
    ('RM', 'Resin', 'lot', 'kg', 'raw', '{"grade": "A"}'), ('AD', 'Additive', 'lot', 'kg', 'raw', NULL), ('BAT', 'Battery', 'serial', 'pcs', 'part', NULL)`);
  await db().asOwner(`INSERT INTO place (code, name, kind) VALUES ('SITE', 'Site', 'site'), ('YARD', 'Yard', 'site')`);
  await db().asOwner(
    `INSERT INTO place (code, name, kind, parent_id) SELECT v.code, v.code, 'bin', p.place_id FROM place p, (VALUES ('BIN1'), ('BIN2')) v(code) WHERE p.code = 'SITE'`,
  );
  await db().asOwner(
    `INSERT INTO partner (code, name, kind) VALUES ('ACME', 'Acme', 'supplier'), ('BOLT', 'Bolt', 'supplier'), ('SHOP', 'Shop', 'customer')`,
  );
  const receive = (n: number, unit: object, rest: object) => ({
    type: 'receive',
    id: `r${n}`,
    at: day(n),
    place: 'BIN1',
    unit,
    ...rest,
  });
  const result = await new RecordEvents(db().uow, settings).execute(ctx, [
    receive(
      1,
      { item: 'RM', lot: 'R1' },
      {
        quantity: kg('100'),
        supplier: 'ACME',
        supplierLot: 'AC-77',
        revision: 'B',
        expires: '2026-05-01',
        attributes: { colour: 'Red', length: 12 },
      },
    ),
    receive(
      2,
      { item: 'RM', lot: 'R2' },
      {
        quantity: kg('40.5'),
        supplier: 'BOLT',
        revision: 'C',
        expires: '2026-12-01',
        attributes: { colour: 'blue', length: 9 },
      },
    ),
    receive(
      3,
      { item: 'AD', lot: 'A1' },
      { quantity: kg('7'), supplier: 'ACME', attributes: { colour: 'red', tested: '2026-03-03' } },
    ),
    receive(4, { item: 'BAT', serial: 'S1' }, { supplier: 'BOLT', revision: 'B' }),
    receive(5, { item: 'BAT', serial: 'S2' }, { supplier: 'BOLT', revision: 'B' }),
    receive(6, { item: 'BAT', serial: 'S3' }, {}),
    { type: 'create', id: 'c1', at: day(7), place: 'YARD', unit: { item: 'BAT', serial: 'S4' } },
    {
      type: 'move',
      id: 'm1',
      at: day(7),
      unit: { item: 'RM', lot: 'R2' },
      quantity: kg('10'),
      from: 'BIN1',
      to: 'BIN2',
    },
    { type: 'hold', id: 'h1', at: day(8), units: [{ item: 'BAT', serial: 'S1' }], reason: 'dent' },
    { type: 'ship', id: 's1', at: day(8), units: [{ item: 'BAT', serial: 'S3' }], customer: 'SHOP' },
    { type: 'produce', id: 'p1', at: day(9), place: 'BIN1', outputs: [{ unit: { item: 'RM', run: 'W1' } }] },
  ]);
  expect(result.refused).toEqual([]);
});

const short = (r: { unit: object; place: string | null }) => `${Object.values(r.unit)[1]}@${r.place ?? '-'}`;

async function found(filter: StockFilter, sort?: StockSort): Promise<string[]> {
  return (await stockPage(db().database, filter, { now: NOW, ...(sort && { sort }) })).data.map(short);
}

describe('the stock list', () => {
  it('shows what is in house, by item, with what there is to know of it', async () => {
    const page = await stockPage(db().database, {}, { now: NOW });
    expect(page.data.map(short)).toEqual(['A1@BIN1', 'S1@BIN1', 'S2@BIN1', 'S4@YARD', 'R1@BIN1', 'R2@BIN1', 'R2@BIN2']);
    expect(page.nextCursor).toBeNull();
    expect(page.data[4]).toMatchObject({
      unit: { item: 'RM', lot: 'R1' },
      quantity: { value: '100', uom: 'kg' },
      supplier: 'ACME',
      revision: 'B',
      made: '2026-03-01T08:00:00.000Z',
      expires: '2026-05-02T00:00:00.000Z',
      expired: true,
      free: false,
      attributes: { colour: 'Red', length: 12, revision: 'B' },
    });
  });

  const cases: [string, StockFilter, string[]][] = [
    ['item', { items: ['RM'] }, ['R1@BIN1', 'R2@BIN1', 'R2@BIN2']],
    ['category', { category: 'raw' }, ['A1@BIN1', 'R1@BIN1', 'R2@BIN1', 'R2@BIN2']],
    ['the start of a code', { unit: 's' }, ['S1@BIN1', 'S2@BIN1', 'S4@YARD']],
    ['kind', { kinds: ['run'], states: 'any' }, ['W1@BIN1']],
    ['place with those below', { place: 'SITE', items: ['RM'] }, ['R1@BIN1', 'R2@BIN1', 'R2@BIN2']],
    ['one bin', { place: 'BIN2' }, ['R2@BIN2']],
    ['state', { states: ['shipped'] }, ['S3@-']],
    ['customer', { customer: 'SHOP' }, ['S3@-']],
    ['held', { held: true }, ['S1@BIN1']],
    ['not held', { held: false, items: ['BAT'] }, ['S2@BIN1', 'S4@YARD']],
    ['free', { free: true }, ['A1@BIN1', 'S2@BIN1', 'S4@YARD', 'R2@BIN1', 'R2@BIN2']],
    ['expiry', { expiresBefore: NOW }, ['R1@BIN1']],
    ['age', { madeBefore: Date.parse(day(3)) }, ['R1@BIN1', 'R2@BIN1', 'R2@BIN2']],
    ['supplier', { supplier: 'BOLT' }, ['S1@BIN1', 'S2@BIN1', 'R2@BIN1', 'R2@BIN2']],
    ['no supplier', { supplier: '' }, ['S4@YARD']],
    [
      'attribute, whatever its case',
      { attributes: [{ name: 'colour', operator: '=', value: 'red' }] },
      ['A1@BIN1', 'R1@BIN1'],
    ],
    ['number', { attributes: [{ name: 'length', operator: '>=', value: '9.5' }] }, ['R1@BIN1']],
    ['date', { attributes: [{ name: 'tested', operator: '<', value: '2026-03-04' }] }, ['A1@BIN1']],
    [
      'two attributes',
      {
        attributes: [
          { name: 'revision', operator: '=', value: 'B' },
          { name: 'colour', operator: 'has', value: '' },
        ],
      },
      ['R1@BIN1'],
    ],
    [
      'the lack of one',
      { items: ['BAT'], attributes: [{ name: 'revision', operator: 'lacks', value: '' }] },
      ['S4@YARD'],
    ],
    [
      'an attribute of the item',
      { attributes: [{ name: 'grade', operator: '=', value: 'a' }] },
      ['R1@BIN1', 'R2@BIN1', 'R2@BIN2'],
    ],
    ['a supplier lot', { q: 'ac-' }, ['R1@BIN1']],
    ['the name of an item', { q: 'attery' }, ['S1@BIN1', 'S2@BIN1', 'S4@YARD']],
  ];
  it.each(cases)('is narrowed by %s', async (_, filter, expected) => {
    expect(await found(filter)).toEqual(expected);
  });

  it('is sorted by age, expiry and, within an item, quantity; what has none comes last', async () => {
    expect(await found({ items: ['RM', 'AD'] }, 'age')).toEqual(['R1@BIN1', 'R2@BIN1', 'R2@BIN2', 'A1@BIN1']);
    expect(await found({ items: ['RM', 'AD'] }, '-expiry')).toEqual(['R2@BIN2', 'R2@BIN1', 'R1@BIN1', 'A1@BIN1']);
    expect(await found({ items: ['RM'] }, '-quantity')).toEqual(['R1@BIN1', 'R2@BIN1', 'R2@BIN2']);
    await expect(found({}, 'quantity')).rejects.toMatchObject({ code: 'FIELD_INVALID' });
  });

  it.each(['item', '-item', 'age', '-age', 'expiry', '-expiry'] as const)(
    'comes in pages that miss and repeat nothing, by %s',
    async (sort) => {
      const whole = (await stockPage(db().database, {}, { now: NOW, sort })).data.map(short);
      for (const filter of [{}, { place: 'SITE' }]) {
        const pages: string[] = [];
        let cursor: string | undefined;
        do {
          const page = await stockPage(db().database, filter, { now: NOW, sort, limit: 2, ...(cursor && { cursor }) });
          expect(page.data.length).toBeLessThanOrEqual(2);
          pages.push(...page.data.map(short));
          cursor = page.nextCursor ?? undefined;
        } while (cursor);
        expect(pages).toEqual(whole.filter((row) => !('place' in filter) || !row.endsWith('YARD')));
      }
    },
  );

  it('refuses what nobody knows, and the cursor of another list', async () => {
    await expect(found({ items: ['XX'] })).rejects.toMatchObject({ code: 'UNKNOWN_ITEM' });
    await expect(found({ place: 'XX' })).rejects.toMatchObject({ code: 'UNKNOWN_PLACE' });
    await expect(found({ supplier: 'XX' })).rejects.toMatchObject({ code: 'UNKNOWN_PARTNER' });
    await expect(found({ attributes: [{ name: 'colour', operator: '<', value: 'red' }] })).rejects.toMatchObject({
      code: 'FIELD_INVALID',
    });
    const { nextCursor } = await stockPage(db().database, {}, { limit: 1 });
    await expect(stockPage(db().database, {}, { sort: 'age', cursor: nextCursor! })).rejects.toMatchObject({
      code: 'BAD_REQUEST',
    });
  });
});

describe('groups of stock', () => {
  const groups = async (by: Parameters<typeof stockGroups>[2], filter: StockFilter = {}) =>
    (await stockGroups(db().database, filter, by, { zone: 'Europe/Paris' })).data.map(
      (g) =>
        `${g.key ?? '-'}: ${g.units}${g.held ? ` (${g.held} held)` : ''} ${g.quantities.map((x) => `${x.value} ${x.uom}`).join(' + ')}`,
    );

  it('count units and add up what there is of them', async () => {
    expect(await groups('supplier')).toEqual(['BOLT: 3 (1 held) 40.5 kg + 2 pcs', 'ACME: 2 107 kg', '-: 1 1 pcs']);
    expect(await groups('item')).toEqual(['BAT: 3 (1 held) 3 pcs', 'RM: 2 140.5 kg', 'AD: 1 7 kg']);
    expect(await groups('revision', { items: ['BAT'] })).toEqual(['B: 2 (1 held) 2 pcs', '-: 1 1 pcs']);
    expect(await groups('place', { items: ['RM'] })).toEqual(['BIN1: 2 130.5 kg', 'BIN2: 1 10 kg']);
    expect(await groups('madeOn', { items: ['RM'] })).toEqual(['2026-03-01: 1 100 kg', '2026-03-02: 1 40.5 kg']);
    expect(await groups('state', { states: 'any', items: ['BAT'] })).toEqual([
      'in-stock: 3 (1 held) 3 pcs',
      'shipped: 1 1 pcs',
    ]);
    expect(await groups('attr.colour')).toEqual([
      '-: 3 (1 held) 3 pcs',
      'Red: 1 100 kg',
      'blue: 1 40.5 kg',
      'red: 1 7 kg',
    ]);
    await expect(groups('moon' as 'item')).rejects.toMatchObject({ code: 'FIELD_INVALID' });
  });
});
