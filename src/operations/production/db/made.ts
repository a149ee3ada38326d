/** How units came to be, by the events that count: under which order, by which revision, how much. */
import { parseDecimal } from '@/kernel';
import type { Queryable } from '@/platform/db';

export interface Making {
  atMs: number;
  /** nanos of all makings; null where one is not known */
  quantity: bigint | null;
  workOrder: string | null;
  revision: string | null;
}

/** The makings of units: the first says when, the latest that names them says order and revision. */
export async function makingsOf(q: Queryable, unitIds: readonly number[]): Promise<Map<number, Making>> {
  const rows = await q.query<{
    unit_id: number;
    at_from: number;
    quantity: string | null;
    document: string | null;
    revision: string | null;
    named: string | null;
  }>(
    `SELECT m.unit_id, m.at_from, m.quantity, m.document,
        coalesce(e.body->>'revision', e.body->'refs'->>'bomRevision', e.body->'with'->'refs'->>'bomRevision') AS revision, o.revision AS named
       FROM movement m JOIN event e USING (event_id) LEFT JOIN work_order o ON o.number = m.document
      WHERE m.unit_id = ANY ($1::int[]) AND m.role = 'made' AND NOT EXISTS (SELECT 1 FROM event_void v WHERE v.event_id = m.event_id)
      ORDER BY m.at_from, m.movement_id`,
    [unitIds],
  );
  const found = new Map<number, Making>();
  for (const row of rows) {
    const before = found.get(row.unit_id);
    const quantity = row.quantity === null ? null : parseDecimal(row.quantity);
    found.set(row.unit_id, {
      atMs: before?.atMs ?? row.at_from,
      quantity: before ? (before.quantity === null || quantity === null ? null : before.quantity + quantity) : quantity,
      workOrder: row.document ?? before?.workOrder ?? null,
      revision: row.revision ?? row.named ?? before?.revision ?? null,
    });
  }
  return found;
}

/** Units of an order's item that were made under it, in the order of their making; `after` is the id to go on from. */
export async function unitsMadeUnder(
  q: Queryable,
  order: { number: string; itemId: number },
  after: number,
  limit: number,
): Promise<number[]> {
  const rows = await q.query<{ unit_id: number }>(
    `SELECT DISTINCT m.unit_id FROM movement m JOIN unit u USING (unit_id)
      WHERE lower(m.document) = lower($1) AND m.document = $1 AND m.role IN ('made', 'parent') AND u.item_id = $2 AND m.unit_id > $3
        AND NOT EXISTS (SELECT 1 FROM event_void v WHERE v.event_id = m.event_id)
      ORDER BY m.unit_id LIMIT $4`,
    [order.number, order.itemId, after, limit],
  );
  return rows.map((row) => row.unit_id);
}
