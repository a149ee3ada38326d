import { ChildProcess, spawn, SpawnOptions } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { testServices } from './services';
import { waitFor } from './wait';

type Noted = Map<number, { name: string; forget: () => void }>;

/** A process of a test. It is noted until it has ended, and one that is never ended fails its test file. */
export class TestProcess {
  private output = '';
  private constructor(
    readonly name: string,
    readonly child: ChildProcess,
  ) {}

  static start(name: string, program: string, args: string[], options: SpawnOptions = {}): TestProcess {
    const child = spawn(program, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
    const started = new TestProcess(name, child);
    const keep = (part: Buffer): void => {
      started.output += part.toString('utf8');
    };
    child.stdout?.on('data', keep);
    child.stderr?.on('data', keep);
    child.once('error', (error) => keep(Buffer.from(`${error.message}\n`)));
    const { pid } = child;
    if (pid !== undefined) {
      const noted = (globalThis as unknown as { unitrailProcesses: Noted }).unitrailProcesses;
      const folder = testServices().runDir;
      const note = join(folder, `${name}-${pid}.pid`);
      const forget = (): void => rmSync(note, { force: true });
      mkdirSync(folder, { recursive: true });
      writeFileSync(note, JSON.stringify({ pid }));
      noted.set(pid, { name, forget });
      child.once('exit', () => {
        noted.delete(pid);
        forget();
      });
    }
    return started;
  }

  get pid(): number {
    if (this.child.pid === undefined) throw new Error(`${this.name} did not start: ${this.output}`);
    return this.child.pid;
  }

  get running(): boolean {
    return this.child.pid !== undefined && this.child.exitCode === null && this.child.signalCode === null;
  }

  /** Everything it has printed. */
  logs(): string {
    return this.output;
  }

  /** Waits for its end; gives the exit code, or null when a signal ended it. */
  async ended(withinMs = 20_000): Promise<number | null> {
    await waitFor(() => !this.running, { withinMs, what: `the end of ${this.name}` });
    return this.child.exitCode;
  }

  async kill(signal: NodeJS.Signals = 'SIGKILL', withinMs = 20_000): Promise<void> {
    if (!this.running) return;
    this.child.kill(signal);
    await this.ended(withinMs);
  }

  /** Waits for the file in which a server says that it is ready. */
  async ready<T>(read: () => T | undefined | Promise<T | undefined>, withinMs = 60_000): Promise<T> {
    const found = await waitFor(async () => (this.running ? await read() : 'ended'), {
      withinMs,
      what: `${this.name} to be ready`,
    }).catch((error: Error) => {
      throw new Error(`${error.message}. It printed:\n${this.output.slice(-4000)}`);
    });
    if (found === 'ended')
      throw new Error(`${this.name} ended before it was ready. It printed:\n${this.output.slice(-4000)}`);
    return found;
  }
}

export function removeFile(path: string): void {
  if (existsSync(path)) rmSync(path);
}
