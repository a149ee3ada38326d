import { Injectable } from '@nestjs/common';
import { DomainError } from '@/kernel';
import type { Tx } from '@/platform/db';
import { nextState, type RecallState, type RecallVerb, TRANSITIONS } from '../domain/states';
import type { Recall } from '../queries';
import type { Signature } from './sign-recall';

export interface AdvanceWith {
  signature?: Pick<Signature, 'signatureId'> | undefined;
  note?: string | undefined;
  /** the worker did it: what was signed is said by the step before */
  unattended?: boolean;
}

/** Takes a case along the transition table: the step, the new state, the revision and an audit line. Every verb goes through it. */
@Injectable()
export class AdvanceRecall {
  /** `recall` is locked (`recallFor`). Gives the case as it is then. Throws RECALL_STATE, SIGNATURE_REQUIRED. */
  async within(
    tx: Tx,
    recall: Recall,
    verb: RecallVerb,
    { signature, note, unattended }: AdvanceWith = {},
  ): Promise<Recall> {
    const to = nextState(recall.state, verb);
    if (to === null)
      throw new DomainError('RECALL_STATE', {
        recall: recall.key,
        state: recall.state,
        verb,
        allowed: TRANSITIONS[verb].from.join(' or '),
      });
    if (TRANSITIONS[verb].signed && !signature && !unattended) throw new DomainError('SIGNATURE_REQUIRED', { verb });
    await tx.query(
      `INSERT INTO recall_step (recall_id, verb, from_state, to_state, signature_id, note, by)
       VALUES ($1, $2, $3, $4, $5, $6, $7)`,
      [recall.recallId, verb, recall.state, to, signature?.signatureId, note, tx.ctx.actor],
    );
    const [after] = await tx.query<{ revision: number }>(
      `UPDATE recall SET state = $2, outcome = $3, revision = revision + 1 WHERE recall_id = $1 RETURNING revision`,
      [recall.recallId, to, outcomeOf(to, verb)],
    );
    await tx.audit({
      action: `${verb}-recall`,
      subject: `recall:${recall.key}`,
      before: { state: recall.state },
      after: { state: to, ...(signature && { signature: signature.signatureId }), ...(note !== undefined && { note }) },
    });
    return { ...recall, state: to, revision: after!.revision };
  }
}

function outcomeOf(to: RecallState, verb: RecallVerb): 'completed' | 'withdrawn' | null {
  if (to !== 'closed') return null;
  return verb === 'withdraw' ? 'withdrawn' : 'completed';
}
