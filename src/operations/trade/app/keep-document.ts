import { Readable } from 'node:stream';
import { Injectable } from '@nestjs/common';
import { DomainError } from '@/kernel';
import { findUnit } from '@/ledger';
import { Settings } from '@/platform/config';
import { once } from '@/platform/commands';
import { Context, Tx, UnitOfWork } from '@/platform/db';
import { Files } from '@/platform/files';
import { insertDocumentLink, receiptIdOf, shipmentIdOf } from '../db/documents';
import { mediaTypeOf, plainFileName } from '../domain/file-kind';
import { documentByFile, type DocumentView } from '../queries/documents';

export interface DocumentUpload {
  id: string;
  kind: string;
  name: string;
  stream: Readable;
  truncated(): boolean;
  unit?: string;
  receipt?: string;
  shipment?: string;
  note?: string;
}

const HEAD_BYTES = 4096;

/** Keeps a certificate or another paper, and says what it belongs to. One that is refused leaves nothing behind. */
@Injectable()
export class KeepDocument {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly files: Files,
    private readonly settings: Settings,
  ) {}

  /** Throws FILE_TYPE_REFUSED, BODY_TOO_LARGE (DOCUMENT_BYTES_MAX), NOT_FOUND (what it belongs to), COMMAND_ID_REUSED. */
  async execute(ctx: Context, upload: DocumentUpload): Promise<DocumentView> {
    const name = plainFileName(upload.name);
    const { head, all } = await behead(upload.stream);
    const mediaType = mediaTypeOf(name, head);
    const limit = { bytesMax: this.settings.documentBytesMax, setting: 'DOCUMENT_BYTES_MAX' };
    const file = await this.files.store(ctx, Readable.from(all, { objectMode: false }), { name, mediaType, ...limit });
    let kept: DocumentView | undefined;
    try {
      if (upload.truncated())
        throw new DomainError('BODY_TOO_LARGE', { limit: limit.bytesMax, setting: limit.setting });
      const { id, kind, unit, receipt, shipment, note } = upload;
      const content = { name, sha256: file.sha256, kind, unit, receipt, shipment, note };
      kept = await this.uow.run(ctx, (tx) =>
        once(tx, { id, verb: 'keep-document', content }, async () => {
          await this.link(tx, file.fileId, upload);
          return documentByFile(tx, file.fileId);
        }),
      );
      return kept;
    } finally {
      // Refused, or sent before: this copy of it is wanted by nobody.
      if (kept?.file !== file.fileId) await this.files.remove(ctx, file.fileId);
    }
  }

  private async link(tx: Tx, fileId: string, { kind, unit, receipt, shipment, note }: DocumentUpload): Promise<void> {
    const unitId = unit === undefined ? null : (await findUnit(tx, unit)).unitId;
    const receiptId = receipt === undefined ? null : await receiptIdOf(tx, receipt);
    const shipmentId = shipment === undefined ? null : await shipmentIdOf(tx, shipment);
    await insertDocumentLink(tx, { fileId, kind, unitId, receiptId, shipmentId, note: note ?? null });
    await tx.audit({
      action: 'link-document',
      subject: `file:${fileId}`,
      after: { kind, unit, receipt, shipment, note },
    });
  }
}

/** The first bytes of a stream, and all of it. */
async function behead(stream: Readable): Promise<{ head: Buffer; all: AsyncIterable<Buffer> }> {
  const chunks = stream.iterator({ destroyOnReturn: false }) as AsyncIterableIterator<Buffer>;
  const parts: Buffer[] = [];
  let size = 0;
  while (size < HEAD_BYTES) {
    const next = await chunks.next();
    if (next.done) break;
    parts.push(next.value);
    size += next.value.length;
  }
  const head = Buffer.concat(parts);
  async function* all(): AsyncGenerator<Buffer> {
    if (head.length > 0) yield head;
    for (let next = await chunks.next(); !next.done; next = await chunks.next()) yield next.value;
  }
  return { head, all: all() };
}
