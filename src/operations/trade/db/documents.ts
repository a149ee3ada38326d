import { DomainError } from '@/kernel';
import type { Queryable, Tx } from '@/platform/db';

export interface NewDocumentLink {
  fileId: string;
  kind: string;
  unitId: number | null;
  receiptId: number | null;
  shipmentId: number | null;
  note: string | null;
}

export async function insertDocumentLink(tx: Tx, link: NewDocumentLink): Promise<void> {
  await tx.query(
    `INSERT INTO document_link (file_id, kind, unit_id, receipt_id, shipment_id, note, linked_by) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
    [link.fileId, link.kind, link.unitId, link.receiptId, link.shipmentId, link.note, tx.ctx.actor],
  );
}

/** Throws NOT_FOUND: a file that nobody uploaded here. */
export async function filesExist(q: Queryable, fileIds: readonly string[]): Promise<void> {
  const uuids = fileIds.filter((id) => /^[0-9a-f-]{36}$/i.test(id));
  const rows = await q.query<{ file_id: string }>(
    `SELECT file_id FROM document_link WHERE file_id = ANY ($1::uuid[])`,
    [uuids],
  );
  const known = new Set(rows.map((r) => r.file_id));
  for (const id of fileIds)
    if (!known.has(id.toLowerCase())) throw new DomainError('NOT_FOUND', { what: 'document', key: id });
}

/** Throws NOT_FOUND. */
export async function receiptIdOf(q: Queryable, number: string): Promise<number> {
  const [row] = await q.query<{ receipt_id: number }>(`SELECT receipt_id FROM receipt WHERE number = $1`, [number]);
  if (!row) throw new DomainError('NOT_FOUND', { what: 'receipt', key: number });
  return row.receipt_id;
}

/** Throws NOT_FOUND. */
export async function shipmentIdOf(q: Queryable, number: string): Promise<number> {
  const [row] = await q.query<{ shipment_id: number }>(`SELECT shipment_id FROM shipment WHERE number = $1`, [number]);
  if (!row) throw new DomainError('NOT_FOUND', { what: 'shipment', key: number });
  return row.shipment_id;
}
