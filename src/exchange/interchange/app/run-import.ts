import { Injectable } from '@nestjs/common';
import { DomainError } from '@/kernel';
import { RecordEvents, RecordResult, Refusal } from '@/ledger';
import { Settings } from '@/platform/config';
import { Context, Database, UnitOfWork } from '@/platform/db';
import { EventFileKind, isMaster, MasterKind } from '../domain/files';
import { ContentIds } from '../domain/identity';
import { mapBuild } from '../domain/map-builds';
import { mapRow, RowError } from '../domain/map-events';
import { MappedMaster, mapMaster } from '../domain/map-master';
import type { MappedEvent, RefusedRow, Row } from '../domain/record';
import { refuseError, refuseRecord } from '../domain/refuse';
import { JsonLine, readLines } from '../csv/read-lines';
import { beginChunk, finish, ImportRun, Position, recordedBefore, saveChunk, saveSurvey } from '../db/store';
import { PutMaster } from './put-master';
import { readRecords, Survey, surveyFile } from './records';
import type { ImportFile, ImportSource } from './source';

/** All imports share one namespace of event ids, so that a file says the same whoever sends it, and however. */
export const IMPORT_SOURCE = 'import';
const RECORDS_PER_CHUNK = 10_000;
const PLACES_MAX = 100_000;
const NOTICES_MAX = 50;

export interface RunProgress {
  done: number;
  total: number;
  file: string;
}

/** What a chunk came to. */
interface Outcome {
  accepted: number;
  duplicates: number;
  refused: number;
  refusedRows: RefusedRow[];
}

type Recorded = Pick<RecordResult, 'accepted' | 'duplicates'> & { refused: Omit<Refusal, 'id'>[] };

/** A record as it is read: rows of a CSV file, or a line of NDJSON. */
type FileRecord = { rows: Row[] } | JsonLine;

interface Walk {
  run: ImportRun;
  ctx: Context;
  signal: AbortSignal;
  from: Position;
  done: number;
  total: number;
  notices: string[];
  untracked: number;
  onProgress(progress: RunProgress): void;
}

/**
 * Runs an import to its end, from where it stands. First every file is read once through, so that nothing is written of an import
 * with a file that is no CSV; then chunk by chunk, each committed by itself with the position after it.
 */
@Injectable()
export class RunImport {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly db: Database,
    private readonly settings: Settings,
    private readonly recordEvents: RecordEvents,
    private readonly putMaster: PutMaster,
  ) {}

  /** Throws DomainError where the files cannot be read, LeaseLost where the import was cancelled or taken over, and what `signal` says. */
  async execute(
    run: ImportRun,
    source: ImportSource,
    signal: AbortSignal,
    onProgress: (progress: RunProgress) => void = () => undefined,
  ): Promise<void> {
    const ctx: Context = { actor: run.created_by, source: IMPORT_SOURCE, requestId: `import:${run.import_id}` };
    const surveys: Survey[] = [];
    const notices = [...source.notices];
    for (const file of source.files) {
      const survey = await surveyFile(file, signal);
      surveys.push(survey);
      notices.push(...survey.notices);
    }
    const total = surveys.reduce((sum, s) => sum + s.rows, 0);
    await this.uow.run(ctx, (tx) => saveSurvey(tx, run, total, notices.slice(0, NOTICES_MAX)));
    const walk: Walk = {
      run,
      ctx,
      signal,
      from: run.position ?? { file: 0, record: 0, begun: false },
      done: 0,
      total,
      notices,
      untracked: 0,
      onProgress,
    };
    for (const [index, file] of source.files.entries()) {
      if (index < walk.from.file) walk.done += surveys[index]!.rows;
      else await this.file(walk, index, file, surveys[index]!);
    }
    await this.uow.run(ctx, async (tx) => {
      await finish(tx, run, 'done');
      await tx.audit({ action: 'finish-import', subject: `import:${run.import_id}`, after: { name: run.name } });
    });
  }

  private async file(walk: Walk, index: number, file: ImportFile, survey: Survey): Promise<void> {
    // A place may stand before the place above it: all of them are put together.
    const chunkMax = file.kind === 'places' ? PLACES_MAX : Math.min(RECORDS_PER_CHUNK, this.settings.eventsMax);
    const ids = new ContentIds();
    let record = 0;
    let chunk: FileRecord[] = [];
    const take = async () => {
      walk.signal.throwIfAborted();
      await this.chunk(walk, index, file, record, chunk, ids);
      record += chunk.length;
      chunk = [];
    };
    for await (const next of this.read(file, survey)) {
      chunk.push(next);
      if (chunk.length >= chunkMax) await take();
    }
    if (chunk.length > 0) await take();
  }

  private read(file: ImportFile, survey: Survey): AsyncIterable<FileRecord> {
    return file.kind === 'events' ? readLines(file) : readRecords(file, file.kind, survey);
  }

  private async chunk(
    walk: Walk,
    index: number,
    file: ImportFile,
    record: number,
    chunk: FileRecord[],
    ids: ContentIds,
  ): Promise<void> {
    const skipped = index === walk.from.file && record < walk.from.record;
    const begun = index === walk.from.file && record === walk.from.record && walk.from.begun;
    const position: Position = { file: index, record, begun: false };
    // Also what is done already is mapped again: the occurrence numbers of equal rows go on from there.
    const isMasterFile = file.kind !== 'events' && isMaster(file.kind);
    const mapped = isMasterFile ? null : await this.map(walk, file, chunk, ids);
    walk.done += chunk.reduce((sum, r) => sum + ('rows' in r ? r.rows.length : 1), 0);
    if (skipped) return;
    if (!begun) await this.uow.run(walk.ctx, (tx) => beginChunk(tx, walk.run, position));
    const outcome = mapped
      ? await this.recordChunk(walk, file, mapped, begun)
      : await this.masterChunk(walk, file, chunk as { rows: Row[] }[]);
    const notices = [...walk.notices];
    if (walk.untracked > 0)
      notices.push(
        `builds.csv: ${walk.untracked} rows name items without tracking and no code; they are no units and were left out.`,
      );
    await this.uow.run(walk.ctx, (tx) =>
      saveChunk(tx, walk.run, {
        ...outcome,
        done: walk.done,
        file: file.name,
        position: { ...position, record: record + chunk.length },
        notices: notices.slice(0, NOTICES_MAX),
      }),
    );
    walk.onProgress({ done: walk.done, total: walk.total, file: file.name });
  }

  // ------------------------------------------------------------ events

  /** Records → events with ids, or the rows that cannot become one. */
  private async map(
    walk: Walk,
    file: ImportFile,
    chunk: FileRecord[],
    ids: ContentIds,
  ): Promise<(MappedEvent | RefusedRow[])[]> {
    if (file.kind === 'events') return chunk.map((record) => mapLine(record as JsonLine, ids));
    const groups = chunk as { rows: Row[] }[];
    const items = await this.putMaster.items(groups.flatMap((g) => g.rows.flatMap((r) => itemsOf(r))));
    return groups.map(({ rows }) => {
      const kind = file.kind as EventFileKind;
      const mapped = guarded(file.name, rows, () =>
        kind === 'builds' ? mapBuild(rows, items) : mapRow(kind, rows[0]!, items),
      );
      if (Array.isArray(mapped)) return mapped;
      if ('untracked' in mapped) walk.untracked += mapped.untracked as number;
      mapped.event.id ??= ids.idOf(mapped.event);
      return mapped;
    });
  }

  private async recordChunk(
    walk: Walk,
    file: ImportFile,
    mapped: (MappedEvent | RefusedRow[])[],
    begun: boolean,
  ): Promise<Outcome> {
    const events = mapped.filter((m): m is MappedEvent => !Array.isArray(m));
    const refusedRows = mapped.filter((m): m is RefusedRow[] => Array.isArray(m)).flat();
    let refused = mapped.length - events.length;
    const result = await this.record(
      walk.ctx,
      events.map((m) => m.event),
    );
    for (const refusal of result.refused) refusedRows.push(...refuseRecord(file.name, events[refusal.index]!, refusal));
    refused += result.refused.length;
    // Cut off between the facts and the position, the chunk comes again: what is a duplicate now was accepted then.
    const own = begun
      ? await recordedBefore(
          this.db,
          walk.ctx.source,
          walk.ctx.requestId!,
          events.map((m) => String(m.event.id)),
        )
      : 0;
    const before = begun ? Math.max(0, own - result.accepted) : 0;
    refusedRows.sort((a, b) => a.row - b.row);
    return {
      accepted: result.accepted + before,
      duplicates: result.duplicates - before,
      refused,
      refusedRows,
    };
  }

  /**
   * Records events. What the database itself cannot keep (half a surrogate pair in a text, SQLSTATE class 22) is found by halving,
   * so that one such event refuses itself and not its whole chunk.
   */
  private async record(ctx: Context, events: unknown[]): Promise<Recorded> {
    try {
      return await this.recordEvents.execute(ctx, events, { check: 'record', onError: 'proceed' });
    } catch (error) {
      if (!String((error as { code?: unknown }).code).startsWith('22')) throw error;
      if (events.length === 1) {
        const reason = `it holds something that cannot be kept (${(error as Error).message}).`;
        const { code, message, details } = new DomainError('FIELD_INVALID', { field: 'event', reason });
        return { accepted: 0, duplicates: 0, refused: [{ index: 0, code, message, details }] };
      }
      const middle = Math.ceil(events.length / 2);
      const first = await this.record(ctx, events.slice(0, middle));
      const second = await this.record(ctx, events.slice(middle));
      return {
        accepted: first.accepted + second.accepted,
        duplicates: first.duplicates + second.duplicates,
        refused: [...first.refused, ...second.refused.map((r) => ({ ...r, index: r.index + middle }))],
      };
    }
  }

  // ------------------------------------------------------------ master data

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

/** What `map` makes of the rows, or the refused rows where it cannot. */
function guarded<T>(name: string, rows: Row[], map: () => T): T | RefusedRow[] {
  try {
    const row = rows.find((r) => r.broken);
    if (row?.broken) {
      const error = new DomainError('CSV_ROW_BROKEN', { reason: row.broken.reason });
      throw new RowError(row.row, row.broken.column, error);
    }
    return map();
  } catch (error) {
    if (error instanceof RowError) return refuseError(name, rows, error);
    throw error;
  }
}

/** A line of NDJSON as an event; without an id it gets that of its content. */
function mapLine(line: JsonLine, ids: ContentIds): MappedEvent {
  const { row, value } = line;
  const object =
    typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof DomainError);
  const event = object ? { ...(value as Record<string, unknown>) } : (value as Record<string, unknown>);
  if (object) event.id ??= ids.idOf(event);
  return { event, rows: [{ row, cells: {} }], origin: (field) => ({ row, column: field }) };
}

function itemsOf(row: Row): string[] {
  const { item, input_item: input, output_item: output } = row.cells;
  return [item, input, output].filter((code) => code !== undefined);
}
