import { Injectable } from '@nestjs/common';
import { DomainError } from '@/kernel';
import { CreateTask } from '@/operations/warehouse';
import { once } from '@/platform/commands';
import { type Context, UnitOfWork } from '@/platform/db';
import { placesByCode } from '@/reference/places';
import { recallFor } from '../queries';
import { areasOf, quarantine } from '../sweep-queries';

export interface SweepInput {
  id: string;
  recall: string;
  /** swept with all that is below them; by default wherever goods in scope lie */
  places?: string[] | undefined;
  /** where what is found goes; by default where the plant's own sweep rule brings it */
  to?: string | undefined;
}

export interface SweepAnswer {
  sweeps: { task: string; place: string }[];
}

/** Tells the warehouse to fetch what is held: one task a place, each with what is expected there. */
@Injectable()
export class SweepRecall {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly createTask: CreateTask,
  ) {}

  /** Throws NOT_FOUND, RECALL_STATE, RECALL_DRILL, RECALL_SWEEP, UNKNOWN_PLACE, COMMAND_ID_REUSED. */
  execute(ctx: Context, input: SweepInput): Promise<SweepAnswer> {
    return this.uow.run(ctx, async (tx) => {
      const recall = await recallFor(tx, input.recall, 'widen');
      if (recall.drill)
        throw new DomainError('RECALL_DRILL', { recall: recall.key, what: 'its goods stay where they are' });
      return once(tx, { id: input.id, verb: 'sweep-recall', content: input }, async () => {
        const to = input.to ?? (await quarantine(tx));
        if (to === undefined)
          throw new DomainError('RECALL_SWEEP', {
            recall: recall.key,
            reason: 'nothing says where it is to go; name "to"',
          });
        const areas =
          input.places ?? (await areasOf(tx, recall)).map((area) => area.place).filter((place) => place !== to);
        const known = await placesByCode(tx, areas);
        const sweeps: SweepAnswer['sweeps'] = [];
        for (const place of areas) {
          const id = `${input.id}:${place}`;
          const task = await this.createTask
            .within(tx, {
              id,
              kind: 'sweep',
              ref: recall.key,
              title: `Recall ${recall.key}: sweep ${place}`,
              priority: 1,
              place,
              to,
            })
            .catch((error: unknown) => {
              // All of it there is in quarantine already, or out of reach.
              if (error instanceof DomainError && error.code === 'TASK_EMPTY') return null;
              throw error;
            });
          if (!task) continue;
          await tx.query(
            `INSERT INTO recall_sweep (recall_id, task_id, place_id, created_by) VALUES ($1, $2, $3, $4)`,
            [recall.recallId, Number(task.task.slice(2)), known.get(place)?.placeId, ctx.actor],
          );
          sweeps.push({ task: task.task, place });
        }
        if (sweeps.length === 0)
          throw new DomainError('RECALL_SWEEP', { recall: recall.key, reason: 'nothing that it holds lies there' });
        return { sweeps };
      });
    });
  }
}
