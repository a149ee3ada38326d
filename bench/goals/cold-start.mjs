/** Goal 6: a worker that has just started reads the whole ledger into its index; against reading the same rows to nowhere. */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { inTurns } from '../lib/measure.mjs';

const CHILD = fileURLToPath(new URL('cold-child.mjs', import.meta.url));

/** Each load in a process of its own: nothing is warm but the database. */
export async function coldStarts({ bed, database, turns, say }) {
  let found;
  const fresh = async (what) => {
    const { stdout } = await promisify(execFile)(process.execPath, ['--max-old-space-size=12288', CHILD, what], {
      env: { ...process.env, BENCH_URL: bed.urlOf(database) },
    });
    return JSON.parse(stdout);
  };
  const contestants = [
    {
      name: 'the index is loaded',
      run: async () => {
        found = await fresh('load');
        return { ms: found.ms, count: found.links };
      },
    },
    { name: 'binary COPY of the same rows to nowhere', run: () => fresh('copy') },
  ].map((contestant) => ({ ...contestant, msMax: 1_800_000 }));
  const [load, copy] = await inTurns(contestants, turns, say);
  if (load.problem ?? copy.problem) throw new Error(load.problem ?? copy.problem);
  return { ms: load.median, copyMs: copy.median, links: found.links, bytes: found.bytes, rss: found.rss };
}
