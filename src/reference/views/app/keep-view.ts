import { Injectable } from '@nestjs/common';
import { DomainError } from '@/kernel';
import { Context, UnitOfWork } from '@/platform/db';
import { type SavedView, viewsOf } from '../queries';

export interface ViewInput {
  search: Record<string, unknown>;
  shared?: boolean;
}

const VIEWS_MAX = 200;
const SEARCH_CHARACTERS_MAX = 10_000;

/** Keeps a view of a list under a name of one's own, in the place of the one that had it. */
@Injectable()
export class KeepView {
  constructor(private readonly uow: UnitOfWork) {}

  /** Throws FIELD_INVALID: too long, or too many. */
  execute(ctx: Context, list: string, name: string, input: ViewInput): Promise<SavedView[]> {
    const search = JSON.stringify(input.search);
    if (search.length > SEARCH_CHARACTERS_MAX)
      throw new DomainError('FIELD_INVALID', {
        field: 'search',
        reason: `it has ${search.length} characters, at most ${SEARCH_CHARACTERS_MAX} are kept.`,
      });
    return this.uow.run(ctx, async (tx) => {
      await tx.query(
        `INSERT INTO saved_view (list, owner, name, search, shared) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT ON CONSTRAINT saved_view_name DO UPDATE SET search = excluded.search, shared = excluded.shared`,
        [list, ctx.actor, name, search, input.shared ?? false],
      );
      const views = await viewsOf(tx, list, ctx.actor);
      if (views.filter((view) => view.own).length > VIEWS_MAX)
        throw new DomainError('FIELD_INVALID', { field: 'name', reason: `at most ${VIEWS_MAX} views are kept.` });
      return views;
    });
  }
}
