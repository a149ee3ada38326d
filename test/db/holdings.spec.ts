import { presentOf, RecordEvents, rebuildHoldings } from '@/ledger';
import { Settings } from '@/platform/config';
import type { Context } from '@/platform/db';
import { useDatabase } from '../support';

const ctx: Context = { actor: 'user:test', source: 'test' };
const settings = new Settings({ DATABASE_URL: 'postgres://u@h/d', REDIS_URL: 'redis://h' });
const db = useDatabase();
const T = (seconds: number) => new Date(Date.UTC(2026, 2, 1, 8) + seconds * 1000).toISOString();
const kg = (value: string) => ({ value, uom: 'kg' });
const lot = (code: string) => ({ item: 'RM', lot: code });
const serial = (code: string) => ({ item: 'BAT', serial: code });
const door = () => new RecordEvents(db().uow, settings);

beforeAll(async () => {
  await db().asOwner(
    `INSERT INTO item (code, name, tracking, uom) VALUES ('RM', 'Resin', 'lot', 'kg'), ('BAT', 'Battery', 'serial', 'pcs'), ('MIX', 'Mix', 'lot', 'kg'), ('BIKE', 'Bike', 'serial', 'pcs')`,
  );
  await db().asOwner(`INSERT INTO place (code, name, kind) VALUES ('A', 'A', 'bin'), ('B', 'B', 'bin')`);
  await db().asOwner(`INSERT INTO partner (code, name, kind) VALUES ('SHOP', 'Shop', 'customer')`);
});

async function record(...events: object[]): Promise<void> {
  expect((await door().execute(ctx, events)).refused).toEqual([]);
}

async function present(unit: { item: string; lot?: string; serial?: string }) {
  const [row] = await db().asOwner<{ unit_id: number }>(
    `SELECT unit_id FROM unit JOIN item USING (item_id) WHERE item.code = $1 AND unit.code = $2`,
    [unit.item, unit.lot ?? unit.serial],
  );
  const now = (await presentOf(db().database, [row!.unit_id])).get(row!.unit_id)!;
  const places = new Map(
    (await db().asOwner<{ place_id: number; code: string }>(`SELECT place_id, code FROM place`)).map((p) => [
      p.place_id,
      p.code,
    ]),
  );
  return {
    ...now,
    holdings: now.holdings.map(
      (h) =>
        `${h.state} ${places.get(h.placeId ?? 0) ?? '-'} ${h.quantity === null ? '?' : h.quantity / 1_000_000_000n}`,
    ),
  };
}

async function rebuild() {
  return db().uow.run(ctx, async (tx) => {
    const found = [];
    for (let after: number | null = 0; after !== null;) {
      const part: Awaited<ReturnType<typeof rebuildHoldings>> = await rebuildHoldings(tx, after);
      found.push(...part.differences);
      after = part.last;
    }
    return found;
  });
}

const receive = (id: string, unit: object, value: string | null, at = T(0), rest: object = {}) => ({
  type: 'receive',
  id,
  at,
  place: 'A',
  unit,
  ...(value && { quantity: kg(value) }),
  ...rest,
});

describe('the stock projection', () => {
  it('says where things are as soon as it is recorded, takes in late facts, and takes back what is voided', async () => {
    await record(receive('h1', lot('L1'), '100'), {
      type: 'move',
      id: 'h2',
      at: T(10),
      unit: lot('L1'),
      quantity: kg('30'),
      from: 'A',
      to: 'B',
    });
    expect((await present(lot('L1'))).holdings).toEqual(['in-stock A 70', 'in-stock B 30']);
    await record({ type: 'count', id: 'h3', at: T(5), place: 'A', unit: lot('L1'), quantity: kg('80') });
    expect((await present(lot('L1'))).holdings).toEqual(['in-stock A 50', 'in-stock B 30']);
    await record({ type: 'void', id: 'h4', event: 'h2', reason: 'never moved' });
    expect((await present(lot('L1'))).holdings).toEqual(['in-stock A 80']);
  });

  it('keeps the holds that are open, with reason and reference, and the expiry', async () => {
    await record(
      receive('e1', lot('L2'), '5', T(0), { expires: '2027-01-31' }),
      { type: 'hold', id: 'e2', at: T(1), units: [lot('L2')], reason: 'smell', ref: 'NC-1' },
      { type: 'hold', id: 'e3', at: T(2), units: [lot('L2')], reason: 'paper' },
    );
    const held = await present(lot('L2'));
    expect(held.holds.map((h) => [h.reason, h.ref])).toEqual([
      ['smell', 'NC-1'],
      ['paper', null],
    ]);
    expect(held.expiresMs).toBe(Date.parse('2027-02-01'));
    await record(
      { type: 'release', id: 'e4', at: T(3), hold: 'e2' },
      { type: 'amend', id: 'e5', at: T(4), unit: lot('L2'), expires: '2026-12-31', reason: 'maker says so' },
    );
    const now = await present(lot('L2'));
    expect(now.holds.map((h) => h.reason)).toEqual(['paper']);
    expect(now.expiresMs).toBe(Date.parse('2027-01-01'));
    await record(
      { type: 'void', id: 'e6', event: 'e5', reason: 'wrong lot' },
      { type: 'void', id: 'e7', event: 'e4', reason: 'not yet' },
    );
    const after = await present(lot('L2'));
    expect(after.holds.map((h) => h.reason)).toEqual(['smell', 'paper']);
    expect(after.expiresMs).toBe(Date.parse('2027-02-01'));
  });

  it('is not folded anew at each draw from a tank, and is right after a late one', async () => {
    await record(receive('t0', lot('TANK'), '10000'));
    const draw = (id: string, at: string) => ({
      type: 'produce',
      id,
      at,
      place: 'A',
      outputs: [{ unit: { item: 'MIX', lot: id }, quantity: kg('1') }],
      inputs: [{ unit: lot('TANK'), quantity: kg('1') }],
    });
    await record(...Array.from({ length: 2_000 }, (_, i) => draw(`t-${i}`, T(10 + i))));
    const [base] = await db().asOwner<{ until_ms: number }>(`SELECT until_ms FROM holding_base`);
    expect(Number(base!.until_ms)).toBeGreaterThan(Date.parse(T(1_900)));
    await record(draw('t-last', T(5_000)));
    expect((await present(lot('TANK'))).holdings).toEqual(['in-stock A 7999']);
    await record(draw('t-late', T(11)), { type: 'void', id: 't-void', event: 't-5', reason: 'twice' });
    expect((await present(lot('TANK'))).holdings).toEqual(['in-stock A 7999']);
  });

  it('does not know how much is left at each place where a draw named none of several, until it is counted', async () => {
    const draw = { type: 'scrap', id: 'u3', at: T(20), unit: lot('APART'), quantity: kg('4') };
    await record(receive('u1', lot('APART'), '10'), receive('u2', lot('APART'), '5', T(0), { place: 'B' }));
    expect(await door().execute(ctx, [draw], { check: 'live' })).toMatchObject({
      refused: [{ code: 'PLACE_REQUIRED' }],
    });
    await record(draw);
    const unknown = ['in-stock A ?', 'in-stock B ?', 'scrapped - 4'];
    expect((await present(lot('APART'))).holdings.sort()).toEqual(unknown);
    await record({ ...draw, id: 'u4', at: T(21), quantity: kg('1') });
    await record({ type: 'count', id: 'u5', at: T(30), place: 'B', unit: lot('APART'), quantity: kg('3') });
    expect((await present(lot('APART'))).holdings.sort()).toEqual(['in-stock A ?', 'in-stock B 3', 'scrapped - 5']);
    await record({ type: 'void', id: 'u6', event: 'u5', reason: 'typed wrong' });
    await record({ ...draw, id: 'u7', at: T(22), quantity: kg('10') });
    expect((await present(lot('APART'))).holdings).toEqual(['scrapped - 15']);
    expect(await rebuild()).toEqual([]);
  });

  it('is what the facts come to: made anew nothing differs, and what was changed behind its back is found and mended', async () => {
    await record(receive('s1', serial('S1'), null), receive('s2', serial('S2'), null));
    expect(await rebuild()).toEqual([]);
    await db().asOwner(`UPDATE holding SET quantity = 7 WHERE holding_id = (SELECT max(holding_id) FROM holding)`);
    await db().asOwner(`DELETE FROM holding WHERE holding_id = (SELECT min(holding_id) FROM holding)`);
    await db().asOwner(`UPDATE holding_base SET state = jsonb_set(state, '{fold,used}', 'false')`);
    expect(await rebuild()).toHaveLength(2);
    expect(await rebuild()).toEqual([]);
  });
});

describe('scanners at once (check=live)', () => {
  const live = (events: object[]) => door().execute(ctx, events, { check: 'live' });

  it('never take more of a lot than is there, nor a serial twice', async () => {
    await record(receive('c1', lot('SHARED'), '20'), receive('c2', serial('ONCE'), null));
    const draws = Array.from({ length: 50 }, (_, i) =>
      live([
        {
          type: 'scrap',
          id: `d${i}`,
          at: new Date().toISOString(),
          place: 'A',
          unit: lot('SHARED'),
          quantity: kg('1'),
        },
      ]),
    );
    const builds = Array.from({ length: 20 }, (_, i) =>
      live([
        {
          type: 'produce',
          id: `p${i}`,
          at: new Date().toISOString(),
          place: 'A',
          outputs: [{ unit: { item: 'BIKE', serial: `B${i}` } }],
          inputs: [{ unit: serial('ONCE') }],
        },
      ]),
    );
    const taken = await Promise.all(draws);
    expect(taken.filter((r) => r.accepted === 1)).toHaveLength(20);
    expect(new Set(taken.flatMap((r) => r.refused.map((x) => x.code)))).toEqual(new Set(['NOT_IN_HOUSE']));
    const built = await Promise.all(builds);
    expect(built.filter((r) => r.accepted === 1)).toHaveLength(1);
    // Two at one millisecond contradict each other; the others come after it was built in.
    for (const { refused } of built)
      for (const { code } of refused) expect(['ALREADY_INSTALLED', 'SERIAL_TWO_PLACES']).toContain(code);
    expect((await present(serial('ONCE'))).holdings).toEqual(['in-work - 1']);
    expect(await rebuild()).toEqual([]);
  });

  it('are judged one event after the other within a request', async () => {
    await record(receive('q1', lot('SEQ'), '3'));
    const scrap = (id: string) => ({
      type: 'scrap',
      id,
      at: new Date().toISOString(),
      unit: lot('SEQ'),
      quantity: kg('2'),
    });
    const result = await door().execute(ctx, [scrap('q2'), scrap('q3')], { check: 'live', onError: 'proceed' });
    expect(result).toMatchObject({ accepted: 1, refused: [{ index: 1, code: 'STOCK_SHORT' }] });
  });
});
