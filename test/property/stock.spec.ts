import fc from 'fast-check';
import { RecordEvents, rebuildHoldings } from '@/ledger';
import { Settings } from '@/platform/config';
import type { Context } from '@/platform/db';
import { factsThatCount, keyOf, referenceStock, type SentEvent, type UnitName } from '../reference';
import { type TestDatabase, useDatabase } from '../support';
import { check, timeoutMs } from './runs';
import { prefixed, STORE, type StockHistory, stockHistory } from './stock-histories';

const ctx: Context = { actor: 'user:test', source: 'test' };
const settings = new Settings({ DATABASE_URL: 'postgres://u@h/d', REDIS_URL: 'redis://h' });
const databases = [useDatabase(), useDatabase(), useDatabase()];
const [first, second, replayed] = databases as [() => TestDatabase, () => TestDatabase, () => TestDatabase];
/** So many histories share one run's requests: a thousand of them in a minute. */
const TOGETHER = 24;
let run = 0;

beforeAll(async () => {
  for (const db of databases) {
    for (const row of STORE.items)
      await db().asOwner(`INSERT INTO item (code, name, tracking, uom) VALUES ($1, $1, $2, $3)`, [...row]);
    for (const code of STORE.places)
      await db().asOwner(`INSERT INTO place (code, name, kind) VALUES ($1, $1, 'bin')`, [code]);
    for (const [code, kind] of STORE.partners)
      await db().asOwner(`INSERT INTO partner (code, name, kind) VALUES ($1, $1, $2)`, [code, kind]);
  }
});

async function record(db: TestDatabase, events: readonly unknown[]): Promise<void> {
  const result = await new RecordEvents(db.uow, settings).execute(ctx, events);
  expect(result.refused).toEqual([]);
  expect(result).toMatchObject({ accepted: events.length, duplicates: 0 });
}

/** All projections of the units whose codes begin so, in natural keys. */
async function projections(db: TestDatabase, prefix: string) {
  const lines = async (sql: string) =>
    (await db.asOwner<{ line: string }>(sql, [`${prefix}%`])).map((r) => r.line).sort();
  return {
    holdings: await lines(
      `SELECT concat_ws('|', i.code, h.kind, u.code, h.state, p.code, 'c', c.code, 'q', trim_scale(h.quantity), h.made_ms, h.moved_ms, h.expires_ms, s.code, h.holds) AS line
         FROM holding h JOIN unit u USING (unit_id) JOIN item i ON i.item_id = h.item_id LEFT JOIN place p USING (place_id)
         LEFT JOIN partner c ON c.partner_id = h.customer_id LEFT JOIN partner s ON s.partner_id = h.supplier_id WHERE u.code LIKE $1`,
    ),
    marks: await lines(
      `SELECT concat_ws('|', u.code, m.event_key, m.kind, m.at_from, m.cause, m.from_ms, m.until_ms, m.maybe_until_ms, m.slot, m.quantity,
                (SELECT string_agg(x.code, ',' ORDER BY x.code) FROM unit x WHERE x.unit_id = ANY (m.parents))) AS line
         FROM mark m JOIN unit u USING (unit_id) WHERE u.code LIKE $1`,
    ),
    attributes: await lines(
      `SELECT concat_ws('|', u.code, a.name, a.type, a.value, a.number_value) AS line FROM unit_attribute a JOIN unit u USING (unit_id) WHERE u.code LIKE $1`,
    ),
    events: await lines(
      `SELECT concat_ws('|', e.client_id, e.type, (SELECT b.client_id FROM event_void v JOIN event b ON b.event_id = v.by_event_id WHERE v.event_id = e.event_id)) AS line
         FROM event e WHERE e.client_id LIKE $1`,
    ),
  };
}

interface HoldingLine {
  key: string;
  state: string;
  place: string | null;
  customer: string | null;
  container: string | null;
  quantity: string | null;
}

async function holdings(db: TestDatabase, prefix: string): Promise<Map<string, HoldingLine[]>> {
  const rows = await db.asOwner<HoldingLine>(
    `SELECT jsonb_build_array(i.code, h.kind, u.code)::text AS key, h.state, p.code AS place, c.code AS customer, k.code AS container, trim_scale(h.quantity)::text AS quantity
       FROM holding h JOIN unit u USING (unit_id) JOIN item i ON i.item_id = h.item_id LEFT JOIN place p USING (place_id)
       LEFT JOIN partner c ON c.partner_id = h.customer_id LEFT JOIN container k ON k.container_id = h.container_id WHERE u.code LIKE $1`,
    [`${prefix}%`],
  );
  const found = new Map<string, HoldingLine[]>();
  for (const r of rows) {
    const key = JSON.stringify(JSON.parse(r.key));
    found.set(key, [...(found.get(key) ?? []), r]);
  }
  return found;
}

const sum = (rows: readonly HoldingLine[], of: (r: HoldingLine) => boolean): number =>
  rows.filter(of).reduce((total, r) => total + Number(r.quantity), 0);
const inStock = (r: HoldingLine) => r.state === 'in-stock' || r.state === 'returned';

/** What the brute force finds from the events alone, for every unit of which they tell clearly. */
function compare(events: readonly SentEvent[], found: ReadonlyMap<string, HoldingLine[]>): number {
  const { lots, serials } = referenceStock(events);
  let compared = 0;
  for (const [key, { parent: _, ...serial }] of serials) {
    const [row, other] = found.get(key)!;
    expect(other).toBeUndefined();
    const { state, place, customer, container } = row!;
    expect({ key, state, place, customer, container }).toEqual({ key, ...serial });
    compared++;
  }
  for (const [key, lot] of lots) {
    if (lot.unclear) continue;
    const rows = found.get(key)!;
    for (const place of STORE.places)
      expect([key, place, sum(rows, (r) => inStock(r) && r.place === place)]).toEqual([
        key,
        place,
        lot.stock.get(place) ?? 0,
      ]);
    for (const customer of ['SHOP', 'MALL'])
      expect([key, customer, sum(rows, (r) => r.state === 'shipped' && r.customer === customer)]).toEqual([
        key,
        customer,
        lot.shipped.get(customer) ?? 0,
      ]);
    const inWork = [...lot.inWork.values()].reduce((a, b) => a + b, 0);
    expect([key, sum(rows, (r) => r.state === 'in-work')]).toEqual([key, inWork]);
    expect([key, sum(rows, (r) => r.state === 'scrapped')]).toEqual([key, lot.scrapped]);
    for (const container of new Set(lot.parts.map((p) => p.container))) {
      const parts = lot.parts.filter((p) => p.container === container).reduce((n, p) => n + p.quantity, 0);
      expect([key, container, sum(rows, (r) => r.container === container)]).toEqual([key, container, parts]);
    }
    // Mass balance: what came in is somewhere, or was used up.
    expect([key, sum(rows, () => true) + lot.used]).toEqual([key, lot.gained]);
    compared++;
  }
  return compared;
}

/** The events of several histories, taken in turns, in requests of 120. */
function requests(histories: readonly (readonly SentEvent[])[]): SentEvent[][] {
  const longest = Math.max(...histories.map((h) => h.length));
  const mixed = Array.from({ length: longest }, (_, i) => histories.flatMap((h) => h.slice(i, i + 1))).flat();
  const out: SentEvent[][] = [];
  for (let at = 0; at < mixed.length; at += 120) out.push(mixed.slice(at, at + 120));
  return out;
}

it(
  'ends alike in any order of arrival and when all is replayed, as the brute force has it',
  async () => {
    let compared = 0;
    let runs = 0;
    const together = fc.array(stockHistory, { minLength: TOGETHER, maxLength: TOGETHER });
    await check(
      'stock',
      fc.asyncProperty(together, async (drawn) => {
        const prefix = `R${run++}-`;
        const own = drawn.map((h, i): StockHistory => prefixed(h, `${prefix}${i}-`));
        for (const part of requests(own.map((h) => h.arrivals[0]))) await record(first(), part);
        for (const part of requests(own.map((h) => h.arrivals[1]))) await record(second(), part);
        const stored = await first().asOwner<{ body: unknown }>(
          `SELECT body FROM event WHERE client_id LIKE $1 ORDER BY event_id`,
          [`${prefix}%`],
        );
        expect(stored).toHaveLength(own.reduce((count, h) => count + h.events.length, 0));
        await record(
          replayed(),
          stored.map((e) => e.body),
        );

        const facts = await projections(first(), prefix);
        expect(await projections(second(), prefix)).toEqual(facts);
        expect(await projections(replayed(), prefix)).toEqual(facts);
        const found = await holdings(first(), prefix);
        for (const h of own) compared += compare(h.events, found);
        runs++;
      }),
      0.023,
      { endOnFailure: true },
    );
    process.stderr.write(`stock: ${compared} units of ${runs * TOGETHER} histories compared with the brute force\n`);
    expect(compared).toBeGreaterThan(runs * 10);
  },
  timeoutMs,
);

// ------------------------------------------------------------ scanners at once

const LIVE = {
  lots: [1, 2].map((i): UnitName => ({ item: 'RM', lot: `L${i}` })),
  batteries: [1, 2, 3].map((i): UnitName => ({ item: 'BAT', serial: `S${i}` })),
  bikes: [1, 2].map((i): UnitName => ({ item: 'BIKE', serial: `B${i}` })),
};
const kg = (value: number) => ({ value: String(value), uom: 'kg' });
const place = fc.constantFrom('A', 'B');
const work = fc.oneof(
  fc.record({
    type: fc.constant('scrap'),
    unit: fc.constantFrom(...LIVE.lots),
    quantity: fc.integer({ min: 1, max: 6 }).map(kg),
    place,
  }),
  fc.record({
    type: fc.constant('move'),
    unit: fc.constantFrom(...LIVE.lots),
    quantity: fc.integer({ min: 1, max: 6 }).map(kg),
    from: place,
    to: place,
  }),
  fc.record({
    type: fc.constant('ship'),
    units: fc.constantFrom(...LIVE.lots).map((unit) => [{ unit, quantity: kg(4) }]),
    customer: fc.constant('SHOP'),
    place,
  }),
  fc.record({
    type: fc.constant('ship'),
    units: fc.constantFrom(...LIVE.batteries, ...LIVE.bikes).map((unit) => [unit]),
    customer: fc.constant('SHOP'),
  }),
  fc.record({
    type: fc.constant('install'),
    parent: fc.constantFrom(...LIVE.bikes),
    unit: fc.constantFrom(...LIVE.batteries),
    place,
  }),
  fc.record({
    type: fc.constant('remove'),
    parent: fc.constantFrom(...LIVE.bikes),
    unit: fc.constantFrom(...LIVE.batteries),
    place,
  }),
  fc.record({
    type: fc.constant('hold'),
    units: fc.constantFrom(...LIVE.batteries).map((unit) => [unit]),
    reason: fc.constant('dent'),
  }),
  fc.record({ type: fc.constant('move'), unit: fc.constantFrom(...LIVE.batteries), to: place }),
) as fc.Arbitrary<{ type: string; [field: string]: unknown }>;

it(
  'keeps stock and serials right while scanners work at once',
  async () => {
    await check(
      'live work',
      fc.asyncProperty(
        fc.array(fc.array(work, { minLength: 3, maxLength: 8 }), { minLength: 2, maxLength: 5 }),
        async (scanners) => {
          const prefix = `W${run++}-`;
          const start = Date.now() - 1_000;
          const opening = [
            ...LIVE.lots.flatMap((unit, i) =>
              STORE.places.slice(0, 2).map((at) => ({
                type: 'receive',
                id: `o${i}${at}`,
                at: new Date(start).toISOString(),
                place: at,
                unit,
                quantity: kg(10),
              })),
            ),
            ...[...LIVE.batteries, ...LIVE.bikes].map((unit, i) => ({
              type: 'create',
              id: `s${i}`,
              at: new Date(start).toISOString(),
              place: 'A',
              unit,
            })),
          ];
          await record(first(), prefixed(opening, prefix));
          const door = new RecordEvents(first().uow, settings);
          const accepted: SentEvent[] = prefixed(opening, prefix);
          await Promise.all(
            scanners.map(async (works, scanner) => {
              for (const [i, w] of works.entries()) {
                const event = prefixed(
                  { ...w, id: `${scanner}.${i}`, at: new Date().toISOString() },
                  prefix,
                ) as SentEvent;
                // A scanner that got no answer sends again: once more at the same moment, and once more afterwards.
                const sent = await Promise.all([0, 1].map(() => door.execute(ctx, [event], { check: 'live' })));
                const once = sent.filter((r) => r.accepted === 1).length;
                expect(once).toBeLessThanOrEqual(1);
                if (once === 0) continue;
                expect(await door.execute(ctx, [event], { check: 'live' })).toMatchObject({
                  accepted: 0,
                  duplicates: 1,
                });
                accepted.push(event);
              }
            }),
          );
          const rows = await first().asOwner<{ client_id: string }>(
            `SELECT client_id FROM event WHERE client_id LIKE $1`,
            [`${prefix}%`],
          );
          expect(rows.map((r) => r.client_id).sort()).toEqual(accepted.map((e) => e.id).sort());
          await keptRight(prefix, accepted);
        },
      ),
      0.06,
      { endOnFailure: true },
    );
  },
  timeoutMs,
);

async function keptRight(prefix: string, accepted: readonly SentEvent[]): Promise<void> {
  const found = await holdings(first(), prefix);
  const named = prefixed(LIVE, prefix);
  for (const unit of named.lots) {
    const rows = found.get(keyOf(unit))!;
    // Twenty were received: they are all in stock, shipped or scrapped, and none of it is below zero.
    expect([keyOf(unit), sum(rows, () => true)]).toEqual([keyOf(unit), 20]);
    const { lots } = referenceStock(accepted);
    const lot = lots.get(keyOf(unit))!;
    expect(sum(rows, inStock)).toBe([...lot.stock.values()].reduce((a, b) => a + b, 0));
    expect(sum(rows, (r) => r.state === 'shipped')).toBe(lot.shipped.get('SHOP') ?? 0);
    for (const r of rows) expect(Number(r.quantity)).toBeGreaterThan(0);
  }
  for (const unit of [...named.batteries, ...named.bikes]) expect(found.get(keyOf(unit))).toHaveLength(1);
  const open = await first().asOwner<{ count: string }>(
    `SELECT count(*) FROM mark m JOIN unit u USING (unit_id) WHERE u.code LIKE $1 AND m.kind = 'install' AND m.until_ms IS NULL GROUP BY unit_id`,
    [`${prefix}%`],
  );
  expect(open.every((r) => Number(r.count) === 1)).toBe(true);
  // Nothing comes back here: what was shipped once has left.
  for (const unit of [...named.batteries, ...named.bikes]) {
    const shipments = factsThatCount(accepted).filter(
      (e) => e.type === 'ship' && (e.units as UnitName[]).some((u) => 'serial' in u && keyOf(u) === keyOf(unit)),
    );
    expect(shipments.length).toBeLessThanOrEqual(1);
  }
}

it('leaves projections that are what the facts come to', async () => {
  for (const db of databases) {
    for (let after: number | null = 0; after !== null;) {
      const at: number = after;
      const part = await db().uow.run(ctx, (tx) => rebuildHoldings(tx, at));
      expect(part.differences).toEqual([]);
      after = part.last;
    }
  }
});
