import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { Files } from '@/platform/files';
import { useDatabase } from '../support';

const db = useDatabase();
const ctx = { actor: 'user:anna', source: 'user:anna' };
const files = (): Files => new Files(db().database, db().uow);
const limits = { bytesMax: 8 * 1024 * 1024, setting: 'UPLOAD_BYTES_MAX' };
const chunksLeft = async (): Promise<unknown> =>
  (await db().database.query('SELECT count(*) AS n FROM stored_file_chunk'))[0];

describe('stored files', () => {
  it('come back byte for byte, in pieces of any size', async () => {
    const content = Buffer.alloc(3_500_000, 'abcdefg');
    const pieces = [content.subarray(0, 10), content.subarray(10, 2_000_000), content.subarray(2_000_000)];
    const stored = await files().store(ctx, Readable.from(pieces), { name: 'a.csv', mediaType: 'text/csv', ...limits });
    expect(stored).toMatchObject({
      sizeBytes: content.length,
      sha256: createHash('sha256').update(content).digest('hex'),
    });
    const opened = await files().open(stored.fileId);
    expect(opened).toMatchObject({ name: 'a.csv', mediaType: 'text/csv', sizeBytes: content.length });
    expect((await buffer(opened.stream)).equals(content)).toBe(true);
    await files().remove(ctx, stored.fileId);
    await expect(files().open(stored.fileId)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect(await chunksLeft()).toEqual({ n: 0 });
  });

  it('leave nothing behind when they are too large or break off', async () => {
    const large = Readable.from([Buffer.alloc(2_000_000), Buffer.alloc(2_000_000)]);
    await expect(
      files().store(ctx, large, { name: 'x', mediaType: 'text/csv', bytesMax: 3_000_000, setting: 'UPLOAD_BYTES_MAX' }),
    ).rejects.toMatchObject({ code: 'BODY_TOO_LARGE', details: { limit: 3_000_000, setting: 'UPLOAD_BYTES_MAX' } });
    const broken = new Readable({ read: () => undefined });
    broken.push(Buffer.alloc(1_100_000));
    const storing = files().store(ctx, broken, { name: 'x', mediaType: 'text/csv', ...limits });
    broken.destroy(new Error('connection reset'));
    await expect(storing).rejects.toThrow('connection reset');
    expect(await chunksLeft()).toEqual({ n: 0 });
  });

  it('are swept away when their upload died with its process', async () => {
    const dayMs = 24 * 60 * 60 * 1_000;
    const now = Date.now();
    const old = (now - 2 * dayMs).toString(16).padStart(12, '0');
    const fresh = now.toString(16).padStart(12, '0');
    for (const time of [old, fresh])
      await db().database.query(`INSERT INTO stored_file_chunk VALUES ($1, 0, 'x')`, [
        `${time.slice(0, 8)}-${time.slice(8)}-7000-8000-000000000000`,
      ]);
    await files().sweep(now);
    expect(await chunksLeft()).toEqual({ n: 1 });
  });
});
