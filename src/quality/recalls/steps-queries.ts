/** Reads of what was signed and what was done. */
import { createHash } from 'node:crypto';
import { canonicalJson, DomainError } from '@/kernel';
import type { Queryable } from '@/platform/db';
import type { Recall } from './queries';

export interface SignatureView {
  signature: number;
  subject: string;
  version: number | null;
  digest: string;
  meaning: string;
  reason: string;
  by: string;
  name: string;
  at: Date;
}

export interface StepView {
  verb: string;
  from: string;
  to: string;
  by: string;
  at: Date;
  note: string | null;
  signature: number | null;
}

/** All signatures of a case, the oldest first. */
export function signaturesOf(q: Queryable, recallId: number): Promise<SignatureView[]> {
  return q.query<SignatureView>(
    `SELECT signature_id AS signature, subject, version, encode(digest, 'hex') AS digest, meaning, reason, signed_by AS by, name,
            signed_at AS at
       FROM recall_signature WHERE recall_id = $1 ORDER BY signature_id`,
    [recallId],
  );
}

/** All steps of a case, the oldest first. */
export function stepsOf(q: Queryable, recallId: number): Promise<StepView[]> {
  return q.query<StepView>(
    `SELECT verb, from_state AS "from", to_state AS "to", by, at, note, signature_id AS signature
       FROM recall_step WHERE recall_id = $1 ORDER BY step_id`,
    [recallId],
  );
}

/** The newest version, as it is signed; `seen`: the digest that the signer saw. Throws NOT_FOUND, RECALL_DIGEST. */
export async function signedScope(
  q: Queryable,
  recall: Recall,
  seen: string | undefined,
): Promise<{ version: number; digest: string; createdBy: string }> {
  const [scope] = await q.query<{ version: number; digest: string; createdBy: string }>(
    `SELECT version, encode(digest, 'hex') AS digest, created_by AS "createdBy"
       FROM recall_scope WHERE recall_id = $1 AND version = $2`,
    [recall.recallId, recall.version],
  );
  if (!scope) throw new DomainError('NOT_FOUND', { what: 'scope of', key: recall.key });
  if (seen !== undefined && seen.toLowerCase() !== scope.digest)
    throw new DomainError('RECALL_DIGEST', { recall: recall.key, seen, version: scope.version, digest: scope.digest });
  return scope;
}

/** What is signed of a case that has no scope yet. */
export function caseDigest({ key, title, revision }: Recall): string {
  return createHash('sha256')
    .update(canonicalJson({ recall: key, title, revision }))
    .digest('hex');
}
