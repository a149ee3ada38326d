import { readdir, stat } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { basename, join } from 'node:path';
import { DomainError } from '@/kernel';
import { firstRows } from '../csv/read-table';
import { byOrder, COLUMNS, EXPECTED_NAMES, FileKind, kindOfFile, kindOfSheet } from '../domain/files';
import { headerKey, Mapping, NamedMapping, normalHeader, unfit } from '../domain/mapping';

export interface FoundFile {
  name: string;
  /** `cells`: a sheet of a workbook, spooled; else by its name */
  format?: 'cells';
  open(): Promise<Readable>;
}

/** One file of an import, in a form that can be read from its start as often as needed. */
export interface ImportFile extends FoundFile {
  kind: FileKind;
  mapping: Mapping | null;
}

export interface ImportSource {
  files: ImportFile[];
  /** what a person should know, such as files that are not read */
  notices: string[];
}

/** Files by their names alone, in the order in which they are taken. Throws IMPORT_NO_FILES. */
export function toSource(found: readonly FoundFile[]): ImportSource {
  const files = found.flatMap((file) => {
    const kind = kindOf(file);
    return kind ? [{ ...file, kind, mapping: null }] : [];
  });
  const others = found.filter((file) => !kindOf(file)).map((file) => file.name);
  return arranged(files, others, []);
}

/**
 * Files by mappings. Those that were chosen come first, for every table that has all their columns; a table with our own name and
 * columns is read as that; one whose headers are exactly those that a mapping was saved for, by that one.
 * Throws IMPORT_NO_FILES, and IMPORT_MAPPING_UNFIT where a chosen mapping fits nothing.
 */
export async function mappedSource(
  found: readonly FoundFile[],
  chosen: readonly NamedMapping[],
  saved: (key: string) => Promise<NamedMapping | null>,
): Promise<ImportSource> {
  const files: ImportFile[] = [];
  const others: string[] = [];
  const notices: string[] = [];
  const missing = new Map(chosen.map((mapping) => [mapping.name, '']));
  for (const file of found) {
    const kind = kindOf(file);
    if (kind === 'events') files.push({ ...file, kind, mapping: null });
    else if (!kind && !isTable(file.name, file.format)) others.push(file.name);
    else {
      const names = await headerOf(file);
      if (names === null) {
        // Why it is no table is told when it is read; what has no name of ours is none of ours.
        if (kind) files.push({ ...file, kind, mapping: null });
        else others.push(file.name);
        continue;
      }
      const fitting = chosen.filter((mapping) => {
        const lack = unfit(mapping, names);
        if (lack === null) missing.delete(mapping.name);
        else if (missing.has(mapping.name)) missing.set(mapping.name, lack);
        return lack === null;
      });
      const own = kind !== null && ownColumns(kind, names);
      const known = fitting.length > 0 || own ? null : await saved(headerKey(names));
      if (known) notices.push(`${file.name}: read by the saved mapping "${known.name}", whose headers it has.`);
      const mappings = fitting.length > 0 ? fitting : known ? [known] : [];
      for (const mapping of mappings) files.push({ ...file, kind: mapping.kind, mapping });
      if (mappings.length === 0 && kind) files.push({ ...file, kind, mapping: null });
      else if (mappings.length === 0) others.push(file.name);
    }
  }
  for (const [mapping, lack] of missing) throw new DomainError('IMPORT_MAPPING_UNFIT', { mapping, missing: lack });
  return arranged(files, others, notices);
}

async function headerOf(file: FoundFile): Promise<string[] | null> {
  try {
    return (await firstRows(file, 0)).names;
  } catch (error) {
    if (error instanceof DomainError) return null;
    throw error;
  }
}

/** Whether it has all that a file of this kind must have, by our own names. */
export function ownColumns(kind: Exclude<FileKind, 'events'>, names: readonly string[]): boolean {
  const there = names.map(normalHeader);
  return COLUMNS[kind].required.every((column) => there.includes(column));
}

function arranged(files: ImportFile[], others: readonly string[], notices: string[]): ImportSource {
  if (files.length === 0) throw new DomainError('IMPORT_NO_FILES', { expected: EXPECTED_NAMES });
  const unread =
    others.length > 0
      ? [`Not read: ${others.slice(0, 20).join(', ')}. Expected: ${EXPECTED_NAMES}; other names need a mapping.`]
      : [];
  return { files: files.sort(byOrder), notices: [...unread, ...notices] };
}

const kindOf = (file: FoundFile): FileKind | null =>
  file.format === 'cells' ? kindOfSheet(file.name) : kindOfFile(file.name);

export function isWorkbook(name: string): boolean {
  return /\.(xlsx|xlsm)$/i.test(name);
}

/** Whether it can be a table at all, whatever its name. */
export function isTable(name: string, format?: 'cells'): boolean {
  return format === 'cells' || /\.(csv|txt|tsv|ndjson|jsonl)$/i.test(name);
}

/** The files of a folder, or one file by itself. Throws NOT_FOUND. */
export async function folderFiles(path: string): Promise<{ name: string; path: string }[]> {
  const there = await stat(path).catch(() => null);
  if (!there) throw new DomainError('NOT_FOUND', { what: 'folder', key: path });
  const paths = there.isDirectory() ? (await readdir(path)).sort().map((name) => join(path, name)) : [path];
  const found: { name: string; path: string }[] = [];
  for (const file of paths) {
    const name = basename(file);
    if (name.startsWith('.') || !(await stat(file)).isFile()) continue;
    found.push({ name, path: file });
  }
  return found;
}
