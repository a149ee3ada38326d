import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fromRoot } from './paths.mjs';
import { endLeftovers, readJson, writeWhole } from './processes.mjs';
import { lockHolder, tryLock } from './lock.mjs';
import { runProgram } from './run-program.mjs';
import { StopError } from './stop-error.mjs';

const lockOf = (dataDir) => join(dataDir, 'start.lock');
const runFileOf = (dataDir) => join(dataDir, 'run.json');

/** Takes a data folder for this process alone. Gives the function that frees it. */
export function takeDataDir(dataDir) {
  try {
    mkdirSync(dataDir, { recursive: true, mode: 0o711 });
    const free = tryLock(lockOf(dataDir));
    if (free) return free;
  } catch (error) {
    throw new StopError(`DATA_DIR: ${dataDir} cannot be written to (${error.code ?? error.message}).`);
  }
  const holder = lockHolder(lockOf(dataDir));
  const url = readJson(runFileOf(dataDir))?.url;
  throw new StopError(
    `Unitrail is running already on ${dataDir}${holder ? ` (process ${holder.pid}${url ? `, ${url}` : ''})` : ''}. Stop it, or set DATA_DIR and PORT to others.`,
  );
}

/** The running start of a data folder, when there is one and it is ready. */
export function runningInstance(dataDir) {
  const holder = lockHolder(lockOf(dataDir));
  const run = readJson(runFileOf(dataDir));
  return holder && run && run.pid === holder.pid ? run : undefined;
}

export const isTaken = (dataDir) => lockHolder(lockOf(dataDir)) !== undefined;

/** Where everything answers: for `npm run cli`, for people and for their scripts. Holds passwords. */
export const writeRunFile = (dataDir, run) =>
  writeWhole(runFileOf(dataDir), `${JSON.stringify(run, null, 2)}\n`, 0o600);
export const removeRunFile = (dataDir) => rmSync(runFileOf(dataDir), { force: true });

/** Ends the api and the worker that a killed start left. Redis and PostgreSQL are adopted instead. */
export async function endLeftoverServers(dataDir) {
  const runDir = join(dataDir, 'run');
  if (!existsSync(runDir)) return [];
  return endLeftovers(runDir, { withinMs: 10_000, only: (name) => name === 'api.pid' || name === 'worker.pid' });
}

/** One command of the built program, to its end; with its words when it fails. */
export async function runCommand(name, args, { env, onLine } = {}) {
  const { status, text } = await runProgram(
    process.execPath,
    ['--enable-source-maps', fromRoot('dist', 'src', 'cli.js'), ...args],
    {
      env: { NODE_ENV: 'production', ...env },
      onLine,
    },
  );
  if (status !== 0) throw new StopError(`${name} failed:\n${text.split('\n').slice(-30).join('\n')}`);
}
