import { Injectable, Logger } from '@nestjs/common';
import { Context, Database, UnitOfWork } from '@/platform/db';
import { ProgressBus } from '@/platform/jobs';
import { storeAmounts } from '../db/store-answer';
import type { StoredQuestion } from '../domain/question';
import { amountsIn } from './amounts-of-answer';
import { exposureAt } from './answer';
import { traceChannel } from './run-trace';
import { TraceSource } from './trace-source';

const RUNNER: Context = { actor: 'system:amounts', source: 'system:amounts' };
/** Amounts that still are not there by then have lost their job. */
const LOST_AFTER = '2 minutes';

/**
 * The amounts of a wide answer: they take longer than all else, so the answer does not wait for them. Safe to run twice: the
 * same facts give the same amounts, and only the first to finish stores them.
 */
@Injectable()
export class RunAmounts {
  private readonly logger = new Logger('Amounts');

  constructor(
    private readonly db: Database,
    private readonly uow: UnitOfWork,
    private readonly source: TraceSource,
    private readonly bus: ProgressBus,
  ) {}

  async execute(id: string, signal?: AbortSignal): Promise<void> {
    const [trace] = await this.db.query<{ trace_no: number; question: StoredQuestion; position: number }>(
      `SELECT trace_no, question, position FROM trace WHERE trace_id = $1 AND status = 'done' AND amounts = 'pending'`,
      [id],
    );
    if (!trace) return;
    const startedAt = Date.now();
    const { resolved } = trace.question;
    const { answer } = await this.source.compute(resolved, trace.position, 'auto', { signal });
    const exposed = { unitId: answer.unitId, exposureOf: (row: number) => exposureAt(answer, row) };
    const amounts = await amountsIn(this.db, trace.position, resolved, exposed, { signal });
    await this.uow.run(RUNNER, async (tx) => {
      const [mine] = await tx.query(
        `SELECT trace_no FROM trace WHERE trace_no = $1 AND amounts = 'pending' AND expired_at IS NULL FOR UPDATE`,
        [trace.trace_no],
      );
      if (!mine) return;
      await storeAmounts(tx, trace.trace_no, answer, amounts);
      await tx.query(`UPDATE trace SET amounts = 'done' WHERE trace_no = $1`, [trace.trace_no]);
    });
    this.bus.publish(traceChannel(id), { amounts: 'done' });
    this.logger.log({ msg: 'amounts mixed', trace: id, units: answer.length, ms: Date.now() - startedAt });
  }

  async findLost(): Promise<string[]> {
    const rows = await this.db.query<{ trace_id: string }>(
      `SELECT trace_id FROM trace WHERE status = 'done' AND amounts = 'pending' AND expired_at IS NULL
          AND finished_at < clock_timestamp() - $1::interval ORDER BY trace_no`,
      [LOST_AFTER],
    );
    return rows.map((r) => r.trace_id);
  }
}
