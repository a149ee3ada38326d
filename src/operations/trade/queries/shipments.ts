/** What went out, and what came back. */
import { DomainError, formatDecimal, formatTime, parseDecimal } from '@/kernel';
import { unitRef, type UnitKind } from '@/ledger';
import type { Queryable } from '@/platform/db';
import { decodeCursor, type Page, pageSize, toPage } from '@/platform/http';
import { documentsOfShipment, type DocumentView } from './documents';

export interface ShipmentRowView {
  shipment: string;
  customer: string;
  customerName: string;
  salesOrder: string | null;
  carrier: string | null;
  tracking: string | null;
  at: string;
  note: string | null;
  by: string;
  units: number;
  items: string[];
  containers: string[];
  voided: { at: string; reason: string } | null;
}

export interface ShipmentLineView {
  orderLine: string | null;
  id: string;
  unit: ReturnType<typeof unitRef>;
  name: string;
  quantity: { value: string; uom: string };
  container: string | null;
  pick: string | null;
  /** came back since */
  returned: boolean;
}

export interface ShipmentView extends ShipmentRowView {
  lines: ShipmentLineView[];
  documents: DocumentView[];
  address: string | null;
}

interface Row {
  shipment_id: number;
  number: string;
  customer: string;
  customer_name: string;
  address: string | null;
  sales_order: string | null;
  carrier: string | null;
  tracking: string | null;
  at_ms: number;
  note: string | null;
  shipped_by: string;
  units: number;
  items: string[] | null;
  containers: string[] | null;
  voided_at: Date | null;
  void_reason: string | null;
}

const SHIPMENT = `SELECT s.shipment_id, s.number, c.code AS customer, c.name AS customer_name, concat_ws(', ', c.address, c.country) AS address, s.sales_order,
    r.code AS carrier, s.tracking, s.at_ms, s.note, s.shipped_by, s.voided_at, s.void_reason, l.units, l.items, l.containers
  FROM shipment s JOIN partner c ON c.partner_id = s.customer_id LEFT JOIN partner r ON r.partner_id = s.carrier_id
    CROSS JOIN LATERAL (SELECT count(DISTINCT x.unit_id)::int AS units, array_agg(DISTINCT i.code) AS items,
        array_agg(DISTINCT x.container) FILTER (WHERE x.container IS NOT NULL) AS containers
      FROM shipment_line x JOIN unit u USING (unit_id) JOIN item i USING (item_id) WHERE x.shipment_id = s.shipment_id) l`;

const rowView = (r: Row): ShipmentRowView => ({
  shipment: r.number,
  customer: r.customer,
  customerName: r.customer_name,
  salesOrder: r.sales_order,
  carrier: r.carrier,
  tracking: r.tracking,
  at: formatTime(r.at_ms),
  note: r.note,
  by: r.shipped_by,
  units: r.units,
  items: r.items ?? [],
  containers: r.containers ?? [],
  voided: r.voided_at && { at: r.voided_at.toISOString(), reason: r.void_reason ?? '' },
});

/** The newest first. */
export async function listShipments(
  q: Queryable,
  filter: { q: string; customerId?: number | undefined; salesOrder?: string | undefined },
  cursor: string | undefined,
  limit: number | undefined,
): Promise<Page<ShipmentRowView>> {
  const size = pageSize(limit);
  const rows = await q.query<Row>(
    `${SHIPMENT} WHERE ($1 = '' OR s.number ILIKE $1 || '%' OR s.sales_order ILIKE $1 || '%' OR s.tracking ILIKE $1 || '%')
       AND ($2::int IS NULL OR s.customer_id = $2) AND ($3::text IS NULL OR s.sales_order = $3) AND ($4::int IS NULL OR s.shipment_id < $4)
     ORDER BY s.shipment_id DESC LIMIT $5`,
    [filter.q, filter.customerId ?? null, filter.salesOrder ?? null, decodeCursor<number>(cursor), size + 1],
  );
  return toPage(rows, size, (r) => r.shipment_id, rowView);
}

/** Throws NOT_FOUND. */
export async function shipmentByNumber(q: Queryable, number: string): Promise<ShipmentView> {
  const [row] = await q.query<Row>(`${SHIPMENT} WHERE s.number = $1`, [number]);
  if (!row) throw new DomainError('NOT_FOUND', { what: 'shipment', key: number });
  const lines = await q.query<{
    order_line: string | null;
    unit_id: number;
    item: string;
    name: string;
    uom: string;
    kind: UnitKind;
    code: string;
    quantity: string;
    container: string | null;
    pick_id: number | null;
    returned: boolean;
  }>(
    `SELECT l.order_line, l.unit_id, i.code AS item, i.name, i.uom, u.kind, u.code, l.quantity, l.container, p.pick_id,
            EXISTS (SELECT 1 FROM movement m WHERE m.unit_id = l.unit_id AND m.role = 'returned' AND m.document = $2
              AND NOT EXISTS (SELECT 1 FROM event_void v WHERE v.event_id = m.event_id)) AS returned
       FROM shipment_line l JOIN unit u USING (unit_id) JOIN item i USING (item_id) LEFT JOIN pick_line p USING (pick_line_id)
      WHERE l.shipment_id = $1 ORDER BY l.shipment_line_id`,
    [row.shipment_id, number],
  );
  return {
    ...rowView(row),
    address: row.address || null,
    lines: lines.map((r) => ({
      orderLine: r.order_line,
      id: `u${r.unit_id}`,
      unit: unitRef(r.item, r.kind, r.code),
      name: r.name,
      quantity: { value: formatDecimal(parseDecimal(r.quantity)), uom: r.uom },
      container: r.container,
      pick: r.pick_id === null ? null : `p${r.pick_id}`,
      returned: r.returned,
    })),
    documents: await documentsOfShipment(q, row.shipment_id),
  };
}

// ------------------------------------------------------------ returns

export interface ReturnView {
  return: string;
  customer: string | null;
  shipment: string | null;
  place: string;
  at: string;
  condition: string | null;
  note: string | null;
  by: string;
  units: { id: string; unit: ReturnType<typeof unitRef>; name: string }[];
}

interface ReturnRow {
  customer_return_id: number;
  number: string;
  customer: string | null;
  shipment: string | null;
  place: string;
  at_ms: number;
  condition: string | null;
  note: string | null;
  returned_by: string;
  units: { id: number; item: string; name: string; kind: UnitKind; code: string }[] | null;
}

const RETURN = `SELECT r.customer_return_id, r.number, c.code AS customer, r.shipment, p.code AS place, r.at_ms, r.condition, r.note, r.returned_by,
    (SELECT jsonb_agg(jsonb_build_object('id', u.unit_id, 'item', i.code, 'name', i.name, 'kind', u.kind, 'code', u.code) ORDER BY u.unit_id)
       FROM unit u JOIN item i USING (item_id) WHERE u.unit_id = ANY (r.unit_ids)) AS units
  FROM customer_return r LEFT JOIN partner c ON c.partner_id = r.customer_id JOIN place p USING (place_id)`;

const returnView = (r: ReturnRow): ReturnView => ({
  return: r.number,
  customer: r.customer,
  shipment: r.shipment,
  place: r.place,
  at: formatTime(r.at_ms),
  condition: r.condition,
  note: r.note,
  by: r.returned_by,
  units: (r.units ?? []).map((u) => ({ id: `u${u.id}`, unit: unitRef(u.item, u.kind, u.code), name: u.name })),
});

/** Throws NOT_FOUND. */
export async function returnByNumber(q: Queryable, number: string): Promise<ReturnView> {
  const [row] = await q.query<ReturnRow>(`${RETURN} WHERE r.number = $1`, [number]);
  if (!row) throw new DomainError('NOT_FOUND', { what: 'return', key: number });
  return returnView(row);
}

/** The newest first. */
export async function listReturns(
  q: Queryable,
  filter: { q: string; customerId?: number | undefined },
  cursor: string | undefined,
  limit: number | undefined,
): Promise<Page<ReturnView>> {
  const size = pageSize(limit);
  const rows = await q.query<ReturnRow>(
    `${RETURN} WHERE ($1 = '' OR r.number ILIKE $1 || '%' OR r.shipment ILIKE $1 || '%') AND ($2::int IS NULL OR r.customer_id = $2)
       AND ($3::int IS NULL OR r.customer_return_id < $3) ORDER BY r.customer_return_id DESC LIMIT $4`,
    [filter.q, filter.customerId ?? null, decodeCursor<number>(cursor), size + 1],
  );
  return toPage(rows, size, (r) => r.customer_return_id, returnView);
}
