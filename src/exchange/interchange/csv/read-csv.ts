import { Readable, Transform } from 'node:stream';
import { parse } from 'csv-parse';
import { DomainError } from '@/kernel';
import type { Cell } from '../domain/record';
import { detectDelimiter, whyNotCsv } from './header';

/** A cell or row beyond this is no row of a plant: most likely a quote that is never closed. */
const RECORD_CHARACTERS_MAX = 1024 * 1024;

export interface CsvSource {
  name: string;
  open(): Promise<Readable>;
}

/** One row as it stands in the file. */
export interface RawRow {
  row: number;
  cells: Cell[];
}

/**
 * Reads a CSV file row by row. Throws CSV_NOT_CSV (binary, UTF-16, a web page, empty, not UTF-8, a quote that is never closed).
 */
export async function* readCsv(source: CsvSource): AsyncGenerator<RawRow> {
  const { head, stream } = await peek(await source.open());
  const why = whyNotCsv(head);
  if (why) throw notCsv(source.name, why);
  const parser = parse({
    bom: true,
    delimiter: detectDelimiter(head.toString('utf8')),
    relax_column_count: true,
    relax_quotes: true,
    skip_empty_lines: false,
    max_record_size: RECORD_CHARACTERS_MAX,
  });
  const text = onlyUtf8(source.name);
  stream.on('error', (error) => parser.destroy(error));
  text.on('error', (error) => parser.destroy(error));
  stream.pipe(text).pipe(parser);
  let row = 0;
  try {
    for await (const cells of parser as AsyncIterable<string[]>) yield { row: ++row, cells };
  } catch (error) {
    if (error instanceof DomainError) throw error;
    const code = (error as { code?: string }).code;
    if (code?.startsWith('CSV_')) throw notCsv(source.name, `after row ${row}: ${(error as Error).message}`);
    throw error;
  } finally {
    stream.destroy();
    parser.destroy();
  }
}

export function notCsv(file: string, reason: string): DomainError {
  return new DomainError('CSV_NOT_CSV', { file, reason });
}

/** Bytes to text; stops at the first that is not UTF-8, because guessing a code page would change names of lots. */
function onlyUtf8(file: string): Transform {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  let bytes = 0;
  const decode = (chunk: Buffer | undefined, stream: boolean): string => {
    try {
      const text = decoder.decode(chunk, { stream });
      if (text.includes('\0')) throw new TypeError('a null character');
      bytes += chunk?.length ?? 0;
      return text;
    } catch {
      throw notCsv(file, `it is not UTF-8 somewhere after byte ${bytes}; save it as "CSV UTF-8".`);
    }
  };
  return new Transform({
    readableObjectMode: false,
    decodeStrings: false,
    transform(chunk: Buffer, _encoding, done) {
      try {
        done(null, Buffer.from(decode(chunk, true)));
      } catch (error) {
        done(error as Error);
      }
    },
    flush(done) {
      try {
        done(null, Buffer.from(decode(undefined, false)));
      } catch (error) {
        done(error as Error);
      }
    },
  });
}

/** The first bytes of a stream, and the stream with them still in it. */
async function peek(stream: Readable): Promise<{ head: Buffer; stream: Readable }> {
  const iterator = stream[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  const parts: Buffer[] = [];
  let size = 0;
  let ended = false;
  while (size < 8_192 && !ended) {
    const next = await iterator.next();
    if (next.done) ended = true;
    else {
      parts.push(next.value);
      size += next.value.length;
    }
  }
  const head = Buffer.concat(parts);
  async function* all(): AsyncGenerator<Buffer> {
    yield head;
    while (!ended) {
      const next = await iterator.next();
      if (next.done) return;
      yield next.value;
    }
  }
  const whole = Readable.from(all(), { objectMode: false });
  whole.once('close', () => stream.destroy());
  return { head, stream: whole };
}
