import { Redis } from 'ioredis';
import { http, useApp, waitFor } from '../support';

const app = useApp();
const api = () => http(app());

const lot = { item: 'RESIN', lot: 'L-1' };
const receipt = (id: string) => ({
  type: 'receive',
  id,
  at: '2026-03-02T08:00:00Z',
  place: 'STORE',
  supplier: 'ACME',
  unit: { item: 'RESIN', lot: id },
  quantity: { value: '5', uom: 'kg' },
});

beforeAll(async () => {
  await api().put('/api/v1/items/RESIN').send({ name: 'Resin', tracking: 'lot', uom: 'kg' }).expect(200);
  await api().put('/api/v1/places/STORE').send({ name: 'Store', kind: 'area' }).expect(200);
  await api().put('/api/v1/partners/ACME').send({ name: 'Acme', kind: 'supplier' }).expect(200);
  await api()
    .post('/api/v1/events')
    .send([receipt('L-1')])
    .expect(200);
});

const askTrace = async (): Promise<string> => {
  const answer = await api()
    .post('/api/v1/traces')
    .send({ direction: 'forward', seeds: [{ unit: lot }] })
    .expect(202);
  return answer.body.id as string;
};

const isDone = (id: string) =>
  waitFor(async () => (await api().get(`/api/v1/traces/${id}`).expect(200)).body.status === 'done', {
    what: `trace ${id}`,
    withinMs: 60_000,
  });

const timesRun = (id: string): number =>
  app()
    .logs.worker.split('\n')
    .filter((line) => line.includes('"job done"') && line.includes(id)).length;

describe('what was asked for', () => {
  it('is done after Redis comes back; facts and questions are taken meanwhile', async () => {
    await app().redis.kill();
    await api()
      .post('/api/v1/events')
      .send([receipt('L-2')])
      .expect(200);
    const id = await askTrace();
    expect((await api().get(`/api/v1/traces/${id}`).expect(200)).body.status).toBe('queued');
    await app().redis.start();
    await isDone(id);
    // The log comes through a pipe, a moment after the answer.
    await waitFor(() => timesRun(id) > 0, { what: 'the line in the log' });
    expect(timesRun(id)).toBe(1);
  });

  it('is done after a worker comes back', async () => {
    await app().killWorker();
    const id = await askTrace();
    await app().startWorker();
    await isDone(id);
    // The log comes through a pipe, a moment after the answer.
    await waitFor(() => timesRun(id) > 0, { what: 'the line in the log' });
    expect(timesRun(id)).toBe(1);
  });

  it('is done though Redis lost everything while no worker was there', async () => {
    await app().killWorker('SIGTERM');
    const id = await askTrace();
    const redis = new Redis(app().redis.url);
    await waitFor(async () => (await redis.keys('*')).some((key) => key.includes(id)), { what: 'the job in Redis' });
    await redis.flushall();
    redis.disconnect();
    await app().startWorker();
    await isDone(id);
  });
});
