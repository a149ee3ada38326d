import { Readable } from 'node:stream';
import { Injectable } from '@nestjs/common';
import { DomainError } from '@/kernel';
import { Settings } from '@/platform/config';
import { type Context, Database, UnitOfWork } from '@/platform/db';
import { Files, type StoredFile } from '@/platform/files';
import { answerFileType, plainName } from '../domain/answer-file';
import type { LinkTarget } from './open-link';

const HEAD_BYTES = 4_096;
/** Certificates, pictures, lists: nobody needs more for one recall, and nobody fills the disk. */
const FILES_MAX = 20;

/** Keeps a file that a consignee sends with its answer. One that is refused leaves nothing behind. */
@Injectable()
export class KeepAnswerFile {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly database: Database,
    private readonly files: Files,
    private readonly settings: Settings,
  ) {}

  /** Throws FILE_TYPE_REFUSED, BODY_TOO_LARGE (DOCUMENT_BYTES_MAX), ANSWER_FILES. */
  async execute(
    link: LinkTarget,
    upload: { name: string; stream: Readable; truncated(): boolean },
  ): Promise<StoredFile> {
    const { recallId } = link.recall;
    const [have] = await this.database.query<{ n: number }>(
      'SELECT count(*)::int AS n FROM recall_answer_file WHERE recall_id = $1 AND partner_id = $2',
      [recallId, link.partnerId],
    );
    if (have!.n >= FILES_MAX) throw new DomainError('ANSWER_FILES', { limit: FILES_MAX });
    const ctx: Context = { actor: `consignee:${link.consignee}`, source: `answer:${link.linkId}` };
    const name = plainName(upload.name);
    const { head, all } = await behead(upload.stream);
    const limit = { bytesMax: this.settings.documentBytesMax, setting: 'DOCUMENT_BYTES_MAX' };
    const stored = await this.files.store(ctx, Readable.from(all, { objectMode: false }), {
      name,
      mediaType: answerFileType(name, head),
      ...limit,
    });
    try {
      if (upload.truncated())
        throw new DomainError('BODY_TOO_LARGE', { limit: limit.bytesMax, setting: limit.setting });
      await this.uow.run(ctx, async (tx) => {
        await tx.query('INSERT INTO recall_answer_file (file_id, recall_id, partner_id, by) VALUES ($1, $2, $3, $4)', [
          stored.fileId,
          recallId,
          link.partnerId,
          ctx.actor,
        ]);
        await tx.audit({
          action: 'answer-file',
          subject: `recall:${link.recall.key}`,
          after: { consignee: link.consignee, file: stored.fileId, name },
        });
      });
      return stored;
    } catch (error) {
      await this.files.remove(ctx, stored.fileId);
      throw error;
    }
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
