/** What a scan is answered with: the same shape at every work. */
import { DomainError, type ErrorCode } from '@/kernel';

export interface Verdict<Shown = unknown> {
  verdict: 'ok' | 'warn' | 'stop' | 'ask';
  code?: ErrorCode;
  message: string;
  /** what to do now */
  next?: string;
  unit?: object;
  instructions: Shown[];
  /** what was read and found, for the screen */
  found?: object;
}

/** Refusals that an answer of the person settles: a reason, a number, an acknowledgement. All others stop. */
const ASKS: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'OVER_DELIVERY',
  'REASON_REQUIRED',
  'ORDER_LINE_AMBIGUOUS',
  'INSPECTION_INCOMPLETE',
  'PICK_OTHER_UNIT',
  'FIELD_REQUIRED',
  'RETURN_EXCEEDS',
]);

/** The verdict of a refusal; anything else is thrown on. */
export function verdictOf<Shown>(error: unknown, instructions: Shown[] = []): Verdict<Shown> {
  if (!(error instanceof DomainError)) throw error;
  return {
    verdict: ASKS.has(error.code) ? 'ask' : error.code === 'PICK_DONE_ALREADY' ? 'warn' : 'stop',
    code: error.code,
    message: error.message,
    instructions,
  };
}
