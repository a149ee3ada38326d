import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { withLock } from './lock.mjs';
import { fromRoot } from './paths.mjs';
import { readJson, writeWhole } from './processes.mjs';
import { runProgram } from './run-program.mjs';
import { StopError } from './stop-error.mjs';

const STAMP = fromRoot('node_modules', '.unitrail-install');

function lockHash() {
  return createHash('sha256')
    .update(readFileSync(fromRoot('package-lock.json')))
    .digest('hex');
}

/** Whether node_modules holds what package-lock.json asks for: by our stamp, else by npm's own note of what it installed. */
export function isInstalled() {
  if (!existsSync(STAMP)) return hasEveryPackage();
  return readFileSync(STAMP, 'utf8').trim() === lockHash() || hasEveryPackage();
}

function hasEveryPackage() {
  const wanted = readJson(fromRoot('package-lock.json'))?.packages;
  const have = readJson(fromRoot('node_modules', '.package-lock.json'))?.packages;
  if (!wanted || !have) return false;
  return Object.entries(wanted).every(([path, entry]) => {
    if (path === '' || entry.link) return true;
    // Packages for other platforms are listed, and rightly absent.
    return have[path] ? have[path].version === entry.version : entry.optional === true || entry.peer === true;
  });
}

/** Installs the packages where they are missing or the lock file has changed. */
export async function ensureInstalled({ say }) {
  if (!isInstalled()) {
    await withLock(fromRoot('.install.lock'), async () => {
      if (isInstalled()) return;
      say('installing packages (npm ci; a minute or two the first time)');
      // Nothing here needs its install script: what PostgreSQL's would do is done where its binaries are copied.
      const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
      const done = await runProgram(
        npm,
        ['ci', '--include=dev', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'],
        {
          env: { NODE_ENV: undefined },
        },
      );
      if (done.status !== 0) throw new StopError(`npm ci failed (is the package registry reachable?):\n${done.text}`);
    });
  }
  const hash = lockHash();
  if (existsSync(STAMP) && readFileSync(STAMP, 'utf8').trim() === hash) return;
  try {
    writeWhole(STAMP, `${hash}\n`, 0o644);
  } catch {
    // Packages that belong to another account: the next start compares them one by one again.
  }
}
