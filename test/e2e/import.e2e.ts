import { request as rawRequest } from 'node:http';
import { http, useApp, waitFor } from '../support';
import { importFile, importFiles, refusedRows, upload, UploadContent } from './import-client';
import { zip } from './import-zip';

const app = useApp({ env: { UPLOAD_BYTES_MAX: String(4 * 1024 * 1024), TIME_ZONE: 'Europe/Paris' } });
const api = () => http(app());

const MASTER = {
  'items.csv': `item,name,tracking,uom\nRM,Resin,lot,kg\nBAT,Battery,serial,pcs\nBIKE,Bike,serial,pcs\nCELL,Cell,lot,pcs\nLABEL,Label,none,pcs\n`,
  'places.csv': `place,parent,kind,name,time_zone\nP.A,P,area,Hall A,\nP,,site,Plant,Europe/Paris\n`,
  'partners.csv': `partner,name,kind\nSUP,Supplier,supplier\nSHOP,The shop,customer\n`,
};
const owner = <R>(sql: string, params: unknown[] = []) => app().database.asOwner<R>(sql, params);
const facts = async () => Number((await owner<{ n: string }>(`SELECT count(*) AS n FROM event`))[0]!.n);
const codes = async (pattern: string) =>
  (await owner<{ code: string }>(`SELECT code FROM unit WHERE code LIKE $1 ORDER BY code`, [pattern])).map(
    (r) => r.code,
  );

beforeAll(async () => {
  expect(await importFiles(app(), MASTER)).toMatchObject({
    status: 'done',
    counts: { accepted: 9, duplicates: 0, refused: 0 },
    progress: { done: 9, total: 9 },
    error: null,
  });
});

it('leaves alone what its files have no columns for: attributes and factors of items, capacities of places', async () => {
  const api = http(app());
  const item = { name: 'Kept', tracking: 'lot', uom: 'kg', factors: { bag: '25' }, attributes: { colour: 'red' } };
  await api.put('/api/v1/items/KEPT').send(item).expect(200);
  await api
    .put('/api/v1/places/KEPT')
    .send({ name: 'Kept', kind: 'bin', capacity: { units: 3 } })
    .expect(200);
  await importFiles(app(), {
    'items.csv': 'item,name,tracking,uom\nKEPT,Kept and renamed,lot,kg\n',
    'places.csv': 'place,name,kind\nKEPT,Kept and renamed,bin\n',
  });
  expect((await api.get('/api/v1/items/KEPT').expect(200)).body).toMatchObject({ ...item, name: 'Kept and renamed' });
  expect((await api.get('/api/v1/places/KEPT').expect(200)).body).toMatchObject({
    name: 'Kept and renamed',
    capacity: { units: 3 },
  });
});

describe('what a file may look like', () => {
  it('comma, semicolon, BOM, any order of columns and more columns: the same rows are the same facts', async () => {
    const rows = [
      ['2026-03-02', 'RM', 'FORM-1', '12.5', 'red'],
      ['2026-03-02T08:15:00+01:00', 'RM', 'FORM-2', '3', 'blue'],
    ];
    const first = await importFile(
      app(),
      'receipts.csv',
      `at,item,code,quantity\n${rows.map((r) => r.slice(0, 4).join(',')).join('\n')}\n`,
    );
    expect(first).toMatchObject({ status: 'done', counts: { accepted: 2, duplicates: 0, refused: 0 }, notices: [] });
    const before = await facts();
    const again = await importFile(
      app(),
      'RECEIPTS.CSV',
      `\uFEFFColour;quantity;Code;Item;AT\r\n${rows.map(([at, item, code, q, colour]) => [colour, q, `"${code}"`, item, at].join(';')).join('\r\n')}`,
    );
    expect(again).toMatchObject({ status: 'done', counts: { accepted: 0, duplicates: 2, refused: 0 } });
    expect(again.notices).toEqual([expect.stringContaining('Colour')]);
    expect(await facts()).toBe(before);
  });

  it('equal rows of one file are as many facts, once', async () => {
    const twice = `at,item,code,quantity,reason\n2026-03-03,RM,FORM-1,1,spilt\n2026-03-03,RM,FORM-1,1,spilt\n`;
    expect(await importFile(app(), 'scrap.csv', twice)).toMatchObject({ counts: { accepted: 2, duplicates: 0 } });
    expect(await importFile(app(), 'scrap.csv', twice)).toMatchObject({ counts: { accepted: 0, duplicates: 2 } });
  });

  it('rows of one build are one event, wherever they stand, and an id column names it', async () => {
    const view = await importFile(
      app(),
      'builds.csv',
      [
        'id,at,output_item,output_code,input_item,input_code,quantity,work_order,position',
        'build-1,2026-03-04T10:00:00+01:00,BAT,B-1,CELL,C-1,40,WO,',
        ',2026-03-04T10:00:00+01:00,BAT,B-2,CELL,C-1,40,WO,',
        ',2026-03-04T10:00:00+01:00,BAT,B-1,RM,FORM-1,0.1,WO,',
        ',2026-03-04T10:00:00+01:00,BAT,B-1,LABEL,,1,WO,',
      ].join('\n'),
    );
    expect(view).toMatchObject({ status: 'done', counts: { accepted: 2, refused: 0 } });
    expect(view.notices.join()).toMatch(/1 rows? name items without tracking/);
    const contains = await api().get('/api/v1/units/BAT~serial~B-1/contains').expect(200);
    expect((contains.body as { data: { unit: { lot: string } }[] }).data.map((d) => d.unit.lot).sort()).toEqual([
      'C-1',
      'FORM-1',
    ]);
    const event = await owner(
      `SELECT 1 FROM event WHERE source = 'import' AND client_id = 'build-1' AND type = 'produce'`,
    );
    expect(event).toHaveLength(1);
  });

  it('what looks like a formula stays a text', async () => {
    const view = await importFile(
      app(),
      'receipts.csv',
      `at,item,code,quantity\n2026-03-02,RM,=1+1,1\n2026-03-02,RM,"=""0012""",1\n`,
    );
    expect(view).toMatchObject({ counts: { accepted: 2 } });
    expect(await codes('=1+1')).toEqual(['=1+1']);
    expect(await codes('0012')).toEqual(['0012']);
  });
});

describe('rows that are wrong', () => {
  it('are refused one by one, with row, column, code and what to do; the others are taken', async () => {
    const view = await importFile(
      app(),
      'receipts.csv',
      [
        'at,place,item,code,quantity,uom,supplier',
        '2026-03-02,P.A,RM,BAD-OK,1,kg,SUP',
        '2026-03-02,P.A,NOPE,BAD-1,1,kg,SUP',
        '2026-03-02,NOWHERE,RM,BAD-2,1,kg,SUP',
        '2026-03-02,P.A,RM,BAD-3,1,kg,NOBODY',
        '2026-03-02,P.A,RM,BAD-4,1,m,SUP',
        '2026-03-02,P.A,RM,BAD-5,-1,kg,SUP',
        '2026-03-02T08:00:00,P.A,RM,BAD-6,1,kg,SUP',
        '2026-02-30,P.A,RM,BAD-7,1,kg,SUP',
        '2026-03-02,P.A,RM,,1,kg,SUP',
        '2026-03-02,P.A,RM,BAD-9,1,kg,SUP,too,much',
        '2026-03-02,P.A,RM',
        '2026-03-02,P.A,LABEL,BAD-11,1,pcs,SUP',
      ].join('\n'),
    );
    expect(view).toMatchObject({ status: 'done', counts: { accepted: 1, refused: 11, refusedRows: 11 } });
    const refused = await refusedRows(app(), view.id);
    expect(refused.map((r) => [r.row, r.column, r.code])).toEqual([
      [3, 'item', 'UNKNOWN_ITEM'],
      [4, 'place', 'UNKNOWN_PLACE'],
      [5, 'supplier', 'UNKNOWN_PARTNER'],
      [6, 'uom', 'UOM_UNKNOWN'],
      [7, 'quantity', 'QUANTITY_INVALID'],
      [8, 'at', 'TIME_NEEDS_OFFSET'],
      [9, 'at', 'TIME_INVALID'],
      [10, 'code', 'FIELD_REQUIRED'],
      [11, null, 'CSV_ROW_BROKEN'],
      [12, 'code', 'CSV_ROW_BROKEN'],
      [13, 'item', 'UNIT_NOT_TRACKED'],
    ]);
    for (const row of refused) expect(row.message.length).toBeGreaterThan(20);
    expect(await codes('BAD-%')).toEqual(['BAD-OK']);
    const csv = await api().get(`/api/v1/imports/${view.id}/refused`).set('accept', 'text/csv').expect(200);
    expect(csv.headers['content-type']).toMatch('text/csv');
    expect(csv.text.split('\r\n')[0]).toBe('\uFEFFfile,row,column,code,message');
    expect(csv.text.split('\r\n')).toHaveLength(13);
  });

  it('a build with one wrong row is refused whole, and each of its rows is on the list', async () => {
    const view = await importFile(
      app(),
      'builds.csv',
      [
        'at,output_item,output_code,input_item,input_code,quantity',
        '2026-03-05,BAT,B-BAD,CELL,C-1,40',
        '2026-03-05,BAT,B-GOOD,CELL,C-1,40',
        '2026-03-05,BAT,B-BAD,CELL,C-2,many',
      ].join('\n'),
    );
    expect(view).toMatchObject({ counts: { accepted: 1, refused: 1, refusedRows: 2 } });
    expect((await refusedRows(app(), view.id)).map((r) => [r.row, r.column, r.code])).toEqual([
      [2, null, 'CSV_GROUP_REFUSED'],
      [4, 'quantity', 'QUANTITY_INVALID'],
    ]);
    expect(await codes('B-BAD')).toEqual([]);
  });

  it('a serial consumed twice and an id used for something else are refused where they stand', async () => {
    const view = await importFile(
      app(),
      'builds.csv',
      [
        'id,at,output_item,output_code,input_item,input_code,mode',
        'two-1,2026-03-06T08:00:00Z,BIKE,X-1,BAT,B-2,consume',
        'two-2,2026-03-07T08:00:00Z,BIKE,X-2,BAT,B-2,consume',
        'two-1,2026-03-08T08:00:00Z,BIKE,X-3,BAT,B-9,consume',
      ].join('\n'),
    );
    expect(view).toMatchObject({ counts: { accepted: 1, refused: 2 } });
    expect((await refusedRows(app(), view.id)).map((r) => [r.row, r.column, r.code])).toEqual([
      [3, 'input_code', 'SERIAL_CONSUMED'],
      [4, 'id', 'EVENT_ID_REUSED'],
    ]);
  });

  it('lines of NDJSON have their line number', async () => {
    const good = {
      id: 'nd-1',
      type: 'receive',
      at: '2026-03-02',
      unit: { item: 'RM', lot: 'ND-1' },
      quantity: { value: '1', uom: 'kg' },
    };
    const view = await importFile(
      app(),
      'events.ndjson',
      [JSON.stringify(good), '{"type":', '', JSON.stringify({ type: 'pack', at: '2026-03-02', id: 'nd-2' }), '[]'].join(
        '\n',
      ),
    );
    expect(view).toMatchObject({ counts: { accepted: 1, refused: 3 } });
    expect((await refusedRows(app(), view.id)).map((r) => [r.row, r.code])).toEqual([
      [2, 'BAD_JSON'],
      [4, 'FIELD_REQUIRED'],
      [5, 'FIELD_INVALID'],
    ]);
  });

  it('an event that no database can keep refuses itself alone', async () => {
    const good = { type: 'receive', at: '2026-03-02', quantity: { value: '1', uom: 'kg' } };
    const lines = ['HALF-1', 'HALF-2', 'HALF-3'].map((lot) => ({ ...good, id: lot, unit: { item: 'RM', lot } }));
    const view = await importFile(
      app(),
      'events.ndjson',
      lines.map((line, i) => JSON.stringify(i === 1 ? { ...line, note: 'half a \ud83d' } : line)).join('\n'),
    );
    expect(view).toMatchObject({ status: 'done', counts: { accepted: 2, refused: 1 } });
    expect(await refusedRows(app(), view.id)).toMatchObject([{ row: 2, code: 'FIELD_INVALID' }]);
    expect(await codes('HALF-%')).toEqual(['HALF-1', 'HALF-3']);
  });

  it('wrong master data is refused by its cell', async () => {
    const view = await importFiles(app(), {
      'items.csv': `item,name,tracking,uom\nI1,One,sometimes,kg\nI2,,lot,kg\nI3,Three,lot,parsec\nRM,Resin,serial,pcs\n`,
      'bom.csv': `item,revision,component,quantity,uom\nBAT,A,CELL,40,pcs\nBAT,A,NOPE,1,pcs\nBIKE,A,BAT,1,pcs\n`,
    });
    expect(view).toMatchObject({ status: 'done', counts: { accepted: 1, refused: 5 } });
    expect((await refusedRows(app(), view.id)).map((r) => [r.file, r.row, r.column, r.code])).toEqual([
      ['items.csv', 2, 'tracking', 'FIELD_INVALID'],
      ['items.csv', 3, 'name', 'FIELD_REQUIRED'],
      ['items.csv', 4, 'uom', 'UOM_UNKNOWN'],
      ['items.csv', 5, 'tracking', 'ITEM_IN_USE'],
      ['bom.csv', 2, null, 'CSV_GROUP_REFUSED'],
      ['bom.csv', 3, 'component', 'UNKNOWN_ITEM'],
    ]);
  });
});

describe('files that are not taken', () => {
  const refusedAtOnce: [string, string, UploadContent, number, string][] = [
    ['a picture', 'receipts.csv', Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 0, 1]), 422, 'CSV_NOT_CSV'],
    ['UTF-16', 'receipts.csv', Buffer.from('\uFEFFat,item,code\n', 'utf16le'), 422, 'CSV_NOT_CSV'],
    ['a web page', 'receipts.csv', '<html><body>Please sign in</body></html>', 422, 'CSV_NOT_CSV'],
    ['nothing', 'receipts.csv', '', 422, 'CSV_NOT_CSV'],
    ['other columns', 'receipts.csv', 'date,material,batch\n2026-03-02,RM,L\n', 422, 'CSV_COLUMN_MISSING'],
    ['a name that no import knows', 'stuff.csv', 'at,item,code\n', 422, 'IMPORT_NO_FILES'],
    ['a workbook that is none', 'receipts.xlsx', 'at,item,code\n', 422, 'IMPORT_FILE_UNREADABLE'],
    ['a zip that is none', 'plant.zip', 'at,item,code\n', 422, 'IMPORT_FILE_UNREADABLE'],
    [
      'what is larger than the limit',
      'receipts.csv',
      `at,item,code\n${'x'.repeat(5 * 1024 * 1024)}`,
      413,
      'BODY_TOO_LARGE',
    ],
  ];
  it.each(refusedAtOnce)('%s is said at once, and nothing of it is kept', async (_, name, content, status, code) => {
    const [before] = await owner(
      `SELECT (SELECT count(*) FROM import_run), (SELECT count(*) FROM stored_file_chunk) AS chunks`,
    );
    const answer = await upload(app(), name, content).expect(status);
    expect(answer.headers['content-type']).toMatch('application/problem+json');
    expect(answer.body).toMatchObject({ code });
    const [after] = await owner(
      `SELECT (SELECT count(*) FROM import_run), (SELECT count(*) FROM stored_file_chunk) AS chunks`,
    );
    expect(after).toEqual(before);
  });

  it('an upload that breaks off leaves nothing', async () => {
    const kept = `SELECT (SELECT count(*) FROM import_run), (SELECT count(*) FROM stored_file_chunk) AS chunks, (SELECT count(*) FROM stored_file) AS files`;
    const [before] = await owner(kept);
    const head = `--b\r\nContent-Disposition: form-data; name="file"; filename="receipts.csv"\r\n\r\nat,item,code,quantity\r\n`;
    const rows = '2026-03-02,RM,BROKEN-OFF,1\r\n'.repeat(60_000);
    const url = new URL('/api/v1/imports', app().url);
    const request = rawRequest(url, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${app().apiKey}`,
        'content-type': 'multipart/form-data; boundary=b',
        'content-length': String(head.length + rows.length + 1_000_000),
      },
    });
    request.on('error', () => undefined);
    request.write(head + rows);
    await waitFor(
      async () => {
        const [now] = await owner<{ chunks: string }>(kept);
        return Number(now!.chunks) > Number((before as { chunks: string }).chunks);
      },
      { what: 'the first part of the upload' },
    );
    request.destroy();
    await waitFor(
      async () => {
        const [after] = await owner(kept);
        expect(after).toEqual(before);
        return true;
      },
      { what: 'the end of what was left' },
    );
    expect(await codes('BROKEN-OFF')).toEqual([]);
  });

  it('an upload without a file, or no upload at all', async () => {
    await api().post('/api/v1/imports').send({ file: 'x' }).expect(415);
    const empty = await api().post('/api/v1/imports').field('name', 'x').expect(422);
    expect(empty.body).toMatchObject({ code: 'FIELD_REQUIRED' });
  });

  const good = 'at,item,code,quantity\n2026-03-02,RM,ZIP-GOOD,1\n';
  const refusedByWorker: [string, Buffer, string, RegExp][] = [
    [
      'a bomb',
      zip([
        { name: 'receipts.csv', content: good },
        { name: 'scrap.csv', content: Buffer.alloc(64 * 1024 * 1024, 'a') },
      ]),
      'IMPORT_ZIP_LIMIT',
      /times its size/,
    ],
    [
      'a bomb that lies about its size',
      zip([
        { name: 'receipts.csv', content: good },
        { name: 'scrap.csv', content: Buffer.alloc(64 * 1024 * 1024, 'a'), statedSize: 100 },
      ]),
      'IMPORT_FILE_UNREADABLE',
      /too many bytes|size/i,
    ],
    ['names that point out of it', zip([{ name: '../receipts.csv', content: good }]), 'IMPORT_ZIP_LIMIT', /out of it/],
    [
      'too many files',
      zip(Array.from({ length: 101 }, (_, i) => ({ name: `f${i}.txt`, content: '' }))),
      'IMPORT_ZIP_LIMIT',
      /101 files/,
    ],
    [
      'the same name twice',
      zip([
        { name: 'receipts.csv', content: good },
        { name: 'Receipts.csv', content: good },
      ]),
      'IMPORT_ZIP_LIMIT',
      /twice/,
    ],
    ['nothing to read', zip([{ name: 'readme.txt', content: 'x' }]), 'IMPORT_NO_FILES', /receipts\.csv/],
    [
      'one file that is no CSV beside good ones',
      zip([
        { name: 'receipts.csv', content: good },
        { name: 'scrap.csv', content: Buffer.from('at,item,code\n2026-03-02,K\xe4se,L-1\n', 'latin1') },
      ]),
      'CSV_NOT_CSV',
      /scrap\.csv.*UTF-8/,
    ],
  ];
  it.each(refusedByWorker)(
    'a zip with %s fails with that reason, and nothing of it is written',
    async (_, content, code, message) => {
      const before = await facts();
      const view = await importFile(app(), 'plant.zip', content);
      expect(view).toMatchObject({ status: 'failed', error: { code }, counts: { accepted: 0 } });
      expect(view.error!.message).toMatch(message);
      expect(await facts()).toBe(before);
      expect(await codes('ZIP-GOOD')).toEqual([]);
    },
  );
});

describe('looking at imports', () => {
  it('lists them, streams their progress, and says which do not exist', async () => {
    const started = await upload(app(), 'scrap.csv', 'at,item,code,quantity\n2026-03-09,RM,FORM-2,0.5\n').expect(202);
    const { id } = started.body as { id: string };
    const stream = await api().get(`/api/v1/imports/${id}/stream`).buffer(true).parse(asText).expect(200);
    expect(stream.headers['content-type']).toMatch('text/event-stream');
    const views = (stream.body as string).split('\n\n').flatMap((block) => /^data: (.*)$/m.exec(block)?.[1] ?? []);
    expect(stream.body).toContain('event: import');
    expect(JSON.parse(views.at(-1)!)).toMatchObject({ id, status: 'done', counts: { accepted: 1 } });
    const list = await api().get('/api/v1/imports?limit=1').expect(200);
    expect(list.body).toMatchObject({ data: [{ id, name: 'scrap.csv' }], nextCursor: expect.any(String) });
    await api().get('/api/v1/imports/3f2b6a9e-0000-4000-8000-000000000000').expect(404);
    await api().get('/api/v1/imports/nonsense').expect(404);
    const over = await api().post(`/api/v1/imports/${id}/cancel`).expect(409);
    expect(over.body).toMatchObject({ code: 'IMPORT_CANCELLED' });
  });

  it('leaves audit lines of start and end', async () => {
    const audit = await waitFor(async () => {
      const rows = await owner<{ action: string }>(`SELECT action FROM audit_line WHERE subject LIKE 'import:%'`);
      return rows.length > 0 && rows;
    });
    expect(new Set(audit.map((a) => a.action))).toEqual(new Set(['start-import', 'finish-import', 'fail-import']));
  });
});

type Parser = (response: unknown, done: (error: Error | null, body: unknown) => void) => void;
const asText: Parser = (response, done) => {
  const stream = response as NodeJS.ReadableStream;
  let text = '';
  stream.setEncoding('utf8');
  stream.on('data', (chunk: string) => (text += chunk));
  stream.on('end', () => done(null, text));
};
