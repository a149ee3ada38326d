/** All that a customer ever got, and all that a supplier ever sent: from the facts, whoever recorded them. */
import { formatDecimal, formatTime, parseDecimal } from '@/kernel';
import { unitRef, type UnitKind } from '@/ledger';
import type { Queryable } from '@/platform/db';
import { decodeCursor, encodeCursor, type Page, pageSize, toPage } from '@/platform/http';

/** Movement `m` counts. */
const COUNTS = `NOT EXISTS (SELECT 1 FROM event_void v WHERE v.event_id = m.event_id)
  AND NOT EXISTS (SELECT 1 FROM movement_end x WHERE x.movement_id = m.movement_id)`;

export interface PartnerFilter {
  item?: string;
  /** a lot or serial */
  code?: string;
  shipment?: string;
  /** half-open, ms UTC */
  fromMs?: number;
  untilMs?: number;
}

const filterOf = (f: PartnerFilter) => [
  f.item ?? null,
  f.code ?? null,
  f.shipment ?? null,
  f.fromMs ?? null,
  f.untilMs ?? null,
];
const FILTER = `($2::text IS NULL OR i.code = $2) AND ($3::text IS NULL OR lower(u.code) = lower($3)) AND ($4::text IS NULL OR m.document = $4)
  AND ($5::bigint IS NULL OR m.at_from >= $5) AND ($6::bigint IS NULL OR m.at_from < $6)`;

export interface PartnerShipmentView {
  shipment: string | null;
  salesOrder: string | null;
  at: string;
  units: number;
  items: { item: string; units: number; quantity: { value: string; uom: string } | null }[];
  returned: number;
}

/** The shipments to a customer, the latest first; those without a number are one row a day each event. */
export async function shipmentsTo(
  q: Queryable,
  partnerId: number,
  filter: PartnerFilter,
  cursor: string | undefined,
  limit: number | undefined,
): Promise<Page<PartnerShipmentView>> {
  const size = pageSize(limit);
  const after = decodeCursor<[number, string]>(cursor);
  const rows = await q.query<{ key: string; document: string | null; at: number; units: number }>(
    `SELECT * FROM (
       SELECT coalesce(m.document, 'e' || m.event_id) AS key, max(m.document) AS document, min(m.at_from) AS at, count(DISTINCT m.unit_id)::int AS units
         FROM movement m JOIN unit u USING (unit_id) JOIN item i USING (item_id)
        WHERE m.partner_id = $1 AND m.role = 'shipped' AND ${FILTER} AND ${COUNTS} GROUP BY 1) s
      WHERE $7::bigint IS NULL OR (at, key) < ($7, $8) ORDER BY at DESC, key DESC LIMIT $9`,
    [partnerId, ...filterOf(filter), after?.[0] ?? null, after?.[1] ?? null, size + 1],
  );
  const page = rows.slice(0, size);
  const items = await itemsOfShipments(q, partnerId, filter, page);
  const last = page.at(-1);
  return {
    data: page.map((r) => ({
      shipment: r.document,
      salesOrder: items.get(r.key)?.salesOrder ?? null,
      at: formatTime(r.at),
      units: r.units,
      items: items.get(r.key)?.items ?? [],
      returned: items.get(r.key)?.returned ?? 0,
    })),
    nextCursor: rows.length > size && last ? encodeCursor([last.at, last.key]) : null,
  };
}

interface ItemsOf {
  items: PartnerShipmentView['items'];
  salesOrder: string | null;
  returned: number;
}

async function itemsOfShipments(
  q: Queryable,
  partnerId: number,
  filter: PartnerFilter,
  page: readonly { key: string }[],
): Promise<Map<string, ItemsOf>> {
  const rows = await q.query<{
    key: string;
    item: string;
    uom: string;
    units: number;
    quantity: string | null;
    sales_order: string | null;
    returned: number;
  }>(
    `SELECT coalesce(m.document, 'e' || m.event_id) AS key, i.code AS item, i.uom, count(DISTINCT m.unit_id)::int AS units,
            CASE WHEN bool_or(m.quantity IS NULL AND u.kind <> 'serial') THEN NULL ELSE sum(coalesce(m.quantity, 1)) END AS quantity,
            max(coalesce(e.body->'refs'->>'salesOrder', e.body->'with'->'refs'->>'salesOrder')) AS sales_order,
            (count(DISTINCT m.unit_id) FILTER (WHERE ${BACK}))::int AS returned
       FROM movement m JOIN event e USING (event_id) JOIN unit u USING (unit_id) JOIN item i USING (item_id)
      WHERE m.partner_id = $1 AND m.role = 'shipped' AND ${FILTER} AND ${COUNTS} AND coalesce(m.document, 'e' || m.event_id) = ANY ($7)
      GROUP BY 1, i.code, i.uom ORDER BY 1, i.code`,
    [partnerId, ...filterOf(filter), page.map((p) => p.key)],
  );
  const found = new Map<string, ItemsOf>();
  for (const r of rows) {
    const own = found.get(r.key) ?? { items: [], salesOrder: null, returned: 0 };
    found.set(r.key, own);
    own.items.push({ item: r.item, units: r.units, quantity: decimal(r.quantity, r.uom) });
    own.salesOrder ??= r.sales_order;
    own.returned += r.returned;
  }
  return found;
}

/** Unit of movement `m` came back from the same customer at or after it went. */
const BACK = `EXISTS (SELECT 1 FROM movement b WHERE b.unit_id = m.unit_id AND b.role = 'returned' AND b.partner_id = m.partner_id AND b.at_until > m.at_from
  AND NOT EXISTS (SELECT 1 FROM event_void v WHERE v.event_id = b.event_id))`;

const decimal = (value: string | null, uom: string) =>
  value === null ? null : { value: formatDecimal(parseDecimal(value)), uom };

export interface ReceivedUnitView {
  id: string;
  unit: ReturnType<typeof unitRef>;
  name: string;
  /** null: the record does not say how much */
  quantity: { value: string; uom: string } | null;
  shipment: string | null;
  at: string;
  returned: boolean;
  /** back in house, or with this customer, or gone on: where it is now */
  state: string;
}

interface UnitRow {
  movement_id: number;
  at_from: number;
  unit_id: number;
  item: string;
  name: string;
  uom: string;
  kind: UnitKind;
  code: string;
  quantity: string | null;
  document: string | null;
  back: boolean;
  states: string[] | null;
}

/** Every unit that ever went to a customer, the latest first: one row a shipment of it. */
export async function unitsSentTo(
  q: Queryable,
  partnerId: number,
  filter: PartnerFilter,
  cursor: string | undefined,
  limit: number | undefined,
): Promise<Page<ReceivedUnitView>> {
  const size = pageSize(limit);
  const rows = await unitRows(q, partnerId, 'shipped', filter, decodeCursor<[number, number]>(cursor), size + 1);
  return toPage(rows, size, (r) => [r.at_from, r.movement_id], receivedView);
}

function unitRows(
  q: Queryable,
  partnerId: number,
  role: 'shipped' | 'made',
  filter: PartnerFilter,
  after: [number, number] | null,
  limit: number,
): Promise<UnitRow[]> {
  return q.query<UnitRow>(
    `SELECT x.*, (SELECT array_agg(DISTINCT h.state) FROM holding h WHERE h.unit_id = x.unit_id) AS states FROM (
       SELECT m.movement_id, m.at_from, m.unit_id, i.code AS item, i.name, i.uom, u.kind, u.code, m.quantity, m.document, ${BACK} AS back
         FROM movement m JOIN unit u USING (unit_id) JOIN item i USING (item_id)
        WHERE m.partner_id = $1 AND m.role = $10 AND ${FILTER} AND ${COUNTS}
          AND ($7::bigint IS NULL OR (m.at_from, m.movement_id) < ($7, $8))
        ORDER BY m.at_from DESC, m.movement_id DESC LIMIT $9) x
      ORDER BY x.at_from DESC, x.movement_id DESC`,
    [partnerId, ...filterOf(filter), after?.[0] ?? null, after?.[1] ?? null, limit, role],
  );
}

function receivedView(r: UnitRow): ReceivedUnitView {
  return {
    id: `u${r.unit_id}`,
    unit: unitRef(r.item, r.kind, r.code),
    name: r.name,
    quantity: r.kind === 'serial' ? { value: '1', uom: r.uom } : decimal(r.quantity, r.uom),
    shipment: r.document,
    at: formatTime(r.at_from),
    returned: r.back,
    state: (r.states ?? ['unknown']).join(', '),
  };
}

const CHUNK = 5_000;

/** All of them, for a file. */
export async function* allUnitsSentTo(
  q: Queryable,
  partnerId: number,
  filter: PartnerFilter,
): AsyncGenerator<ReceivedUnitView> {
  let after: [number, number] | null = null;
  for (;;) {
    const rows: UnitRow[] = await unitRows(q, partnerId, 'shipped', filter, after, CHUNK);
    for (const r of rows) yield receivedView(r);
    const last = rows.at(-1);
    if (rows.length < CHUNK || !last) return;
    after = [last.at_from, last.movement_id];
  }
}

// ------------------------------------------------------------ suppliers

export interface SuppliedUnitView {
  id: string;
  unit: ReturnType<typeof unitRef>;
  name: string;
  quantity: { value: string; uom: string } | null;
  supplierLot: string | null;
  /** purchase order or receipt */
  document: string | null;
  receipt: string | null;
  at: string;
  decision: string | null;
  inspections: { passed: number; failed: number };
  certificates: number;
  state: string;
}

/** Every lot and serial that ever came from a supplier, the latest first. */
export async function unitsFrom(
  q: Queryable,
  partnerId: number,
  filter: PartnerFilter,
  cursor: string | undefined,
  limit: number | undefined,
): Promise<Page<SuppliedUnitView>> {
  const size = pageSize(limit);
  const rows = await unitRows(q, partnerId, 'made', filter, decodeCursor<[number, number]>(cursor), size + 1);
  const more = await suppliedDetails(
    q,
    rows.slice(0, size).map((r) => r.unit_id),
  );
  return toPage(
    rows,
    size,
    (r) => [r.at_from, r.movement_id],
    (r) => {
      const d = more.get(r.unit_id);
      return {
        id: `u${r.unit_id}`,
        unit: unitRef(r.item, r.kind, r.code),
        name: r.name,
        quantity: r.kind === 'serial' ? { value: '1', uom: r.uom } : decimal(r.quantity, r.uom),
        supplierLot: d?.supplier_lot ?? null,
        document: r.document,
        receipt: d?.receipt ?? null,
        at: formatTime(r.at_from),
        decision: d?.decision ?? null,
        inspections: { passed: d?.passed ?? 0, failed: d?.failed ?? 0 },
        certificates: d?.certificates ?? 0,
        state: (r.states ?? ['unknown']).join(', '),
      };
    },
  );
}

interface Details {
  unit_id: number;
  supplier_lot: string | null;
  receipt: string | null;
  decision: string | null;
  passed: number;
  failed: number;
  certificates: number;
}

async function suppliedDetails(q: Queryable, unitIds: readonly number[]): Promise<Map<number, Details>> {
  const rows = await q.query<Details>(
    `SELECT u.unit_id,
            (SELECT a.alias FROM unit_alias a WHERE a.unit_id = u.unit_id AND a.kind = 'supplier-lot' ORDER BY a.unit_alias_id LIMIT 1) AS supplier_lot,
            l.number AS receipt, l.decision,
            (SELECT count(*) FROM inspection n WHERE n.unit_id = u.unit_id AND n.passed AND NOT EXISTS (SELECT 1 FROM event_void v WHERE v.event_id = n.event_id))::int AS passed,
            (SELECT count(*) FROM inspection n WHERE n.unit_id = u.unit_id AND NOT n.passed AND NOT EXISTS (SELECT 1 FROM event_void v WHERE v.event_id = n.event_id))::int AS failed,
            (SELECT count(DISTINCT d.file_id) FROM document_link d WHERE d.unit_id = u.unit_id AND d.kind = 'certificate')::int AS certificates
       FROM unit u LEFT JOIN LATERAL (SELECT r.number, x.decision FROM receipt_line x JOIN receipt r USING (receipt_id)
          WHERE x.unit_id = u.unit_id AND r.voided_at IS NULL ORDER BY x.receipt_line_id DESC LIMIT 1) l ON true
      WHERE u.unit_id = ANY ($1::int[])`,
    [unitIds],
  );
  return new Map(rows.map((r) => [r.unit_id, r]));
}

// ------------------------------------------------------------ of one unit

export interface UnitShipmentView {
  shipment: string | null;
  customer: string | null;
  salesOrder: string | null;
  at: string;
  quantity: { value: string; uom: string } | null;
  returned: boolean;
}

/** Every shipment of a unit: before it is sent again, one sees where it has been. */
export async function shipmentsOfUnit(q: Queryable, unitId: number): Promise<UnitShipmentView[]> {
  const rows = await q.query<{
    document: string | null;
    customer: string | null;
    sales_order: string | null;
    at_from: number;
    quantity: string | null;
    serial: boolean;
    uom: string;
    back: boolean;
  }>(
    `SELECT m.document, c.code AS customer, coalesce(e.body->'refs'->>'salesOrder', e.body->'with'->'refs'->>'salesOrder') AS sales_order,
            m.at_from, m.quantity, u.kind = 'serial' AS serial, i.uom, ${BACK} AS back
       FROM movement m JOIN event e USING (event_id) JOIN unit u USING (unit_id) JOIN item i USING (item_id) LEFT JOIN partner c ON c.partner_id = m.partner_id
      WHERE m.unit_id = $1 AND m.role = 'shipped' AND ${COUNTS} ORDER BY m.at_from DESC, m.movement_id DESC`,
    [unitId],
  );
  return rows.map((r) => ({
    shipment: r.document,
    customer: r.customer,
    salesOrder: r.sales_order,
    at: formatTime(r.at_from),
    quantity: r.serial ? { value: '1', uom: r.uom } : decimal(r.quantity, r.uom),
    returned: r.back,
  }));
}
