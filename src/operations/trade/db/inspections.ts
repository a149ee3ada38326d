/** Units that came in and were not looked at: what is still asked of each, and the hold that waits for it. */
import { HOLD_IS_OPEN, type UnitKind } from '@/ledger';
import type { Queryable, Tx } from '@/platform/db';
import type { Decision, InspectionPlan } from '../domain/inspection';

export interface PendingInspection {
  lineId: number;
  receiptId: number;
  receipt: string;
  /** the line as it was delivered: many serials are one */
  delivered: string;
  supplierId: number | null;
  supplier: string | null;
  unitId: number;
  itemId: number;
  item: string;
  name: string;
  uom: string;
  kind: UnitKind;
  code: string;
  quantity: string;
  supplierLot: string | null;
  atMs: number;
  /** what was missing when it came */
  pending: string[];
  plan: InspectionPlan | null;
  /** characteristics whose last result is a pass of this receipt */
  passed: string[];
  holdId: number;
}

export interface PendingFilter {
  units?: readonly number[];
  lines?: readonly number[];
  /** escaped for LIKE: the start of a receipt's, item's or unit's code */
  q?: string;
  inHouse?: boolean;
  after?: [number, number] | null;
  limit?: number;
}

/**
 * The oldest first. A unit waits while the hold of its receipt for that is open: who takes that hold off by hand has decided.
 * A failure counts wherever it was recorded since it came, a pass only where it is of this receipt.
 */
export function pendingInspections(q: Queryable, filter: PendingFilter): Promise<PendingInspection[]> {
  return q.query<PendingInspection>(
    `SELECT l.receipt_line_id AS "lineId", r.receipt_id AS "receiptId", r.number AS receipt,
            regexp_replace(l.client_event_id, ':[0-9]+$', '') AS delivered, r.supplier_id AS "supplierId", s.code AS supplier,
            l.unit_id AS "unitId", l.item_id AS "itemId", i.code AS item, i.name, i.uom, u.kind, u.code, l.quantity,
            l.supplier_lot AS "supplierLot", r.at_ms AS "atMs", l.pending, p.body AS plan, h.hold_id AS "holdId",
            ARRAY(SELECT x.characteristic FROM (
              SELECT DISTINCT ON (n.characteristic) n.characteristic, n.passed FROM inspection n JOIN event e USING (event_id)
               WHERE n.unit_id = l.unit_id AND (e.body->'refs'->>'receipt' = r.number OR (NOT n.passed AND n.at_from >= r.at_ms))
                 AND NOT EXISTS (SELECT 1 FROM event_void v WHERE v.event_id = n.event_id)
               ORDER BY n.characteristic, n.at_from DESC, n.inspection_id DESC) x WHERE x.passed) AS passed
       FROM receipt_line l JOIN receipt r USING (receipt_id) JOIN unit u USING (unit_id) JOIN item i ON i.item_id = l.item_id
       LEFT JOIN partner s ON s.partner_id = r.supplier_id
       JOIN LATERAL (SELECT h.hold_id FROM hold h
          WHERE h.unit_id = l.unit_id AND h.ref = r.number AND h.reason = 'inspection pending: ' || array_to_string(l.pending, ', ')
            AND ${HOLD_IS_OPEN} ORDER BY h.hold_id LIMIT 1) h ON true
       LEFT JOIN LATERAL (SELECT x.body FROM inspection_plan x
          WHERE x.item_id = l.item_id AND x.supplier_id IN (0, r.supplier_id) ORDER BY x.supplier_id DESC LIMIT 1) p ON true
      WHERE l.pending IS NOT NULL AND r.voided_at IS NULL
        AND ($1::int[] IS NULL OR l.unit_id = ANY ($1)) AND ($2::int[] IS NULL OR l.receipt_line_id = ANY ($2))
        AND ($3 = '' OR r.number ILIKE $3 || '%' OR i.code ILIKE $3 || '%' OR u.code ILIKE $3 || '%')
        AND (NOT $4::bool OR EXISTS (SELECT 1 FROM holding g WHERE g.unit_id = l.unit_id AND g.state NOT IN ('shipped', 'scrapped', 'used')))
        AND ($5::bigint IS NULL OR (r.at_ms, l.receipt_line_id) > ($5, $6))
      ORDER BY r.at_ms, l.receipt_line_id LIMIT $7`,
    [
      filter.units ?? null,
      filter.lines ?? null,
      filter.q ?? '',
      filter.inHouse ?? false,
      filter.after?.[0] ?? null,
      filter.after?.[1] ?? null,
      filter.limit ?? null,
    ],
  );
}

/** Units of the same delivered line that are marked as waiting, in one order for all who lock them. */
export async function linesDelivered(q: Queryable, of: PendingInspection): Promise<number[]> {
  const rows = await q.query<{ id: number }>(
    `SELECT receipt_line_id AS id FROM receipt_line
      WHERE receipt_id = $1 AND pending IS NOT NULL AND regexp_replace(client_event_id, ':[0-9]+$', '') = $2 ORDER BY 1`,
    [of.receiptId, of.delivered],
  );
  return rows.map((row) => row.id);
}

/** Two who inspect take turns, and nobody takes the receipt back meanwhile. */
export async function lockInspections(tx: Tx, receiptId: number, lineIds: readonly number[]): Promise<void> {
  await tx.query(`SELECT 1 FROM receipt WHERE receipt_id = $1 FOR SHARE`, [receiptId]);
  await tx.query(
    `SELECT 1 FROM receipt_line WHERE receipt_line_id = ANY ($1::int[]) ORDER BY receipt_line_id FOR UPDATE`,
    [lineIds],
  );
}

/** What became of them; `pending` is over. */
export async function endInspections(
  tx: Tx,
  lineIds: readonly number[],
  outcome: { decision: Decision; reason: string | null },
): Promise<void> {
  await tx.query(
    `UPDATE receipt_line SET pending = NULL, decision = $2, reason = $3 WHERE receipt_line_id = ANY ($1::int[])`,
    [lineIds, outcome.decision, outcome.reason],
  );
}
