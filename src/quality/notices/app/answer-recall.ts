import { Injectable } from '@nestjs/common';
import { DomainError } from '@/kernel';
import { once } from '@/platform/commands';
import { type Context, type Tx, UnitOfWork } from '@/platform/db';
import { type Recall, recallByKey } from '@/quality/recalls';
import { readAmounts, type Rest, type SaidAmounts } from '../domain/answer';
import { consigneeId } from '../queries/consignees';
import { lineCounts, linesOf, ownUnits } from '../queries/lines';
import type { LinkTarget } from './open-link';

export interface AnswerInput {
  id: string;
  /** who answers, for people to read */
  name: string;
  lines: (SaidAmounts & { line: string })[];
  /** what all lines say that are not named: that nothing is known of them, or that all of it was found, sold … */
  rest?: Rest | undefined;
  note?: string | undefined;
}

export interface AnswerDone {
  /** lines whose answer is another one now */
  changed: number;
  answered: number;
  lines: number;
}

interface Target {
  recall: Recall;
  partnerId: number;
  consignee: string;
  via: 'link' | 'phone';
}

/** Writes down what a consignee answers. A later answer to a line stands in the earlier one's stead, which stays readable. */
@Injectable()
export class AnswerRecall {
  constructor(private readonly uow: UnitOfWork) {}

  /** By the consignee itself. Throws ANSWER_LINE, ANSWER_EMPTY, QUANTITY_INVALID. */
  byLink(requestId: string | undefined, link: LinkTarget, input: AnswerInput): Promise<AnswerDone> {
    const actor = `consignee:${link.consignee}`;
    const ctx: Context = { actor, source: `answer:${link.linkId}`, ...(requestId !== undefined && { requestId }) };
    const { recall, partnerId, consignee } = link;
    return this.run(ctx, input, () => Promise.resolve({ recall, partnerId, consignee, via: 'link' }));
  }

  /** Heard on the phone and typed by us. Throws NOT_FOUND, RECALL_STATE, and as `byLink` does. */
  byPhone(ctx: Context, key: string, consignee: string, input: AnswerInput): Promise<AnswerDone> {
    return this.run(ctx, input, async (tx) => {
      const recall = await recallByKey(tx, key);
      if (recall.state !== 'initiated' && recall.state !== 'monitoring')
        throw new DomainError('RECALL_STATE', {
          recall: key,
          state: recall.state,
          verb: 'answer',
          allowed: 'initiated or monitoring',
        });
      const partnerId = await consigneeId(tx, consignee);
      if (partnerId === 0) throw new DomainError('NOT_FOUND', { what: 'consignee', key: consignee });
      return { recall, partnerId, consignee, via: 'phone' };
    });
  }

  private run(ctx: Context, input: AnswerInput, find: (tx: Tx) => Promise<Target>): Promise<AnswerDone> {
    return this.uow.run(ctx, async (tx) => {
      const target = await find(tx);
      const content = { ...input, recall: target.recall.key, consignee: target.consignee };
      return once(tx, { id: input.id, verb: 'answer-recall', content }, () => this.write(tx, target, input));
    });
  }

  private async write(tx: Tx, { recall, partnerId, consignee, via }: Target, input: AnswerInput): Promise<AnswerDone> {
    const { recallId, version } = recall;
    if (input.lines.length === 0 && input.rest === undefined) throw new DomainError('ANSWER_EMPTY');
    // Two answers of one consignee at one moment take turns.
    await tx.query('SELECT pg_advisory_xact_lock($1, $2)', [recallId, partnerId]);
    const said = input.lines.map(({ line, ...amounts }) => ({ unit_id: unitOf(line), ...readAmounts(amounts, line) }));
    const own = await ownUnits(
      tx,
      { recallId, version, partnerId },
      said.map((one) => one.unit_id),
    );
    const foreign = input.lines.find(({ line }) => !own.has(unitOf(line)));
    if (foreign) throw new DomainError('ANSWER_LINE', { line: foreign.line });
    const about = [recallId, version, partnerId, JSON.stringify(said), input.rest ?? null];
    await tx.query(
      `UPDATE recall_answer a SET superseded = true FROM (${NEW}) n
        WHERE a.recall_id = $1 AND a.partner_id = $3 AND a.unit_id = n.unit_id AND NOT a.superseded
          AND (a.found, a.sold, a.destroyed, a.returned, a.note) IS DISTINCT FROM (n.found, n.sold, n.destroyed, n.returned, n.note)`,
      about,
    );
    const [written] = await tx.query<{ n: number }>(
      `WITH written AS (
         INSERT INTO recall_answer (recall_id, partner_id, unit_id, found, sold, destroyed, returned, note, via, by)
         SELECT $1, $3, n.unit_id, n.found, n.sold, n.destroyed, n.returned, n.note, $6, $7 FROM (${NEW}) n
          WHERE NOT EXISTS (SELECT 1 FROM recall_answer a
            WHERE a.recall_id = $1 AND a.partner_id = $3 AND a.unit_id = n.unit_id AND NOT a.superseded)
         RETURNING 1)
       SELECT count(*)::int AS n FROM written`,
      [...about, via, via === 'link' ? input.name : `${tx.ctx.actor}, for ${input.name}`],
    );
    const now = await lineCounts(tx, { recallId, version, partnerId });
    const done = { changed: written?.n ?? 0, ...now };
    await tx.audit({
      action: 'answer-recall',
      subject: `recall:${recall.key}`,
      after: { consignee, via, name: input.name, ...done, ...(input.note !== undefined && { note: input.note }) },
    });
    return done;
  }
}

const OF = 'coalesce(d.partner_id, 0) = $3';

/** What the answer says of each line ($4: those it names; $5: what it says of the others). */
const NEW = `
  SELECT l.unit_id, coalesce(s.found, CASE WHEN $5 = 'found' THEN l.quantity END, 0) AS found,
      coalesce(s.sold, CASE WHEN $5 = 'sold' THEN l.quantity END, 0) AS sold,
      coalesce(s.destroyed, CASE WHEN $5 = 'destroyed' THEN l.quantity END, 0) AS destroyed,
      coalesce(s.returned, CASE WHEN $5 = 'returned' THEN l.quantity END, 0) AS returned, s.note
    FROM (${linesOf(OF)}) l
    LEFT JOIN jsonb_to_recordset($4::jsonb)
      AS s(unit_id int, found numeric, sold numeric, destroyed numeric, returned numeric, note text) USING (unit_id)
   -- "All of it" says nothing where nobody knows how much it was.
   WHERE s.unit_id IS NOT NULL OR $5::text = 'none' OR ($5::text IS NOT NULL AND l.quantity IS NOT NULL)`;

function unitOf(line: string): number {
  const id = /^u(\d{1,9})$/.exec(line)?.[1];
  if (!id) throw new DomainError('ANSWER_LINE', { line });
  return Number(id);
}
