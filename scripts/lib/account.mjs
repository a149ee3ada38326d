import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, mkdirSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { StopError } from './stop-error.mjs';

const isRoot = process.getuid?.() === 0;

/** PostgreSQL refuses to run as root: started by root, the services run as the nobody account. */
export const SERVICE_ACCOUNT = isRoot ? { uid: 65534, gid: 65534 } : undefined;

/** Spawn options that make a child run under the service account. */
export const asServiceAccount = SERVICE_ACCOUNT ?? {};

function serviceAccountReaches(folder) {
  const look = spawnSync('/bin/sh', ['-c', 'cd -- "$1"', 'sh', folder], {
    ...SERVICE_ACCOUNT,
    cwd: '/',
    stdio: 'ignore',
  });
  return look.status === 0;
}

/**
 * The folder that holds the services' data: that of the settings, or, where root keeps the checkout in a folder that no
 * other account can enter, one under /var/lib that is named after it.
 */
export function servicesHome(dataDir) {
  if (!SERVICE_ACCOUNT) {
    makeFolder(dataDir, 0o700);
    return dataDir;
  }
  makeFolder(dataDir, 0o711);
  chmodSync(dataDir, 0o711);
  if (serviceAccountReaches(realpathSync(dataDir))) return dataDir;
  const name = createHash('sha256').update(realpathSync(dataDir)).digest('hex').slice(0, 16);
  const home = join('/var/lib/unitrail', name);
  makeFolder(home, 0o711);
  if (!serviceAccountReaches(home)) {
    throw new StopError(
      `PostgreSQL cannot run as root, and the account nobody can enter neither ${dataDir} nor ${home}. Set DATA_DIR to a folder that every account may enter, or start as another user.`,
    );
  }
  return home;
}

function makeFolder(path, mode) {
  try {
    mkdirSync(path, { recursive: true, mode });
  } catch (error) {
    throw new StopError(
      `The folder ${path} cannot be made (${error.code}). Set DATA_DIR to a folder that you may write to.`,
    );
  }
}

/** Gives a folder and all in it to the service account. */
export function giveToServiceAccount(path) {
  if (!SERVICE_ACCOUNT) return;
  const given = spawnSync('chown', ['-R', `${SERVICE_ACCOUNT.uid}:${SERVICE_ACCOUNT.gid}`, path], { stdio: 'ignore' });
  if (given.status !== 0)
    throw new StopError(`The folder ${path} cannot be given to the account that runs PostgreSQL.`);
}
