import { readFileSync } from 'node:fs';
import { get } from 'node:http';
import { answerOf, storeTrace } from '../db/results-answers';
import { http, useApp, waitFor } from '../support';
import { Json, kg, lot, serial, TracePlant } from './trace-plant';

const app = useApp({ env: { TIME_ZONE: 'Europe/Paris', TRACE_KEEP_DAYS: '30' } });
const plant = new TracePlant(app);
const api = () => http(app());

const produce = (id: string, at: string, input: object, output: object, quantity = '1') => ({
  type: 'produce',
  id,
  at,
  outputs: [{ unit: output, quantity: kg(quantity) }],
  inputs: [{ unit: input, quantity: kg('1') }],
});
const ship = (id: string, at: string, unit: object, customer: string) => ({
  type: 'ship',
  id,
  at,
  units: [{ unit, quantity: kg('1') }],
  customer,
  shipment: `SH-${id}`,
});

beforeAll(async () => {
  await plant.masterData();
  await plant.record([
    {
      type: 'receive',
      id: 'rm',
      at: '2026-02-01T08:00:00Z',
      unit: lot('RM', 'L-1'),
      quantity: kg('100'),
      supplier: 'ACME',
    },
    // In Paris it is March already.
    produce('a', '2026-02-28T23:30:00Z', lot('RM', 'L-1'), lot('FG', 'F-1'), '5'),
    produce('b', '2026-03-10T08:00:00Z', lot('RM', 'L-1'), lot('FG', 'F-2'), '9'),
    produce('c', '2026-04-10T08:00:00Z', lot('RM', 'L-1'), lot('FG', 'F-3'), '7'),
    ship('1', '2026-03-20T08:00:00Z', lot('FG', 'F-2'), 'SHOP-B'),
    ship('2', '2026-04-20T08:00:00Z', lot('FG', 'F-3'), 'SHOP-A'),
  ]);
});

describe('the lists of a trace', () => {
  let id: string;
  let summary: Json;
  beforeAll(async () => ({ id, summary } = await plant.forward(lot('RM', 'L-1'))));

  const codes = async (query: string) => {
    const page = await plant.get(`/api/v1/traces/${id}/units?${query}`);
    return page.data.map((row: Json) => row.unit.lot);
  };

  it('are counted by the month of first making, in the configured zone, and filtered by it', async () => {
    expect(summary.counts.byMonth.map((row: Json) => [row.key, row.units])).toEqual([
      ['2026-03', 2],
      ['2026-02', 1],
      ['2026-04', 1],
    ]);
    expect(await codes('month=2026-03')).toEqual(['F-1', 'F-2']);
    expect(await codes('month=2026-02')).toEqual(['L-1']);
    expect(await codes('month=unknown')).toEqual([]);
    await api().get(`/api/v1/traces/${id}/units?month=March`).expect(400);
  });

  it.each([
    ['key', ['F-1', 'F-2', 'F-3', 'L-1']],
    ['-key', ['L-1', 'F-3', 'F-2', 'F-1']],
    ['-made', ['F-3', 'F-2', 'F-1', 'L-1']],
    ['exposed', ['L-1', 'F-1', 'F-2', 'F-3']],
    ['customer', ['F-1', 'F-2', 'F-3', 'L-1']],
  ])('are sorted by %s', async (sort, expected) => {
    expect(await codes(`sort=${sort}`)).toEqual(expected);
    expect(await codes(`sort=${sort}&limit=2`)).toEqual(expected.slice(0, 2));
  });

  it('refuse a sort and a cursor that are not theirs', async () => {
    await api().get(`/api/v1/traces/${id}/units?sort=colour`).expect(400);
    const page = await plant.get(`/api/v1/traces/${id}/units?sort=made&limit=1`);
    const refused = await api().get(`/api/v1/traces/${id}/units?sort=-made&cursor=${page.nextCursor}`).expect(400);
    expect(refused.body.code).toBe('BAD_REQUEST');
  });

  it('say when a unit was made, in rows and in CSV', async () => {
    const page = await plant.get(`/api/v1/traces/${id}/units?q=F-2`);
    expect(page).toMatchObject({ total: 1, data: [{ made: '2026-03-10T08:00:00.000Z' }] });
    const csv = await api().get(`/api/v1/traces/${id}/units?q=F-2&sort=made`).set('Accept', 'text/csv').expect(200);
    const [head, row] = csv.text.replace('\uFEFF', '').split('\r\n');
    expect(head!.split(',')).toContain('made');
    expect(row).toContain('"2026-03-10T08:00:00.000Z"');
  });
});

describe('two traces', () => {
  let before: string;
  let after: string;
  beforeAll(async () => {
    before = (await plant.forward(lot('RM', 'L-1'))).id;
    await plant.record([
      produce('d', '2026-05-10T08:00:00Z', lot('FG', 'F-3'), lot('FG', 'F-4')),
      { type: 'void', id: 'v', at: '2026-05-11T08:00:00Z', event: 'b', reason: 'wrong lot' },
    ]);
    after = (await plant.forward(lot('RM', 'L-1'), {}, { from: '2026-02-10T00:00:00Z' })).id;
  });

  it('say what was added, removed and reclassified, each with its reason', async () => {
    const compared = await plant.get(`/api/v1/traces/${before}/compare/${after}`);
    expect(compared).toMatchObject({
      counts: { added: 1, removed: 1, reclassified: 1, same: 2 },
      questionsDiffer: ['seeds'],
      total: 3,
      nextCursor: null,
    });
    expect(compared.positions[0]).toBeLessThan(compared.positions[1]);
    const [added, removed, other] = compared.data;
    expect(added).toMatchObject({
      unit: { lot: 'F-4' },
      change: 'added',
      before: null,
      after: { affected: true, certainty: 'certain', reason: null },
      reason: 'newly-reached',
    });
    expect(added.sentence).toMatch(
      /^Lot FG F-4 was not reached and is affected \(certain\) now\. The questions differ in seeds, and the ledger went on from position \d+ to \d+\.$/,
    );
    expect(removed).toMatchObject({
      unit: { lot: 'F-2' },
      change: 'removed',
      after: null,
      reason: 'no-longer-reached',
    });
    expect(other).toMatchObject({
      unit: { lot: 'L-1' },
      change: 'reclassified',
      reason: 'exposure',
      before: { exposure: [[null, null]] },
      after: { exposure: [['2026-02-10T00:00:00.000Z', null]] },
    });
  });

  it('page by change, and stream as NDJSON and CSV', async () => {
    const path = `/api/v1/traces/${before}/compare/${after}`;
    const first = await plant.get(`${path}?limit=2`);
    const second = await plant.get(`${path}?limit=2&cursor=${first.nextCursor}`);
    expect([...first.data, ...second.data].map((row: Json) => row.change)).toEqual([
      'added',
      'removed',
      'reclassified',
    ]);
    expect(await plant.get(`${path}?change=removed`)).toMatchObject({ total: 1, data: [{ unit: { lot: 'F-2' } }] });
    await api().get(`${path}?change=removed&cursor=${first.nextCursor}`).expect(400);
    const lines = await api().get(path).set('Accept', 'application/x-ndjson').buffer(true).expect(200);
    expect(lines.text.trim().split('\n')).toHaveLength(3);
    const csv = await api().get(`${path}?change=added`).set('Accept', 'text/csv').expect(200);
    expect(csv.text).toContain('"added","FG","Item FG","lot","F-4","not reached","affected (certain)"');
  });

  it('that are one have no difference; back and forth cannot be compared', async () => {
    expect(await plant.get(`/api/v1/traces/${after}/compare/${after}`)).toMatchObject({
      counts: { added: 0, removed: 0, reclassified: 0 },
      questionsDiffer: [],
      data: [],
    });
    const back = await plant.backward(lot('FG', 'F-3'));
    const refused = await api().get(`/api/v1/traces/${after}/compare/${back.id}`).expect(422);
    expect(refused.body.code).toBe('COMPARE_DIRECTIONS');
  });
});

describe('a wide result', () => {
  const ROWS = 320_000;
  const MIB = 1024 * 1024;
  let id: string;
  beforeAll(async () => {
    ({ id } = await storeTrace(app().database, answerOf(7, { affected: ROWS, plain: true })));
  });

  const memory = () =>
    Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${app().apiPid}/status`, 'utf8'))![1]) * 1024;

  /** Lines of a stream, counted as they come; the most memory that the api took meanwhile. */
  function stream(path: string, accept: string): Promise<{ lines: number; bytes: number; most: number }> {
    return new Promise((resolve, reject) => {
      const headers = { authorization: `Bearer ${app().apiKey}`, accept };
      get(`${app().url}${path}`, { headers }, (response) => {
        const seen = { lines: 0, bytes: 0, most: 0 };
        response.on('data', (chunk: Buffer) => {
          for (const byte of chunk) if (byte === 10) seen.lines++;
          if (seen.bytes >> 22 !== (seen.bytes + chunk.length) >> 22) seen.most = Math.max(seen.most, memory());
          seen.bytes += chunk.length;
        });
        response.on('end', () => resolve(seen));
        response.on('error', reject);
      }).on('error', reject);
    });
  }

  it.each([
    ['text/csv', ROWS + 1],
    ['application/x-ndjson', ROWS],
  ])('streams as %s, whole, without growing memory', async (accept, lines) => {
    // The first page loads what any page needs; what comes on top is the stream's own.
    await plant.get(`/api/v1/traces/${id}/units?limit=1`);
    const before = memory();
    const seen = await stream(`/api/v1/traces/${id}/units`, accept);
    expect(seen.lines).toBe(lines);
    expect(seen.bytes).toBeGreaterThan(30 * MIB);
    expect(seen.most - before).toBeLessThan(200 * MIB);
  });

  it('pages in any order with exact totals', async () => {
    for (const sort of ['key', '-made', 'place', 'quantity', 'share'])
      expect(await plant.get(`/api/v1/traces/${id}/units?sort=${sort}`)).toMatchObject({ total: ROWS });
  });
});

describe('results that are older than they are kept', () => {
  it('are removed, and say so; the question, the counts and what is pinned stay', async () => {
    await plant.record([
      { type: 'receive', id: 'x1', at: '2026-02-01T08:00:00Z', unit: serial('BAT', 'B-1'), supplier: 'ACME' },
    ]);
    const old = await plant.forward(serial('BAT', 'B-1'));
    const pinned = await plant.forward(serial('BAT', 'B-1'));
    const young = await plant.forward(serial('BAT', 'B-1'));
    expect(Date.parse(young.summary.expiresAt) - Date.now()).toBeGreaterThan(29 * 86_400_000);
    await app().database.asOwner(
      `UPDATE trace SET finished_at = now() - interval '31 days', pinned_at = CASE WHEN trace_id = $2 THEN now() END
        WHERE trace_id IN ($1, $2)`,
      [old.id, pinned.id],
    );
    await app().killWorker('SIGTERM');
    await app().startWorker();
    const expired = await waitFor(
      async () => {
        const answer = await api().get(`/api/v1/traces/${old.id}/units`);
        return answer.status === 410 && answer.body;
      },
      { what: 'the removal of old results' },
    );
    expect(expired.code).toBe('TRACE_EXPIRED');
    for (const list of ['excluded', 'consignees', 'gaps', 'graph', `compare/${young.id}`, 'why/BAT~serial~B-1'])
      await api().get(`/api/v1/traces/${old.id}/${list}`).expect(410);
    await api().get(`/api/v1/traces/${old.id}/report`).expect(410);
    const { counts, digest, ledgerPosition, question } = old.summary;
    const kept = await plant.get(`/api/v1/traces/${old.id}`);
    expect(kept).toMatchObject({ status: 'done', counts, digest, ledgerPosition, question });
    expect(Date.parse(kept.expiresAt)).toBeLessThanOrEqual(Date.now());
    expect(await plant.get(`/api/v1/traces/${pinned.id}`)).toMatchObject({ expiresAt: null });
    for (const { id } of [pinned, young])
      expect(await plant.get(`/api/v1/traces/${id}/units`)).toMatchObject({ total: 1 });
    const again = await plant.forward(serial('BAT', 'B-1'), { ledgerPosition });
    expect(again.summary.digest).toBe(digest);
  });
});
