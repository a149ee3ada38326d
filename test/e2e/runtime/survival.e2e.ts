import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from 'pg';
import { Prng } from '../../scenarios/prng';
import { Checkout, http, Scanners, TestProcess, waitFor } from '../../support';

const SEED = 20_261;
const KILLS = 10;
const SCANNERS = 50;
const SCREWS = 1_000_000;

describe('under kill -9 of one part after the other, while scanners work', () => {
  const checkout = new Checkout();
  let start: TestProcess;
  let url = '';
  const plant = () => ({ url, apiKey: checkout.apiKey });
  const api = () => http(plant());
  const scanners = new Scanners(plant);
  const killed: string[] = [];

  const pids: Record<string, () => number> = {
    api: () => checkout.pidOf('api'),
    worker: () => checkout.pidOf('worker'),
    Redis: () => checkout.pidOf('redis'),
    PostgreSQL: () =>
      Number(readFileSync(join(checkout.dataDir, 'postgres', 'data', 'postmaster.pid'), 'utf8').split('\n')[0]),
  };
  const parts = Object.keys(pids);
  const pidOf = (part: string): number | undefined => {
    try {
      return pids[part]!();
    } catch {
      // Its note is gone while it is being started again.
      return undefined;
    }
  };
  const ready = async () => (await http(plant(), null).get('/health/ready')).status === 200;
  const sql = async <R extends object>(text: string): Promise<R[]> => {
    const client = new Client({ connectionString: checkout.runFile().databaseUrl });
    await client.connect();
    try {
      return (await client.query<R>(text)).rows;
    } finally {
      await client.end();
    }
  };

  beforeAll(async () => {
    ({ start, url } = await checkout.start());
    await api().put('/api/v1/places/PLANT').send({ name: 'Plant', kind: 'site' }).expect(200);
    await api().put('/api/v1/partners/ACME').send({ name: 'Acme', kind: 'supplier' }).expect(200);
    await api().put('/api/v1/partners/VELO').send({ name: 'Velo', kind: 'customer' }).expect(200);
    await api().put('/api/v1/items/SCREW').send({ name: 'Screw', tracking: 'lot', uom: 'pcs' }).expect(200);
    await api().put('/api/v1/items/BAT').send({ name: 'Battery', tracking: 'serial', uom: 'pcs' }).expect(200);
    await api().put('/api/v1/items/BIKE').send({ name: 'Bike', tracking: 'serial', uom: 'pcs' }).expect(200);
    await api()
      .post('/api/v1/events')
      .send([
        {
          id: 'screws',
          type: 'receive',
          at: '2026-03-02T08:00:00Z',
          place: 'PLANT',
          supplier: 'ACME',
          unit: { item: 'SCREW', lot: 'S-1' },
          quantity: { value: String(SCREWS), uom: 'pcs' },
        },
      ])
      .expect(200);
  });
  afterAll(async () => {
    await scanners.stop().catch(() => undefined);
    await checkout.remove();
  });

  it('all comes back by itself, ten times', async () => {
    const random = new Prng(SEED);
    scanners.start(SCANNERS);
    // Each part once, the rest by chance.
    const order = [...parts, ...Array.from({ length: KILLS - parts.length }, () => random.pick(parts))];
    for (const part of order) {
      const some = scanners.acknowledged.length + random.int(50, 150);
      await waitFor(() => scanners.acknowledged.length >= some, { what: 'work to go on', withinMs: 90_000 });
      const before = await waitFor(() => pidOf(part), { what: `${part} to run` });
      process.kill(before, 'SIGKILL');
      killed.push(part);
      await waitFor(async () => pidOf(part) !== undefined && pidOf(part) !== before && (await ready()), {
        what: `${part} to be back`,
        withinMs: 90_000,
        everyMs: 100,
      });
    }
    await scanners.stop();
    expect(killed).toHaveLength(KILLS);
    expect(new Set(killed)).toEqual(new Set(parts));
    expect(start.running).toBe(true);
  }, 600_000);

  it('refused nothing that was right, though it was sent again', () => {
    expect(scanners.refused).toEqual([]);
    expect(scanners.retries).toBeGreaterThan(0);
    expect(scanners.acknowledged.length).toBeGreaterThan(KILLS * 20);
  });

  it('has lost nothing that it acknowledged, and doubled nothing', async () => {
    const [events] = await sql<{ ids: string[]; all: string; distinct: string }>(
      `SELECT array_agg(client_id) AS ids, count(*) AS all, count(DISTINCT client_id) AS distinct FROM event WHERE client_id <> 'screws'`,
    );
    expect(events!.all).toBe(events!.distinct);
    expect(new Set(events!.ids)).toEqual(new Set(scanners.acknowledged));
    const [links] = await sql<{ n: string }>(`SELECT count(*) AS n FROM link`);
    expect(Number(links!.n)).toBe(2 * scanners.built.length);
    const [moves] = await sql<{ n: string }>(`SELECT count(*) AS n FROM movement m WHERE role = 'shipped'`);
    expect(Number(moves!.n)).toBe(scanners.built.length);
    const lot = await api().get('/api/v1/units/SCREW~lot~S-1').expect(200);
    expect(Number(lot.body.quantity.value)).toBe(SCREWS - scanners.built.length);
  });

  it('gives every one of them a position, and finds them all', async () => {
    const answer = await api()
      .post('/api/v1/traces?wait=60')
      .send({ direction: 'forward', seeds: [{ unit: { item: 'SCREW', lot: 'S-1' } }] })
      .expect(200);
    expect(answer.body).toMatchObject({ status: 'done', complete: true });
    expect(answer.body.counts.affected).toBe(1 + scanners.built.length);
    expect(await sql(`SELECT batch_id FROM ledger_batch EXCEPT SELECT batch_id FROM ledger_position`)).toEqual([]);
  });
});
