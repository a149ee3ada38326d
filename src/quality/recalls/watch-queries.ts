/** What the watch over open cases reads and keeps. */
import type { Queryable, Tx } from '@/platform/db';
import type { ScopeColumns } from '@/trace';
import { STOPPER } from './stop-queries';

export interface WatchedCase {
  recallId: number;
  key: string;
  /** of the ledger, up to which the case knows it */
  position: number;
  traceId: string;
}

/**
 * Takes an open case that nobody has looked at for `seconds`, so that no other worker does for as long; undefined where there is
 * none. The one that has waited longest comes first.
 */
export async function nextWatched(tx: Tx, seconds: number): Promise<WatchedCase | undefined> {
  const [due] = await tx.query<WatchedCase>(
    `SELECT w.recall_id AS "recallId", r.key, w.position, w.trace_id AS "traceId"
       FROM recall_watch w JOIN recall r USING (recall_id)
      WHERE r.state IN ('initiated', 'monitoring') AND w.checked_at < clock_timestamp() - make_interval(secs => $1)
      ORDER BY w.checked_at LIMIT 1 FOR UPDATE OF w SKIP LOCKED`,
    [seconds],
  );
  if (due)
    await tx.query(`UPDATE recall_watch SET checked_at = clock_timestamp() WHERE recall_id = $1`, [due.recallId]);
  return due;
}

/** Events recorded at positions above `from` and up to `until`, as far as `limit`; what cases held by themselves is not looked for. */
export async function eventsBetween(q: Queryable, from: number, until: number, limit: number): Promise<number> {
  const [row] = await q.query<{ n: number }>(
    `SELECT count(*)::int AS n FROM (
       SELECT 1 FROM ledger_position p JOIN event e USING (batch_id) WHERE p.position > $1 AND p.position <= $2 AND e.source <> $4 LIMIT $3) found`,
    [from, until, limit, STOPPER],
  );
  return row!.n;
}

/** Events that tell where a unit is, and nothing of what it is in or whom it reached. */
const QUIET = [
  'move',
  'return',
  'hold',
  'release',
  'inspect',
  'count',
  'adjust',
  'scrap',
  'pack',
  'unpack',
  'amend',
  'order',
  'expect',
];

/** Whether all that was recorded of these units between two positions is of that kind, and nothing of it was taken back. */
export async function onlyMoved(
  q: Queryable,
  from: number,
  until: number,
  unitIds: readonly number[],
): Promise<boolean> {
  const [row] = await q.query<{ more: boolean }>(
    `SELECT EXISTS (SELECT 1 FROM ledger_position p JOIN event e USING (batch_id) JOIN movement m USING (event_id)
                     WHERE p.position > $1 AND p.position <= $2 AND m.unit_id = ANY ($3::int[]) AND e.type <> ALL ($4::text[]))
         OR EXISTS (SELECT 1 FROM ledger_position p JOIN event_void v USING (batch_id) JOIN movement m ON m.event_id = v.event_id
                     WHERE p.position > $1 AND p.position <= $2 AND m.unit_id = ANY ($3::int[]))
         OR EXISTS (SELECT 1 FROM ledger_position p JOIN link_end e USING (batch_id) JOIN link l USING (link_id)
                     WHERE p.position > $1 AND p.position <= $2 AND l.input = ANY ($3::int[])) AS more`,
    [from, until, unitIds, QUIET],
  );
  return !row!.more;
}

/** Locks the watch of a case, and says whether it is still where it was. */
export async function watchStands(tx: Tx, watched: WatchedCase): Promise<boolean> {
  const [row] = await tx.query<{ position: number }>(
    `SELECT position FROM recall_watch WHERE recall_id = $1 FOR UPDATE`,
    [watched.recallId],
  );
  return row?.position === watched.position;
}

export async function moveWatch(q: Queryable, recallId: number, position: number, traceId: string): Promise<void> {
  await q.query(`UPDATE recall_watch SET position = $2, trace_id = $3, error = NULL WHERE recall_id = $1`, [
    recallId,
    position,
    traceId,
  ]);
}

export interface Difference {
  added: number;
  reclassified: number;
  leaving: number;
}

const list = (ids: ArrayLike<number>) => `{${Array.prototype.join.call(ids, ',')}}`;

/** What a trace says otherwise than the rows of the case. `excluded`: left out by the version, whatever a trace says. */
export async function differenceOf(
  q: Queryable,
  recallId: number,
  { unitId, certain }: ScopeColumns,
  excluded: readonly number[],
): Promise<Difference> {
  const [row] = await q.query<Difference>(
    `WITH reached AS MATERIALIZED (
       SELECT x.id, x.sure = 1 AS certain FROM unnest($2::int[], $3::int[]) AS x(id, sure) WHERE x.id <> ALL ($4::int[])),
     scope AS MATERIALIZED (SELECT unit_id, certain FROM recall_unit WHERE recall_id = $1 AND version_out IS NULL)
     SELECT count(*) FILTER (WHERE s.unit_id IS NULL)::int AS added,
            count(*) FILTER (WHERE s.certain <> r.certain)::int AS reclassified,
            count(*) FILTER (WHERE r.id IS NULL)::int AS leaving
       FROM reached r FULL JOIN scope s ON s.unit_id = r.id`,
    [recallId, list(unitId), list(certain), excluded],
  );
  return row!;
}

/** Notes which units in scope a trace does not reach any more: they stay until somebody signs that they leave. */
export async function noteLeaving(
  tx: Tx,
  recallId: number,
  { unitId }: ScopeColumns,
  { leaving }: Difference,
): Promise<void> {
  if (leaving === 0) {
    await tx.query(`DELETE FROM recall_leaving WHERE recall_id = $1`, [recallId]);
    return;
  }
  await tx.query(`DELETE FROM recall_leaving WHERE recall_id = $1 AND unit_id = ANY ($2::int[])`, [
    recallId,
    list(unitId),
  ]);
  await tx.query(
    `INSERT INTO recall_leaving (recall_id, unit_id)
     SELECT ru.recall_id, ru.unit_id FROM recall_unit ru
      WHERE ru.recall_id = $1 AND ru.version_out IS NULL
        AND NOT EXISTS (SELECT 1 FROM unnest($2::int[]) AS x(id) WHERE x.id = ru.unit_id)
     ON CONFLICT DO NOTHING`,
    [recallId, list(unitId)],
  );
}
