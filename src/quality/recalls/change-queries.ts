/** How the scope of a case has changed from version to version, and what would leave it. */
import { type UnitKind, unitRef, type UnitRef } from '@/ledger';
import type { Queryable } from '@/platform/db';
import type { Recall } from './queries';

const LEAVING_SHOWN = 100;

export interface ChangeView {
  version: number;
  cause: 'saved' | 'initiation' | 'ledger';
  reason: string;
  /** ledger position of its trace */
  position: number;
  digest: string;
  by: string;
  at: Date;
  /** units that came in and went out with it, once the case is initiated */
  added: number;
  removed: number;
}

export interface ChangesView {
  /** the newest first */
  data: ChangeView[];
  /** in scope, and not reached by a newer trace: they leave with a signed narrowing alone */
  leaving: { total: number; units: { id: string; unit: UnitRef; since: Date }[] };
}

export async function changesOf(q: Queryable, { recallId }: Recall): Promise<ChangesView> {
  const data = await q.query<ChangeView>(
    `SELECT s.version, s.cause, s.reason, s.position, encode(s.digest, 'hex') AS digest, s.created_by AS by, s.created_at AS at,
            coalesce(i.n, 0)::int AS added, coalesce(o.n, 0)::int AS removed
       FROM recall_scope s
       LEFT JOIN (SELECT version_in, count(*) AS n FROM recall_unit WHERE recall_id = $1 GROUP BY 1) i ON i.version_in = s.version
       LEFT JOIN (SELECT version_out, count(*) AS n FROM recall_unit WHERE recall_id = $1 GROUP BY 1) o ON o.version_out = s.version
      WHERE s.recall_id = $1 ORDER BY s.version DESC`,
    [recallId],
  );
  const leaving = await q.query<{ id: number; item: string; kind: UnitKind; code: string; since: Date; total: number }>(
    `SELECT l.unit_id AS id, i.code AS item, u.kind, u.code, l.since, count(*) OVER ()::int AS total
       FROM recall_leaving l JOIN unit u USING (unit_id) JOIN item i USING (item_id)
      WHERE l.recall_id = $1 ORDER BY i.code, u.code LIMIT $2`,
    [recallId, LEAVING_SHOWN],
  );
  return {
    data,
    leaving: {
      total: leaving[0]?.total ?? 0,
      units: leaving.map(({ id, item, kind, code, since }) => ({
        id: `u${id}`,
        unit: unitRef(item, kind, code),
        since,
      })),
    },
  };
}
