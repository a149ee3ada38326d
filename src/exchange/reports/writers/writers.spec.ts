import { parse } from 'csv-parse/sync';
import { Workbook } from 'exceljs';
import { buffer, text } from 'node:stream/consumers';
import { Readable } from 'node:stream';
import { Entry, fromBuffer } from 'yauzl';
import { AWKWARD_CODES, exampleReading } from '../../../../test/e2e/report-example';
import { buildReport } from '../domain/build';
import { undefuse } from '../domain/defuse';
import type { ReportModel, TraceReading } from '../domain/model';
import { writeCsv } from './csv';
import { writePdf } from './pdf';
import { printReport } from './terminal';
import { writeXlsx } from './xlsx';

async function example(serials: number): Promise<{ report: ReportModel; reading: TraceReading }> {
  const reading = exampleReading({ serials });
  return { reading, report: await buildReport(reading, { timeZone: 'Europe/Paris' }) };
}

async function workbook(source: Readable): Promise<Workbook> {
  const book = new Workbook();
  await book.xlsx.load((await buffer(source)).buffer);
  return book;
}

function column(book: Workbook, sheet: string, header: string): unknown[] {
  const rows = book.getWorksheet(sheet);
  const headings = rows?.getRow(1).values as string[];
  return (rows?.getColumn(headings.indexOf(header)).values ?? []).slice(2);
}

function entryDates(archive: Buffer): Promise<Map<string, string>> {
  return new Promise((resolve, reject) => {
    fromBuffer(archive, { lazyEntries: false }, (error, zip) => {
      if (error) return reject(error);
      const dates = new Map<string, string>();
      zip.on('entry', (entry: Entry) => {
        dates.set(entry.fileName, entry.getLastModDate({ timezone: 'UTC' }).toISOString());
      });
      zip.on('end', () => resolve(dates));
      zip.on('error', reject);
    });
  });
}

describe('the workbook', () => {
  it('says on its first sheet what was asked, by whom and when, at which position, with which digest', async () => {
    const { report, reading } = await example(20);
    const book = await workbook(writeXlsx(report, reading));
    expect(book.worksheets.map((s) => s.name)).toEqual([
      'Report',
      'Summary',
      'Units',
      'Holdings',
      'Customers',
      'Excluded',
      'Gaps',
    ]);
    const facts = new Map<unknown, unknown>();
    book.worksheets[0]?.eachRow((row) => facts.set(row.getCell(1).value, row.getCell(2).value));
    expect(facts.get('verdict')).toBe('INCOMPLETE: 2 gaps');
    expect(facts.get('digest (SHA-256)')).toBe(report.trace.digest);
    expect(facts.get('ledger position')).toBe('1234');
    expect(facts.get('asked by')).toBe('user:anna');
    expect(facts.get('asked at')).toBe('2026-03-09T09:30:12.345Z');
  });

  it('keeps codes as text, whatever they look like', async () => {
    const { report, reading } = await example(20);
    const book = await workbook(writeXlsx(report, reading));
    const codes = column(book, 'Units', 'Code');
    expect(codes.slice(1, 1 + AWKWARD_CODES.length)).toEqual(
      AWKWARD_CODES.map((code) => code.replace('\u001D', '[U+001D]')),
    );
    const units = book.getWorksheet('Units');
    for (let row = 2; row < 13; row++) expect(units?.getCell(row, 4)).toMatchObject({ type: 3, numFmt: '@' });
    expect(column(book, 'Units', 'Quantity').slice(0, 2)).toEqual([35.123456789, 1]);
    expect(column(book, 'Gaps', 'Gap')).toEqual(['no-inputs', 'overdrawn']);
    expect(column(book, 'Excluded', 'Reason')).toEqual(['before-exposure']);
  });

  it('goes on in the next sheet where one is full, with every row exactly once', async () => {
    const { report, reading } = await example(25);
    const book = await workbook(writeXlsx(report, reading, { rowsPerSheetMax: 11 }));
    const names = book.worksheets.map((s) => s.name);
    expect(names).toEqual(expect.arrayContaining(['Units', 'Units (2)', 'Units (3)']));
    const codes = ['Units', 'Units (2)', 'Units (3)'].flatMap((name) => column(book, name, 'Code'));
    expect(codes).toHaveLength(26);
    expect(new Set(codes).size).toBe(26);
  });

  it('reads no clock: every part of it bears the time of the trace', async () => {
    const { report, reading } = await example(5);
    const dates = await entryDates(await buffer(writeXlsx(report, reading)));
    expect(dates.size).toBeGreaterThan(10);
    // The archive keeps whole pairs of seconds.
    for (const [name, date] of dates) expect([name, date]).toEqual([name, '2026-03-09T09:30:12.000Z']);
  });

  it('takes rows only as fast as they are read', async () => {
    const { report, reading } = await example(10);
    let taken = 0;
    const endless: TraceReading = {
      ...reading,
      async *units() {
        const [row] = report.units.listed;
        while (row) {
          taken++;
          // Different codes: the same row over and over would pack into nothing.
          yield { ...row, unit: { item: row.unit.item, lot: `${taken}-${Math.sin(taken)}` } };
        }
      },
    };
    const out = writeXlsx(report, endless);
    // Reads until the rows flow, then stops reading: the writer must stop taking them.
    await new Promise<void>((resolve) => out.once('data', () => resolve(out.pause() && undefined)));
    let before = -1;
    while (before !== taken) {
      before = taken;
      for (let turn = 0; turn < 200; turn++) await new Promise((resolve) => setImmediate(resolve));
    }
    expect(taken).toBeLessThan(50_000);
    out.destroy();
  });

  it('ends with the error where the trace cannot be read', async () => {
    const { report, reading } = await example(10);
    const broken: TraceReading = {
      ...reading,
      // eslint-disable-next-line require-yield
      async *units() {
        throw new Error('the connection went away');
      },
    };
    await expect(buffer(writeXlsx(report, broken))).rejects.toThrow('the connection went away');
  });
});

describe('the CSV', () => {
  it('has every row, its codes exact once the apostrophe is taken off', async () => {
    const { report, reading } = await example(20);
    const csv = await text(Readable.from(writeCsv(report, reading)));
    const rows = parse<Record<string, string>>(csv, { columns: true, bom: true, relax_column_count: false });
    const of = (record: string) => rows.filter((row) => row.record === record);
    expect(of('affected')).toHaveLength(21);
    expect(of('holding')).toHaveLength(2);
    expect(of('delivery')).toHaveLength(10);
    expect(of('excluded').map((r) => r.key)).toEqual(['before-exposure']);
    expect(of('gap').map((r) => r.key)).toEqual(['no-inputs', 'overdrawn']);
    expect(of('report').find((r) => r.key === 'digest (SHA-256)')?.text).toBe(report.trace.digest);
    const codes = of('affected').map((row) => row.code ?? '');
    expect(codes.slice(1, 5)).toEqual(['0503E000', "'=1+1", "'-5", "'@x"]);
    expect(codes.slice(1, 1 + AWKWARD_CODES.length).map(undefuse)).toEqual(AWKWARD_CODES);
    for (const row of rows) for (const field of Object.values(row)) expect(field).not.toMatch(/^[=+@\t\r]/);
  });
});

describe('every file', () => {
  it('has the same bytes for the same trace', async () => {
    const { report, reading } = await example(40);
    for (const write of [
      () => writePdf(report),
      () => Promise.resolve(writeXlsx(report, reading)),
      () => Promise.resolve(Readable.from(writeCsv(report, reading))),
    ]) {
      const [a, b] = [await buffer(await write()), await buffer(await write())];
      expect(a.length).toBeGreaterThan(1_000);
      expect(a.equals(b)).toBe(true);
    }
  });
});

describe('the terminal', () => {
  it('shows the verdict first and lets no control character through', async () => {
    const { report } = await example(20);
    const shown = printReport({ ...report, subject: 'L-1\u001B[2J' });
    expect(shown).toContain('INCOMPLETE: 2 gaps');
    expect(shown).toContain('SHOP-1');
    expect(shown).not.toContain('\u001B');
  });
});
