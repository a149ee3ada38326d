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
    for (const line of lines) {
      row++;
      const read = parseLine(row, line);
      if (read) yield read;
    }
  }
  if (first)
    throw new DomainError('IMPORT_FILE_UNREADABLE', {
      file: source.name,
      reason: 'it is empty; it needs one event a line.',
    });
  const read = parseLine(row + 1, rest + decoder.end());
  if (read) yield read;
}

function parseLine(row: number, line: string): JsonLine | null {
  const text = line.replace(/^\uFEFF/, '').trim();
  if (text === '') return null;
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
