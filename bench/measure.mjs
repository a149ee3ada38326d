/** All measurements of one run, one after the other on one machine that does nothing else. */
import { cpus } from 'node:os';
import { bulkImport } from './goals/bulk.mjs';
import { floorWork } from './goals/floor.mjs';
import { questionToCounts } from './goals/question.mjs';
import { underWrites } from './goals/scale.mjs';
import { searchAmongMany } from './goals/search.mjs';
import { consistencyRun } from './goals/consistency.mjs';
import { coldStarts } from './goals/cold-start.mjs';
import { openPeers, walkFrom } from './goals/traversal.mjs';
import { loadPlant } from './lib/load.mjs';
import { timed } from './lib/measure.mjs';
import { connect, loadIndex, Walker } from './lib/ours.mjs';
import { makePlant, SHAPES, SIZES } from './lib/plant.mjs';
import { Bed, temporaryFolder } from './lib/services.mjs';
import { StopError } from '../scripts/lib/stop-error.mjs';

/** What a plant of the full size takes on disk, with all that is made from it. */
const DISK_BYTES_FULL = 40 * 2 ** 30;
const SMALL_SECONDS = 30;
const FLOOR_SECONDS = 60;
/** A turn of the bulk import imports everything anew: for ten million links that takes a quarter of an hour. */
const BULK_LINKS = { small: 180_000, medium: 900_000, full: 10_000_000 };
/** Units that are searched among. */
const SEARCH_UNITS = { small: 200_000, medium: 2_000_000, full: 10_000_000 };
const BULK_TURNS = { small: 7, medium: 5, full: 1 };

export async function measure({ size, turns, seed, only, consistency, interruption, say }) {
  const factor = SIZES[size];
  if (factor === undefined)
    throw new StopError(`--size must be one of ${Object.keys(SIZES).join(', ')}, not "${size}".`);
  if (!(turns >= 1)) throw new StopError('--turns must be a whole number from 1.');
  const wanted = (name) => !only || only.split(',').includes(name);
  const { folder, freeBytes, remove } = temporaryFolder();
  if (freeBytes < DISK_BYTES_FULL * factor) {
    remove();
    throw new StopError(`There is not enough room in ${folder}: set BENCH_DIR to a folder with more.`);
  }
  let bed;
  try {
    bed = await Bed.start(folder, say);
    const run = { bed, folder, turns, factor, seed, say, wanted, consistency };
    return await Promise.race([all(run, { size, factor, turns, seed, machine: {} }), interruption]);
  } finally {
    await bed?.stop();
    remove();
  }
}

async function all(run, results) {
  if (['walk', 'start', 'question'].some(run.wanted)) await onWide(run, results);
  if (run.wanted('bulk')) await onBulk(run, results);
  if (run.wanted('search')) await onSearch(run, results);
  if (run.wanted('floor')) await onFloor(run, results);
  if (run.wanted('scale')) await onScale(run, results);
  if (run.consistency) results.consistency = consistencyRun(run);
  return results;
}

/** Goals 1 to 4 and 6. */
async function onWide(run, results) {
  const { turns, say, wanted } = run;
  const { plant, client, ...loaded } = await plantIn(run, 'wide');
  results.machine.postgres = (await client.query('SHOW server_version')).rows[0].server_version;
  results.wide = loaded;
  if (wanted('walk')) results.walks = await walks({ ...run, plant, client });
  if (wanted('start')) results.coldStart = await coldStarts({ ...run, database: 'wide' });
  if (wanted('question')) {
    await run.bed.product('wide');
    results.question = await questionToCounts({ ...run, database: 'wide', client, plant, name: 'wide', turns, say });
    await run.bed.endProduct();
  }
}

/** Goal 8. */
async function onBulk(run, results) {
  results.bulk = await bulkImport({
    ...run,
    links: BULK_LINKS[results.size],
    turns: Math.min(run.turns, BULK_TURNS[results.size]),
  });
}

/** The search by parts of numbers. */
async function onSearch({ bed, say }, results) {
  results.search = await searchAmongMany({ bed, units: SEARCH_UNITS[results.size], say });
}

/** Fifty scanners at work. */
async function onFloor({ bed, say }, results) {
  await bed.database('floor');
  await bed.product('floor');
  results.floor = await floorWork({ bed, seconds: FLOOR_SECONDS, say });
  await bed.endProduct();
}

/** Two million units and ten million links. */
async function onScale(run, results) {
  const { plant, client, ...loaded } = await plantIn(run, 'scale');
  results.scale = loaded;
  results.scale.coldStart = await coldStarts({ ...run, turns: 1, database: 'scale' });
  await run.bed.product('scale');
  results.scale.question = await questionToCounts({ ...run, database: 'scale', client, plant, name: 'wide' });
  results.scale.small = await underWrites({ ...run, plant, seconds: SMALL_SECONDS });
  await run.bed.endProduct();
}

async function plantIn({ bed, factor, seed, say }, shape) {
  const plant = makePlant({ shape: SHAPES[shape], factor, seed });
  const size = { units: plant.units.count, links: plant.links.count, batches: plant.batches };
  say(`the ${shape} plant: ${size.units} units, ${size.links} links, ${plant.events.count} events`);
  await bed.database(shape);
  const client = await bed.client(shape);
  const { ms } = await timed(() => loadPlant(client, plant, say));
  return { plant, client, ...size, loadMs: ms };
}

async function walks({ plant, bed, client, folder, turns, say }) {
  const dataSource = await connect(bed.urlOf('wide'));
  const peers = await openPeers({
    plant,
    folder,
    client,
    url: bed.urlOf('wide'),
    cores: cpus().length,
    say,
  });
  try {
    const { index, ms } = await loadIndex(dataSource);
    say(`our own index is ready after ${(ms / 1_000).toFixed(1)} s`);
    const walker = new Walker(index);
    const found = { versions: peers.versions };
    for (const name of ['wide', 'small', 'deep']) {
      say(`the ${name} question`);
      found[name] = await walkFrom(plant.seeds[name], { walker, peers, turns, say });
    }
    return found;
  } finally {
    await peers.close();
    await dataSource.destroy();
  }
}
