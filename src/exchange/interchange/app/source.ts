import { createReadStream } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { basename, join } from 'node:path';
import { DomainError } from '@/kernel';
import { byOrder, EXPECTED_NAMES, FileKind, kindOfFile } from '../domain/files';

/** One file of an import, in a form that can be read from its start as often as needed. */
export interface ImportFile {
  name: string;
  kind: FileKind;
  open(): Promise<Readable>;
}

export interface ImportSource {
  files: ImportFile[];
  /** what a person should know, such as files that are not read */
  notices: string[];
}

export interface FoundFile {
  name: string;
  open(): Promise<Readable>;
}

/** Names → files in the order in which they are taken. Throws IMPORT_NO_FILES, and NOT_SUPPORTED_YET where there are workbooks alone. */
export function toSource(found: readonly FoundFile[]): ImportSource {
  const files = found.flatMap((file) => {
    const kind = kindOfFile(file.name);
    return kind ? [{ ...file, kind }] : [];
  });
  const others = found.filter((file) => !kindOfFile(file.name)).map((file) => file.name);
  if (files.length === 0) {
    if (others.some(isWorkbook)) throw new DomainError('NOT_SUPPORTED_YET', { what: 'The import of XLSX workbooks' });
    throw new DomainError('IMPORT_NO_FILES', { expected: EXPECTED_NAMES });
  }
  const notices =
    others.length > 0 ? [`Not read: ${others.slice(0, 20).join(', ')}. Expected: ${EXPECTED_NAMES}.`] : [];
  return { files: files.sort(byOrder), notices };
}

export function isWorkbook(name: string): boolean {
  return /\.(xlsx|xlsm|xls|ods)$/i.test(name);
}

/** The files of a folder, or one file by itself. Throws NOT_FOUND. */
export async function folderSource(path: string): Promise<ImportSource> {
  const there = await stat(path).catch(() => null);
  if (!there) throw new DomainError('NOT_FOUND', { what: 'folder', key: path });
  const paths = there.isDirectory() ? (await readdir(path)).sort().map((name) => join(path, name)) : [path];
  const found: FoundFile[] = [];
  for (const file of paths) {
    const name = basename(file);
    if (name.startsWith('.') || !(await stat(file)).isFile()) continue;
    found.push({ name, open: async () => createReadStream(file) });
  }
  return toSource(found);
}
