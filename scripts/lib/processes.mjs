import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { waitFor } from './wait.mjs';

/**
 * Tells one process from a later one with the same number: the kernel's start time, or undefined when there is no such
 * process. A zombie counts as gone: in a container without an init nobody reaps an orphan.
 */
export function processKey(pid) {
  if (!Number.isInteger(pid) || pid <= 0) return undefined;
  if (process.platform === 'linux') {
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
      // The name in parentheses may hold spaces; the fields that count stand after the last one.
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      return fields[0] === 'Z' || fields[0] === 'X' ? undefined : `${fields[19]}`;
    } catch {
      return undefined;
    }
  }
  const ps = spawnSync('ps', ['-o', 'stat=,lstart=', '-p', String(pid)], { encoding: 'utf8' });
  const line = (ps.stdout ?? '').trim();
  return ps.status !== 0 || line === '' || line.startsWith('Z') ? undefined : line.replace(/^\S+\s+/, '');
}

export function isRunning({ pid, key }) {
  const now = processKey(pid);
  return now !== undefined && (key === undefined || now === key);
}

export function writeWhole(path, text, mode = 0o600) {
  mkdirSync(dirname(path), { recursive: true });
  const draft = `${path}.${process.pid}.new`;
  writeFileSync(draft, text, { mode });
  renameSync(draft, path);
}

export function readJson(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return undefined;
  }
}

/** Notes who a process is, so that a later start finds it even after this one was killed. */
export function writePidFile(path, pid, more = {}) {
  writeWhole(path, JSON.stringify({ pid, key: processKey(pid), ...more }));
}

/** The process of a pid file while it runs, else undefined. */
export function readPidFile(path) {
  const noted = readJson(path);
  return noted && isRunning(noted) ? noted : undefined;
}

function signal(pid, name) {
  try {
    process.kill(pid, name);
  } catch (error) {
    if (error.code !== 'ESRCH') throw error;
  }
}

/** Asks a process to end, and kills it when it does not within the time. Gives 'ended' or 'killed'. */
export async function endProcess(noted, { withinMs = 10_000, signalName = 'SIGTERM' } = {}) {
  if (!isRunning(noted)) return 'ended';
  signal(noted.pid, signalName);
  if (await waitFor(() => !isRunning(noted), { withinMs, everyMs: 25 })) return 'ended';
  signal(noted.pid, 'SIGKILL');
  await waitFor(() => !isRunning(noted), { withinMs: 5_000, everyMs: 25 });
  return 'killed';
}

/** Ends what the pid files of a folder name (the remains of a start that was killed), and removes the files. */
export async function endLeftovers(folder, { withinMs = 5_000, only = () => true } = {}) {
  const ended = [];
  for (const name of listFolder(folder).filter((file) => file.endsWith('.pid') && only(file))) {
    const path = join(folder, name);
    const noted = readPidFile(path);
    if (noted) {
      await endProcess(noted, { withinMs });
      ended.push(name.replace(/\.pid$/, ''));
    }
    rmSync(path, { force: true });
  }
  return ended;
}

export function listFolder(folder) {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** Environment without the settings of an outer npm, which would change how an inner one behaves. */
export function cleanEnv(more = {}) {
  const env = {};
  for (const [name, value] of Object.entries(process.env))
    if (!/^npm_(package|lifecycle|command)/.test(name)) env[name] = value;
  return { ...env, ...more };
}
