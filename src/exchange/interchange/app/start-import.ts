import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { Injectable } from '@nestjs/common';
import { DomainError } from '@/kernel';
import { Settings } from '@/platform/config';
import { Context, UnitOfWork } from '@/platform/db';
import { Files } from '@/platform/files';
import { Outbox } from '@/platform/outbox';
import { COLUMNS, EXPECTED_NAMES, FileKind, kindOfFile } from '../domain/files';
import { detectDelimiter, readHeader, whyNotCsv } from '../csv/header';
import { insertRun } from '../db/store';
import { importById, ImportView } from '../queries';
import { isWorkbook } from './source';

const HEAD_BYTES = 64 * 1024;

export interface Upload {
  name: string;
  stream: Readable;
  /** true when the upload was cut at the limit */
  truncated(): boolean;
}

/** Keeps an uploaded file and asks for its import. An upload that breaks off or is refused leaves nothing behind. */
@Injectable()
export class StartImport {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly files: Files,
    private readonly outbox: Outbox,
    private readonly settings: Settings,
  ) {}

  /**
   * Throws IMPORT_NO_FILES (a name that no import knows), NOT_SUPPORTED_YET (workbooks), CSV_NOT_CSV, CSV_COLUMN_MISSING,
   * IMPORT_FILE_UNREADABLE and BODY_TOO_LARGE.
   */
  async execute(ctx: Context, upload: Upload): Promise<ImportView> {
    const name = fileName(upload.name);
    const kind = kindOfUpload(name);
    const { head, chunks } = await behead(upload.stream);
    checkHead(name, kind, head);
    const file = await this.files.store(ctx, Readable.from(chunks, { objectMode: false }), {
      name,
      mediaType: MEDIA_TYPES[kind],
      bytesMax: this.settings.uploadBytesMax,
      setting: 'UPLOAD_BYTES_MAX',
    });
    try {
      if (upload.truncated())
        throw new DomainError('BODY_TOO_LARGE', { limit: this.settings.uploadBytesMax, setting: 'UPLOAD_BYTES_MAX' });
      return await this.ask(ctx, name, file.fileId);
    } catch (error) {
      await this.files.remove(ctx, file.fileId);
      throw error;
    }
  }

  private ask(ctx: Context, name: string, fileId: string): Promise<ImportView> {
    const importId = randomUUID();
    return this.uow.run(ctx, async (tx) => {
      await insertRun(tx, { importId, name, fileId, status: 'queued' });
      await tx.audit({ action: 'start-import', subject: `import:${importId}`, after: { name, fileId } });
      await this.outbox.enqueue(tx, 'import', importId);
      return importById(tx, importId);
    });
  }
}

type UploadKind = 'zip' | 'csv' | 'ndjson';
const MEDIA_TYPES: Record<UploadKind, string> = {
  zip: 'application/zip',
  csv: 'text/csv',
  ndjson: 'application/x-ndjson',
};

/** A name without its folders, as browsers and scripts send it. */
function fileName(given: string): string {
  const name = given.split(/[\\/]/).at(-1)!.trim();
  return name.slice(-200);
}

function kindOfUpload(name: string): UploadKind {
  if (isWorkbook(name)) throw new DomainError('NOT_SUPPORTED_YET', { what: 'The import of XLSX workbooks' });
  if (name.toLowerCase().endsWith('.zip')) return 'zip';
  const kind = kindOfFile(name);
  if (!kind) throw new DomainError('IMPORT_NO_FILES', { expected: `${EXPECTED_NAMES}, or a zip of them`, name });
  return kind === 'events' ? 'ndjson' : 'csv';
}

/** What can be seen in the first bytes is said at once, not by a job that fails later. */
function checkHead(name: string, kind: UploadKind, head: Buffer): void {
  if (kind === 'zip') {
    if (head.subarray(0, 2).toString('latin1') !== 'PK')
      throw new DomainError('IMPORT_FILE_UNREADABLE', { file: name, reason: 'it is no zip archive.' });
    return;
  }
  const why = whyNotCsv(head);
  if (kind === 'ndjson') {
    if (why) throw new DomainError('IMPORT_FILE_UNREADABLE', { file: name, reason: why });
    return;
  }
  if (why) throw new DomainError('CSV_NOT_CSV', { file: name, reason: why });
  const text = head.toString('utf8').replace(/^\uFEFF/, '');
  const [line] = text.split(/\r?\n/);
  // A header with quoted line breaks, or longer than what was read, is judged when the whole file is.
  if (line === undefined || line.length === text.length || line.includes('"')) return;
  readHeader(name, line.split(detectDelimiter(line)), COLUMNS[kindOfFile(name) as Exclude<FileKind, 'events'>]);
}

/** The first bytes of a stream, and all of it. */
async function behead(stream: Readable): Promise<{ head: Buffer; chunks: AsyncIterable<Buffer> }> {
  const iterator = stream[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  const parts: Buffer[] = [];
  let size = 0;
  while (size < HEAD_BYTES) {
    const next = await iterator.next();
    if (next.done) break;
    parts.push(next.value);
    size += next.value.length;
  }
  const head = Buffer.concat(parts);
  async function* chunks(): AsyncGenerator<Buffer> {
    if (head.length > 0) yield head;
    for (let next = await iterator.next(); !next.done; next = await iterator.next()) yield next.value;
  }
  return { head, chunks: chunks() };
}
