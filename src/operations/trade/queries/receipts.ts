/** What came in: receipts, and what stands in each. */
import { DomainError, formatTime, parseDecimal, formatDecimal } from '@/kernel';
import { unitRef, type UnitKind } from '@/ledger';
import type { Queryable } from '@/platform/db';
import { decodeCursor, type Page, pageSize, toPage } from '@/platform/http';
import { documentsOfReceipt, type DocumentView } from './documents';

export interface ReceiptRowView {
  receipt: string;
  purchaseOrder: string | null;
  supplier: string | null;
  place: string;
  at: string;
  reason: string | null;
  note: string | null;
  by: string;
  units: number;
  items: string[];
  held: number;
  rejected: number;
  voided: { at: string; reason: string } | null;
}

export interface ReceiptLineView {
  orderLine: string | null;
  item: string;
  name: string;
  quantity: { value: string; uom: string };
  id: string | null;
  unit: ReturnType<typeof unitRef> | null;
  supplierLot: string | null;
  revision: string | null;
  decision: string;
  reason: string | null;
  /** what was not looked at when it came, while it waits for that */
  pending: string[];
  inspections: {
    characteristic: string;
    passed: boolean;
    measured: string | null;
    low: string | null;
    high: string | null;
  }[];
}

export interface ReceiptView extends ReceiptRowView {
  lines: ReceiptLineView[];
  documents: DocumentView[];
  labels: LabelRequestView[];
}

interface Row {
  receipt_id: number;
  number: string;
  purchase_order: string | null;
  supplier: string | null;
  place: string;
  at_ms: number;
  reason: string | null;
  note: string | null;
  received_by: string;
  units: number;
  items: string[];
  held: number;
  rejected: number;
  voided_at: Date | null;
  void_reason: string | null;
}

const RECEIPT = `SELECT r.receipt_id, r.number, r.purchase_order, s.code AS supplier, p.code AS place, r.at_ms, r.reason, r.note, r.received_by,
    r.voided_at, r.void_reason, l.units, l.items, l.held, l.rejected
  FROM receipt r LEFT JOIN partner s ON s.partner_id = r.supplier_id JOIN place p USING (place_id)
    CROSS JOIN LATERAL (SELECT count(x.unit_id)::int AS units, array_agg(DISTINCT i.code) AS items,
        count(*) FILTER (WHERE x.decision = 'hold')::int AS held, count(*) FILTER (WHERE x.decision = 'reject')::int AS rejected
      FROM receipt_line x JOIN item i USING (item_id) WHERE x.receipt_id = r.receipt_id) l`;

function rowView(r: Row): ReceiptRowView {
  return {
    receipt: r.number,
    purchaseOrder: r.purchase_order,
    supplier: r.supplier,
    place: r.place,
    at: formatTime(r.at_ms),
    reason: r.reason,
    note: r.note,
    by: r.received_by,
    units: r.units,
    items: r.items,
    held: r.held,
    rejected: r.rejected,
    voided: r.voided_at && { at: r.voided_at.toISOString(), reason: r.void_reason ?? '' },
  };
}

export interface ReceiptFilter {
  supplierId?: number | undefined;
  purchaseOrder?: string | undefined;
  /** escaped for LIKE: the start of a receipt's or an order's number */
  q: string;
}

/** The newest first. */
export async function listReceipts(
  q: Queryable,
  filter: ReceiptFilter,
  cursor: string | undefined,
  limit: number | undefined,
): Promise<Page<ReceiptRowView>> {
  const size = pageSize(limit);
  const rows = await q.query<Row>(
    `${RECEIPT} WHERE ($1::int IS NULL OR r.supplier_id = $1) AND ($2::text IS NULL OR r.purchase_order = $2)
       AND ($3 = '' OR r.number ILIKE $3 || '%' OR r.purchase_order ILIKE $3 || '%')
       AND ($4::int IS NULL OR r.receipt_id < $4)
     ORDER BY r.receipt_id DESC LIMIT $5`,
    [filter.supplierId ?? null, filter.purchaseOrder ?? null, filter.q, decodeCursor<number>(cursor), size + 1],
  );
  return toPage(rows, size, (r) => r.receipt_id, rowView);
}

/** Throws NOT_FOUND. */
export async function receiptByNumber(q: Queryable, number: string): Promise<ReceiptView> {
  const [row] = await q.query<Row>(`${RECEIPT} WHERE r.number = $1`, [number]);
  if (!row) throw new DomainError('NOT_FOUND', { what: 'receipt', key: number });
  return {
    ...rowView(row),
    lines: await linesOf(q, row.receipt_id, number),
    documents: await documentsOfReceipt(q, row.receipt_id),
    labels: (await labelRequests(q, { receiptId: row.receipt_id }, null, 1_000)).map(labelView),
  };
}

async function linesOf(q: Queryable, receiptId: number, number: string): Promise<ReceiptLineView[]> {
  const rows = await q.query<{
    order_line: string | null;
    item: string;
    name: string;
    uom: string;
    quantity: string;
    unit_id: number | null;
    kind: UnitKind | null;
    code: string | null;
    supplier_lot: string | null;
    revision: string | null;
    decision: string;
    reason: string | null;
    pending: string[] | null;
    inspections: ReceiptLineView['inspections'] | null;
  }>(
    `SELECT l.order_line, i.code AS item, i.name, i.uom, l.quantity, l.unit_id, u.kind, u.code, l.supplier_lot, l.revision, l.decision, l.reason, l.pending,
            (SELECT jsonb_agg(jsonb_build_object('characteristic', n.characteristic, 'passed', n.passed, 'measured', n.measured::text,
                'low', n.limit_low::text, 'high', n.limit_high::text) ORDER BY n.inspection_id)
               FROM inspection n JOIN event e USING (event_id)
              WHERE n.unit_id = l.unit_id AND e.body->'refs'->>'receipt' = $2
                AND NOT EXISTS (SELECT 1 FROM event_void v WHERE v.event_id = n.event_id)) AS inspections
       FROM receipt_line l JOIN item i USING (item_id) LEFT JOIN unit u USING (unit_id)
      WHERE l.receipt_id = $1 ORDER BY l.receipt_line_id`,
    [receiptId, number],
  );
  return rows.map((r) => ({
    orderLine: r.order_line,
    item: r.item,
    name: r.name,
    quantity: { value: formatDecimal(parseDecimal(r.quantity)), uom: r.uom },
    id: r.unit_id === null ? null : `u${r.unit_id}`,
    unit: r.kind === null || r.code === null ? null : unitRef(r.item, r.kind, r.code),
    supplierLot: r.supplier_lot,
    revision: r.revision,
    decision: r.decision,
    reason: r.reason,
    pending: r.pending ?? [],
    inspections: r.inspections ?? [],
  }));
}

// ------------------------------------------------------------ labels

export interface LabelRequestView {
  request: string;
  id: string;
  unit: ReturnType<typeof unitRef>;
  name: string;
  template: string | null;
  copies: number;
  state: string;
  receipt: string | null;
  by: string;
  at: string;
}

interface LabelRow {
  label_request_id: number;
  unit_id: number;
  item: string;
  name: string;
  kind: UnitKind;
  code: string;
  template: string | null;
  copies: number;
  state: string;
  receipt: string | null;
  asked_by: string;
  asked_at: Date;
}

export interface LabelFilter {
  state?: string;
  receiptId?: number;
  unitId?: number;
}

function labelRequests(q: Queryable, filter: LabelFilter, after: number | null, limit: number): Promise<LabelRow[]> {
  return q.query<LabelRow>(
    `SELECT l.label_request_id, l.unit_id, i.code AS item, i.name, u.kind, u.code, l.template, l.copies, l.state, r.number AS receipt, l.asked_by, l.asked_at
       FROM label_request l JOIN unit u USING (unit_id) JOIN item i USING (item_id) LEFT JOIN receipt r USING (receipt_id)
      WHERE ($1::text IS NULL OR l.state = $1) AND ($2::int IS NULL OR l.receipt_id = $2) AND ($3::int IS NULL OR l.unit_id = $3)
        AND ($4::int IS NULL OR l.label_request_id > $4)
      ORDER BY l.label_request_id LIMIT $5`,
    [filter.state ?? null, filter.receiptId ?? null, filter.unitId ?? null, after, limit],
  );
}

function labelView(r: LabelRow): LabelRequestView {
  return {
    request: `l${r.label_request_id}`,
    id: `u${r.unit_id}`,
    unit: unitRef(r.item, r.kind, r.code),
    name: r.name,
    template: r.template,
    copies: r.copies,
    state: r.state,
    receipt: r.receipt,
    by: r.asked_by,
    at: r.asked_at.toISOString(),
  };
}

/** In the order in which they were asked for. */
export async function listLabelRequests(
  q: Queryable,
  filter: LabelFilter,
  cursor: string | undefined,
  limit: number | undefined,
): Promise<Page<LabelRequestView>> {
  const size = pageSize(limit);
  const rows = await labelRequests(q, filter, decodeCursor<number>(cursor), size + 1);
  return toPage(rows, size, (r) => r.label_request_id, labelView);
}
