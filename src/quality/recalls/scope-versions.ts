/** Scope versions as they are written, and as the worker needs them: the rules again, over a newer trace. */
import { DomainError } from '@/kernel';
import type { Queryable, Tx } from '@/platform/db';
import { pinTrace } from '@/trace';
import type { ReadScope } from './app/read-scope';
import type { Resolved, ScopeRules } from './domain/rules';
import type { Recall } from './queries';
import type { ScopeView } from './scope-queries';

export interface ScopeVersion {
  version: number;
  rules: ScopeRules;
  traceId: string;
  /** of its trace: units that are not in scope */
  excluded: Resolved['excluded'];
  /** in hex */
  digest: string;
}

/** The version of a case; undefined where it has none such. */
export async function scopeVersion(q: Queryable, recallId: number, version: number): Promise<ScopeVersion | undefined> {
  const [row] = await q.query<ScopeVersion>(
    `SELECT s.version, s.rules, s.trace_id AS "traceId", s.excluded, encode(s.digest, 'hex') AS digest
       FROM recall_scope s WHERE s.recall_id = $1 AND s.version = $2`,
    [recallId, version],
  );
  return row;
}

export interface NextVersion {
  cause: ScopeView['cause'];
  rules: ScopeRules;
  resolved: Resolved;
  trace: string;
  scope: ReadScope;
  reason: string;
}

/** Saves the next version of a locked case; its trace is kept from now on. Gives its number. Throws SCOPE_SAME, TRACE_EXPIRED. */
export async function saveVersion(tx: Tx, recall: Recall, next: NextVersion): Promise<number> {
  const { cause, rules, resolved, trace, scope, reason } = next;
  const [last] = await tx.query<{ digest: string }>(
    `SELECT encode(digest, 'hex') AS digest FROM recall_scope WHERE recall_id = $1 AND version = $2`,
    [recall.recallId, recall.version],
  );
  if (last?.digest === scope.digest)
    throw new DomainError('SCOPE_SAME', { recall: recall.key, version: recall.version });
  const version = recall.version + 1;
  await tx.query(
    `INSERT INTO recall_scope (recall_id, version, cause, rules, trace_id, excluded, position, digest, counts, reason, created_by, resolved)
     VALUES ($1, $2, $3, $4, $5, $6, $7, decode($8, 'hex'), $9, $10, $11, $12)`,
    [
      ...[recall.recallId, version, cause, JSON.stringify(rules), trace, JSON.stringify(resolved.excluded)],
      ...[scope.position, scope.digest, JSON.stringify(scope.counts), reason, tx.ctx.actor, JSON.stringify(resolved)],
    ],
  );
  await pinTrace(tx, trace);
  await tx.audit({
    action: 'save-scope',
    subject: `recall:${recall.key}`,
    after: { version, cause, digest: scope.digest, reason },
  });
  return version;
}
