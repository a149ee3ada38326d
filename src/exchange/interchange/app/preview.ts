import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Injectable } from '@nestjs/common';
import { DomainError } from '@/kernel';
import { RecordEvents } from '@/ledger';
import { Context, Database, UnitOfWork } from '@/platform/db';
import { Files } from '@/platform/files';
import type { RawRow } from '../csv/read-csv';
import { firstRows } from '../csv/read-table';
import { mappingForHeaders } from '../db/mapping-store';
import { CsvKind, isMaster, kindOfFile, kindOfSheet } from '../domain/files';
import { Guess, guessMapping } from '../domain/guess';
import { ContentIds } from '../domain/identity';
import { mapMaster, MappedMaster } from '../domain/map-master';
import { cellText, headerKey, Mapping, unfit } from '../domain/mapping';
import type { RefusedRow, Row } from '../domain/record';
import { refuseRecord } from '../domain/refuse';
import { mappingByName } from '../mappings';
import { uploadById } from '../queries';
import { guarded, itemsOf, mapGroup } from './map-chunk';
import { PutMaster } from './put-master';
import { eventChunk, RecordChunk } from './record-chunk';
import { readRecords, surveyFile } from './records';
import { IMPORT_SOURCE } from './run-import';
import { FoundFile, ImportFile, isTable, isWorkbook, ownColumns } from './source';
import { firstBytes, tablesOf } from './spool';

const ROWS_SHOWN = 20;

export interface TablePreview {
  name: string;
  /** null: by its name it is nothing that we know, and no mapping was given or guessed */
  kind: CsvKind | 'events' | null;
  headers: string[];
  /** the saved mapping that has exactly these headers */
  saved: string | null;
  /** what we would take it for */
  guess: Guess | null;
  /** the mapping that the rows below were read by; null: by our own headers */
  mapping: Mapping | null;
  rows: PreviewRow[];
}

export interface PreviewRow {
  row: number;
  /** as it stands in the file, by header */
  cells: string[];
  /** as it is read, by our columns */
  read: Readonly<Record<string, string>>;
  errors: { column: string | null; code: string; message: string }[];
}

export interface Preview {
  upload: string;
  name: string;
  tables: TablePreview[];
}

/** Shows the first rows of an uploaded file as they would be read, judged as an import would: in a transaction that is taken back. */
@Injectable()
export class PreviewImport {
  private readonly recordChunk: RecordChunk;

  constructor(
    private readonly uow: UnitOfWork,
    private readonly db: Database,
    private readonly files: Files,
    recordEvents: RecordEvents,
    private readonly putMaster: PutMaster,
  ) {
    this.recordChunk = new RecordChunk(db, recordEvents);
  }

  /** All tables of the file; or one of them, by a mapping that is not saved yet. Throws NOT_FOUND, IMPORT_FILE_UNREADABLE. */
  async execute(
    ctx: Context,
    uploadId: string,
    by: { names?: readonly string[]; table?: string; mapping?: Mapping } = {},
  ): Promise<Preview> {
    const { file_id: fileId, name } = await uploadById(this.db, uploadId);
    const chosen = await Promise.all((by.names ?? []).map((one) => mappingByName(this.db, one)));
    const folder = await mkdtemp(join(tmpdir(), 'unitrail-look-'));
    try {
      const path = join(folder, 'upload');
      const { stream } = await this.files.open(fileId);
      if (isWorkbook(name) || /\.zip$/i.test(name)) await pipeline(stream, createWriteStream(path));
      else await firstBytes(stream, path);
      const found = await tablesOf(path, name, folder, { rowsMax: ROWS_SHOWN });
      const wanted = by.table === undefined ? found : found.filter((file) => file.name === by.table);
      if (wanted.length === 0) throw new DomainError('NOT_FOUND', { what: 'table', key: by.table ?? name });
      const tables: TablePreview[] = [];
      for (const file of wanted) {
        if (!isTable(file.name, file.format)) continue;
        tables.push(await this.table(ctx, file, by.mapping ? [by.mapping] : chosen));
      }
      return { upload: uploadId, name, tables };
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }

  private async table(ctx: Context, file: FoundFile, chosen: readonly Mapping[]): Promise<TablePreview> {
    const named = file.format === 'cells' ? kindOfSheet(file.name) : kindOfFile(file.name);
    const empty = { name: file.name, kind: named, headers: [], saved: null, guess: null, mapping: null, rows: [] };
    if (named === 'events') return empty;
    const { names, rows } = await firstRows(file, ROWS_SHOWN);
    const saved = await mappingForHeaders(this.db, headerKey(names));
    const guess = guessMapping(
      file.name,
      names,
      rows.map((r) => r.cells),
    );
    const own = named !== null && ownColumns(named, names);
    const fitting = chosen.find((mapping) => unfit(mapping, names) === null);
    const mapping = fitting ?? (own ? null : (saved ?? null));
    const kind = mapping?.kind ?? (own ? named : null);
    const shown = { ...empty, kind, headers: names, saved: saved?.name ?? null, guess, mapping };
    const raw = rows.map((r) => ({
      row: r.row,
      cells: r.cells.map((cell) => cellText(cell, null)),
      read: {},
      errors: [],
    }));
    if (!kind) return { ...shown, rows: raw };
    return { ...shown, rows: await this.judged(ctx, asFile(file.name, names, rows, kind, mapping), raw) };
  }

  private async judged(ctx: Context, file: ImportFile & { kind: CsvKind }, raw: PreviewRow[]): Promise<PreviewRow[]> {
    const survey = await surveyFile(file, new AbortController().signal);
    const groups: { rows: Row[] }[] = [];
    for await (const group of readRecords(file, file.kind, survey)) groups.push(group);
    const refused = await this.uow.rehearse({ ...ctx, source: IMPORT_SOURCE }, (inside) =>
      this.refused(inside, file, groups),
    );
    const read = new Map(groups.flatMap((g) => g.rows.map((row) => [row.row, row.cells])));
    return raw.map((row) => ({
      ...row,
      read: read.get(row.row) ?? {},
      errors: refused.filter((r) => r.row === row.row).map(({ column, code, message }) => ({ column, code, message })),
    }));
  }

  private async refused(
    ctx: Context,
    file: ImportFile & { kind: CsvKind },
    groups: { rows: Row[] }[],
  ): Promise<RefusedRow[]> {
    const { name, kind } = file;
    if (!isMaster(kind)) {
      const items = await this.putMaster.items(
        ctx,
        groups.flatMap((g) => g.rows.flatMap(itemsOf)),
      );
      const ids = new ContentIds();
      const table = { name, kind: kind };
      const mapped = groups.map((g) => mapGroup(table, g.rows, items, ids, () => undefined));
      return (await this.recordChunk.execute(ctx, name, await eventChunk(mapped), false)).refusedRows;
    }
    const mapped = groups.map(({ rows }) => guarded(name, rows, () => mapMaster(kind, rows)));
    const good = mapped.filter((m): m is MappedMaster => !Array.isArray(m));
    const bodies = good.map((m) => m.body);
    const result = await this.putMaster.execute(ctx, kind, bodies);
    return [
      ...mapped.filter((m): m is RefusedRow[] => Array.isArray(m)).flat(),
      ...result.refused.flatMap((refusal) => refuseRecord(name, good[refusal.index]!, refusal)),
    ];
  }
}

/** The first rows alone, as a file of an import. */
function asFile(name: string, names: string[], rows: RawRow[], kind: CsvKind, mapping: Mapping | null) {
  const lines = [[1, ...names], ...rows.map((r) => [r.row, ...r.cells])].map((line) => `${JSON.stringify(line)}\n`);
  const open = async () => Readable.from([Buffer.from(lines.join(''))], { objectMode: false });
  return { name, kind, mapping, format: 'cells' as const, open };
}
