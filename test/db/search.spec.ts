import { randomUUID } from 'node:crypto';
import { RecordEvents, sealLedger } from '@/ledger';
import { Settings } from '@/platform/config';
import { Context } from '@/platform/db';
import { PutItems } from '@/reference/catalog';
import { standingOf } from '../../src/ledger/projections/cursor';
import { Projector } from '../../src/ledger/projections/projector';
import { documentPage } from '../../src/ledger/search/documents';
import { search, SEARCH_TYPES, SearchQuestion } from '../../src/ledger/search/find';
import { useDatabase } from '../support';

const db = useDatabase();
const ctx: Context = { actor: 'user:test', source: 'test' };
const settings = new Settings({ DATABASE_URL: 'postgres://u@h/d', REDIS_URL: 'redis://h', TIME_ZONE: 'UTC' });
const T = (time: string) => `2026-03-0${time}:00Z`;

const record = async (...events: Record<string, unknown>[]) => {
  const result = await new RecordEvents(db().uow, settings).execute(
    ctx,
    events.map((e) => ({ id: randomUUID(), ...e })),
  );
  expect(result.refused).toEqual([]);
};

const follow = async () => {
  await sealLedger(db().uow);
  await new Projector(db().uow, { provide: () => undefined } as never).catchUp();
};

const ask = (text: string, more: Partial<SearchQuestion> = {}) =>
  search(db().database, db().uow, {
    text,
    types: SEARCH_TYPES,
    from: null,
    until: null,
    item: null,
    partner: null,
    limit: 10,
    msMax: 2_000,
    ...more,
  });

/** What is found, as `type label`. */
const found = async (text: string, more: Partial<SearchQuestion> = {}) =>
  (await ask(text, more)).groups.flatMap((g) => g.data.map((h) => `${h.type} ${h.label}`));

beforeAll(async () => {
  await new PutItems(db().uow).execute(ctx, [
    { item: 'RM-100', name: 'Resin', tracking: 'lot', uom: 'kg' },
    { item: 'BAT-48', name: 'Battery', tracking: 'serial', uom: 'pcs' },
  ]);
  await db().asOwner(
    `INSERT INTO partner (code, name, kind) VALUES ('V-17', 'Acme Chemicals', 'supplier'), ('K-9', 'Radhaus Lyon', 'customer')`,
  );
  await db().asOwner(`INSERT INTO place (code, name, kind) VALUES ('LYON.A1', 'Shelf', 'bin')`);
  await record(
    {
      id: 'erp-4711',
      type: 'receive',
      at: T('1T08:00'),
      unit: { item: 'RM-100', lot: 'L-2026-0815' },
      quantity: { value: '500', uom: 'kg' },
      supplier: 'V-17',
      supplierLot: 'CHX/55012',
      refs: { purchaseOrder: 'PO-88123' },
      attributes: { colour: 'signal red' },
      note: 'two drums were dented',
      place: 'LYON.A1',
    },
    { type: 'create', at: T('2T08:00'), unit: { item: 'BAT-48', serial: 'B0000123456' } },
    { type: 'create', at: T('2T08:00'), unit: { item: 'BAT-48', serial: 'B0000123457' } },
    {
      type: 'ship',
      at: T('4T08:00'),
      units: [{ unit: { item: 'BAT-48', serial: 'B0000123456' } }],
      customer: 'K-9',
      shipment: 'DEL-2026-77',
    },
  );
  await follow();
});

describe('the search', () => {
  it.each([
    ['a part of a lot number', '0815', 'unit Resin, lot L-2026-0815'],
    ['a part of a supplier lot', '55012', 'unit Resin, lot L-2026-0815'],
    ['the end of a serial number', '23457', 'unit Battery, serial B0000123457'],
    ['a number in other case', 'b0000123457', 'unit Battery, serial B0000123457'],
    ['an attribute', 'signal', 'unit Resin, lot L-2026-0815'],
    ['a word of a note', 'dented', 'event receive erp-4711'],
    ['a reference', '88123', 'event receive erp-4711'],
    ['the number of an event', '4711', 'event receive erp-4711'],
    ['a document', '2026-77', 'document DEL-2026-77'],
    ['an item by its name', 'batt', 'item BAT-48 Battery'],
    ['a partner', 'chemicals', 'partner V-17 Acme Chemicals'],
    ['a place', 'lyon.a', 'place LYON.A1 Shelf'],
    ['a part with no three letters in a row', '6-77', 'document DEL-2026-77'],
    ['a short beginning', 'l-', 'unit Resin, lot L-2026-0815'],
  ])('finds by %s', async (_, text, label) => {
    expect(await found(text)).toContain(label);
  });

  it('wants all words, each in whatever field, names of items and partners included', async () => {
    expect(await found('0815 resin acme')).toEqual(['unit Resin, lot L-2026-0815']);
    expect(await found('0815 battery')).toEqual([]);
    expect(await found('radhaus 123456')).toContain('unit Battery, serial B0000123456');
  });

  it('says why', async () => {
    const [group] = (await ask('55012 red', { types: ['unit'] })).groups;
    expect(group!.data[0]!.why).toEqual([
      { field: 'supplier-lot', value: 'CHX/55012' },
      { field: 'attribute', value: 'colour signal red' },
    ]);
  });

  it('is narrowed by item, partner and dates, and may be by these alone', async () => {
    expect(await found('B00001', { partner: 'K-9', types: ['unit'] })).toEqual(['unit Battery, serial B0000123456']);
    expect(await found('', { partner: 'K-9', types: ['unit', 'document'] })).toEqual([
      'unit Battery, serial B0000123456',
      'document DEL-2026-77',
    ]);
    expect(await found('', { item: 'RM-100', types: ['unit'] })).toEqual(['unit Resin, lot L-2026-0815']);
    const day = {
      from: Date.parse(T('4T00:00')),
      until: Date.parse(T('5T00:00')),
      types: ['event', 'document'] as const,
    };
    expect((await found('', day)).map((line) => line.split(' ')[0])).toEqual(['event', 'document']);
    await expect(ask('')).rejects.toMatchObject({ code: 'SEARCH_EMPTY' });
    await expect(ask('x', { item: 'NONE' })).rejects.toMatchObject({ code: 'UNKNOWN_ITEM' });
  });

  it('finds an exact number at once, before the index of the search has it', async () => {
    await record({ type: 'create', at: T('5T08:00'), unit: { item: 'BAT-48', serial: 'B-JUST-NOW' } });
    expect(await found('b-just-now', { types: ['unit'] })).toEqual(['unit Battery, serial B-JUST-NOW']);
    expect(await found('just-now', { types: ['unit'] })).toEqual([]);
    // Not even sealed, and yet it is told that something is missing.
    expect(await standingOf(db().database, 'search')).toMatchObject({ behind: 1 });
    await follow();
    expect(await standingOf(db().database, 'search')).toMatchObject({ behind: 0 });
    expect(await found('just-now', { types: ['unit'] })).toEqual(['unit Battery, serial B-JUST-NOW']);
  });

  it('counts to a hundred, and says that there are more', async () => {
    await record(
      ...Array.from({ length: 120 }, (_, i) => ({
        type: 'create',
        at: T('6T08:00'),
        unit: { item: 'BAT-48', serial: `MANY-${1000 + i}` },
      })),
    );
    await follow();
    const [group] = (await ask('many-1', { types: ['unit'] })).groups;
    expect(group).toMatchObject({ type: 'unit', count: 100, more: true });
    expect(group!.data).toHaveLength(10);
    // Of what only begins with it as well: two letters are too few for the index of the search.
    expect((await ask('ma', { types: ['unit'] })).groups).toMatchObject([{ type: 'unit', count: 100, more: true }]);
  });

  it('looks up what is rare in a number, and finds no other that has only that', async () => {
    await record(
      ...Array.from({ length: 1_500 }, (_, i) => ({
        type: 'create',
        at: T('6T08:00'),
        unit: { item: 'BAT-48', serial: `SNX7${String((i * 7_919) % 1_000_003).padStart(7, '0')}` },
      })),
      { type: 'create', at: T('6T08:00'), unit: { item: 'BAT-48', serial: 'QQ-70007919' } },
    );
    await follow();
    await db().asOwner('ANALYZE search_unit');
    // Nearly all of them begin so, as the planner's sample knows.
    const [sample] = await db().database.query<{ share: number }>(
      `SELECT avg((b ILIKE '%snx%')::int)::float8 AS share FROM pg_stats s, unnest(s.histogram_bounds::text::text[]) b WHERE tablename = 'search_unit' AND attname = 'text'`,
    );
    expect(sample!.share).toBeGreaterThan(0.8);
    expect(await found('snx70007919', { types: ['unit'] })).toEqual(['unit Battery, serial SNX70007919']);
    expect(await found('nx70007919', { types: ['unit'] })).toEqual(['unit Battery, serial SNX70007919']);
    expect((await found('70007919', { types: ['unit'] })).sort()).toEqual([
      'unit Battery, serial QQ-70007919',
      'unit Battery, serial SNX70007919',
    ]);
  });

  it('is cut off where it would take too long, and says so', async () => {
    // Locked rows make any reading of the index of the search wait, as a pattern that is in too much of it would.
    const blocker = db().dataSource.createQueryRunner();
    await blocker.connect();
    await db().asOwner('GRANT ALL ON search_unit TO unitrail_app');
    await blocker.startTransaction();
    await blocker.query('LOCK TABLE search_unit IN ACCESS EXCLUSIVE MODE');
    const cut = await ask('0815', { types: ['unit', 'item'], msMax: 50 });
    await blocker.rollbackTransaction();
    await blocker.release();
    expect(cut.truncated).toEqual({ types: ['unit'], say: expect.stringMatching(/SEARCH_MS_MAX/) as string });
    expect(cut.groups).toEqual([{ type: 'unit', count: 0, more: true, data: [] }]);
  });
});

describe('a document', () => {
  it('lists its events, units with quantities, and partner', async () => {
    const page = await documentPage(db().database, 'del-2026-77', undefined, undefined);
    expect(page).toMatchObject({
      number: 'DEL-2026-77',
      partners: [{ code: 'K-9', name: 'Radhaus Lyon' }],
      eventCount: 1,
      events: [{ type: 'ship', actor: 'user:test', voided: null }],
      units: { data: [{ unit: { item: 'BAT-48', serial: 'B0000123456' }, role: 'shipped' }], nextCursor: null },
    });
    await expect(documentPage(db().database, 'NONE', undefined, undefined)).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
  });
});
