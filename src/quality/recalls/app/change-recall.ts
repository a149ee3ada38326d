import { Injectable } from '@nestjs/common';
import { DomainError } from '@/kernel';
import { type Context, type Tx, UnitOfWork } from '@/platform/db';
import { type CaseDetails, type Goals, goalsOf } from '../domain/case';
import { type Recall, recallFor } from '../queries';
import type { CreateRecallInput } from './create-recall';

export type ChangeRecallInput = Partial<Omit<CreateRecallInput, 'id' | 'drill'>> & {
  recall: string;
  /** of the case that the person saw */
  revision: number;
};

/** Fixed once a case runs: what is sent and checked hangs on them. A class may still be given by an authority later. */
const FIXED = ['title', 'jurisdiction', 'language', 'fourEyes'] as const;

const COLUMNS = {
  ...{ title: 'title', class: 'class', depth: 'depth', level: 'level' },
  ...{ jurisdiction: 'jurisdiction', language: 'language', fourEyes: 'four_eyes' },
} as const;

/** Changes what a case says of itself; each change is an audit line. */
@Injectable()
export class ChangeRecall {
  constructor(private readonly uow: UnitOfWork) {}

  /** Throws NOT_FOUND, RECALL_STATE, RECALL_CHANGED, RECALL_LATE, RECALL_GOAL. */
  execute(ctx: Context, { recall: key, revision, ...input }: ChangeRecallInput): Promise<void> {
    return this.uow.run(ctx, async (tx) => {
      const recall = await recallFor(tx, key, 'describe');
      if (recall.revision !== revision)
        throw new DomainError('RECALL_CHANGED', { recall: key, revision: recall.revision, expected: revision });
      const runs = recall.state === 'initiated' || recall.state === 'monitoring';
      for (const field of FIXED)
        if (runs && input[field] !== undefined)
          throw new DomainError('RECALL_LATE', { field, recall: key, state: recall.state });
      await this.change(tx, recall, input);
    });
  }

  private async change(tx: Tx, recall: Recall, input: Omit<ChangeRecallInput, 'recall' | 'revision'>): Promise<void> {
    const [before] = await tx.query<{ details: CaseDetails; goals: Goals }>(
      'SELECT details, goals FROM recall WHERE recall_id = $1',
      [recall.recallId],
    );
    const set: string[] = ['revision = revision + 1'];
    const values: unknown[] = [recall.recallId];
    const put = (column: string, value: unknown): void => void set.push(`${column} = $${values.push(value)}`);
    for (const [field, column] of Object.entries(COLUMNS)) {
      const value = input[field as keyof typeof COLUMNS];
      if (value !== undefined) put(column, value);
    }
    if (input.details !== undefined) put('details', JSON.stringify({ ...before!.details, ...input.details }));
    if (input.goals !== undefined) put('goals', JSON.stringify(goalsOf({ ...before!.goals, ...input.goals })));
    await tx.query(`UPDATE recall SET ${set.join(', ')} WHERE recall_id = $1`, values);
    await tx.audit({
      action: 'change-recall',
      subject: `recall:${recall.key}`,
      before: { ...recall, ...before },
      after: input,
    });
  }
}
