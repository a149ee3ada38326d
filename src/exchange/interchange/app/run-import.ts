import { Injectable } from '@nestjs/common';
import { DomainError } from '@/kernel';
import { RecordEvents } from '@/ledger';
import { Settings } from '@/platform/config';
import { Context, Database, UnitOfWork } from '@/platform/db';
import { JsonLine, readLines } from '../csv/read-lines';
import {
  beginChunk,
  finish,
  ImportRun,
  occurrencesBefore,
  Position,
  saveChunk,
  saveStage,
  saveSurvey,
} from '../db/store';
import { EventFileKind, isMaster, MasterKind } from '../domain/files';
import { ContentIds, ContentNames } from '../domain/identity';
import { MappedMaster, mapMaster } from '../domain/map-master';
import { cellText, Mapping } from '../domain/mapping';
import type { RefusedRow, Row } from '../domain/record';
import { refuseRecord } from '../domain/refuse';
import { ahead } from './ahead';
import { FileRecord, guarded, itemsOf, mapGroup, mapLine } from './map-chunk';
import { PutMaster } from './put-master';
import { EventChunk, eventChunk, Outcome, RecordChunk } from './record-chunk';
import { readRecords, Survey, surveyFile } from './records';
import type { ImportFile, ImportSource } from './source';

/** All imports share one namespace of event ids, so that a file says the same whoever sends it, and however. */
export const IMPORT_SOURCE = 'import';
/** From three thousand on an event costs the same, a third less than with one thousand; more only take memory, and hold locks longer. */
const RECORDS_PER_CHUNK = 4_000;
const PLACES_MAX = 100_000;
const NOTICES_MAX = 50;

export interface RunProgress {
  done: number;
  total: number;
  file: string;
}

interface Walk {
  run: ImportRun;
  /** in whose name facts are recorded; a dry run's takes all of it back */
  ctx: Context;
  /** in whose name the import itself is written on */
  own: Context;
  signal: AbortSignal;
  from: Position;
  done: number;
  total: number;
  notices: string[];
  untracked: number;
  /** where refused rows of another import come again: how often events of the same content were there by then */
  before: Map<string, number>;
  onProgress(progress: RunProgress): void;
}

/** Records of a file that are taken together, mapped already. */
interface Chunk {
  /** the first record of it, counted from 0 */
  first: number;
  records: number;
  rows: number;
  begun: boolean;
  events: EventChunk | null;
  master: { rows: Row[] }[];
}

/**
 * Runs an import to its end, from where it stands. First every file is read once through, so that nothing is written of an import
 * with a file that is no CSV; then chunk by chunk, each committed by itself with the position after it. A dry run does the same in
 * one transaction that is taken back, so that it judges each row on what the rows before it would have made.
 */
@Injectable()
export class RunImport {
  private readonly recordChunk: RecordChunk;

  constructor(
    private readonly uow: UnitOfWork,
    private readonly db: Database,
    private readonly settings: Settings,
    recordEvents: RecordEvents,
    private readonly putMaster: PutMaster,
  ) {
    this.recordChunk = new RecordChunk(db, recordEvents);
  }

  /** Throws DomainError where the files cannot be read, LeaseLost where the import was cancelled or taken over, and what `signal` says. */
  async execute(
    run: ImportRun,
    source: ImportSource,
    signal: AbortSignal,
    onProgress: (progress: RunProgress) => void = () => undefined,
  ): Promise<void> {
    const own: Context = { actor: run.created_by, source: IMPORT_SOURCE, requestId: `import:${run.import_id}` };
    await this.uow.run(own, (tx) => saveStage(tx, run, 'reading'));
    onProgress({ done: 0, total: run.total ?? 0, file: '' });
    const surveys: Survey[] = [];
    const notices = [...source.notices];
    for (const file of source.files) {
      const survey = await surveyFile(file, signal);
      surveys.push(survey);
      notices.push(...survey.notices);
    }
    const total = surveys.reduce((sum, s) => sum + s.rows, 0);
    const { dryRunRowsMax } = this.settings;
    if (run.dry_run && total > dryRunRowsMax)
      throw new DomainError('IMPORT_DRY_RUN_LIMIT', { rows: total, limit: dryRunRowsMax, setting: 'DRY_RUN_ROWS_MAX' });
    const headers = Object.fromEntries(
      source.files.flatMap((f, i) => (surveys[i]!.header ? [[f.name, surveys[i]!.header]] : [])),
    );
    await this.uow.run(own, (tx) => saveSurvey(tx, run, { total, notices: notices.slice(0, NOTICES_MAX), headers }));
    const from = (run.dry_run ? null : run.position) ?? { file: 0, record: 0, begun: false };
    const walk: Walk = {
      run,
      ctx: own,
      own,
      signal,
      from,
      done: 0,
      total,
      notices,
      untracked: 0,
      before: new Map(),
      onProgress,
    };
    if (run.dry_run) await this.uow.rehearse(own, (ctx) => this.walk({ ...walk, ctx }, source, surveys));
    else await this.walk(walk, source, surveys);
    await this.uow.run(own, async (tx) => {
      await finish(tx, run, 'done');
      const after = { name: run.name, ...(run.dry_run && { dryRun: true }) };
      await tx.audit({ action: 'finish-import', subject: `import:${run.import_id}`, after });
    });
  }

  private async walk(walk: Walk, source: ImportSource, surveys: readonly Survey[]): Promise<void> {
    for (const [index, file] of source.files.entries()) {
      if (index < walk.from.file) walk.done += surveys[index]!.rows;
      else await this.file(walk, index, file, surveys[index]!);
    }
  }

  /** While one chunk is recorded, the next one is read; a rehearsal has one connection alone, and does one after the other. */
  private async file(walk: Walk, index: number, file: ImportFile, survey: Survey): Promise<void> {
    const chunks = this.chunks(walk, index, file, survey);
    for await (const chunk of walk.ctx.rehearsal ? chunks : ahead(chunks)) {
      walk.signal.throwIfAborted();
      await this.take(walk, index, file, chunk);
    }
  }

  private async *chunks(walk: Walk, index: number, file: ImportFile, survey: Survey): AsyncGenerator<Chunk> {
    // A place may stand before the place above it: all of them are put together.
    const chunkMax = file.kind === 'places' ? PLACES_MAX : Math.min(RECORDS_PER_CHUNK, this.settings.eventsMax);
    const from = index === walk.from.file ? walk.from : { record: 0, begun: false };
    const ids = new ContentIds(walk.before);
    let first = 0;
    let records: FileRecord[] = [];
    for await (const next of this.read(file, survey)) {
      records.push(next);
      // What is done already is mapped again: the occurrence numbers of equal rows go on from there.
      if (first + records.length === from.record) {
        const done = await this.chunk(walk, file, first, records, ids);
        walk.done += done.rows;
        first = from.record;
        records = [];
      } else if (records.length >= chunkMax && first >= from.record) {
        yield { ...(await this.chunk(walk, file, first, records, ids)), begun: from.begun && first === from.record };
        first += records.length;
        records = [];
      } else if (records.length >= chunkMax) {
        const done = await this.chunk(walk, file, first, records, ids);
        walk.done += done.rows;
        first += records.length;
        records = [];
      }
    }
    if (records.length > 0)
      yield { ...(await this.chunk(walk, file, first, records, ids)), begun: from.begun && first === from.record };
  }

  private read(file: ImportFile, survey: Survey): AsyncIterable<FileRecord> {
    return file.kind === 'events' ? readLines(file) : readRecords(file, file.kind, survey);
  }

  private async chunk(
    walk: Walk,
    file: ImportFile,
    first: number,
    records: FileRecord[],
    ids: ContentIds,
  ): Promise<Chunk> {
    const rows = records.reduce((sum, r) => sum + ('rows' in r ? r.rows.length : 1), 0);
    const chunk = { first, records: records.length, rows, begun: false };
    const { kind } = file;
    if (kind !== 'events' && isMaster(kind)) return { ...chunk, events: null, master: records as { rows: Row[] }[] };
    const map = await this.mapper(walk, file, records);
    if (walk.run.mends) {
      const content = new ContentNames();
      map(content, () => undefined);
      await occurrencesBefore(this.db, walk.run, [...content.names], walk.before);
    }
    return { ...chunk, events: await eventChunk(map(ids, (rows) => (walk.untracked += rows))), master: [] };
  }

  private async mapper(walk: Walk, file: ImportFile, records: FileRecord[]) {
    const { kind, name } = file;
    if (kind === 'events') return (ids: ContentIds) => records.map((line) => mapLine(line as JsonLine, ids));
    const groups = records as { rows: Row[] }[];
    const codes = groups.flatMap((g) => g.rows.flatMap(itemsOf));
    const items = await this.putMaster.items(walk.ctx, codes);
    const table = { name, kind: kind as EventFileKind };
    return (ids: ContentIds, onUntracked: (rows: number) => void) =>
      groups.map((g) => mapGroup(table, g.rows, items, ids, onUntracked));
  }

  private async take(walk: Walk, index: number, file: ImportFile, chunk: Chunk): Promise<void> {
    const position: Position = { file: index, record: chunk.first, begun: false };
    if (!chunk.begun) await this.uow.run(walk.own, (tx) => beginChunk(tx, walk.run, position));
    const outcome = chunk.events
      ? await this.recordChunk.execute(walk.ctx, file.name, chunk.events, chunk.begun && !walk.run.dry_run)
      : await this.masterChunk(walk, file, chunk.master);
    walk.done += chunk.rows;
    const notices = [...walk.notices];
    if (walk.untracked > 0)
      notices.push(
        `builds.csv: ${walk.untracked} rows name items without tracking and no code; they are no units and were left out.`,
      );
    await this.uow.run(walk.own, (tx) =>
      saveChunk(tx, walk.run, {
        ...outcome,
        refusedRows: outcome.refusedRows.map((row) => asTexts(row, file.mapping)),
        done: walk.done,
        file: file.name,
        position: { ...position, record: chunk.first + chunk.records },
        notices: notices.slice(0, NOTICES_MAX),
      }),
    );
    walk.onProgress({ done: walk.done, total: walk.total, file: file.name });
  }

  private async masterChunk(walk: Walk, file: ImportFile, chunk: { rows: Row[] }[]): Promise<Outcome> {
    const kind = file.kind as MasterKind;
    const mapped = chunk.map(({ rows }) => guarded(file.name, rows, () => mapMaster(kind, rows)));
    const good = mapped.filter((m): m is MappedMaster => !Array.isArray(m));
    const refusedRows = mapped.filter((m): m is RefusedRow[] => Array.isArray(m)).flat();
    const result = await this.putMaster.execute(
      walk.ctx,
      kind,
      good.map((m) => m.body),
    );
    for (const refusal of result.refused) refusedRows.push(...refuseRecord(file.name, good[refusal.index]!, refusal));
    return {
      accepted: result.created + result.changed,
      duplicates: result.unchanged,
      refused: mapped.length - good.length + result.refused.length,
      refusedRows: refusedRows.sort((a, b) => a.row - b.row),
    };
  }
}

/** The cells of a refused row as texts that this file's reading reads again as the same: 1.5 of a sheet is 1,5 where commas count. */
function asTexts(row: RefusedRow, mapping: Mapping | null): RefusedRow {
  return row.raw ? { ...row, raw: row.raw.map((cell) => cellText(cell, mapping)) } : row;
}
