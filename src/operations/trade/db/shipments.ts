import { DomainError, formatDecimal } from '@/kernel';
import type { Queryable, Tx } from '@/platform/db';

export interface NewShipment {
  number: string | null;
  customerId: number;
  salesOrder: string | null;
  carrierId: number | null;
  tracking: string | null;
  atMs: number;
  note: string | null;
}

/** Throws NUMBER_TAKEN. Without a number it gets `SH-` and its own. */
export async function insertShipment(tx: Tx, s: NewShipment): Promise<{ shipmentId: number; number: string }> {
  const [row] = await tx.query<{ shipment_id: number; number: string }>(
    `INSERT INTO shipment (shipment_id, number, customer_id, sales_order, carrier_id, tracking, at_ms, note, client_event_ids, shipped_by)
     SELECT id, coalesce($1, 'SH-' || lpad(id::text, 6, '0')), $2, $3, $4, $5, $6, $7, '{}', $8
       FROM nextval('shipment_shipment_id_seq') AS id
      WHERE $1::text IS NULL OR NOT EXISTS (SELECT 1 FROM movement m WHERE lower(m.document) = lower($1) AND m.document = $1 AND m.role = 'shipped'
        AND NOT EXISTS (SELECT 1 FROM event_void v WHERE v.event_id = m.event_id))
     ON CONFLICT ON CONSTRAINT shipment_number DO NOTHING RETURNING shipment_id, number`,
    [s.number, s.customerId, s.salesOrder, s.carrierId, s.tracking, s.atMs, s.note, tx.ctx.actor],
  );
  if (!row) throw new DomainError('NUMBER_TAKEN', { what: 'shipment', number: s.number });
  return { shipmentId: row.shipment_id, number: row.number };
}

export interface NewShipmentLine {
  orderLine: string | null;
  unitId: number;
  quantity: bigint;
  container: string | null;
  pickLineId: number | null;
}

export async function insertShipmentLines(
  tx: Tx,
  shipmentId: number,
  lines: readonly NewShipmentLine[],
  clientEventIds: readonly string[],
): Promise<void> {
  await tx.query(
    `INSERT INTO shipment_line (shipment_id, order_line, unit_id, quantity, container, pick_line_id)
     SELECT $1, r."orderLine", r."unitId", r.quantity, r.container, r."pickLineId"
       FROM jsonb_to_recordset($2::jsonb) AS r("orderLine" text, "unitId" int, quantity numeric, container text, "pickLineId" int)`,
    [shipmentId, JSON.stringify(lines.map((l) => ({ ...l, quantity: formatDecimal(l.quantity) })))],
  );
  await tx.query(`UPDATE shipment SET client_event_ids = $2 WHERE shipment_id = $1`, [shipmentId, clientEventIds]);
}

export interface StoredShipment {
  shipmentId: number;
  /** the reason, where it was taken back */
  voidReason: string | null;
  pickLineIds: number[];
}

/** The shipment, locked. Throws NOT_FOUND. */
export async function lockShipment(tx: Tx, number: string): Promise<StoredShipment> {
  const [row] = await tx.query<{ shipment_id: number; voided_at: Date | null; void_reason: string | null }>(
    `SELECT shipment_id, voided_at, void_reason FROM shipment WHERE number = $1 FOR UPDATE`,
    [number],
  );
  if (!row) throw new DomainError('NOT_FOUND', { what: 'shipment', key: number });
  const lines = await tx.query<{ pick_line_id: number }>(
    `SELECT pick_line_id FROM shipment_line WHERE shipment_id = $1 AND pick_line_id IS NOT NULL`,
    [row.shipment_id],
  );
  return {
    shipmentId: row.shipment_id,
    voidReason: row.voided_at === null ? null : (row.void_reason ?? ''),
    pickLineIds: lines.map((l) => l.pick_line_id),
  };
}

/** The events of a shipment that count, newest first: `e12`. */
export async function eventsOfShipment(q: Queryable, shipmentId: number): Promise<string[]> {
  const rows = await q.query<{ event_id: number }>(
    `SELECT DISTINCT m.event_id FROM shipment s JOIN movement m ON lower(m.document) = lower(s.number) AND m.document = s.number JOIN event e USING (event_id)
      WHERE s.shipment_id = $1 AND m.role = 'shipped' AND e.client_id = ANY (s.client_event_ids)
        AND NOT EXISTS (SELECT 1 FROM event_void v WHERE v.event_id = m.event_id)
      ORDER BY m.event_id DESC`,
    [shipmentId],
  );
  return rows.map((r) => `e${r.event_id}`);
}

export async function markShipmentVoid(tx: Tx, shipmentId: number, reason: string): Promise<void> {
  await tx.query(`UPDATE shipment SET voided_at = now(), void_reason = $2 WHERE shipment_id = $1`, [
    shipmentId,
    reason,
  ]);
}

/** The next serial number of a container. */
export async function nextSsccSerial(tx: Tx): Promise<number> {
  const [row] = await tx.query<{ n: number }>(`SELECT nextval('sscc_serial') AS n`);
  return row!.n;
}

// ------------------------------------------------------------ what went out before

export interface Outgoing {
  unitId: number;
  customerId: number | null;
  shipment: string | null;
  salesOrder: string | null;
  atMs: number;
  /** nanos as a decimal; null: all of it */
  quantity: string | null;
}

/** Every shipment of units that counts, the latest first. */
export async function shipmentsOfUnits(q: Queryable, unitIds: readonly number[]): Promise<Outgoing[]> {
  const rows = await q.query<{
    unit_id: number;
    partner_id: number | null;
    document: string | null;
    sales_order: string | null;
    at_from: number;
    quantity: string | null;
  }>(
    `SELECT m.unit_id, m.partner_id, m.document, m.at_from, m.quantity,
            coalesce(e.body->'refs'->>'salesOrder', e.body->'with'->'refs'->>'salesOrder') AS sales_order
       FROM movement m JOIN event e USING (event_id)
      WHERE m.unit_id = ANY ($1::int[]) AND m.role = 'shipped'
        AND NOT EXISTS (SELECT 1 FROM event_void v WHERE v.event_id = m.event_id)
        AND NOT EXISTS (SELECT 1 FROM movement_end x WHERE x.movement_id = m.movement_id)
      ORDER BY m.at_from DESC, m.movement_id DESC`,
    [unitIds],
  );
  return rows.map((r) => ({
    unitId: r.unit_id,
    customerId: r.partner_id,
    shipment: r.document,
    salesOrder: r.sales_order,
    atMs: r.at_from,
    quantity: r.quantity,
  }));
}

// ------------------------------------------------------------ returns

export interface NewReturn {
  number: string | null;
  customerId: number | null;
  shipment: string | null;
  placeId: number;
  atMs: number;
  condition: string | null;
  note: string | null;
  clientEventIds: readonly string[];
  unitIds: readonly number[];
}

/** Throws NUMBER_TAKEN. Without a number it gets `RT-` and its own. */
export async function insertReturn(tx: Tx, r: NewReturn): Promise<string> {
  const [row] = await tx.query<{ number: string }>(
    `INSERT INTO customer_return (customer_return_id, number, customer_id, shipment, place_id, at_ms, condition, note, client_event_ids, unit_ids, returned_by)
     SELECT id, coalesce($1, 'RT-' || lpad(id::text, 6, '0')), $2, $3, $4, $5, $6, $7, $8, $9, $10
       FROM nextval('customer_return_customer_return_id_seq') AS id
     ON CONFLICT ON CONSTRAINT customer_return_number DO NOTHING RETURNING number`,
    [
      r.number,
      r.customerId,
      r.shipment,
      r.placeId,
      r.atMs,
      r.condition,
      r.note,
      r.clientEventIds,
      r.unitIds,
      tx.ctx.actor,
    ],
  );
  if (!row) throw new DomainError('NUMBER_TAKEN', { what: 'return', number: r.number });
  return row.number;
}
