import { Injectable } from '@nestjs/common';
import { DomainError } from '@/kernel';
import { type Context, Database } from '@/platform/db';
import { AskTrace, type QuestionInput } from '@/trace';

const POLL_MS = 100;

/** Puts a scope's question to the ledger as it is now. */
@Injectable()
export class Retrace {
  constructor(
    private readonly db: Database,
    private readonly askTrace: AskTrace,
  ) {}

  /** The id of a trace, that has just been asked. */
  async ask(ctx: Context, question: QuestionInput): Promise<string> {
    return this.askTrace.execute(ctx, { ...question, direction: 'forward', priority: 'recall' });
  }

  /** Waits until a trace has been answered. Throws what it failed with, and what `signal` aborts. */
  async answered(traceId: string, signal: AbortSignal): Promise<void> {
    for (;;) {
      signal.throwIfAborted();
      const [trace] = await this.db.query<{ status: string; code: string | null; message: string | null }>(
        `SELECT status, error_code AS code, error_message AS message FROM trace WHERE trace_id = $1`,
        [traceId],
      );
      if (!trace) throw new DomainError('NOT_FOUND', { what: 'trace', key: traceId });
      if (trace.status === 'done') return;
      if (trace.status === 'failed' || trace.status === 'cancelled')
        throw new DomainError('RECALL_TRACE', { status: trace.status, reason: trace.message ?? trace.status });
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
  }
}
