import { execFile } from 'node:child_process';
import { builtFile, http, useApp, waitFor } from '../support';
import { importFile, plantZip } from './import-client';
import type { Json } from './trace-plant';

const app = useApp({ env: { BLAST_EVERY_HOURS: '0' } });
const api = () => http(app());

const get = async (path: string): Promise<Json> => (await api().get(path).expect(200)).body;

async function compute(): Promise<Json> {
  const { id } = (await api().post('/api/v1/blast-radius').expect(202)).body;
  return waitFor(
    async () => {
      const run = await get(`/api/v1/blast-radius/${id}`);
      return ['done', 'failed', 'cancelled'].includes(run.status) && run;
    },
    { what: 'the blast radius', withinMs: 60_000 },
  );
}

async function lots(query = ''): Promise<Json[]> {
  const all: Json[] = [];
  for (let cursor: string | null = ''; cursor !== null;) {
    const page: Json = await get(`/api/v1/blast-radius/lots?limit=50${query}${cursor && `&cursor=${cursor}`}`);
    all.push(...page.data);
    cursor = page.nextCursor;
  }
  return all;
}

async function lotOf(item: string, code: string): Promise<Json> {
  return (await lots(`&item=${item}&q=${code}`)).find((l) => l.unit.lot === code);
}

describe('before anything was computed', () => {
  it('says so, and what to do', async () => {
    expect(await get('/api/v1/blast-radius')).toMatchObject({ status: 'none', id: null, open: null });
    const answer = await api().get('/api/v1/blast-radius/lots').expect(409);
    expect(answer.body.code).toBe('BLAST_NOT_DONE');
  });
});

describe('the blast radius of the demo plants', () => {
  let run: Json;

  beforeAll(async () => {
    for (const name of ['bikes', 'sausages'] as const)
      expect(await importFile(app(), `${name}.zip`, plantZip(name, 20))).toMatchObject({ counts: { refused: 0 } });
    run = await compute();
  });

  it('is one finished run over every lot at the newest position', async () => {
    expect(run).toMatchObject({ status: 'done', error: null });
    const [{ lots: count, position }] = await app().database.asOwner<Json>(
      `SELECT (SELECT count(*)::int FROM unit WHERE kind = 'lot') AS lots, (SELECT max(position)::int FROM ledger_seal) AS position`,
    );
    expect(run).toMatchObject({ lots: count, ledgerPosition: position });
    const latest = await get('/api/v1/blast-radius');
    expect(latest).toEqual({ ...run, open: null });
    const finished = (await lots()).map((l) => l.finished as number);
    expect(finished).toHaveLength(count);
    const sorted = [...finished].sort((a, b) => a - b);
    expect(run.worst).toBe(sorted.at(-1));
    expect(run.mean).toBeCloseTo(finished.reduce((a, b) => a + b, 0) / count, 9);
    expect(run.median).toBe((sorted[(count - 1) >> 1]! + sorted[count >> 1]!) / 2);
    expect((await lots(`&q=${encodeURIComponent(run.worstLot.unit.lot)}`))[0]).toMatchObject({ finished: run.worst });
  });

  // Worked out by hand from the stories (test/scenarios/*/STORY.md).
  it.each([
    // 8 batteries, 7 bikes and the lot; finished are the bikes, the spare battery BT-S12 and the scrapped BT-S13
    ['CELL-21700', 'CL-0417', { units: 16, finished: 9, customers: 3, downward: 9, upward: 0, state: null }],
    // 10 batteries and 8 bikes (all but EB-S01); every battery was in a bike
    ['CELL-21700', 'CL-0418', { units: 19, finished: 8, customers: 3, downward: 8, upward: 0 }],
    // the tank was delivered itself; WI-S2, 3, 4, 6, 7, 8, 9
    ['K-PAPRIKA', 'SP-0388', { units: 17, finished: 8, customers: 4, downward: 8, upward: 0 }],
    // PK-S1, PK-S2, BF-S1, BF-S2, casing, plain brine and both paprikas; still in house
    ['K-WIENER', 'WI-S9', { units: 1, finished: 1, customers: 0, downward: 0, upward: 8, state: 'in-stock' }],
    // batters 1, 2, 3, 5, 6, 9 and their sausages, rework RW-S0 and RW-S1; the brine itself was delivered to two shops
    ['K-BRINE', 'TANK-S1', { units: 15, finished: 7, customers: 4, downward: 6, upward: 4 }],
  ])('%s %s', async (item, code, expected) => {
    expect(await lotOf(item, code)).toMatchObject(expected);
  });

  it('agrees with the traces of the same lots', async () => {
    const all = await lots();
    for (const lot of all.filter((_, n) => n % Math.ceil(all.length / 25) === 0)) {
      const ask = (direction: string) =>
        api()
          .post('/api/v1/traces?wait=30')
          .send({ direction, seeds: [{ unit: lot.unit }] })
          .expect(200);
      const forward = (await ask('forward')).body;
      const hits: Json[] = (await get(`/api/v1/traces/${forward.id}/consignees?hit=true&limit=1000`)).data;
      expect({
        lot: lot.unit,
        units: lot.units,
        customers: lot.customers,
      }).toEqual({
        lot: lot.unit,
        units: forward.counts.affected,
        customers: new Set(hits.map((c) => c.customer.partner)).size,
      });
    }
  });

  it('lists by any column in both directions, in pages that neither miss nor repeat a lot', async () => {
    for (const column of ['finished', 'units', 'customers', 'downward', 'upward']) {
      const up = await lots(`&sort=${column}`);
      const down = await lots(`&sort=-${column}`);
      expect(new Set(up.map((l) => l.id)).size).toBe(run.lots);
      expect(down.map((l) => l.id)).toEqual(up.map((l) => l.id).reverse());
      expect(up.map((l) => l[column])).toEqual(up.map((l) => l[column]).sort((a: number, b: number) => a - b));
    }
    expect((await lots()).map((l) => l.id)).toEqual((await lots('&sort=-finished')).map((l) => l.id));
    await api().get('/api/v1/blast-radius/lots?sort=colour').expect(400);
  });

  it('finds lots by item, code and name', async () => {
    const cells = await lots('&item=CELL-21700');
    expect(cells.length).toBeGreaterThan(1);
    expect(new Set(cells.map((l) => l.unit.item))).toEqual(new Set(['CELL-21700']));
    expect((await lots('&q=cl-0417')).map((l) => l.unit.lot)).toEqual(['CL-0417']);
    expect(await lots('&item=NO-SUCH-ITEM')).toEqual([]);
    expect(await lots('&q=100%25')).toEqual([]);
  });

  it('comes as CSV and NDJSON, whole', async () => {
    const csv = await api().get('/api/v1/blast-radius/lots').set('Accept', 'text/csv').expect(200);
    const lines = csv.text.trim().split('\r\n');
    expect(lines[0]).toContain('item,name,code,units,finished,customers,downward,upward,state,id');
    expect(lines).toHaveLength(run.lots + 1);
    const ndjson = await api()
      .get('/api/v1/blast-radius/lots?item=CELL-21700')
      .set('Accept', 'application/x-ndjson')
      .buffer(true)
      .parse((res, done) => {
        let text = '';
        res.on('data', (part: Buffer) => (text += part.toString('utf8')));
        res.on('end', () => done(null, text));
      })
      .expect(200);
    const rows = (ndjson.body as string)
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(rows).toEqual(await lots('&item=CELL-21700'));
  });

  it('needs the permission to trace', async () => {
    const key = (await api().post('/api/v1/api-keys').send({ name: 'looks', role: 'viewer' }).expect(201)).body
      .key as string;
    await http(app(), key).get('/api/v1/blast-radius').expect(200);
    await http(app(), key).post('/api/v1/blast-radius').expect(403);
    await http(app(), null).get('/api/v1/blast-radius').expect(401);
  });
});

describe('blast-radius on the command line', () => {
  const cli = (...argv: string[]) =>
    new Promise<{ code: number; stdout: string; stderr: string }>((resolve) => {
      const { database, redis } = app();
      const env = { PATH: process.env.PATH, TZ: 'UTC', DATABASE_URL: database.url, REDIS_URL: redis.url };
      execFile(process.execPath, [builtFile('cli.js'), 'blast-radius', ...argv], { env }, (error, stdout, stderr) =>
        resolve({ code: error ? Number(error.code) : 0, stdout, stderr }),
      );
    });

  it('computes and prints the riskiest lots', async () => {
    const { code, stdout, stderr } = await cli('--top', '3');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const run = await get('/api/v1/blast-radius');
    expect(run.createdBy).toBe('cli');
    const [head, , columns, ...rows] = stdout.trimEnd().split('\n');
    expect(head).toContain(`${run.lots} lots at ledger position ${run.ledgerPosition}`);
    expect(head).toContain(`worst ${run.worst}`);
    expect(columns).toMatch(/^finished +customers +units +downward +upward +lot$/);
    const top = await get('/api/v1/blast-radius/lots?limit=3');
    expect(rows.map((row) => Number(row.trim().split(/ +/)[0]))).toEqual(top.data.map((l: Json) => l.finished));
    expect(rows[0]).toContain(`${top.data[0].unit.item} ${top.data[0].unit.lot}`);
  });

  it('counts the same from the database as a worker from its index', async () => {
    expect((await cli()).code).toBe(0);
    const here = await get('/api/v1/blast-radius');
    const lotsOf = async (run: string) => lots(`&run=${run}&sort=units`);
    const lotsHere = await lotsOf(here.id);
    // The index may be in the middle of a rebuild: then a run reads from the database too.
    const there: Json = await waitFor(
      async () => {
        const done = await compute();
        return new RegExp(`"run":"${done.id}".*"source":"index"`).test(app().logs.worker) && done;
      },
      { what: 'a run from the index' },
    );
    expect(there.id).not.toBe(here.id);
    expect(await lotsOf(there.id)).toEqual(lotsHere);
  });

  it('says how it is used where it is used wrongly', async () => {
    expect(await cli('--top', 'all')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('blast-radius [--top N]'),
    });
  });
});

describe('pages of the list', () => {
  it('goes on with a list where its page ended, and with no other', async () => {
    const { nextCursor } = await get('/api/v1/blast-radius/lots?limit=5');
    expect((await get(`/api/v1/blast-radius/lots?limit=5&cursor=${nextCursor}`)).data).toHaveLength(5);
    for (const other of ['sort=units', 'item=MCU-M4', 'q=a'])
      await api().get(`/api/v1/blast-radius/lots?${other}&cursor=${nextCursor}`).expect(400);
    await compute();
    const still = await get(`/api/v1/blast-radius/lots?limit=5&cursor=${nextCursor}`);
    expect(still.nextCursor).not.toBeNull();
  });
});
