import {
  eventTypesOf,
  heldInsideGaps,
  holdsOf,
  inspectionsOf,
  installationsOf,
  itemsAt,
  linksInto,
  linksOutOf,
  mixingFacts,
  movementsOf,
  oddLinksOutOf,
  partnersAt,
  placesAt,
  unitsByIds,
} from '@/ledger';
import type { Queryable } from '@/platform/db';
import { useDatabase } from '../support';

const db = useDatabase();

/** Facts as they are in a plant that has run for a while: enough that reading all of them would be noticed. */
const UNITS = 60_000;
const POSITION = 1_000;

interface Plan {
  'Node Type': string;
  'Relation Name'?: string;
  Plans?: Plan[];
}

beforeAll(async () => {
  const fill = (sql: string) => db().asOwner(sql, [UNITS]);
  await db().asOwner(
    `INSERT INTO ledger_batch (batch_id, source, actor) SELECT n, 's', 'a' FROM generate_series(1, 1000) n`,
  );
  await db().asOwner(`INSERT INTO ledger_position SELECT n, n FROM generate_series(1, 1000) n`);
  await db().asOwner(
    `INSERT INTO item (item_id, code, name, tracking, uom) SELECT n, 'I' || n, 'Item', 'lot', 'kg' FROM generate_series(1, 500) n`,
  );
  await fill(
    `INSERT INTO unit (unit_id, batch_id, item_id, kind, code) SELECT n, 1 + n % 1000, 1 + n % 500, 'lot', 'L' || n FROM generate_series(1, $1::int) n`,
  );
  await fill(`INSERT INTO event (event_id, batch_id, source, client_id, type, at_from, at_until, body, sha256)
    SELECT n, 1 + n % 1000, 's', n::text, 'produce', n, n + 1, '{}', '' FROM generate_series(1, $1::int) n`);
  await fill(`INSERT INTO link (link_id, batch_id, event_id, input, output, mode, certain, from_ms, stated_until_ms)
    SELECT n, 1 + n % 1000, n, n, 1 + n % 60000, n % 2, true, n, n + 1 FROM generate_series(1, $1::int) n`);
  await fill(
    `INSERT INTO link_end (link_id, batch_id, cause, until_ms) SELECT n, 1 + n % 1000, 'removed', n + 5 FROM generate_series(1, $1::int) n`,
  );
  await fill(
    `INSERT INTO movement (batch_id, event_id, unit_id, role, at_from, at_until) SELECT 1 + n % 1000, n, n, 'made', n, n + 1 FROM generate_series(1, $1::int) n`,
  );
  // Of movements beyond those that are asked for: carried ones that were taken back.
  await fill(
    `INSERT INTO movement_end (movement_id, batch_id) SELECT $1::int * 10 + n, 1 + n % 1000 FROM generate_series(1, $1::int) n`,
  );
  await fill(
    `INSERT INTO inspection (batch_id, event_id, unit_id, characteristic, passed, at_from, at_until) SELECT 1 + n % 1000, n, n, 'c', true, n, n + 1 FROM generate_series(1, $1::int) n`,
  );
  await fill(
    `INSERT INTO hold (batch_id, event_id, unit_id, at_ms, reason) SELECT 1 + n % 1000, n, n, n, 'r' FROM generate_series(1, $1::int) n`,
  );
  await db().asOwner(
    `INSERT INTO place (place_id, code, name, kind) SELECT n, 'P' || n, 'Place', 'bin' FROM generate_series(1, 5000) n`,
  );
  await db().asOwner(
    `INSERT INTO partner (partner_id, code, name, kind) SELECT n, 'C' || n, 'Partner', 'customer' FROM generate_series(1, 5000) n`,
  );
  await db().asOwner(
    `INSERT INTO master_version (batch_id, kind, key, body) SELECT 1 + n % 1000, 'place', 'P' || n, '{}' FROM generate_series(1, 20000) n`,
  );
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

/** What does not grow with the facts of a plant, and may be read whole: who is void, and the positions of batches. */
const SMALL = new Set(['event_void', 'ledger_position', 'hold_release']);
const ids = [5, 500, 5_000, 50_000];

it.each<[string, (q: Queryable) => Promise<unknown>]>([
  ['links out of units', (q) => linksOutOf(q, POSITION, ids)],
  ['links into units', (q) => linksInto(q, POSITION, ids)],
  ['links that show a gap', (q) => oddLinksOutOf(q, POSITION, ids, [9, 999, null, 99_999])],
  ['installations', (q) => installationsOf(q, POSITION, ids)],
  ['quantities that mix', (q) => mixingFacts(q, POSITION, ids, () => undefined)],
  ['movements', (q) => movementsOf(q, POSITION, ids)],
  ['inspections', (q) => inspectionsOf(q, POSITION, ids, ['c'])],
  ['holds', (q) => holdsOf(q, POSITION, ids)],
  ['holds of what is inside', (q) => heldInsideGaps(q, POSITION, ids)],
  ['types of uses', (q) => eventTypesOf(q, ids)],
  ['units', (q) => unitsByIds(q, ids)],
  ['items', (q) => itemsAt(q, POSITION, [1, 2])],
  ['places', (q) => placesAt(q, POSITION, [1, 2])],
  ['partners', (q) => partnersAt(q, POSITION, [1, 2])],
])('%s are found by their keys, not by reading all facts', async (_, read) => {
  expect((await readWhole(read)).filter((table) => !SMALL.has(table))).toEqual([]);
});
