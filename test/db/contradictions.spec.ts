import { randomUUID } from 'node:crypto';
import { RecordEvents, sealLedger } from '@/ledger';
import { Settings } from '@/platform/config';
import type { Context } from '@/platform/db';
import { listGaps } from '../../src/ledger/search/gap-list';
// The projector is the worker's alone and stands behind no door: its effect is what others see.
import { Projector } from '../../src/ledger/projections/projector';
import { useDatabase } from '../support';

const ctx: Context = { actor: 'user:test', source: 'test' };
const settings = new Settings({ DATABASE_URL: 'postgres://u@h/d', REDIS_URL: 'redis://h', TIME_ZONE: 'UTC' });
const db = useDatabase();
const serial = (item: string, code: string) => ({ item, serial: code });
const lot = (code: string) => ({ item: 'RM', lot: code });
const run = (code: string) => ({ item: 'RM', run: code });
const kg = (value: string) => ({ value, uom: 'kg' });
const T = (time: string) => `2026-03-0${time}:00Z`;

beforeAll(async () => {
  await db().asOwner(`INSERT INTO item (code, name, tracking, uom) VALUES ('RM', 'Resin', 'lot', 'kg'),
    ('BAT', 'Battery', 'serial', 'pcs'), ('BIKE', 'Bike', 'serial', 'pcs'), ('TRUCK', 'Truck', 'serial', 'pcs')`);
  await db().asOwner(
    `INSERT INTO place (code, name, kind) VALUES ('A', 'A', 'bin'), ('B', 'B', 'bin'), ('C', 'C', 'bin')`,
  );
  await db().asOwner(`INSERT INTO partner (code, name, kind) VALUES ('SHOP', 'Shop', 'customer')`);
});

const send = (events: object[], check: 'record' | 'live') =>
  new RecordEvents(db().uow, settings).execute(
    ctx,
    events.map((e) => ({ id: randomUUID(), ...e })),
    { check },
  );
const record = async (...events: object[]) => expect((await send(events, 'record')).refused).toEqual([]);
/** What a scanner is told: the codes of what it is refused, or none. */
const live = async (event: object) => (await send([event], 'live')).refused.map((r) => [r.code, r.message]);
const refused = (code: string, words: string) => [[code, expect.stringContaining(words) as string]];

async function gapsOf(q: string): Promise<string[]> {
  await sealLedger(db().uow);
  await new Projector(db().uow, { provide: () => undefined } as never).catchUp();
  const { data } = await listGaps(db().database, { before: null, q }, { nowMs: Date.now(), limit: 100 });
  return data.map((g) => g.kind).sort();
}

describe('what comes out of a run or a parent', () => {
  const reel = async (code: string) =>
    record(
      { type: 'receive', at: T('1T08:00'), place: 'A', unit: lot(code), quantity: kg('100') },
      { type: 'load', at: T('1T09:00'), place: 'A', run: run(`${code}-run`), unit: lot(code), quantity: kg('20') },
    );
  const unload = (code: string, quantity: string, from = `${code}-run`, at = T('1T10:00')) => ({
    type: 'unload',
    at,
    place: 'A',
    run: run(from),
    unit: lot(code),
    quantity: kg(quantity),
  });

  it('is at work never more than went in, nor out of where it is not', async () => {
    await reel('R1');
    expect(await live(unload('R1', '90'))).toEqual(refused('STOCK_SHORT', 'Only 20 kg of RM R1 (in RM R1-run)'));
    expect(await live(unload('R1', '5', 'other'))).toEqual(refused('NOT_IN_PARENT', 'RM R1 is not in RM other'));
    expect(await live(unload('R1', '15'))).toEqual([]);
    expect(await live(unload('R1', '6', undefined, T('1T11:00')))).toEqual(refused('STOCK_SHORT', 'Only 5 kg'));
    expect(await live(unload('R1', '5', undefined, T('1T11:00')))).toEqual([]);
    expect(await live(unload('R1', '1', undefined, T('1T12:00')))).toEqual(refused('NOT_IN_PARENT', 'RM R1'));
    expect(await gapsOf('R1')).toEqual([]);
  });

  it('is a gap in the record where it is more, until the load that is missing is recorded', async () => {
    await reel('R2');
    await record(unload('R2', '90'));
    expect(await gapsOf('R2')).toEqual(['unloaded-more']);
    await record({
      type: 'load',
      at: T('1T09:30'),
      place: 'A',
      run: run('R2-run'),
      unit: lot('R2'),
      quantity: kg('70'),
    });
    expect(await gapsOf('R2')).toEqual([]);
  });

  it('knows how much was loaded where all of it was', async () => {
    await record(
      { type: 'receive', at: T('1T08:00'), place: 'A', unit: lot('R3'), quantity: kg('50') },
      { type: 'load', at: T('1T09:00'), place: 'A', run: run('R3-run'), unit: lot('R3') },
    );
    expect(await live(unload('R3', '60'))).toEqual(refused('STOCK_SHORT', 'Only 50 kg'));
    expect(await live(unload('R3', '40'))).toEqual([]);
  });

  it('is at work what is in that parent, and of a parent that is here', async () => {
    const unit = serial('BAT', 'P1');
    await record(
      ...['PA', 'PB'].map((code) => ({ type: 'create', at: T('1T08:00'), place: 'A', unit: serial('BIKE', code) })),
      { type: 'create', at: T('1T08:00'), place: 'A', unit: serial('TRUCK', 'PT') },
      { type: 'create', at: T('1T08:00'), place: 'A', unit },
      { type: 'install', at: T('1T09:00'), place: 'A', parent: serial('BIKE', 'PA'), unit },
    );
    const remove = (code: string) => ({
      type: 'remove',
      at: T('3T08:00'),
      place: 'A',
      parent: serial('BIKE', code),
      unit,
    });
    expect(await live(remove('PB'))).toEqual(refused('NOT_IN_PARENT', 'the record has it in BIKE PA'));
    await record(
      { type: 'install', at: T('1T10:00'), place: 'A', parent: serial('TRUCK', 'PT'), unit: serial('BIKE', 'PA') },
      { type: 'ship', at: T('2T08:00'), customer: 'SHOP', units: [{ unit: serial('TRUCK', 'PT') }] },
    );
    expect(await live(remove('PA'))).toEqual(refused('NOT_IN_HOUSE', 'TRUCK PT is not in house: shipped'));
    expect(await gapsOf('PT')).toEqual([]);
  });

  it('goes into and comes out of nothing that has left: refused at work, a gap of the parent in the record', async () => {
    await record(
      ...['G1', 'G2'].map((code) => ({ type: 'create', at: T('1T08:00'), place: 'A', unit: serial('BIKE', code) })),
      ...['G3', 'G4'].map((code) => ({ type: 'create', at: T('1T08:00'), place: 'A', unit: serial('BAT', code) })),
      { type: 'install', at: T('1T09:00'), place: 'A', parent: serial('BIKE', 'G1'), unit: serial('BAT', 'G3') },
      { type: 'ship', at: T('2T08:00'), customer: 'SHOP', units: [{ unit: serial('BIKE', 'G1') }] },
      { type: 'scrap', at: T('2T08:00'), unit: serial('BIKE', 'G2') },
    );
    const out = {
      type: 'remove',
      at: T('3T08:00'),
      place: 'A',
      parent: serial('BIKE', 'G1'),
      unit: serial('BAT', 'G3'),
    };
    const into = (parent: string) => ({
      type: 'install',
      at: T('3T08:00'),
      place: 'A',
      parent: serial('BIKE', parent),
      unit: serial('BAT', 'G4'),
    });
    expect(await live(out)).toEqual(refused('NOT_IN_HOUSE', 'BIKE G1'));
    expect(await live(into('G1'))).toEqual(refused('NOT_IN_HOUSE', 'BIKE G1'));
    expect(await live(into('G2'))).toEqual(refused('NOT_IN_HOUSE', 'scrapped'));
    await record(out, into('G2'));
    expect([await gapsOf('BIKE G1'), await gapsOf('BIKE G2')]).toEqual([
      ['changed-though-gone'],
      ['changed-though-gone'],
    ]);
    // That it had come back explains it.
    await record({
      type: 'return',
      at: T('2T18:00'),
      customer: 'SHOP',
      place: 'A',
      units: [{ unit: serial('BIKE', 'G1') }],
    });
    expect(await gapsOf('BIKE G1')).toEqual([]);
  });
});

describe('a serial that is gone', () => {
  it('shows what it is recorded to do all the same', async () => {
    const parent = serial('BIKE', 'S0');
    const ship = (code: string) => ({
      type: 'ship',
      at: T('2T08:00'),
      customer: 'SHOP',
      units: [{ unit: serial('BAT', code) }],
    });
    await record(
      { type: 'create', at: T('1T08:00'), place: 'A', unit: parent },
      ...['S1', 'S2', 'S3'].map((code) => ({
        type: 'create',
        at: T('1T08:00'),
        place: 'A',
        unit: serial('BAT', code),
      })),
      ship('S1'),
      { type: 'move', at: T('3T08:00'), unit: serial('BAT', 'S1'), to: 'B' },
      { type: 'scrap', at: T('2T08:00'), unit: serial('BAT', 'S2') },
      { type: 'install', at: T('3T08:00'), parent, unit: serial('BAT', 'S2') },
      { type: 'install', at: T('1T09:00'), parent, unit: serial('BAT', 'S3') },
      ship('S3'),
    );
    expect(await gapsOf('BAT S1')).toEqual(['moved-though-gone']);
    expect(await gapsOf('BAT S2')).toEqual(['installed-though-gone']);
    expect(await gapsOf('BAT S3')).toEqual(['taken-though-installed']);
  });
});

describe('more of a lot than there is', () => {
  const receive = (code: string, quantity: string) => ({
    type: 'receive',
    at: T('1T08:00'),
    place: 'A',
    unit: lot(code),
    quantity: kg(quantity),
  });
  const pack = (code: string, quantity: string) => ({
    type: 'pack',
    at: T('2T08:00'),
    place: 'A',
    container: `C-${code}`,
    units: [{ unit: lot(code), quantity: kg(quantity) }],
  });
  const move = (code: string, quantity: string, from: string, to: string) => ({
    type: 'move',
    at: T('3T08:00'),
    unit: lot(code),
    quantity: kg(quantity),
    from,
    to,
  });

  it('shows where it is packed, moved from where it is not, or moved though all of it was shipped', async () => {
    await record(receive('M1', '10'), pack('M1', '11'));
    expect(await gapsOf('M1')).toEqual(['packed-more']);
    await record(receive('M2', '100'), move('M2', '60', 'B', 'C'), move('M2', '60', 'B', 'C'));
    expect(await gapsOf('M2')).toEqual(['place-short']);
    const gone = { type: 'ship', at: T('2T08:00'), place: 'A', customer: 'SHOP', units: [{ unit: lot('M3') }] };
    await record(receive('M3', '10'), gone, move('M3', '10', 'A', 'B'));
    expect(await gapsOf('M3')).toEqual(['moved-more']);
    await record({ type: 'return', at: T('2T09:00'), place: 'A', customer: 'SHOP', units: [{ unit: lot('M3') }] });
    expect(await gapsOf('M3')).toEqual([]);
  });

  it('is at work neither packed nor moved', async () => {
    await record(receive('M4', '10'));
    expect(await live(pack('M4', '11'))).toEqual(refused('STOCK_SHORT', 'Only 10 kg'));
    expect(await live(move('M4', '11', 'A', 'B'))).toEqual(refused('STOCK_SHORT', 'Only 10 kg'));
    expect(await live(move('M4', '1', 'B', 'A'))).toEqual(refused('NOT_HERE', 'RM M4 is not at B'));
  });
});

describe('a split or merge', () => {
  const split = (code: string, to: string) => ({
    type: 'split',
    at: T('2T08:00'),
    place: 'A',
    from: [{ unit: lot(code), quantity: kg('10') }],
    to: [
      { unit: lot(`${code}-a`), quantity: kg(to) },
      { unit: lot(`${code}-b`), quantity: kg('4') },
    ],
  });

  it('makes no more than goes into it', async () => {
    for (const code of ['D1', 'D2'])
      await record({ type: 'receive', at: T('1T08:00'), place: 'A', unit: lot(code), quantity: kg('10') });
    expect(await live(split('D1', '5000'))).toEqual(refused('SPLIT_MORE', '10 kg'));
    expect(await live(split('D1', '6'))).toEqual([]);
    expect(await gapsOf('D1')).toEqual([]);
    await record(split('D2', '5000'));
    expect(await gapsOf('D2-a')).toEqual(['split-more']);
    expect(await gapsOf('D2-b')).toEqual(['split-more']);
  });
});

describe('the time of live work', () => {
  it('is neither to come, nor before the lot did', async () => {
    const unit = lot('T1');
    await record({ type: 'receive', at: T('2T08:00'), place: 'A', unit, quantity: kg('10') });
    const ship = (at: string) => ({
      type: 'ship',
      at,
      place: 'A',
      customer: 'SHOP',
      units: [{ unit, quantity: kg('1') }],
    });
    expect(await live(ship(T('1T08:00')))).toEqual(refused('BEFORE_IT_CAME', 'RM T1'));
    expect(await live(ship('2099-01-01T00:00:00Z'))).toEqual(refused('NOT_YET', '2099'));
    expect(await live(ship(T('2T08:00')))).toEqual([]);
    const soon = new Date(Date.now() + 30_000).toISOString();
    expect(await live(ship(soon))).toEqual([]);
    expect(await live({ type: 'move', at: '2099-01-01', unit, to: 'B', from: 'A' })).toEqual(
      refused('NOT_YET', '2099'),
    );
    // As a record it is taken.
    await record(ship(T('1T08:00')));
    expect(await gapsOf('T1')).toEqual(['before-it-existed']);
  });
});
