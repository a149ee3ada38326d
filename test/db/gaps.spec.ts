import { randomUUID } from 'node:crypto';
import { heldInsideGaps, RecordEvents, sealLedger } from '@/ledger';
import { aroundHeld } from '@/ledger/db/touched';
import { Settings } from '@/platform/config';
import { Context } from '@/platform/db';
import { PutBoms, PutItems } from '@/reference/catalog';
// The projector is the worker's alone and stands behind no door: its effect is what others see.
import { Projector } from '../../src/ledger/projections/projector';
import { gapCounts, listGaps } from '../../src/ledger/search/gap-list';
import { useDatabase } from '../support';

const db = useDatabase();
const ctx: Context = { actor: 'user:test', source: 'test' };
const settings = new Settings({ DATABASE_URL: 'postgres://u@h/d', REDIS_URL: 'redis://h', TIME_ZONE: 'UTC' });
const NOW = Date.parse('2026-04-01T00:00:00Z');
const T = (time: string) => `2026-03-0${time}:00Z`;
const lot = (item: string, code: string) => ({ item, lot: code });
const serial = (item: string, code: string) => ({ item, serial: code });
const kg = (value: string) => ({ value, uom: 'kg' });

const projector = () => new Projector(db().uow, { provide: () => undefined } as never);

async function record(...events: Record<string, unknown>[]): Promise<void> {
  const result = await new RecordEvents(db().uow, settings).execute(
    ctx,
    events.map((e) => ({ id: randomUUID(), ...e })),
  );
  expect(result.refused).toEqual([]);
}

async function gapsNow(filter: Partial<Parameters<typeof listGaps>[1]> = {}) {
  await sealLedger(db().uow);
  await projector().catchUp();
  return (await listGaps(db().database, { before: null, ...filter }, { nowMs: NOW, limit: 1000 })).data;
}

beforeAll(async () => {
  await new PutItems(db().uow).execute(ctx, [
    { item: 'RM', name: 'Resin', tracking: 'lot', uom: 'kg' },
    { item: 'BIKE', name: 'Bike', tracking: 'serial', uom: 'pcs' },
    { item: 'BAT', name: 'Battery', tracking: 'serial', uom: 'pcs' },
  ]);
  await db().asOwner(`INSERT INTO place (code, name, kind) VALUES ('PLANT', 'Plant', 'site')`);
  await db().asOwner(
    `INSERT INTO place (code, name, kind, parent_id) SELECT 'A1', 'A1', 'bin', place_id FROM place WHERE code = 'PLANT'`,
  );
  await db().asOwner(`INSERT INTO partner (code, name, kind) VALUES ('SHOP', 'Shop', 'customer')`);
});

describe('the list of gaps', () => {
  it('says of each what would close it, and is empty again once that is recorded', async () => {
    await record(
      { type: 'receive', at: T('1T08:00'), unit: serial('BAT', 'B1'), place: 'A1' },
      { type: 'create', at: T('1T08:00'), unit: serial('BIKE', 'K1') },
      { type: 'create', at: T('1T08:00'), unit: serial('BIKE', 'K2') },
      { type: 'install', at: T('2T08:00'), parent: serial('BIKE', 'K1'), unit: serial('BAT', 'B1') },
      { type: 'install', at: T('4T08:00'), parent: serial('BIKE', 'K2'), unit: serial('BAT', 'B1') },
    );
    const [gap, ...more] = await gapsNow();
    expect(more).toEqual([]);
    expect(gap).toMatchObject({
      kind: 'installed-twice',
      unit: { unit: serial('BAT', 'B1') },
      parent: { unit: serial('BIKE', 'K1') },
      event: { actor: 'user:test', type: 'install' },
    });
    const template = gap!.closes.event!;
    expect(template).toMatchObject({
      type: 'remove',
      at: null,
      parent: serial('BIKE', 'K1'),
      unit: serial('BAT', 'B1'),
    });
    const { reason, ...removal } = template;
    expect(reason).toBeNull();
    await record({ ...removal, at: T('3T08:00') });
    expect(await gapsNow()).toEqual([]);
  });

  it('follows facts that are taken back', async () => {
    await record({
      id: 'late-return',
      type: 'return',
      at: T('5T08:00'),
      units: [{ unit: serial('BAT', 'B1') }],
      customer: 'SHOP',
    });
    expect((await gapsNow()).map((g) => g.kind)).toEqual(['returned-without-shipment']);
    await record({ type: 'void', event: 'late-return', reason: 'mistyped' });
    expect(await gapsNow()).toEqual([]);
  });

  it('has what was used on hold or after expiry, where it happened, and counts it by kind and place', async () => {
    await record(
      {
        type: 'receive',
        at: T('1T08:00'),
        unit: lot('RM', 'L1'),
        quantity: kg('10'),
        place: 'A1',
        expires: T('3T00:00'),
      },
      { id: 'h1', type: 'hold', at: T('1T09:00'), units: [{ unit: lot('RM', 'L1') }], reason: 'smells odd' },
      {
        type: 'produce',
        at: T('4T08:00'),
        place: 'A1',
        outputs: [{ unit: serial('BIKE', 'K9') }],
        inputs: [{ unit: lot('RM', 'L1'), quantity: kg('12') }],
      },
    );
    const gaps = await gapsNow({ item: 'RM' });
    expect(gaps.map((g) => g.kind).sort()).toEqual(['overdrawn', 'used-after-expiry', 'used-while-held']);
    expect(gaps.every((g) => g.place === 'A1' && g.ageDays === 27)).toBe(true);
    expect(gaps.find((g) => g.kind === 'used-while-held')!.closes.event).toMatchObject({ type: 'release' });
    expect(gaps.find((g) => g.kind === 'overdrawn')!.closes.event).toMatchObject({ quantity: kg('2') });
    // What is below a place counts to it.
    expect(await gapsNow({ place: 'PLANT' })).toHaveLength(3);
    expect(await gapsNow({ before: Date.parse(T('4T08:00')) })).toEqual([]);
    expect(await gapsNow({ q: 'smells' })).toHaveLength(1);
    const counts = await gapCounts(db().database, { before: null });
    expect(counts).toMatchObject({ total: 3, behind: 0, byPlace: [{ place: 'A1', count: 3 }] });
    expect(counts.byKind).toHaveLength(3);
  });

  it('has what left while a part in it was on hold, also where the hold is recorded later', async () => {
    await record(
      { type: 'create', at: T('1T08:00'), unit: serial('BAT', 'B7') },
      { type: 'create', at: T('1T08:00'), unit: serial('BIKE', 'K7') },
      { type: 'install', at: T('1T09:00'), parent: serial('BIKE', 'K7'), unit: serial('BAT', 'B7') },
      { type: 'ship', at: T('3T09:00'), units: [{ unit: serial('BIKE', 'K7') }], customer: 'SHOP', shipment: 'SH-7' },
    );
    expect(await gapsNow({ kind: 'shipped-while-held' })).toEqual([]);
    await record({ id: 'h7', type: 'hold', at: T('2T09:00'), units: [serial('BAT', 'B7')], reason: 'swollen' });
    const [gap, other] = await gapsNow({ kind: 'shipped-while-held' });
    expect(other).toBeUndefined();
    expect(gap).toMatchObject({ unit: { unit: serial('BIKE', 'K7') }, closes: { event: { type: 'release' } } });
    expect(gap!.message).toBe(
      'serial BIKE K7 was shipped on 2026-03-03 while serial BAT B7, which was in it, was on hold (swollen).',
    );
    await record({ id: 'r7', type: 'release', at: T('2T10:00'), hold: 'h7' });
    expect(await gapsNow({ kind: 'shipped-while-held' })).toEqual([]);
    await record({ type: 'void', event: 'r7', reason: 'not yet' });
    expect(await gapsNow({ kind: 'shipped-while-held' })).toHaveLength(1);
    await record({
      type: 'remove',
      at: T('2T11:00'),
      parent: serial('BIKE', 'K7'),
      unit: serial('BAT', 'B7'),
      reason: 'swollen',
    });
    expect(await gapsNow({ kind: 'shipped-while-held' })).toEqual([]);
  });

  it('has the same of parts on hold, whether it is looked for in few units or in very many', async () => {
    await record(
      ...['8', '9'].flatMap((n) => [
        { type: 'create', at: T('1T08:00'), unit: serial('BAT', `HB${n}`) },
        { type: 'create', at: T('1T08:00'), unit: serial('BIKE', `HK${n}`) },
        { type: 'install', at: T('1T09:00'), parent: serial('BIKE', `HK${n}`), unit: serial('BAT', `HB${n}`) },
        { type: 'hold', at: T('2T09:00'), units: [serial('BAT', `HB${n}`)], reason: 'swollen' },
      ]),
      { type: 'ship', at: T('3T09:00'), units: [{ unit: serial('BIKE', 'HK8') }], customer: 'SHOP', shipment: 'SH-8' },
    );
    const position = await sealLedger(db().uow);
    const units = await db().asOwner<{ unit_id: number; code: string }>('SELECT unit_id, code FROM unit ORDER BY 1');
    const ids = units.map((u) => u.unit_id);
    const few = await heldInsideGaps(db().database, position, ids);
    const codes = few.map(({ unitId, gap }) => `${units.find((u) => u.unit_id === unitId)!.code} ${gap.kind}`);
    expect(codes).toEqual(['HK8 shipped-while-held']);
    const very = [...ids, ...Array.from({ length: 6_000 }, (_, i) => 1_000_000 + i)];
    expect(await heldInsideGaps(db().database, position, very)).toEqual(few);
    // From few holds and from very many: all that went with something held inside, and not what stood still.
    const went = async (heldFollowedMax: number) =>
      (await aroundHeld(db().database, ids, { unitsLookedIntoMax: 0, heldFollowedMax })).map(
        (id) => units.find((u) => u.unit_id === id)!.code,
      );
    expect(await went(1_000)).toEqual(['K7', 'HK8']);
    expect(await went(0)).toEqual(['K7', 'HK8']);
  });

  it('finds what is on hold inside at any depth, and ends where things went in a circle', async () => {
    const nest = Array.from({ length: 14 }, (_, n) => serial('BIKE', `NEST${n}`));
    await record(
      ...nest.map((unit) => ({ type: 'create', at: T('1T08:00'), unit })),
      ...nest.slice(1).map((unit, n) => ({ type: 'install', at: T('1T09:00'), parent: nest[n]!, unit })),
      // Where the outermost was before: in the innermost.
      { type: 'install', at: T('1T08:10'), parent: nest[13]!, unit: nest[0]! },
      { type: 'remove', at: T('1T08:20'), parent: nest[13]!, unit: nest[0]! },
      { type: 'hold', at: T('2T09:00'), units: [nest[13]!], reason: 'cracked' },
      { type: 'ship', at: T('3T09:00'), units: [{ unit: nest[0]! }], customer: 'SHOP', shipment: 'SH-N' },
    );
    const shipped = (await gapsNow({ kind: 'shipped-while-held', q: 'NEST0' })).map((g) => g.message);
    expect(shipped).toEqual([expect.stringContaining('serial BIKE NEST13, which was in it, was on hold (cracked)')]);
    const [outer] = await db().asOwner<{ unit_id: number }>(`SELECT unit_id FROM unit WHERE code = 'NEST0'`);
    for (const heldFollowedMax of [0, 1_000])
      expect(await aroundHeld(db().database, [outer!.unit_id], { unitsLookedIntoMax: 0, heldFollowedMax })).toEqual([
        outer!.unit_id,
      ]);
  });

  it('counts from the first of several holds inside', async () => {
    const parts = Array.from({ length: 8 }, (_, n) => serial('BAT', `TWO${n}`));
    await record(
      { type: 'create', at: T('1T08:00'), unit: serial('BIKE', 'TWO') },
      ...parts.map((unit) => ({ type: 'create', at: T('1T08:00'), unit })),
      ...parts.map((unit) => ({ type: 'install', at: T('1T09:00'), parent: serial('BIKE', 'TWO'), unit })),
      ...parts.map((unit, n) => ({
        type: 'hold',
        at: T(n === 3 ? '2T09:00' : '5T09:00'),
        units: [unit],
        reason: 'late',
      })),
      { type: 'ship', at: T('3T09:00'), units: [{ unit: serial('BIKE', 'TWO') }], customer: 'SHOP', shipment: 'SH-2' },
    );
    const [bike] = await db().asOwner<{ unit_id: number }>(`SELECT unit_id FROM unit WHERE code = 'TWO'`);
    for (const heldFollowedMax of [0, 1_000])
      expect(await aroundHeld(db().database, [bike!.unit_id], { unitsLookedIntoMax: 0, heldFollowedMax })).toEqual([
        bike!.unit_id,
      ]);
  });

  it('has draws that do not say from which of several places, and returns of more than was shipped', async () => {
    const unit = lot('RM', 'APART');
    await record(
      { type: 'receive', at: T('1T08:00'), unit, quantity: kg('10'), place: 'A1' },
      { type: 'receive', at: T('1T08:00'), unit, quantity: kg('5'), place: 'PLANT' },
      { id: 'ship-apart', type: 'ship', at: T('2T08:00'), units: [{ unit, quantity: kg('4') }], customer: 'SHOP' },
      { type: 'return', at: T('3T08:00'), units: [{ unit, quantity: kg('6') }], customer: 'SHOP', place: 'A1' },
    );
    const gaps = await gapsNow({ q: 'APART' });
    expect(gaps.map((g) => g.kind).sort()).toEqual(['place-unclear', 'returned-more']);
    const { place, ...shipment } = gaps.find((g) => g.kind === 'returned-more')!.closes.event!;
    expect(place).toBe('A1');
    expect(shipment).toMatchObject({ type: 'ship', units: [{ unit, quantity: kg('2') }], customer: 'SHOP' });
    await record({ ...shipment, place: 'A1', at: T('2T09:00'), shipment: 'SH-9' });
    const [unclear, ...more] = await gapsNow({ q: 'APART' });
    expect(more).toEqual([]);
    expect(unclear!.closes).toMatchObject({
      say: expect.stringContaining('names the place'),
      event: { type: 'correct', event: expect.stringMatching(/^e\d+$/) as string },
    });
    await record({
      ...unclear!.closes.event,
      with: { type: 'ship', at: T('2T08:00'), units: [{ unit, quantity: kg('4') }], customer: 'SHOP', place: 'A1' },
      reason: 'from A1',
    });
    expect(await gapsNow({ q: 'APART' })).toEqual([]);
  });

  it('changes when a bill of materials does', async () => {
    await record({ type: 'produce', at: T('5T08:00'), outputs: [{ unit: serial('BIKE', 'K10') }], inputs: [] });
    expect(await gapsNow({ kind: 'no-inputs' })).toEqual([]);
    await new PutBoms(db().uow, settings).execute(ctx, [
      { item: 'BIKE', revision: 'A', lines: [{ component: 'BAT', quantity: '1', uom: 'pcs' }] },
    ]);
    const found = await gapsNow({ kind: 'no-inputs' });
    expect(found.map((g) => g.unit.unit)).toEqual([serial('BIKE', 'K10')]);
    expect(found[0]!.closes.event).toMatchObject({ type: 'install', parent: serial('BIKE', 'K10') });
  });
});

describe('the projector', () => {
  it('takes each stretch of the ledger in once, whoever else is at it', async () => {
    await record({
      type: 'ship',
      at: T('6T08:00'),
      units: [{ unit: lot('RM', 'L-nobody'), quantity: kg('1') }],
      customer: 'SHOP',
    });
    await sealLedger(db().uow);
    await Promise.all([projector().catchUp(), projector().catchUp(), projector().catchUp()]);
    await projector().catchUp();
    expect(await gapsNow({ q: 'L-nobody' })).toHaveLength(1);
    const [cursor] = await db().asOwner<{ behind: number }>(
      `SELECT (SELECT max(position) FROM ledger_seal) - position AS behind FROM projection_cursor WHERE name = 'gap'`,
    );
    expect(cursor).toEqual({ behind: 0 });
  });
});
