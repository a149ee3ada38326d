/**
 * Goal 8: a plant's files come in through the import, with every check made; against COPY of the same rows into empty tables
 * with the same keys and indexes. In turns, each into tables of its own; afterwards both hold the same.
 */
import { spawn } from 'node:child_process';
import { createReadStream, createWriteStream, readFileSync, rmSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { fromRoot } from '../../scripts/lib/paths.mjs';
import { writeBulkPlant } from '../lib/bulk-plant.mjs';
import { median, timed } from '../lib/measure.mjs';

const { from: copyFrom, to: copyTo } = createRequire(import.meta.url)('pg-copy-streams');
const MEMORY_LOOK_EVERY_MS = 250;

/** Tables that an import writes of its own, and that say nothing of the plant. */
const BESIDE = new Set([
  'import_run',
  'import_refusal',
  'audit_line',
  'outbox',
  'schema_migration',
  'ledger_position',
  'ledger_seal',
  'ledger_pending',
  'ledger_leaf',
  'ledger_fact',
  'audit_pending',
  'audit_position',
  'audit_seal',
  'audit_leaf',
]);

/** Gives the medians of both, how they compare, and what the importing process took of memory at most. */
export async function bulkImport({ bed, folder, links, seed, turns, say }) {
  const files = join(folder, 'bulk');
  const plant = await writeBulkPlant(files, { links, seed });
  say(
    `bulk: ${plant.links} links in ${plant.events} events, ${mebibytes(statSync(join(files, 'events.ndjson')).size)} MB`,
  );
  const ours = [];
  const copies = [];
  const memory = [];
  let tables;
  // The first turn warms up and does not count.
  for (let turn = 0; turn <= turns; turn++) {
    await bed.database('bulk');
    const { ms, bytes, cpuMs } = await importHere(bed, files);
    const client = await bed.client('bulk');
    tables = await filledTables(client);
    const { found } = await checkLinks(client, plant);
    const copy = await copied({ bed, client, tables, folder });
    await client.end();
    for (const name of ['bulk', 'bulk_copy']) await drop(bed, name);
    say(
      `${turn === 0 ? 'warm-up' : `turn ${turn}`}: import ${ms.toFixed(0)} ms, COPY ${copy.toFixed(0)} ms, ${(ms / copy).toFixed(2)} times; ${found} links, at most ${mebibytes(bytes)} MB, ${cpuMs.toFixed(0)} ms of processor beside PostgreSQL's`,
    );
    if (turn === 0 && turns > 0) continue;
    ours.push(ms);
    copies.push(copy);
    memory.push(bytes);
  }
  rmSync(files, { recursive: true, force: true });
  const rows = tables.reduce((sum, t) => sum + t.rows, 0);
  return { ...plant, rows, tables, ms: median(ours), copyMs: median(copies), memoryBytes: Math.max(...memory), turns };
}

/** The same import as an upload's, by the command line; the time is the import's own, without the start of the process. */
async function importHere(bed, files) {
  const child = spawn(
    process.execPath,
    [...(process.env.BENCH_NODE_OPTIONS?.split(' ') ?? []), fromRoot('dist', 'src', 'cli.js'), 'import', files],
    {
      env: { ...process.env, NODE_ENV: 'production', ...bed.environment('bulk') },
      cwd: files,
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  let said = '';
  child.stdout.on('data', (text) => (said += text));
  child.stderr.on('data', (text) => (said += text));
  let bytes = 0;
  let cpuMs = 0;
  const look = setInterval(() => {
    bytes = Math.max(bytes, peakMemory(child.pid));
    cpuMs = Math.max(cpuMs, cpuTime(child.pid));
  }, MEMORY_LOOK_EVERY_MS);
  const code = await new Promise((resolve) => child.once('close', resolve));
  clearInterval(look);
  if (code !== 0) throw new Error(`the import ended with ${code}: ${said.slice(-2_000)}`);
  const client = await bed.client('bulk');
  const { rows } = await client.query(
    `SELECT extract(epoch FROM finished_at - started_at) * 1000 AS ms, refused FROM import_run`,
  );
  await client.end();
  return { ms: Number(rows[0].ms), bytes, cpuMs };
}

const TICK_MS = 10;

/** Of the importing process, its start included: a second core works for it beside PostgreSQL's. */
function cpuTime(pid) {
  try {
    const [, user, system] = /^.*\) (?:\S+ ){11}(\d+) (\d+)/.exec(readFileSync(`/proc/${pid}/stat`, 'utf8'));
    return (Number(user) + Number(system)) * TICK_MS;
  } catch {
    return 0;
  }
}

function peakMemory(pid) {
  try {
    return Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) * 1024;
  } catch {
    return 0;
  }
}

async function filledTables(client) {
  const { rows } = await client.query(
    `SELECT c.relname AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind = 'r' AND n.nspname = 'public' ORDER BY 1`,
  );
  const tables = [];
  for (const { name } of rows) {
    if (BESIDE.has(name)) continue;
    const [{ n }] = (await client.query(`SELECT count(*) AS n FROM ${name}`)).rows;
    if (Number(n) > 0) tables.push({ name, rows: Number(n) });
  }
  return tables;
}

async function checkLinks(client, plant) {
  const [{ n }] = (await client.query('SELECT count(*) AS n FROM link')).rows;
  if (Number(n) !== plant.links) throw new Error(`${n} links came in, not ${plant.links}`);
  return { found: Number(n) };
}

/** The rows as files, then the time that COPY takes to bring them into an empty database of the same version. */
async function copied({ bed, client, tables, folder }) {
  await bed.database('bulk_copy');
  const target = await bed.client('bulk_copy');
  const fileOf = ({ name }) => join(folder, `bulk-${name}.copy`);
  for (const table of tables)
    await pipeline(
      client.query(copyTo(`COPY ${table.name} TO STDOUT (FORMAT binary)`)),
      createWriteStream(fileOf(table)),
    );
  const empty = async () => {
    await target.query(`TRUNCATE ${tables.map((t) => t.name).join(', ')} CASCADE`);
    await target.query('CHECKPOINT');
  };
  await empty();
  const { ms } = await timed(async () => {
    for (const table of tables)
      await pipeline(
        createReadStream(fileOf(table)),
        target.query(copyFrom(`COPY ${table.name} FROM STDIN (FORMAT binary)`)),
      );
  });
  for (const table of tables) {
    const [here, there] = await Promise.all([digest(client, table.name), digest(target, table.name)]);
    if (here !== there) throw new Error(`the table ${table.name} is not the same after COPY`);
    rmSync(fileOf(table));
  }
  await target.end();
  return ms;
}

/** A sum over hashes of the rows: the same for the same rows in any order. */
async function digest(client, table) {
  const { rows } = await client.query(
    `SELECT count(*) || ' ' || coalesce(sum(hashtextextended(t::text, 0)::numeric), 0) AS digest FROM ${table} t`,
  );
  return rows[0].digest;
}

async function drop(bed, name) {
  const admin = await bed.client('postgres');
  await admin.query(`DROP DATABASE ${name} WITH (FORCE)`);
  await admin.end();
}

const mebibytes = (bytes) => Math.round(bytes / 2 ** 20);
