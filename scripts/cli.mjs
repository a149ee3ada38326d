// npm run cli -- COMMAND …: one command of the product, on the services of a running start or on its own.
import { spawn } from 'node:child_process';
import { buildServer } from './lib/build.mjs';
import { ensureInstalled } from './lib/install.mjs';
import { endLeftoverServers, isTaken, runCommand, runningInstance, takeDataDir } from './lib/instance.mjs';
import { fromRoot } from './lib/paths.mjs';
import { checkNode } from './lib/preflight.mjs';
import { cleanEnv } from './lib/processes.mjs';
import { startServices } from './lib/services.mjs';
import { readSettings } from './lib/settings.mjs';
import { runMain, StopError } from './lib/stop-error.mjs';

// The command's own words go to stdout; these must not mix with them.
const say = (text) => console.error(text);

await runMain(async () => {
  checkNode();
  const settings = readSettings();
  const args = process.argv.slice(2);
  const running = runningInstance(settings.dataDir);
  if (running) return command(args, { databaseUrl: running.databaseUrl, redisUrl: running.redisUrl }, settings);
  if (isTaken(settings.dataDir)) {
    throw new StopError(
      'Unitrail is just starting or stopping, or another command is at work. Try again when it is done.',
    );
  }

  const free = takeDataDir(settings.dataDir);
  let services;
  try {
    // Servers of a killed start would outlive the services that this command stops again.
    await endLeftoverServers(settings.dataDir);
    await ensureInstalled({ say });
    await buildServer({ say });
    services = await startServices({ ...settings, say });
    const urls = { databaseUrl: services.postgres.url, redisUrl: services.redis.url };
    if (args[0] !== 'migrate') await runCommand('The migration', ['migrate'], { env: environment(urls, settings) });
    return await command(args, urls, settings);
  } finally {
    await services?.redis.stop?.();
    await services?.postgres.stop?.();
    free();
  }
});

function environment({ databaseUrl, redisUrl }, { dataDir }) {
  return { DATABASE_URL: databaseUrl, REDIS_URL: redisUrl, DATA_DIR: dataDir };
}

async function command(args, urls, settings) {
  const child = spawn(process.execPath, ['--enable-source-maps', fromRoot('dist', 'src', 'cli.js'), ...args], {
    // npm changes into the checkout; paths of the command are meant from where the person stands.
    cwd: process.env.INIT_CWD ?? process.cwd(),
    env: cleanEnv({ NODE_ENV: 'production', ...environment(urls, settings) }),
    stdio: 'inherit',
  });
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(name, () => child.kill(name));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve(code ?? 1));
  });
}
