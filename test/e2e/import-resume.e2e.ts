import type { ImportView } from '@/exchange/interchange';
import { http, useApp, waitFor } from '../support';
import { workbook } from '../support/xlsx';
import { importEnd, importFile, plantZip, refusedRows, upload } from './import-client';

// Small chunks, so that a small plant has many of them.
const app = useApp({ env: { EVENTS_MAX: '50' } });

const events = async () =>
  Number((await app().database.asOwner<{ n: string }>(`SELECT count(*) AS n FROM event`))[0]!.n);

/** Uploads a plant and waits until it is in the middle of its events. */
async function begin(content: Buffer): Promise<string> {
  const { id } = (await upload(app(), 'plant.zip', content).expect(202)).body as ImportView;
  await waitFor(
    async () => {
      const { progress } = (await http(app()).get(`/api/v1/imports/${id}`)).body as ImportView;
      return progress.file === 'builds.csv' && progress.done > 0;
    },
    { what: 'the middle of the import', withinMs: 60_000, everyMs: 10 },
  );
  return id;
}

describe('an import whose worker dies', () => {
  it('is finished after the restart, once, with the counts of an undisturbed one', async () => {
    const plant = plantZip('bikes', 150, 11);
    const id = await begin(plant);
    await app().killWorker();
    const cut = (await http(app()).get(`/api/v1/imports/${id}`)).body as ImportView;
    expect(cut).toMatchObject({ status: 'running' });
    await app().startWorker();
    const view = await importEnd(app(), id, 100_000);
    expect(view).toMatchObject({ status: 'done', counts: { duplicates: 0, refused: 0 } });
    expect(view.progress.done).toBe(view.progress.total);
    const recorded = await events();
    // Items, places, partners and BOM revisions are records too, and no events.
    const [master] = await app().database.asOwner<{ n: string }>(`SELECT count(*) AS n FROM master_version`);
    expect(view.counts.accepted).toBe(recorded + Number(master!.n));
    const again = await importFile(app(), 'plant.zip', plant);
    expect(again.counts).toMatchObject({ accepted: 0, duplicates: view.counts.accepted, refused: 0 });
    expect(await events()).toBe(recorded);
  });

  it('goes on in the middle of a sheet that is read by a mapping', async () => {
    await http(app()).put('/api/v1/items/SHEET').send({ name: 'Of a sheet', tracking: 'lot', uom: 'kg' }).expect(200);
    const columns = { at: 'Datum', item: 'Material', code: 'Charge', quantity: 'Menge' };
    await http(app())
      .put('/api/v1/import-mappings/sheet')
      .send({ kind: 'receipts', columns, constants: { uom: 'kg' }, decimalComma: true })
      .expect(200);
    const rows = Array.from({ length: 3_000 }, (_, i) => ['2026-03-02', 'SHEET', `000${i}E5`, '1,5']);
    const book = await workbook([{ name: 'Eingang', rows: [['Datum', 'Material', 'Charge', 'Menge'], ...rows] }]);
    const before = await events();
    const started = await upload(app(), 'book.xlsx', book).query({ mapping: 'sheet' }).expect(202);
    const { id } = started.body as ImportView;
    await waitFor(async () => (await events()) > before, { what: 'the first chunk', withinMs: 60_000, everyMs: 10 });
    await app().killWorker();
    const cut = (await http(app()).get(`/api/v1/imports/${id}`)).body as ImportView;
    expect(cut).toMatchObject({ status: 'running' });
    // What was changed meanwhile does not reach an import that was asked for before.
    await http(app()).delete('/api/v1/import-mappings/sheet').expect(204);
    await app().startWorker();
    const view = await importEnd(app(), id, 100_000);
    expect(view).toMatchObject({ status: 'done', counts: { accepted: 3_000, duplicates: 0, refused: 0 } });
    expect(await events()).toBe(before + 3_000);
  });

  it('is handed back when the worker is asked to stop', async () => {
    const id = await begin(plantZip('bikes', 150, 12));
    await app().killWorker('SIGTERM');
    expect(app().logs.worker).toContain('job handed back');
    await app().startWorker();
    const view = await importEnd(app(), id, 60_000);
    expect(view).toMatchObject({ status: 'done', counts: { refused: expect.any(Number) as number } });
    expect(view.progress.done).toBe(view.progress.total);
  });
});

describe('an import that is cancelled', () => {
  it('stops after its chunk and keeps what was recorded', async () => {
    const before = await events();
    const id = await begin(plantZip('sausages', 200, 13));
    await http(app()).post(`/api/v1/imports/${id}/cancel`).expect(200);
    const view = await importEnd(app(), id);
    expect(view).toMatchObject({ status: 'cancelled', error: null });
    expect(view.progress.done).toBeLessThan(view.progress.total!);
    expect(await events()).toBeGreaterThan(before);
    expect(await refusedRows(app(), id)).toEqual([]);
  });
});
