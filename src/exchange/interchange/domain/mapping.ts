/** A plant's own headers and ways of writing → ours. Pure: says what a mapping is, and what it makes of the cells of a row. */
import { DomainError, isZone } from '@/kernel';
import { COLUMNS, CsvKind, FILE_KINDS } from './files';
import { readDate } from './dates';
import type { Cell } from './record';

export interface Mapping {
  kind: CsvKind;
  /** our column → the header in the file */
  columns: Readonly<Record<string, string>>;
  /** our column → what counts where the file has no such column, or the cell is empty */
  constants?: Readonly<Record<string, string>>;
  /** our column → what is written there → what it means */
  values?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** such as `DD.MM.YYYY HH:mm`; ISO dates are always read */
  dateFormat?: string;
  /** the zone of times that are written without one */
  timeZone?: string;
  /** 1.234,5 is 1234.5 */
  decimalComma?: boolean;
}

export interface NamedMapping extends Mapping {
  name: string;
}

const TIMES = new Set(['at', 'from', 'until', 'expires', 'effective_from', 'effective_until', 'due', 'made_at']);
/** `from` of moves is a place. */
const isTime = (kind: CsvKind, column: string) => TIMES.has(column) && !(kind === 'moves' && column === 'from');
const DECIMALS = /(^|_)quantity$|^measured$|^limit_/;
const TOKENS = /^(?:YYYY|YY|MM|M|DD|D|HH|H|hh|h|mm|ss|SSS|A|[^A-Za-z])+$/;
const ENTRIES_MAX = 500;
const TEXT_MAX = 500;

/** Checks a mapping as it was sent. Throws IMPORT_MAPPING_WRONG. */
export function readMapping(body: Readonly<Record<string, unknown>>): Mapping {
  const { kind, dateFormat, timeZone, decimalComma } = body;
  if (typeof kind !== 'string' || kind === 'events' || !(FILE_KINDS as readonly string[]).includes(kind))
    throw wrong('kind', `it must be one of ${Object.keys(COLUMNS).join(', ')}.`);
  const known = COLUMNS[kind as CsvKind];
  const all = [...known.required, ...known.optional];
  const texts = (field: string, value: unknown): Record<string, string> => {
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      throw wrong(field, 'it must be an object of texts.');
    const entries = Object.entries(value as Record<string, unknown>);
    if (entries.length > ENTRIES_MAX) throw wrong(field, `it has more than ${ENTRIES_MAX} entries.`);
    for (const [key, text] of entries)
      if (typeof text !== 'string' || text.trim() === '' || text.length > TEXT_MAX)
        throw wrong(`${field}.${key}`, `it must be a text of at most ${TEXT_MAX} characters.`);
    return value as Record<string, string>;
  };
  const ours = <T>(field: string, value: Record<string, T>): Record<string, T> => {
    const odd = Object.keys(value).find((column) => !all.includes(column));
    if (odd !== undefined) throw wrong(`${field}.${odd}`, `${kind} has no such column; it has ${all.join(', ')}.`);
    return value;
  };
  const columns = ours('columns', texts('columns', body.columns));
  const constants = body.constants === undefined ? {} : ours('constants', texts('constants', body.constants));
  const missing = known.required.find((c) => columns[c] === undefined && constants[c] === undefined);
  if (missing !== undefined) throw wrong(`columns.${missing}`, `${kind} needs it: name its column, or a constant.`);
  const values: Record<string, Record<string, string>> = {};
  if (body.values !== undefined) {
    if (typeof body.values !== 'object' || body.values === null) throw wrong('values', 'it must be an object.');
    for (const [column, table] of Object.entries(ours('values', body.values as Record<string, unknown>)))
      values[column] = texts(`values.${column}`, table);
  }
  if (dateFormat !== undefined && (typeof dateFormat !== 'string' || !TOKENS.test(dateFormat) || !/D/.test(dateFormat)))
    throw wrong('dateFormat', 'write it with YYYY, MM, DD, HH, mm and ss, such as "DD.MM.YYYY HH:mm".');
  if (timeZone !== undefined && (typeof timeZone !== 'string' || !isZone(timeZone)))
    throw wrong('timeZone', 'it must be a zone of the IANA database such as Europe/Paris.');
  if (decimalComma !== undefined && typeof decimalComma !== 'boolean')
    throw wrong('decimalComma', 'it must be true or false.');
  return {
    kind: kind as CsvKind,
    columns,
    ...(Object.keys(constants).length > 0 && { constants }),
    ...(Object.keys(values).length > 0 && { values }),
    ...(dateFormat !== undefined && { dateFormat }),
    ...(timeZone !== undefined && { timeZone }),
    ...(decimalComma !== undefined && { decimalComma }),
  };
}

function wrong(field: string, reason: string): DomainError {
  return new DomainError('IMPORT_MAPPING_WRONG', { field, reason });
}

/** Headers are compared without regard to case, spaces and dashes. */
export function normalHeader(name: string): string {
  return name
    .trim()
    .toLowerCase()
    .replace(/[\s-]+/g, '_');
}

/** What refused rows are given back with, beside their own columns. */
export const REFUSAL_COLUMNS = ['refused_row', 'refused_column', 'refused_code', 'refused_reason'] as const;

/** Columns that say why a row was refused are not read when it comes again. */
export function isOfRefusal(name: string): boolean {
  return (REFUSAL_COLUMNS as readonly string[]).includes(normalHeader(name));
}

/** A name for a set of headers: files with the same columns, in whatever order, have the same. */
export function headerKey(names: readonly string[]): string {
  const own = names.filter((name) => !isOfRefusal(name)).map(normalHeader);
  return [...new Set(own)]
    .filter((name) => name !== '')
    .sort()
    .join('\n');
}

/** The first column of the mapping that the file lacks, by its header; null where the mapping fits. */
export function unfit(mapping: Mapping, names: readonly string[]): string | null {
  const there = new Set(names.map(normalHeader));
  return Object.values(mapping.columns).find((header) => !there.has(normalHeader(header))) ?? null;
}

/** What a cell says in our words, or why it says nothing. */
export function convert(
  mapping: Mapping | null,
  kind: CsvKind,
  column: string,
  cell: Cell,
): { text: string } | { reason: string } {
  if (typeof cell === 'object' && 'e' in cell) return { reason: cell.e };
  const said = typeof cell === 'string' ? cell : 'n' in cell ? cell.n : cell.d;
  if (mapping?.values?.[column]?.[said] !== undefined) return { text: mapping.values[column][said] };
  if (isTime(kind, column)) {
    if (typeof cell === 'object' && 'n' in cell)
      return { reason: `"${said}" is a number, not a date; format the column as a date.` };
    return mapping || typeof cell === 'object' ? readDate(said, mapping ?? {}) : { text: said };
  }
  if (mapping?.decimalComma && typeof cell === 'string' && DECIMALS.test(column)) return decimalComma(said);
  return { text: said };
}

function decimalComma(said: string): { text: string } | { reason: string } {
  const text = said.replace(/[\s\u00a0\u202f']/g, '');
  if (/^[+-]?\d+(,\d+)?$/.test(text) || /^[+-]?\d{1,3}(\.\d{3})+(,\d+)?$/.test(text))
    return { text: text.replaceAll('.', '').replace(',', '.') };
  // What is no number at all is told by the ledger.
  return /^[+-]?[\d.,]+$/.test(text)
    ? { reason: `"${said}" is no number with a decimal comma, such as 1.234,5.` }
    : { text: said };
}

/** A cell as a text that reads again as the same, in a CSV file. */
export function cellText(cell: Cell, mapping: Mapping | null): string {
  if (typeof cell === 'string') return cell;
  if ('n' in cell) return mapping?.decimalComma ? cell.n.replace('.', ',') : cell.n;
  return 'd' in cell ? cell.d : '';
}
