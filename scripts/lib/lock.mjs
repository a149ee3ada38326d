import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { isRunning, processKey, readJson } from './processes.mjs';
import { waitFor } from './wait.mjs';

/**
 * A lock file that names its holder. The lock of a dead holder is taken over. Gives the function that frees it, or
 * undefined when a living process holds it.
 */
export function tryLock(path) {
  mkdirSync(dirname(path), { recursive: true });
  const mine = `${path}.${process.pid}`;
  writeFileSync(mine, JSON.stringify({ pid: process.pid, key: processKey(process.pid) }), { mode: 0o600 });
  try {
    for (let attempt = 0; attempt < 5; attempt++) {
      try {
        // A link appears with its content in one step; a file that is created and then written could be read empty.
        linkSync(mine, path);
        return () => {
          if (readJson(path)?.pid === process.pid) rmSync(path, { force: true });
        };
      } catch (error) {
        if (error.code !== 'EEXIST') throw error;
      }
      if (!removeDeadLock(path)) return undefined;
    }
    return undefined;
  } finally {
    rmSync(mine, { force: true });
  }
}

/** Who holds the lock, while they live. */
export function lockHolder(path) {
  const holder = readJson(path);
  return holder && isRunning(holder) ? holder : undefined;
}

function removeDeadLock(path) {
  const seen = readText(path);
  if (seen === undefined) return true;
  const holder = readJson(path);
  if (holder && isRunning(holder)) return false;
  // Two may find the same dead lock: only what is moved away and still is that one is thrown away.
  const away = `${path}.${process.pid}.dead`;
  try {
    renameSync(path, away);
  } catch (error) {
    if (error.code === 'ENOENT') return true;
    throw error;
  }
  if (readText(away) !== seen) {
    try {
      linkSync(away, path);
    } catch {
      // Somebody holds it already, which is as good.
    }
  }
  rmSync(away, { force: true });
  return true;
}

function readText(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

/** Waits for the lock, works, frees it. */
export async function withLock(path, work, { withinMs = 300_000, onWait } = {}) {
  let free = tryLock(path);
  if (!free) {
    onWait?.();
    free = await waitFor(() => tryLock(path), { withinMs, everyMs: 100 });
  }
  if (!free) throw new Error(`The lock ${path} was not freed within ${withinMs / 1000} s.`);
  try {
    return await work();
  } finally {
    free();
  }
}
