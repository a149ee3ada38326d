import { DomainError } from '@/kernel';
import type { Queryable } from '@/platform/db';
import { decodeCursor, Page, pageSize, toPage } from '@/platform/http';
import { writeCell } from './csv/cells';
import { findRun, ImportRun, ImportStatus, Stage } from './db/store';
import { REFUSAL_COLUMNS } from './domain/mapping';

export interface ImportView {
  id: string;
  status: ImportStatus;
  name: string;
  createdAt: string;
  createdBy: string;
  startedAt: string | null;
  finishedAt: string | null;
  /** rows and lines that are done, of how many; `total` is null until all files were read once */
  progress: { done: number; total: number | null; file: string | null; stage: Stage | null };
  /** everything was judged, and nothing stored */
  dryRun: boolean;
  mappings: string[];
  /** the import whose refused rows this one brings again */
  mends: string | null;
  /** records (events, items, BOM revisions …); a refused record can have several rows, which `refusedRows` counts */
  counts: { accepted: number; duplicates: number; refused: number; refusedRows: number };
  notices: string[];
  error: { code: string; message: string } | null;
}

export interface RefusedRowView {
  file: string;
  row: number;
  column: string | null;
  code: string;
  message: string;
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Throws NOT_FOUND. */
export async function importRun(q: Queryable, id: string): Promise<ImportRun> {
  const run = UUID.test(id) ? await findRun(q, id) : null;
  if (!run) throw new DomainError('NOT_FOUND', { what: 'import', key: id });
  return run;
}

export async function importById(q: Queryable, id: string): Promise<ImportView> {
  return importView(await importRun(q, id));
}

export interface ImportPage extends ImportView {
  /** the file that it was made from, where it was looked at before and can be imported again */
  upload: string | null;
  /** the imports that brought its refused rows again, the newest first */
  mendedBy: { id: string; status: ImportStatus; name: string }[];
}

/** Throws NOT_FOUND. */
export async function importPage(q: Queryable, id: string): Promise<ImportPage> {
  const run = await importRun(q, id);
  const [kept] = await q.query(`SELECT 1 FROM import_upload WHERE file_id = $1`, [run.file_id]);
  const mendedBy = await q.query<ImportPage['mendedBy'][number]>(
    `SELECT import_id AS id, status, name FROM import_run WHERE mends = $1 ORDER BY import_no DESC LIMIT 100`,
    [id],
  );
  return { ...importView(run), upload: kept ? run.file_id : null, mendedBy };
}

/** The newest first. */
export async function listImports(q: Queryable, cursor?: string, limit?: number): Promise<Page<ImportView>> {
  const size = pageSize(limit);
  const rows = await q.query<ImportRun>(
    `SELECT * FROM import_run WHERE $1::int IS NULL OR import_no < $1 ORDER BY import_no DESC LIMIT $2`,
    [decodeCursor<number>(cursor), size + 1],
  );
  return toPage(rows, size, (run) => run.import_no, importView);
}

interface RefusalRow {
  import_refusal_id: number;
  file: string;
  row_no: number;
  column_name: string | null;
  code: string;
  message: string;
  cells: string[] | null;
}

/** In the order of the files and their rows. */
export async function listRefused(
  q: Queryable,
  id: string,
  cursor?: string,
  limit?: number,
): Promise<Page<RefusedRowView>> {
  const run = await importRun(q, id);
  const size = pageSize(limit);
  const rows = await refusals(q, run.import_no, decodeCursor<number>(cursor) ?? 0, size + 1);
  return toPage(rows, size, (row) => row.import_refusal_id, refusedView);
}

const CSV_PAGE = 5_000;

/** All refused rows as CSV: file, row, column, code, message; defused for spreadsheets. */
export async function* refusedCsv(q: Queryable, importNo: number): AsyncGenerator<string> {
  yield '\uFEFFfile,row,column,code,message\r\n';
  for (let after = 0; ;) {
    const rows = await refusals(q, importNo, after, CSV_PAGE);
    if (rows.length === 0) return;
    yield rows
      .map((r) => [r.file, r.row_no, r.column_name, r.code, r.message].map(writeCell).join(','))
      .join('\r\n')
      .concat('\r\n');
    after = rows.at(-1)!.import_refusal_id;
  }
}

/** The files that have refused rows, each with how many. */
export async function refusedFiles(q: Queryable, importNo: number): Promise<{ file: string; rows: number }[]> {
  return q.query<{ file: string; rows: number }>(
    `SELECT file, count(*) AS rows FROM import_refusal WHERE import_no = $1 GROUP BY file ORDER BY min(import_refusal_id)`,
    [importNo],
  );
}

/**
 * The refused rows of one file as they stand there, to be mended and sent again: its own columns, and behind them row, column, code
 * and what to do, which are not read again. Lines of NDJSON come as they are.
 */
export async function* refusedToMend(q: Queryable, run: ImportRun, file: string): AsyncGenerator<string> {
  const header = run.headers[file];
  if (header) yield `\uFEFF${[...header, ...REFUSAL_COLUMNS].map(writeCell).join(',')}\r\n`;
  for (let after = 0; ;) {
    const rows = await refusals(q, run.import_no, after, CSV_PAGE, file);
    if (rows.length === 0) return;
    for (const r of rows) {
      const cells = r.cells ?? [];
      if (!header) yield `${cells[0] ?? ''}\n`;
      else {
        const own = header.map((_, i) => writeCell(cells[i] ?? ''));
        yield `${[...own, String(r.row_no), ...[r.column_name, r.code, r.message].map(writeCell)].join(',')}\r\n`;
      }
    }
    after = rows.at(-1)!.import_refusal_id;
  }
}

export async function uploadById(q: Queryable, fileId: string): Promise<{ file_id: string; name: string }> {
  const [row] = UUID.test(fileId)
    ? await q.query<{ file_id: string; name: string }>(`SELECT file_id, name FROM import_upload WHERE file_id = $1`, [
        fileId,
      ])
    : [];
  if (!row) throw new DomainError('NOT_FOUND', { what: 'upload', key: fileId });
  return row;
}

function refusals(
  q: Queryable,
  importNo: number,
  after: number,
  limit: number,
  file: string | null = null,
): Promise<RefusalRow[]> {
  return q.query<RefusalRow>(
    `SELECT import_refusal_id, file, row_no, column_name, code, message, cells FROM import_refusal
     WHERE import_no = $1 AND import_refusal_id > $2 AND ($4::text IS NULL OR file = $4) ORDER BY import_refusal_id LIMIT $3`,
    [importNo, after, limit, file],
  );
}

function refusedView(row: RefusalRow): RefusedRowView {
  return { file: row.file, row: row.row_no, column: row.column_name, code: row.code, message: row.message };
}

export function importView(run: ImportRun): ImportView {
  return {
    id: run.import_id,
    status: run.status,
    name: run.name,
    createdAt: run.created_at.toISOString(),
    createdBy: run.created_by,
    startedAt: run.started_at?.toISOString() ?? null,
    finishedAt: run.finished_at?.toISOString() ?? null,
    progress: { done: run.done, total: run.total, file: run.current_file, stage: run.stage },
    dryRun: run.dry_run,
    mappings: run.mappings.map((mapping) => mapping.name),
    mends: run.mends,
    counts: {
      accepted: run.accepted,
      duplicates: run.duplicates,
      refused: run.refused,
      refusedRows: run.refused_rows,
    },
    notices: run.notices,
    error: run.error_code ? { code: run.error_code, message: run.error_message ?? '' } : null,
  };
}

export function isFinal(status: ImportStatus): boolean {
  return status === 'done' || status === 'failed' || status === 'cancelled';
}
