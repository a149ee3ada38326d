import { RecordEvents } from '@/ledger';
import { Settings } from '@/platform/config';
import { JobQueues, ProgressBus, RedisConnections, WorkerMetrics } from '@/platform/jobs';
import { Outbox } from '@/platform/outbox';
import { BlastQueries } from '@/trace/blast/blast-queries';
import { PlantReader } from '@/trace/blast/plant-at';
import { RunBlast } from '@/trace/blast/run-blast';
import { StartBlast } from '@/trace/blast/start-blast';
import { IndexHolder } from '@/trace/resident/index-holder';
import { TestRedis, useDatabase } from '../support';

const db = useDatabase();
const ctx = { actor: 'user:test', source: 'test' };

let redis: TestRedis;
let connections: RedisConnections;
let start: StartBlast;
let run: RunBlast;
let queries: BlastQueries;
let record: (events: unknown[]) => Promise<void>;

const settings = (more: Record<string, string> = {}) =>
  new Settings({ DATABASE_URL: db().url, REDIS_URL: redis.url, ...more });
/** A command line's runner: nobody has started its index, so it reads from the database. */
const runner = (more: Record<string, string> = {}) => {
  const set = settings(more);
  const index = new IndexHolder(set, db().database, db().uow, new WorkerMetrics());
  const plants = new PlantReader(db().database, set, index);
  return new RunBlast(db().uow, db().database, new ProgressBus(set, connections), plants);
};

beforeAll(async () => {
  redis = await TestRedis.start();
  connections = new RedisConnections(settings());
  const bus = new ProgressBus(settings(), connections);
  const outbox = new Outbox(db().uow, new JobQueues(settings(), connections), connections);
  start = new StartBlast(db().uow, db().database, outbox, bus);
  run = runner();
  queries = new BlastQueries(db().database);
  record = async (events) => {
    const { refused } = await new RecordEvents(db().uow, settings()).execute(ctx, events);
    expect(refused).toEqual([]);
  };
  await db().asOwner(`INSERT INTO item (code, name, tracking, uom) VALUES
    ('RM', 'Raw', 'lot', 'kg'), ('MIX', 'Mix', 'lot', 'kg'), ('FG', 'Good', 'lot', 'kg'), ('BOX', 'Box', 'serial', 'pcs')`);
  await db().asOwner(`INSERT INTO place (code, name, kind) VALUES ('STORE', 'Store', 'site')`);
  await db().asOwner(`INSERT INTO partner (code, name, kind) VALUES ('A', 'A', 'customer'), ('B', 'B', 'customer')`);
});
afterAll(async () => {
  connections.onApplicationShutdown();
  await redis.stop();
});
beforeEach(async () => {
  await db().asOwner('TRUNCATE blast_run, blast_lot');
});

const kg = (value: string) => ({ value, uom: 'kg' });
const lot = (item: string, code: string) => ({ item, lot: code });
const receive = (code: string, day: string) => ({
  type: 'receive',
  id: `receive-${code}`,
  at: `2026-03-${day}T08:00:00Z`,
  place: 'STORE',
  unit: lot('RM', code),
  quantity: kg('100'),
});
const produce = (id: string, at: string, output: object, inputs: object[]) => ({
  type: 'produce',
  id,
  at,
  place: 'STORE',
  outputs: [{ unit: output, quantity: kg('10') }],
  inputs: inputs.map((unit) => ({ unit, quantity: kg('1') })),
});
const ship = (id: string, at: string, customer: string, code: string) => ({
  type: 'ship',
  id,
  at,
  place: 'STORE',
  customer,
  shipment: id,
  units: [{ unit: lot('FG', code), quantity: kg('1') }],
});

async function compute(): Promise<Record<string, string>> {
  const id = await start.execute(ctx);
  await run.execute(id);
  expect(await queries.one(id)).toMatchObject({ status: 'done', error: null });
  return numbers(id);
}

/** "units finished customers downward upward" by lot */
async function numbers(id: string): Promise<Record<string, string>> {
  const { data } = await queries.lots(id, {}, undefined, 1000);
  return Object.fromEntries(
    data.map((l) => [
      (l.unit as { lot: string }).lot,
      [l.units, l.finished, l.customers, l.downward, l.upward].join(' '),
    ]),
  );
}

describe('the blast radius', () => {
  it('counts what a recall of each lot would touch, and takes back what was voided', async () => {
    await record([
      receive('R1', '01'),
      receive('R2', '01'),
      receive('UNUSED', '01'),
      produce('m1', '2026-03-02T08:00:00Z', lot('MIX', 'M1'), [lot('RM', 'R1')]),
      produce('f1', '2026-03-03T08:00:00Z', lot('FG', 'F1'), [lot('MIX', 'M1')]),
      // M1 gets R2 only after F1 was made of it.
      {
        type: 'top-up',
        id: 'top',
        at: '2026-03-03T12:00:00Z',
        place: 'STORE',
        vessel: lot('MIX', 'M1'),
        unit: lot('RM', 'R2'),
        quantity: kg('5'),
      },
      produce('f2', '2026-03-04T08:00:00Z', lot('FG', 'F2'), [lot('MIX', 'M1')]),
      ship('s1', '2026-03-05T08:00:00Z', 'A', 'F1'),
      ship('s2', '2026-03-05T08:00:00Z', 'B', 'F2'),
      ship('s3', '2026-03-06T08:00:00Z', 'B', 'F2'),
    ]);
    expect(await compute()).toEqual({
      R1: '4 2 2 2 0',
      R2: '3 1 1 1 0',
      // nothing was made of it, and it was not made either: it is raw material, no finished unit
      UNUSED: '1 0 0 0 0',
      M1: '3 2 2 2 2',
      F1: '1 1 1 0 1',
      F2: '1 1 1 0 2',
    });
    await record([
      { type: 'void', id: 'void-top', at: '2026-03-07T08:00:00Z', event: 'top', reason: 'wrong scan' },
      { type: 'void', id: 'void-s2', at: '2026-03-07T08:00:00Z', event: 's2', reason: 'wrong scan' },
    ]);
    expect(await compute()).toMatchObject({ R1: '4 2 2 2 0', R2: '1 0 0 0 0', F2: '1 1 1 0 1' });
    expect(await queries.latest()).toMatchObject({ lots: 6, worst: 2, median: 1, mean: 1, open: null });
  });

  it('runs once at a time: who asks again gets the run that is open', async () => {
    const ids = await Promise.all([start.execute(ctx), start.execute(ctx), start.execute(ctx)]);
    expect(new Set(ids).size).toBe(1);
    expect((await queries.latest()).open).toMatchObject({ id: ids[0], status: 'queued' });
    await run.execute(ids[0]);
    expect(await start.execute(ctx)).not.toBe(ids[0]);
  });

  it('is done once, however many workers take it up', async () => {
    const id = await start.execute(ctx);
    await Promise.all([run.execute(id), runner().execute(id), runner().execute(id)]);
    const [row] = await db().asOwner('SELECT status, attempt FROM blast_run');
    expect(row).toEqual({ status: 'done', attempt: 1 });
    await run.execute(id);
    expect(await db().asOwner('SELECT attempt FROM blast_run')).toEqual([{ attempt: 1 }]);
  });

  it('is taken over from a worker that is lost, which then has no say any more', async () => {
    const id = await start.execute(ctx);
    await db().asOwner(
      `UPDATE blast_run SET status = 'running', attempt = 1, seen_at = clock_timestamp() - interval '1 minute'`,
    );
    expect(await run.findLost()).toEqual([id]);
    await run.execute(id);
    expect(await queries.one(id)).toMatchObject({ status: 'done' });
    expect(await run.findLost()).toEqual([]);
  });

  it('goes back to the queue when the worker is asked to stop', async () => {
    const id = await start.execute(ctx);
    const stop = new AbortController();
    stop.abort(new Error('stop'));
    await expect(run.execute(id, stop.signal)).rejects.toThrow('stop');
    expect(await queries.one(id)).toMatchObject({ status: 'queued' });
    await run.execute(id);
    expect(await queries.one(id)).toMatchObject({ status: 'done' });
  });

  it('stays cancelled, whether it waited or ran', async () => {
    const waiting = await start.execute(ctx);
    await start.cancel(ctx, waiting);
    await start.cancel(ctx, waiting);
    await run.execute(waiting);
    expect(await queries.one(waiting)).toMatchObject({ status: 'cancelled', lots: null });
    const running = await start.execute(ctx);
    // It waits for what it reads until it has been cancelled.
    const done = await db().uow.run(ctx, async (tx) => {
      await tx.query('SELECT pg_advisory_xact_lock(7424001)');
      const work = run.execute(running);
      await start.cancel(ctx, running);
      return { work };
    });
    await done.work;
    expect(await queries.one(running)).toMatchObject({ status: 'cancelled', lots: null });
    const finished = await start.execute(ctx);
    await run.execute(finished);
    await expect(start.cancel(ctx, finished)).rejects.toMatchObject({ code: 'BLAST_FINAL' });
  });

  it('fails with the setting where the plant has more links than may be held', async () => {
    const id = await start.execute(ctx);
    await runner({ TRACE_LINKS_MAX: '1' }).execute(id);
    expect(await queries.one(id)).toMatchObject({
      status: 'failed',
      error: { code: 'TRACE_MEMORY_LIMIT', message: expect.stringContaining('TRACE_LINKS_MAX') as string },
    });
  });

  it('keeps the last three finished runs', async () => {
    const ids: string[] = [];
    for (let n = 0; n < 5; n++) {
      ids.push(await start.execute(ctx));
      await run.execute(ids[n]!);
    }
    const kept = await db().asOwner<{ run_id: string }>('SELECT run_id FROM blast_run ORDER BY run_no');
    expect(kept.map((r) => r.run_id)).toEqual(ids.slice(2));
    const [rows] = await db().asOwner(
      'SELECT count(DISTINCT run_no)::int AS runs FROM blast_lot WHERE run_no IN (SELECT run_no FROM blast_run)',
    );
    expect(rows).toEqual({ runs: 3 });
    expect(await db().asOwner('SELECT count(DISTINCT run_no)::int AS runs FROM blast_lot')).toEqual([{ runs: 3 }]);
  });

  it('is due by itself when the last one is old and the ledger has moved on', async () => {
    expect(await start.isDue(24)).toBe(true);
    await compute();
    expect(await start.isDue(24)).toBe(false);
    const age = () => db().asOwner(`UPDATE blast_run SET created_at = created_at - interval '25 hours'`);
    await age();
    expect(await start.isDue(24)).toBe(false);
    await record([receive(`NEW`, '09')]);
    await db().asOwner('SELECT ledger_seal_pending()');
    expect(await start.isDue(24)).toBe(true);
    expect(await start.isDue(48)).toBe(false);
    await start.execute(ctx);
    expect(await start.isDue(24)).toBe(false);
  });
});
