import { presentOf, RecordEvents, sealLedger } from '@/ledger';
import { Settings } from '@/platform/config';
import type { Context } from '@/platform/db';
// The projector is the worker's alone and stands behind no door: its effect is what others see.
import { Projector } from '../../src/ledger/projections/projector';
import { listGaps } from '../../src/ledger/search/gap-list';
import { changesBetween } from '../../src/ledger/genealogy/changes';
import { useDatabase } from '../support';

const db = useDatabase();
const ctx: Context = { actor: 'user:test', source: 'test' };
const settings = new Settings({ DATABASE_URL: 'postgres://u@h/d', REDIS_URL: 'redis://h', TIME_ZONE: 'UTC' });
type Sent = Record<string, unknown> & { id: string };

beforeAll(async () => {
  await db().asOwner(`INSERT INTO item (code, name, tracking, uom) VALUES ('RM', 'Resin', 'lot', 'kg')`);
  await db().asOwner(`INSERT INTO place (code, name, kind) VALUES ('A', 'A', 'bin')`);
  await db().asOwner(`INSERT INTO partner (code, name, kind) VALUES ('SHOP', 'Shop', 'customer')`);
});

const record = (events: unknown[], options: { check?: 'live' } = {}) =>
  new RecordEvents(db().uow, settings).execute(ctx, events, options);
const at = (hour: number) => new Date(Date.UTC(2026, 2, 1) + hour * 3_600_000).toISOString();
const kg = (value: number) => ({ value: String(value), uom: 'kg' });
const lot = (code: string) => ({ item: 'RM', lot: `~${code}` });
const own = <T>(value: T, prefix: string): T => JSON.parse(JSON.stringify(value).replaceAll('~', prefix)) as T;

/** Of each lot of a history: what holds it, when it expires, and what a scanner that ships a kilogram of it is told. */
async function known(prefix: string) {
  const units = await db().asOwner<{ unit_id: number; code: string }>(
    `SELECT unit_id, code FROM unit WHERE code LIKE $1 || '%' ORDER BY code`,
    [prefix],
  );
  const present = await presentOf(
    db().database,
    units.map((u) => u.unit_id),
  );
  const found: Record<string, { held: string[]; counted: number; expires: string | null; ships: string }> = {};
  for (const { unit_id: id, code } of units) {
    const { holds, expiresMs } = present.get(id)!;
    const [{ counted } = { counted: -1 }] = await db().asOwner<{ counted: number }>(
      `SELECT max(holds) AS counted FROM holding WHERE unit_id = $1`,
      [id],
    );
    const ship = {
      id: `${code}!`,
      type: 'ship',
      at: at(50),
      units: [{ unit: { item: 'RM', lot: code }, quantity: kg(1) }],
    };
    const { refused } = await record([{ ...ship, customer: 'SHOP', place: 'A' }], { check: 'live' });
    found[code.slice(prefix.length)] = {
      held: holds.map((h) => h.reason).sort(),
      counted,
      expires: expiresMs === null ? null : new Date(expiresMs).toISOString().slice(0, 10),
      ships: refused[0]?.code ?? 'ok',
    };
  }
  return found;
}

function* orders<T>(all: readonly T[]): Generator<T[]> {
  if (all.length === 0) yield [];
  for (const [i, first] of all.entries())
    for (const rest of orders([...all.slice(0, i), ...all.slice(i + 1)])) yield [first, ...rest];
}

const ORDERS_MAX = 12;
let histories = 0;

/** Records the facts in orders in which they can arrive (all, or a dozen spread over them), each in a request of its own: all end alike. */
async function inAllOrders(facts: readonly Sent[], after?: readonly Sent[]) {
  let first: Awaited<ReturnType<typeof known>> | undefined;
  const before = (e: Sent): string | undefined => (e.event ?? e.hold) as string | undefined;
  const possible = [...orders(facts)].filter(
    (order) => !order.some((e, i) => before(e) && order.slice(i).some((x) => x.id === before(e))),
  );
  for (let i = 0; i < possible.length; i += Math.max(1, possible.length / ORDERS_MAX)) {
    const order = possible[Math.floor(i)]!;
    const prefix = `H${histories++}-`;
    for (const fact of [...order, ...(after ?? [])])
      expect([order.map((e) => e.id), (await record([own(fact, prefix)])).refused]).toEqual([expect.anything(), []]);
    const found = await known(prefix);
    first ??= found;
    expect([order.map((e) => e.id), found]).toEqual([order.map((e) => e.id), first]);
  }
  return first!;
}

const received = { id: '~r', type: 'receive', at: at(1), place: 'A', unit: lot('L'), quantity: kg(10) };
const split = (hour: number, from = 'L', to = 'N', quantity = 4) => ({
  id: `~s${to}`,
  type: 'split',
  at: at(hour),
  place: 'A',
  from: [{ unit: lot(from), quantity: kg(quantity) }],
  to: [{ unit: lot(to), quantity: kg(quantity) }],
});
const hold = (reason: string, hour: number, unit = 'L') => ({
  id: `~${reason}`,
  type: 'hold',
  at: at(hour),
  units: [{ unit: lot(unit) }],
  reason,
});
const release = (reason: string, hour: number) => ({
  id: `~free ${reason}`,
  type: 'release',
  at: at(hour),
  hold: `~${reason}`,
});
const taken = (id: string) => ({ id: `~void ${id}`, type: 'void', event: `~${id}`, reason: 'typed wrong' });
const free = { held: [], counted: 0, expires: null, ships: 'ok' };
const heldBy = (...held: string[]) => ({ ...free, held, counted: held.length, ships: 'UNIT_ON_HOLD' });

describe('what is split off', () => {
  it('is held by what held its source at that time, whatever came first', async () => {
    expect(await inAllOrders([received, hold('smell', 2), split(3)])).toEqual({
      L: heldBy('smell'),
      N: heldBy('smell'),
    });
    expect(await inAllOrders([received, hold('smell', 2), split(3), release('smell', 2.5)])).toEqual({
      L: free,
      N: free,
    });
    expect(await inAllOrders([received, hold('smell', 2), split(3), release('smell', 4)])).toEqual({
      L: free,
      N: heldBy('smell'),
    });
    expect(await inAllOrders([received, hold('smell', 2), split(3), taken('smell')])).toEqual({ L: free, N: free });
    expect(await inAllOrders([received, hold('late', 4), split(3)])).toEqual({ L: heldBy('late'), N: free });
    expect(
      await inAllOrders([received, hold('smell', 2), release('smell', 2.5), taken('free smell'), split(3)]),
    ).toEqual({ L: heldBy('smell'), N: heldBy('smell') });
  });

  it('keeps several holds apart, and loses them all with the split', async () => {
    const holds = [hold('smell', 2), hold('colour', 2.2), hold('late', 4), release('smell', 2.4)];
    expect(await inAllOrders([received, ...holds, split(3)])).toEqual({
      L: heldBy('colour', 'late'),
      N: heldBy('colour'),
    });
    expect(await inAllOrders([received, hold('smell', 2), split(3), taken('sN')])).toMatchObject({
      L: heldBy('smell'),
      N: { held: [], counted: 0 },
    });
  });

  it('hands on what it inherited', async () => {
    expect(
      await inAllOrders([received, hold('smell', 2), split(3), split(5, 'N', 'P', 2), hold('new', 4, 'N')]),
    ).toEqual({
      L: heldBy('smell'),
      N: heldBy('new', 'smell'),
      P: heldBy('new', 'smell'),
    });
    const again = [received, hold('smell', 2), split(3), split(5, 'N', 'P', 2), release('smell', 2.5)];
    expect(await inAllOrders(again)).toEqual({ L: free, N: free, P: free });
    expect(await inAllOrders([received, hold('smell', 2), split(3), split(5, 'N', 'P', 2), taken('sN')])).toMatchObject(
      {
        L: heldBy('smell'),
        N: { held: [] },
        P: free,
      },
    );
  });

  it('has the holds of all that was merged, each once', async () => {
    const other = { ...received, id: '~r2', unit: lot('K') };
    const merge = {
      id: '~m',
      type: 'merge',
      at: at(6),
      place: 'A',
      from: [
        { unit: lot('L'), quantity: kg(2) },
        { unit: lot('N'), quantity: kg(2) },
        { unit: lot('K'), quantity: kg(2) },
      ],
      to: [{ unit: lot('M'), quantity: kg(6) }],
    };
    expect(await inAllOrders([received, other, split(3), hold('smell', 2), hold('rust', 5, 'K'), merge])).toEqual({
      K: heldBy('rust'),
      L: heldBy('smell'),
      M: heldBy('rust', 'smell'),
      N: heldBy('smell'),
    });
  });

  it('is held where only the day of the one or the other is known, or both were at one time', async () => {
    const day = '2026-03-01';
    expect(await inAllOrders([received, { ...hold('smell', 2), at: day }, split(3)])).toMatchObject({
      N: heldBy('smell'),
    });
    expect(await inAllOrders([received, hold('smell', 2), { ...split(3), at: day }])).toMatchObject({
      N: heldBy('smell'),
    });
    expect(await inAllOrders([received, hold('smell', 3), split(3), release('smell', 3)])).toMatchObject({
      N: heldBy('smell'),
    });
    // The clock of the one who split it went wrong: nothing of it can have been split off before it was there.
    expect(await inAllOrders([received, hold('smell', 0.8), split(0.5)])).toMatchObject({ N: heldBy('smell') });
  });

  it('is held with the container that its source was in, and with what came back', async () => {
    const packed = {
      id: '~p',
      type: 'pack',
      at: at(2),
      container: '~P',
      units: [{ unit: lot('L'), quantity: kg(4) }],
      place: 'A',
    };
    const held = { id: '~wet', type: 'hold', at: at(3), container: '~P', reason: 'wet' };
    expect(await inAllOrders([received, packed, held, split(5)])).toEqual({ L: heldBy('wet'), N: heldBy('wet') });
    expect(await inAllOrders([received, packed, held, split(5), taken('p')])).toEqual({ L: free, N: free });
    const shipped = {
      id: '~x',
      type: 'ship',
      at: at(2),
      units: [{ unit: lot('L'), quantity: kg(5) }],
      customer: 'SHOP',
      place: 'A',
    };
    const back = { ...shipped, id: '~b', type: 'return', at: at(3) };
    expect(await inAllOrders([received, shipped, back, split(5)])).toEqual({
      L: heldBy('returned'),
      N: heldBy('returned'),
    });
  });

  it('expires when the earliest of its sources does, as it was known of them at that time', async () => {
    const until = (expires: string) => ({ ...received, expires });
    const amend = (n: number, hour: number, expires: string, unit = 'L') => ({
      id: `~a${n}`,
      type: 'amend',
      at: at(hour),
      unit: lot(unit),
      expires,
      reason: 'label',
    });
    const day = (date: string) => ({ ...free, expires: date });
    expect(await inAllOrders([until('2099-05-01T00:00:00Z'), split(3), split(5, 'N', 'P', 2)])).toEqual({
      L: day('2099-05-01'),
      N: day('2099-05-01'),
      P: day('2099-05-01'),
    });
    const more = [amend(1, 2, '2026-03-01T02:00:00Z'), amend(2, 4, '2099-07-01T00:00:00Z')];
    expect(await inAllOrders([until('2099-05-01T00:00:00Z'), split(3), ...more])).toEqual({
      L: day('2099-07-01'),
      N: { ...free, expires: '2026-03-01', ships: 'UNIT_EXPIRED' },
    });
    const mended = [amend(1, 2, '2026-03-01T02:00:00Z'), taken('a1'), amend(3, 2, '2099-08-01T00:00:00Z', 'N')];
    expect(await inAllOrders([until('2099-05-01T00:00:00Z'), split(3), ...mended])).toEqual({
      L: day('2099-05-01'),
      N: day('2099-08-01'),
    });
  });
});

describe('what was inherited', () => {
  const heldNow = async (prefix: string, code: string) =>
    db().asOwner<{ id: string }>(
      `SELECT 'h' || hold_id AS id FROM hold JOIN unit USING (unit_id) WHERE code = $1 AND NOT EXISTS (SELECT FROM hold_release r WHERE r.hold_id = hold.hold_id) ORDER BY hold_id`,
      [`${prefix}${code}`],
    );

  it('is released by itself, once and for all, and not by the name of the split', async () => {
    for (const fact of [received, hold('smell', 2), split(3)]) await record([own(fact, 'R-')]);
    expect((await record([own({ id: '~f', type: 'release', at: at(4), hold: '~sN' }, 'R-')])).refused[0]).toMatchObject(
      {
        code: 'NOT_FOUND',
      },
    );
    const [copy] = await heldNow('R-', 'N');
    await record([own({ id: '~f', type: 'release', at: at(4), hold: copy!.id }, 'R-')]);
    expect(await heldNow('R-', 'N')).toEqual([]);
    // Taken back and there again, it is as free of it as before; what comes besides is another matter.
    await record([own(release('smell', 2.5), 'R-')]);
    await record([own(taken('free smell'), 'R-')]);
    expect(await known('R-')).toMatchObject({ L: heldBy('smell'), N: free });
    await record([own(hold('rust', 2.1), 'R-')]);
    expect(await known('R-')).toMatchObject({ L: heldBy('rust', 'smell'), N: { held: ['rust'], counted: 1 } });
  });

  it('comes and goes with what is said of its source while others split it', async () => {
    const lots = Array.from({ length: 12 }, (_, i) => `C${i}-`);
    await record(lots.map((p) => own(received, p)));
    await Promise.all(
      lots.flatMap((p) => [hold('smell', 2), split(3), split(5, 'N', 'P', 2)].map((fact) => record([own(fact, p)]))),
    );
    for (const p of lots)
      expect(await known(p)).toEqual({ L: heldBy('smell'), N: heldBy('smell'), P: heldBy('smell') });
  });

  it('shows where it was shipped all the same, and to who follows the ledger', async () => {
    const shipped = {
      id: '~x',
      type: 'ship',
      at: at(4),
      units: [{ unit: lot('N'), quantity: kg(1) }],
      customer: 'SHOP',
      place: 'A',
    };
    for (const fact of [received, split(3), shipped]) await record([own(fact, 'G-')]);
    const [{ unit_id: target } = { unit_id: 0 }] = await db().asOwner<{ unit_id: number }>(
      `SELECT unit_id FROM unit WHERE code = 'G-N'`,
    );
    const gaps = async () => {
      const position = await sealLedger(db().uow);
      await new Projector(db().uow, { provide: () => undefined } as never).catchUp();
      const found = await listGaps(db().database, { before: null }, { nowMs: Date.now(), limit: 1000 });
      const own = found.data.filter((g) => JSON.stringify(g.unit).includes('G-N'));
      return { position, kinds: own.map((g) => g.kind) };
    };
    const before = await gaps();
    expect(before.kinds).toEqual([]);
    await record([own(hold('smell', 2), 'G-')]);
    const held = await gaps();
    expect(held.kinds).toEqual(['shipped-while-held']);
    const { units } = await changesBetween(db().database, before.position, held.position);
    expect([...units.keys()]).toContain(target);
    await record([own(taken('smell'), 'G-')]);
    expect((await gaps()).kinds).toEqual([]);
  });
});
