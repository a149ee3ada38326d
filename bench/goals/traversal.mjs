/** Goals 1, 3 and 4: the walk itself, on the same graph, against every peer that runs here. */
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { inTurns, setHash } from '../lib/measure.mjs';
import { contestant, Gather } from '../lib/ours.mjs';
import { Peer } from '../lib/peer.mjs';
import { random } from '../lib/plant.mjs';

const VARIANTS = [
  { peer: 'postgres', variant: 'ledger', name: 'PostgreSQL, recursive CTE over the ledger’s link table' },
  { peer: 'postgres', variant: 'covering', name: 'PostgreSQL, recursive CTE over two columns and a covering index' },
  { peer: 'duckdb', variant: 'keyed', name: 'DuckDB, recursive CTE with USING KEY' },
  { peer: 'duckdb', variant: 'plain', name: 'DuckDB, recursive CTE' },
  { peer: 'ladybug', variant: 'shortest', name: 'LadybugDB, shortest paths of any length' },
  { peer: 'sqlite', variant: 'cte', name: 'SQLite, recursive CTE' },
];

export const OURS = {
  trace: 'Unitrail, the whole walk of a trace (time, certainty, depth)',
  search: '(plain breadth-first search over the index’s arrays, for comparison)',
  gather: '(as many independent reads from memory as units are reached, for comparison)',
};

/** Loads the graph into every peer; those that cannot say why. */
export async function openPeers({ plant, folder, url, client, cores, say }) {
  const links = join(folder, 'links.csv');
  const units = join(folder, 'units.csv');
  await pipeline(Readable.from(linkLines(plant)), createWriteStream(links));
  await pipeline(Readable.from(unitLines(plant)), createWriteStream(units));
  // What a person who cares for the recursive CTE alone would make.
  await client.query('CREATE TABLE bench_edge AS SELECT input, output FROM link');
  await client.query('CREATE INDEX bench_edge_input ON bench_edge (input) INCLUDE (output)');
  await client.query('VACUUM ANALYZE bench_edge');
  const peers = new Peers({ folder, links, units, url, cores }, say);
  for (const name of new Set(VARIANTS.map((v) => v.peer))) await peers.open(name);
  return peers;
}

class Peers {
  #open = new Map();
  versions = {};

  constructor(settings, say) {
    Object.assign(this, { settings, say });
  }

  async open(name) {
    const peer = new Peer(name);
    try {
      const { version, ms } = await peer.open(this.settings);
      this.say(`${name} ${version} has the graph after ${(ms / 1000).toFixed(1)} s`);
      this.versions[name] = version;
      this.#open.set(name, peer);
    } catch (error) {
      this.say(`${name} does not run here: ${error.message}`);
      await peer.close();
      this.versions[name] ??= `does not run here: ${error.message}`;
      this.#open.set(name, undefined);
    }
  }

  get(name) {
    const peer = this.#open.get(name);
    if (!peer) throw new Error(this.versions[name]);
    return peer;
  }

  /** One that hangs in a question hears nothing else: it is ended, and starts afresh for the next. */
  async again(name) {
    await this.#open.get(name)?.close();
    if (this.#open.get(name)) await this.open(name);
  }

  async close() {
    for (const peer of this.#open.values()) await peer?.close();
  }
}

function* linkLines({ links }) {
  yield* inChunks(links.count, (n) => `${links.input[n]},${links.output[n]}\n`);
}

function* unitLines({ units }) {
  yield* inChunks(units.count, (n) => `${n}\n`);
}

function* inChunks(count, line) {
  for (let from = 0; from < count; from += 10_000) {
    let chunk = '';
    for (let n = from; n < Math.min(count, from + 10_000); n++) chunk += line(n);
    yield chunk;
  }
}

/** One question (wide, small, deep) to all, in turns; and whether the sets are the same. */
export async function walkFrom(plantUnit, { walker, peers, turns, say }) {
  // The ledger counts units from 1.
  const seed = plantUnit + 1;
  const inPlant = (units) => units.map((unit) => unit - 1);
  const whole = walker.trace(seed);
  const ours = whole.unit;
  const hash = setHash(inPlant(ours));
  if (setHash(inPlant(walker.search(seed))) !== hash)
    throw new Error('The rows of the trace are not what plain reachability reaches.');
  const gather = new Gather(walker.graph, ours.length, random(7));
  const theirs = VARIANTS.map(({ peer, variant, name }) => ({
    name,
    run: async () => peers.get(peer).count(variant, plantUnit),
    set: async () => peers.get(peer).set(variant, plantUnit),
    giveUp: () => peers.again(peer),
  }));
  const own = [
    contestant(OURS.trace, () => walker.trace(seed)),
    contestant(OURS.search, () => walker.search(seed)),
    contestant(OURS.gather, () => gather.run()),
  ];
  const rows = await inTurns([...own, ...theirs], turns, say);
  for (const row of rows.slice(own.length)) {
    if (row.problem) continue;
    const { set } = theirs.find((t) => t.name === row.name);
    const found = await set();
    row.same = found.hash === hash && found.count === ours.length && row.count === ours.length;
    if (!row.same) row.problem = `another set: ${found.count} units instead of ${ours.length}`;
  }
  return {
    reached: ours.length,
    affected: whole.affectedCount,
    certain: whole.certainCount,
    gatherBytes: gather.memory.byteLength,
    rows,
  };
}
