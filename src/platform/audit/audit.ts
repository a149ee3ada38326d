import type { AuditLine, Queryable, Tx } from '@/platform/db';

/** Many audit lines in one statement, for what comes in bulk; one at a time is `tx.audit`. */
export async function auditAll(tx: Tx, lines: readonly AuditLine[]): Promise<void> {
  if (lines.length === 0) return;
  await tx.query(
    `INSERT INTO audit_line (actor, action, subject, before, after, request_id)
     SELECT $1, r.action, r.subject, r.before, r.after, $2
     FROM jsonb_to_recordset($3::jsonb) AS r(action text, subject text, before jsonb, after jsonb)`,
    [tx.ctx.actor, tx.ctx.requestId ?? null, JSON.stringify(lines)],
  );
}

export interface AuditRow {
  audit_id: number;
  at: Date;
  actor: string;
  action: string;
  subject: string;
  before: unknown;
  after: unknown;
  request_id: string | null;
}

/** Latest first; `before` is the id to start below. */
export function listAudit(
  q: Queryable,
  filter: { subject?: string; actor?: string; before: number | null; limit: number },
): Promise<AuditRow[]> {
  return q.query<AuditRow>(
    `SELECT audit_id, at, actor, action, subject, before, after, request_id FROM audit_line
     WHERE ($1::text IS NULL OR subject = $1) AND ($2::text IS NULL OR actor = $2) AND ($3::bigint IS NULL OR audit_id < $3)
     ORDER BY audit_id DESC LIMIT $4`,
    [filter.subject ?? null, filter.actor ?? null, filter.before, filter.limit],
  );
}
