/** Papers and what they belong to. */
import { DomainError } from '@/kernel';
import { unitRef, type UnitKind } from '@/ledger';
import type { Queryable } from '@/platform/db';
import { decodeCursor, type Page, pageSize, toPage } from '@/platform/http';

export interface DocumentView {
  /** by which it is downloaded: GET /api/v1/attachments/{file}/content */
  file: string;
  name: string;
  kind: string;
  mediaType: string;
  sizeBytes: number;
  /** hex */
  sha256: string;
  note: string | null;
  units: { id: string; unit: ReturnType<typeof unitRef> }[];
  receipt: string | null;
  shipment: string | null;
  by: string;
  at: string;
}

interface DocumentRow {
  document_link_id: number;
  file_id: string;
  name: string;
  kind: string;
  media_type: string;
  size_bytes: number;
  sha256: Buffer;
  note: string | null;
  units: { id: number; item: string; kind: UnitKind; code: string }[] | null;
  receipt: string | null;
  shipment: string | null;
  linked_by: string;
  linked_at: Date;
}

/** One row a file, whatever it is linked to; the links that `where` leaves are those it is found by. */
const documents = (where: string, order: string) => `
  SELECT l.document_link_id, f.file_id, f.name, l.kind, f.media_type, f.size_bytes, f.sha256, l.note, l.linked_by, l.linked_at,
    (SELECT jsonb_agg(jsonb_build_object('id', u.unit_id, 'item', i.code, 'kind', u.kind, 'code', u.code) ORDER BY u.unit_id)
       FROM (SELECT DISTINCT o.unit_id FROM document_link o WHERE o.file_id = f.file_id AND o.unit_id IS NOT NULL ORDER BY 1 LIMIT 50) x
       JOIN unit u USING (unit_id) JOIN item i USING (item_id)) AS units,
    (SELECT r.number FROM document_link o JOIN receipt r USING (receipt_id) WHERE o.file_id = f.file_id LIMIT 1) AS receipt,
    (SELECT s.number FROM document_link o JOIN shipment s USING (shipment_id) WHERE o.file_id = f.file_id LIMIT 1) AS shipment
  FROM (SELECT file_id, min(document_link_id) AS document_link_id FROM document_link l WHERE ${where} GROUP BY file_id) first
    JOIN document_link l USING (document_link_id) JOIN stored_file f ON f.file_id = first.file_id
  ${order}`;

function view(r: DocumentRow): DocumentView {
  return {
    file: r.file_id,
    name: r.name,
    kind: r.kind,
    mediaType: r.media_type,
    sizeBytes: r.size_bytes,
    sha256: r.sha256.toString('hex'),
    note: r.note,
    units: (r.units ?? []).map((u) => ({ id: `u${u.id}`, unit: unitRef(u.item, u.kind, u.code) })),
    receipt: r.receipt,
    shipment: r.shipment,
    by: r.linked_by,
    at: r.linked_at.toISOString(),
  };
}

/** Throws NOT_FOUND: only what was kept as a paper is shown, no other stored file. */
export async function documentByFile(q: Queryable, fileId: string): Promise<DocumentView> {
  const rows = /^[0-9a-f-]{36}$/i.test(fileId)
    ? await q.query<DocumentRow>(documents('l.file_id = $1::uuid', ''), [fileId])
    : [];
  if (!rows[0]) throw new DomainError('NOT_FOUND', { what: 'document', key: fileId });
  return view(rows[0]);
}

/** Papers of a unit: its own, and those of the receipts and shipments that it was in. */
export async function documentsOfUnit(q: Queryable, unitId: number): Promise<DocumentView[]> {
  const rows = await q.query<DocumentRow>(
    documents(
      `l.unit_id = $1 OR (l.unit_id IS NULL AND (
         l.receipt_id IN (SELECT receipt_id FROM receipt_line WHERE unit_id = $1)
         OR l.shipment_id IN (SELECT shipment_id FROM shipment_line WHERE unit_id = $1)))`,
      'ORDER BY document_link_id DESC',
    ),
    [unitId],
  );
  return rows.map(view);
}

export async function documentsOfReceipt(q: Queryable, receiptId: number): Promise<DocumentView[]> {
  return (await q.query<DocumentRow>(documents('l.receipt_id = $1', 'ORDER BY document_link_id'), [receiptId])).map(
    view,
  );
}

export async function documentsOfShipment(q: Queryable, shipmentId: number): Promise<DocumentView[]> {
  return (await q.query<DocumentRow>(documents('l.shipment_id = $1', 'ORDER BY document_link_id'), [shipmentId])).map(
    view,
  );
}

export interface DocumentFilter {
  /** escaped for LIKE: a part of the name */
  q: string;
  kind?: string;
  /** of a supplier's receipts alone */
  supplierId?: number;
}

/** The newest first. */
export async function listDocuments(
  q: Queryable,
  filter: DocumentFilter,
  cursor: string | undefined,
  limit: number | undefined,
): Promise<Page<DocumentView>> {
  const size = pageSize(limit);
  const rows = await q.query<DocumentRow>(
    `SELECT * FROM (${documents(
      `($2::text IS NULL OR l.kind = $2)
        AND ($3::int IS NULL OR l.receipt_id IN (SELECT receipt_id FROM receipt WHERE supplier_id = $3))`,
      '',
    )}) d
      WHERE ($1 = '' OR name ILIKE '%' || $1 || '%') AND ($4::int IS NULL OR document_link_id < $4)
      ORDER BY document_link_id DESC LIMIT $5`,
    [filter.q, filter.kind ?? null, filter.supplierId ?? null, decodeCursor<number>(cursor), size + 1],
  );
  return toPage(rows, size, (r) => r.document_link_id, view);
}
