import { createReadStream, createWriteStream } from 'node:fs';
import { basename, join } from 'node:path';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Entry, open, ZipFile } from 'yauzl';
import { DomainError } from '@/kernel';
import type { FoundFile } from './source';

export interface ZipLimits {
  entriesMax: number;
  /** all files together, unpacked */
  bytesMax: number;
  /** unpacked over packed, for what is larger than a mebibyte: CSV seldom packs better than 50 to 1 */
  ratioMax: number;
}

export const ZIP_LIMITS: ZipLimits = { entriesMax: 100, bytesMax: 8 * 1024 ** 3, ratioMax: 250 };
const RATIO_FROM_BYTES = 1024 * 1024;

/**
 * Unpacks an archive into `folder`, counting what really comes out, not what the archive says. Throws IMPORT_ZIP_LIMIT (too many
 * files, too large, packed too tightly, names with path parts, encrypted, a name twice) and IMPORT_FILE_UNREADABLE.
 */
export async function unzip(path: string, name: string, folder: string, limits: ZipLimits): Promise<FoundFile[]> {
  const zip = await openZip(path, name);
  const found: FoundFile[] = [];
  const names = new Set<string>();
  const budget = { left: limits.bytesMax };
  try {
    if (zip.entryCount > limits.entriesMax)
      throw refused(`it has ${zip.entryCount} files; at most ${limits.entriesMax} are read.`);
    for await (const entry of entries(zip, name)) {
      const file = entry.fileName;
      if (/[\\/]|^\.\.?$|\0/.test(file) || basename(file) !== file)
        throw refused(`the name "${file}" has path parts; put the files into the archive without folders.`);
      if (names.has(file.toLowerCase())) throw refused(`the file "${file}" is there twice.`);
      if (entry.isEncrypted()) throw refused(`the file "${file}" is encrypted.`);
      names.add(file.toLowerCase());
      if (names.size > limits.entriesMax) throw refused(`it has more than ${limits.entriesMax} files.`);
      // The file's place in the folder is a number: no name from outside ever becomes a path.
      const target = join(folder, `${found.length}.part`);
      await pipeline(await openEntry(zip, entry, name), counting(entry, limits, budget), createWriteStream(target));
      found.push({ name: file, open: async () => createReadStream(target) });
    }
  } catch (error) {
    if (error instanceof DomainError) throw error;
    throw new DomainError('IMPORT_FILE_UNREADABLE', { file: name, reason: (error as Error).message });
  } finally {
    zip.close();
  }
  return found;
}

function refused(reason: string): DomainError {
  return new DomainError('IMPORT_ZIP_LIMIT', { reason });
}

function counting(entry: Entry, limits: ZipLimits, budget: { left: number }): Transform {
  let bytes = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length;
      budget.left -= chunk.length;
      if (budget.left < 0) return done(refused(`unpacked it is larger than ${limits.bytesMax} bytes.`));
      if (bytes > RATIO_FROM_BYTES && bytes > entry.compressedSize * limits.ratioMax)
        return done(refused(`"${entry.fileName}" unpacks to more than ${limits.ratioMax} times its size.`));
      done(null, chunk);
    },
  });
}

function openZip(path: string, name: string): Promise<ZipFile> {
  return new Promise((resolve, reject) => {
    open(
      path,
      { lazyEntries: true, autoClose: false, validateEntrySizes: true, strictFileNames: true },
      (error, zip) => {
        if (error || !zip)
          reject(new DomainError('IMPORT_FILE_UNREADABLE', { file: name, reason: error?.message ?? 'it is no zip.' }));
        else resolve(zip);
      },
    );
  });
}

async function* entries(zip: ZipFile, name: string): AsyncGenerator<Entry> {
  for (;;) {
    const entry = await new Promise<Entry | null>((resolve, reject) => {
      const clear = () => zip.removeAllListeners();
      zip.once('entry', (next: Entry) => (clear(), resolve(next)));
      zip.once('end', () => (clear(), resolve(null)));
      zip.once('error', (error: Error) => {
        clear();
        const path = /invalid relative path|absolute path|invalid characters/.test(error.message);
        reject(
          path
            ? refused(`a name in it has path parts (${error.message}); put the files in without folders.`)
            : new DomainError('IMPORT_FILE_UNREADABLE', { file: name, reason: error.message }),
        );
      });
      zip.readEntry();
    });
    if (!entry) return;
    yield entry;
  }
}

function openEntry(zip: ZipFile, entry: Entry, name: string): Promise<Readable> {
  return new Promise((resolve, reject) => {
    zip.openReadStream(entry, (error, stream) => {
      if (error || !stream)
        reject(new DomainError('IMPORT_FILE_UNREADABLE', { file: name, reason: error?.message ?? 'no data' }));
      else resolve(stream);
    });
  });
}
