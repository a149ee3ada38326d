import { spawnSync } from 'node:child_process';
import { accessSync, constants, cpSync, existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { giveToServiceAccount } from './account.mjs';
import { fromRoot } from './paths.mjs';
import { listFolder } from './processes.mjs';
import { runProgram } from './run-program.mjs';
import { StopError } from './stop-error.mjs';

const NAMES = ['redis-server', 'valkey-server'];
const HOW_TO_GET_ONE =
  'No Redis was found. Install one (Debian, Ubuntu: apt-get install redis-server; Fedora: dnf install valkey; macOS: brew install redis), or set REDIS_URL to one that you run.';

/** Unpacked copies outlive a data folder here, so that a second one needs no download. */
const cacheFolder = () => fromRoot('node_modules', '.cache', 'unitrail', 'redis');

/**
 * A Redis or Valkey server: on the PATH, else a copy that was unpacked earlier, else one unpacked now from the packages
 * of a Debian family machine (no root needed, nothing is installed).
 */
export async function findRedisServer({ home, say = () => undefined }) {
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    for (const name of NAMES) {
      const program = join(folder, name);
      if (folder && isProgram(program) && runs(program, {})) return { program, env: {} };
    }
  }
  const kept = join(home, 'redis', 'server');
  const found = unpacked(kept);
  if (found) return found;
  mkdirSync(join(home, 'redis'), { recursive: true, mode: 0o711 });
  const draft = `${kept}.${process.pid}`;
  if (unpacked(cacheFolder())) {
    cpSync(cacheFolder(), draft, { recursive: true, verbatimSymlinks: true });
  } else {
    say('unpacking a Redis server from the packages of this system');
    await unpackDebianPackages(draft);
    keepInCache(draft);
  }
  giveToServiceAccount(draft);
  rmSync(kept, { recursive: true, force: true });
  renameSync(draft, kept);
  const copied = unpacked(kept);
  if (!copied) throw new StopError(HOW_TO_GET_ONE);
  return copied;
}

function keepInCache(folder) {
  try {
    const draft = `${cacheFolder()}.${process.pid}`;
    cpSync(folder, draft, { recursive: true, verbatimSymlinks: true });
    rmSync(cacheFolder(), { recursive: true, force: true });
    renameSync(draft, cacheFolder());
  } catch {
    // Packages that belong to another account: the next data folder unpacks its own.
  }
}

function isProgram(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function runs(program, env) {
  return spawnSync(program, ['--version'], { env: { ...process.env, ...env }, stdio: 'ignore' }).status === 0;
}

function unpacked(folder) {
  const program = join(folder, 'usr', 'bin', 'redis-server');
  if (!existsSync(program)) return undefined;
  const libraries = listFolder(join(folder, 'usr', 'lib'))
    .map((name) => join(folder, 'usr', 'lib', name))
    .join(':');
  const env = { LD_LIBRARY_PATH: libraries };
  return runs(program, env) ? { program, env } : undefined;
}

async function unpackDebianPackages(target) {
  if (spawnSync('apt-get', ['--version'], { stdio: 'ignore' }).status !== 0) throw new StopError(HOW_TO_GET_ONE);
  const draft = `${target}.packages`;
  rmSync(draft, { recursive: true, force: true });
  const lists = join(draft, 'apt', 'lists');
  mkdirSync(join(lists, 'partial'), { recursive: true });
  mkdirSync(join(draft, 'apt', 'archives', 'partial'), { recursive: true });
  // Lists and downloads of our own: the system's belong to root, and stay as they are.
  const own = [
    ...['-o', `Dir::State::lists=${lists}`, '-o', `Dir::Cache=${join(draft, 'apt')}`, '-o', 'Acquire::Retries=2'],
    ...(process.getuid?.() === 0 ? ['-o', 'APT::Sandbox::User=root'] : []),
  ];
  const apt = (program, args) => runProgram(program, [...own, ...args], { cwd: join(draft, 'apt') });
  const unpack = async (names) => {
    const { status, text } = await apt('apt-get', ['download', '-q', ...names]);
    if (status !== 0) return text;
    for (const file of listFolder(join(draft, 'apt')).filter((name) => name.endsWith('.deb'))) {
      const archive = join(draft, 'apt', file);
      await runProgram('dpkg', ['-x', archive, join(draft, 'files')]);
      rmSync(archive);
    }
    return undefined;
  };
  try {
    await apt('apt-get', ['update', '-q']);
    let problem = await unpack(['redis-server', 'redis-tools', 'libjemalloc2', 'liblzf1']);
    if (!unpacked(join(draft, 'files'))) {
      // Another release, other libraries: all that the packages name, save the C library of the machine.
      const { text: depends } = await apt('apt-cache', ['depends', 'redis-server', 'redis-tools']);
      const libraries = [...new Set([...depends.matchAll(/Depends: ((?:lib|lua)[\w.+-]+)/g)].map((match) => match[1]))];
      problem =
        (await unpack(['redis-server', 'redis-tools', ...libraries.filter((name) => name !== 'libc6')])) ?? problem;
    }
    if (!unpacked(join(draft, 'files')))
      throw new StopError(`${HOW_TO_GET_ONE}${problem ? ` (${problem.split('\n')[0]})` : ''}`);
    rmSync(target, { recursive: true, force: true });
    mkdirSync(join(target, '..'), { recursive: true });
    renameSync(join(draft, 'files'), target);
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}
