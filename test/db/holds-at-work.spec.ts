import { randomUUID } from 'node:crypto';
import { RecordEvents } from '@/ledger';
import { HoldUnits } from '@/operations/holds';
import { Settings } from '@/platform/config';
import type { Context } from '@/platform/db';
import { useDatabase } from '../support';

const ctx: Context = { actor: 'user:test', source: 'test' };
const settings = new Settings({ DATABASE_URL: 'postgres://u@h/d', REDIS_URL: 'redis://h' });
const db = useDatabase();
const serial = (item: string, code: string) => ({ item, serial: code });
const lot = (item: string, code: string) => ({ item, lot: code });
const kg = (value: string) => ({ value, uom: 'kg' });
const T = (time: string) => `2026-03-0${time}:00Z`;

beforeAll(async () => {
  await db()
    .asOwner(`INSERT INTO item (code, name, tracking, uom) VALUES ('RM', 'Resin', 'lot', 'kg'), ('FG', 'Part', 'lot', 'pcs'),
    ('BAT', 'Battery', 'serial', 'pcs'), ('BIKE', 'Bike', 'serial', 'pcs')`);
  await db().asOwner(`INSERT INTO place (code, name, kind) VALUES ('A', 'A', 'bin')`);
  await db().asOwner(`INSERT INTO partner (code, name, kind) VALUES ('SHOP', 'Shop', 'customer')`);
});

const record = (events: object[], check: 'record' | 'live' = 'record') =>
  new RecordEvents(db().uow, settings).execute(
    ctx,
    events.map((e) => ({ id: randomUUID(), ...e })),
    { check },
  );
const accepted = async (...events: object[]) => expect((await record(events)).refused).toEqual([]);
const codes = async (event: object) => (await record([event], 'live')).refused.map((r) => r.code);

describe('holds at work', () => {
  it('releases the hold of its own source alone, where another has given the same name', async () => {
    const of = (source: string, ...events: object[]) =>
      new RecordEvents(db().uow, settings).execute({ ...ctx, source }, events);
    await accepted(
      { type: 'receive', at: T('1T08:00'), place: 'A', unit: serial('BAT', 'mine') },
      { type: 'receive', at: T('1T08:00'), place: 'A', unit: serial('BAT', 'theirs') },
    );
    const hold = (code: string) => ({
      id: 'H-1',
      type: 'hold',
      at: T('1T09:00'),
      units: [serial('BAT', code)],
      reason: 'x',
    });
    await of('mes', hold('mine'));
    await of('erp', hold('theirs'));
    const release = (id: string) => ({ id, type: 'release', at: T('1T10:00'), hold: 'H-1' });
    // A third one cannot tell which of the two it means.
    expect((await of('wms', release('r0'))).refused).toMatchObject([{ code: 'NOT_FOUND' }]);
    expect((await of('mes', release('r1'))).refused).toEqual([]);
    const ship = (code: string) => ({ type: 'ship', at: T('2T08:00'), units: [serial('BAT', code)], customer: 'SHOP' });
    expect(await codes(ship('mine'))).toEqual([]);
    expect(await codes(ship('theirs'))).toEqual(['UNIT_ON_HOLD']);
  });

  it('takes nothing from a run that is on hold', async () => {
    const feeder = { item: 'FG', run: 'feeder' };
    await accepted(
      { type: 'receive', at: T('1T08:00'), place: 'A', unit: lot('RM', 'fed'), quantity: kg('10') },
      { type: 'load', at: T('1T09:00'), run: feeder, unit: lot('RM', 'fed'), quantity: kg('5') },
    );
    const use = () => ({
      type: 'produce',
      at: T('2T08:00'),
      outputs: [{ unit: serial('BIKE', randomUUID()) }],
      inputs: [{ unit: feeder }],
    });
    expect(await codes(use())).toEqual([]);
    await accepted({ type: 'hold', at: T('2T09:00'), units: [feeder], reason: 'leaks' });
    expect(await codes(use())).toEqual(['UNIT_ON_HOLD']);
  });
});

describe('a part that may still be in what goes', () => {
  it('holds that back: its removal was never recorded', async () => {
    const [one, two, part] = [serial('BIKE', 'first'), serial('BIKE', 'second'), serial('BAT', 'swapped')];
    await accepted(
      ...[one, two, part].map((unit) => ({ type: 'create', at: T('1T08:00'), place: 'A', unit })),
      { type: 'install', at: T('1T09:00'), place: 'A', parent: one, unit: part },
      { type: 'install', at: T('2T09:00'), place: 'A', parent: two, unit: part },
      { type: 'hold', at: T('2T10:00'), units: [part], reason: 'swollen' },
    );
    const ship = (unit: object) => ({ type: 'ship', at: T('3T08:00'), units: [{ unit }], customer: 'SHOP' });
    const refused = (await record([ship(one)], 'live')).refused;
    expect(refused).toMatchObject([
      { code: 'UNIT_ON_HOLD', message: expect.stringContaining('perhaps still in BIKE first') },
    ]);
    expect(await codes(ship(two))).toEqual(['UNIT_ON_HOLD']);
    // The removal that was missing says where it is.
    await accepted({ type: 'remove', at: T('1T12:00'), place: 'A', parent: one, unit: part });
    expect(await codes(ship(one))).toEqual([]);
    expect(await codes(ship(two))).toEqual(['UNIT_ON_HOLD']);
  });
});

describe('what comes out of something on hold', () => {
  it('is on hold for the same reasons, at any depth, and each reason has to be dealt with', async () => {
    const [bike, pack, cell] = [serial('BIKE', 'came-back'), serial('BAT', 'pack'), serial('BAT', 'cell')];
    await accepted(
      ...[bike, pack, cell].map((unit) => ({ type: 'create', at: T('1T08:00'), place: 'A', unit })),
      { type: 'install', at: T('1T09:00'), place: 'A', parent: pack, unit: cell },
      { type: 'install', at: T('1T10:00'), place: 'A', parent: bike, unit: pack },
      { type: 'ship', at: T('2T08:00'), units: [{ unit: bike }], customer: 'SHOP', shipment: 'S-7' },
      { id: 'back', type: 'return', at: T('3T08:00'), place: 'A', units: [bike], customer: 'SHOP', shipment: 'S-7' },
    );
    const out = (parent: object, unit: object, hour: string) => ({
      type: 'remove',
      at: T(`4T${hour}`),
      place: 'A',
      parent,
      unit,
    });
    expect(await codes(out(bike, pack, '08:00'))).toEqual([]);
    expect(await codes(out(pack, cell, '09:00'))).toEqual([]);
    const ship = (unit: object) => ({ type: 'ship', at: T('5T08:00'), units: [{ unit }], customer: 'SHOP' });
    for (const unit of [bike, pack, cell]) expect(await codes(ship(unit))).toEqual(['UNIT_ON_HOLD']);
    const holds = await db().asOwner<{ code: string; reason: string; ref: string }>(
      `SELECT u.code, h.reason, h.ref FROM hold h JOIN unit u USING (unit_id) WHERE u.code IN ('pack', 'cell') ORDER BY h.hold_id`,
    );
    expect(holds).toEqual([
      { code: 'pack', reason: 'returned (came out of BIKE came-back)', ref: 'S-7' },
      { code: 'cell', reason: expect.stringContaining('came out of BAT pack'), ref: 'S-7' },
    ]);
  });
});

describe('a release', () => {
  it('frees nothing before its time: what is dated ahead has not happened', async () => {
    const unit = serial('BAT', 'later');
    await accepted(
      { type: 'create', at: T('1T08:00'), place: 'A', unit },
      { id: 'H-later', type: 'hold', at: T('1T09:00'), units: [unit], reason: 'wait' },
    );
    const release = { type: 'release', at: '2099-05-01T08:00:00Z', hold: 'H-later' };
    expect((await record([release])).refused).toMatchObject([{ code: 'NOT_YET' }]);
    expect(await codes({ type: 'ship', at: T('3T08:00'), units: [{ unit }], customer: 'SHOP' })).toEqual([
      'UNIT_ON_HOLD',
    ]);
  });
});

describe('a hold of a place', () => {
  it('is of what is in work there too: on a feeder, or in what stands there', async () => {
    await db().asOwner(`INSERT INTO place (code, name, kind) VALUES ('X', 'X', 'zone')`);
    const [reel, lost] = [lot('RM', 'reel'), lot('RM', 'elsewhere')];
    await accepted(
      ...[reel, lost].map((unit) => ({ type: 'receive', at: T('1T08:00'), place: 'X', unit, quantity: kg('10') })),
      { type: 'load', at: T('1T09:00'), place: 'X', run: { item: 'FG', run: 'at-x' }, unit: reel, quantity: kg('10') },
      { type: 'ship', at: T('1T09:00'), place: 'X', units: [{ unit: lost }], customer: 'SHOP' },
      { type: 'create', at: T('1T08:00'), place: 'X', unit: serial('BIKE', 'at-x') },
      { type: 'create', at: T('1T08:00'), place: 'A', unit: serial('BAT', 'at-x') },
      { type: 'install', at: T('1T10:00'), parent: serial('BIKE', 'at-x'), unit: serial('BAT', 'at-x') },
    );
    const hold = new HoldUnits(db().uow, new RecordEvents(db().uow, settings), settings);
    expect((await hold.execute(ctx, { id: 'all-of-x', place: 'X', reason: 'water damage' })).units).toBe(3);
    const held = await db().asOwner<{ code: string }>(
      `SELECT i.code || ' ' || u.code AS code FROM hold h JOIN unit u USING (unit_id) JOIN item i USING (item_id)
        WHERE h.reason = 'water damage' ORDER BY 1`,
    );
    expect(held.map((row) => row.code)).toEqual(['BAT at-x', 'BIKE at-x', 'RM reel']);
  });
});

describe('the time of work', () => {
  it('is not before what is recorded of a serial already: a scanner whose clock is slow ships nothing twice', async () => {
    const unit = serial('BAT', 'clock');
    const parent = serial('BIKE', 'clock');
    await accepted(
      { type: 'create', at: T('1T08:00'), place: 'A', unit },
      { type: 'create', at: T('1T08:00'), place: 'A', unit: parent },
      { type: 'install', at: T('1T09:00'), place: 'A', parent, unit },
      { type: 'remove', at: T('1T10:00'), place: 'A', parent, unit },
    );
    const ship = (at: string) => ({ type: 'ship', at: T(at), customer: 'SHOP', units: [{ unit }] });
    expect(await codes(ship('1T09:30'))).toEqual(['LATER_FACT']);
    expect(await codes(ship('1T10:01'))).toEqual([]);
    expect(await codes(ship('1T10:02'))).toEqual(['NOT_IN_HOUSE']);
    // What happened before is a fact all the same.
    await accepted({ type: 'move', at: T('1T08:30'), to: 'A', unit });
  });
});
