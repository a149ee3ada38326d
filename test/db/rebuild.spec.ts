import { randomUUID } from 'node:crypto';
import { RecordEvents, sealLedger } from '@/ledger';
import { Settings } from '@/platform/config';
import { Context } from '@/platform/db';
import { PutItems } from '@/reference/catalog';
import { PROJECTION_NAMES, rebuild } from '../../src/ledger/projections/rebuild';
import { Projector } from '../../src/ledger/projections/projector';
import { useDatabase } from '../support';

const db = useDatabase();
const ctx: Context = { actor: 'user:test', source: 'test' };
const settings = new Settings({ DATABASE_URL: 'postgres://u@h/d', REDIS_URL: 'redis://h', TIME_ZONE: 'UTC' });
const T = (time: string) => `2026-03-0${time}:00Z`;
const lot = (item: string, code: string) => ({ item, lot: code });
const serial = (item: string, code: string) => ({ item, serial: code });
const run = (item: string, code: string) => ({ item, run: code });
const kg = (value: string) => ({ value, uom: 'kg' });

async function record(...events: Record<string, unknown>[]): Promise<void> {
  const result = await new RecordEvents(db().uow, settings).execute(
    ctx,
    events.map((e) => ({ id: randomUUID(), ...e })),
  );
  expect(result.refused).toEqual([]);
}

const renew = (check = false, names?: string[]) =>
  rebuild(db().uow, db().database, { check, names, differencesMax: 50 });
const differing = async (check: boolean) =>
  (await renew(check)).flatMap((r) => r.differences.map((d) => `${d.projection} ${d.kind} ${d.row}`));
const TABLES = [
  'mark',
  'unit_lock',
  'unit_attribute',
  'heir',
  'holding',
  'gap',
  'search_unit',
  'search_event',
  'search_label',
];

/** What the projections hold, without the ids that they were given. */
async function contents(): Promise<Record<string, string[]>> {
  const found: Record<string, string[]> = {};
  for (const table of TABLES) {
    const rows = await db().asOwner<{ row: string }>(
      `SELECT (to_jsonb(t) - '{mark_id,gap_id,search_label_id,holding_id}'::text[])::text AS row FROM ${table} t ORDER BY 1`,
    );
    found[table] = rows.map((r) => r.row);
  }
  return found;
}

beforeAll(async () => {
  await new PutItems(db().uow).execute(ctx, [
    { item: 'RM', name: 'Resin', tracking: 'lot', uom: 'kg' },
    { item: 'BIKE', name: 'Bike', tracking: 'serial', uom: 'pcs' },
    { item: 'BAT', name: 'Battery', tracking: 'serial', uom: 'pcs' },
    { item: 'FEED', name: 'Feeder', tracking: 'lot', uom: 'pcs' },
  ]);
  await db().asOwner(`INSERT INTO place (code, name, kind) VALUES ('A', 'A', 'bin')`);
  await db().asOwner(`INSERT INTO partner (code, name, kind) VALUES ('SHOP', 'Shop', 'customer')`);
  await record(
    {
      type: 'receive',
      at: T('1T08:00'),
      unit: lot('RM', 'L1'),
      quantity: kg('5.50'),
      place: 'A',
      attributes: { colour: 'red' },
    },
    { type: 'create', at: '2026-03-01', unit: serial('BAT', 'B1'), place: 'A' },
    { type: 'create', at: T('1T08:00'), unit: serial('BAT', 'B2') },
    { type: 'create', at: T('1T08:00'), unit: serial('BIKE', 'K1'), place: 'A' },
    { type: 'create', at: T('1T08:00'), unit: serial('BIKE', 'K2'), place: 'A' },
    // Days, implied ends, orphans, alternatives, stated ends, consumed serials, cleanings, partial removals.
    { type: 'install', at: '2026-03-02', parent: serial('BIKE', 'K1'), unit: serial('BAT', 'B1'), position: 'P1' },
    { type: 'install', at: T('3T08:00'), parent: serial('BIKE', 'K2'), unit: serial('BAT', 'B1') },
    { type: 'remove', at: T('4T08:00'), parent: serial('BIKE', 'K1'), unit: serial('BAT', 'B3'), position: 'P2' },
    {
      type: 'produce',
      at: T('4T09:00'),
      outputs: [{ unit: serial('BIKE', 'K3') }, { unit: serial('BIKE', 'K4') }],
      inputs: [
        { unit: serial('BAT', 'B4') },
        { unit: serial('BAT', 'B5'), mode: 'consume' },
        { unit: serial('BAT', 'B6'), until: '2026-03-06', from: '2026-03-05', for: [0] },
        { unit: lot('RM', 'L1'), quantity: kg('1') },
        { unit: lot('RM', 'L1'), quantity: kg('1'), position: 'X', mode: 'install' },
      ],
    },
    { type: 'load', at: T('5T08:00'), run: run('FEED', 'F1'), unit: lot('RM', 'L1'), quantity: kg('2') },
    { type: 'load', at: T('5T08:00'), run: run('FEED', 'F1'), unit: lot('RM', 'L1'), quantity: kg('1.25') },
    { type: 'unload', at: T('5T09:00'), run: run('FEED', 'F1'), unit: lot('RM', 'L1'), quantity: kg('0.5') },
    { type: 'clean', at: T('6T08:00'), run: run('FEED', 'F1') },
    {
      type: 'split',
      at: T('6T09:00'),
      from: [{ unit: lot('RM', 'L1'), quantity: kg('0.25') }],
      to: [
        { unit: lot('RM', 'L2'), quantity: kg('0.2') },
        { unit: lot('RM', 'L3'), quantity: kg('0.05') },
      ],
    },
    { id: 'wrong', type: 'install', at: T('6T08:00'), parent: serial('BIKE', 'K4'), unit: serial('BAT', 'B2') },
    { type: 'void', event: 'wrong', reason: 'mistyped' },
    { type: 'ship', at: T('7T08:00'), units: [{ unit: serial('BIKE', 'K2') }], customer: 'SHOP', shipment: 'D-1' },
    { type: 'amend', at: T('7T09:00'), unit: lot('RM', 'L1'), attributes: { colour: 'blue' }, reason: 'light' },
  );
  await sealLedger(db().uow);
  await new Projector(db().uow, { provide: () => undefined } as never).catchUp();
});

describe('a rebuild', () => {
  it('has nothing to say where the projections are as the facts say', async () => {
    expect(await differing(true)).toEqual([]);
    const before = await contents();
    for (const table of TABLES) expect([table, before[table]!.length > 0]).toEqual([table, true]);
    expect(await differing(false)).toEqual([]);
    expect(await contents()).toEqual(before);
  });

  it('puts right what was damaged, and says what in natural keys', async () => {
    const before = await contents();
    await db().asOwner(`UPDATE mark SET until_ms = NULL, cause = 'open' WHERE kind = 'install' AND cause = 'implied'
                          AND unit_id NOT IN (SELECT unit_id FROM mark WHERE kind = 'install' AND until_ms IS NULL)`);
    await db().asOwner(`DELETE FROM mark WHERE kind = 'remove' AND serial`);
    await db().asOwner(`DELETE FROM unit_lock WHERE unit_id = (SELECT unit_id FROM unit WHERE code = 'B2')`);
    await db().asOwner(`UPDATE unit_attribute SET value = 'green'`);
    await db().asOwner(`DELETE FROM heir WHERE target_id = (SELECT unit_id FROM unit WHERE code = 'L2')`);
    await db().asOwner(`INSERT INTO heir SELECT source_id, event_id, 1 FROM heir`);
    await db().asOwner(`DELETE FROM holding WHERE unit_id = (SELECT unit_id FROM unit WHERE code = 'K1')`);
    await db().asOwner(
      `INSERT INTO gap (unit_id, item_id, kind, message) SELECT unit_id, item_id, 'overdrawn', 'invented' FROM unit WHERE code = 'K1'`,
    );
    await db().asOwner(`DELETE FROM gap WHERE kind = 'installed-twice'`);
    await db().asOwner(
      `UPDATE search_unit SET text = 'x' WHERE unit_id = (SELECT unit_id FROM unit WHERE code = 'B1')`,
    );
    await db().asOwner(`DELETE FROM search_event WHERE type = 'ship'`);
    await db().asOwner(
      `INSERT INTO search_label (type, key, text) VALUES ('document', 'D-9', 'D-9'), ('container', 'C-9', 'C-9')`,
    );
    const damaged = await contents();

    const said = await differing(true);
    expect(said).toEqual(
      expect.arrayContaining([
        'mark missing serial BAT B3',
        'lock missing serial BAT B2',
        'unit_attribute changed lot RM L1 colour',
        expect.stringMatching(/^heir missing lot RM L1 event test\/.* L2$/),
        expect.stringMatching(/^heir extra lot RM L1 event test\//),
        'gap extra serial BIKE K1 overdrawn',
        expect.stringMatching(/^gap missing serial BAT B1 event test\/.* installed-twice$/),
        'search changed serial BAT B1',
        expect.stringMatching(/^search missing event test\//),
        'search extra document D-9',
        'search extra container C-9',
      ]),
    );
    expect(said.some((line) => line.startsWith('holding missing serial BIKE K1'))).toBe(true);
    // A check changes nothing.
    expect(await contents()).toEqual(damaged);

    expect(await differing(false)).toEqual(said);
    expect(await contents()).toEqual(before);
    expect(await differing(true)).toEqual([]);
  });

  it('makes everything from nothing, as it was', async () => {
    const before = await contents();
    await db().asOwner(`DELETE FROM holding_base`);
    for (const table of TABLES) await db().asOwner(`DELETE FROM ${table}`);
    await renew();
    expect(await contents()).toEqual(before);
  });

  it('of one projection leaves the others alone', async () => {
    await db().asOwner(`DELETE FROM gap`);
    await db().asOwner(`DELETE FROM search_event`);
    expect((await renew(false, ['gap'])).map((r) => r.projection)).toEqual(['gap']);
    expect((await contents()).search_event).toEqual([]);
    expect(PROJECTION_NAMES).toContain('search');
    await renew();
  });

  it('lets the plant go on: what is recorded meanwhile is in both', async () => {
    await Promise.all([
      renew(),
      ...Array.from({ length: 10 }, (_, i) =>
        record(
          { type: 'create', at: T('8T08:00'), unit: serial('BAT', `N${i}`) },
          { type: 'install', at: T('8T09:00'), parent: serial('BIKE', 'K4'), unit: serial('BAT', `N${i}`) },
        ),
      ),
      renew(),
    ]);
    await sealLedger(db().uow);
    await new Projector(db().uow, { provide: () => undefined } as never).catchUp();
    expect(await differing(true)).toEqual([]);
  });
});
