import { http, useApp, waitFor } from '../support';
import { kg, lot, TracePlant } from './trace-plant';
import type { Json } from './trace-plant';

const app = useApp({ env: { BLAST_EVERY_HOURS: '0' } });
const plant = new TracePlant(app);
const api = () => http(app());

/** name{label="value",…} → value */
async function metrics(): Promise<Map<string, number>> {
  const { text } = await api()
    .get('/api/v1/metrics')
    .expect('content-type', /^text\/plain; version=0\.0\.4/)
    .expect(200);
  const found = new Map<string, number>();
  for (const line of text.split('\n')) {
    if (line === '' || line.startsWith('#')) continue;
    const [, name, value] = /^(\S+(?:\{.*\})?) (\S+)$/.exec(line) ?? [];
    expect(name).toBeDefined();
    found.set(name!, Number(value));
  }
  return found;
}

const startingWith = (found: Map<string, number>, start: string) =>
  [...found.keys()].filter((name) => name.startsWith(start));

beforeAll(async () => {
  await plant.masterData();
  await plant.record([
    {
      type: 'receive',
      id: 'r',
      at: '2026-03-01T08:00:00Z',
      unit: lot('RM', 'L-1'),
      quantity: kg('100'),
      supplier: 'ACME',
    },
  ]);
  await plant.forward(lot('RM', 'L-1'));
});

describe('metrics', () => {
  it('tell of traces, the ledger, queues and workers in the format of Prometheus', async () => {
    const found = await metrics();
    expect(startingWith(found, 'unitrail_traces{status="done"')).toHaveLength(1);
    for (const priority of ['recall', 'normal', 'report'])
      expect(found.get(`unitrail_traces_waiting{class="${priority}"}`)).toBe(0);
    const [sealed] = await app().database.asOwner<Json>('SELECT max(position)::int AS position FROM ledger_seal');
    expect(found.get('unitrail_ledger_position')).toBe(sealed.position);
    expect(found.get('unitrail_trace_seconds{phase="run",quantile="0.5"}')).toBeGreaterThan(0);
    expect(found.get('unitrail_queue_jobs{queue="trace",state="waiting"}')).toBe(0);
    expect(found.get('unitrail_queue_jobs{queue="blast-radius",state="active"}')).toBe(0);
    expect(found.get('unitrail_redis_up')).toBe(1);
    expect(found.get('unitrail_outbox_waiting')).toBe(0);
    expect(found.get('unitrail_workers')).toBe(1);
    for (const name of startingWith(found, 'unitrail_metrics_source_up'))
      expect([name, found.get(name)]).toEqual([name, 1]);
    expect(startingWith(found, 'unitrail_process_resident_memory_bytes')).toHaveLength(1);
  });

  it('bring what the worker says of itself, which has no HTTP', async () => {
    const found = await waitFor(
      async () => {
        const read = await metrics();
        return startingWith(read, 'unitrail_worker_jobs_done').some((name) => name.includes('of="trace"')) && read;
      },
      { what: 'a heartbeat after the first trace' },
    );
    for (const name of ['process_rss_bytes', 'jobs_running', 'started_seconds'])
      expect(startingWith(found, `unitrail_worker_${name}{worker=`).length).toBeGreaterThan(0);
  });

  it('do not count a worker that is gone', async () => {
    await app().database.asOwner(
      `INSERT INTO worker_heartbeat (worker_id, seen_at, metrics) VALUES ('gone:1', now() - interval '1 hour', '{"index": {"position": 0}}')`,
    );
    const found = await metrics();
    expect(found.get('unitrail_workers')).toBe(1);
    expect([...found.keys()].filter((name) => name.includes('gone:1'))).toEqual([]);
  });

  it('say how far the index of a worker is behind', async () => {
    await app().database.asOwner(
      `INSERT INTO worker_heartbeat (worker_id, seen_at, metrics)
       VALUES ('far:1', now() + interval '1 minute', '{"index": {"position": 0, "links": 7, "answered": {"index": 3}}}')`,
    );
    const found = await metrics();
    expect(found.get('unitrail_index_lag{worker="far:1"}')).toBe(found.get('unitrail_ledger_position'));
    expect(found.get('unitrail_worker_index_links{worker="far:1"}')).toBe(7);
    expect(found.get('unitrail_worker_index_answered{worker="far:1",of="index"}')).toBe(3);
  });

  it('need a permission, which the smallest role has', async () => {
    await http(app(), null).get('/api/v1/metrics').expect(401);
    const { key } = (await api().post('/api/v1/api-keys').send({ name: 'scraper', role: 'viewer' }).expect(201)).body;
    await http(app(), key as string)
      .get('/api/v1/metrics')
      .expect(200);
    await http(app(), key as string)
      .get('/api/v1/health/workers')
      .expect(200);
  });

  it('are told without Redis too', async () => {
    await app().redis.kill();
    const found = await waitFor(
      async () => {
        const read = await metrics();
        return read.get('unitrail_redis_up') === 0 && read;
      },
      { what: 'metrics without Redis' },
    );
    expect(startingWith(found, 'unitrail_queue_jobs')).toEqual([]);
    expect(found.get('unitrail_metrics_source_up{source="traces"}')).toBe(1);
    await app().redis.start();
  });
});

describe('the workers', () => {
  it('are listed with what they say of themselves, the living first', async () => {
    const { data } = await plant.get('/api/v1/health/workers');
    expect(data.map((w: Json) => [w.worker === 'gone:1', w.alive])).toEqual([
      [false, true],
      [false, true],
      [true, false],
    ]);
    const own = data.find((w: Json) => w.metrics.process);
    expect(own).toMatchObject({
      alive: true,
      metrics: { jobs: { running: { trace: 0 } }, process: { version: expect.any(String) } },
    });
    expect(Date.parse(own.startedAt)).toBeLessThanOrEqual(Date.parse(own.seenAt));
  });
});
