/** Scope versions as the worker needs them: the question again, and the next version from a newer trace. */
import { createHash } from 'node:crypto';
import { canonicalJson } from '@/kernel';
import { unitsByIds } from '@/ledger';
import type { Queryable, Tx } from '@/platform/db';
import type { AskedQuestion, QuestionInput } from '@/trace';
import type { Recall } from './queries';

export interface ScopeVersion {
  version: number;
  rules: unknown;
  traceId: string;
  traceDigest: string;
  /** of its trace: units that are not in scope */
  excluded: { unitId: number; reason: string }[];
  /** in hex */
  digest: string;
  question: AskedQuestion;
}

/** The version of a case; undefined where it has none such. */
export async function scopeVersion(q: Queryable, recallId: number, version: number): Promise<ScopeVersion | undefined> {
  const [row] = await q.query<ScopeVersion>(
    `SELECT s.version, s.rules, s.trace_id AS "traceId", t.digest AS "traceDigest", s.excluded, encode(s.digest, 'hex') AS digest,
            t.question->'asked' AS question
       FROM recall_scope s JOIN trace t USING (trace_id) WHERE s.recall_id = $1 AND s.version = $2`,
    [recallId, version],
  );
  return row;
}

/** The question of a version, to be asked of the ledger as it is now. */
export function questionAgain({ question }: ScopeVersion): QuestionInput {
  const { seeds, at, certainty, barriers, thresholdShare, justification } = question;
  return {
    direction: 'forward',
    seeds: seeds.map(({ unit, from, until }) => ({
      unit,
      ...(from !== null && { from }),
      ...(until !== null && { until }),
    })),
    at,
    certainty,
    barriers,
    ...(thresholdShare !== null && { thresholdShare }),
    ...(justification !== null && { justification }),
  };
}

/** What a version with these rules and exclusions would be known by, over another trace. */
export async function digestOver(
  q: Queryable,
  { rules, excluded }: Pick<ScopeVersion, 'rules' | 'excluded'>,
  traceDigest: string,
): Promise<string> {
  const units = await unitsByIds(
    q,
    excluded.map((one) => one.unitId),
  );
  const names = new Map(units.map((unit) => [unit.unitId, unit]));
  const left = excluded.map(({ unitId, reason }) => {
    const unit = names.get(unitId)!;
    return { item: unit.itemId, kind: unit.kind, code: unit.code, reason };
  });
  return createHash('sha256')
    .update(canonicalJson({ rules, trace: traceDigest, excluded: left }))
    .digest('hex');
}

export interface NextVersion {
  cause: 'initiation' | 'ledger';
  traceId: string;
  position: number;
  /** in hex */
  digest: string;
  reason: string;
}

/** Saves the next version of a case: the same rules over a newer trace, which is kept from now on. Gives its number. */
export async function saveNext(tx: Tx, recall: Recall, from: ScopeVersion, next: NextVersion): Promise<number> {
  const version = from.version + 1;
  await tx.query(
    `INSERT INTO recall_scope (recall_id, version, cause, rules, trace_id, excluded, position, digest, counts, reason, created_by)
     VALUES ($1, $2, $3, $4, $5, $6, $7, decode($8, 'hex'), $9, $10, $11)`,
    [
      recall.recallId,
      version,
      next.cause,
      JSON.stringify(from.rules),
      next.traceId,
      JSON.stringify(from.excluded),
      next.position,
      next.digest,
      JSON.stringify({}),
      next.reason,
      tx.ctx.actor,
    ],
  );
  await tx.query(`UPDATE trace SET pinned_at = coalesce(pinned_at, clock_timestamp()) WHERE trace_id = $1`, [
    next.traceId,
  ]);
  await tx.audit({
    action: 'save-scope',
    subject: `recall:${recall.key}`,
    after: { version, cause: next.cause, digest: next.digest, reason: next.reason },
  });
  return version;
}
