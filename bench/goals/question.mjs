/**
 * Goal 2: from the question to an answer that lasts and can be paged, with its counts. Ours goes over HTTP and through the queue;
 * the peer is one SQL transaction that keeps the set in a keyed table and counts it, with the latest movement as a unit's state.
 */
import { inTurns, median } from '../lib/measure.mjs';
import { Product } from '../lib/http.mjs';
import { ITEMS } from '../lib/plant.mjs';

export const TITLES = {
  ours: 'Unitrail: question over HTTP, queue, trace, stored answer, counts',
  peer: 'PostgreSQL: INSERT … WITH RECURSIVE into a keyed table, counts in SQL',
};

const COUNTS = `
  WITH latest AS (
    SELECT DISTINCT ON (m.unit_id) m.unit_id, u.item_id, m.role, m.place_id, m.partner_id
      FROM bench_answer a JOIN unit u USING (unit_id) JOIN movement m USING (unit_id)
     WHERE a.answer = $1 ORDER BY m.unit_id, m.at_from DESC, m.movement_id DESC)
  SELECT item_id, role, place_id, partner_id, count(*)::int AS count FROM latest
   GROUP BY GROUPING SETS ((item_id), (role), (place_id), (partner_id))`;

export async function questionToCounts({ bed, database, client, plant, name, turns, say }) {
  const seed = plant.seeds[name];
  const product = new Product(bed.running);
  const item = ITEMS[plant.units.item[seed]].code;
  await client.query(
    'CREATE TABLE IF NOT EXISTS bench_answer (answer integer, unit_id integer, PRIMARY KEY (answer, unit_id))',
  );
  const sql = await bed.client(database);
  await sql.query(`SET work_mem = '512MB'`);
  // A worker answers from SQL while its index is loading: a question that asks for the index waits for it.
  await product.trace(ITEMS[plant.units.item[plant.seeds.small]].code, plant.seeds.small, { source: 'index' });
  let answer = 0;
  let ours;
  let theirs;
  const amounts = [];
  const rows = await inTurns(
    [
      {
        name: TITLES.ours,
        run: async () => {
          const { ms, trace } = await product.trace(item, seed);
          ours = trace;
          // What is still computed for this answer is not to be in the way of the next one.
          amounts.push(ms + (await product.amounts(trace)).ms);
          return { ms, count: trace.counts.affected };
        },
        msMax: 900_000,
      },
      {
        name: TITLES.peer,
        run: async () => {
          answer++;
          const began = process.hrtime.bigint();
          await sql.query('BEGIN');
          const { rowCount } = await sql.query(
            `INSERT INTO bench_answer WITH RECURSIVE reached (unit) AS (
               SELECT $2::int UNION SELECT l.output FROM reached r JOIN link l ON l.input = r.unit)
             SELECT $1, unit FROM reached`,
            [answer, seed + 1],
          );
          theirs = (await sql.query(COUNTS, [answer])).rows;
          await sql.query('COMMIT');
          return { ms: Number(process.hrtime.bigint() - began) / 1e6, count: rowCount };
        },
      },
    ],
    turns,
    say,
  );
  const [mine, peer] = rows;
  if (!mine.problem && !peer.problem) compare(ours, theirs, mine.count, peer.count);
  return { rows, source: ours?.source, untilAmounts: median(amounts.slice(1)) };
}

/** The same units, and as many of each item. */
function compare(ours, theirs, mine, peer) {
  if (mine !== peer) throw new Error(`Another set: ${mine} units instead of ${peer}.`);
  const byItem = new Map(theirs.filter((r) => r.item_id !== null).map((r) => [ITEMS[r.item_id - 1].code, r.count]));
  for (const { key, count } of countsOf(ours.counts.byItem))
    if (byItem.get(key) !== count) throw new Error(`Another count of ${key}: ${count} instead of ${byItem.get(key)}.`);
}

function countsOf(counts) {
  return Array.isArray(counts)
    ? counts.map((c) => ({ key: c.key ?? c.item, count: c.count ?? c.units }))
    : Object.entries(counts).map(([key, value]) => ({ key, count: value.count ?? value }));
}
