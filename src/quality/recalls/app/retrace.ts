import { Injectable } from '@nestjs/common';
import { DomainError } from '@/kernel';
import { type Context, Database, type Tx } from '@/platform/db';
import { AskTrace, TraceQueries } from '@/trace';
import type { ScopeRules } from '../domain/rules';
import type { Recall } from '../queries';
import { saveVersion, type ScopeVersion } from '../scope-versions';
import { ReadScopes } from './read-scope';
import { ResolveRules } from './resolve-rules';

const POLL_MS = 100;

/** Puts the rules of a scope to the ledger as it is now. */
@Injectable()
export class Retrace {
  constructor(
    private readonly db: Database,
    private readonly rules: ResolveRules,
    private readonly askTrace: AskTrace,
    private readonly traces: TraceQueries,
    private readonly scopes: ReadScopes,
  ) {}

  /** The id of a trace that has just been asked: with what the rules name now. */
  async ask(ctx: Context, rules: ScopeRules): Promise<string> {
    const { question } = await this.rules.execute(rules);
    return this.askTrace.execute(ctx, question);
  }

  /**
   * Whether the rules name the same units as when this trace was asked: what was made in a time, or bears a code, may have been
   * recorded since without touching anything that the trace reached.
   */
  async isStill(traceId: string, rules: ScopeRules): Promise<boolean> {
    if (!rules.made?.length && !rules.items?.length && !rules.texts?.length) return true;
    const { question } = await this.rules.execute(rules);
    const asked = (await this.traces.summary(traceId)).question.seeds;
    const known = new Set(asked.map(({ unit }) => JSON.stringify(unit)));
    // Seeds of their own come first and never change; a scan among them is known by the unit that it meant.
    const found = question.seeds.slice(rules.seeds?.length ?? 0);
    return asked.length === question.seeds.length && found.every(({ unit }) => known.has(JSON.stringify(unit)));
  }

  /** The next version of a locked case: the same rules over a trace that was asked for them. Gives its number. */
  async save(
    tx: Tx,
    recall: Recall,
    { rules, excluded }: ScopeVersion,
    { cause, traceId, reason }: { cause: 'initiation' | 'ledger'; traceId: string; reason: string },
  ): Promise<number> {
    const { resolved } = await this.rules.execute(rules);
    const scope = await this.scopes.read(await this.traces.summary(traceId), excluded);
    return saveVersion(tx, recall, { cause, rules, resolved, trace: traceId, scope, reason });
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
