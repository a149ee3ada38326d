import { formatDecimal, parseDecimal } from '@/kernel';
import type { Queryable, Tx } from '@/platform/db';
import type { Counted, Difference } from '../domain/count';

export interface CountEntry extends Counted {
  /** what the record said at that moment; null: it did not know */
  expected: bigint | null;
  countedBy: string;
  countedAt: Date;
}

export async function entriesOf(q: Queryable, taskId: number, round: number): Promise<CountEntry[]> {
  const rows = await q.query<Omit<CountEntry, 'quantity' | 'expected'> & { quantity: string; expected: string | null }>(
    `SELECT unit_id AS "unitId", place_id AS "placeId", quantity, expected, counted_by AS "countedBy", counted_at AS "countedAt"
       FROM count_entry WHERE task_id = $1 AND round = $2 ORDER BY count_entry_id`,
    [taskId, round],
  );
  return rows.map((row) => ({
    ...row,
    quantity: parseDecimal(row.quantity),
    expected: row.expected === null ? null : parseDecimal(row.expected),
  }));
}

/**
 * What was counted of a unit at a place, beside what the record says there at this moment: under the lock that everybody takes
 * who draws from it. Counted once more, the last one holds.
 */
export async function writeEntry(tx: Tx, taskId: number, round: number, entry: Counted): Promise<void> {
  await tx.query(`SELECT 1 FROM unit_lock WHERE unit_id = $1 FOR UPDATE`, [entry.unitId]);
  await tx.query(
    `INSERT INTO count_entry (task_id, round, unit_id, place_id, quantity, counted_by, counted_at, expected)
     SELECT $1, $2, $3, $4, $5, $6, clock_timestamp(), CASE WHEN bool_or(h.quantity IS NULL) THEN NULL ELSE coalesce(sum(h.quantity), 0) END
       FROM holding h WHERE h.unit_id = $3 AND h.place_id = $4 AND h.state IN ('in-stock', 'returned')
     ON CONFLICT (task_id, round, unit_id, place_id) DO UPDATE SET quantity = excluded.quantity, counted_by = excluded.counted_by,
       counted_at = excluded.counted_at, expected = excluded.expected`,
    [taskId, round, entry.unitId, entry.placeId, formatDecimal(entry.quantity), tx.ctx.actor],
  );
}

/** The differences that were confirmed stay with the task. */
export async function writeDifferences(
  tx: Tx,
  taskId: number,
  differences: readonly Difference[],
  reason: string,
): Promise<void> {
  await tx.query(
    `INSERT INTO task_line (task_id, position, status, unit_id, from_place_id, quantity, done_quantity, reason, done_at, done_by)
     SELECT $1, r.position, r.status, r."unitId", r."placeId", r.expected, r.counted, $3, now(), $4
       FROM jsonb_to_recordset($2::jsonb) AS r(position int, status text, "unitId" int, "placeId" int, expected numeric, counted numeric)`,
    [
      taskId,
      JSON.stringify(
        differences.map((one, index) => ({
          position: index + 1,
          unitId: one.unitId,
          placeId: one.placeId,
          status: one.expected !== null && one.counted < one.expected ? 'missing' : 'unexpected',
          expected: one.expected === null ? null : formatDecimal(one.expected),
          counted: formatDecimal(one.counted),
        })),
      ),
      reason,
      tx.ctx.actor,
    ],
  );
}
