import { movementsOf, presentOf, RecordEvents, sealLedger } from '@/ledger';
import { Settings } from '@/platform/config';
import type { Context } from '@/platform/db';
import { useDatabase } from '../support';

const db = useDatabase();
const ctx: Context = { actor: 'user:test', source: 'test' };
const settings = new Settings({ DATABASE_URL: 'postgres://u@h/d', REDIS_URL: 'redis://h', TIME_ZONE: 'UTC' });
type Sent = Record<string, unknown> & { id: string };

beforeAll(async () => {
  await db().asOwner(`INSERT INTO item (code, name, tracking, uom) VALUES
    ('RM', 'Resin', 'lot', 'kg'), ('BIKE', 'Bike', 'serial', 'pcs'), ('FG', 'Part', 'lot', 'pcs')`);
  await db().asOwner(
    `INSERT INTO place (code, name, kind) VALUES ('A', 'A', 'bin'), ('B', 'B', 'bin'), ('C', 'C', 'bin')`,
  );
  await db().asOwner(
    `INSERT INTO partner (code, name, kind) VALUES ('SHOP', 'Shop', 'customer'), ('KIOSK', 'Kiosk', 'customer')`,
  );
});

const record = (events: unknown[], options: { check?: 'live' } = {}) =>
  new RecordEvents(db().uow, settings).execute(ctx, events, options);
const at = (hour: number) => new Date(Date.UTC(2026, 2, 1, hour)).toISOString();
const kg = (value: string) => ({ value, uom: 'kg' });

/** The facts with ids, units and containers of their own. */
function own<T>(value: T, prefix: string): T {
  const text = JSON.stringify(value).replaceAll('~', prefix);
  return JSON.parse(text) as T;
}

/** What is known of the units of one history: where they are and in what, what holds them, what moved them. */
async function known(prefix: string) {
  const position = await sealLedger(db().uow);
  const units = await db().asOwner<{ unit_id: number; code: string }>(
    `SELECT unit_id, code FROM unit WHERE code LIKE $1 || '%' ORDER BY code`,
    [prefix],
  );
  const ids = units.map((u) => u.unit_id);
  const names = new Map(
    (
      await db().asOwner<{ what: string; id: number; code: string }>(
        `SELECT 'place' AS what, place_id AS id, code FROM place UNION ALL SELECT 'partner', partner_id, code FROM partner
         UNION ALL SELECT 'container', container_id, code FROM container`,
      )
    ).map((r) => [`${r.what} ${r.id}`, r.code.replace(prefix, '~')]),
  );
  const events = new Map(
    (
      await db().asOwner<{ event_id: number; client_id: string }>(
        `SELECT event_id, client_id FROM event WHERE client_id LIKE $1 || '%'`,
        [prefix],
      )
    ).map((e) => [e.event_id, e.client_id.replace(prefix, '~')]),
  );
  const name = (what: string, id: number | null) => (id === null ? '-' : names.get(`${what} ${id}`)!);
  const present = await presentOf(db().database, ids);
  const movements = await movementsOf(db().database, position, ids);
  return units.map(({ unit_id: id, code }) => ({
    unit: code.replace(prefix, '~'),
    is: present
      .get(id)!
      .holdings.map(
        (h) =>
          `${h.state} ${name('place', h.placeId)} ${name('partner', h.customerId)} ${name('container', h.containerId)} ${h.quantity === null ? '?' : Number(h.quantity) / 1e9}`,
      )
      .sort(),
    held: present
      .get(id)!
      .holds.map((h) => h.reason)
      .sort(),
    moved: movements
      .filter((m) => m.unitId === id && m.role !== 'parent')
      .map(
        (m) =>
          `${events.get(m.eventId)} ${m.role} ${m.quantity ?? '-'} ${name('place', m.placeId)} ${name('partner', m.partnerId)} ${m.document ?? '-'} ${name('container', m.containerId)}`,
      )
      .sort(),
  }));
}

function* orders<T>(all: readonly T[]): Generator<T[]> {
  if (all.length === 0) yield [];
  for (const [i, first] of all.entries())
    for (const rest of orders([...all.slice(0, i), ...all.slice(i + 1)])) yield [first, ...rest];
}

const ORDERS_MAX = 60;

/** Records the facts in orders in which they can arrive (all, or sixty spread over them), each in a request of its own; all must end alike. */
async function inAllOrders(name: string, facts: readonly Sent[]) {
  let first: Awaited<ReturnType<typeof known>> | undefined;
  let n = 0;
  const before = (e: Sent): string | undefined => (e.event ?? e.hold) as string | undefined;
  const possible = [...orders(facts)].filter(
    (order) => !order.some((e, i) => before(e) && order.slice(i).some((x) => x.id === before(e))),
  );
  const step = Math.max(1, possible.length / ORDERS_MAX);
  for (let i = 0; i < possible.length; i += step) {
    const order = possible[Math.floor(i)]!;
    const prefix = `${name}${n++}-`;
    for (const fact of order) {
      const { refused } = await record([own(fact, prefix)]);
      if (refused.length > 0) throw new Error(`${order.map((e) => e.id).join(' ')}: ${refused[0]!.message}`);
    }
    const found = await known(prefix);
    first ??= found;
    try {
      expect(found).toEqual(first);
    } catch (error) {
      throw new Error(`in the order ${order.map((e) => e.id).join(' ')}: ${(error as Error).message}`, {
        cause: error,
      });
    }
  }
  expect(n).toBe(Math.min(possible.length, ORDERS_MAX));
  return { found: first! };
}

const lot = { item: 'RM', lot: '~L' };
const bike = { item: 'BIKE', serial: '~S' };
const received = { id: '~r', type: 'receive', at: at(8), unit: lot, quantity: kg('10'), supplier: 'SHOP', place: 'A' };
const made = { id: '~m', type: 'create', at: at(8), unit: bike, place: 'A' };
const packed = {
  id: '~p',
  type: 'pack',
  at: at(9),
  container: '~P',
  units: [{ unit: lot, quantity: kg('4') }, { unit: bike }],
};
const moved = { id: '~mv', type: 'move', at: at(10), container: '~P', to: 'B' };
const shipped = { id: '~s', type: 'ship', at: at(14), container: '~P', customer: 'SHOP', shipment: 'SH' };

describe('a container takes its content along, in whatever order the facts arrive', () => {
  it('when it is packed, moved, partly unpacked and shipped', async () => {
    const unpacked = {
      id: '~u',
      type: 'unpack',
      at: at(12),
      container: '~P',
      units: [{ unit: lot, quantity: kg('1') }],
    };
    const { found } = await inAllOrders('a', [received, packed, moved, unpacked, shipped]);
    expect(found).toEqual([
      {
        unit: '~L',
        is: ['in-stock A - - 6', 'in-stock B - - 1', 'shipped - SHOP ~P 3'],
        held: [],
        moved: [
          '~mv moved-in 4 B - - ~P',
          '~mv moved-out 4 A - - ~P',
          '~p packed 4 - - - ~P',
          '~r made 10 A SHOP - -',
          '~s shipped 3 B SHOP SH ~P',
          '~u unpacked 1 - - - ~P',
        ],
      },
      {
        unit: '~S',
        is: ['shipped - SHOP ~P 1'],
        held: [],
        moved: [
          '~mv moved-in 1 B - - ~P',
          '~mv moved-out 1 - - - ~P',
          '~p packed 1 - - - ~P',
          '~s shipped 1 B SHOP SH ~P',
        ],
      },
    ]);
  });

  it('when one of its units turns out to have been moved by itself, which is taken back', async () => {
    const alone = { id: '~o', type: 'move', at: at(11), unit: bike, to: 'C' };
    const back = { id: '~v', type: 'void', event: '~o', reason: 'wrong serial' };
    const { found } = await inAllOrders('b', [made, packed, moved, shipped, alone, back]);
    expect(found[1]).toMatchObject({ unit: '~S', is: ['shipped - SHOP ~P 1'] });
    const stays = await inAllOrders('c', [made, packed, moved, shipped, alone]);
    expect(stays.found[1]).toMatchObject({ unit: '~S', is: ['in-stock C - - 1'] });
  });

  it('when what was packed was packed by mistake', async () => {
    const back = { id: '~v', type: 'void', event: '~p', reason: 'wrong pallet' };
    const { found } = await inAllOrders('d', [received, made, packed, moved, shipped, back]);
    expect(found.map((u) => u.is)).toEqual([['in-stock A - - 10'], ['in-stock A - - 1']]);
    expect(found.flatMap((u) => u.moved)).toEqual(['~r made 10 A SHOP - -', '~m made 1 A - - -']);
  });

  it('when it is held and released, shipped, comes back and is emptied', async () => {
    const held = { id: '~h', type: 'hold', at: at(11), container: '~P', reason: 'wet' };
    const freed = { id: '~f', type: 'release', at: at(12), hold: '~h' };
    const returned = { id: '~b', type: 'return', at: at(16), container: '~P', place: 'C', condition: 'torn' };
    const emptied = { id: '~u', type: 'unpack', at: at(17), container: '~P' };
    const { found } = await inAllOrders('e', [received, packed, held, freed, shipped, returned]);
    expect(found[0]).toMatchObject({
      is: ['in-stock A - - 6', 'returned C - ~P 4'],
      held: ['returned: torn'],
    });
    const open = await inAllOrders('f', [packed, held, shipped, returned, emptied]);
    expect(open.found[1]).toMatchObject({ is: ['returned C - - 1'], held: ['returned: torn', 'wet'] });
  });

  it('when it is used again: what left in it stays gone', async () => {
    const other = { item: 'BIKE', serial: '~T' };
    const again = { id: '~p2', type: 'pack', at: at(16), container: '~P', units: [other], place: 'A' };
    const next = { id: '~mv2', type: 'move', at: at(17), container: '~P', to: 'C' };
    const back = { id: '~b', type: 'return', at: at(18), container: '~P', place: 'B' };
    const { found } = await inAllOrders('g', [packed, shipped, again, next, back]);
    expect(found.map((u) => [u.unit, ...u.is])).toEqual([
      ['~L', 'shipped - SHOP - 4'],
      ['~S', 'shipped - SHOP - 1'],
      ['~T', 'in-stock C - ~P 1'],
    ]);
  });
});

describe('two who pack at once', () => {
  it('cannot have one serial in two containers: the second sees the first', async () => {
    for (let i = 0; i < 10; i++) {
      const unit = { item: 'BIKE', serial: `two-${i}` };
      await record([{ id: `two-made-${i}`, type: 'create', at: at(8), unit, place: 'A' }]);
      const pack = (container: string) =>
        record([{ id: `two-${container}-${i}`, type: 'pack', at: at(9), container, units: [unit] }], { check: 'live' });
      const results = await Promise.all([pack(`X${i}`), pack(`Y${i}`)]);
      expect(results.map((r) => r.accepted).sort()).toEqual([0, 1]);
      expect(results.flatMap((r) => r.refused.map((x) => x.code))).toEqual(['UNIT_IN_CONTAINER']);
    }
  });

  it('do not lose one another: what one packs while the other moves the container goes along, or stays', async () => {
    for (let i = 0; i < 10; i++) {
      const unit = { item: 'BIKE', serial: `late-${i}` };
      const other = { item: 'BIKE', serial: `late-o${i}` };
      await record([
        { id: `late-made-${i}`, type: 'create', at: at(8), unit, place: 'A' },
        { id: `late-other-${i}`, type: 'create', at: at(8), unit: other, place: 'A' },
        { id: `late-p-${i}`, type: 'pack', at: at(9), container: `Z${i}`, units: [other] },
      ]);
      await Promise.all([
        record([{ id: `late-p2-${i}`, type: 'pack', at: at(10), container: `Z${i}`, units: [unit] }]),
        record([{ id: `late-m-${i}`, type: 'move', at: at(11), container: `Z${i}`, to: 'B' }]),
      ]);
      const found = await known(`late-${i}`);
      expect(found[0]!.is).toEqual([`in-stock B - Z${i} 1`]);
    }
  });
});
