import { RecordEvents, sealLedger } from '@/ledger';
import { Settings } from '@/platform/config';
import { Context } from '@/platform/db';
import { PutItems } from '@/reference/catalog';
import { nextStretch } from '../../src/ledger/projections/cursor';
import { GapProjection } from '../../src/ledger/projections/gap-projection';
import type { Projection } from '../../src/ledger/projections/projection';
import { Projector } from '../../src/ledger/projections/projector';
import { rebuild } from '../../src/ledger/projections/rebuild';
import { SearchProjection } from '../../src/ledger/projections/search-projection';
import { listGaps } from '../../src/ledger/search/gap-list';
import { useDatabase } from '../support';

/** A tank with thousands of draws: what follows the ledger does not read all of them at each further one. */
const DRAWS = 3_000;
/** Movements that are kept apart from the base of a unit, with room for how they are found. */
const MOVEMENTS_READ_MAX = 1_000;

const db = useDatabase();
const ctx: Context = { actor: 'user:test', source: 'test' };
const settings = new Settings({ DATABASE_URL: 'postgres://u@h/d', REDIS_URL: 'redis://h', TIME_ZONE: 'UTC' });
const T = (minute: number) => new Date(Date.parse('2026-03-01T00:00:00Z') + minute * 60_000).toISOString();
const TANK = { item: 'RM', lot: 'TANK' };
const kg = (value: string | number) => ({ value: String(value), uom: 'kg' });
let made = 0;
let recorded = 0;

const draw = (minute: number, value = 1, more: object = {}) => ({
  type: 'produce',
  at: T(minute),
  place: 'A1',
  outputs: [{ unit: { item: 'MIX', lot: `M-${++made}` }, quantity: kg(value) }],
  inputs: [{ unit: TANK, quantity: kg(value) }],
  ...more,
});

async function record(...events: Record<string, unknown>[]): Promise<void> {
  const door = new RecordEvents(db().uow, settings);
  for (let at = 0; at < events.length; at += 1_000) {
    const part = events.slice(at, at + 1_000).map((e) => ({ id: `e-${++recorded}`, ...e }));
    expect((await door.execute(ctx, part)).refused).toEqual([]);
  }
  await sealLedger(db().uow);
}

const follow = () => new Projector(db().uow, { provide: () => undefined } as never).catchUp();
const gaps = async () =>
  (await listGaps(db().database, { before: null, item: 'RM' }, { nowMs: 0, limit: 1_000 })).data.map(
    (g) => `${g.kind} ${g.at} ${g.place}`,
  );
const wrong = async () =>
  (await rebuild(db().uow, db().database, { check: true, names: ['gap', 'search'], differencesMax: 10 })).flatMap(
    (r) => r.differences,
  );

/** How many movements are read to bring it to the newest position; it stays there. */
async function movementsRead(projection: Projection): Promise<number> {
  return db().uow.run(ctx, async (tx) => {
    const [stretch] = await tx.query<{ from: number; until: number }>(
      `SELECT position AS "from", (SELECT max(position) FROM ledger_seal) AS until FROM projection_cursor WHERE name = $1`,
      [projection.name],
    );
    // What the connection has read before may not be handed on yet: it is in the figure.
    const read = async () =>
      (
        await tx.query<{ rows: number }>(
          `SELECT coalesce(idx_tup_fetch, 0) + seq_tup_read AS rows FROM pg_stat_xact_user_tables WHERE relname = 'movement'`,
        )
      )[0]!.rows;
    const before = await read();
    await projection.advance(tx, stretch!.from, stretch!.until);
    return (await read()) - before;
  });
}

beforeAll(async () => {
  await new PutItems(db().uow).execute(ctx, [
    { item: 'RM', name: 'Resin', tracking: 'lot', uom: 'kg' },
    { item: 'MIX', name: 'Mix', tracking: 'lot', uom: 'kg' },
  ]);
  await db().asOwner(`INSERT INTO place (code, name, kind) VALUES ('A1', 'A1', 'bin')`);
  await db().asOwner(
    `INSERT INTO partner (code, name, kind) VALUES ('SHOP', 'Shop', 'customer'), ('DEPOT', 'Depot', 'customer')`,
  );
  await record(
    { type: 'receive', at: T(0), unit: TANK, quantity: kg(DRAWS + 100), place: 'A1', expires: '2026-12-31' },
    ...Array.from({ length: DRAWS }, (_, i) => draw(10 + i)),
  );
  await follow();
  await db().asOwner('ANALYZE');
});

describe('what a tank with thousands of draws is found by', () => {
  it('is brought on by what is new of it alone, and is the same as if all of it were read', async () => {
    const ship = (minute: number, shipment: string, customer = 'SHOP') => ({
      type: 'ship',
      at: T(minute),
      units: [{ unit: TANK, quantity: kg(1) }],
      customer,
      shipment,
    });
    // More documents than its text holds: the first of them by number are kept.
    await record(...Array.from({ length: 30 }, (_, i) => ship(DRAWS + 12, `SH-5${i}`)));
    await follow();
    await record(draw(DRAWS + 13), ship(DRAWS + 14, 'SH-0', 'DEPOT'), ship(5, 'SH-9'));
    expect(await movementsRead(new SearchProjection())).toBeLessThan(MOVEMENTS_READ_MAX);
    await follow();
    expect(await wrong()).toEqual([]);
    const text = async () =>
      (
        await db().asOwner<{ text: string }>(
          `SELECT text FROM search_unit JOIN unit USING (unit_id) WHERE code = 'TANK'`,
        )
      )[0]!.text;
    expect(await text()).toMatch(/SH-0.*DEPOT/);
    expect(await text()).not.toContain('SH-9');
    await record(
      { id: 'wrong', ...ship(DRAWS + 15, 'SH-00') },
      { type: 'void', event: 'wrong', reason: 'not this tank' },
    );
    await record({ type: 'amend', at: T(DRAWS + 16), unit: TANK, attributes: { colour: 'red' }, reason: 'seen' });
    await follow();
    expect(await text()).toContain('colour red');
    expect(await wrong()).toEqual([]);
  });
});

describe('the gaps of a tank with thousands of draws', () => {
  it('cost the next draw no more than those of any lot', async () => {
    await record(draw(DRAWS + 20));
    expect(await movementsRead(new GapProjection())).toBeLessThan(MOVEMENTS_READ_MAX);
    await follow();
    expect(await gaps()).toEqual([]);
    expect(await wrong()).toEqual([]);
  });

  it('are the same as if all of it were read, whatever comes and however late', async () => {
    const last = DRAWS + 30;
    // More than is kept apart: the base goes on.
    await record(...Array.from({ length: 300 }, (_, i) => draw(last + i, i === 250 ? 200 : 0.1)));
    await follow();
    expect(await gaps()).toEqual([`overdrawn ${T(last + 250)} A1`]);
    await record({ id: 'hold-late', type: 'hold', at: T(100), units: [TANK], reason: 'smell' });
    await record({ type: 'release', at: T(102), hold: 'hold-late' }, draw(last + 400));
    await follow();
    expect(await gaps()).toHaveLength(3);
    await record(draw(last + 401), { id: 'hold-now', type: 'hold', at: T(last + 402), units: [TANK], reason: 'smell' });
    await record(draw(last + 403));
    await follow();
    expect(await gaps()).toContain(`used-while-held ${T(last + 403)} A1`);
    expect(await wrong()).toEqual([]);
    await record({ type: 'void', event: 'hold-late', reason: 'another tank' });
    await record(
      { type: 'receive', at: T(50), unit: TANK, quantity: kg(500), place: 'A1' },
      { type: 'ship', at: T(last + 410), units: [{ unit: TANK, quantity: kg(1) }], customer: 'SHOP' },
    );
    await follow();
    expect(await gaps()).toEqual([`used-while-held ${T(last + 403)} A1`, `shipped-while-held ${T(last + 410)} A1`]);
    await record({ type: 'count', at: T(last + 420), unit: TANK, quantity: kg(3), place: 'A1' });
    await record(draw(last + 421), draw(last + 422, 4));
    await follow();
    expect(await gaps()).toContain(`overdrawn ${T(last + 422)} A1`);
    await record({ type: 'amend', at: T(last + 430), unit: TANK, expires: '2026-03-02', reason: 'typing error' });
    await follow();
    expect((await gaps()).filter((g) => g.startsWith('used-after-expiry')).length).toBeGreaterThan(400);
    expect(await wrong()).toEqual([]);
  });
});

it('goes on by so many batches or events at a time, but by whole positions', async () => {
  const newest = await sealLedger(db().uow);
  const door = new RecordEvents(db().uow, settings);
  const two = () => [draw(1), draw(1)].map((e) => ({ id: `e-${++recorded}`, ...e }));
  // Two batches of two events at the first position, one at each of the three after it.
  await door.execute(ctx, two());
  await door.execute(ctx, two());
  await sealLedger(db().uow);
  for (let n = 0; n < 3; n++) await record(draw(1), draw(1));
  const next = (batchesMax: number, eventsMax: number) =>
    db().uow.run(ctx, (tx) => nextStretch(tx, newest, newest + 4, { batchesMax, eventsMax }));
  expect(await next(100, 100)).toBe(newest + 4);
  expect(await next(100, 6)).toBe(newest + 2);
  expect(await next(100, 7)).toBe(newest + 2);
  expect(await next(4, 100)).toBe(newest + 3);
  expect(await next(1, 100)).toBe(newest + 1);
  expect(await next(100, 1)).toBe(newest + 1);
});
