import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createDatabase, TestDatabase } from './database';
import { removeFile, TestProcess } from './processes';
import { TestRedis } from './redis';
import { builtFile, ROOT } from './services';

export interface AppOptions {
  /** settings on top of the harness's own */
  env?: Record<string, string>;
  /** false: the api alone */
  worker?: boolean;
}

const ADMIN_API_KEY = 'test-admin-key-0123456789abcdef0123456789';
const ADMIN_PASSWORD = 'correct horse battery staple';

/** The built api and worker as processes, with a database and a Redis of their own. */
export class TestApp {
  readonly apiKey: string = ADMIN_API_KEY;
  readonly adminPassword = ADMIN_PASSWORD;
  private api?: TestProcess;
  private worker?: TestProcess;
  private readonly helpers: TestProcess[] = [];
  private port = 0;
  private readonly past: { api: string; worker: string } = { api: '', worker: '' };
  private readonly folder = mkdtempSync(join(tmpdir(), 'unitrail-app-'));

  private constructor(
    readonly database: TestDatabase,
    readonly redis: TestRedis,
    private readonly options: AppOptions,
  ) {}

  static async start(options: AppOptions = {}): Promise<TestApp> {
    const [database, redis] = await Promise.all([createDatabase(), TestRedis.start()]);
    const app = new TestApp(database, redis, options);
    try {
      await Promise.all([app.startApi(), options.worker === false ? undefined : app.startWorker()]);
      return app;
    } catch (error) {
      await app.stop();
      throw error;
    }
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  get apiPid(): number {
    return this.api!.pid;
  }

  /** What both processes have printed so far, earlier lives included. */
  get logs(): { api: string; worker: string } {
    return { api: this.past.api + (this.api?.logs() ?? ''), worker: this.past.worker + (this.worker?.logs() ?? '') };
  }

  async startApi(): Promise<void> {
    this.past.api += this.api?.logs() ?? '';
    this.api = this.launch('api', 'main.js');
    this.port = (await this.ready('api', this.api)).port ?? 0;
  }

  async startWorker(): Promise<void> {
    this.past.worker += this.worker?.logs() ?? '';
    this.worker = this.launch('worker', 'worker.js');
    await this.ready('worker', this.worker);
  }

  /** One worker more, beside the first; it ends with the app. */
  async addWorker(): Promise<void> {
    const name = `worker-${this.helpers.length + 2}`;
    const helper = this.launch(name, 'worker.js');
    this.helpers.push(helper);
    await this.ready(name, helper);
  }

  /** kill -9 by default; SIGTERM ends it gently. */
  async killApi(signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    await this.api?.kill(signal);
  }

  async killWorker(signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    await this.worker?.kill(signal);
  }

  async stop(): Promise<void> {
    await Promise.all([
      this.killApi('SIGTERM'),
      this.killWorker('SIGTERM'),
      ...this.helpers.map((helper) => helper.kill('SIGTERM')),
    ]).catch(async () => {
      await Promise.all([this.killApi(), this.killWorker(), ...this.helpers.map((helper) => helper.kill('SIGKILL'))]);
    });
    await Promise.all([this.redis.stop(), this.database.drop()]);
    rmSync(this.folder, { recursive: true, force: true });
  }

  private readyFile(name: string): string {
    return join(this.folder, `${name}.ready`);
  }

  private launch(name: string, file: string): TestProcess {
    removeFile(this.readyFile(name));
    return TestProcess.start(name, process.execPath, [builtFile(file)], {
      cwd: ROOT,
      env: {
        PATH: process.env.PATH,
        HOME: process.env.HOME,
        TZ: 'UTC',
        NODE_ENV: 'production',
        HOST: '127.0.0.1',
        // A restarted api keeps its port: clients of the first one find it again.
        PORT: String(this.port),
        DATABASE_URL: this.database.url,
        REDIS_URL: this.redis.url,
        DATA_DIR: this.folder,
        DEMO: '0',
        LOG_LEVEL: 'info',
        ADMIN_API_KEY,
        ADMIN_PASSWORD,
        READY_FILE: this.readyFile(name),
        ...this.options.env,
      },
    });
  }

  private ready(name: string, child: TestProcess): Promise<{ port?: number; pid: number }> {
    return child.ready(() => {
      try {
        return JSON.parse(readFileSync(this.readyFile(name), 'utf8')) as { port?: number; pid: number };
      } catch {
        return undefined;
      }
    });
  }
}

export const startApp = (options?: AppOptions): Promise<TestApp> => TestApp.start(options);

/** An app for the file it is called in: started before its first test, stopped after its last one. */
export function useApp(options?: AppOptions): () => TestApp {
  let started: TestApp | undefined;
  beforeAll(async () => {
    started = await startApp(options);
  });
  afterAll(async () => {
    await started?.stop();
  });
  return () => {
    if (!started) throw new Error('The app is there from beforeAll on.');
    return started;
  };
}
