import { Client } from 'pg';
import { http, useApp, waitFor } from '../support';
import { kg, lot, TracePlant } from './trace-plant';

const app = useApp({ env: { TRACE_LINKS_MAX: '3' } });
const plant = new TracePlant(app);
const api = () => http(app());

const produce = (id: string, input: string, output: string) => ({
  type: 'produce',
  id,
  at: '2026-03-02T08:00:00Z',
  outputs: [{ unit: lot('FG', output), quantity: kg('1') }],
  inputs: [{ unit: lot('RM', input), quantity: kg('1') }],
});

beforeAll(async () => {
  await plant.masterData();
  await plant.record([
    ...['SMALL', 'WIDE'].map((code) => ({
      type: 'receive',
      id: code,
      at: '2026-03-01T08:00:00Z',
      unit: lot('RM', code),
      quantity: kg('100'),
      supplier: 'ACME',
    })),
    produce('small', 'SMALL', 'S-1'),
    ...[1, 2, 3, 4].map((n) => produce(`wide-${n}`, 'WIDE', `W-${n}`)),
  ]);
  // Sealing and the worker's projections read the tables that are locked below: they are to be done with these facts before.
  await plant.get('/api/v1/units/RM~lot~SMALL');
  await waitFor(
    async () => {
      const [row] = await app().database.asOwner<{ done: boolean }>(
        `SELECT count(*) > 0 AND min(position) >= (SELECT max(position) FROM ledger_position) AS done FROM projection_cursor`,
      );
      return row!.done;
    },
    { what: 'the projections' },
  );
});

const ask = async (code: string): Promise<string> =>
  (
    await api()
      .post('/api/v1/traces')
      // The reads of the database can be held up; memory cannot.
      .send({ direction: 'forward', seeds: [{ unit: lot('RM', code) }], source: 'sql' })
      .expect(202)
  ).body.id;

const summary = (id: string) => plant.get(`/api/v1/traces/${id}`);
const ended = (id: string) =>
  waitFor(
    async () => {
      const trace = await summary(id);
      return ['done', 'failed', 'cancelled'].includes(trace.status) && trace;
    },
    { what: `trace ${id}`, withinMs: 60_000 },
  );

/** Runs `work` while a run cannot read `hold`, or cannot store its rows: it is held there for as long as the test needs. */
async function whileWaiting<T>(table: 'hold' | 'trace_segment', work: () => Promise<T>): Promise<T> {
  const holder = new Client({ connectionString: app().database.url });
  await holder.connect();
  try {
    await holder.query('BEGIN');
    await holder.query(`LOCK TABLE ${table} IN ${table === 'hold' ? 'ACCESS EXCLUSIVE' : 'SHARE'} MODE`);
    return await work();
  } finally {
    await holder.end();
  }
}

const waits = (table: 'hold' | 'trace_segment') =>
  waitFor(
    async () => {
      const rows = await app().database.asOwner(
        `SELECT 1 FROM pg_locks WHERE relation = $1::regclass AND NOT granted
            AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`,
        [table],
      );
      return rows.length > 0;
    },
    { what: `a run that waits for ${table}` },
  );

async function storedOnce(id: string): Promise<void> {
  const rows = await app().database.asOwner(
    'SELECT s.listing, s.segment, s.rows FROM trace_segment s JOIN trace t USING (trace_no) WHERE t.trace_id = $1',
    [id],
  );
  expect(rows).toEqual([{ listing: 'affected', segment: 0, rows: 2 }]);
}

describe('a worker in the middle of a trace', () => {
  it.each(['hold', 'trace_segment'] as const)(
    'that is killed (at %s) leaves it to the next one, which finishes it once',
    async (table) => {
      const id = await whileWaiting(table, async () => {
        const asked = await ask('SMALL');
        await waits(table);
        await app().killWorker();
        return asked;
      });
      expect((await summary(id)).status).toBe('running');
      await app().startWorker();
      expect(await ended(id)).toMatchObject({ status: 'done', counts: { affected: 2 } });
      await storedOnce(id);
    },
  );

  it('that is asked to stop hands it back', async () => {
    const { id, stopped } = await whileWaiting('hold', async () => {
      const asked = await ask('SMALL');
      await waits('hold');
      const stopping = app().killWorker('SIGTERM');
      await waitFor(async () => (await summary(asked)).status === 'queued', { what: 'the trace handed back' });
      return { id: asked, stopped: stopping };
    });
    await stopped;
    expect((await summary(id)).status).toBe('queued');
    await app().startWorker();
    expect(await ended(id)).toMatchObject({ status: 'done' });
    await storedOnce(id);
  });
});

describe('a trace that is cancelled', () => {
  it('while it runs or waits stays cancelled and has no result; cancelling twice changes nothing', async () => {
    const ids = await whileWaiting('hold', async () => {
      const running = await ask('SMALL');
      await waits('hold');
      const waiting = await ask('SMALL');
      for (const id of [running, waiting, running]) {
        const answer = await api().post(`/api/v1/traces/${id}/cancel`).expect(200);
        expect(answer.body.status).toBe('cancelled');
      }
      return [running, waiting];
    });
    // The next one is done after both of them: the worker has let go.
    const next = await ended(await ask('SMALL'));
    expect(next.status).toBe('done');
    for (const id of ids) {
      expect(await summary(id)).toMatchObject({ status: 'cancelled', counts: null, digest: null });
      const answer = await api().get(`/api/v1/traces/${id}/units`).expect(409);
      expect(answer.body.code).toBe('TRACE_NOT_DONE');
    }
    const late = await api().post(`/api/v1/traces/${next.id}/cancel`).expect(409);
    expect(late.body.code).toBe('TRACE_FINAL');
  });
});

describe('a walk that meets its memory limit', () => {
  it('fails with that reason and the setting, and has no shorter list', async () => {
    const trace = await ended(await ask('WIDE'));
    expect(trace).toMatchObject({
      status: 'failed',
      counts: null,
      error: { code: 'TRACE_MEMORY_LIMIT', message: expect.stringContaining('TRACE_LINKS_MAX') },
    });
    await api().get(`/api/v1/traces/${trace.id}/units`).expect(409);
  });
});
