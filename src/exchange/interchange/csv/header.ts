import { DomainError } from '@/kernel';
import type { Columns } from '../domain/files';

const SNIFF_BYTES = 8_192;

/** Says why bytes are no CSV in UTF-8, from their beginning; null where they may be one. */
export function whyNotCsv(head: Buffer): string | null {
  const start = head.subarray(0, SNIFF_BYTES);
  if (start.length === 0) return 'it is empty; it needs a row of column names and rows below it.';
  if (startsWith(start, [0xff, 0xfe]) || startsWith(start, [0xfe, 0xff]))
    return 'it is UTF-16; save it as "CSV UTF-8".';
  if (startsWith(start, [0x50, 0x4b])) return 'it is a zip or a workbook; save the sheet as "CSV UTF-8".';
  if (startsWith(start, [0xd0, 0xcf, 0x11, 0xe0])) return 'it is an old workbook; save the sheet as "CSV UTF-8".';
  if (startsWith(start, [0x25, 0x50, 0x44, 0x46])) return 'it is a PDF.';
  if (start.includes(0)) return 'it is binary.';
  const text = start.toString('utf8').replace(/^\uFEFF/, '');
  if (text.trim() === '') return 'it is empty; it needs a row of column names and rows below it.';
  if (/^\s*<(!doctype|html|\?xml|head|body)/i.test(text)) return 'it is a web page or XML.';
  return null;
}

function startsWith(bytes: Buffer, magic: number[]): boolean {
  return magic.every((byte, i) => bytes[i] === byte);
}

/** Comma or semicolon: the one that stands more often outside quotes in the first line. */
export function detectDelimiter(head: string): ',' | ';' {
  let commas = 0;
  let semicolons = 0;
  let quoted = false;
  for (const char of head) {
    if (char === '"') quoted = !quoted;
    else if (quoted) continue;
    else if (char === ',') commas++;
    else if (char === ';') semicolons++;
    else if (char === '\n') break;
  }
  return semicolons > commas ? ';' : ',';
}

export interface Header {
  /** the column of each cell, or null for those that are not read */
  columns: (string | null)[];
  /** names that nobody here knows */
  ignored: string[];
}

/** `Output Item`, `output-item` and `OUTPUT_ITEM` are `output_item`. Throws CSV_NOT_CSV, CSV_COLUMN_MISSING. */
export function readHeader(file: string, names: readonly string[], known: Columns): Header {
  const normal = names.map((name) =>
    name
      .trim()
      .toLowerCase()
      .replace(/[\s-]+/g, '_'),
  );
  for (const column of known.required)
    if (!normal.includes(column))
      throw new DomainError('CSV_COLUMN_MISSING', { column, file, found: normal.filter((n) => n !== '').join(', ') });
  const all = [...known.required, ...known.optional];
  const twice = all.find((column) => normal.filter((n) => n === column).length > 1);
  if (twice) throw new DomainError('CSV_NOT_CSV', { file, reason: `the column "${twice}" is there twice.` });
  return {
    columns: normal.map((name) => (all.includes(name) ? name : null)),
    ignored: names.filter((_, i) => normal[i] !== '' && !all.includes(normal[i]!)),
  };
}
