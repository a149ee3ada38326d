import type { Database, Queryable, Tx } from '@/platform/db';
import type { NamedMapping } from '../domain/mapping';
import type { Cell, RefusedRow } from '../domain/record';

export type ImportStatus = 'queued' | 'running' | 'done' | 'failed' | 'cancelled';

/** What is being done: files are unpacked, read through, recorded; a dry run judges instead. */
export type Stage = 'unpacking' | 'reading' | 'recording' | 'judging';

/** Where an import stands: files and records before it are done; `begun`: the chunk after it may have been recorded already. */
export interface Position {
  file: number;
  record: number;
  begun: boolean;
}

export interface ImportRun {
  import_no: number;
  import_id: string;
  name: string;
  file_id: string | null;
  status: ImportStatus;
  created_at: Date;
  created_by: string;
  finished_at: Date | null;
  started_at: Date | null;
  attempt: number;
  cancel_asked: boolean;
  done: number;
  total: number | null;
  current_file: string | null;
  position: Position | null;
  accepted: number;
  duplicates: number;
  refused: number;
  refused_rows: number;
  notices: string[];
  dry_run: boolean;
  mappings: NamedMapping[];
  /** of each file its header as it stands there */
  headers: Record<string, readonly string[]>;
  mends: string | null;
  stage: Stage | null;
  error_code: string | null;
  error_message: string | null;
}

export interface Progress {
  done: number;
  file: string;
  position: Position;
  accepted: number;
  duplicates: number;
  refused: number;
  refusedRows: RefusedRow[];
  notices: string[];
}

/** Whoever runs the import lost it: it was cancelled, or another worker took it over. */
export class LeaseLost extends Error {}

export interface NewRun {
  importId: string;
  name: string;
  fileId: string | null;
  status: 'queued' | 'running';
  dryRun?: boolean;
  mappings?: readonly NamedMapping[];
  mends?: string | null;
}

export async function insertRun(tx: Tx, run: NewRun): Promise<void> {
  await tx.query(
    `INSERT INTO import_run (import_id, name, file_id, status, created_by, request_id, dry_run, mappings, mends)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
    [
      run.importId,
      run.name,
      run.fileId,
      run.status,
      tx.ctx.actor,
      tx.ctx.requestId ?? null,
      run.dryRun ?? false,
      JSON.stringify(run.mappings ?? []),
      run.mends ?? null,
    ],
  );
}

/** Takes the import: from here on only this attempt may write to it. Null where it is over, or was cancelled meanwhile. */
export async function claim(tx: Tx, importId: string): Promise<ImportRun | null> {
  const [run] = await tx.query<ImportRun>(
    `UPDATE import_run SET status = 'running', attempt = attempt + 1, started_at = coalesce(started_at, now()), seen_at = now()
     WHERE import_id = $1 AND status IN ('queued', 'running') RETURNING *`,
    [importId],
  );
  return run ?? null;
}

/** Says what is being done. */
export async function saveStage(tx: Tx, run: ImportRun, stage: Stage): Promise<void> {
  await hold(tx, run, `stage = $3`, [stage]);
}

/** The first reading is over. Nothing of the import is written before this. A dry run that was cut off begins again. */
export async function saveSurvey(
  tx: Tx,
  run: ImportRun,
  survey: { total: number; notices: string[]; headers: Record<string, readonly string[]> },
): Promise<void> {
  await hold(
    tx,
    run,
    `total = $3, notices = $4, headers = $5, stage = CASE WHEN dry_run THEN 'judging' ELSE 'recording' END`,
    [survey.total, JSON.stringify(survey.notices), JSON.stringify(survey.headers)],
  );
  if (!run.dry_run) return;
  await hold(tx, run, `done = 0, accepted = 0, duplicates = 0, refused = 0, refused_rows = 0, position = NULL`, []);
  await tx.query(`DELETE FROM import_refusal WHERE import_no = $1`, [run.import_no]);
}

/** It is alive, though it may not have come to a new position yet. */
export async function heartbeat(q: Queryable, run: ImportRun): Promise<void> {
  await q.query(`UPDATE import_run SET seen_at = now() WHERE import_no = $1 AND attempt = $2 AND status = 'running'`, [
    run.import_no,
    run.attempt,
  ]);
}

export async function beginChunk(tx: Tx, run: ImportRun, position: Position): Promise<void> {
  await hold(tx, run, `position = $3`, [JSON.stringify({ ...position, begun: true })]);
}

/** A chunk is over: its counts, its refused rows and the position after it, together. */
export async function saveChunk(tx: Tx, run: ImportRun, p: Progress): Promise<void> {
  await hold(
    tx,
    run,
    `done = $3, current_file = $4, position = $5, accepted = accepted + $6, duplicates = duplicates + $7, refused = refused + $8,
     refused_rows = refused_rows + $9, notices = $10`,
    [
      p.done,
      p.file,
      JSON.stringify(p.position),
      p.accepted,
      p.duplicates,
      p.refused,
      p.refusedRows.length,
      JSON.stringify(p.notices),
    ],
  );
  if (p.refusedRows.length === 0) return;
  await tx.query(
    `INSERT INTO import_refusal (import_no, file, row_no, column_name, code, message, cells)
     SELECT $1, f, r, c, k, m, w::jsonb FROM unnest($2::text[], $3::int[], $4::text[], $5::text[], $6::text[], $7::text[]) AS t (f, r, c, k, m, w)`,
    [
      run.import_no,
      p.refusedRows.map((r) => r.file),
      p.refusedRows.map((r) => r.row),
      p.refusedRows.map((r) => r.column),
      p.refusedRows.map((r) => r.code),
      p.refusedRows.map((r) => r.message.replaceAll('\0', '�')),
      p.refusedRows.map((r) => (r.raw === undefined ? null : keptCells(r.raw))),
    ],
  );
}

/** What the database cannot keep is shown as lost: half of a surrogate pair, and null characters. */
function keptCells(raw: readonly Cell[]): string {
  return JSON.stringify(raw, (_, value: unknown) =>
    typeof value === 'string' ? value.replace(/\0|\p{Surrogate}/gu, '\uFFFD') : value,
  );
}

export async function finish(
  tx: Tx,
  run: ImportRun,
  status: 'done' | 'failed' | 'cancelled',
  error?: { code: string; message: string },
): Promise<void> {
  await tx.query(
    `UPDATE import_run SET status = $3, error_code = $4, error_message = $5, finished_at = now(), current_file = NULL, stage = NULL
     WHERE import_no = $1 AND attempt = $2 AND status = 'running'`,
    [run.import_no, run.attempt, status, error?.code ?? null, error?.message ?? null],
  );
}

/** Writes while the lease holds. Throws LeaseLost. */
async function hold(tx: Tx, run: ImportRun, set: string, values: unknown[]): Promise<void> {
  const rows = await tx.query(
    `UPDATE import_run SET seen_at = now(), ${set}
     WHERE import_no = $1 AND attempt = $2 AND status = 'running' AND NOT cancel_asked RETURNING 1`,
    [run.import_no, run.attempt, ...values],
  );
  if (rows.length === 0) throw new LeaseLost();
}

export async function findRun(q: Queryable | Database, importId: string): Promise<ImportRun | null> {
  const [run] = await q.query<ImportRun>(`SELECT * FROM import_run WHERE import_id = $1`, [importId]);
  return run ?? null;
}

/** How many of these events this import recorded itself, before it was cut off. */
export async function recordedBefore(q: Queryable, source: string, requestId: string, ids: string[]): Promise<number> {
  const [row] = await q.query<{ n: number }>(
    `SELECT count(*) AS n FROM event e JOIN ledger_batch b USING (batch_id)
     WHERE e.source = $1 AND e.client_id = ANY ($2) AND b.request_id = $3`,
    [source, ids, requestId],
  );
  return row!.n;
}

/**
 * How often events of these contents were there when the import that `run` mends ended, into `before`. A mended row that says what
 * another row said already is one more fact, not that one again; and the mended file sent twice says the same twice.
 */
export async function occurrencesBefore(
  q: Queryable,
  run: ImportRun,
  names: readonly string[],
  before: Map<string, number>,
): Promise<void> {
  let open = names.filter((name) => !before.has(name));
  for (const name of open) before.set(name, 0);
  for (let n = 1; open.length > 0; n++) {
    const rows = await q.query<{ client_id: string }>(
      `SELECT e.client_id FROM event e JOIN ledger_batch b USING (batch_id)
       WHERE e.source = $1 AND e.client_id = ANY ($2)
         AND b.recorded_at <= (SELECT finished_at FROM import_run WHERE import_id = $3)`,
      ['import', open.map((name) => `${name}-${n}`), run.mends],
    );
    open = rows.map((row) => row.client_id.slice(0, -String(n).length - 1));
    for (const name of open) before.set(name, n);
  }
}

export async function insertUpload(tx: Tx, fileId: string, name: string): Promise<void> {
  await tx.query(`INSERT INTO import_upload (file_id, name, created_by) VALUES ($1, $2, $3)`, [
    fileId,
    name,
    tx.ctx.actor,
  ]);
}

export async function deleteUpload(tx: Tx, fileId: string): Promise<void> {
  await tx.query(`DELETE FROM import_upload WHERE file_id = $1`, [fileId]);
}

/** Files that were looked at more than a day ago, and that no import needs. */
export async function forgottenUploads(q: Queryable): Promise<string[]> {
  const rows = await q.query<{ file_id: string }>(
    `SELECT file_id FROM import_upload u WHERE created_at < now() - interval '1 day'
       AND NOT EXISTS (SELECT 1 FROM import_run r WHERE r.file_id = u.file_id) LIMIT 20`,
  );
  return rows.map((row) => row.file_id);
}
