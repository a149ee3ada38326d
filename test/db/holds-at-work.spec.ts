import { randomUUID } from 'node:crypto';
import { RecordEvents } from '@/ledger';
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
