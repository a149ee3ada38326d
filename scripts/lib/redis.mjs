import { spawn } from 'node:child_process';
import { mkdirSync, openSync, closeSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { asServiceAccount, giveToServiceAccount } from './account.mjs';
import { freePort } from './ports.mjs';
import { cleanEnv, endProcess, readPidFile, writePidFile } from './processes.mjs';
import { findRedisServer } from './redis-binary.mjs';
import { StopError } from './stop-error.mjs';
import { waitFor } from './wait.mjs';

/**
 * Our own Redis below `home`: adopts the one that a killed start left, else starts it. It keeps its jobs in an
 * append-only file and refuses to evict any.
 */
export async function startRedis({ home, runDir, password, port, say = () => undefined }) {
  const pidFile = join(runDir, 'redis.pid');
  const running = readPidFile(pidFile);
  if (running && (await answers(running.port, password))) return describe(running, pidFile, password, true);
  if (running) await endProcess(running);

  const server = await findRedisServer({ home, say });
  const base = join(home, 'redis');
  const data = join(base, 'data');
  let started = await launch({ server, base, data, password, pidFile, port });
  if (!started) {
    // Redis holds nothing that PostgreSQL does not know: rather an empty one than none.
    const aside = `${data}.unreadable`;
    rmSync(aside, { recursive: true, force: true });
    renameSync(data, aside);
    say(
      `Redis could not read its file; it starts empty, and lost jobs are queued again (the file is kept in ${aside})`,
    );
    started = await launch({ server, base, data, password, pidFile, port });
  }
  if (!started) throw new StopError(`Redis did not start. The end of its log:\n${lastLines(join(base, 'redis.log'))}`);
  return describe(started, pidFile, password, false);
}

function describe(noted, pidFile, password, adopted) {
  return {
    url: `redis://:${password}@127.0.0.1:${noted.port}/0`,
    port: noted.port,
    adopted,
    process: () => readPidFile(pidFile),
    stop: async () => {
      // The one that runs now: it may have died and been started again since.
      await endProcess(readPidFile(pidFile) ?? noted, { withinMs: 15_000 });
      rmSync(pidFile, { force: true });
    },
  };
}

async function launch({ server, base, data, password, pidFile, port: wanted }) {
  mkdirSync(data, { recursive: true, mode: 0o700 });
  for (let attempt = 1; attempt <= 3; attempt++) {
    const port = wanted ?? (await freePort());
    const config = join(base, 'redis.conf');
    // The password stands in a file, not on the command line, where every account could read it.
    writeFileSync(config, configText({ port, data, password }), { mode: 0o600 });
    giveToServiceAccount(base);
    const log = openSync(join(base, 'redis.log'), 'w', 0o600);
    // detached: Ctrl-C in a terminal goes to the whole group, and Redis must outlive the api and the worker.
    const child = spawn(server.program, [config], {
      ...asServiceAccount,
      cwd: base,
      env: cleanEnv({ LC_ALL: 'C', ...server.env }),
      stdio: ['ignore', log, log],
      detached: true,
    });
    closeSync(log);
    let over = false;
    child.once('error', () => (over = true));
    child.once('exit', () => (over = true));
    child.unref();
    if (child.pid === undefined) continue;
    writePidFile(pidFile, child.pid, { port });
    const up = await waitFor(async () => over || (await answers(port, password)), { withinMs: 60_000 });
    if (up && !over) return readPidFile(pidFile);
    await endProcess({ pid: child.pid });
    rmSync(pidFile, { force: true });
  }
  return undefined;
}

function configText({ port, data, password }) {
  return [
    `port ${port}`,
    'bind 127.0.0.1',
    `dir ${JSON.stringify(data)}`,
    `requirepass ${password}`,
    'maxmemory-policy noeviction',
    'appendonly yes',
    'save ""',
    'daemonize no',
    '',
  ].join('\n');
}

/** Whether a Redis with this password answers there: PONG, or LOADING while it reads its file (asked again then). */
function answers(port, password) {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' });
    let text = '';
    const end = (result) => {
      socket.destroy();
      resolve(result);
    };
    socket.setTimeout(2_000, () => end(false));
    socket.once('error', () => end(false));
    socket.once('close', () => end(false));
    socket.once('connect', () => socket.write(`AUTH ${password}\r\nPING\r\n`));
    socket.on('data', (part) => {
      text += part.toString('latin1');
      if (text.includes('+PONG')) end(true);
      else if (text.includes('-')) end(false);
    });
  });
}

function lastLines(path) {
  try {
    return readFileSync(path, 'utf8').trimEnd().split('\n').slice(-8).join('\n');
  } catch {
    return '(no log)';
  }
}
