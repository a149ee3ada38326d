import { createHash } from 'node:crypto';
import { COLUMNS, CsvKind } from '../domain/files';
import { buildKey } from '../domain/map-builds';
import { bomKey } from '../domain/map-master';
import type { RowGroup } from '../domain/record';
import { readCsv } from '../csv/read-csv';
import { readLines } from '../csv/read-lines';
import type { ImportFile } from './source';

/** What the first reading of a file found out. It reads the whole of it, so that nothing is written of a file that cannot be read. */
export interface Survey {
  rows: number;
  notices: string[];
  /** of each record that has several rows: the row that completes it */
  lastRows: ReadonlyMap<string, number> | null;
}

const GROUP_KEY: Partial<Record<CsvKind, (cells: Readonly<Record<string, string>>) => string>> = {
  builds: buildKey,
  bom: bomKey,
};

/** Keys are kept as 128 bits of their hash: a plant has more builds than fit as texts. */
function groupKey(kind: CsvKind, cells: Readonly<Record<string, string>>): string | null {
  const key = GROUP_KEY[kind]?.(cells);
  return key === undefined ? null : createHash('sha256').update(key).digest().toString('latin1', 0, 16);
}

/** Reads a file once through. Throws CSV_NOT_CSV, CSV_COLUMN_MISSING, IMPORT_FILE_UNREADABLE. */
export async function surveyFile(file: ImportFile, signal: AbortSignal): Promise<Survey> {
  const notices: string[] = [];
  let rows = 0;
  if (file.kind === 'events') {
    for await (const line of readLines(file)) {
      rows += line.row > 0 ? 1 : 0;
      if (rows % 1_000 === 0) signal.throwIfAborted();
    }
    return { rows, notices, lastRows: null };
  }
  const lastRows = new Map<string, number>();
  const looksMangled = new Map<string, number>();
  for await (const row of readCsv(file, COLUMNS[file.kind], ({ ignored }) => {
    if (ignored.length > 0) notices.push(`${file.name}: columns that are not read: ${ignored.join(', ')}.`);
  })) {
    rows++;
    if (rows % 1_000 === 0) signal.throwIfAborted();
    const key = groupKey(file.kind, row.cells);
    if (key !== null) lastRows.set(key, row.row);
    for (const column of ['code', 'output_code', 'input_code'])
      if (MANGLED.test(row.cells[column] ?? '')) looksMangled.set(column, (looksMangled.get(column) ?? 0) + 1);
  }
  for (const [column, count] of looksMangled)
    notices.push(
      `${file.name}: ${count} cells in "${column}" look like numbers that a spreadsheet rounded (5.03E+05); format the column as text.`,
    );
  return { rows, notices, lastRows };
}

const MANGLED = /^\d(\.\d+)?E\+\d+$/;

/**
 * The records of a CSV file, each as the rows that belong together, in the order of their last rows. Only records that are not yet
 * complete are kept in memory; where rows of one record stand together, as they usually do, that is one.
 */
export async function* readRecords(file: ImportFile, kind: CsvKind, survey: Survey): AsyncGenerator<RowGroup> {
  const open = new Map<string, RowGroup>();
  for await (const row of readCsv(file, COLUMNS[kind])) {
    const key = groupKey(kind, row.cells);
    if (key === null) {
      yield { rows: [row] };
      continue;
    }
    const group = open.get(key) ?? { rows: [] };
    group.rows.push(row);
    if (survey.lastRows?.get(key) === row.row) {
      open.delete(key);
      yield group;
    } else open.set(key, group);
  }
}
