/** Reads of what-ifs and scope versions. */
import { DomainError } from '@/kernel';
import type { Queryable } from '@/platform/db';
import type { NamedUnit, Resolved, ScopeRules } from './domain/rules';
import type { ScopeCounts } from './domain/scope-counts';

export interface ScopeView {
  version: number;
  /** saved by a person, found when it was initiated, or brought by the ledger while the case was open */
  cause: 'saved' | 'initiation' | 'ledger';
  reason: string;
  digest: string;
  position: number;
  trace: string;
  rules: ScopeRules;
  excluded: (NamedUnit & { reason: string })[];
  resolved: Partial<Resolved>;
  counts: Partial<ScopeCounts>;
  /** false: gaps in the record touch it, and it may be more than this */
  complete: boolean;
  createdBy: string;
  createdAt: Date;
}

const SCOPE = `SELECT s.version, s.cause, s.reason, encode(s.digest, 'hex') AS digest, s.position, s.trace_id AS trace, s.rules,
    s.excluded, s.resolved, s.counts, coalesce(t.complete, false) AS complete, s.created_by AS "createdBy", s.created_at AS "createdAt"
  FROM recall_scope s LEFT JOIN trace t USING (trace_id)`;

/** All versions, the newest first. */
export function scopesOf(q: Queryable, recallId: number): Promise<ScopeView[]> {
  return q.query<ScopeView>(`${SCOPE} WHERE s.recall_id = $1 ORDER BY s.version DESC`, [recallId]);
}

/** Throws NOT_FOUND. */
export async function scopeOf(q: Queryable, recallId: number, version: number): Promise<ScopeView> {
  const [scope] = await q.query<ScopeView>(`${SCOPE} WHERE s.recall_id = $1 AND s.version = $2`, [recallId, version]);
  if (!scope) throw new DomainError('NOT_FOUND', { what: 'scope version', key: String(version) });
  return scope;
}

export interface StoredWhatIf {
  whatIf: string;
  recallId: number;
  rules: ScopeRules;
  resolved: Resolved;
  trace: string;
  createdBy: string;
  createdAt: Date;
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Throws NOT_FOUND: also for a what-if of another case. */
export async function whatIfOf(q: Queryable, recallId: number, id: string): Promise<StoredWhatIf> {
  const [found] = UUID.test(id)
    ? await q.query<StoredWhatIf>(
        `SELECT what_if_id AS "whatIf", recall_id AS "recallId", rules, resolved, trace_id AS trace, created_by AS "createdBy",
                created_at AS "createdAt"
           FROM recall_what_if WHERE what_if_id = $1 AND recall_id = $2`,
        [id, recallId],
      )
    : [];
  if (!found) throw new DomainError('NOT_FOUND', { what: 'what-if', key: id });
  return found;
}
