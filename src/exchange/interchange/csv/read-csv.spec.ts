import { Readable } from 'node:stream';
import { DomainError } from '@/kernel';
import type { Row } from '../domain/record';
import { writeCell } from './cells';
import { Header } from './header';
import { readTable } from './read-table';

const receipts = async (content: string | Buffer, chunkBytes = 7): Promise<{ rows: Row[]; header: Header }> => {
  const bytes = Buffer.from(content as string);
  // Small pieces, so that characters and quotes fall onto their borders.
  const open = async () =>
    Readable.from(
      (function* () {
        for (let i = 0; i < bytes.length; i += chunkBytes) yield bytes.subarray(i, i + chunkBytes);
      })(),
      { objectMode: false },
    );
  const rows: Row[] = [];
  let header: Header | undefined;
  for await (const row of readTable(
    { name: 'receipts.csv', open },
    { kind: 'receipts', mapping: null },
    (h) => (header = h),
  ))
    rows.push(row);
  for (const row of rows) delete row.raw;
  return { rows, header: header! };
};
const refusal = async (content: string | Buffer): Promise<DomainError> => {
  const error = await receipts(content).catch((e: unknown) => e);
  expect(error).toBeInstanceOf(DomainError);
  return error as DomainError;
};

describe('reading a CSV file', () => {
  it('takes comma or semicolon, with or without BOM, in any order of columns', async () => {
    const comma = await receipts('at,item,code,quantity\n2026-01-01,RM,L-1,5\n');
    const semicolon = await receipts('\uFEFFquantity;Code;ITEM;at\r\n5;L-1;RM;2026-01-01\r\n');
    expect(comma.rows).toEqual([{ row: 2, cells: { at: '2026-01-01', item: 'RM', code: 'L-1', quantity: '5' } }]);
    expect(semicolon.rows[0]!.cells).toEqual(comma.rows[0]!.cells);
  });

  it('counts rows as a spreadsheet does, over empty lines and cells of several lines', async () => {
    const { rows } = await receipts('at,item,code,note\n2026-01-01,RM,L-1,"two\nlines"\n\n2026-01-01,RM,L-2,\n');
    expect(rows.map((r) => [r.row, r.cells.code])).toEqual([
      [2, 'L-1'],
      [4, 'L-2'],
    ]);
    expect(rows[0]!.cells.note).toBe('two\nlines');
  });

  it('names the columns that it does not read', async () => {
    const { header } = await receipts('at,item,code,Colour,weather\n2026-01-01,RM,L-1,red,fine\n');
    expect(header.ignored).toEqual(['Colour', 'weather']);
  });

  it('never computes anything and takes off what spreadsheets wrap around texts', async () => {
    const { rows } = await receipts(
      'at,item,code,note\n2026-01-01,RM,"=""007""",\'=1+1\n2026-01-01,RM,=SUM(A1),\'quoted\n',
    );
    expect(rows.map((r) => [r.cells.code, r.cells.note])).toEqual([
      ['007', '=1+1'],
      ['=SUM(A1)', "'quoted"],
    ]);
  });

  it('keeps texts exact through writing and reading', async () => {
    const texts = ['=1+1', "'=1+1", '-5', '@x', 'plain', 'a"b', 'a,b;c', '0503E000', "it's"];
    const content = `at,item,code\n${texts.map((t) => `2026-01-01,RM,${writeCell(t)}`).join('\n')}\n`;
    expect((await receipts(content)).rows.map((r) => r.cells.code)).toEqual(texts);
  });

  it('marks rows that have too many or too few cells, and reads the others', async () => {
    const { rows } = await receipts('at,item,code,note\n2026-01-01,RM\n2026-01-01,RM,L-1,a,b\n2026-01-01,RM,L-2,\n');
    expect(rows.map((r) => [r.row, r.broken?.column])).toEqual([
      [2, 'code'],
      [3, null],
      [4, undefined],
    ]);
  });

  it.each<[string, string | Buffer, RegExp]>([
    ['nothing', '', /empty/],
    ['a BOM alone', '\uFEFF', /empty/],
    ['UTF-16', Buffer.from('\uFEFFat,item,code\n', 'utf16le'), /UTF-16/],
    ['a workbook', Buffer.from('PK\u0003\u0004rest'), /workbook/],
    ['a web page', '<!DOCTYPE html><html><body>Login</body></html>', /web page/],
    ['bytes', Buffer.from([1, 2, 0, 3, 4]), /binary/],
    ['Latin-1', Buffer.from('at,item,code\n2026-01-01,K\xe4se,L-1\n', 'latin1'), /not UTF-8/],
    ['a quote that is never closed', `at,item,code\n2026-01-01,RM,"L-1\n2026-01-02,RM,L-2\n`, /after row/],
  ])('says that %s is no CSV', async (_, content, reason) => {
    const error = await refusal(content);
    expect(error.code).toBe('CSV_NOT_CSV');
    expect(error.message).toMatch(reason);
  });

  it('names the first missing column and those that are there', async () => {
    const error = await refusal('at,material,batch\n2026-01-01,RM,L-1\n');
    expect(error.code).toBe('CSV_COLUMN_MISSING');
    expect(error.message).toContain('"item"');
    expect(error.message).toContain('material, batch');
  });
});
