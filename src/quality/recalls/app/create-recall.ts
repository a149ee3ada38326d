import { Injectable } from '@nestjs/common';
import { once } from '@/platform/commands';
import { type Context, UnitOfWork } from '@/platform/db';
import { type CaseDetails, type Goals, goalsOf } from '../domain/case';

export interface CreateRecallInput {
  id: string;
  title: string;
  drill?: boolean | undefined;
  class?: string | undefined;
  depth?: string | undefined;
  level?: string | undefined;
  jurisdiction?: string | undefined;
  language?: string | undefined;
  /** whether the scope is approved by another person than the one who saved it; unless said, it is */
  fourEyes?: boolean | undefined;
  goals?: Partial<Goals> | undefined;
  details?: CaseDetails | undefined;
}

/** Opens a case, or a drill, as a draft. */
@Injectable()
export class CreateRecall {
  constructor(private readonly uow: UnitOfWork) {}

  /** The case's key. Throws RECALL_GOAL, COMMAND_ID_REUSED. */
  execute(ctx: Context, input: CreateRecallInput): Promise<{ recall: string }> {
    return this.uow.run(ctx, (tx) =>
      once(tx, { id: input.id, verb: 'create-recall', content: input }, async () => {
        const drill = input.drill ?? false;
        const [row] = await tx.query<{ key: string }>(
          `WITH next AS (SELECT nextval(pg_get_serial_sequence('recall', 'recall_id'))::int AS id)
           INSERT INTO recall (recall_id, key, drill, title, class, depth, level, jurisdiction, language, four_eyes, details, goals, created_by)
           SELECT id, $1 || id, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12 FROM next RETURNING key`,
          [
            ...[drill ? 'D' : 'R', drill, input.title, input.class, input.depth, input.level],
            ...[input.jurisdiction ?? 'other', input.language ?? 'en', input.fourEyes ?? true],
            ...[JSON.stringify(input.details ?? {}), JSON.stringify(goalsOf(input.goals)), ctx.actor],
          ],
        );
        const { key } = row!;
        const { id: _, ...after } = input;
        await tx.audit({ action: 'create-recall', subject: `recall:${key}`, after });
        return { recall: key };
      }),
    );
  }
}
