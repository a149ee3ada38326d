/** The product's own engine, as built. */
import { createRequire } from 'node:module';
import { performance } from 'node:perf_hooks';
import { fromRoot } from '../../scripts/lib/paths.mjs';

const require = createRequire(import.meta.url);
const engine = require(fromRoot('dist', 'src', 'trace', 'engine', 'index.js'));
const { reach } = require(fromRoot('dist', 'src', 'trace', 'engine', 'exposure.js'));

const ALL_TIME = [[-Infinity, Infinity]];

/** The engine's graph as the resident index lays it out: links in the order of their inputs, so that no list of them is needed. */
export function graphOf(unitCount, columns) {
  const order = byInput(unitCount, columns.input);
  const sorted = {};
  for (const [name, column] of Object.entries(columns)) {
    const to = new column.constructor(column.length);
    for (let n = 0; n < order.length; n++) to[n] = column[order[n]];
    sorted[name] = to;
  }
  return { ...engine.buildGraph(unitCount, sorted), outLink: null };
}

function byInput(unitCount, input) {
  const next = new Int32Array(unitCount + 1);
  for (const unit of input) next[unit + 1]++;
  for (let unit = 0; unit < unitCount; unit++) next[unit + 1] += next[unit];
  const order = new Int32Array(input.length);
  for (let n = 0; n < input.length; n++) order[next[input[n]]++] = n;
  return order;
}

/** Plain reachability by the product: the units, whatever the times. */
export function closure(graph, seed) {
  return engine.finish(reach(graph, [seed], false), {}).units;
}

/** The whole trace: exposures in time, certainty, depth and verdict of every unit. */
export function trace(graph, seed) {
  return engine.traceForward(graph, { seeds: [{ unit: seed, windows: ALL_TIME }] });
}

/** The yardstick: a breadth-first search that knows nothing but who follows whom, written as tightly as it can be. */
export function breadthFirst({ unitCount, outOffset, output }, seed) {
  const seen = new Uint8Array(unitCount);
  let queue = new Int32Array(1024);
  let count = 0;
  seen[seed] = 1;
  queue[count++] = seed;
  for (let head = 0; head < count; head++) {
    const unit = queue[head];
    const end = outOffset[unit + 1];
    for (let link = outOffset[unit]; link < end; link++) {
      const to = output[link];
      if (seen[to]) continue;
      seen[to] = 1;
      if (count === queue.length) {
        const larger = new Int32Array(2 * count);
        larger.set(queue);
        queue = larger;
      }
      queue[count++] = to;
    }
  }
  return queue.subarray(0, count);
}

/** A contestant over the graph in this process. */
export function contestant(name, work) {
  return {
    name,
    run: async () => {
      const began = performance.now();
      const found = work();
      return { ms: performance.now() - began, count: found.length };
    },
  };
}

/** The bytes of a graph's arrays, whole and without times and sources. */
export function bytesOf(graph) {
  let all = 0;
  for (const column of Object.values(graph)) if (ArrayBuffer.isView(column)) all += column.byteLength;
  return all;
}
