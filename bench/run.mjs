// npm run bench: the plants, the peers and us in turns, and bench/RESULTS.md. bench/README.md says more.
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { buildServer } from '../scripts/lib/build.mjs';
import { ensureInstalled } from '../scripts/lib/install.mjs';
import { cleanEnv, readJson } from '../scripts/lib/processes.mjs';
import { runMain, StopError } from '../scripts/lib/stop-error.mjs';
import { machine } from './lib/machine.mjs';

const HERE = fileURLToPath(new URL('.', import.meta.url));
const say = (text) => console.log(`bench: ${text}`);

const { values: options } = parseArgs({
  options: {
    size: { type: 'string', default: 'medium' },
    turns: { type: 'string', default: '7' },
    seed: { type: 'string', default: '1' },
    only: { type: 'string' },
    consistency: { type: 'boolean', default: false },
    out: { type: 'string', default: fileURLToPath(new URL('RESULTS.md', import.meta.url)) },
    'no-build': { type: 'boolean', default: false },
  },
});

// Ends what was started before it goes: PostgreSQL and Redis run on their own, and the data take gigabytes.
const interruption = new Promise((_, reject) => {
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'])
    process.once(name, () => reject(new StopError(`Interrupted (${name}).`)));
});
interruption.catch(() => undefined);

await runMain(async () => {
  await ensureInstalled({ say });
  if (!options['no-build']) await buildServer({ say });
  installPeers();
  // Only now: these import what was just built and installed.
  const { measure } = await import('./measure.mjs');
  const { report } = await import('./report.mjs');
  const began = Date.now();
  const results = await measure({
    ...options,
    turns: Number(options.turns),
    seed: Number(options.seed),
    interruption,
    say,
  });
  const text = report({
    ...results,
    machine: { ...machine(), ...results.machine },
    minutes: Math.ceil((Date.now() - began) / 60_000),
    commit: commit(),
  });
  writeFileSync(options.out, text);
  say(`written: ${options.out}`);
  console.log(text);
  return 0;
});

/** What was measured: the commit, where this is a checkout with a history, and whether files differ from it. */
function commit() {
  const git = (...args) => spawnSync('git', args, { cwd: HERE, encoding: 'utf8' });
  const { status, stdout } = git('rev-parse', '--short', 'HEAD');
  if (status !== 0) return undefined;
  const changed = git('status', '--porcelain', '--untracked-files=no', '--', ':!RESULTS.md').stdout.trim() !== '';
  return `commit ${stdout.trim()}${changed ? ' with changes' : ''}`;
}

/** The peers' packages live in bench/node_modules alone: neither npm start nor npm test knows of them. */
function installPeers() {
  const wanted = readJson(`${HERE}package.json`).dependencies;
  const there = (name) => readJson(`${HERE}node_modules/${name}/package.json`)?.version === wanted[name];
  if (Object.keys(wanted).every(there)) return;
  say('installing the peers');
  const { status } = spawnSync('npm', ['install', '--no-audit', '--no-fund', '--no-save'], {
    cwd: HERE,
    env: cleanEnv(),
    stdio: 'inherit',
  });
  if (status !== 0) throw new StopError('The peers could not be installed.');
}
