import { parse } from 'csv-parse/sync';
import { Workbook } from 'exceljs';
import PDFParser from 'pdf2json';
import type { Response } from 'supertest';
import type { ReportModel } from '@/exchange/reports/domain/model';
import { http, useApp } from '../support';
import { at, batter, CODES, kg, plant, spice } from './report-plant';

const app = useApp();

interface Summary {
  id: string;
  digest: string;
  ledgerPosition: number;
  complete: boolean;
  counts: {
    affected: number;
    certain: number;
    possible: number;
    byState: { key: string; units: number }[];
    byCustomer: { key: string; units: number }[];
    byItem: { key: string; units: number }[];
  };
}

async function trace(question: object): Promise<Summary> {
  const answer = await http(app()).post('/api/v1/traces?wait=30').send(question);
  expect(answer.body).toMatchObject({ status: 'done' });
  return answer.body as Summary;
}

function download(path: string): Promise<Response> {
  return http(app())
    .get(path)
    .buffer(true)
    .parse((response, done) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => done(null, Buffer.concat(chunks)));
    });
}

function pdfText(pdf: Buffer): Promise<{ text: string; pages: number }> {
  return new Promise((resolve, reject) => {
    const parser = new PDFParser(null, true);
    parser.on('pdfParser_dataError', (error) => reject(error instanceof Error ? error : error.parserError));
    parser.on('pdfParser_dataReady', (data) => resolve({ text: parser.getRawTextContent(), pages: data.Pages.length }));
    // 0: errors alone; what it thinks of fonts is not asked for.
    parser.parseBuffer(pdf, 0);
  });
}

async function workbook(body: Buffer): Promise<Workbook> {
  const book = new Workbook();
  await book.xlsx.load(new Uint8Array(body).buffer);
  return book;
}

describe('the recall impact report', () => {
  let summary: Summary;
  let report: ReportModel;
  const path = (file: string) => `/api/v1/traces/${summary.id}/${file}`;

  beforeAll(async () => {
    await plant(app());
    summary = await trace({ direction: 'forward', seeds: [{ unit: spice }] });
    report = (await http(app()).get(path('report'))).body as ReportModel;
  });

  it('says what the suspect is and where it came from', () => {
    expect(report.suspects).toMatchObject([
      {
        unit: spice,
        name: 'White pepper',
        origin: 'received',
        makings: [
          {
            event: 'r1',
            type: 'receive',
            at: '2026-03-01T08:00:00.000Z',
            place: 'LYON',
            quantity: { value: '250.5', uom: 'kg' },
            supplier: { partner: 'SUP-3', name: 'Pfeffer & Söhne', email: 'qs@pfeffer.example' },
            supplierLot: '=cmd',
            document: 'PO-88',
          },
        ],
      },
    ]);
  });

  it('has the counts of the trace, by state, item and customer', () => {
    expect(report.totals).toMatchObject({
      affected: summary.counts.affected,
      certain: summary.counts.certain,
      possible: summary.counts.possible,
    });
    expect(report.totals.affected).toBe(2 + CODES.length);
    expect(report.units.of).toBe(summary.counts.affected);
    const counted = (list: { key: string; units: number }[]) => Object.fromEntries(list.map((c) => [c.key, c.units]));
    expect(Object.fromEntries(report.states.map((s) => [s.state, s.units]))).toEqual(counted(summary.counts.byState));
    expect(Object.fromEntries(report.items.map((i) => [i.item, i.units]))).toEqual(counted(summary.counts.byItem));
    expect(Object.fromEntries(report.customers.listed.map((c) => [c.customer.partner, c.units]))).toEqual({
      'SHOP-1': 1,
      'MKT-2': 1,
    });
    expect(report).toMatchObject({
      complete: summary.complete,
      trace: { id: summary.id, digest: summary.digest, ledgerPosition: summary.ledgerPosition, askedBy: 'key:admin' },
    });
  });

  it('names customers with their documents and contacts; what came back stays in its shipment', () => {
    const shop = report.customers.listed.find((c) => c.customer.partner === 'SHOP-1');
    expect(shop).toMatchObject({
      customer: { name: 'Épicerie Lafarge', email: 'achats@lafarge.example', address: '12 rue X, Lyon', country: 'FR' },
      units: 1,
      delivered: { units: 2, hit: 2 },
      shipments: { of: 1, listed: [{ shipment: 'DN-0042', units: 2, from: '2026-03-03T08:00:00.000Z' }] },
    });
    expect(report.totals).toMatchObject({ customers: 2, shipments: 2 });
  });

  it('keeps a day that was written as a day, in whatever zone the reader is', async () => {
    const market = report.customers.listed.find((c) => c.customer.partner === 'MKT-2');
    expect(market?.shipments.listed[0]).toMatchObject({ fromDay: '2026-03-04', untilDay: '2026-03-04' });
    const rows = parse<Record<string, string>>((await download(path('report.csv'))).body as Buffer, {
      columns: true,
      bom: true,
    });
    expect(rows.filter((row) => row.record === 'delivery').map((row) => row.at)).toEqual(
      expect.arrayContaining(['2026-03-03T08:00:00.000Z', '2026-03-04']),
    );
  });

  it('reads back from the workbook with every code as text', async () => {
    const answer = await download(path('report.xlsx'));
    expect(answer.headers['content-type']).toBe('application/vnd.openxmlformats-officedocument.spreadsheetml.sheet');
    expect(answer.headers['content-disposition']).toMatch(
      /^attachment; filename="recall-impact_SPICE_S-77_[0-9a-f]{8}\.xlsx"/,
    );
    const book = await workbook(answer.body as Buffer);
    const units = book.getWorksheet('Units');
    const codes: unknown[] = [];
    units?.eachRow((row, number) => {
      if (number === 1) return;
      const code = row.getCell(4);
      expect(typeof code.value).toBe('string');
      expect(code.formula).toBeUndefined();
      codes.push(code.value);
    });
    expect(codes).toHaveLength(summary.counts.affected);
    expect(codes).toEqual(expect.arrayContaining(CODES));
    const facts = new Map<unknown, unknown>();
    book.worksheets[0]?.eachRow((row) => facts.set(row.getCell(1).value, row.getCell(2).value));
    expect(facts.get('digest (SHA-256)')).toBe(summary.digest);
    expect(facts.get('ledger position')).toBe(String(summary.ledgerPosition));
    expect(facts.get('asked by')).toBe('key:admin');
    const documents: unknown[] = [];
    book.getWorksheet('Customers')?.eachRow((row) => documents.push(row.getCell(7).value));
    expect(documents.sort()).toEqual(['=DN', 'DN-0042', 'DN-0042', 'Shipment']);
  });

  it('reads back from the CSV with formulas defused and codes exact', async () => {
    const answer = await download(path('report.csv'));
    expect(answer.headers['content-type']).toBe('text/csv; charset=utf-8');
    expect(answer.headers['content-disposition']).toContain('.csv"');
    const rows = parse<Record<string, string>>(answer.body as Buffer, { columns: true, bom: true });
    const affected = rows.filter((row) => row.record === 'affected');
    expect(affected).toHaveLength(summary.counts.affected);
    expect(affected.map((row) => row.code)).toEqual(
      expect.arrayContaining(['0503E000', "'=1+1", "'-5", "'@x", 'Ωμέγα']),
    );
    expect(
      rows
        .filter((row) => row.record === 'delivery')
        .map((row) => row.document)
        .sort(),
    ).toEqual(["'=DN", 'DN-0042', 'DN-0042']);
    expect(rows.find((row) => row.record === 'suspect' && row.key === 'receive')?.text).toBe("'=cmd");
  });

  it('reads back from the PDF with the same numbers, and codes in other alphabets', async () => {
    const answer = await download(path('report.pdf'));
    expect(answer.headers['content-type']).toBe('application/pdf');
    const { text, pages } = await pdfText(answer.body as Buffer);
    expect(text).toContain('Recall impact report');
    expect(text).toContain(report.verdict);
    const { affected, certain, possible } = summary.counts;
    expect(text).toContain(`${affected} units are affected: ${certain} certain, ${possible} possible.`);
    expect(text).toContain(`${affected} of ${affected} units listed.`);
    for (const code of CODES) expect(text).toContain(code);
    expect(text).toContain('Épicerie Lafarge (SHOP-1)');
    expect(text).toContain('DN-0042');
    expect(text).toContain('PO-88');
    expect(text).toContain(summary.digest);
    expect(text).toContain(`Page 1 of ${pages}`);
  });

  it('has the same bytes when it is asked for again', async () => {
    for (const file of ['report.pdf', 'report.xlsx', 'report.csv']) {
      const [a, b] = [await download(path(file)), await download(path(file))];
      expect((a.body as Buffer).equals(b.body as Buffer)).toBe(true);
    }
  });

  it('says loudly that it is incomplete, and what is missing', async () => {
    const api = http(app());
    await api
      .post('/api/v1/events')
      .send([
        {
          type: 'produce',
          id: 'gap',
          at: at(6),
          place: 'LYON.FG',
          outputs: [{ unit: { item: 'PACK', serial: 'GAP-1' } }],
          inputs: [{ unit: { ...batter, lot: 'UNSEEN' }, quantity: kg('0.5') }],
        },
      ])
      .expect(200);
    const asked = await trace({ direction: 'forward', seeds: [{ unit: { ...batter, lot: 'UNSEEN' } }] });
    expect(asked.complete).toBe(false);
    const incomplete = (await api.get(`/api/v1/traces/${asked.id}/report`)).body as ReportModel;
    expect(incomplete.verdict).toBe(`INCOMPLETE: ${incomplete.gaps.of} gap${incomplete.gaps.of === 1 ? '' : 's'}`);
    expect(incomplete.gaps.of).toBeGreaterThan(0);
    expect(incomplete.suspects[0]).toMatchObject({ origin: 'mentioned', makings: [] });
    const { text } = await pdfText((await download(`/api/v1/traces/${asked.id}/report.pdf`)).body as Buffer);
    expect(text).toContain(incomplete.verdict);
    expect(text).toContain('Its origin is not on record');
  });

  it('answers for what went into a unit, too', async () => {
    const asked = await trace({ direction: 'backward', seeds: [{ unit: { item: 'PACK', serial: '0503E000' } }] });
    const origin = (await http(app()).get(`/api/v1/traces/${asked.id}/report`)).body as ReportModel;
    expect(origin).toMatchObject({ title: 'Origin report', totals: { affected: 3 } });
    const answer = await download(`/api/v1/traces/${asked.id}/report.pdf`);
    expect((await pdfText(answer.body as Buffer)).text).toContain('What went into it');
  });

  it('does not change with later facts: it stands at the ledger position of its trace', async () => {
    const api = http(app());
    const before = (await download(path('report.csv'))).body as Buffer;
    await api.put('/api/v1/partners/SHOP-1').send({ name: 'Another name', kind: 'customer' });
    await api
      .post('/api/v1/events')
      .send([{ type: 'void', id: 'v1', at: at(7), event: 's2', reason: 'wrong truck' }])
      .expect(200);
    expect(((await download(path('report.csv'))).body as Buffer).equals(before)).toBe(true);
  });

  it('is not there for a trace that is not, nor for nobody', async () => {
    const api = http(app());
    const missing = await api.get('/api/v1/traces/00000000-0000-4000-8000-000000000000/report.pdf');
    expect(missing.status).toBe(404);
    expect(missing.body).toMatchObject({ code: 'NOT_FOUND' });
    expect((await http(app(), null).get(path('report.csv'))).status).toBe(401);
  });
});

describe('a report of a trace that is not done', () => {
  it('is refused until the worker has finished it', async () => {
    const api = http(app());
    await app().killWorker('SIGTERM');
    const asked = await api.post('/api/v1/traces').send({ direction: 'forward', seeds: [{ unit: spice }] });
    expect(asked.status).toBe(202);
    const { id } = asked.body as { id: string };
    for (const file of ['report', 'report.pdf', 'report.xlsx', 'report.csv']) {
      const answer = await api.get(`/api/v1/traces/${id}/${file}`);
      expect(answer.status).toBe(409);
      expect(answer.body).toMatchObject({ code: 'TRACE_NOT_DONE' });
    }
    await app().startWorker();
  });
});
