/** What of a scope is to be stopped, and filling the rows of it. */
import { HOLD_IS_OPEN } from '@/ledger';
import type { Queryable, Tx } from '@/platform/db';
import type { ScopeColumns } from '@/trace';
import type { Recall } from './queries';

/** SQL: holding `h` is in house. */
export const IN_HOUSE = `h.state IN ('in-stock', 'in-work', 'returned')`;

/** Whose facts the holds of cases and their releases by a narrowing are. */
export const STOPPER = 'system:recalls';

/**
 * SQL: unit `u` is held by the case whose key is $2; or it was, a person released it, and it has not come back from outside since.
 * What a narrowing released is held again where the scope is widened again.
 */
const STOPPED = `EXISTS (SELECT 1 FROM hold h WHERE h.unit_id = u.unit_id AND h.ref = $2 AND (${HOLD_IS_OPEN}
  OR NOT EXISTS (SELECT 1 FROM event_void hv WHERE hv.event_id = h.event_id)
     AND EXISTS (SELECT 1 FROM hold_release r JOIN event e USING (event_id) WHERE r.hold_id = h.hold_id AND e.source <> '${STOPPER}'
       AND NOT EXISTS (SELECT 1 FROM event_void rv WHERE rv.event_id = r.event_id))
     AND NOT EXISTS (SELECT 1 FROM movement m WHERE m.unit_id = u.unit_id AND m.role = 'returned' AND m.batch_id > h.batch_id
       AND NOT EXISTS (SELECT 1 FROM event_void mv WHERE mv.event_id = m.event_id))))`;

interface NamedUnit {
  unitId: number;
  item: string;
  kind: 'serial' | 'lot';
  code: string;
}

/** Units in scope and in house that the case does not hold, by id, after `after`; `among`: of these alone. */
export function toHold(
  q: Queryable,
  recall: Recall,
  among: readonly number[] | null,
  after: number,
  limit: number,
): Promise<NamedUnit[]> {
  return q.query<NamedUnit>(
    `SELECT u.unit_id AS "unitId", i.code AS item, u.kind, u.code
       FROM recall_unit ru JOIN unit u ON u.unit_id = ru.unit_id JOIN item i USING (item_id)
      WHERE ru.recall_id = $1 AND ru.unit_id > $3 AND ru.version_out IS NULL
        AND EXISTS (SELECT 1 FROM holding h WHERE h.unit_id = ru.unit_id AND ${IN_HOUSE})
        AND ($5::int[] IS NULL OR ru.unit_id = ANY ($5)) AND NOT ${STOPPED}
      ORDER BY ru.unit_id LIMIT $4`,
    [recall.recallId, recall.key, after, limit, among],
  );
}

/** What a case has in scope now, and what of it is in house. */
export async function countsInHouse(q: Queryable, recallId: number): Promise<{ inHouse: number; deliveries: number }> {
  const [row] = await q.query<{ inHouse: number; deliveries: number }>(
    `SELECT (SELECT count(*)::int FROM recall_unit ru
              WHERE ru.recall_id = $1 AND ru.version_out IS NULL
                AND EXISTS (SELECT 1 FROM holding h WHERE h.unit_id = ru.unit_id AND ${IN_HOUSE})) AS "inHouse",
            (SELECT count(*)::int FROM recall_delivery d WHERE d.recall_id = $1 AND d.version_out IS NULL) AS deliveries`,
    [recallId],
  );
  return row!;
}

/** So many rows travel in one statement. */
const ROWS_PER_STATEMENT = 65_536;

/** What a version brings into a case's rows. `excluded`: units of the trace that are not in scope. */
export interface FillScope {
  recallId: number;
  version: number;
  columns: ScopeColumns;
  excluded: ReadonlySet<number>;
}

/**
 * Writes the units of a trace as rows of the case; what is there already stays as it is, but for its certainty. Gives how many
 * came in anew.
 */
export async function fillUnits(tx: Tx, fill: FillScope): Promise<number> {
  const { recallId, version, columns, excluded } = fill;
  const { unitId, certain } = columns;
  let added = 0;
  for (let from = 0; from < unitId.length; from += ROWS_PER_STATEMENT) {
    const ids: number[] = [];
    const sure: number[] = [];
    for (let i = from; i < Math.min(unitId.length, from + ROWS_PER_STATEMENT); i++) {
      if (excluded.has(unitId[i]!)) continue;
      ids.push(unitId[i]!);
      sure.push(certain[i]!);
    }
    const [row] = await tx.query<{ added: number }>(
      `WITH put AS (
         INSERT INTO recall_unit (recall_id, unit_id, certain, version_in)
         SELECT $1, x.id, x.sure = 1, $2 FROM unnest($3::int[], $4::int[]) AS x(id, sure)
         ON CONFLICT (recall_id, unit_id) DO UPDATE
           SET certain = excluded.certain, version_out = NULL,
               version_in = CASE WHEN recall_unit.version_out IS NULL THEN recall_unit.version_in ELSE excluded.version_in END
           WHERE recall_unit.version_out IS NOT NULL OR recall_unit.certain <> excluded.certain
         RETURNING version_in)
       SELECT count(*) FILTER (WHERE version_in = $2)::int AS added FROM put`,
      [recallId, version, `{${ids.join(',')}}`, `{${sure.join(',')}}`],
    );
    added += row!.added;
  }
  return added;
}

/** A shipment of a unit is known by its event, and what it went in: what is there already is not written again. */
export async function fillDeliveries(tx: Tx, { recallId, version, columns, excluded }: FillScope): Promise<void> {
  const d = columns.deliveries;
  const [last] = await tx.query<{ no: number }>(
    `SELECT coalesce(max(delivery_no), 0)::int AS no FROM recall_delivery WHERE recall_id = $1`,
    [recallId],
  );
  let next = last!.no + 1;
  for (let from = 0; from < d.length; from += ROWS_PER_STATEMENT) {
    const rows: number[] = [];
    for (let i = from; i < Math.min(d.length, from + ROWS_PER_STATEMENT); i++)
      if (!excluded.has(d.unitId[i]!)) rows.push(i);
    const pick = (column: ArrayLike<number>) => `{${rows.map((i) => column[i]!).join(',')}}`;
    const first = next;
    next += rows.length;
    await tx.query(
      `INSERT INTO recall_delivery (recall_id, delivery_no, unit_id, inside_id, partner_id, event_id, document, at, quantity, certain, version_in)
       SELECT $1, $3 + x.n::int - 1, x.unit, nullif(x.inside, 0), nullif(x.partner, 0), x.event, x.document,
              to_timestamp(x.ms / 1000.0), x.nanos / 1000000000, x.sure = 1, $2
         FROM unnest($4::int[], $5::int[], $6::int[], $7::bigint[], $8::text[], $9::float8[], $10::numeric[], $11::int[])
              WITH ORDINALITY AS x(unit, inside, partner, event, document, ms, nanos, sure, n)
        WHERE NOT EXISTS (SELECT 1 FROM recall_delivery o WHERE o.recall_id = $1 AND o.unit_id = x.unit AND o.version_out IS NULL
                AND o.partner_id IS NOT DISTINCT FROM nullif(x.partner, 0) AND o.event_id = x.event
                AND o.inside_id IS NOT DISTINCT FROM nullif(x.inside, 0))`,
      [
        recallId,
        version,
        first,
        pick(d.unitId),
        pick(d.insideId),
        pick(d.partnerId),
        pick(d.eventId),
        rows.map((i) => d.document[i]!),
        pick(d.fromMs),
        rows.map((i) => (d.quantity[i] === null ? null : String(d.quantity[i]))),
        pick(d.certain),
      ],
    );
  }
}

/** What is not in the version leaves with it: its units, and the shipments of these. Gives how many units. */
export async function narrowScope(tx: Tx, { recallId, version, columns, excluded }: FillScope): Promise<number> {
  const [row] = await tx.query<{ removed: number }>(
    `WITH gone AS (
       UPDATE recall_unit SET version_out = $2
        WHERE recall_id = $1 AND version_out IS NULL
          AND (unit_id = ANY ($4::int[]) OR NOT EXISTS (SELECT 1 FROM unnest($3::int[]) AS x(id) WHERE x.id = unit_id))
        RETURNING unit_id),
     left_behind AS (
       UPDATE recall_delivery d SET version_out = $2 FROM gone
        WHERE d.recall_id = $1 AND d.version_out IS NULL AND d.unit_id = gone.unit_id),
     told AS (DELETE FROM recall_leaving l USING gone WHERE l.recall_id = $1 AND l.unit_id = gone.unit_id)
     SELECT count(*)::int AS removed FROM gone`,
    [recallId, version, `{${columns.unitId.join(',')}}`, `{${[...excluded].join(',')}}`],
  );
  return row!.removed;
}

/** Open holds of the case on units that it had in scope, and has not any more. */
export function holdsOutOfScope(q: Queryable, { recallId, key }: Recall): Promise<{ holdId: number }[]> {
  return q.query(
    `SELECT h.hold_id AS "holdId" FROM recall_unit ru JOIN hold h ON h.unit_id = ru.unit_id AND h.ref = $2
      WHERE ru.recall_id = $1 AND ru.version_out IS NOT NULL AND ${HOLD_IS_OPEN} ORDER BY h.hold_id`,
    [recallId, key],
  );
}
