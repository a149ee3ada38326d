import { createHash, randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { BeforeApplicationShutdown, Injectable, Logger } from '@nestjs/common';
import { DomainError } from '@/kernel';
import { Context, Database, UnitOfWork } from '@/platform/db';

const CHUNK_BYTES = 1024 * 1024;
/** An upload that takes longer than this has died: what it left is removed. */
const ABANDONED_MS = 24 * 60 * 60 * 1_000;

const SWEEP_EVERY_MS = 60 * 60 * 1_000;

export interface StoredFile {
  fileId: string;
  name: string;
  mediaType: string;
  sizeBytes: number;
  /** hex */
  sha256: string;
}

/** Files that people gave us or we made, kept in the database in chunks: api and worker need no disk in common. */
@Injectable()
export class Files implements BeforeApplicationShutdown {
  private readonly logger = new Logger('Files');
  private readonly aborted = new AbortController();
  private timer?: NodeJS.Timeout;

  constructor(
    private readonly database: Database,
    private readonly uow: UnitOfWork,
  ) {}

  /**
   * Keeps what the stream brings. Chunks are written as they come, outside of any transaction (a slow client must not hold one
   * open); the file is there once all of them are. Throws BODY_TOO_LARGE past `bytesMax`, which `setting` names.
   */
  async store(
    ctx: Context,
    stream: Readable,
    options: { name: string; mediaType: string; bytesMax: number; setting: string },
  ): Promise<StoredFile> {
    const fileId = newFileId();
    const hash = createHash('sha256');
    let sizeBytes = 0;
    let seq = 0;
    try {
      for await (const chunk of inChunks(stream)) {
        this.aborted.signal.throwIfAborted();
        sizeBytes += chunk.length;
        if (sizeBytes > options.bytesMax)
          throw new DomainError('BODY_TOO_LARGE', { limit: options.bytesMax, setting: options.setting });
        hash.update(chunk);
        await this.database.query('INSERT INTO stored_file_chunk (file_id, seq, data) VALUES ($1, $2, $3)', [
          fileId,
          seq++,
          chunk,
        ]);
      }
      const sha256 = hash.digest();
      const { name, mediaType } = options;
      await this.uow.run(ctx, async (tx) => {
        await tx.query(
          'INSERT INTO stored_file (file_id, name, media_type, size_bytes, sha256, created_by) VALUES ($1, $2, $3, $4, $5, $6)',
          [fileId, name, mediaType, sizeBytes, sha256, ctx.actor],
        );
        await tx.audit({
          action: 'store-file',
          subject: `file:${fileId}`,
          after: { name, mediaType, sizeBytes, sha256: sha256.toString('hex') },
        });
      });
      return { fileId, name, mediaType, sizeBytes, sha256: sha256.toString('hex') };
    } catch (error) {
      if (!stream.destroyed) stream.resume();
      await this.database
        .query('DELETE FROM stored_file_chunk WHERE file_id = $1', [fileId])
        .catch((failure: Error) => this.logger.warn(`A broken upload was not removed yet: ${failure.message}`));
      throw error;
    }
  }

  /** What is known of a file, and its content as a stream. Throws NOT_FOUND. */
  async open(fileId: string): Promise<StoredFile & { stream: Readable }> {
    const [row] = await this.database.query<{ name: string; media_type: string; size_bytes: number; sha256: Buffer }>(
      'SELECT name, media_type, size_bytes, sha256 FROM stored_file WHERE file_id = $1',
      [fileId],
    );
    if (!row) throw new DomainError('NOT_FOUND', { what: 'file', key: fileId });
    return {
      fileId,
      name: row.name,
      mediaType: row.media_type,
      sizeBytes: row.size_bytes,
      sha256: row.sha256.toString('hex'),
      stream: Readable.from(this.chunks(fileId), { objectMode: false }),
    };
  }

  async remove(ctx: Context, fileId: string): Promise<void> {
    await this.uow.run(ctx, async (tx) => {
      const removed = await tx.query<{ name: string }>('DELETE FROM stored_file WHERE file_id = $1 RETURNING name', [
        fileId,
      ]);
      await tx.query('DELETE FROM stored_file_chunk WHERE file_id = $1', [fileId]);
      if (removed[0]) await tx.audit({ action: 'remove-file', subject: `file:${fileId}`, before: removed[0] });
    });
  }

  /** The worker looks for abandoned uploads when it starts, and every hour. */
  startSweeping(): void {
    const sweep = (): void =>
      void this.sweep(Date.now()).catch((error: Error) => this.logger.warn(`Not swept: ${error.message}`));
    sweep();
    this.timer = setInterval(sweep, SWEEP_EVERY_MS);
  }

  /** Removes what broken uploads left behind; the id of a file says when it began. */
  async sweep(nowMs: number): Promise<void> {
    await this.database.query(
      `DELETE FROM stored_file_chunk c WHERE file_id < $1 AND NOT EXISTS (SELECT FROM stored_file f WHERE f.file_id = c.file_id)`,
      [fileIdAt(nowMs - ABANDONED_MS, Buffer.alloc(10))],
    );
  }

  beforeApplicationShutdown(): void {
    clearInterval(this.timer);
    this.aborted.abort(new DomainError('UNAVAILABLE', { what: 'This' }));
  }

  private async *chunks(fileId: string): AsyncGenerator<Buffer> {
    for (let seq = 0; ; seq++) {
      const [row] = await this.database.query<{ data: Buffer }>(
        'SELECT data FROM stored_file_chunk WHERE file_id = $1 AND seq = $2',
        [fileId, seq],
      );
      if (!row) return;
      yield row.data;
    }
  }
}

/** Network packets are small: gathered to one row a mebibyte. */
async function* inChunks(stream: Readable): AsyncGenerator<Buffer> {
  let parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of stream.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    parts.push(part);
    bytes += part.length;
    if (bytes >= CHUNK_BYTES) {
      yield Buffer.concat(parts);
      parts = [];
      bytes = 0;
    }
  }
  if (bytes > 0) yield Buffer.concat(parts);
}

/** A version 7 UUID: it sorts by time. */
function newFileId(): string {
  return fileIdAt(Date.now(), randomBytes(10));
}

function fileIdAt(ms: number, random: Buffer): string {
  const bytes = Buffer.concat([Buffer.alloc(6), random]);
  bytes.writeUIntBE(ms, 0, 6);
  bytes[6] = 0x70 | ((bytes[6] ?? 0) & 0x0f);
  bytes[8] = 0x80 | ((bytes[8] ?? 0) & 0x3f);
  const hex = bytes.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
