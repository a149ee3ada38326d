/** Turns, medians and the equality of sets. */
import { createHash } from 'node:crypto';
import { performance } from 'node:perf_hooks';

export const median = (values) => quantile(values, 0.5);

export function quantile(values, share) {
  const sorted = [...values].sort((a, b) => a - b);
  if (sorted.length === 0) return Number.NaN;
  const place = (sorted.length - 1) * share;
  const below = sorted[Math.floor(place)];
  return below + (sorted[Math.ceil(place)] - below) * (place - Math.floor(place));
}

/** Milliseconds that the work took, and what it gave. */
export async function timed(work) {
  const began = performance.now();
  const result = await work();
  return { ms: performance.now() - began, result };
}

/** A name for a set of ids: SHA-256 over them in ascending order. */
export function setHash(ids) {
  const sorted = Float64Array.from(ids).sort();
  return createHash('sha256').update(new Uint8Array(sorted.buffer)).digest('hex').slice(0, 16);
}

/** A peer that takes longer for one turn is told of as slower than this, and takes no further turns. */
const TURN_MS_MAX = 60_000;

/**
 * Runs the contestants in turns, each once a turn, so that whatever else the machine does meets all of them. A contestant is
 * `{ name, prepare?(), run() → { ms, count } }`; the first turn warms up and does not count. Gives each one's times, or why it has none.
 */
export async function inTurns(contestants, turns, say = () => undefined) {
  const rows = contestants.map(({ name }) => ({ name, times: [] }));
  for (const { prepare } of contestants) await prepare?.();
  for (let turn = 0; turn <= turns; turn++) {
    for (const [n, contestant] of contestants.entries()) {
      const row = rows[n];
      if (row.problem) continue;
      try {
        const { ms, count } = await within(contestant.run(), contestant.msMax ?? TURN_MS_MAX);
        row.count = count;
        if (turn > 0) row.times.push(ms);
        say(`${turn === 0 ? 'warm-up' : `turn ${turn}`}: ${contestant.name} ${ms.toFixed(1)} ms`);
      } catch (error) {
        row.problem = error.message;
        say(`${contestant.name}: ${error.message}`);
        await contestant.giveUp?.();
      }
    }
  }
  return rows.map((row) => ({ ...row, median: median(row.times) }));
}

async function within(promise, ms) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`over ${ms / 1000} s for one turn`)), ms);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
