import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { DomainError } from '@/kernel';
import { Context, Database, UnitOfWork } from '@/platform/db';
import { claim, finish, insertRun, LeaseLost } from '../db/store';
import { importById, ImportView } from '../queries';
import { RunImport, RunProgress } from './run-import';
import type { ImportSource } from './source';

/** Runs an import in this process, for the command line: the same engine as the worker's, without queue and upload. */
@Injectable()
export class ImportHere {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly db: Database,
    private readonly runImport: RunImport,
  ) {}

  /** Gives the import as it ended; files that cannot be read make it `failed`. */
  async execute(
    ctx: Context,
    name: string,
    source: ImportSource,
    onProgress: (progress: RunProgress) => void,
    signal: AbortSignal = new AbortController().signal,
    options: { dryRun?: boolean } = {},
  ): Promise<ImportView> {
    const importId = randomUUID();
    const run = await this.uow.run(ctx, async (tx) => {
      await insertRun(tx, { importId, name, fileId: null, status: 'running', ...options });
      await tx.audit({ action: 'start-import', subject: `import:${importId}`, after: { name } });
      return (await claim(tx, importId))!;
    });
    try {
      await this.runImport.execute(run, source, signal, onProgress);
    } catch (error) {
      const known =
        error instanceof DomainError ? error : new DomainError('INTERNAL', { requestId: `import:${importId}` });
      const status = error instanceof LeaseLost || signal.aborted ? 'cancelled' : 'failed';
      const { code, message } = known;
      await this.uow.run(ctx, (tx) => finish(tx, run, status, status === 'failed' ? { code, message } : undefined));
      if (status === 'failed' && known !== error) throw error;
    }
    return importById(this.db, importId);
  }
}
