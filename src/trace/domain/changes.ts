/** What changed for a unit between two traces, in codes and in words. Pure. */
import type { Reason } from '../engine';
import { Certainty, ResolvedQuestion, canonicalQuestion } from './question';

export const CHANGES = ['added', 'removed', 'reclassified'] as const;
export type Change = (typeof CHANGES)[number];

/** How a unit stands in one trace; null: the trace does not reach it. */
export type Stand = { affected: true; certainty: Certainty } | { affected: false; reason: Reason } | null;

export type ChangeReason =
  | 'newly-reached'
  | 'no-longer-reached'
  | 'no-longer-excluded'
  | 'newly-excluded'
  | 'other-reason'
  | 'certainty'
  | 'exposure'
  | 'certainty-and-exposure';

export function changeReason(before: Stand, after: Stand, sameExposure: boolean): ChangeReason {
  if (!before) return 'newly-reached';
  if (!after) return 'no-longer-reached';
  if (before.affected !== after.affected) return after.affected ? 'no-longer-excluded' : 'newly-excluded';
  if (!before.affected || !after.affected) return 'other-reason';
  if (before.certainty === after.certainty) return 'exposure';
  return sameExposure ? 'certainty' : 'certainty-and-exposure';
}

/** The fields in which two questions differ, as they are understood: the order of typing is no difference. */
export function questionsDiffer(one: ResolvedQuestion, other: ResolvedQuestion): string[] {
  const a = canonicalQuestion(one) as Record<string, unknown>;
  const b = canonicalQuestion(other) as Record<string, unknown>;
  return [...new Set([...Object.keys(a), ...Object.keys(b)])].filter(
    (field) => JSON.stringify(a[field]) !== JSON.stringify(b[field]),
  );
}

const BECAUSE: Record<Reason, string> = {
  'before-exposure': 'because nothing exposes it at the time asked',
  removed: 'because it, or what is in it, was taken out before the time asked',
  barrier: 'because a barrier of the question stops the risk',
  'only-possible': 'because it is only possible and the question asks for what is certain',
  'below-threshold': 'because its share is below the threshold of the question',
};

export interface Cause {
  questionsDiffer: readonly string[];
  positions: readonly [before: number, after: number];
}

/** "Lot FG-1 L-9 was not reached and is affected now (certain). The ledger went on from position 10 to 14." */
export function changeSentence(unit: string, before: Stand, after: Stand, sameExposure: boolean, cause: Cause): string {
  const text = `${unit.charAt(0).toUpperCase()}${unit.slice(1)}`;
  return `${text} ${wordsOf(before, after, sameExposure)}. ${causeSentence(cause)}`;
}

function wordsOf(before: Stand, after: Stand, sameExposure: boolean): string {
  if (before?.affected && after?.affected) {
    const certainty =
      before.certainty === after.certainty
        ? `is ${after.certainty}`
        : `was ${before.certainty} and is ${after.certainty}`;
    return `is affected in both: it ${certainty}${sameExposure ? '' : ', and is exposed at other times'}`;
  }
  return `${standWords(before, 'was')} and ${standWords(after, 'is')} now`;
}

function standWords(stand: Stand, verb: 'was' | 'is'): string {
  if (!stand) return `${verb} not reached`;
  return stand.affected ? `${verb} affected (${stand.certainty})` : `${verb} left out ${BECAUSE[stand.reason]}`;
}

function causeSentence({ questionsDiffer: fields, positions: [one, other] }: Cause): string {
  const causes: string[] = [];
  if (fields.length > 0) causes.push(`the questions differ in ${listed(fields)}`);
  if (other > one) causes.push(`the ledger went on from position ${one} to ${other}`);
  if (other < one) causes.push(`the second trace stands at the earlier ledger position ${other} in place of ${one}`);
  const text = causes.join(', and ');
  return text ? `${text.charAt(0).toUpperCase()}${text.slice(1)}.` : 'Question and ledger position are the same.';
}

function listed(fields: readonly string[]): string {
  return fields.length < 2 ? fields.join('') : `${fields.slice(0, -1).join(', ')} and ${fields.at(-1)}`;
}
