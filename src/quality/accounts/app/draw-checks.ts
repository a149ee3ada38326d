import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { DomainError } from '@/kernel';
import { once } from '@/platform/commands';
import { type Context, type Tx, UnitOfWork } from '@/platform/db';
import { draw, recallFor } from '@/quality/recalls';
import { percentOf, sampleSize } from '../domain/sample';
import { consigneesInScope } from '../queries/checks';

export interface DrawInput {
  id: string;
  recall: string;
  seed?: string | undefined;
  /** of level B */
  percent?: number | undefined;
  /** why it is drawn again */
  reason?: string | undefined;
}

export interface DrawDone {
  draw: number;
  seed: string;
  percent: number;
  consignees: number;
  drawn: string[];
}

/** Draws the consignees that are checked, by lot: the same seed over the same consignees draws the same ones. */
@Injectable()
export class DrawChecks {
  constructor(private readonly uow: UnitOfWork) {}

  /** Throws NOT_FOUND, RECALL_STATE, CHECK_LEVEL, CHECK_PERCENT, CHECK_DRAWN. */
  execute(ctx: Context, input: DrawInput): Promise<DrawDone> {
    return this.uow.run(ctx, (tx) =>
      once(tx, { id: input.id, verb: 'draw-checks', content: input }, () => this.within(tx, input)),
    );
  }

  private async within(tx: Tx, { recall: key, percent: said, reason, ...input }: DrawInput): Promise<DrawDone> {
    const { recallId, level, version } = await recallFor(tx, key, 'send');
    if (level === null) throw new DomainError('CHECK_LEVEL', { recall: key });
    const percent = percentOf(level, said);
    const [last] = await tx.query<{ no: number }>(
      `SELECT coalesce(max(draw_no), 0)::int AS no FROM recall_draw WHERE recall_id = $1`,
      [recallId],
    );
    if (last!.no > 0 && !reason?.trim()) throw new DomainError('CHECK_DRAWN', { recall: key });
    const known = await consigneesInScope(tx, recallId);
    const seed = input.seed ?? randomUUID();
    const drawn = draw(
      seed,
      known.map((one) => one.code),
      sampleSize(known.length, percent),
    );
    const done: DrawDone = { draw: last!.no + 1, seed, percent, consignees: known.length, drawn };
    await tx.query(
      `WITH made AS (
         INSERT INTO recall_draw (recall_id, draw_no, level, percent, seed, version, consignees, drawn, reason, drawn_by)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) RETURNING draw_id)
       INSERT INTO recall_check (recall_id, draw_id, partner_id)
       SELECT $1, made.draw_id, p.partner_id FROM made, unnest($11::text[]) WITH ORDINALITY AS x(code, n) JOIN partner p USING (code) ORDER BY x.n`,
      [
        ...[recallId, done.draw, level, percent, seed, version, known.length, drawn.length, reason ?? null],
        ...[tx.ctx.actor, drawn],
      ],
    );
    await tx.audit({
      action: 'draw-checks',
      subject: `recall:${key}`,
      after: { ...done, drawn: drawn.length, reason },
    });
    return done;
  }
}
