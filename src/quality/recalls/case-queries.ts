/** Reads of cases: their list, and a case with its scope, signatures and steps. */
import type { Permission } from '@/platform/auth';
import { escapeLike, type Queryable } from '@/platform/db';
import type { CaseDetails, Goals } from './domain/case';
import { type RecallState, type RecallVerb, TRANSITIONS, verbsFrom } from './domain/states';
import { recallByKey } from './queries';
import { type InitiationView, lastInitiation } from './initiation-queries';
import { scopeOf, type ScopeView } from './scope-queries';
import { signaturesOf, type SignatureView, stepsOf, type StepView } from './steps-queries';

export interface RecallLine {
  recallId: number;
  recall: string;
  drill: boolean;
  title: string;
  state: RecallState;
  outcome: string | null;
  class: string | null;
  units: number | null;
  createdBy: string;
  createdAt: Date;
}

export interface RecallFilter {
  state?: string | undefined;
  drill?: boolean | undefined;
  q?: string | undefined;
}

/** The newest first. */
export function findRecalls(
  q: Queryable,
  filter: RecallFilter,
  before: number | null,
  limit: number,
): Promise<RecallLine[]> {
  return q.query<RecallLine>(
    `SELECT r.recall_id AS "recallId", r.key AS recall, r.drill, r.title, r.state, r.outcome, r.class, r.created_by AS "createdBy",
            r.created_at AS "createdAt",
            (SELECT (s.counts->>'units')::int FROM recall_scope s WHERE s.recall_id = r.recall_id ORDER BY s.version DESC LIMIT 1) AS units
       FROM recall r
      WHERE ($1::text IS NULL OR (CASE WHEN $1 = 'open' THEN r.state <> 'closed' ELSE r.state = $1 END))
        AND ($2::boolean IS NULL OR r.drill = $2)
        AND ($3::text IS NULL OR r.key ILIKE $3 || '%' OR r.title ILIKE '%' || $3 || '%')
        AND ($4::int IS NULL OR r.recall_id < $4)
      ORDER BY r.recall_id DESC LIMIT $5`,
    [filter.state ?? null, filter.drill ?? null, filter.q?.trim() ? escapeLike(filter.q.trim()) : null, before, limit],
  );
}

export interface RecallView {
  recall: string;
  drill: boolean;
  title: string;
  state: RecallState;
  outcome: string | null;
  class: string | null;
  depth: string | null;
  level: string | null;
  jurisdiction: string;
  language: string;
  fourEyes: boolean;
  details: CaseDetails;
  goals: Goals;
  parent: string | null;
  revision: number;
  createdBy: string;
  createdAt: Date;
  scope: ScopeView | null;
  /** the last initiation, until it is done: under way, or what it found instead */
  initiating: InitiationView | null;
  signatures: SignatureView[];
  steps: StepView[];
  /** what its state allows, and this person may do */
  verbs: { verb: RecallVerb; signed: boolean }[];
}

const PERMISSION_OF: Record<RecallVerb, Permission> = {
  describe: 'recalls:prepare',
  scope: 'recalls:prepare',
  approve: 'recalls:approve',
  refuse: 'recalls:approve',
  initiate: 'recalls:conduct',
  monitor: 'recalls:conduct',
  widen: 'recalls:conduct',
  narrow: 'recalls:conduct',
  send: 'recalls:conduct',
  close: 'recalls:conduct',
  withdraw: 'recalls:conduct',
};

/** Throws NOT_FOUND. */
export async function recallView(
  q: Queryable,
  key: string,
  may: (permission: Permission) => boolean,
): Promise<RecallView> {
  const { recallId, version, key: recall, ...row } = await recallByKey(q, key);
  const [more] = await q.query<{ outcome: string | null; details: CaseDetails; goals: Goals; parent: string | null }>(
    `SELECT r.outcome, r.details, r.goals, p.key AS parent FROM recall r LEFT JOIN recall p ON p.recall_id = r.parent_id
      WHERE r.recall_id = $1`,
    [recallId],
  );
  return {
    recall,
    ...row,
    ...more!,
    scope: version === 0 ? null : await scopeOf(q, recallId, version),
    initiating: row.state === 'approved' ? openInitiation(await lastInitiation(q, { recallId }), version) : null,
    signatures: await signaturesOf(q, recallId),
    steps: await stepsOf(q, recallId),
    verbs: verbsFrom(row.state)
      .filter((verb) => may(PERMISSION_OF[verb]))
      .map((verb) => ({ verb, signed: TRANSITIONS[verb].signed })),
  };
}

/** Of another version than the newest, what an initiation found is of no use any more. */
function openInitiation(last: InitiationView | null, version: number): InitiationView | null {
  return last && last.version === version && last.status !== 'done' && last.status !== 'superseded' ? last : null;
}
