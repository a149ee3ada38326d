import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deflateRawSync, crc32 } from 'node:zlib';
import { rawRows } from '../csv/read-table';
import type { Cell } from '../domain/record';
import { readWorkbook } from './workbook';

const folder = mkdtempSync(join(tmpdir(), 'unitrail-xlsx-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let files = 0;

const rels = (n: number) =>
  `<Relationships>${Array.from({ length: n }, (_, i) => `<Relationship Id="r${i}" Type="http://x/worksheet" Target="worksheets/sheet${i + 1}.xml"/>`).join('')}</Relationships>`;

/** The parts of a workbook as other programs write them, in an archive. */
async function sheets(
  parts: Record<string, string>,
  names: string[],
  options: { rowsMax?: number; limits?: { textCharactersMax: number; columnsMax: number } } = {},
): Promise<Record<string, [number, ...Cell[]][]>> {
  const book = `<workbook xmlns:r="x"><sheets>${names.map((name, i) => `<sheet name="${name}" sheetId="${i + 1}" r:id="r${i}"/>`).join('')}</sheets></workbook>`;
  const path = join(folder, `${++files}.xlsx`);
  writeFileSync(path, archive({ ...parts, 'xl/workbook.xml': book, 'xl/_rels/workbook.xml.rels': rels(names.length) }));
  const out: Record<string, [number, ...Cell[]][]> = {};
  for (const file of await readWorkbook(path, 'book.xlsx', folder, options)) {
    out[file.name] = [];
    for await (const { row, cells } of rawRows(file)) out[file.name]!.push([row, ...cells]);
  }
  return out;
}
const sheet = (rows: string) => `<worksheet><sheetData>${rows}</sheetData></worksheet>`;

describe('a workbook', () => {
  it('keeps codes as the texts that they are, and numbers as they were typed', async () => {
    const { A } = await sheets(
      {
        'xl/sharedStrings.xml':
          '<sst><si><t>0503E000</t></si><si><r><t>LOT-</t></r><r><rPr><b/></rPr><t>0042</t></r></si><si><t>課</t><rPh sb="0" eb="1"><t>カ</t></rPh></si><si><t>a &amp;lt; b</t></si></sst>',
        'xl/styles.xml':
          '<styleSheet><numFmts><numFmt numFmtId="164" formatCode="00000"/></numFmts><cellXfs><xf numFmtId="0"/><xf numFmtId="164"/></cellXfs></styleSheet>',
        'xl/worksheets/sheet1.xml': sheet(
          `<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c><c r="C1" t="s"><v>2</v></c><c r="D1" t="s"><v>3</v></c></row>
           <row r="4"><c r="B4"><v>12.5</v></c><c r="C4"><v>8.0999999999999996</v></c><c r="D4"><v>1.5E-7</v></c><c r="E4" s="1"><v>42</v></c></row>
           <row r="5"><c t="inlineStr"><is><r><t>in</t></r><r><t>line</t></r></is></c><c t="b"><v>1</v></c></row>`,
        ),
      },
      ['A'],
    );
    expect(A).toEqual([
      [1, '0503E000', 'LOT-0042', '課', 'a &lt; b'],
      [4, '', { n: '12.5' }, { n: '8.1' }, { n: '0.00000015' }, '00042'],
      [5, 'inline', 'true'],
    ]);
  });

  it('reads dates by their formats, in both ways of counting days, without a zone', async () => {
    const styles =
      '<styleSheet><numFmts><numFmt numFmtId="170" formatCode="[$-407]dd\\.mm\\.yyyy\\ hh:mm;@"/><numFmt numFmtId="171" formatCode="0.00&quot; days&quot;"/></numFmts><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="170"/><xf numFmtId="171"/></cellXfs></styleSheet>';
    const rows = sheet(
      '<row r="1"><c r="A1" s="1"><v>46083</v></c><c r="B1" s="2"><v>46083.34375</v></c><c r="C1" s="3"><v>3</v></c><c r="D1" s="2"><v>46083.999999994</v></c></row>',
    );
    const { A } = await sheets({ 'xl/styles.xml': styles, 'xl/worksheets/sheet1.xml': rows }, ['A']);
    expect(A![0]).toEqual([1, { d: '2026-03-02' }, { d: '2026-03-02T08:15:00' }, { n: '3' }, { d: '2026-03-03' }]);
  });

  it('takes what a formula came to, and tells what came to nothing, was never computed, or was rounded', async () => {
    const { A } = await sheets(
      {
        'xl/worksheets/sheet1.xml': sheet(
          '<row r="7"><c r="A7" t="str"><f>B1&amp;"x"</f><v>L-1x</v></c><c r="B7" t="e"><f>1/0</f><v>#DIV/0!</v></c><c r="C7"><f>B2*2</f></c><c r="D7"><v>12345678901234567</v></c></row>',
        ),
      },
      ['A'],
    );
    expect(A![0]).toEqual([
      7,
      'L-1x',
      { e: expect.stringMatching('#DIV/0!') as string },
      { e: expect.stringMatching('never computed') as string },
      { e: expect.stringMatching('rounded') as string },
    ]);
  });

  it('stops after the rows that are wanted, leaves out empty sheets, and holds to its limits', async () => {
    const many = sheet(
      Array.from({ length: 5_000 }, (_, i) => `<row r="${i + 1}"><c r="A${i + 1}"><v>${i}</v></c></row>`).join(''),
    );
    const parts = { 'xl/worksheets/sheet1.xml': many, 'xl/worksheets/sheet2.xml': sheet('') };
    const some = await sheets(parts, ['Many', 'Empty'], { rowsMax: 20 });
    expect(Object.keys(some)).toEqual(['Many']);
    expect(some.Many!.length).toBeLessThanOrEqual(21);
    expect((await sheets(parts, ['Many', 'Empty'])).Many).toHaveLength(5_000);
    const texts = { ...parts, 'xl/sharedStrings.xml': `<sst>${'<si><t>0123456789</t></si>'.repeat(100)}</sst>` };
    await expect(sheets(texts, ['Many'], { limits: { textCharactersMax: 500, columnsMax: 10 } })).rejects.toMatchObject(
      { code: 'IMPORT_FILE_UNREADABLE' },
    );
  });

  it('is refused where it is broken', async () => {
    await expect(sheets({ 'xl/worksheets/sheet1.xml': '<worksheet><row>' }, ['A'])).rejects.toMatchObject({
      code: 'IMPORT_FILE_UNREADABLE',
    });
    await expect(sheets({}, ['A'])).rejects.toMatchObject({ code: 'IMPORT_FILE_UNREADABLE' });
  });
});

function archive(parts: Record<string, string>): Buffer {
  const bodies: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const [name, content] of Object.entries(parts)) {
    const data = Buffer.from(content);
    const packed = deflateRawSync(data);
    const head = Buffer.alloc(26);
    head.writeUInt16LE(20, 0);
    head.writeUInt16LE(8, 4);
    head.writeUInt32LE(crc32(data), 10);
    head.writeUInt32LE(packed.length, 14);
    head.writeUInt32LE(data.length, 18);
    head.writeUInt16LE(name.length, 22);
    const body = Buffer.concat([Buffer.from('PK\x03\x04'), head, Buffer.from(name), packed]);
    directory.push(
      Buffer.concat([
        Buffer.from('PK\x01\x02\x14\x00'),
        head,
        Buffer.alloc(10),
        Buffer.from(new Uint32Array([offset]).buffer),
        Buffer.from(name),
      ]),
    );
    bodies.push(body);
    offset += body.length;
  }
  const list = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 0, 'latin1');
  end.writeUInt16LE(directory.length, 8);
  end.writeUInt16LE(directory.length, 10);
  end.writeUInt32LE(list.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...bodies, list, end]);
}
