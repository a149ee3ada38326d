import { Injectable } from '@nestjs/common';
import { DomainError } from '@/kernel';
import { once } from '@/platform/commands';
import { type Context, type Tx, UnitOfWork } from '@/platform/db';
import { closeLines, linesOf, lockTask, setStatus, type TaskRecord } from '../db/tasks';
import { checkTransition, tally, type TaskStatus } from '../domain/task';

export type TaskChange =
  | { to: 'assigned'; assignee: string | null }
  | { to: 'in-progress' }
  | { to: 'done'; reason?: string }
  | { to: 'cancelled'; reason: string };

/** Gives a task to somebody, begins it, ends it, or takes it back. */
@Injectable()
export class ChangeTask {
  constructor(private readonly uow: UnitOfWork) {}

  /**
   * Beginning a task that is nobody's takes it; one that is another's is refused. Ending it with open lines needs a reason,
   * which those lines keep: missing in a sweep, skipped elsewhere. Throws NOT_FOUND, TASK_STATE, TASK_TAKEN, TASK_LINES_OPEN.
   */
  execute(ctx: Context, ref: string, id: string, change: TaskChange): Promise<{ task: string }> {
    return this.uow.run(ctx, (tx) =>
      once(tx, { id, verb: 'change-task', content: { ref, ...change } }, async () => {
        const task = await lockTask(tx, ref);
        const name = `T-${task.taskId}`;
        checkTransition(name, task.status, change.to);
        await this.apply(tx, task, name, change);
        await tx.audit({
          action: `${change.to}-task`,
          subject: `task:${name}`,
          before: { status: task.status, assignee: task.assignee },
          after: change,
        });
        return { task: name };
      }),
    );
  }

  /** A line that cannot be done: not there, or left for a reason. The task is done with its last open line. */
  skipLine(
    ctx: Context,
    ref: string,
    lineId: number,
    id: string,
    how: { status: 'missing' | 'skipped'; reason: string },
  ): Promise<{ task: string }> {
    return this.uow.run(ctx, (tx) =>
      once(tx, { id, verb: 'skip-line', content: { ref, lineId, ...how } }, async () => {
        const task = await lockTask(tx, ref);
        const name = `T-${task.taskId}`;
        checkTransition(name, task.status, 'in-progress');
        const closed = await closeLines(tx, task.taskId, how.status, how.reason, lineId);
        if (closed === 0) throw new DomainError('NOT_FOUND', { what: 'open line', key: lineId });
        await finishOrGoOn(tx, task);
        await tx.audit({
          action: `${how.status}-task-line`,
          subject: `task:${name}`,
          after: { line: lineId, reason: how.reason },
        });
        return { task: name };
      }),
    );
  }

  private async apply(tx: Tx, task: TaskRecord, name: string, change: TaskChange): Promise<void> {
    switch (change.to) {
      case 'assigned': {
        const status: TaskStatus =
          change.assignee === null ? 'open' : task.status === 'in-progress' ? 'in-progress' : 'assigned';
        return setStatus(tx, task.taskId, status, { assignee: change.assignee });
      }
      case 'in-progress':
        refuseIfTaken(task, tx.ctx.actor);
        return setStatus(tx, task.taskId, 'in-progress', { assignee: nameOf(tx.ctx.actor) });
      case 'done': {
        const { open } = tally(await linesOf(tx, [task.taskId]));
        if (open > 0) {
          if (change.reason === undefined) throw new DomainError('TASK_LINES_OPEN', { task: name, open });
          await closeLines(tx, task.taskId, task.kind === 'sweep' ? 'missing' : 'skipped', change.reason);
        }
        return setStatus(tx, task.taskId, 'done', change.reason === undefined ? {} : { reason: change.reason });
      }
      case 'cancelled':
        await closeLines(tx, task.taskId, 'skipped', change.reason);
        return setStatus(tx, task.taskId, 'cancelled', { reason: change.reason });
    }
  }
}

/** `user:anna` is anna to people, and in assignments. */
export function nameOf(actor: string): string {
  return actor.slice(actor.indexOf(':') + 1);
}

/** Throws TASK_TAKEN. */
export function refuseIfTaken(task: TaskRecord, actor: string): void {
  if (task.assignee !== null && task.assignee !== nameOf(actor))
    throw new DomainError('TASK_TAKEN', { task: `T-${task.taskId}`, assignee: task.assignee });
}

/** Done with the last open line, in progress before. */
export async function finishOrGoOn(tx: Tx, task: TaskRecord): Promise<boolean> {
  const { open } = tally(await linesOf(tx, [task.taskId]));
  const done = open === 0 && task.kind !== 'sweep';
  await setStatus(tx, task.taskId, done ? 'done' : 'in-progress', {
    assignee: task.assignee ?? nameOf(tx.ctx.actor),
  });
  return done;
}
