import { mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TestProcess } from './processes';
import { testServices } from './services';

/** A port of the loopback that nobody listens on now. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}

function answers(port: number): Promise<true | undefined> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' });
    const end = (result: true | undefined): void => {
      socket.destroy();
      resolve(result);
    };
    socket.once('error', () => end(undefined));
    socket.once('close', () => end(undefined));
    socket.once('connect', () => socket.write('PING\r\n'));
    socket.once('data', (part) => end(part.toString().startsWith('+PONG') ? true : undefined));
  });
}

/** A Redis of its own (10 ms, 5 MB): queues and channels of two test files never meet, and it can be killed. */
export class TestRedis {
  private process?: TestProcess;
  private constructor(
    readonly port: number,
    private readonly folder: string,
  ) {}

  static async start(): Promise<TestRedis> {
    const redis = new TestRedis(await freePort(), mkdtempSync(join(tmpdir(), 'unitrail-redis-')));
    await redis.start();
    return redis;
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}/0`;
  }

  /** Starts it again at the same place with the same data. */
  async start(): Promise<void> {
    if (this.process?.running) return;
    const { program, env } = testServices().redis;
    const settings = ['--port', String(this.port), '--bind', '127.0.0.1', '--dir', this.folder, '--save', ''];
    this.process = TestProcess.start(
      'redis',
      program,
      [...settings, '--appendonly', 'yes', '--appendfsync', 'no', '--maxmemory-policy', 'noeviction'],
      { env: { ...process.env, ...env }, cwd: this.folder },
    );
    await this.process.ready(() => answers(this.port));
  }

  async kill(): Promise<void> {
    await this.process?.kill('SIGKILL');
  }

  async stop(): Promise<void> {
    await this.kill();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
