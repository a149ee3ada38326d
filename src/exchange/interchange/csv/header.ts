import { DomainError } from '@/kernel';
import { COLUMNS, CsvKind } from '../domain/files';
import { isOfRefusal, Mapping, normalHeader, unfit } from '../domain/mapping';

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
  /** the names as they stand in the file */
  names: readonly string[];
  /** the columns of each cell: most feed one of ours, some none, and by a mapping one can feed several */
  columns: readonly (readonly string[])[];
  /** names that nobody here knows */
  ignored: string[];
}

/** How a table is read: as one of our kinds, by our own headers or by a mapping. */
export interface Reading {
  kind: CsvKind;
  mapping: Mapping | null;
}

/**
 * `Output Item`, `output-item` and `OUTPUT_ITEM` are `output_item`; with a mapping, its headers count alone.
 * Throws CSV_NOT_CSV, CSV_COLUMN_MISSING, IMPORT_MAPPING_UNFIT.
 */
export function readHeader(file: string, names: readonly string[], reading: Reading): Header {
  const normal = names.map(normalHeader);
  const { required, optional } = COLUMNS[reading.kind];
  const wanted = reading.mapping ? mapped(file, names, reading.mapping) : own([...required, ...optional]);
  if (!reading.mapping)
    for (const column of required)
      if (!normal.includes(column))
        throw new DomainError('CSV_COLUMN_MISSING', { column, file, found: normal.filter((n) => n !== '').join(', ') });
  const twice = [...wanted.keys()].find((name) => normal.filter((n) => n === name).length > 1);
  if (twice !== undefined)
    throw new DomainError('CSV_NOT_CSV', { file, reason: `the column "${twice}" is there twice.` });
  return {
    names,
    columns: normal.map((name) => wanted.get(name) ?? []),
    ignored: names.filter((name, i) => normal[i] !== '' && !wanted.has(normal[i]!) && !isOfRefusal(name)),
  };
}

const own = (columns: readonly string[]) => new Map(columns.map((column) => [column, [column]]));

function mapped(file: string, names: readonly string[], mapping: Mapping): Map<string, string[]> {
  const missing = unfit(mapping, names);
  if (missing !== null) throw new DomainError('IMPORT_MAPPING_UNFIT', { mapping: mapping.kind, missing, file });
  const wanted = new Map<string, string[]>();
  for (const [column, header] of Object.entries(mapping.columns)) {
    const name = normalHeader(header);
    wanted.set(name, [...(wanted.get(name) ?? []), column]);
  }
  return wanted;
}
