/** Reads of initiations: what is under way, and what the last one found. */
import type { Queryable } from '@/platform/db';
import type { Difference } from './app/read-scope';
import type { Recall } from './queries';

/** What another trace than the approved one says, and how it differs from that one. */
export interface ChangedScope extends Difference {
  /** of the scope as it would be now, in hex: what has to be acknowledged */
  digest: string;
  trace: string;
  position: number;
}

export interface InitiationView {
  status: 'queued' | 'running' | 'changed' | 'done' | 'failed' | 'superseded';
  version: number;
  requestedBy: string;
  requestedAt: Date;
  finishedAt: Date | null;
  changed?: ChangedScope;
  /** what it stopped */
  result?: { units: number; inHouse: number; held: number; deliveries: number; tookMs: number };
  error?: { code: string; message: string };
}

const JOB = /^initiation-(\d{1,9})$/;
export const initiationJob = (id: number): string => `initiation-${id}`;
export const initiationOf = (job: string): number | null => Number(JOB.exec(job)?.[1] ?? NaN) || null;

/** The last initiation of a case; null where none was asked for. */
export async function lastInitiation(
  q: Queryable,
  { recallId }: Pick<Recall, 'recallId'>,
): Promise<InitiationView | null> {
  const [row] = await q.query<{
    status: InitiationView['status'];
    version: number;
    requestedBy: string;
    requestedAt: Date;
    finishedAt: Date | null;
    changed: ChangedScope | null;
    result: NonNullable<InitiationView['result']> | null;
    code: string | null;
    message: string | null;
  }>(
    `SELECT status, version, requested_by AS "requestedBy", requested_at AS "requestedAt", finished_at AS "finishedAt", changed, result,
            error_code AS code, error_message AS message
       FROM recall_initiation WHERE recall_id = $1 ORDER BY initiation_id DESC LIMIT 1`,
    [recallId],
  );
  if (!row) return null;
  const { changed, result, code, message, ...view } = row;
  return {
    ...view,
    ...(changed && { changed }),
    ...(result && { result }),
    ...(code !== null && { error: { code, message: message ?? '' } }),
  };
}
