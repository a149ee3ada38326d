import { readFileSync, statSync } from 'node:fs';
import { createServer, Server } from 'node:net';
import { join } from 'node:path';
import { Checkout, http, TestProcess, waitFor } from '../../support';

const READY = /^Unitrail is ready: /gm;
const modeOf = (path: string): string => (statSync(path).mode & 0o777).toString(8);

describe('npm start, in a folder with spaces', () => {
  const checkout = new Checkout();
  const dataFile = (...parts: string[]): string => join(checkout.dataDir, ...parts);
  let start: TestProcess;
  let url = '';
  const api = (): ReturnType<typeof http> => http({ url, apiKey: checkout.apiKey });
  const isReady = async (): Promise<boolean> =>
    (await http({ url, apiKey: '' }, null).get('/health/ready')).status === 200;

  beforeAll(async () => {
    ({ start, url } = await checkout.start());
  });
  afterAll(async () => {
    await checkout.remove();
  });

  it('says what it does and how far it is, and once that it is ready', async () => {
    expect(start.logs()).toMatch(/\[1\/8\].*\n[^]*\[8\/8\]/);
    expect(start.logs().match(READY)).toHaveLength(1);
    await waitFor(isReady, { what: '/health/ready' });
  });

  it('keeps addresses and passwords to its owner', () => {
    expect(modeOf(dataFile('run.json'))).toBe('600');
    expect(modeOf(dataFile('secrets.json'))).toBe('600');
    expect(checkout.runFile()).toMatchObject({ url });
  });

  it('refuses a second start on the same data, which changes nothing', async () => {
    const second = checkout.run(['start']);
    expect(await second.ended()).toBe(1);
    expect(second.logs()).toContain('Unitrail is running already');
    expect(second.logs()).toContain(url);
    expect(await isReady()).toBe(true);
  });

  it('lends its services to the command line', async () => {
    const command = checkout.run(['run', 'cli', '--', 'migrate']);
    expect(await command.ended(60_000)).toBe(0);
    expect(command.logs()).toContain('The database is up to date.');
    expect(await isReady()).toBe(true);
  });

  it('hands on the exit code of a command', async () => {
    const command = checkout.run(['run', 'cli', '--', 'no-such-command']);
    expect(await command.ended(60_000)).toBe(2);
  });

  it('starts a worker that dies again', async () => {
    const before = checkout.pidOf('worker');
    process.kill(before, 'SIGKILL');
    await waitFor(() => checkout.pidOf('worker') !== before && statSync(dataFile('run', 'worker.ready')), {
      what: 'a new worker',
    });
    await waitFor(isReady, { what: '/health/ready' });
  });

  it('starts an api that dies again, at the same port', async () => {
    const before = checkout.pidOf('api');
    process.kill(before, 'SIGKILL');
    await waitFor(async () => checkout.pidOf('api') !== before && (await isReady()), {
      what: 'a new api',
      withinMs: 40_000,
    });
  });

  it('starts a Redis that dies again, and is ready again', async () => {
    const before = checkout.pidOf('redis');
    process.kill(before, 'SIGKILL');
    await waitFor(async () => checkout.pidOf('redis') !== before && (await isReady()), {
      what: 'a new Redis',
      withinMs: 40_000,
    });
  });

  it('starts again after kill -9 of all of it, with all that was recorded', async () => {
    await api()
      .put('/api/v1/items/KILL-9')
      .send({ name: 'Survivor', tracking: 'lot', uom: 'kg' })
      .expect((answer) => {
        expect([200, 201]).toContain(answer.status);
      });
    checkout.killAll();
    await waitFor(() => checkout.processes().length === 0, { what: 'the end of all' });
    ({ start, url } = await checkout.start());
    const item = await api().get('/api/v1/items/KILL-9').expect(200);
    expect(item.body).toMatchObject({ name: 'Survivor' });
  });

  it('takes over what a start leaves that was killed alone', async () => {
    const [apiBefore, redisBefore] = [checkout.pidOf('api'), checkout.pidOf('redis')];
    process.kill(checkout.runFile().pid, 'SIGKILL');
    await start.ended();
    ({ start, url } = await checkout.start());
    expect(start.logs()).toContain('ended what an earlier start had left');
    expect(checkout.pidOf('api')).not.toBe(apiBefore);
    expect(checkout.pidOf('redis')).toBe(redisBefore);
    await api().get('/api/v1/items/KILL-9').expect(200);
  });

  it('ends every child on SIGTERM, the database cleanly', async () => {
    await start.kill('SIGTERM', 60_000);
    expect(start.child.exitCode).toBe(0);
    expect(checkout.processes()).toEqual([]);
    const log = readFileSync(dataFile('postgres', 'log', 'server.log'), 'utf8');
    expect(log.trimEnd().split('\n').at(-1)).toContain('database system is shut down');
  });

  it('runs a command without a start, and leaves nothing running', async () => {
    const command = checkout.run(['run', 'cli', '--', 'help']);
    expect(await command.ended(60_000)).toBe(0);
    expect(command.logs()).toContain('migrate');
    expect(checkout.processes()).toEqual([]);
  });

  it('ends what it has begun when it is told to stop half-way', async () => {
    const early = checkout.run(['start']);
    await early.ready(() => early.logs().includes('[5/8]') || undefined);
    await early.kill('SIGINT', 60_000);
    expect(early.child.exitCode).toBe(0);
    expect(early.logs()).not.toMatch(READY);
    expect(checkout.processes()).toEqual([]);
  });
});

describe('npm start with wrong settings', () => {
  const checkout = new Checkout();
  let taken: Server;
  let takenPort = 0;

  beforeAll(async () => {
    taken = createServer();
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
    takenPort = (taken.address() as { port: number }).port;
  });
  afterAll(async () => {
    taken.close();
    await checkout.remove();
  });

  it.each([
    [{ PORT: '99999' }, 'PORT must be a whole number from 0 to 65535'],
    [{ ADMIN_API_KEY: 'short' }, 'ADMIN_API_KEY must have at least 32 characters'],
    [{ ADMIN_PASSWORD: 'abc' }, 'ADMIN_PASSWORD must have at least 8 characters'],
    [{ DEMO: 'perhaps' }, 'DEMO must be 1 or 0'],
    [{ LOG_LEVEL: 'loud' }, 'LOG_LEVEL must be one of'],
    [{ DATABASE_URL: 'mysql://u:hunter2@h/d' }, 'DATABASE_URL is no address of that kind'],
    [
      { DATABASE_URL: 'postgres://u:hunter2@127.0.0.1:1/d' },
      'DATABASE_URL: PostgreSQL at 127.0.0.1:1/d cannot be used',
    ],
    [{ REDIS_URL: 'redis://:hunter2@127.0.0.1:1' }, 'REDIS_URL: Redis at 127.0.0.1:1 cannot be used'],
    [{ DATA_DIR: '/dev/null/data' }, 'DATA_DIR: /dev/null/data cannot be written to'],
  ])('names what is wrong: %j', async (env, message) => {
    const start = checkout.run(['start'], env);
    expect(await start.ended(60_000)).toBe(1);
    expect(start.logs()).toContain(`Error: ${message}`);
    expect(start.logs()).not.toContain('hunter2');
    expect(start.logs()).not.toMatch(/^\s+at /m);
    expect(checkout.processes()).toEqual([]);
  });

  it('tells all that is wrong at once', async () => {
    const start = checkout.run(['start'], { PORT: 'x', DEMO: 'y' });
    expect(await start.ended()).toBe(1);
    expect(start.logs()).toMatch(/PORT must[^]*DEMO must/);
  });

  it('says when the port is taken', async () => {
    const start = checkout.run(['start'], { PORT: String(takenPort) });
    expect(await start.ended()).toBe(1);
    expect(start.logs()).toContain(`PORT ${takenPort} is in use`);
  });
});
