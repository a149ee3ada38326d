import { Injectable } from '@nestjs/common';
import { DomainError } from '@/kernel';
import { Context, UnitOfWork } from '@/platform/db';
import { ProgressBus } from '@/platform/jobs';
import { traceChannel } from './run-trace';

/** Ends a trace that is queued or running; a run notices at its next sign of life. Cancelling twice changes nothing. */
@Injectable()
export class CancelTrace {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly bus: ProgressBus,
  ) {}

  async execute(ctx: Context, id: string): Promise<void> {
    await this.uow.run(ctx, async (tx) => {
      const [trace] = await tx.query<{ status: string }>('SELECT status FROM trace WHERE trace_id = $1 FOR UPDATE', [
        id,
      ]);
      if (!trace) throw new DomainError('NOT_FOUND', { what: 'trace', key: id });
      if (trace.status === 'cancelled') return;
      if (trace.status === 'done' || trace.status === 'failed')
        throw new DomainError('TRACE_FINAL', { status: trace.status });
      await tx.query(
        `UPDATE trace SET status = 'cancelled', stage = NULL, finished_at = clock_timestamp() WHERE trace_id = $1`,
        [id],
      );
      await tx.audit({
        action: 'cancel-trace',
        subject: `trace:${id}`,
        before: { status: trace.status },
        after: { status: 'cancelled' },
      });
    });
    this.bus.publish(traceChannel(id), { status: 'cancelled' });
  }
}
