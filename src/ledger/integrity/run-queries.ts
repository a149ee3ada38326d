/** What people ask about verifications. */
import { DomainError } from '@/kernel';
import type { Queryable } from '@/platform/db';
import type { Finding } from './finding';
import { newestRoot } from './root';

interface RunRow {
  run_id: string;
  status: string;
  created_at: Date;
  created_by: string;
  finished_at: Date | null;
  stage: string | null;
  done: number;
  total: number | null;
  rows: number | null;
  position: number | null;
  finding_count: number | null;
  findings: Finding[] | null;
  error_code: string | null;
  error_message: string | null;
}

const RUN = `SELECT run_id, status, created_at, created_by, finished_at, stage, done, total, rows, position, finding_count, findings, error_code, error_message FROM integrity_run`;

function view(r: RunRow) {
  return {
    id: r.run_id,
    status: r.status,
    createdAt: r.created_at.toISOString(),
    createdBy: r.created_by,
    finishedAt: r.finished_at?.toISOString() ?? null,
    progress: r.status === 'running' ? { stage: r.stage, done: r.done, total: r.total } : null,
    rows: r.rows,
    ledgerPosition: r.position,
    ok: r.status === 'done' ? r.finding_count === 0 : null,
    findingCount: r.finding_count,
    findings: r.findings ?? [],
    error: r.error_code === null ? null : { code: r.error_code, message: r.error_message },
  };
}

export async function runById(q: Queryable, id: string) {
  const rows = /^[0-9a-f-]{36}$/.test(id) ? await q.query<RunRow>(`${RUN} WHERE run_id = $1`, [id]) : [];
  if (!rows[0]) throw new DomainError('NOT_FOUND', { what: 'verification', key: id });
  return view(rows[0]);
}

/** The newest root, the last verification that ended, and the one that is open. */
export async function integrityNow(q: Queryable, now: Date) {
  const [open] = await q.query<RunRow>(`${RUN} WHERE status IN ('queued', 'running')`);
  const [last] = await q.query<RunRow>(
    `${RUN} WHERE status NOT IN ('queued', 'running') ORDER BY finished_at DESC NULLS LAST LIMIT 1`,
  );
  const [waiting] = await q.query<{ batches: number; lines: number }>(
    'SELECT (SELECT count(*) FROM ledger_pending) AS batches, (SELECT count(*) FROM audit_pending) AS lines',
  );
  return {
    root: await newestRoot(q, now),
    pending: waiting!,
    open: open ? view(open) : null,
    last: last ? view(last) : null,
  };
}
