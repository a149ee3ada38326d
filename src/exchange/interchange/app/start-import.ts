import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { Injectable } from '@nestjs/common';
import { DomainError } from '@/kernel';
import { Settings } from '@/platform/config';
import { Context, Database, UnitOfWork } from '@/platform/db';
import { Files, StoredFile } from '@/platform/files';
import { Outbox } from '@/platform/outbox';
import { CsvKind, EXPECTED_NAMES, kindOfFile } from '../domain/files';
import { headerKey, NamedMapping, unfit } from '../domain/mapping';
import { detectDelimiter, readHeader, whyNotCsv } from '../csv/header';
import { mappingForHeaders } from '../db/mapping-store';
import { deleteUpload, findRun, forgottenUploads, insertRun, insertUpload } from '../db/store';
import { mappingByName } from '../mappings';
import { importById, importRun, ImportView, isFinal, uploadById } from '../queries';
import { isTable, isWorkbook } from './source';

const HEAD_BYTES = 64 * 1024;

export interface Upload {
  name: string;
  stream: Readable;
  /** true when the upload was cut at the limit */
  truncated(): boolean;
}

export interface ImportOptions {
  /** the id that the client gives the import; sent again, it answers as the first time */
  id?: string;
  /** names of saved mappings */
  mappings: readonly string[];
  dryRun: boolean;
  /** the import whose refused rows these are */
  mends?: string;
}

/** Keeps an uploaded file and asks for its import. An upload that breaks off or is refused leaves nothing behind. */
@Injectable()
export class StartImport {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly db: Database,
    private readonly files: Files,
    private readonly outbox: Outbox,
    private readonly settings: Settings,
  ) {}

  /**
   * Throws IMPORT_NO_FILES (a name that no import knows), CSV_NOT_CSV, CSV_COLUMN_MISSING, IMPORT_FILE_UNREADABLE, BODY_TOO_LARGE,
   * NOT_FOUND (a mapping, the import to mend) and IMPORT_ID_USED.
   */
  async execute(ctx: Context, upload: Upload, options: ImportOptions): Promise<ImportView> {
    const mappings = await this.mappings(options);
    const name = fileName(upload.name);
    const before = await this.before(options, name);
    if (before) return before;
    const file = await this.keep(ctx, { ...upload, name }, mappings);
    try {
      return await this.ask(ctx, { name, fileId: file.fileId, mappings }, options);
    } catch (error) {
      await this.files.remove(ctx, file.fileId);
      throw error;
    }
  }

  /** Asks for the import of a file that was looked at before. Throws as `execute` does. */
  async fromUpload(ctx: Context, fileId: string, options: ImportOptions): Promise<ImportView> {
    const upload = await uploadById(this.db, fileId);
    return (
      (await this.before(options, upload.name)) ??
      this.ask(ctx, { name: upload.name, fileId, mappings: await this.mappings(options) }, options)
    );
  }

  /** Keeps a file to be looked at, and imported perhaps. Those of which nothing became are removed after a day. */
  async look(ctx: Context, upload: Upload): Promise<{ fileId: string; name: string }> {
    const name = fileName(upload.name);
    // Its columns are what is to be looked at: any will do.
    const { fileId } = await this.keep(ctx, { ...upload, name }, [], true);
    await this.uow.run(ctx, async (tx) => {
      await insertUpload(tx, fileId, name);
      await tx.audit({ action: 'look-at-import', subject: `file:${fileId}`, after: { name } });
    });
    for (const old of await forgottenUploads(this.db)) {
      await this.files.remove(ctx, old);
      await this.uow.run(ctx, (tx) => deleteUpload(tx, old));
    }
    return { fileId, name };
  }

  private async keep(
    ctx: Context,
    upload: Upload,
    mappings: readonly NamedMapping[],
    look = false,
  ): Promise<StoredFile> {
    const { name } = upload;
    const kind = kindOfUpload(name);
    const { head, chunks } = await behead(upload.stream);
    const header = checkHead(name, kind, head);
    if (kind === 'csv' && !look) await this.checkHeader(name, header, mappings);
    const file = await this.files.store(ctx, Readable.from(chunks, { objectMode: false }), {
      name,
      mediaType: MEDIA_TYPES[kind],
      bytesMax: this.settings.uploadBytesMax,
      setting: 'UPLOAD_BYTES_MAX',
    });
    if (!upload.truncated()) return file;
    await this.files.remove(ctx, file.fileId);
    throw new DomainError('BODY_TOO_LARGE', { limit: this.settings.uploadBytesMax, setting: 'UPLOAD_BYTES_MAX' });
  }

  /** A table is read by a mapping that was chosen, by its name and our columns, or by the mapping saved for its headers. */
  private async checkHeader(name: string, header: string[] | null, mappings: readonly NamedMapping[]): Promise<void> {
    const kind = kindOfFile(name) as CsvKind | null;
    if (!header) return;
    const fits = mappings.some((mapping) => unfit(mapping, header) === null);
    if (fits || (await mappingForHeaders(this.db, headerKey(header)))) return;
    const [mapping] = mappings;
    if (mapping)
      throw new DomainError('IMPORT_MAPPING_UNFIT', { mapping: mapping.name, missing: unfit(mapping, header) });
    if (!kind) throw noFiles(name);
    readHeader(name, header, { kind, mapping: null });
  }

  /** The mappings as they are now: the import keeps them. What is mended is read as it was the first time. */
  private async mappings({ mappings, mends }: ImportOptions): Promise<NamedMapping[]> {
    const named = await Promise.all(mappings.map((name) => mappingByName(this.db, name)));
    if (mends === undefined) return named;
    const first = await importRun(this.db, mends);
    if (!isFinal(first.status)) throw new DomainError('IMPORT_STILL_RUNS', { id: mends });
    return named.length > 0 ? named : first.mappings;
  }

  private async before({ id, dryRun }: ImportOptions, name: string): Promise<ImportView | null> {
    const run = id === undefined ? null : await findRun(this.db, id);
    if (!run) return null;
    if (run.name !== name || run.dry_run !== dryRun) throw new DomainError('IMPORT_ID_USED', { id });
    return importById(this.db, run.import_id);
  }

  private ask(
    ctx: Context,
    { name, fileId, mappings }: { name: string; fileId: string; mappings: readonly NamedMapping[] },
    { id, dryRun, mends }: ImportOptions,
  ): Promise<ImportView> {
    const importId = id ?? randomUUID();
    return this.uow.run(ctx, async (tx) => {
      await insertRun(tx, { importId, name, fileId, status: 'queued', dryRun, mappings, mends: mends ?? null });
      const after = { name, fileId, dryRun, mappings: mappings.map((m) => m.name), ...(mends && { mends }) };
      await tx.audit({ action: 'start-import', subject: `import:${importId}`, after });
      await this.outbox.enqueue(tx, 'import', importId);
      return importById(tx, importId);
    });
  }
}

type UploadKind = 'zip' | 'xlsx' | 'csv' | 'ndjson';
const MEDIA_TYPES: Record<UploadKind, string> = {
  zip: 'application/zip',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  csv: 'text/csv',
  ndjson: 'application/x-ndjson',
};

/** A name without its folders, as browsers and scripts send it. */
function fileName(given: string): string {
  const name = given.split(/[\\/]/).at(-1)!.trim();
  return name.slice(-200);
}

function kindOfUpload(name: string): UploadKind {
  if (isWorkbook(name)) return 'xlsx';
  if (name.toLowerCase().endsWith('.zip')) return 'zip';
  if (kindOfFile(name) === 'events') return 'ndjson';
  if (isTable(name)) return 'csv';
  throw noFiles(name);
}

function noFiles(name: string): DomainError {
  return new DomainError('IMPORT_NO_FILES', {
    expected: `${EXPECTED_NAMES}, a workbook with such sheets, or a zip`,
    name,
  });
}

/** What can be seen in the first bytes is said at once, not by a job that fails later. Gives the header where it is seen whole. */
function checkHead(name: string, kind: UploadKind, head: Buffer): string[] | null {
  if (kind === 'zip' || kind === 'xlsx') {
    if (head.subarray(0, 2).toString('latin1') === 'PK') return null;
    const reason = kind === 'zip' ? 'it is no zip archive.' : 'it is no workbook; save it as XLSX.';
    throw new DomainError('IMPORT_FILE_UNREADABLE', { file: name, reason });
  }
  const why = whyNotCsv(head);
  if (why && kind === 'ndjson') throw new DomainError('IMPORT_FILE_UNREADABLE', { file: name, reason: why });
  if (why) throw new DomainError('CSV_NOT_CSV', { file: name, reason: why });
  const text = head.toString('utf8').replace(/^\uFEFF/, '');
  const [line] = text.split(/\r?\n/);
  // A header with quoted line breaks, or longer than what was read, is judged when the whole file is.
  if (kind === 'ndjson' || line === undefined || line.length === text.length || line.includes('"')) return null;
  return line.split(detectDelimiter(line));
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
