import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { PutMaster } from '@/exchange/interchange/app/put-master';
import { RunImport } from '@/exchange/interchange/app/run-import';
import { ImportSource, toSource } from '@/exchange/interchange/app/source';
import { demoSource } from '@/exchange/demo/cli/demo-plants';
import { claim, findRun, ImportRun, insertRun, LeaseLost } from '@/exchange/interchange/db/store';
import { importById, ImportView, listRefused } from '@/exchange/interchange/queries';
import { RecordEvents } from '@/ledger';
import { Settings } from '@/platform/config';
import type { Context } from '@/platform/db';
import { PutBoms, PutItems } from '@/reference/catalog';
import { PutPartners } from '@/reference/partners';
import { PutPlaces } from '@/reference/places';
import { useDatabase } from '../support';

const db = useDatabase();
const ctx: Context = { actor: 'user:test', source: 'user:test' };
const settings = new Settings({
  DATABASE_URL: 'postgres://u@h/d',
  REDIS_URL: 'redis://h',
  TIME_ZONE: 'UTC',
  // Small chunks, so that small files have several of them.
  EVENTS_MAX: '10',
});

function engine(): RunImport {
  const { uow, database } = db();
  const putMaster = new PutMaster(
    database,
    new PutItems(uow),
    new PutPlaces(uow),
    new PutPartners(uow),
    new PutBoms(uow, settings),
  );
  return new RunImport(uow, database, settings, new RecordEvents(uow, settings), putMaster);
}
const never = new AbortController().signal;
const file = (name: string, lines: string[]) => ({
  name,
  open: async () => Readable.from([Buffer.from(lines.join('\n'))], { objectMode: false }),
});

async function open(): Promise<string> {
  const importId = randomUUID();
  await db().uow.run(ctx, (tx) => insertRun(tx, { importId, name: 'test', fileId: null, status: 'queued' }));
  return importId;
}
const lease = (importId: string): Promise<ImportRun> => db().uow.run(ctx, async (tx) => (await claim(tx, importId))!);
const view = (importId: string): Promise<ImportView> => importById(db().database, importId);

async function run(source: ImportSource): Promise<ImportView> {
  const importId = await open();
  await engine().execute(await lease(importId), source, never);
  return view(importId);
}
const count = async (table: string): Promise<number> =>
  Number((await db().asOwner<{ n: string }>(`SELECT count(*) AS n FROM ${table}`))[0]!.n);
const facts = () => Promise.all(['event', 'unit', 'link', 'link_end', 'movement', 'master_version'].map(count));

describe('the demo plants', () => {
  it.each(['bikes', 'sausages'] as const)('%s come in whole, and a second import changes nothing', async (name) => {
    const first = await run(demoSource(name, 60));
    expect(await listRefused(db().database, first.id)).toEqual({ data: [], nextCursor: null });
    expect(first).toMatchObject({ status: 'done', notices: [], counts: { refused: 0, duplicates: 0 } });
    expect(first.progress.done).toBe(first.progress.total);
    const before = await facts();
    const second = await run(demoSource(name, 60));
    expect(second.counts).toEqual({ accepted: 0, duplicates: first.counts.accepted, refused: 0, refusedRows: 0 });
    expect(await facts()).toEqual(before);
  });
});

describe('an import that is cut off', () => {
  const rows = (from: number, to: number, prefix = 'CUT') =>
    Array.from({ length: to - from }, (_, i) => `2026-03-02,SCREW-M5,${prefix}-${from + i},1`);
  const source = (): ImportSource =>
    toSource([
      file('receipts.csv', [
        'at,item,code,quantity',
        ...rows(0, 15),
        '2026-03-02,NOPE,X,1',
        ...rows(15, 30),
        // Equal rows on both sides of the cut stay two facts.
        ...rows(0, 15),
      ]),
      file('scrap.csv', ['at,item,code,quantity', ...rows(0, 12)]),
    ]);

  it('goes on from its last chunk, and counts as if nothing had happened', async () => {
    for (const stopAfter of [1, 2, 3, 4, 5, 6]) {
      await db().asOwner(
        `DELETE FROM event; DELETE FROM unit; DELETE FROM movement; DELETE FROM unit_lock; DELETE FROM mark`,
      );
      const importId = await open();
      const stop = new AbortController();
      let chunks = 0;
      const first = engine().execute(await lease(importId), source(), stop.signal, () => {
        if (++chunks === stopAfter) stop.abort(new Error('asked to stop'));
      });
      await first.catch((error: Error) => expect(error.message).toBe('asked to stop'));
      if ((await view(importId)).status !== 'done') await engine().execute(await lease(importId), source(), never);
      expect(await view(importId)).toMatchObject({
        status: 'done',
        counts: { accepted: 57, duplicates: 0, refused: 1, refusedRows: 1 },
        progress: { done: 58, total: 58 },
      });
      expect((await listRefused(db().database, importId)).data).toMatchObject([{ file: 'receipts.csv', row: 17 }]);
      expect(await count('event')).toBe(57);
    }
  });

  it('between the facts of a chunk and its position counts them as its own', async () => {
    const importId = await open();
    const cut = toSource([file('receipts.csv', ['at,item,code,quantity', ...rows(0, 25, 'MID')])]);
    await engine().execute(await lease(importId), cut, never);
    // As a crash leaves it: the second chunk is recorded, the row still stands before it.
    await db().asOwner(
      `UPDATE import_run SET status = 'running', accepted = 10, done = 10, position = '{"file":0,"record":10,"begun":true}', finished_at = NULL
       WHERE import_id = $1`,
      [importId],
    );
    await engine().execute(await lease(importId), cut, never);
    expect((await view(importId)).counts).toMatchObject({ accepted: 20, duplicates: 5 });
  });

  it('is left alone by whoever ran it before another took it over', async () => {
    const importId = await open();
    const old = await lease(importId);
    await lease(importId);
    await expect(engine().execute(old, source(), never)).rejects.toThrow(LeaseLost);
    expect((await findRun(db().database, importId))!.status).toBe('running');
  });
});
