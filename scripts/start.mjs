// npm start: from a checkout to a running product. README: "Start".
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { buildServer, buildWeb } from './lib/build.mjs';
import { ensureInstalled } from './lib/install.mjs';
import { endLeftoverServers, removeRunFile, runCommand, takeDataDir, writeRunFile } from './lib/instance.mjs';
import { fromRoot } from './lib/paths.mjs';
import { isPortFree } from './lib/ports.mjs';
import { checkNode } from './lib/preflight.mjs';
import { processKey } from './lib/processes.mjs';
import { endPrograms } from './lib/run-program.mjs';
import { startServices } from './lib/services.mjs';
import { readSettings } from './lib/settings.mjs';
import { runMain, StopError } from './lib/stop-error.mjs';
import { Supervised, watchService } from './lib/supervised.mjs';

const STEPS = 8;
const step = (number, text) => console.log(`[${number}/${STEPS}] ${text}`);
const say = (text) => console.log(`      ${text}`);

/** What ends, in this order: last started, first ended. */
const undo = [];
let stopping;
/** The step that is at work. */
let current;
let interrupted;
const interruption = new Promise((_, reject) => {
  interrupted = () => reject(new Interrupted());
});
interruption.catch(() => undefined);
class Interrupted extends Error {}

/** What has to be told to end, so that the step that waits for it ends too. */
const aborts = [endPrograms];

await runMain(async () => {
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(name, () => onSignal());
  try {
    await Promise.race([start(), interruption]);
    await interruption;
  } catch (error) {
    await stopAll();
    if (!(error instanceof Interrupted)) throw error;
    console.log('Unitrail has stopped.');
  }
  return 0;
});

function onSignal() {
  if (!stopping) console.log('\nStopping: jobs are handed back, the database is shut down cleanly …');
  for (const abort of aborts) void abort();
  interrupted();
}

/** A step that has begun finishes before it is undone: nothing is left half-started. */
function stopAll() {
  stopping ??= (async () => {
    // One of two side by side may have failed: the other one is of no use any more.
    endPrograms();
    await current?.catch(() => undefined);
    for (const end of undo.reverse()) await end();
  })();
  return stopping;
}

/** One step of the start; none begins once the end has. */
async function doing(work) {
  if (stopping) throw new Interrupted();
  current = work();
  return await current;
}

async function start() {
  step(1, 'checking settings');
  checkNode();
  const settings = readSettings();
  const { dataDir } = settings;
  undo.push(takeDataDir(dataDir));
  const ended = await doing(() => endLeftoverServers(dataDir));
  if (ended.length > 0) say(`ended what an earlier start had left: ${ended.join(', ')}`);
  if (settings.port !== 0 && !(await isPortFree(settings.port, settings.host))) {
    throw new StopError(`PORT ${settings.port} is in use by another program. Set PORT to another one (0 picks one).`);
  }

  step(2, 'packages');
  await doing(() => ensureInstalled({ say }));
  step(3, 'server');
  step(4, 'console');
  // Side by side: each keeps one core busy.
  await doing(() => Promise.all([buildServer({ say }), buildWeb({ say })]));

  step(5, 'PostgreSQL and Redis');
  const services = await doing(async () => {
    const started = await startServices({ ...settings, say });
    undo.push(async () => {
      await started.redis.stop?.();
      await started.postgres.stop?.();
    });
    return started;
  });
  const env = {
    DATABASE_URL: services.postgres.url,
    REDIS_URL: services.redis.url,
    DATA_DIR: dataDir,
    PORT: String(settings.port),
    HOST: settings.host,
  };
  checkAllSettings(env);
  undo.push(watchService('PostgreSQL', services.postgres, say));
  undo.push(watchService('Redis', services.redis, say));

  step(6, 'migrations');
  await doing(() => runCommand('The migration', ['migrate'], { env, onLine: show }));
  step(7, settings.demo ? 'demo plants' : 'demo plants (none: DEMO=0)');
  if (settings.demo) await doing(() => runCommand('Seeding the demo plants', ['seed-demo'], { env, onLine: show }));

  step(8, 'api and worker');
  const api = new Supervised({ name: 'api', script: fromRoot('dist', 'src', 'main.js'), env, dataDir, say });
  const worker = new Supervised({ name: 'worker', script: fromRoot('dist', 'src', 'worker.js'), env, dataDir, say });
  const stopBoth = () => Promise.all([api.stop(), worker.stop()]);
  aborts.push(stopBoth);
  undo.push(stopBoth);
  const [{ port }] = await doing(() => Promise.all([api.start(), worker.start()]));
  // A restarted api has to be found where the first one was.
  api.env = { ...env, PORT: String(port) };
  undo.push(() => removeRunFile(dataDir));
  const url = `http://127.0.0.1:${port}`;
  writeRunFile(dataDir, {
    pid: process.pid,
    key: processKey(process.pid),
    url,
    port,
    databaseUrl: services.postgres.url,
    redisUrl: services.redis.url,
    logs: join(dataDir, 'log'),
  });
  if (stopping) return;
  say(`logs: ${join(dataDir, 'log')}`);
  console.log(`Unitrail is ready: ${url}`);
}

/** The words of a command, but not its log lines. */
function show(line) {
  if (!line.startsWith('{')) say(line);
}

/** The processes' own check, made here once, so that what is wrong is told by one sentence and not by two crashes. */
function checkAllSettings(env) {
  const { Settings } = createRequire(import.meta.url)(fromRoot('dist', 'src', 'platform', 'config', 'settings.js'));
  try {
    new Settings({ ...process.env, ...env });
  } catch (error) {
    throw new StopError(error.message);
  }
}
