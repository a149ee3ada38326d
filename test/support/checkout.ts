import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TestProcess } from './processes';
import { ROOT } from './services';
import { waitFor } from './wait';

/** What `npm start` needs of a checkout. The built parts come along with their stamps, so that nothing is built again. */
const PARTS = [
  ...['package.json', 'package-lock.json', 'nest-cli.json', 'tsconfig.json', 'tsconfig.build.json', '.swcrc'],
  ...['src', 'migrations', 'scripts', 'test/scenarios', 'web', 'dist'],
];

export interface Account {
  uid: number;
  gid: number;
}

export interface RunFile {
  pid: number;
  url: string;
  port: number;
  databaseUrl: string;
  redisUrl: string;
}

const ADMIN_API_KEY = 'runtime-key-0123456789abcdef0123456789';

/** A copy of this checkout in a folder with spaces in its name, to start as a user would. */
export class Checkout {
  readonly apiKey = ADMIN_API_KEY;
  private readonly folder: string;
  readonly path: string;

  constructor(
    readonly account?: Account,
    options: { closed?: boolean } = {},
  ) {
    this.folder = mkdtempSync(join(tmpdir(), 'unitrail-checkout-'));
    this.path = join(this.folder, 'a plant of ours');
    mkdirSync(this.path);
    for (const part of PARTS) {
      if (existsSync(join(ROOT, part))) cpSync(join(ROOT, part), join(this.path, part), { recursive: true });
    }
    this.takePackages();
    if (account) spawnSync('chown', ['-R', `${account.uid}:${account.gid}`, this.folder]);
    // Closed: no other account can enter it, like a checkout under root's home.
    chmodSync(this.folder, options.closed ? 0o700 : 0o755);
  }

  get dataDir(): string {
    return join(this.path, '.data');
  }

  /** Linked where the account can read them, else copied. */
  private takePackages(): void {
    const source = realpathSync(join(ROOT, 'node_modules'));
    const readable =
      !this.account ||
      spawnSync('/bin/sh', ['-c', 'ls -- "$1"', 'sh', source], { ...this.account, cwd: '/' }).status === 0;
    if (readable) symlinkSync(source, join(this.path, 'node_modules'));
    else cpSync(source, join(this.path, 'node_modules'), { recursive: true, verbatimSymlinks: true });
  }

  /** `npm start`, or another program of the checkout. */
  run(args: string[], env: Record<string, string> = {}): TestProcess {
    return TestProcess.start('npm', 'npm', args, {
      cwd: this.path,
      ...this.account,
      env: {
        PATH: process.env.PATH,
        HOME: this.path,
        // The outer npm's settings are not this one's.
        npm_config_cache: join(this.path, '.npm'),
        npm_config_update_notifier: 'false',
        PORT: '0',
        DEMO: '0',
        ADMIN_API_KEY,
        ...env,
      },
    });
  }

  /** Starts and waits for the line that says it is ready. */
  async start(env: Record<string, string> = {}): Promise<{ start: TestProcess; url: string }> {
    const start = this.run(['start'], env);
    const url = await start.ready(() => /^Unitrail is ready: (http:\S+)$/m.exec(start.logs())?.[1], 120_000);
    return { start, url };
  }

  runFile(): RunFile {
    return JSON.parse(readFileSync(join(this.dataDir, 'run.json'), 'utf8')) as RunFile;
  }

  /** The process that a pid file names. */
  pidOf(name: 'api' | 'worker' | 'redis'): number {
    return (JSON.parse(readFileSync(join(this.dataDir, 'run', `${name}.pid`), 'utf8')) as { pid: number }).pid;
  }

  /** Every process that was started from here: its program, its arguments or its folder is inside. */
  processes(): { pid: number; command: string }[] {
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .flatMap((name) => {
        try {
          const command = readFileSync(`/proc/${name}/cmdline`, 'utf8').split('\0').join(' ').trim();
          const cwd = whereTo(`/proc/${name}/cwd`);
          const state = /^State:\s+(\S)/m.exec(readFileSync(`/proc/${name}/status`, 'utf8'))?.[1];
          const ours = command.includes(this.folder) || cwd.startsWith(this.folder);
          return ours && state !== 'Z' && state !== 'X' ? [{ pid: Number(name), command }] : [];
        } catch {
          return [];
        }
      });
  }

  killAll(): void {
    for (const { pid } of this.processes()) {
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // It has ended with another one.
      }
    }
  }

  async remove(): Promise<void> {
    this.killAll();
    await waitFor(() => this.processes().length === 0, { what: 'the end of all processes' });
    rmSync(this.folder, { recursive: true, force: true });
  }
}

function whereTo(link: string): string {
  try {
    return realpathSync(link);
  } catch {
    return '';
  }
}
