import { Injectable } from '@nestjs/common';
import { DomainError } from '@/kernel';
import { type Context, Database, UnitOfWork } from '@/platform/db';
import { Outbox } from '@/platform/outbox';
import { TraceQueries } from '@/trace';
import type { RecallVerb } from '../domain/states';
import { recallByKey, recallFor } from '../queries';
import { scopeOf, type ScopeView, whatIfOf } from '../scope-queries';
import { saveVersion } from '../scope-versions';
import { differenceOf, moveWatch } from '../watch-queries';
import { AdvanceRecall } from './advance-recall';
import { ApplyVersion } from './apply-version';
import { ReadScopes } from './read-scope';
import type { SaveScopeInput } from './save-scope';
import { type SignatureInput, SignRecall } from './sign-recall';

/** Widens or narrows the scope of a running case, signed: what comes in is on hold, what leaves is let go, in one transaction. */
@Injectable()
export class ResizeScope {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly db: Database,
    private readonly outbox: Outbox,
    private readonly traces: TraceQueries,
    private readonly scopes: ReadScopes,
    private readonly sign: SignRecall,
    private readonly advance: AdvanceRecall,
    private readonly apply: ApplyVersion,
  ) {}

  /** Throws NOT_FOUND, RECALL_STATE, WHAT_IF_NOT_DONE, WHAT_IF_OLD, SCOPE_SAME, SIGNATURE_REQUIRED, and what signing throws. */
  async execute(ctx: Context, input: SaveScopeInput & { signature?: SignatureInput | undefined }): Promise<ScopeView> {
    const { recallId } = await recallByKey(this.db, input.recall);
    const seen = await whatIfOf(this.db, recallId, input.whatIf);
    const summary = await this.traces.summary(seen.trace);
    if (summary.status !== 'done') throw new DomainError('WHAT_IF_NOT_DONE', { status: summary.status });
    if (!input.signature) throw new DomainError('SIGNATURE_REQUIRED', { verb: 'scope of a running case' });
    const { signature: typed } = input;
    const { excluded } = seen.resolved;
    const scope = await this.scopes.read(summary, excluded);
    const columns = await this.traces.scopeColumns(seen.trace);
    return this.uow.run(ctx, async (tx) => {
      const recall = await recallFor(tx, input.recall, 'widen');
      const newest = await scopeOf(tx, recallId, recall.version);
      // What the ledger brought since would leave with it, and nobody has seen that.
      if (scope.position < newest.position)
        throw new DomainError('WHAT_IF_OLD', { recall: recall.key, version: recall.version });
      const left = excluded.map((unit) => unit.unitId);
      const { added, leaving } = await differenceOf(tx, recallId, columns, left);
      const version = await saveVersion(tx, recall, { ...seen, scope, reason: input.reason, cause: 'saved' });
      const signature = await this.sign.within(tx, recall, {
        subject: leaving > 0 ? 'narrowing' : 'widening',
        version,
        digest: scope.digest,
        ...typed,
      });
      await this.apply.within(tx, recall, { version, columns, excluded: new Set(left), narrow: leaving > 0 });
      const verbs: RecallVerb[] = [
        ...(added > 0 || leaving === 0 ? ['widen' as const] : []),
        ...(leaving > 0 ? ['narrow' as const] : []),
      ];
      let now = recall;
      for (const verb of verbs) now = await this.advance.within(tx, now, verb, { signature, note: input.reason });
      await moveWatch(tx, recallId, columns.position, seen.trace);
      await this.outbox.enqueue(tx, 'notices', recall.key);
      return scopeOf(tx, recallId, version);
    });
  }
}
