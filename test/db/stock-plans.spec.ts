import { orderLines, presentOf, StockFilter, stockPage, StockSort } from '@/ledger';
import type { Queryable } from '@/platform/db';
import { useDatabase } from '../support';

const db = useDatabase();
/** Enough stock that reading all of it would be noticed. */
const UNITS = 60_000;

interface Plan {
  'Node Type': string;
  'Relation Name'?: string;
  Plans?: Plan[];
}

beforeAll(async () => {
  const fill = (sql: string) => db().asOwner(sql, [UNITS]);
  await db().asOwner(
    `INSERT INTO item (item_id, code, name, tracking, uom, category) SELECT n, 'I' || n, 'Item ' || n, 'lot', 'kg', 'c' || n % 9 FROM generate_series(1, 500) n`,
  );
  await db().asOwner(
    `INSERT INTO place (place_id, code, name, kind, parent_id) SELECT n, 'P' || n, 'Place', 'bin', CASE WHEN n > 10 THEN n / 10 END FROM generate_series(1, 3000) n`,
  );
  await db().asOwner(
    `INSERT INTO partner (partner_id, code, name, kind) SELECT n, 'C' || n, 'Partner', 'customer' FROM generate_series(1, 2000) n`,
  );
  await fill(
    `INSERT INTO unit (unit_id, batch_id, item_id, kind, code) SELECT n, 1, 1 + n % 500, 'lot', 'L' || n FROM generate_series(1, $1::int) n`,
  );
  await fill(
    `INSERT INTO container (container_id, batch_id, code) SELECT n, 1, 'K' || n FROM generate_series(1, $1::int) n`,
  );
  await fill(`INSERT INTO holding (unit_id, item_id, kind, state, place_id, customer_id, container_id, quantity, made_ms, expires_ms, supplier_id, holds)
    SELECT n, 1 + n % 500, 'lot', CASE WHEN n % 3 = 0 THEN 'shipped' ELSE 'in-stock' END, CASE WHEN n % 3 > 0 THEN 1 + n % 3000 END,
           CASE WHEN n % 3 = 0 THEN 1 + n % 2000 END, CASE WHEN n % 50 = 0 THEN n END, 5, n, CASE WHEN n % 2 = 0 THEN n END, 1 + n % 2000, CASE WHEN n % 500 = 0 THEN 1 ELSE 0 END
      FROM generate_series(1, $1::int) n`);
  await fill(
    `INSERT INTO unit_attribute (unit_id, name, type, value, number_value) SELECT n, 'length', 'number', (n % 5000)::text, n % 5000 FROM generate_series(1, $1::int) n`,
  );
  await fill(
    `INSERT INTO order_line (batch_id, event_id, promise, direction, document, partner_id, line, item_id, quantity, typed_quantity, typed_uom, at_from, at_until)
     SELECT 1, n, 'ordered', 'purchase', 'PO' || n / 3, 1 + n % 2000, '1', 1 + n % 500, 5, '5', 'kg', n, n + 1 FROM generate_series(1, $1::int) n`,
  );
  await fill(
    `INSERT INTO order_part (batch_id, event_id, direction, document, part, item_id, unit_id, quantity, at_from) SELECT 1, n, 'purchase', 'PO' || n / 3, 'received', 1 + n % 500, n, 5, n FROM generate_series(1, $1::int) n`,
  );
  await fill(`INSERT INTO ledger_batch (source, actor) SELECT 's', 'a' FROM generate_series(1, $1::int) n`);
  await db().asOwner('ANALYZE');
});

/** Runs the read, and gives the tables that any of its statements reads from end to end. */
async function readWhole(read: (q: Queryable) => Promise<unknown>): Promise<string[]> {
  const whole: string[] = [];
  const look = (plan: Plan): void => {
    if (plan['Node Type'] === 'Seq Scan') whole.push(plan['Relation Name']!);
    plan.Plans?.forEach(look);
  };
  await read({
    async query<R>(sql: string, params: unknown[] = []) {
      const [row] = await db().database.query<{ 'QUERY PLAN': { Plan: Plan }[] }>(
        `EXPLAIN (FORMAT JSON) ${sql}`,
        params,
      );
      look(row!['QUERY PLAN'][0]!.Plan);
      return db().database.query<R>(sql, params);
    },
  });
  return whole;
}

/** Master data is small beside the stock, and may be read whole; so may holds, of which there are hardly any here. */
const SMALL = new Set(['item', 'place', 'partner', 'attribute', 'event_void', 'hold_release', 'hold', 'unit_alias']);
const page = (filter: StockFilter, sort?: StockSort) => (q: Queryable) => stockPage(q, filter, sort ? { sort } : {});

it.each<[string, (q: Queryable) => Promise<unknown>]>([
  ['all of it, by item', page({})],
  ['one item', page({ items: ['I7'] })],
  ['a place with those below', page({ place: 'P70' })],
  ['what a customer has', page({ customer: 'C5' })],
  ['what came from a supplier', page({ supplier: 'C5' })],
  ['what is held', page({ held: true })],
  ['a container', page({ container: 'K50' })],
  ['the oldest', page({}, 'age')],
  ['what expires first', page({ free: true }, 'expiry')],
  ['what expires soon', page({ expiresBefore: 500 }, 'expiry')],
  ['the start of a code', page({ unit: 'L4711' })],
  ['a text', page({ q: 'L4711' })],
  ['an attribute', page({ attributes: [{ name: 'length', operator: '=', value: '7' }] })],
  ['a number of at least so much', page({ attributes: [{ name: 'length', operator: '>=', value: '4998' }] })],
  ['units as they are now', (q) => presentOf(q, [5, 500, 5_000])],
  ['the lines of an order', (q) => orderLines(q, { direction: 'purchase', documents: ['PO77'] })],
])('%s is found by its keys, not by reading all stock', async (_, read) => {
  expect((await readWhole(read)).filter((table) => !SMALL.has(table))).toEqual([]);
});
