/** All measurements of one run, one after the other on one machine that does nothing else. */
import { cpus } from 'node:os';
import { gathers, openPeers, walkFrom } from './goals/traversal.mjs';
import { loadPlant } from './lib/load.mjs';
import { graphOf } from './lib/ours.mjs';
import { engineColumns, makePlant, SHAPES, SIZES } from './lib/plant.mjs';
import { Bed, temporaryFolder } from './lib/services.mjs';
import { StopError } from '../scripts/lib/stop-error.mjs';

/** What a plant of the full size takes on disk, with all that is made from it. */
const DISK_BYTES_FULL = 40 * 2 ** 30;

export async function measure({ size, turns, seed, only, say }) {
  const factor = SIZES[size];
  if (factor === undefined)
    throw new StopError(`--size must be one of ${Object.keys(SIZES).join(', ')}, not "${size}".`);
  if (!(turns >= 1)) throw new StopError('--turns must be a whole number from 1.');
  const wanted = (name) => !only || only.split(',').includes(name);
  const { folder, freeBytes, remove } = temporaryFolder();
  if (freeBytes < DISK_BYTES_FULL * factor)
    throw new StopError(`There is not enough room in ${folder}: set BENCH_DIR to a folder with more.`);
  let bed;
  try {
    bed = await Bed.start(folder, say);
    const results = { size, factor, turns, seed, machine: {} };
    const plant = makePlant({ shape: SHAPES.wide, factor, seed });
    say(`the wide plant: ${plant.units.count} units, ${plant.links.count} links, ${plant.events.count} events`);
    results.wide = { units: plant.units.count, links: plant.links.count, batches: plant.batches };
    await bed.database('wide');
    const client = await bed.client('wide');
    results.machine.postgres = (await client.query('SHOW server_version')).rows[0].server_version;
    await loadPlant(client, plant, say);
    if (wanted('walk')) results.walks = await walks({ plant, bed, client, folder, turns, say });
    return results;
  } finally {
    await bed?.stop();
    remove();
  }
}

async function walks({ plant, bed, client, folder, turns, say }) {
  const graph = graphOf(plant.units.count, engineColumns(plant));
  const peers = await openPeers({
    plant,
    folder,
    client,
    url: bed.urlOf('wide'),
    cores: cpus().length,
    say,
  });
  try {
    const found = {};
    for (const [name, from] of Object.entries(plant.seeds)) {
      say(`the ${name} question`);
      found[name] = await walkFrom(from, { graph, peers, turns, say });
    }
    return { ...found, versions: peers.versions, gather: gathers(graph, found.wide.reached, turns) };
  } finally {
    await peers.close();
  }
}
