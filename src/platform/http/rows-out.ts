import { Readable } from 'node:stream';
import { StreamableFile } from '@nestjs/common';

type Format = 'json' | 'csv' | 'ndjson';

/** What the client accepts; JSON pages unless it asks for all rows as CSV or NDJSON. */
export function formatOf(accept: string | undefined): Format {
  if (accept?.includes('application/x-ndjson')) return 'ndjson';
  return accept?.includes('text/csv') ? 'csv' : 'json';
}

/** All rows as a download, read from the database as fast as the client takes them. */
export function rowsFile<T>(
  rows: AsyncIterable<T>,
  format: 'csv' | 'ndjson',
  name: string,
  columns: Columns<T>,
): StreamableFile {
  const lines = format === 'csv' ? csvLines(rows, columns) : jsonLines(rows);
  return new StreamableFile(Readable.from(lines, { objectMode: false }), {
    type: format === 'csv' ? 'text/csv; charset=utf-8' : 'application/x-ndjson; charset=utf-8',
    disposition: `attachment; filename="${name}.${format}"`,
  });
}

type Field = string | number | null | { decimal: string | null };
export type Columns<T> = Record<string, (row: T) => Field>;

/** Rows are handed on in pieces of this many characters: one write a row costs more than the row. */
const PIECE_CHARS = 32_768;

async function* csvLines<T>(rows: AsyncIterable<T>, columns: Columns<T>): AsyncGenerator<string> {
  const readers = Object.values(columns);
  // The byte order mark tells a spreadsheet that this is UTF-8.
  let piece = `\uFEFF${Object.keys(columns).join(',')}\r\n`;
  for await (const row of rows) {
    piece += `${readers.map((read) => csvField(read(row))).join(',')}\r\n`;
    if (piece.length < PIECE_CHARS) continue;
    yield piece;
    piece = '';
  }
  if (piece) yield piece;
}

async function* jsonLines<T>(rows: AsyncIterable<T>): AsyncGenerator<string> {
  let piece = '';
  for await (const row of rows) {
    piece += `${JSON.stringify(row)}\n`;
    if (piece.length < PIECE_CHARS) continue;
    yield piece;
    piece = '';
  }
  if (piece) yield piece;
}

// A text that a spreadsheet would carry out gets an apostrophe in front, and so does one that begins with apostrophes and
// such a character: taking one away gives the exact text back.
const DANGEROUS = /^'*[=+\-@\t\r\n\uFF1D\uFF0B\uFF0D\uFF20]/;

/** Texts are quoted, so that a code stays a text; decimals and numbers are plain. */
export function csvField(value: Field): string {
  if (value === null) return '';
  if (typeof value === 'number') return String(value);
  if (typeof value === 'object') return value.decimal ?? '';
  const defused = DANGEROUS.test(value) ? `'${value}` : value;
  return `"${defused.replaceAll('"', '""')}"`;
}
