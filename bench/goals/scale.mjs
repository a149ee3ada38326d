/** Small traces over HTTP while the plant goes on recording. */
import { performance } from 'node:perf_hooks';
import { median, quantile } from '../lib/measure.mjs';
import { Product } from '../lib/http.mjs';
import { ITEMS, unitCode } from '../lib/plant.mjs';

const WRITES_PER_SECOND = 20;

/** Asks small questions for so many seconds, one after the other, under twenty writes a second. */
export async function underWrites({ bed, plant, seconds, say }) {
  const product = new Product(bed.running);
  const seed = plant.seeds.small;
  const item = ITEMS[plant.units.item[seed]].code;
  const writes = new Writes(product, plant.seeds.raw);
  writes.start();
  const times = [];
  const sources = {};
  let count = 0;
  const until = Date.now() + seconds * 1_000;
  try {
    // The first ones warm up.
    for (let n = 0; Date.now() < until; n++) {
      const { ms, trace } = await product.trace(item, seed);
      if (n < 3) continue;
      times.push(ms);
      count = trace.counts.affected;
      sources[trace.source ?? 'sql'] = (sources[trace.source ?? 'sql'] ?? 0) + 1;
    }
  } finally {
    await writes.stop();
  }
  say(`${times.length} small traces under ${writes.done} writes: median ${median(times).toFixed(1)} ms`);
  return {
    traces: times.length,
    units: count,
    sources,
    p50: median(times),
    p95: quantile(times, 0.95),
    writes: writes.done,
    writesPerSecond: writes.done / seconds,
    writeP50: median(writes.times),
    writeP95: quantile(writes.times, 0.95),
  };
}

/** One event a request, twenty a second, whatever the answers take. */
class Writes {
  done = 0;
  times = [];
  #open = new Set();
  #number = 0;

  constructor(product, lot) {
    Object.assign(this, { product, lot });
  }

  start() {
    this.timer = setInterval(() => this.#one(), 1_000 / WRITES_PER_SECOND);
  }

  #one() {
    const n = this.#number++;
    const began = performance.now();
    const sent = this.product
      .call('POST', '/events', [
        {
          type: 'produce',
          id: `bench-${n}`,
          at: new Date(Date.UTC(2025, 5, 1) + n * 1_000).toISOString(),
          place: 'P1',
          outputs: [{ unit: { item: 'PASTE-A', lot: `W${n}` }, quantity: { value: '1', uom: 'kg' } }],
          inputs: [{ unit: { item: 'RAW', lot: unitCode(this.lot) }, quantity: { value: '1', uom: 'kg' } }],
        },
      ])
      .then(() => {
        this.done++;
        this.times.push(performance.now() - began);
      })
      .catch((error) => (this.problem ??= error))
      .finally(() => this.#open.delete(sent));
    this.#open.add(sent);
  }

  async stop() {
    clearInterval(this.timer);
    await Promise.all(this.#open);
    if (this.problem) throw this.problem;
  }
}
