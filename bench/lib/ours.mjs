/** The product's own index and engine, as built, called as its worker calls them. */
import { createRequire } from 'node:module';
import { performance } from 'node:perf_hooks';
import { fromRoot } from '../../scripts/lib/paths.mjs';

const require = createRequire(import.meta.url);
const built = (...path) => require(fromRoot('dist', 'src', ...path));
const { conclude, finish, walkFrom, WalkMemory } = built('trace', 'engine', 'index.js');
// Numbers of 64 bits are read as numbers from here on.
const { createDataSource } = built('platform', 'db', 'index.js');
const { loadBase } = built('trace', 'resident', 'load-base.js');
const { ResidentIndex } = built('trace', 'resident', 'resident-index.js');
const whole = built('ledger', 'genealogy', 'whole.js');

export const INDEX_BYTES_MAX = 12 * 2 ** 30;

/** A data source of the application's role. */
export const connect = (url) => createDataSource({ url, as: 'app', poolMax: 2 }).initialize();

/** The worker's index of what a database holds: loaded as a worker loads it when it starts. */
export async function loadIndex(dataSource) {
  const query = async (sql, params) => dataSource.query(sql, params);
  const position = Number((await query('SELECT max(position) AS position FROM ledger_seal'))[0].position);
  const runner = dataSource.createQueryRunner();
  try {
    const client = await runner.connect();
    const began = performance.now();
    const base = await loadBase(client, { position, bytesMax: INDEX_BYTES_MAX });
    return { ms: performance.now() - began, base, index: new ResidentIndex({ query }, base) };
  } finally {
    await runner.release();
  }
}

/** What the index reads when it starts, one query each. */
export const copiesOf = (position) =>
  [whole.copyUnits, whole.copyMovements, whole.copyEnds, whole.copyHolds, whole.copyLinks].map((copy) =>
    copy(position),
  );

/** The graph of an index, walked over as a worker does it: with one array of row numbers that is left as it was found. */
export class Walker {
  constructor(index) {
    this.graph = index.graphAt(index.position);
    this.memory = new WalkMemory(this.graph.unitCount);
    this.seen = new Uint8Array(this.graph.unitCount);
  }

  /** The whole trace: exposures in time, certainty, depth and verdict of every unit. */
  trace(seed) {
    const seeds = [{ unit: seed, windows: [[-Infinity, Infinity]] }];
    const walked = finish(walkFrom(this.graph, seeds, false, this.memory), {});
    const rows = finish(conclude(this.graph, { seeds }, false, walked), {});
    this.memory.clear(walked.field);
    return rows;
  }

  /** The yardstick: a breadth-first search that knows nothing but who follows whom, written as tightly as it can be. */
  search(seed) {
    const { seen } = this;
    const { outOffset, output } = this.graph;
    let queue = new Int32Array(4096);
    let count = 0;
    seen[seed] = 1;
    queue[count++] = seed;
    for (let head = 0; head < count; head++) {
      const unit = queue[head];
      const end = outOffset[unit + 1];
      for (let link = outOffset[unit]; link < end; link++) {
        const to = output[link];
        if (seen[to] !== 0) continue;
        seen[to] = 1;
        if (count === queue.length) {
          const larger = new Int32Array(2 * count);
          larger.set(queue);
          queue = larger;
        }
        queue[count++] = to;
      }
    }
    const found = queue.subarray(0, count);
    for (const unit of found) seen[unit] = 0;
    return found;
  }
}

/**
 * Reads from memory, each at a place that does not hang on the one before, over as many bytes as the arrays of a graph have:
 * what a walk of as many units costs at least.
 */
export class Gather {
  constructor(graph, count, next) {
    this.memory = new Int32Array(Math.max(1 << 20, bytesOf(graph) >>> 2)).fill(1);
    this.places = Int32Array.from({ length: count }, () => Math.floor(next() * this.memory.length));
  }

  run() {
    const { memory, places } = this;
    let sum = 0;
    for (let n = 0; n < places.length; n++) sum += memory[places[n]];
    if (sum !== places.length) throw new Error('The gather read something else.');
    return places;
  }
}

/** The compiler is to see what it compiles: a worker that has answered for a while has done as much. */
const WARM_UP_RUNS = 8;
const WARM_UP_MS = 500;

/** A contestant in this process. */
export function contestant(name, work) {
  return {
    name,
    prepare: async () => {
      const until = performance.now() + WARM_UP_MS;
      for (let n = 0; n < WARM_UP_RUNS || performance.now() < until; n++) work();
    },
    run: async () => {
      const began = performance.now();
      const found = work();
      return { ms: performance.now() - began, count: found.length };
    },
  };
}

/** The bytes of a graph's arrays. */
function bytesOf(graph) {
  let all = 0;
  for (const column of Object.values(graph)) if (ArrayBuffer.isView(column)) all += column.byteLength;
  return all;
}
