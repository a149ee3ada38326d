import { Injectable } from '@nestjs/common';
import { DomainError } from '@/kernel';
import { type Context, Database, UnitOfWork } from '@/platform/db';
import { TraceQueries } from '@/trace';
import { recallByKey, recallFor } from '../queries';
import { scopeOf, type ScopeView, whatIfOf } from '../scope-queries';
import { saveVersion } from '../scope-versions';
import { AdvanceRecall } from './advance-recall';
import { ReadScopes } from './read-scope';

export interface SaveScopeInput {
  recall: string;
  whatIf: string;
  reason: string;
}

/** Saves what a person has seen as the next version of the scope. It never changes after that, and its trace is kept for ever. */
@Injectable()
export class SaveScope {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly db: Database,
    private readonly traces: TraceQueries,
    private readonly scopes: ReadScopes,
    private readonly advance: AdvanceRecall,
  ) {}

  /** Before initiation alone. Throws NOT_FOUND, RECALL_STATE, WHAT_IF_NOT_DONE, SCOPE_SAME. */
  async execute(ctx: Context, input: SaveScopeInput): Promise<ScopeView> {
    const { recallId } = await recallByKey(this.db, input.recall);
    const seen = await whatIfOf(this.db, recallId, input.whatIf);
    const summary = await this.traces.summary(seen.trace);
    if (summary.status !== 'done') throw new DomainError('WHAT_IF_NOT_DONE', { status: summary.status });
    const scope = await this.scopes.read(summary, seen.resolved.excluded);
    return this.uow.run(ctx, async (tx) => {
      const recall = await recallFor(tx, input.recall, 'scope');
      const version = await saveVersion(tx, recall, { ...seen, scope, reason: input.reason, cause: 'saved' });
      await this.advance.within(tx, recall, 'scope', { note: input.reason });
      return scopeOf(tx, recallId, version);
    });
  }
}
