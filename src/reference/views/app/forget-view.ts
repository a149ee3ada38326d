import { Injectable } from '@nestjs/common';
import { DomainError } from '@/kernel';
import { Context, UnitOfWork } from '@/platform/db';
import { type SavedView, viewsOf } from '../queries';

/** Forgets a view of one's own; nobody takes another's away. */
@Injectable()
export class ForgetView {
  constructor(private readonly uow: UnitOfWork) {}

  /** Throws NOT_FOUND. */
  execute(ctx: Context, list: string, name: string): Promise<SavedView[]> {
    return this.uow.run(ctx, async (tx) => {
      const gone = await tx.query(
        `DELETE FROM saved_view WHERE list = $1 AND owner = $2 AND name = $3 RETURNING saved_view_id`,
        [list, ctx.actor, name],
      );
      if (gone.length === 0) throw new DomainError('NOT_FOUND', { what: 'view of your own', key: name });
      return viewsOf(tx, list, ctx.actor);
    });
  }
}
