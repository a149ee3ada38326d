import { StringDecoder } from 'node:string_decoder';
import { DomainError } from '@/kernel';
import type { CsvSource } from './read-csv';
import { whyNotCsv } from './header';

const LINE_CHARACTERS_MAX = 16 * 1024 * 1024;

export interface JsonLine {
  /** the first line is 1 */
  row: number;
  value: unknown;
  /** the line as it stands in the file */
  text: string;
}

/** Reads NDJSON, one value a line; a line that is no JSON comes as the error that says so. Throws IMPORT_FILE_UNREADABLE. */
export async function* readLines(source: CsvSource): AsyncGenerator<JsonLine> {
  for await (const lines of linesOf(source)) for (const { row, text } of lines) yield parseLine(row, text);
}

/** How many lines hold something, be it JSON or not. Throws IMPORT_FILE_UNREADABLE. */
export async function countLines(source: CsvSource, signal: AbortSignal): Promise<number> {
  let count = 0;
  for await (const lines of linesOf(source)) {
    signal.throwIfAborted();
    count += lines.length;
  }
  return count;
}

interface Line {
  row: number;
  text: string;
}

/** The lines that are not empty, in pieces, without the white space around them. */
async function* linesOf(source: CsvSource): AsyncGenerator<Line[]> {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  let row = 0;
  let first = true;
  for await (const chunk of (await source.open()) as AsyncIterable<Buffer>) {
    if (first) {
      const why = whyNotCsv(chunk);
      if (why) throw new DomainError('IMPORT_FILE_UNREADABLE', { file: source.name, reason: why });
      first = false;
    }
    const lines = (rest + decoder.write(chunk)).split('\n');
    rest = lines.pop() ?? '';
    if (rest.length > LINE_CHARACTERS_MAX)
      throw new DomainError('IMPORT_FILE_UNREADABLE', { file: source.name, reason: `line ${row + 1} is too long.` });
    const found: Line[] = [];
    for (const line of lines) {
      row++;
      // A byte order mark is white space, too.
      const text = line.trim();
      if (text !== '') found.push({ row, text });
    }
    yield found;
  }
  if (first)
    throw new DomainError('IMPORT_FILE_UNREADABLE', {
      file: source.name,
      reason: 'it is empty; it needs one event a line.',
    });
  const text = (rest + decoder.end()).trim();
  if (text !== '') yield [{ row: row + 1, text }];
}

function parseLine(row: number, text: string): JsonLine {
  try {
    return { row, value: JSON.parse(text) as unknown, text };
  } catch (error) {
    return {
      row,
      text,
      value: new DomainError('BAD_JSON', { reason: `line ${row}: ${(error as Error).message}`, line: row }),
    };
  }
}
