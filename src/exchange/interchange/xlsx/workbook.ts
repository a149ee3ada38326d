/**
 * Workbooks (XLSX) as tables: each sheet is spooled row by row as lines of JSON, so that it can be read as often as needed in
 * constant memory. Only the texts that sheets share are kept, up to a limit. Why not exceljs' reader: of inline rich texts it keeps
 * the last piece alone, it takes readings of Japanese names for the text itself, and decodes entities twice.
 */
import { createReadStream, createWriteStream, WriteStream } from 'node:fs';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { DomainError } from '@/kernel';
import type { Cell } from '../domain/record';
import type { FoundFile } from '../app/source';
import { openArchive } from '../app/archive';
import { readSheetCell, SheetCell } from './cells';
import { localName, NumberFormat, readFormats, readSharedTexts, readSheets, readXml } from './parts';

export interface WorkbookLimits {
  /** of the texts that the sheets share: they are the one part that has to be in memory */
  textCharactersMax: number;
  columnsMax: number;
}

export const WORKBOOK_LIMITS: WorkbookLimits = { textCharactersMax: 256 * 1024 * 1024, columnsMax: 500 };
const SPOOL_CHARACTERS = 256 * 1024;

interface Book {
  name: string;
  texts: readonly string[];
  formats: readonly NumberFormat[];
  date1904: boolean;
}

/**
 * Spools the sheets of a workbook into `folder`. With `rowsMax`, only so many rows of each, for a look at it.
 * Throws IMPORT_FILE_UNREADABLE, IMPORT_ZIP_LIMIT.
 */
export async function readWorkbook(
  path: string,
  name: string,
  folder: string,
  options: { rowsMax?: number; limits?: WorkbookLimits } = {},
): Promise<FoundFile[]> {
  const limits = options.limits ?? WORKBOOK_LIMITS;
  const archive = await openArchive(path, name);
  const unreadable = (reason: string) => new DomainError('IMPORT_FILE_UNREADABLE', { file: name, reason });
  try {
    const part = async (file: string): Promise<Readable> => {
      const stream = await archive.read(file);
      if (!stream) throw unreadable(`it is no workbook (it has no ${file}).`);
      return stream;
    };
    const { sheets, date1904 } = await readSheets(
      await part('xl/workbook.xml'),
      await part('xl/_rels/workbook.xml.rels'),
    );
    const shared = await archive.read('xl/sharedStrings.xml');
    const styles = await archive.read('xl/styles.xml');
    const book: Book = {
      name,
      date1904,
      texts: shared
        ? await readSharedTexts(shared, limits.textCharactersMax, () =>
            unreadable(
              `its texts are longer than ${limits.textCharactersMax} characters; save its sheets as "CSV UTF-8", one by one.`,
            ),
          )
        : [],
      formats: styles ? await readFormats(styles) : [],
    };
    const found: FoundFile[] = [];
    for (const [n, sheet] of sheets.entries()) {
      const target = join(folder, `${n}-${path.length}.cells`);
      const rows = await spoolSheet(await part(sheet.path), book, target, limits, options.rowsMax ?? Infinity);
      if (rows > 0) found.push({ name: sheet.name, format: 'cells', open: async () => createReadStream(target) });
    }
    return found;
  } catch (error) {
    if (error instanceof DomainError) throw error;
    throw unreadable((error as Error).message);
  } finally {
    archive.close();
  }
}

class EnoughRows extends Error {}

async function spoolSheet(
  stream: Readable,
  book: Book,
  target: string,
  limits: WorkbookLimits,
  rowsMax: number,
): Promise<number> {
  const file = createWriteStream(target);
  const sheet = new SheetReader(book, limits, rowsMax);
  try {
    await readXml(stream, sheet, () => sheet.spool(file));
  } catch (error) {
    if (!(error instanceof EnoughRows)) throw error;
  } finally {
    file.end(sheet.lines);
    await finished(file);
  }
  return sheet.rows;
}

/** Collects the rows of a sheet as lines of JSON: row number and cells. Rows without a cell are left out. */
class SheetReader {
  lines = '';
  rows = 0;
  private row = 0;
  private column = 0;
  private cells: Cell[] | null = null;
  private cell: SheetCell | null = null;
  private target: 'value' | 'inline' | null = null;
  private phonetic = 0;

  constructor(
    private readonly book: Book,
    private readonly limits: WorkbookLimits,
    private readonly rowsMax: number,
  ) {}

  open = (tag: Parameters<typeof localName>[0]): void => {
    switch (localName(tag)) {
      case 'row':
        this.row = tag.attributes.r === undefined ? this.row + 1 : Number(tag.attributes.r);
        this.column = -1;
        this.cells = [];
        break;
      case 'c': {
        const { r, t, s } = tag.attributes;
        this.column = r === undefined ? this.column + 1 : columnOf(r);
        this.cell = {
          type: t ?? 'n',
          format: this.book.formats[Number(s ?? 0)] ?? null,
          value: null,
          inline: null,
          formula: false,
        };
        break;
      }
      case 'f':
        if (this.cell) this.cell.formula = true;
        break;
      case 'v':
        this.target = 'value';
        break;
      case 'rPh':
        this.phonetic++;
        break;
      case 't':
        if (this.phonetic === 0) this.target = 'inline';
    }
  };

  text = (text: string): void => {
    if (this.cell && this.target) this.cell[this.target] = (this.cell[this.target] ?? '') + text;
  };

  close = (tag: Parameters<typeof localName>[0]): void => {
    switch (localName(tag)) {
      case 'v':
      case 't':
        this.target = null;
        break;
      case 'rPh':
        this.phonetic--;
        break;
      case 'c':
        this.endCell();
        break;
      case 'row':
        this.endRow();
    }
  };

  /** Writes what has gathered; gives a promise where the disk is behind. */
  spool(file: WriteStream): Promise<void> | undefined {
    if (this.lines.length < SPOOL_CHARACTERS) return undefined;
    const more = file.write(this.lines);
    this.lines = '';
    return more ? undefined : once(file, 'drain').then(() => undefined);
  }

  private endCell(): void {
    const { cell, cells, book } = this;
    this.cell = null;
    if (!cell || !cells) return;
    const said = readSheetCell(cell, book.texts, book.date1904);
    if (said === '') return;
    if (this.column >= this.limits.columnsMax)
      throw new DomainError('IMPORT_FILE_UNREADABLE', {
        file: book.name,
        reason: `row ${this.row} has more than ${this.limits.columnsMax} columns.`,
      });
    while (cells.length < this.column) cells.push('');
    cells[this.column] = said;
  }

  private endRow(): void {
    if (this.cells && this.cells.length > 0) {
      this.lines += `${JSON.stringify([this.row, ...this.cells])}\n`;
      this.rows++;
    }
    this.cells = null;
    if (this.rows > this.rowsMax) throw new EnoughRows();
  }
}

/** `AB12` is column 27, counted from 0. */
function columnOf(reference: string): number {
  let column = 0;
  for (const letter of reference) {
    const n = letter.charCodeAt(0) - 64;
    if (n < 1 || n > 26) break;
    column = column * 26 + n;
  }
  return column - 1;
}
