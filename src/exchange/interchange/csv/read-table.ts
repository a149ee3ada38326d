/** Tables of any source, row by row, by our column names. */
import { createInterface } from 'node:readline';
import { DomainError } from '@/kernel';
import { convert } from '../domain/mapping';
import type { Cell, Row } from '../domain/record';
import { readCell } from './cells';
import { Header, readHeader, Reading } from './header';
import { CsvSource, notCsv, RawRow, readCsv } from './read-csv';

/** A table as a file. `cells`: a sheet of a workbook, spooled as one JSON list of row number and cells a line. */
export interface TableSource extends CsvSource {
  format?: 'cells';
}

/** The rows as they stand in the file, the header among them. */
export function rawRows(source: TableSource): AsyncGenerator<RawRow> {
  return source.format === 'cells' ? readCells(source) : readCsv(source);
}

async function* readCells(source: TableSource): AsyncGenerator<RawRow> {
  const stream = await source.open();
  try {
    for await (const line of createInterface({ input: stream, crlfDelay: Infinity })) {
      const [row, ...cells] = JSON.parse(line) as [number, ...Cell[]];
      yield { row, cells };
    }
  } finally {
    stream.destroy();
  }
}

/**
 * Rows by the columns that the reading names; a row of its own kind of trouble comes with `broken`. Throws CSV_NOT_CSV,
 * CSV_COLUMN_MISSING, IMPORT_MAPPING_UNFIT.
 */
export async function* readTable(
  source: TableSource,
  reading: Reading,
  onHeader?: (header: Header) => void,
): AsyncGenerator<Row> {
  let header: Header | null = null;
  for await (const { row, cells } of rawRows(source)) {
    if (header) {
      // A sheet leaves out what is empty at the end of a row.
      if (source.format === 'cells') while (cells.length < header.columns.length) cells.push('');
      const read = readRow(row, cells, header, reading);
      if (read) yield read;
    } else {
      header = readHeader(source.name, headerNames(cells), reading);
      onHeader?.(header);
    }
  }
  if (!header) throw notCsv(source.name, 'it is empty; it needs a row of column names and rows below it.');
}

export function headerNames(cells: readonly Cell[]): string[] {
  return cells.map((cell) => (typeof cell === 'string' ? (readCell(cell) ?? '') : 'n' in cell ? cell.n : ''));
}

/** A row by its column names; null for an empty line. */
export function readRow(row: number, raw: readonly Cell[], header: Header, reading: Reading): Row | null {
  const cells: Record<string, string> = {};
  let some = false;
  let broken: Row['broken'];
  for (const [i, cell] of raw.entries()) {
    const value = typeof cell === 'string' ? readCell(cell) : cell;
    if (value === undefined) continue;
    some = true;
    for (const column of header.columns[i] ?? []) {
      const plain = typeof value === 'string' && !reading.mapping;
      const read = plain ? { text: value } : convert(reading.mapping, reading.kind, column, value);
      if ('text' in read) cells[column] = read.text;
      else broken ??= { column, reason: read.reason };
    }
  }
  if (!some) return null;
  for (const [column, value] of Object.entries(reading.mapping?.constants ?? {})) cells[column] ??= value;
  broken ??= misshapen(raw, header) ?? lost(cells);
  return { row, cells, raw, ...(broken && { broken }) };
}

/** More cells than the header has, or a row that is cut off. */
function misshapen(raw: readonly Cell[], header: Header): Row['broken'] {
  const width = header.columns.length;
  if (raw.slice(width).some((cell) => typeof cell !== 'string' || cell.trim() !== ''))
    return {
      column: null,
      reason: `it has ${raw.length} cells and the header ${width}; put quotes around cells that hold the delimiter.`,
    };
  const cut = raw.length < width ? header.columns.slice(raw.length).find((columns) => columns.length > 0) : undefined;
  return cut
    ? { column: cut[0]!, reason: `it has ${raw.length} cells and the header ${width}; the row is cut off.` }
    : undefined;
}

function lost(cells: Readonly<Record<string, string>>): Row['broken'] {
  const odd = Object.entries(cells).find(([, value]) => value.includes('\uFFFD'));
  return odd && { column: odd[0], reason: 'it holds a character that was lost (�); save the file as UTF-8.' };
}

/** The header of a table and its first rows, without reading on. Throws CSV_NOT_CSV. */
export async function firstRows(source: TableSource, count: number): Promise<{ names: string[]; rows: RawRow[] }> {
  let names: string[] | null = null;
  const rows: RawRow[] = [];
  try {
    for await (const row of rawRows(source)) {
      if (!names) names = headerNames(row.cells);
      else if (row.cells.some((cell) => typeof cell !== 'string' || cell.trim() !== '')) rows.push(row);
      if (rows.length >= count) break;
    }
  } catch (error) {
    // What comes after the first rows is told by the import itself.
    if (!(error instanceof DomainError) || names === null) throw error;
  }
  if (!names) throw notCsv(source.name, 'it is empty; it needs a row of column names and rows below it.');
  return { names, rows };
}
