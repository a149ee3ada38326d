import { spawn } from 'node:child_process';
import { appendFileSync, mkdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ROOT } from './paths.mjs';
import { cleanEnv, endProcess, processKey, readJson, writePidFile } from './processes.mjs';
import { StopError } from './stop-error.mjs';
import { waitFor } from './wait.mjs';

const BACKOFF_MS_MAX = 30_000;
/** A life this long counts as healthy: the next restart is at once again. */
const HEALTHY_MS = 60_000;
const LOG_BYTES_MAX = 20 * 2 ** 20;

/** A server process that is started again when it dies: 0.25 s later, then twice as long each time, 30 s at most. */
export class Supervised {
  #child;
  #stopping = false;
  #failures = 0;
  #tail = [];

  constructor({ name, script, env, dataDir, say }) {
    Object.assign(this, { name, script, env, say });
    this.readyFile = join(dataDir, 'run', `${name}.ready`);
    this.pidFile = join(dataDir, 'run', `${name}.pid`);
    this.logFile = join(dataDir, 'log', `${name}.log`);
    mkdirSync(dirname(this.logFile), { recursive: true, mode: 0o700 });
  }

  /** Starts it for the first time: what it answers when ready; its own last words when it ends before. */
  async start(withinMs = 120_000) {
    this.#launch();
    const ready = await waitFor(() => this.#readReady() ?? (this.#child ? undefined : 'ended'), { withinMs });
    if (ready && ready !== 'ended') {
      this.#wasReady = true;
      return ready;
    }
    await this.stop();
    const words = this.#tail.join('\n') || '(it said nothing)';
    throw new StopError(`The ${this.name} ${ready ? 'ended before it was ready' : 'was not ready in time'}:\n${words}`);
  }

  #wasReady = false;

  #readReady() {
    const ready = readJson(this.readyFile);
    return ready && this.#child && ready.pid === this.#child.pid ? ready : undefined;
  }

  #launch() {
    rmSync(this.readyFile, { force: true });
    rotate(this.logFile);
    const startedAt = Date.now();
    // A group of its own: Ctrl-C in a terminal comes to this process alone, which then ends all in order.
    const child = spawn(process.execPath, ['--enable-source-maps', this.script], {
      cwd: ROOT,
      env: cleanEnv({ NODE_ENV: 'production', ...this.env, READY_FILE: this.readyFile }),
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    this.#child = child;
    if (child.pid !== undefined) writePidFile(this.pidFile, child.pid);
    this.key = processKey(child.pid);
    for (const stream of [child.stdout, child.stderr]) this.#listen(stream);
    const over = (how) => {
      if (this.#child !== child) return;
      this.#child = undefined;
      rmSync(this.pidFile, { force: true });
      if (this.#stopping || !this.#wasReady) return;
      this.#failures = Date.now() - startedAt > HEALTHY_MS ? 0 : this.#failures + 1;
      const delayMs = this.#failures === 0 ? 0 : Math.min(BACKOFF_MS_MAX, 125 * 2 ** this.#failures);
      this.say(`the ${this.name} ended (${how}); starting it again`);
      this.restart = setTimeout(() => !this.#stopping && this.#launch(), delayMs);
    };
    child.once('error', (error) => over(error.message));
    child.once('exit', (code, signal) => over(signal ?? `exit code ${code}`));
  }

  /** Log lines go to the file; what is no log line is for the person who started us. */
  #listen(stream) {
    let rest = '';
    stream.setEncoding('utf8');
    stream.on('data', (part) => {
      appendFileSync(this.logFile, part, { mode: 0o600 });
      const lines = (rest + part).split('\n');
      rest = lines.pop();
      for (const line of lines) {
        if (line.trim() === '') continue;
        this.#tail = [...this.#tail, line].slice(-20);
        if (!line.startsWith('{')) console.log(line);
      }
    });
  }

  async stop({ withinMs = 20_000 } = {}) {
    this.#stopping = true;
    clearTimeout(this.restart);
    const child = this.#child;
    if (child?.pid !== undefined) await endProcess({ pid: child.pid, key: this.key }, { withinMs });
    rmSync(this.pidFile, { force: true });
    rmSync(this.readyFile, { force: true });
  }
}

/** One old log is kept. */
function rotate(path) {
  try {
    if (statSync(path).size > LOG_BYTES_MAX) renameSync(path, `${path}.1`);
  } catch {
    // There is none yet.
  }
}

/** Starts our own PostgreSQL or Redis again when it dies. Gives the function that stops watching. */
export function watchService(name, service, say) {
  if (!service.restart) return () => undefined;
  let busy = false;
  const timer = setInterval(async () => {
    if (busy || service.process()) return;
    busy = true;
    say(`${name} ended; starting it again`);
    await service.restart().catch((error) => say(`${name} did not start: ${error.message}`));
    busy = false;
  }, 1_000);
  return async () => {
    clearInterval(timer);
    await waitFor(() => !busy, { withinMs: 60_000 });
  };
}
