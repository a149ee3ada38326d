/** A peer in a process of its own (of our process group): what it does to its memory, or a crash, stays with it. */
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export class Peer {
  #child;
  #waiting;
  #ended;

  constructor(name) {
    this.name = name;
  }

  /** Starts it and loads the graph: { version, ms } — or throws, with what it said. */
  async open(settings) {
    const script = fileURLToPath(new URL('../peers/child.mjs', import.meta.url));
    this.#child = fork(script, [this.name], {
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      execArgv: ['--max-old-space-size=8192'],
    });
    this.#child.on('message', (message) => this.#settle(message));
    this.#child.once('exit', (code, signal) => {
      this.#ended = `the process ended (${signal ?? `exit code ${code}`})`;
      this.#settle({ error: this.#ended });
    });
    return this.#ask({ do: 'open', settings });
  }

  /** Counts what the seed reaches: { ms, count }. */
  count(variant, seed) {
    return this.#ask({ do: 'count', variant, seed });
  }

  /** The set itself: { count, hash }. */
  set(variant, seed) {
    return this.#ask({ do: 'set', variant, seed });
  }

  async close() {
    if (!this.#child || this.#ended) return;
    const gone = new Promise((resolve) => this.#child.once('exit', resolve));
    this.#child.kill('SIGKILL');
    await gone;
  }

  #ask(message) {
    if (this.#ended) return Promise.reject(new Error(this.#ended));
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
      this.#child.send(message);
    });
  }

  #settle({ error, ...answer }) {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    if (error) waiting?.reject(new Error(error));
    else waiting?.resolve(answer);
  }
}
