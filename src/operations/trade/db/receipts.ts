import { DomainError, formatDecimal } from '@/kernel';
import type { Queryable, Tx } from '@/platform/db';
import type { Decision } from '../domain/inspection';

export interface NewReceipt {
  number: string | null;
  purchaseOrder: string | null;
  supplierId: number | null;
  placeId: number;
  atMs: number;
  reason: string | null;
  note: string | null;
}

/** Throws NUMBER_TAKEN. Without a number it gets `GR-` and its own. */
export async function insertReceipt(tx: Tx, r: NewReceipt): Promise<{ receiptId: number; number: string }> {
  const [row] = await tx.query<{ receipt_id: number; number: string }>(
    `INSERT INTO receipt (receipt_id, number, purchase_order, supplier_id, place_id, at_ms, reason, note, received_by)
     SELECT id, coalesce($1, 'GR-' || lpad(id::text, 6, '0')), $2, $3, $4, $5, $6, $7, $8
       FROM nextval('receipt_receipt_id_seq') AS id
     ON CONFLICT ON CONSTRAINT receipt_number DO NOTHING RETURNING receipt_id, number`,
    [r.number, r.purchaseOrder, r.supplierId, r.placeId, r.atMs, r.reason, r.note, tx.ctx.actor],
  );
  if (!row) throw new DomainError('NUMBER_TAKEN', { what: 'receipt', number: r.number });
  return { receiptId: row.receipt_id, number: row.number };
}

export interface NewReceiptLine {
  orderLine: string | null;
  itemId: number;
  unitId: number | null;
  quantity: bigint;
  supplierLot: string | null;
  revision: string | null;
  decision: Decision;
  reason: string | null;
  /** what is still to be looked at */
  pending: string[] | null;
  clientEventId: string | null;
}

export async function insertReceiptLines(tx: Tx, receiptId: number, lines: readonly NewReceiptLine[]): Promise<void> {
  await tx.query(
    `INSERT INTO receipt_line (receipt_id, order_line, item_id, unit_id, quantity, supplier_lot, revision, decision, reason, client_event_id, pending)
     SELECT $1, r."orderLine", r."itemId", r."unitId", r.quantity, r."supplierLot", r.revision, r.decision, r.reason, r."clientEventId",
            CASE WHEN r.pending IS NULL THEN NULL ELSE ARRAY(SELECT jsonb_array_elements_text(r.pending)) END
       FROM jsonb_to_recordset($2::jsonb) AS r("orderLine" text, "itemId" int, "unitId" int, quantity numeric, "supplierLot" text,
         revision text, decision text, reason text, "clientEventId" text, pending jsonb)`,
    [receiptId, JSON.stringify(lines.map((l) => ({ ...l, quantity: formatDecimal(l.quantity) })))],
  );
}

export interface NewLabelRequest {
  unitId: number;
  template: string | null;
  copies: number;
}

export async function insertLabelRequests(
  tx: Tx,
  receiptId: number | null,
  requests: readonly NewLabelRequest[],
): Promise<void> {
  if (requests.length === 0) return;
  await tx.query(
    `INSERT INTO label_request (unit_id, template, copies, receipt_id, asked_by)
     SELECT r."unitId", r.template, r.copies, $1, $2 FROM jsonb_to_recordset($3::jsonb) AS r("unitId" int, template text, copies int)`,
    [receiptId, tx.ctx.actor, JSON.stringify(requests)],
  );
}

/** Units by item and code, in this transaction: those that it has just made among them. */
export async function unitIds(
  q: Queryable,
  named: readonly { itemId: number; code: string }[],
): Promise<Map<string, number>> {
  const rows = await q.query<{ unit_id: number; item_id: number; code: string }>(
    `SELECT u.unit_id, u.item_id, u.code FROM unit u
       JOIN unnest($1::int[], $2::text[]) AS k(item_id, code) ON k.item_id = u.item_id AND k.code = u.code`,
    [named.map((n) => n.itemId), named.map((n) => n.code)],
  );
  return new Map(rows.map((r) => [`${r.item_id} ${r.code}`, r.unit_id]));
}

export interface StoredReceipt {
  receiptId: number;
  /** the reason, where it was taken back */
  voidReason: string | null;
}

/** The receipt, locked. Throws NOT_FOUND. */
export async function lockReceipt(tx: Tx, number: string): Promise<StoredReceipt> {
  const [row] = await tx.query<{ receipt_id: number; voided_at: Date | null; void_reason: string | null }>(
    `SELECT receipt_id, voided_at, void_reason FROM receipt WHERE number = $1 FOR UPDATE`,
    [number],
  );
  if (!row) throw new DomainError('NOT_FOUND', { what: 'receipt', key: number });
  return { receiptId: row.receipt_id, voidReason: row.voided_at === null ? null : (row.void_reason ?? '') };
}

export async function markReceiptVoid(tx: Tx, receiptId: number, reason: string): Promise<void> {
  await tx.query(`UPDATE receipt SET voided_at = now(), void_reason = $2 WHERE receipt_id = $1`, [receiptId, reason]);
}

/** The events of a receipt that count, newest first: `e12`. Each of them moved, inspected or held a unit of it, under its number. */
export async function eventsOf(q: Queryable, receiptId: number): Promise<string[]> {
  const rows = await q.query<{ event_id: number }>(
    `SELECT DISTINCT e.event_id FROM receipt r JOIN receipt_line l USING (receipt_id) JOIN movement m USING (unit_id) JOIN event e USING (event_id)
      WHERE r.receipt_id = $1
        AND (e.body->'refs'->>'receipt' = r.number OR (e.type = 'hold' AND e.body->>'ref' = r.number))
        AND NOT EXISTS (SELECT 1 FROM event_void v WHERE v.event_id = e.event_id)
      ORDER BY e.event_id DESC`,
    [receiptId],
  );
  return rows.map((r) => `e${r.event_id}`);
}
