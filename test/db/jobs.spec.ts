import { Logger } from '@nestjs/common';
import { DomainError } from '@/kernel';
import { Settings } from '@/platform/config';
import { JobHandler, JobQueues, JobRegistry, JobRunner, ProgressBus, RedisConnections } from '@/platform/jobs';
import { Outbox } from '@/platform/outbox';
import { TestRedis, useDatabase, waitFor } from '../support';

const db = useDatabase();
const ctx = { actor: 'user:test', source: 'user:test' };

let redis: TestRedis;
beforeAll(async () => {
  Logger.overrideLogger(false);
  redis = await TestRedis.start();
});
afterAll(() => redis.stop());

/** What a worker process is made of, without the process. */
class Work {
  readonly handled: string[] = [];
  readonly givenUp: string[] = [];
  lost: string[] = [];
  readonly connections: RedisConnections;
  readonly outbox: Outbox;
  readonly bus: ProgressBus;
  private readonly runner: JobRunner;

  constructor(does: JobHandler['handle'] = () => Promise.resolve()) {
    const settings = new Settings({ DATABASE_URL: db().url, REDIS_URL: redis.url });
    this.connections = new RedisConnections(settings);
    const queues = new JobQueues(settings, this.connections);
    const registry = new JobRegistry();
    registry.register({
      queue: 'trace',
      concurrency: 2,
      handle: async (id, signal) => {
        this.handled.push(id);
        await does(id, signal);
      },
      findLost: () => Promise.resolve(this.lost),
      giveUp: (id, error) => {
        this.givenUp.push(`${id} ${error.message}`);
        return Promise.resolve();
      },
    });
    this.runner = new JobRunner(registry, queues, this.connections);
    this.outbox = new Outbox(db().uow, queues, this.connections);
    this.bus = new ProgressBus(settings, this.connections);
  }

  start(): this {
    this.outbox.start();
    this.runner.start(['trace']);
    return this;
  }

  enqueue(id: string): Promise<void> {
    return db().uow.run(ctx, (tx) => this.outbox.enqueue(tx, 'trace', id));
  }

  async stop(): Promise<void> {
    await this.outbox.beforeApplicationShutdown();
    await this.runner.beforeApplicationShutdown();
    this.connections.onApplicationShutdown();
  }
}

const works: Work[] = [];
const work = (does?: JobHandler['handle']): Work => {
  const made = new Work(does);
  works.push(made);
  return made;
};
afterEach(async () => {
  await Promise.all(works.splice(0).map((w) => w.stop()));
});

const unsent = async (): Promise<number> =>
  (await db().database.query<{ n: number }>('SELECT count(*) AS n FROM outbox WHERE sent_at IS NULL'))[0]?.n ?? -1;

describe('jobs', () => {
  it('run when the transaction that asked for them commits, and only then', async () => {
    const w = work().start();
    await expect(
      db().uow.run(ctx, async (tx) => {
        await w.outbox.enqueue(tx, 'trace', 'rolled-back');
        throw new Error('no');
      }),
    ).rejects.toThrow('no');
    await w.enqueue('committed');
    await waitFor(() => w.handled.length > 0, { what: 'the job' });
    expect(w.handled).toEqual(['committed']);
    // The row is marked after the job is on the queue: a crash between the two sends it twice, never not at all.
    await waitFor(async () => (await unsent()) === 0, { what: 'an empty outbox' });
  });

  it('can be asked for again once they are done', async () => {
    const w = work().start();
    await w.enqueue('again');
    await waitFor(() => w.handled.length === 1);
    await w.enqueue('again');
    await waitFor(() => w.handled.length === 2, { what: 'the second run' });
  });

  it('wait while Redis is away, and run when it is back', async () => {
    const w = work().start();
    await waitFor(() => w.connections.isReady);
    await redis.kill();
    await waitFor(() => !w.connections.isReady);
    await w.enqueue('patient');
    expect(await unsent()).toBe(1);
    await redis.start();
    await waitFor(() => w.handled.includes('patient'), { what: 'the job after Redis came back' });
  });

  it('are found again in the database when Redis has lost them', async () => {
    const w = work();
    w.lost = ['forgotten'];
    w.start();
    await waitFor(() => w.handled.includes('forgotten'), { what: 'the lost job', withinMs: 30_000 });
  });

  it('go back to the queue when the worker is asked to stop, and another one does them', async () => {
    const first = work(
      (_id, signal) =>
        new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error))),
    ).start();
    await first.enqueue('handed-back');
    await waitFor(() => first.handled.length === 1);
    works.splice(works.indexOf(first), 1);
    await first.stop();
    expect(first.givenUp).toEqual([]);
    const second = work().start();
    await waitFor(() => second.handled.includes('handed-back'), { what: 'the second worker', withinMs: 5_000 });
  });

  it('are given up at once after a domain error', async () => {
    const w = work(() => Promise.reject(new DomainError('SEEDS_REQUIRED'))).start();
    await w.enqueue('wrong');
    await waitFor(() => w.givenUp.length > 0);
    expect(w.handled).toEqual(['wrong']);
    expect(w.givenUp).toEqual(['wrong SEEDS_REQUIRED: A trace needs at least one seed.']);
  });

  it('are tried again after any other error', async () => {
    let tries = 0;
    const w = work(() => (++tries === 1 ? Promise.reject(new Error('connection lost')) : Promise.resolve())).start();
    await w.enqueue('flaky');
    await waitFor(() => w.handled.length === 2, { what: 'the second attempt' });
    expect(w.givenUp).toEqual([]);
  });

  it('stop the boot where a queue has nobody who does them', () => {
    expect(() => new JobRegistry().requireAll(['trace'])).toThrow('No handler for the jobs of: trace');
  });
});

describe('the progress bus', () => {
  it('brings what one process says to those who listen in another, until they stop listening', async () => {
    const [speaker, listener] = [work(), work()];
    const heard: object[] = [];
    const stop = listener.bus.subscribe('trace:1', (message) => heard.push(message));
    await waitFor(() => {
      speaker.bus.publish('trace:1', { done: 5 });
      return heard.length > 0;
    });
    expect(heard[0]).toEqual({ done: 5 });
    stop();
  });

  it('never throws while Redis is away', async () => {
    const w = work();
    await waitFor(() => w.connections.isReady);
    await redis.kill();
    await waitFor(() => !w.connections.isReady);
    expect(() => w.bus.publish('trace:1', { done: 1 })).not.toThrow();
    await redis.start();
  });
});
