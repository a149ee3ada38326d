import { Redis } from 'ioredis';
import { Client } from 'pg';
import { http, startApp, TestApp, useApp, waitFor } from '../support';
import { kg, lot, TracePlant } from './trace-plant';
import type { Json } from './trace-plant';

const app = useApp({ env: { TRACE_CONCURRENCY: '2', TRACES_QUEUED_PER_USER_MAX: '6', BLAST_EVERY_HOURS: '0' } });
const plant = new TracePlant(app);
const keys = new Map<string, string>();

async function setUp(of: TestApp, data: TracePlant): Promise<void> {
  await data.masterData();
  await data.record([
    {
      type: 'receive',
      id: 'r',
      at: '2026-03-01T08:00:00Z',
      unit: lot('RM', 'L-1'),
      quantity: kg('100'),
      supplier: 'ACME',
    },
  ]);
  for (const name of ['anna', 'ben'])
    keys.set(
      name,
      (await http(of).post('/api/v1/api-keys').send({ name, role: 'engineer' }).expect(201)).body.key as string,
    );
}

beforeAll(() => setUp(app(), plant));

const QUESTION = { direction: 'forward', seeds: [{ unit: lot('RM', 'L-1') }] };
const by = (user: string) => http(app(), keys.get(user));
const ask = async (user: string, more: object = {}): Promise<string> =>
  (
    await by(user)
      .post('/api/v1/traces')
      .send({ ...QUESTION, ...more })
      .expect(202)
  ).body.id;
const summary = (id: string): Promise<Json> => plant.get(`/api/v1/traces/${id}`);
const ended = (id: string, withinMs = 60_000): Promise<Json> =>
  waitFor(
    async () => {
      const trace = await summary(id);
      return ['done', 'failed', 'cancelled'].includes(trace.status) && trace;
    },
    { what: `trace ${id}`, withinMs },
  );

/** In the order in which they started. */
async function started(ids: readonly string[]): Promise<string[]> {
  for (const id of ids) await ended(id);
  const rows = await app().database.asOwner<{ trace_id: string }>(
    'SELECT trace_id FROM trace WHERE trace_id = ANY ($1::uuid[]) ORDER BY started_at',
    [ids],
  );
  return rows.map((r) => r.trace_id);
}

/** Holds something that workers need in a session of its own, for as long as the work takes. */
async function whileHolding<T>(of: TestApp, sql: string, work: () => Promise<T>): Promise<T> {
  const holder = new Client({ connectionString: of.database.url });
  await holder.connect();
  try {
    await holder.query('BEGIN');
    await holder.query(sql);
    return await work();
  } finally {
    await holder.end();
  }
}

/** Nobody gets a turn. */
const whileNobodyStarts = <T>(work: () => Promise<T>) =>
  whileHolding(app(), 'SELECT pg_advisory_xact_lock(7424002)', work);
/** What starts stays running: no run can read the names of places, which every answer's counts show. */
const whileNobodyEnds = <T>(of: TestApp, work: () => Promise<T>) =>
  whileHolding(of, 'LOCK TABLE place IN ACCESS EXCLUSIVE MODE', work);

describe('waiting traces', () => {
  it('run a recall before the others and a report after them, and say how many are ahead', async () => {
    const [report, normal, recall] = await whileNobodyStarts(async () => {
      const ids = [
        await ask('anna', { priority: 'report' }),
        await ask('anna'),
        await ask('anna', { priority: 'recall' }),
      ];
      expect((await Promise.all(ids.map(summary))).map((t) => [t.status, t.priority, t.queue])).toEqual([
        ['queued', 'report', { ahead: 2 }],
        ['queued', 'normal', { ahead: 1 }],
        ['queued', 'recall', { ahead: 0 }],
      ]);
      return ids;
    });
    expect(await started([report!, normal!, recall!])).toEqual([recall, normal, report]);
    expect(await summary(recall!)).toMatchObject({ status: 'done', queue: null });
    await by('anna')
      .post('/api/v1/traces')
      .send({ ...QUESTION, priority: 'urgent' })
      .expect(400);
  });

  it('take turns among users: who asks one question does not wait for all of another', async () => {
    const [annas, bens] = await whileNobodyStarts(async () => {
      const many: string[] = [];
      for (let n = 0; n < 6; n++) many.push(await ask('anna'));
      const few = [await ask('ben'), await ask('ben')];
      expect((await summary(few[0]!)).queue.ahead).toBeLessThanOrEqual(1);
      expect((await summary(few[1]!)).queue.ahead).toBeLessThanOrEqual(3);
      return [many, few];
    });
    const order = await started([...annas, ...bens]);
    expect(order.indexOf(bens[1]!)).toBeLessThanOrEqual(3);
    expect(order.filter((id) => annas.includes(id))).toEqual(annas);
  });

  it('are bounded in number for each user, and the refusal says what to do', async () => {
    const ids = await whileNobodyStarts(async () => {
      const waiting: string[] = [];
      for (let n = 0; n < 6; n++) waiting.push(await ask('anna'));
      const answer = await by('anna').post('/api/v1/traces').send(QUESTION).expect(429);
      expect(answer.body).toMatchObject({
        code: 'TOO_MANY_TRACES',
        detail: expect.stringContaining('TRACES_QUEUED_PER_USER_MAX'),
      });
      return [...waiting, await ask('ben')];
    });
    for (const id of ids) expect(await ended(id)).toMatchObject({ status: 'done' });
    await ended(await ask('anna'));
  });

  it('run so many at once as the setting says, and no more', async () => {
    const ids: string[] = [];
    await whileNobodyEnds(app(), async () => {
      for (let n = 0; n < 4; n++) ids.push(await ask(n % 2 === 0 ? 'anna' : 'ben'));
      const statuses = async () => (await Promise.all(ids.map(summary))).map((t) => t.status as string);
      await waitFor(async () => (await statuses()).filter((s) => s === 'running').length === 2, {
        what: 'two that run',
      });
      // A worker that took a third would have done so as quickly as the second: it is asked for a turn by each job.
      await waitFor(
        async () => {
          const { text } = await http(app()).get('/api/v1/metrics').expect(200);
          return text.includes('unitrail_queue_jobs{queue="trace",state="active"} 2');
        },
        { what: 'two active jobs' },
      );
      expect(await statuses()).toEqual(['running', 'running', 'queued', 'queued']);
    });
    for (const id of ids) expect(await ended(id)).toMatchObject({ status: 'done' });
  });

  it('are cancelled while they wait, and give their turn to the next', async () => {
    const [first, second] = await whileNobodyStarts(async () => {
      const ids = [await ask('anna'), await ask('anna')];
      await by('anna').post(`/api/v1/traces/${ids[0]}/cancel`).expect(200);
      expect((await summary(ids[1]!)).queue).toEqual({ ahead: 0 });
      return ids;
    });
    expect(await ended(second!)).toMatchObject({ status: 'done' });
    expect(await summary(first!)).toMatchObject({ status: 'cancelled', queue: null, counts: null });
  });

  it('are cancelled while they run', async () => {
    const id = await whileNobodyEnds(app(), async () => {
      const running = await ask('anna');
      await waitFor(async () => (await summary(running)).status === 'running', { what: 'the run' });
      await by('ben').post(`/api/v1/traces/${running}/cancel`).expect(200);
      return running;
    });
    await ended(await ask('ben'));
    expect(await summary(id)).toMatchObject({ status: 'cancelled', counts: null });
  });

  it('are found again when Redis has lost the queue', async () => {
    const ids = await whileNobodyStarts(async () => {
      const waiting = [await ask('anna'), await ask('ben')];
      await waitFor(
        async () => (await app().database.asOwner('SELECT 1 FROM outbox WHERE sent_at IS NULL')).length === 0,
        { what: 'an empty outbox' },
      );
      await app().killWorker();
      const redis = new Redis(app().redis.url);
      await redis.flushall();
      redis.disconnect();
      return waiting;
    });
    await app().startWorker();
    for (const id of ids) expect(await ended(id)).toMatchObject({ status: 'done' });
  });
});

describe('a trace that runs too long', () => {
  it('ends as failed with the setting, while others go on', async () => {
    const short = await startApp({ env: { TRACE_SECONDS_MAX: '1', BLAST_EVERY_HOURS: '0' } });
    try {
      const other = new TracePlant(() => short);
      await setUp(short, other);
      const id = await whileNobodyEnds(short, async () => {
        const asked = (await http(short).post('/api/v1/traces').send(QUESTION).expect(202)).body.id as string;
        await waitFor(async () => (await other.get(`/api/v1/traces/${asked}`)).status === 'failed', {
          what: 'the end of its time',
        });
        return asked;
      });
      expect(await other.get(`/api/v1/traces/${id}`)).toMatchObject({
        status: 'failed',
        counts: null,
        error: { code: 'TRACE_TIMEOUT', message: expect.stringContaining('TRACE_SECONDS_MAX') },
      });
      expect((await other.forward(lot('RM', 'L-1'))).summary.status).toBe('done');
    } finally {
      await short.stop();
    }
  });
});
