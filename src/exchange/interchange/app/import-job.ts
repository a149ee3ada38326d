import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { Injectable, OnModuleInit } from '@nestjs/common';
import { DomainError } from '@/kernel';
import { Database, UnitOfWork } from '@/platform/db';
import { Files } from '@/platform/files';
import { JobHandler, JobRegistry, ProgressBus } from '@/platform/jobs';
import { mappingForHeaders } from '../db/mapping-store';
import { claim, findRun, finish, heartbeat, ImportRun, LeaseLost, saveStage } from '../db/store';
import { IMPORT_SOURCE, RunImport } from './run-import';
import { ImportSource, mappedSource } from './source';
import { tablesOf } from './spool';

/** An import that is running and was not heard of for so long has lost its worker. */
const LOST_AFTER = '20 seconds';
const HEARTBEAT_EVERY_MS = 4_000;

export function importChannel(id: string): string {
  return `import:${id}`;
}

/** The worker's side of an uploaded import. */
@Injectable()
export class ImportJob implements JobHandler, OnModuleInit {
  readonly queue = 'import';
  /** One at a time a worker: imports are bound by the database, and two of them would only share it. */
  readonly concurrency = 1;

  constructor(
    private readonly registry: JobRegistry,
    private readonly uow: UnitOfWork,
    private readonly db: Database,
    private readonly files: Files,
    private readonly runImport: RunImport,
    private readonly progress: ProgressBus,
  ) {}

  onModuleInit(): void {
    this.registry.register(this);
  }

  async handle(id: string, signal: AbortSignal): Promise<void> {
    const run = await this.uow.run(context(id), (tx) => claim(tx, id));
    if (!run?.file_id) return;
    const folder = await mkdtemp(join(tmpdir(), 'unitrail-import-'));
    // A beat that fails is no reason to fail: the next one comes.
    const beat = setInterval(() => void heartbeat(this.db, run).catch(() => undefined), HEARTBEAT_EVERY_MS);
    try {
      await this.uow.run(context(id), (tx) => saveStage(tx, run, 'unpacking'));
      this.tell(id);
      const source = await this.spool(run, run.file_id, folder);
      await this.runImport.execute(run, source, signal, () => this.tell(id));
    } catch (error) {
      await this.settle(run, error);
    } finally {
      clearInterval(beat);
      await rm(folder, { recursive: true, force: true });
      this.tell(id);
    }
  }

  async findLost(): Promise<string[]> {
    const rows = await this.db.query<{ import_id: string }>(
      `SELECT import_id FROM import_run WHERE file_id IS NOT NULL
         AND (status = 'queued' OR (status = 'running' AND seen_at < now() - $1::interval))`,
      [LOST_AFTER],
    );
    return rows.map((row) => row.import_id);
  }

  async giveUp(id: string, error: Error): Promise<void> {
    const run = await findRun(this.db, id);
    if (!run) return;
    const known = error instanceof DomainError ? error : new DomainError('INTERNAL', { requestId: importChannel(id) });
    await this.uow.run(context(id), (tx) => finish(tx, run, 'failed', { code: known.code, message: known.message }));
    this.tell(id);
  }

  /** A cancelled import ends as that; one that another worker took over is left alone; bad files are final; the rest is tried again. */
  private async settle(run: ImportRun, error: unknown): Promise<void> {
    const id = run.import_id;
    if (error instanceof LeaseLost) {
      const now = await findRun(this.db, id);
      if (now?.cancel_asked && now.attempt === run.attempt)
        await this.uow.run(context(id), (tx) => finish(tx, run, 'cancelled'));
      return;
    }
    if (!(error instanceof DomainError)) throw error;
    const { code, message } = error;
    await this.uow.run(context(id), async (tx) => {
      await finish(tx, run, 'failed', { code, message });
      await tx.audit({ action: 'fail-import', subject: `import:${id}`, after: { code, message } });
    });
  }

  /** The file on this machine's disk, because a zip is read from its end and CSV is read twice. */
  private async spool(run: ImportRun, fileId: string, folder: string): Promise<ImportSource> {
    const path = join(folder, 'upload');
    await pipeline((await this.files.open(fileId)).stream, createWriteStream(path));
    const found = await tablesOf(path, run.name, folder);
    return mappedSource(found, run.mappings, (key) => mappingForHeaders(this.db, key));
  }

  private tell(id: string): void {
    this.progress.publish(importChannel(id), { id });
  }
}

function context(id: string) {
  return { actor: 'system:import', source: IMPORT_SOURCE, requestId: importChannel(id) };
}
