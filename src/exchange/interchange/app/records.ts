import { createHash } from 'node:crypto';
import type { CsvKind } from '../domain/files';
import { buildKey } from '../domain/map-builds';
import { bomKey } from '../domain/map-master';
import { orderKey } from '../domain/map-orders';
import type { RowGroup } from '../domain/record';
import { readTable } from '../csv/read-table';
import { countLines } from '../csv/read-lines';
import type { ImportFile } from './source';

/** What the first reading of a file found out. It reads the whole of it, so that nothing is written of a file that cannot be read. */
export interface Survey {
  rows: number;
  notices: string[];
  /** the header as it stands in the file; null for NDJSON */
  header: readonly string[] | null;
  /** of each record whose rows do not stand together: the row that completes it */
  lastRows: ReadonlyMap<string, number>;
}

const GROUP_KEY: Partial<Record<CsvKind, (cells: Readonly<Record<string, string>>) => string>> = {
  builds: buildKey,
  bom: bomKey,
  purchase_orders: orderKey('purchase_orders'),
  sales_orders: orderKey('sales_orders'),
};

function groupKey(kind: CsvKind, cells: Readonly<Record<string, string>>): string | null {
  return GROUP_KEY[kind]?.(cells) ?? null;
}

/** 2^27 bits and four places a key: of ten million keys, three in a thousand seem to have been there. */
const SEEN_BYTES = 1 << 24;

/**
 * Finds records whose rows do not stand together, in constant memory: a key that seems to come again after others is followed to its
 * last row. Some that never were there seem so; to follow them too costs their memory and changes nothing.
 */
class Scattered {
  readonly lastRows = new Map<string, number>();
  private readonly seen = Buffer.alloc(SEEN_BYTES);
  private current: string | null = null;

  row(key: string, row: number): void {
    if (key !== this.current && this.wasSeen(key)) this.lastRows.set(key, row);
    else if (this.lastRows.has(key)) this.lastRows.set(key, row);
    this.current = key;
  }

  private wasSeen(key: string): boolean {
    const hash = createHash('sha256').update(key).digest();
    let all = true;
    for (let i = 0; i < 16; i += 4) {
      const place = hash.readUInt32LE(i) % (SEEN_BYTES * 8);
      const bit = 1 << (place & 7);
      all &&= (this.seen[place >>> 3]! & bit) !== 0;
      this.seen[place >>> 3]! |= bit;
    }
    return all;
  }
}

/** Reads a file once through. Throws CSV_NOT_CSV, CSV_COLUMN_MISSING, IMPORT_FILE_UNREADABLE. */
export async function surveyFile(file: ImportFile, signal: AbortSignal): Promise<Survey> {
  const notices: string[] = [];
  let rows = 0;
  if (file.kind === 'events')
    return { rows: await countLines(file, signal), notices, header: null, lastRows: new Map() };
  const scattered = GROUP_KEY[file.kind] ? new Scattered() : null;
  const looksMangled = new Map<string, number>();
  let header: readonly string[] | null = null;
  for await (const row of readTable(file, { kind: file.kind, mapping: file.mapping }, ({ names, ignored }) => {
    header = names;
    if (ignored.length > 0) notices.push(`${file.name}: columns that are not read: ${ignored.join(', ')}.`);
  })) {
    rows++;
    if (rows % 1_000 === 0) signal.throwIfAborted();
    const key = groupKey(file.kind, row.cells);
    if (key !== null) scattered?.row(key, row.row);
    for (const column of ['code', 'output_code', 'input_code'])
      if (MANGLED.test(row.cells[column] ?? '')) looksMangled.set(column, (looksMangled.get(column) ?? 0) + 1);
  }
  for (const [column, count] of looksMangled)
    notices.push(
      `${file.name}: ${count} cells in "${column}" look like numbers that a spreadsheet rounded (5.03E+05); format the column as text.`,
    );
  return { rows, notices, header, lastRows: scattered?.lastRows ?? new Map() };
}

const MANGLED = /^\d(\.\d+)?E\+\d+$/;

/**
 * The records of a table, each as the rows that belong together, in the order of their last rows. Only records that are not yet
 * complete are kept in memory; where rows of one record stand together, as they usually do, that is one.
 */
export async function* readRecords(file: ImportFile, kind: CsvKind, survey: Survey): AsyncGenerator<RowGroup> {
  const open = new Map<string, RowGroup>();
  let current = null as { key: string; group: RowGroup } | null;
  for await (const row of readTable(file, { kind, mapping: file.mapping })) {
    const key = groupKey(kind, row.cells);
    if (key === null) {
      yield { rows: [row] };
      continue;
    }
    if (current?.key === key) {
      current.group.rows.push(row);
      continue;
    }
    if (current) yield current.group;
    current = null;
    const last = survey.lastRows.get(key);
    if (last === undefined) {
      current = { key, group: { rows: [row] } };
      continue;
    }
    const group = open.get(key) ?? { rows: [] };
    group.rows.push(row);
    open.set(key, group);
    if (last !== row.row) continue;
    open.delete(key);
    yield group;
  }
  if (current) yield current.group;
}
