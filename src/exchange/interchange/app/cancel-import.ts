import { Injectable } from '@nestjs/common';
import { DomainError } from '@/kernel';
import { Context, UnitOfWork } from '@/platform/db';
import { ImportRun } from '../db/store';
import { importView, ImportView, importRun, isFinal } from '../queries';

/** Stops an import after the chunk that it is at. What was recorded stays: facts are taken back by void alone. */
@Injectable()
export class CancelImport {
  constructor(private readonly uow: UnitOfWork) {}

  /** Throws NOT_FOUND; IMPORT_CANCELLED where it is over already. */
  async execute(ctx: Context, id: string): Promise<ImportView> {
    return this.uow.run(ctx, async (tx) => {
      const before = await importRun(tx, id);
      const [after] = await tx.query<ImportRun>(
        `UPDATE import_run SET cancel_asked = true,
           status = CASE WHEN status = 'queued' THEN 'cancelled' ELSE status END,
           finished_at = CASE WHEN status = 'queued' THEN now() END
         WHERE import_id = $1 AND status IN ('queued', 'running') RETURNING *`,
        [id],
      );
      if (!after || isFinal(before.status)) throw new DomainError('IMPORT_CANCELLED', { status: before.status });
      await tx.audit({ action: 'cancel-import', subject: `import:${id}`, before: { status: before.status } });
      return importView(after);
    });
  }
}
