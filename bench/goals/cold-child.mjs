// One cold start (load) or one reading of the same rows to nowhere (copy); says how long it took.
import { createRequire } from 'node:module';
import { performance } from 'node:perf_hooks';
import { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { connect, copiesOf, loadIndex } from '../lib/ours.mjs';

const { to: copyTo } = createRequire(import.meta.url)('pg-copy-streams');
const [what] = process.argv.slice(2);
const dataSource = await connect(process.env.BENCH_URL);
const answer = what === 'load' ? await load() : await copy();
await dataSource.destroy();
process.stdout.write(JSON.stringify(answer));

async function load() {
  const { ms, base } = await loadIndex(dataSource);
  const links = base.graph.linkCount;
  return {
    ms,
    links,
    bytes: { all: base.bytes, perLinkAndDirection: base.linkBytes / links / 2 },
    rss: process.memoryUsage().rss,
  };
}

async function copy() {
  const [{ position }] = await dataSource.query('SELECT max(position) AS position FROM ledger_seal');
  const runner = dataSource.createQueryRunner();
  const client = await runner.connect();
  let bytes = 0;
  const nowhere = () =>
    new Writable({
      write(chunk, _, done) {
        bytes += chunk.length;
        done();
      },
    });
  const began = performance.now();
  for (const sql of copiesOf(position))
    await pipeline(client.query(copyTo(`COPY (${sql}) TO STDOUT (FORMAT binary)`)), nowhere());
  const ms = performance.now() - began;
  await runner.release();
  return { ms, count: bytes };
}
