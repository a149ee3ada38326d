// npm test: everything it needs is set up here, and taken down again. README: "Tests".
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildServerForTests, buildWeb } from './lib/build.mjs';
import { ensureInstalled } from './lib/install.mjs';
import { withLock } from './lib/lock.mjs';
import { fromRoot, ROOT } from './lib/paths.mjs';
import { checkNode } from './lib/preflight.mjs';
import { cleanEnv, endLeftovers, isRunning, listFolder, readJson, writePidFile } from './lib/processes.mjs';
import { findRedisServer } from './lib/redis-binary.mjs';
import { startServices } from './lib/services.mjs';
import { runMain } from './lib/stop-error.mjs';
import { dropRemains, ensureTemplate, templateName } from './lib/template.mjs';

const dataDir = process.env.UNITRAIL_TEST_DATA_DIR || fromRoot('.test-data');
const own = new Set(['--keep', '--no-build', '--stop']);
const flags = new Set(process.argv.slice(2).filter((arg) => own.has(arg)));
const jestArgs = process.argv.slice(2).filter((arg) => !own.has(arg));
const say = (text) => console.log(`test: ${text}`);

const users = join(dataDir, 'users');
const keepFile = join(dataDir, 'keep');
const runDir = join(dataDir, 'runs', String(process.pid));
const template = templateName();
const servicesLock = join(dataDir, 'services.lock');

await runMain(async () => {
  checkNode();
  mkdirSync(dataDir, { recursive: true });
  if (flags.has('--stop')) {
    rmSync(keepFile, { force: true });
    await leaveServices(await enterServices());
    return 0;
  }
  await ensureInstalled({ say });
  if (!flags.has('--no-build')) {
    if (wants('e2e', 'browser', 'scenarios')) await buildServerForTests({ say });
    if (wants('browser', 'e2e')) await buildWeb({ say });
  }
  const services = await enterServices();
  let results;
  try {
    await ensureTemplate(services.postgres.urlOf, template, { say });
    await dropRemains(services.postgres.urlOf, templatesInUse());
    const redis = await findRedisServer({ home: services.home, say });
    results = await runJest(services, redis);
  } finally {
    const left = await endLeftovers(runDir, { withinMs: 2_000 });
    if (left.length > 0) {
      say(`processes were left running and have been ended: ${left.join(', ')}`);
      if (results) results.failed += left.length;
    }
    rmSync(runDir, { recursive: true, force: true });
    await dropRemains(services.postgres.urlOf, templatesInUse(), { endingRun: process.pid }).catch(() => undefined);
    await leaveServices(services);
  }
  console.log(`${results.passed} passed, ${results.failed} failed, ${results.skipped} skipped`);
  return results.status !== 0 || results.failed > 0 || results.passed === 0 ? 1 : 0;
});

/** Whether tests of one of these folders may run, after the paths that were asked for. */
function wants(...folders) {
  const paths = jestArgs.filter((arg) => !arg.startsWith('-'));
  return (
    paths.length === 0 || paths.some((path) => folders.some((folder) => path.includes(folder) || !path.includes('/')))
  );
}

/** What the living runs have noted before they make or clone it. */
function templatesInUse() {
  return [template, ...listFolder(users).map((name) => readJson(join(users, name))?.template)].filter(Boolean);
}

/** Starts PostgreSQL, or joins the runs that use it already. */
async function enterServices() {
  return withLock(servicesLock, async () => {
    for (const name of listFolder(users)) {
      if (isRunning(readJson(join(users, name)) ?? {})) continue;
      rmSync(join(users, name), { force: true });
      // What a run that was killed has left: its servers, then its notes.
      await endLeftovers(join(dataDir, 'runs', name), { withinMs: 1_000 });
      rmSync(join(dataDir, 'runs', name), { recursive: true, force: true });
    }
    if (flags.has('--keep')) writeFileSync(keepFile, '');
    const start = () => startServices({ dataDir, disposable: true, withRedis: false, say });
    const services = await start().catch((error) => {
      say(`starting with a new test cluster, because the old one did not start (${error.message.split('\n')[0]})`);
      rmSync(join(dataDir, 'postgres', 'data'), { recursive: true, force: true });
      return start();
    });
    writePidFile(join(users, String(process.pid)), process.pid, { template });
    return services;
  });
}

/** The last run out stops PostgreSQL, unless it is to be kept. */
async function leaveServices(services) {
  await withLock(servicesLock, async () => {
    rmSync(join(users, String(process.pid)), { force: true });
    if (!flags.has('--keep') && !othersKeep()) rmSync(keepFile, { force: true });
    const others = listFolder(users).some((name) => isRunning(readJson(join(users, name)) ?? {}));
    if (!others && !existsSync(keepFile)) await services.postgres.stop();
  });
}

/** A run among several does not end what another one asked to keep; alone, it leaves nothing running. */
function othersKeep() {
  return existsSync(keepFile) && process.env.CI !== 'true' && jestArgs.length > 0;
}

async function runJest(services, redis) {
  mkdirSync(runDir, { recursive: true, mode: 0o700 });
  const output = join(runDir, 'results.json');
  const child = spawn(
    process.execPath,
    ['node_modules/jest/bin/jest.js', '--config', 'jest.config.cjs', '--json', `--outputFile=${output}`, ...jestArgs],
    {
      cwd: ROOT,
      // --json would print the results; the file is enough.
      stdio: ['ignore', 'ignore', 'inherit'],
      env: cleanEnv({
        NODE_ENV: 'test',
        UNITRAIL_TEST_POSTGRES: services.postgres.urlOf('postgres'),
        UNITRAIL_TEST_TEMPLATE: template,
        UNITRAIL_TEST_REDIS: JSON.stringify(redis),
        UNITRAIL_TEST_RUN_DIR: runDir,
        UNITRAIL_TEST_RUN: String(process.pid),
      }),
    },
  );
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(name, () => child.kill('SIGTERM'));
  const status = await new Promise((resolve) => {
    child.once('error', () => resolve(-1));
    child.once('close', (code) => resolve(code ?? 1));
  });
  const json = readJson(output);
  if (!json) return { status: status || 1, passed: 0, failed: 1, skipped: 0 };
  return {
    status,
    passed: json.numPassedTests,
    // A file that does not even load has no tests to count, and has failed all the same.
    failed: json.numFailedTests + json.numRuntimeErrorTestSuites,
    skipped: json.numPendingTests + json.numTodoTests,
  };
}
