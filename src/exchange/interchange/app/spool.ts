import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { DomainError } from '@/kernel';
import { readWorkbook } from '../xlsx/workbook';
import { openArchive, ZIP_LIMITS } from './archive';
import { FoundFile, isTable, isWorkbook } from './source';

export interface SpoolOptions {
  /** for a look at the first rows: no more than these are unpacked */
  rowsMax?: number;
}

/** What is unpacked of a file for a look at its first rows. */
const LOOK_BYTES = 1024 * 1024;

/**
 * The tables in a file on this machine's disk: the file itself, the files of a zip (in folders or not), the sheets of a workbook,
 * also of one in a zip. What has to be unpacked goes into `folder`. Throws IMPORT_FILE_UNREADABLE, IMPORT_ZIP_LIMIT.
 */
export async function tablesOf(
  path: string,
  name: string,
  folder: string,
  options: SpoolOptions = {},
): Promise<FoundFile[]> {
  const lower = name.toLowerCase();
  if (lower.endsWith('.zip')) return unzip(path, name, folder, options);
  if (isWorkbook(name)) return readWorkbook(path, name, folder, options);
  return [{ name, open: async () => createReadStream(path) }];
}

/** No name from outside ever becomes a path: a file's place in the folder is a number. */
async function unzip(path: string, name: string, folder: string, options: SpoolOptions): Promise<FoundFile[]> {
  const archive = await openArchive(path, name, ZIP_LIMITS);
  const found: FoundFile[] = [];
  try {
    for (const file of archive.entries.keys()) {
      const base = basename(file);
      // What a Mac puts beside the files.
      if (base.startsWith('.') || file.startsWith('__MACOSX/')) continue;
      const target = join(folder, `${found.length}.part`);
      const stream = (await archive.read(file))!;
      if (options.rowsMax !== undefined && !isWorkbook(file)) {
        if (!isTable(file)) {
          stream.destroy();
          found.push({ name: file, open: async () => Readable.from([]) });
          continue;
        }
        await firstBytes(stream, target);
      } else await pipeline(stream, createWriteStream(target));
      if (isWorkbook(file)) {
        const inner = join(folder, `sheets-${found.length}`);
        await mkdir(inner);
        for (const sheet of await readWorkbook(target, file, inner, options))
          found.push({ ...sheet, name: `${file}/${sheet.name}` });
      } else found.push({ name: file, open: async () => createReadStream(target) });
    }
    return found;
  } catch (error) {
    if (error instanceof DomainError) throw error;
    throw new DomainError('IMPORT_FILE_UNREADABLE', { file: name, reason: (error as Error).message });
  } finally {
    archive.close();
  }
}

/** The whole lines of the first mebibyte. */
export async function firstBytes(stream: Readable, target: string): Promise<void> {
  let left = LOOK_BYTES;
  const cut = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      const part = chunk.subarray(0, Math.max(0, left));
      left -= chunk.length;
      done(null, left <= 0 ? part.subarray(0, part.lastIndexOf(10) + 1) : part);
    },
  });
  const file = createWriteStream(target);
  cut.pipe(file);
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    if (left <= 0) break;
    cut.write(chunk);
  }
  stream.destroy();
  cut.end();
  await new Promise<void>((resolve, reject) => file.once('finish', resolve).once('error', reject));
}
