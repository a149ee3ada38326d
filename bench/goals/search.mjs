/**
 * The search among ten million units: their rows are made by a formula (the same for the same number of units), then the product's own
 * search is asked, as the api asks it, for numbers that are rare, common, a beginning, and a supplier's.
 */
import { createRequire } from 'node:module';
import { performance } from 'node:perf_hooks';
import { fromRoot } from '../../scripts/lib/paths.mjs';
import { timed } from '../lib/measure.mjs';
import { connect } from '../lib/ours.mjs';

const require = createRequire(import.meta.url);
const built = (...path) => require(fromRoot('dist', 'src', ...path));

const ITEMS = 200;
const PARTNERS = 500;
/** Codes are spread over nine digits: i × STEP modulo a prime above the number of units gives each once. */
const STEP = 7_919;
const PRIME = 100_000_007;
const ASKED = 100;

export async function searchAmongMany({ bed, units, say }) {
  await bed.database('search');
  const client = await bed.client('search');
  const { ms: fillMs } = await timed(() => fill(client, units, say));
  const [{ size }] = (await client.query(`SELECT pg_total_relation_size('search_unit') AS size`)).rows;
  await client.end();
  const dataSource = await connect(bed.urlOf('search'));
  try {
    return { units, fillMs, bytes: Number(size), asked: await ask(dataSource, units, say) };
  } finally {
    await dataSource.destroy();
  }
}

async function fill(client, units, say) {
  const run = async (what, sql) => {
    const { ms } = await timed(() => client.query(sql));
    say(`search: ${what} in ${(ms / 1_000).toFixed(1)} s`);
  };
  await client.query(`SET maintenance_work_mem = '1GB'; SET synchronous_commit = off`);
  await client.query(
    `INSERT INTO item (code, name, tracking, uom) SELECT 'IT-' || lpad(i::text, 4, '0'), 'Part number ' || i, 'serial', 'pcs' FROM generate_series(1, ${ITEMS}) i`,
  );
  await client.query(
    `INSERT INTO partner (code, name, kind) SELECT 'K-' || i, 'Customer ' || i, 'customer' FROM generate_series(1, ${PARTNERS}) i`,
  );
  const code = `'SN' || lpad((i::bigint * ${STEP} % ${PRIME})::text, 9, '0')`;
  await run(
    `${units} units`,
    `INSERT INTO unit (unit_id, batch_id, item_id, kind, code) SELECT i, 1, 1 + i % ${ITEMS}, 'serial', ${code} FROM generate_series(1, ${units}) i`,
  );
  await client.query('DROP INDEX search_unit_text');
  await run(
    'their texts',
    `INSERT INTO search_unit (unit_id, item_id, text, from_ms, until_ms)
     SELECT i, 1 + i % ${ITEMS}, E'\\x01' || ${code} || CASE WHEN i % 20 = 0 THEN E'\\x02CHX/' || (i::bigint * 31 % 999983) ELSE '' END
              || CASE WHEN i % 3 = 0 THEN E'\\x04DEL-2026-' || i / 300 || E'\\x05K-' || 1 + i % ${PARTNERS} ELSE '' END,
            1767225600000 + i::bigint * 2000, 1767225600000 + i::bigint * 2000 + 1
       FROM generate_series(1, ${units}) i`,
  );
  await run(
    'the index over trigrams',
    `CREATE INDEX search_unit_text ON search_unit USING gin (text gin_trgm_ops) WITH (gin_pending_list_limit = 512)`,
  );
  await run('statistics', 'VACUUM ANALYZE search_unit');
  await client.query('ANALYZE unit');
}

async function ask(dataSource, units, say) {
  const { search } = built('ledger', 'search', 'find.js');
  const { Database, UnitOfWork } = built('platform', 'db', 'index.js');
  const [db, uow] = [new Database(dataSource), new UnitOfWork(dataSource)];
  const one = (text) =>
    search(db, uow, {
      text,
      types: ['unit'],
      from: null,
      until: null,
      item: null,
      partner: null,
      limit: 10,
      msMax: 300,
    });
  const codeOf = (i) => String((i * STEP) % PRIME).padStart(9, '0');
  const pick = (n) => 1 + Math.floor((units - 1) * ((n * 0.6180339887) % 1));
  const questions = {
    'a whole serial number': (n) => `SN${codeOf(pick(n))}`,
    'rare: the last seven digits': (n) => codeOf(pick(n)).slice(2),
    'six digits in the middle': (n) => codeOf(pick(n)).slice(1, 7),
    'a supplier lot': (n) => String(((pick(n) - (pick(n) % 20)) * 31) % 999_983),
    'two words: five digits and an item': (n) =>
      `${codeOf(pick(n)).slice(4)} IT-${String(1 + (pick(n) % ITEMS)).padStart(4, '0')}`,
    'a beginning of two characters': () => 'SN',
    'a beginning of seven characters': (n) => `SN${codeOf(pick(n)).slice(0, 5)}`,
    'common: three digits': (n) => codeOf(pick(n)).slice(3, 6),
    'common: four digits': (n) => codeOf(pick(n)).slice(3, 7),
    'nothing has it': (n) => `QX${n}ZZJ`,
  };
  const found = [];
  for (const [name, text] of Object.entries(questions)) {
    const times = [];
    let truncated = 0;
    let hits = 0;
    for (let n = 0; n <= ASKED; n++) {
      const { ms, result } = await timedOf(() => one(text(n + 1)));
      // The first one warms up.
      if (n === 0) continue;
      times.push(ms);
      if (result.truncated) truncated++;
      hits += result.groups[0]?.count ?? 0;
    }
    times.sort((a, b) => a - b);
    const at = (q) => times[Math.min(times.length - 1, Math.floor(q * times.length))];
    found.push({ name, p50: at(0.5), p95: at(0.95), max: times.at(-1), truncated, hits: hits / ASKED });
    say(
      `search, ${name}: p50 ${at(0.5).toFixed(1)} ms, p95 ${at(0.95).toFixed(1)} ms, ${truncated} of ${ASKED} cut off`,
    );
  }
  return found;
}

async function timedOf(work) {
  const began = performance.now();
  const result = await work();
  return { ms: performance.now() - began, result };
}
