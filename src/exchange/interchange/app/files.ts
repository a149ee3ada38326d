import { createHash, randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Database, Tx } from '@/platform/db';

/** Interim: until the platform keeps files. */
@Injectable()
export class Files {
  constructor(private readonly db: Database) {}

  async store(tx: Tx, meta: { name: string; mediaType: string }, chunks: AsyncIterable<Buffer>) {
    const fileId = randomUUID();
    const hash = createHash('sha256');
    let sizeBytes = 0;
    let seq = 0;
    for await (const chunk of chunks) {
      hash.update(chunk);
      sizeBytes += chunk.length;
      await tx.query(`INSERT INTO stored_file_chunk (file_id, seq, data) VALUES ($1, $2, $3)`, [fileId, seq++, chunk]);
    }
    const sha256 = hash.digest();
    await tx.query(
      `INSERT INTO stored_file (file_id, name, media_type, size_bytes, sha256, created_by) VALUES ($1,$2,$3,$4,$5,$6)`,
      [fileId, meta.name, meta.mediaType, sizeBytes, sha256, tx.ctx.actor],
    );
    return { fileId, sizeBytes, sha256: sha256.toString('hex') };
  }

  async *read(fileId: string): AsyncGenerator<Buffer> {
    for (let seq = 0; ; seq++) {
      const [row] = await this.db.query<{ data: Buffer }>(
        `SELECT data FROM stored_file_chunk WHERE file_id = $1 AND seq = $2`,
        [fileId, seq],
      );
      if (!row) return;
      yield row.data;
    }
  }
}
