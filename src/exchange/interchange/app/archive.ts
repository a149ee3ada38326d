import { Readable, Transform } from 'node:stream';
import { Entry, open, ZipFile } from 'yauzl';
import { DomainError } from '@/kernel';

interface ZipLimits {
  entriesMax: number;
  /** all files together, unpacked */
  bytesMax: number;
  /** unpacked over packed, for what is larger than a mebibyte: CSV seldom packs better than 50 to 1 */
  ratioMax: number;
}

export const ZIP_LIMITS: ZipLimits = { entriesMax: 100, bytesMax: 8 * 1024 ** 3, ratioMax: 250 };
/** A workbook has a file for each sheet, drawing and setting. */
const WORKBOOK_LIMITS: ZipLimits = { ...ZIP_LIMITS, entriesMax: 5_000 };
const RATIO_FROM_BYTES = 1024 * 1024;

interface Archive {
  entries: ReadonlyMap<string, Entry>;
  /** The content of a file; null where there is none of that name. It ends with IMPORT_ZIP_LIMIT past a limit. */
  read(name: string): Promise<Readable | null>;
  close(): void;
}

/**
 * Opens a zip, counting what really comes out, not what it says. Throws IMPORT_ZIP_LIMIT (too many files, too large, packed too
 * tightly, encrypted, a name twice or out of the archive) and IMPORT_FILE_UNREADABLE.
 */
export async function openArchive(path: string, name: string, limits: ZipLimits = WORKBOOK_LIMITS): Promise<Archive> {
  const zip = await openZip(path, name);
  const entries = new Map<string, Entry>();
  try {
    if (zip.entryCount > limits.entriesMax)
      throw refused(`it has ${zip.entryCount} files; at most ${limits.entriesMax} are read.`);
    const lower = new Set<string>();
    for await (const entry of listed(zip, name)) {
      const file = entry.fileName;
      if (file.endsWith('/')) continue;
      if (lower.has(file.toLowerCase())) throw refused(`the file "${file}" is there twice.`);
      if (entry.isEncrypted()) throw refused(`the file "${file}" is encrypted.`);
      lower.add(file.toLowerCase());
      entries.set(file, entry);
    }
  } catch (error) {
    zip.close();
    if (error instanceof DomainError) throw error;
    throw new DomainError('IMPORT_FILE_UNREADABLE', { file: name, reason: (error as Error).message });
  }
  const budget = { left: limits.bytesMax };
  return {
    entries,
    close: () => zip.close(),
    async read(file) {
      const entry = entries.get(file);
      if (!entry) return null;
      const packed = await openEntry(zip, entry, name);
      const counted = counting(entry, limits, budget);
      packed.on('error', (error) => counted.destroy(error));
      counted.once('close', () => packed.destroy());
      return packed.pipe(counted);
    },
  };
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

async function* listed(zip: ZipFile, name: string): AsyncGenerator<Entry> {
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
            ? refused(`a name in it points out of it (${error.message}).`)
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
