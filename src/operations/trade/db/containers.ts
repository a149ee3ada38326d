/** What is in a container now. */
import { DomainError, parseDecimal } from '@/kernel';
import type { Queryable } from '@/platform/db';

export interface Content {
  unitId: number;
  /** nanos; null: the record does not say */
  quantity: bigint | null;
}

/** Throws NOT_FOUND: a container that no fact names. */
export async function contentOf(q: Queryable, container: string): Promise<Content[]> {
  const [row] = await q.query<{ container_id: number }>(`SELECT container_id FROM container WHERE code = $1`, [
    container,
  ]);
  if (!row) throw new DomainError('NOT_FOUND', { what: 'container', key: container });
  const rows = await q.query<{ unit_id: number; quantity: string | null }>(
    `SELECT unit_id, CASE WHEN bool_or(quantity IS NULL) THEN NULL ELSE sum(quantity) END AS quantity FROM holding
      WHERE container_id = $1 AND state IN ('in-stock', 'returned') GROUP BY unit_id ORDER BY unit_id`,
    [row.container_id],
  );
  return rows.map((r) => ({ unitId: r.unit_id, quantity: r.quantity === null ? null : parseDecimal(r.quantity) }));
}

/** The container that has just so much of each unit, by code; a unit that is in none, or in several, is left out. */
export async function packedIn(
  q: Queryable,
  parts: readonly { unitId: number; quantity: bigint }[],
): Promise<Map<number, string>> {
  const rows = await q.query<{ unit_id: number; code: string; quantity: string | null }>(
    `SELECT h.unit_id, min(c.code) AS code, sum(h.quantity) AS quantity FROM holding h JOIN container c USING (container_id)
      WHERE h.unit_id = ANY ($1::int[]) AND h.state IN ('in-stock', 'returned')
      GROUP BY h.unit_id HAVING count(DISTINCT h.container_id) = 1`,
    [parts.map((p) => p.unitId)],
  );
  const wanted = new Map(parts.map((p) => [p.unitId, p.quantity]));
  return new Map(
    rows
      .filter((r) => r.quantity !== null && parseDecimal(r.quantity) === wanted.get(r.unit_id))
      .map((r) => [r.unit_id, r.code]),
  );
}

/** The container that holds each unit, by code; units that are in none are left out. */
export async function containersOf(q: Queryable, unitIds: readonly number[]): Promise<Map<number, string>> {
  const rows = await q.query<{ unit_id: number; code: string }>(
    `SELECT h.unit_id, c.code FROM holding h JOIN container c USING (container_id)
      WHERE h.unit_id = ANY ($1::int[]) AND h.state IN ('in-stock', 'returned')`,
    [unitIds],
  );
  return new Map(rows.map((r) => [r.unit_id, r.code]));
}
