import type { ImportView } from '@/exchange/interchange';
import { http, useApp } from '../support';
import { workbook } from '../support/xlsx';
import { importEnd, importFile, importFiles, refusedRows, upload, UploadContent } from './import-client';
import { zip } from './import-zip';

const app = useApp({ env: { DRY_RUN_ROWS_MAX: '50' } });
const api = () => http(app());
const owner = <T>(sql: string, params: unknown[] = []) => app().database.asOwner<T>(sql, params);
const count = async (sql: string) => Number((await owner<{ n: string }>(sql))[0]!.n);
const unitCodes = async (item: string) =>
  (
    await owner<{ code: string }>(
      `SELECT u.code FROM unit u JOIN item i USING (item_id) WHERE i.code = $1 ORDER BY 1`,
      [item],
    )
  ).map((r) => r.code);
/** Everything that an import could have changed. */
const everything = () =>
  Promise.all(
    [
      'event',
      'unit',
      'link',
      'movement',
      'mark',
      'holding',
      'hold',
      'item',
      'place',
      'partner',
      'master_version',
      'ledger_batch',
    ].map((table) => count(`SELECT count(*) AS n FROM ${table}`)),
  );

const MASTER = {
  'items.csv': 'item,name,tracking,uom\nRM,Resin,lot,kg\nFG,Widget,serial,pcs\n',
  'places.csv': 'place,kind,name\nIN,zone,Goods in\nSTORE,zone,Store\n',
  'partners.csv': 'partner,name,kind\nACME,Acme,supplier\nSHOP,Shop,customer\n',
};
beforeAll(async () => {
  const view = await importFiles(app(), MASTER);
  expect(view).toMatchObject({ status: 'done', counts: { refused: 0 } });
});

const ask = (name: string, content: UploadContent, query: Record<string, string | string[]>) =>
  upload(app(), name, content).query(query);
async function run(
  name: string,
  content: UploadContent,
  query: Record<string, string | string[]> = {},
): Promise<ImportView> {
  const started = await ask(name, content, query).expect(202);
  return importEnd(app(), (started.body as ImportView).id);
}
const mapping = (name: string, body: object) =>
  api()
    .put(`/api/v1/import-mappings/${encodeURIComponent(name)}`)
    .send(body);

describe('a workbook', () => {
  it('brings one kind a sheet; codes stay what they are, dates are dates, and what is wrong is told by row and column', async () => {
    const book = await workbook([
      {
        name: 'Receipts',
        rows: [
          ['at', 'item', 'code', 'quantity', 'uom', 'supplier', 'place', 'expires'],
          [new Date(Date.UTC(2026, 2, 2)), 'RM', '0503E000', 12.5, 'kg', 'ACME', 'IN', new Date(Date.UTC(2027, 2, 2))],
          [new Date(Date.UTC(2026, 2, 2)), 'RM', '00042', { formula: '1+1', result: 2 }, 'kg', 'ACME', 'IN'],
          [new Date(Date.UTC(2026, 2, 2)), 'RM', 503000, 1, 'kg', 'ACME', 'IN'],
          [],
          [
            new Date(Date.UTC(2026, 2, 2)),
            'RM',
            'BAD-1',
            { formula: '1/0', result: { error: '#DIV/0!' } },
            'kg',
            'ACME',
            'IN',
          ],
          [new Date(Date.UTC(2026, 2, 2, 8, 15)), 'RM', 'BAD-2', 1, 'kg', 'ACME', 'IN'],
        ],
        formats: { 0: 'dd.mm.yyyy hh:mm', 7: 'dd.mm.yyyy' },
      },
      {
        name: 'stock',
        rows: [
          ['at', 'item', 'code', 'place'],
          ['2026-03-01', 'FG', 'W-1', 'STORE'],
        ],
      },
      { name: 'Remarks', rows: [['Anything'], ['at all']] },
    ]);
    const view = await run('march.xlsx', book);
    expect(view).toMatchObject({ status: 'done', counts: { accepted: 4, refused: 2, refusedRows: 2 } });
    expect(view.notices.join('\n')).toMatch(/Not read: Remarks/);
    expect(await unitCodes('RM')).toEqual(expect.arrayContaining(['0503E000', '00042', '503000']));
    expect((await refusedRows(app(), view.id)).map((r) => [r.file, r.row, r.column, r.code])).toEqual([
      ['Receipts', 6, 'quantity', 'CSV_ROW_BROKEN'],
      ['Receipts', 7, 'at', 'TIME_NEEDS_OFFSET'],
    ]);
    const again = await run('march.xlsx', book);
    expect(again.counts).toMatchObject({ accepted: 0, duplicates: 4 });
    const csv = await importFile(app(), 'stock.csv', 'at,item,code,place\n2026-03-01,FG,W-1,STORE\n');
    expect(csv.counts).toMatchObject({ accepted: 0, duplicates: 1 });
  });

  it('in a zip, and files in folders of it, are found', async () => {
    const book = await workbook([
      {
        name: 'scrap',
        rows: [
          ['at', 'item', 'code', 'quantity', 'uom'],
          ['2026-03-03', 'RM', '00042', 1, 'kg'],
        ],
      },
    ]);
    const view = await run(
      'export.zip',
      zip([
        { name: 'plant/a/receipts.csv', content: 'at,item,code,quantity\n2026-03-02,RM,Z-1,1\n' },
        { name: 'plant/b/receipts.csv', content: 'at,item,code,quantity\n2026-03-02,RM,Z-2,1\n' },
        { name: '__MACOSX/plant/._receipts.csv', content: 'x' },
        { name: 'plant/book.xlsx', content: book },
      ]),
    );
    expect(view).toMatchObject({ status: 'done', notices: [], counts: { accepted: 3, refused: 0 } });
    expect(await unitCodes('RM')).toEqual(expect.arrayContaining(['Z-1', 'Z-2']));
  });
});

describe('more kinds of files', () => {
  it('opening stock, orders, packing, moves and shipments of containers, counts and holds', async () => {
    const view = await importFiles(app(), {
      'stock.csv':
        'at,item,code,quantity,place\n2026-04-01,FG,K-1,,STORE\n2026-04-01,FG,K-2,,STORE\n2026-04-01,RM,K-L,100,STORE\n',
      'purchase_orders.csv':
        'at,purchase_order,supplier,line,item,quantity,due\n2026-03-20,PO-1,ACME,10,RM,100,2026-04-10\n2026-03-20,PO-1,ACME,20,RM,50,2026-04-20\n',
      'sales_orders.csv': 'at,sales_order,customer,item,quantity\n2026-03-21,SO-1,SHOP,FG,2\n',
      'packings.csv': 'at,container,item,code\n2026-04-02,PAL-1,FG,K-1\n2026-04-02,PAL-1,FG,K-2\n',
      'moves.csv': 'at,item,code,to,container\n2026-04-03,,,IN,PAL-1\n',
      'shipments.csv': 'at,shipment,customer,item,code,container\n2026-04-05,SH-1,SHOP,,,PAL-1\n',
      'counts.csv': 'at,item,code,quantity,place,reason\n2026-04-04,RM,K-L,98.5,STORE,cycle count\n',
      'holds.csv': 'at,item,code,reason,ref\n2026-04-06,RM,K-L,Smells,QN-7\n',
    });
    expect(await refusedRows(app(), view.id)).toEqual([]);
    expect(view).toMatchObject({ status: 'done', counts: { accepted: 11, refused: 0 } });
    const [shipped] = await owner<{ n: string }>(
      `SELECT count(*) AS n FROM holding h JOIN unit USING (unit_id) WHERE code IN ('K-1', 'K-2') AND state = 'shipped'`,
    );
    expect(Number(shipped!.n)).toBe(2);
    const [order] = await owner<{ body: { lines: unknown[] } }>(
      `SELECT body FROM event WHERE type = 'order' AND body->>'purchaseOrder' = 'PO-1'`,
    );
    expect(order!.body.lines).toHaveLength(2);
  });
});

const SAP = {
  kind: 'receipts',
  columns: {
    at: 'Buchungsdatum',
    item: 'Material',
    code: 'Charge',
    quantity: 'Menge',
    uom: 'ME',
    supplier: 'Lieferant',
  },
  constants: { place: 'IN', uom: 'kg' },
  values: { uom: { KGM: 'kg' }, supplier: { '4711': 'ACME' } },
  dateFormat: 'DD.MM.YYYY HH:mm',
  timeZone: 'Europe/Berlin',
  decimalComma: true,
};
const MB51 =
  'Material;Charge;Buchungsdatum;Menge;ME;Lieferant;Text\nRM;0503E001;02.03.2026 08:15;1.250,5;KGM;4711;x\nRM;M-2;03.03.2026;7;;4711;\nRM;M-3;99.03.2026;7;;4711;\nRM;M-4;03.03.2026;viel;;4711;\n';

describe('other headers', () => {
  it('are read by a saved mapping, named or known again by the headers', async () => {
    await upload(app(), 'MB51.csv', MB51).expect(422);
    const headers = ['Charge', 'Material', 'Buchungsdatum', 'Menge', 'ME', 'Lieferant', 'Text'];
    await mapping('SAP MB51', { ...SAP, headers }).expect(200);
    const view = await run('MB51.csv', MB51);
    expect(view).toMatchObject({ status: 'done', counts: { accepted: 2, refused: 2 } });
    expect(view.notices.join('\n')).toMatch(/read by the saved mapping "SAP MB51"/);
    const [event] = await owner<{ body: object }>(`SELECT body FROM event WHERE body->'unit'->>'lot' = '0503E001'`);
    expect(event!.body).toMatchObject({
      at: '2026-03-02T07:15:00.000Z',
      place: 'IN',
      supplier: 'ACME',
      quantity: { value: '1250.5', uom: 'kg' },
    });
    expect((await refusedRows(app(), view.id)).map((r) => [r.row, r.column])).toEqual([
      [4, 'at'],
      [5, 'quantity'],
    ]);
    // Named, it counts for any table that has its columns; the same rows are the same facts.
    const named = await run('MB51.csv', MB51.replace(';Text', ';Note').replace(';x\n', ';y\n'), {
      mapping: 'SAP MB51',
    });
    expect(named).toMatchObject({ status: 'done', mappings: ['SAP MB51'], counts: { accepted: 0, duplicates: 2 } });
  });

  it('a mapping is listed, changed and forgotten; one that is wrong or fits nothing says so', async () => {
    expect((await api().get('/api/v1/import-mappings').expect(200)).body).toMatchObject({
      data: [{ name: 'SAP MB51', kind: 'receipts' }],
    });
    expect((await api().get('/api/v1/import-mappings/SAP%20MB51').expect(200)).body).toMatchObject({
      decimalComma: true,
    });
    expect((await mapping('wrong', { kind: 'receipts', columns: { at: 'X' } }).expect(422)).body).toMatchObject({
      code: 'IMPORT_MAPPING_WRONG',
      field: 'columns.item',
    });
    const unfit = await ask('receipts.csv', 'a,b\n1,2\n', { mapping: 'SAP MB51' }).expect(422);
    expect(unfit.body).toMatchObject({ code: 'IMPORT_MAPPING_UNFIT' });
    await ask('receipts.csv', 'a,b\n1,2\n', { mapping: 'nobody' }).expect(404);
    await mapping('short lived', SAP).expect(200);
    await api().delete('/api/v1/import-mappings/short%20lived').expect(204);
    await api().get('/api/v1/import-mappings/short%20lived').expect(404);
  });

  it('are guessed, and the first rows shown as they would be read, with errors by cell; then the same upload is tried and imported', async () => {
    const before = await everything();
    const csv = MB51.replaceAll('Charge', 'Chargennummer').replaceAll('M-2', 'P-2').replace('0503E001', '0503E002');
    const looked = await upload2('/api/v1/imports/preview', 'Export.csv', csv).expect(200);
    const { upload: uploadId, tables } = looked.body as { upload: string; tables: Table[] };
    expect(tables).toMatchObject([
      {
        name: 'Export.csv',
        kind: null,
        headers: ['Material', 'Chargennummer', 'Buchungsdatum', 'Menge', 'ME', 'Lieferant', 'Text'],
        guess: { kind: 'receipts', columns: { code: 'Chargennummer', quantity: 'Menge' }, decimalComma: true },
      },
    ]);
    const columns = { ...SAP.columns, code: 'Chargennummer' };
    const shown = await api()
      .post(`/api/v1/imports/preview/${uploadId}`)
      .send({ table: 'Export.csv', mapping: { ...SAP, columns } })
      .expect(200);
    const [table] = (shown.body as { tables: Table[] }).tables;
    expect(table!.rows.map((r) => r.errors.map((e) => e.column))).toEqual([[], [], ['at'], ['quantity']]);
    expect(table!.rows[0]!.read).toMatchObject({
      code: '0503E002',
      quantity: '1250.5',
      at: '2026-03-02T07:15:00.000Z',
      place: 'IN',
    });
    expect(await everything()).toEqual(before);

    await mapping('Export', { ...SAP, columns, headers: table!.headers }).expect(200);
    const body = { mapping: ['Export'], id: '11111111-1111-4111-8111-111111111111' };
    const tried = await api()
      .post(`/api/v1/imports/preview/${uploadId}/import`)
      .send({ mapping: ['Export'], dryRun: true })
      .expect(202);
    const dry = await importEnd(app(), (tried.body as ImportView).id);
    expect(dry).toMatchObject({ dryRun: true, counts: { accepted: 2, refused: 2 } });
    expect(await everything()).toEqual(before);
    const started = await api().post(`/api/v1/imports/preview/${uploadId}/import`).send(body).expect(202);
    expect((await importEnd(app(), (started.body as ImportView).id)).counts).toEqual(dry.counts);
    // Sent again under its id it answers as the first time; another import under that id is refused.
    const same = await api().post(`/api/v1/imports/preview/${uploadId}/import`).send(body).expect(202);
    expect(same.body).toMatchObject({ id: body.id, status: 'done' });
    const other = await api()
      .post(`/api/v1/imports/preview/${uploadId}/import`)
      .send({ ...body, dryRun: true })
      .expect(409);
    expect(other.body).toMatchObject({ code: 'IMPORT_ID_USED' });
  });
});

interface Table {
  name: string;
  headers: string[];
  rows: { read: Record<string, string>; errors: { column: string | null; code: string }[] }[];
}
const upload2 = (path: string, name: string, content: UploadContent) =>
  api()
    .post(path)
    .attach('file', Buffer.from(content as string), { filename: name, contentType: 'application/octet-stream' });

describe('a dry run', () => {
  const files = (prefix: string) => ({
    'items.csv': `item,name,tracking,uom\n${prefix}-P,Part,serial,pcs\n${prefix}-A,Assembly,serial,pcs\n`,
    'receipts.csv': `at,item,code,place\n2026-05-01,${prefix}-P,S-1,IN\n2026-05-01,${prefix}-P,S-1,IN\n2026-05-01,NOPE,S-2,IN\n`,
    'builds.csv': `at,output_item,output_code,input_item,input_code,mode\n2026-05-02,${prefix}-A,A-1,${prefix}-P,S-1,consume\n2026-05-03,${prefix}-A,A-2,${prefix}-P,S-1,consume\n`,
    'events.ndjson': `${JSON.stringify({ type: 'hold', at: '2026-05-04', id: `${prefix}-h`, units: [{ item: `${prefix}-A`, serial: 'A-1' }], reason: 'x' })}\n${JSON.stringify({ type: 'release', at: '2026-05-05', id: `${prefix}-r`, hold: `${prefix}-h` })}\n${JSON.stringify({ type: 'void', id: `${prefix}-v`, event: `${prefix}-nothing`, reason: 'x' })}\n`,
  });
  const archive = (prefix: string) => zip(Object.entries(files(prefix)).map(([name, content]) => ({ name, content })));

  it('says what the import says, row by row, also of rows that hang on rows before them, and stores nothing', async () => {
    const before = await everything();
    const dry = await run('plant.zip', archive('DRY'), { dryRun: 'true' });
    expect(dry).toMatchObject({ status: 'done', dryRun: true });
    expect(await everything()).toEqual(before);
    const real = await run('plant.zip', archive('DRY'));
    expect(real.counts).toEqual(dry.counts);
    // Not the second reception and consumption of S-1, nor what names unknown things.
    expect(real.counts).toMatchObject({ accepted: 6, refused: 4 });
    expect(await refusedRows(app(), real.id)).toEqual(await refusedRows(app(), dry.id));
    const after = await run('plant.zip', archive('DRY'), { dryRun: 'true' });
    expect(after.counts).toMatchObject({ accepted: 0, duplicates: 6, refused: 4 });
  });

  it('is refused where it would hold too much for too long', async () => {
    const rows = Array.from({ length: 51 }, (_, i) => `2026-05-01,RM,LONG-${i},1`).join('\n');
    const view = await run('receipts.csv', `at,item,code,quantity\n${rows}\n`, { dryRun: 'true' });
    expect(view).toMatchObject({ status: 'failed', error: { code: 'IMPORT_DRY_RUN_LIMIT' } });
  });
});

describe('refused rows', () => {
  it('come back as they stood with the reason beside them, and are sent again when they are mended', async () => {
    const csv =
      'Code;item;at;quantity;colour\nQ-1;RM;2026-06-01;1;red\nQ-2;RMM;2026-06-01;2;"a;b"\n=Q-3;RM;2026-06-01;0;blue\n';
    const first = await run('receipts.csv', csv);
    expect(first.counts).toMatchObject({ accepted: 1, refused: 2 });
    expect((await api().get(`/api/v1/imports/${first.id}/refused-files`).expect(200)).body).toEqual({
      data: [{ file: 'receipts.csv', rows: 2 }],
    });
    const refused = await api().get(`/api/v1/imports/${first.id}/refused`).query({ file: 'receipts.csv' }).expect(200);
    expect(refused.headers['content-disposition']).toMatch(/filename="receipts\.csv"/);
    const lines = refused.text.split('\r\n');
    expect(lines[0]).toBe('\uFEFFCode,item,at,quantity,colour,refused_row,refused_column,refused_code,refused_reason');
    expect(lines[1]).toMatch(/^Q-2,RMM,2026-06-01,2,"a;b",3,item,UNKNOWN_ITEM,/);
    // As it is, it says the same again; mended, it comes in.
    const again = await run('receipts.csv', refused.text, { mends: first.id });
    expect(again).toMatchObject({ mends: first.id, counts: { accepted: 0, refused: 2 } });
    expect(again.notices.join('\n')).not.toMatch(/refused_/);
    const mended = await run(
      'receipts.csv',
      refused.text.replace('RMM', 'RM').replace('2026-06-01,0', '2026-06-01,3'),
      { mends: first.id },
    );
    expect(mended.counts).toMatchObject({ accepted: 2, duplicates: 0, refused: 0 });
    expect(await unitCodes('RM')).toEqual(expect.arrayContaining(['Q-2', '=Q-3']));
    expect((await api().get(`/api/v1/imports/${first.id}`).expect(200)).body).toMatchObject({
      mendedBy: [{ id: mended.id }, { id: again.id }],
    });
  });

  it('that now say what another row said are one more fact, once', async () => {
    const csv = 'at,item,code,to,quantity,place\n2026-06-02,RM,Q-1,STORE,0.1,IN\n2026-06-02,RM,Q-1,STOER,0.1,IN\n';
    const first = await run('moves.csv', csv);
    expect(first.counts).toMatchObject({ accepted: 1, refused: 1 });
    const refused = await api().get(`/api/v1/imports/${first.id}/refused`).query({ file: 'moves.csv' }).expect(200);
    const mend = refused.text.replace('STOER', 'STORE');
    expect((await run('moves.csv', mend, { mends: first.id })).counts).toMatchObject({ accepted: 1, duplicates: 0 });
    expect((await run('moves.csv', mend, { mends: first.id })).counts).toMatchObject({ accepted: 0, duplicates: 1 });
    expect((await run('moves.csv', csv.replace('STOER', 'STORE'))).counts).toMatchObject({
      accepted: 0,
      duplicates: 2,
    });
  });

  it('of a workbook that was read by a mapping, and lines of NDJSON, do so too', async () => {
    const book = await workbook([
      {
        name: 'Wareneingang',
        rows: [
          ['Buchungsdatum', 'Material', 'Charge', 'Menge', 'ME', 'Lieferant'],
          [new Date(Date.UTC(2026, 2, 9, 8, 15)), 'RM?', 'W-1', 1.234, 'KGM', '4711'],
        ],
        formats: { 0: 'dd.mm.yyyy hh:mm' },
      },
    ]);
    // Known by its headers alone, as also the mended file is: a number of the sheet is written as its mapping reads it.
    const headers = ['Buchungsdatum', 'Material', 'Charge', 'Menge', 'ME', 'Lieferant'];
    await mapping('SAP short', { ...SAP, headers }).expect(200);
    const first = await run('book.xlsx', book);
    expect(first.counts).toMatchObject({ accepted: 0, refused: 1 });
    const refused = await api().get(`/api/v1/imports/${first.id}/refused`).query({ file: 'Wareneingang' }).expect(200);
    expect(refused.headers['content-disposition']).toMatch(/filename="Wareneingang\.csv"/);
    const mended = await run('Wareneingang.csv', refused.text.replace('RM?', 'RM'), { mends: first.id });
    expect(mended.counts).toMatchObject({ accepted: 1, refused: 0 });
    const [event] = await owner<{ body: object }>(`SELECT body FROM event WHERE body->'unit'->>'lot' = 'W-1'`);
    expect(event!.body).toMatchObject({ at: '2026-03-09T07:15:00.000Z', quantity: { value: '1.234' } });

    const lines = await run('facts.ndjson', '{"type":"receive","at":"2026-06-01"}\nnot json\n');
    const back = await api()
      .get(`/api/v1/imports/${lines.id}/refused`)
      .query({ file: 'facts.ndjson' })
      .buffer(true)
      .parse(asText)
      .expect(200);
    expect(back.body).toBe('{"type":"receive","at":"2026-06-01"}\nnot json\n');
  });
});

const asText = (response: unknown, done: (error: Error | null, text: unknown) => void): void => {
  const stream = response as NodeJS.ReadableStream;
  let text = '';
  stream.on('data', (chunk: Buffer) => (text += chunk.toString()));
  stream.on('end', () => done(null, text));
};
