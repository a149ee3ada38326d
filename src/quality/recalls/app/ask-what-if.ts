import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { type Context, Database, UnitOfWork } from '@/platform/db';
import { AskTrace } from '@/trace';
import type { ScopeRules } from '../domain/rules';
import { recallByKey } from '../queries';
import { ResolveRules } from './resolve-rules';

/** Asks what a scope would be. Nothing of the case changes: what was seen can be saved as a version. */
@Injectable()
export class AskWhatIf {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly db: Database,
    private readonly rules: ResolveRules,
    private readonly askTrace: AskTrace,
  ) {}

  /** The id of the what-if. Throws NOT_FOUND, what resolving the rules throws, and what asking a trace throws. */
  async execute(ctx: Context, key: string, rules: ScopeRules): Promise<string> {
    const { recallId } = await recallByKey(this.db, key);
    const { question, resolved } = await this.rules.execute(rules);
    const trace = await this.askTrace.execute(ctx, question);
    const id = randomUUID();
    await this.uow.run(ctx, (tx) =>
      tx.query(
        `INSERT INTO recall_what_if (what_if_id, recall_id, rules, resolved, trace_id, created_by) VALUES ($1, $2, $3, $4, $5, $6)`,
        [id, recallId, JSON.stringify(rules), JSON.stringify(resolved), trace, ctx.actor],
      ),
    );
    return id;
  }
}
