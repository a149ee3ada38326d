import type { Queryable, Tx } from '@/platform/db';
import type { InspectionPlan } from '../domain/inspection';

/** The plans of items for goods of a supplier: its own one for it, else the one for any. By item. */
export async function plansFor(
  q: Queryable,
  itemIds: readonly number[],
  supplierId: number | null,
): Promise<Map<number, InspectionPlan>> {
  const rows = await q.query<{ item_id: number; body: InspectionPlan }>(
    `SELECT DISTINCT ON (item_id) item_id, body FROM inspection_plan
      WHERE item_id = ANY ($1::int[]) AND supplier_id IN (0, $2) ORDER BY item_id, supplier_id DESC`,
    [itemIds, supplierId ?? 0],
  );
  return new Map(rows.map((r) => [r.item_id, r.body]));
}

export interface StoredPlan {
  supplier: string | null;
  plan: InspectionPlan;
}

export async function plansOfItem(q: Queryable, itemId: number): Promise<StoredPlan[]> {
  const rows = await q.query<{ supplier: string | null; body: InspectionPlan }>(
    `SELECT p.code AS supplier, x.body FROM inspection_plan x LEFT JOIN partner p ON p.partner_id = x.supplier_id
      WHERE x.item_id = $1 ORDER BY x.supplier_id`,
    [itemId],
  );
  return rows.map((r) => ({ supplier: r.supplier, plan: r.body }));
}

/** Puts the plan in the place of the one before, which it gives. supplierId 0: of any supplier. */
export async function putPlan(
  tx: Tx,
  itemId: number,
  supplierId: number,
  plan: InspectionPlan,
): Promise<InspectionPlan | null> {
  const [before] = await tx.query<{ body: InspectionPlan }>(
    `SELECT body FROM inspection_plan WHERE item_id = $1 AND supplier_id = $2 FOR UPDATE`,
    [itemId, supplierId],
  );
  await tx.query(
    `INSERT INTO inspection_plan (item_id, supplier_id, body) VALUES ($1, $2, $3)
     ON CONFLICT ON CONSTRAINT inspection_plan_pkey DO UPDATE SET body = excluded.body`,
    [itemId, supplierId, JSON.stringify(plan)],
  );
  return before?.body ?? null;
}

/** Takes the plan away and gives it; null where there is none. */
export async function removePlan(tx: Tx, itemId: number, supplierId: number): Promise<InspectionPlan | null> {
  const [gone] = await tx.query<{ body: InspectionPlan }>(
    `DELETE FROM inspection_plan WHERE item_id = $1 AND supplier_id = $2 RETURNING body`,
    [itemId, supplierId],
  );
  return gone?.body ?? null;
}
