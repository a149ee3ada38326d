/** Reads of recalls for the whole floor. */
import { DomainError } from '@/kernel';
import type { Queryable, Tx } from '@/platform/db';
import { nextState, type RecallState, type RecallVerb, TRANSITIONS } from './domain/states';

/** A case as its verbs need it. */
export interface Recall {
  recallId: number;
  key: string;
  drill: boolean;
  title: string;
  state: RecallState;
  class: 'I' | 'II' | 'III' | null;
  depth: 'consumer' | 'retail' | 'wholesale' | null;
  level: 'A' | 'B' | 'C' | 'D' | 'E' | null;
  jurisdiction: string;
  language: string;
  fourEyes: boolean;
  revision: number;
  createdBy: string;
  createdAt: Date;
  /** the newest scope version; 0 where there is none */
  version: number;
}

const RECALL = `SELECT r.recall_id AS "recallId", r.key, r.drill, r.title, r.state, r.class, r.depth, r.level, r.jurisdiction, r.language,
    r.four_eyes AS "fourEyes", r.revision, r.created_by AS "createdBy", r.created_at AS "createdAt",
    coalesce((SELECT max(s.version) FROM recall_scope s WHERE s.recall_id = r.recall_id), 0) AS version
  FROM recall r WHERE r.key = $1`;

/** Throws NOT_FOUND. */
export async function recallByKey(q: Queryable, key: string): Promise<Recall> {
  const [recall] = await q.query<Recall>(RECALL, [key]);
  if (!recall) throw new DomainError('NOT_FOUND', { what: 'recall', key });
  return recall;
}

/** Locks the case until the transaction ends, if `verb` is possible in its state. Throws NOT_FOUND, RECALL_STATE. */
export async function recallFor(tx: Tx, key: string, verb: RecallVerb): Promise<Recall> {
  await tx.query('SELECT 1 FROM recall WHERE key = $1 FOR UPDATE', [key]);
  const recall = await recallByKey(tx, key);
  if (nextState(recall.state, verb) === null)
    throw new DomainError('RECALL_STATE', {
      recall: key,
      state: recall.state,
      verb,
      allowed: TRANSITIONS[verb].from.join(' or '),
    });
  return recall;
}
