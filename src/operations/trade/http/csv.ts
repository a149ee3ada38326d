/** Rows as a file that no spreadsheet computes. */
import { Readable } from 'node:stream';
import { StreamableFile } from '@nestjs/common';

export type Cell = string | number | null | { decimal: string | null };
export type Columns<T> = Record<string, (row: T) => Cell>;

export const wantsCsv = (accept: string | undefined): boolean => accept?.includes('text/csv') ?? false;

export function csvFile<T>(rows: AsyncIterable<T> | Iterable<T>, name: string, columns: Columns<T>): StreamableFile {
  const plain = name.replace(/[^\w.-]+/g, '-');
  return new StreamableFile(Readable.from(lines(rows, columns), { objectMode: false }), {
    type: 'text/csv; charset=utf-8',
    disposition: `attachment; filename="${plain}.csv"`,
  });
}

const PIECE_CHARS = 32_768;

async function* lines<T>(rows: AsyncIterable<T> | Iterable<T>, columns: Columns<T>): AsyncGenerator<string> {
  // The byte order mark tells a spreadsheet that this is UTF-8.
  let piece = `\uFEFF${Object.keys(columns).join(',')}\r\n`;
  for await (const row of rows) {
    piece += `${Object.values(columns)
      .map((read) => cell(read(row)))
      .join(',')}\r\n`;
    if (piece.length < PIECE_CHARS) continue;
    yield piece;
    piece = '';
  }
  if (piece) yield piece;
}

// A text that a spreadsheet would carry out gets an apostrophe in front: taking one away gives the exact text back.
const DANGEROUS = /^'*[=+\-@\t\r\n\uFF1D\uFF0B\uFF0D\uFF20]/;

function cell(value: Cell): string {
  if (value === null) return '';
  if (typeof value === 'number') return String(value);
  if (typeof value === 'object') return value.decimal ?? '';
  return `"${(DANGEROUS.test(value) ? `'${value}` : value).replaceAll('"', '""')}"`;
}

export const kindOf = (unit: object): string => ('lot' in unit ? 'lot' : 'serial' in unit ? 'serial' : 'run');
export const codeOf = (unit: object): string => Object.entries(unit).find(([key]) => key !== 'item')![1] as string;
