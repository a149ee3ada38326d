import { Injectable } from '@nestjs/common';
import { DomainError, parsePeriod } from '@/kernel';
import { once } from '@/platform/commands';
import { Settings } from '@/platform/config';
import { type Context, UnitOfWork } from '@/platform/db';
import { recallFor } from '@/quality/recalls';

export const WAYS = ['visit', 'phone', 'letter', 'email'] as const;
/** acted: knows of it and has done what was asked; informed: knows and has not; not-informed: was reached and knew nothing */
export const OUTCOMES = ['acted', 'informed', 'not-informed', 'not-reached'] as const;

export interface AttemptInput {
  id: string;
  recall: string;
  check: number;
  way: string;
  outcome: string;
  /** who was spoken to */
  person?: string | undefined;
  note?: string | undefined;
  at?: string | undefined;
}

/** Records an attempt at a check, and what was told to an authority: for ever. */
@Injectable()
export class RecordAttempt {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly settings: Settings,
  ) {}

  /** Throws NOT_FOUND, RECALL_STATE, TIME_INVALID, TIME_NEEDS_OFFSET, FIELD_INVALID (in the future). */
  attempt(ctx: Context, input: AttemptInput): Promise<{ check: number }> {
    return this.uow.run(ctx, (tx) =>
      once(tx, { id: input.id, verb: 'record-attempt', content: input }, async () => {
        const { recallId } = await recallFor(tx, input.recall, 'send');
        const rows = await tx.query(
          `INSERT INTO recall_check_attempt (check_id, way, outcome, person, note, made_at, by)
           SELECT check_id, $3, $4, $5, $6, $7, $8 FROM recall_check WHERE recall_id = $1 AND check_id = $2 RETURNING 1`,
          [
            ...[recallId, input.check, input.way, input.outcome, input.person ?? null, input.note ?? null],
            ...[this.past(input.at), ctx.actor],
          ],
        );
        if (rows.length === 0) throw new DomainError('NOT_FOUND', { what: 'check', key: String(input.check) });
        const { id: _, recall, ...after } = input;
        await tx.audit({ action: 'record-attempt', subject: `recall:${recall}`, after });
        return { check: input.check };
      }),
    );
  }

  /** At any time before the case is closed. Throws as `attempt` does, and RECALL_DRILL. */
  told(
    ctx: Context,
    input: { recall: string; authority: string; at?: string | undefined; ref?: string | undefined },
  ): Promise<{ authority: string; at: Date; ref: string | null }> {
    return this.uow.run(ctx, async (tx) => {
      const { recallId, drill } = await recallFor(tx, input.recall, 'describe');
      if (drill) throw new DomainError('RECALL_DRILL', { recall: input.recall, what: 'no authority is told of it' });
      const told = { authority: input.authority, at: this.past(input.at), ref: input.ref ?? null };
      await tx.query(`INSERT INTO recall_told (recall_id, authority, ref, told_at, by) VALUES ($1, $2, $3, $4, $5)`, [
        recallId,
        told.authority,
        told.ref,
        told.at,
        ctx.actor,
      ]);
      await tx.audit({ action: 'tell-authority', subject: `recall:${input.recall}`, after: told });
      return told;
    });
  }

  private past(at: string | undefined): Date {
    if (at === undefined) return new Date();
    const { from } = parsePeriod(at, this.settings.timeZone);
    if (from > Date.now())
      throw new DomainError('FIELD_INVALID', { field: 'at', reason: 'it lies in the future; say when it happened.' });
    return new Date(from);
  }
}
