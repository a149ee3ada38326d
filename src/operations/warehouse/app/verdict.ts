/** What a scan is answered with, the same shape in every work. */
import type { DomainError, ErrorCode } from '@/kernel';
import type { ShownInstruction } from '../../instructions';

export interface Verdict {
  verdict: 'ok' | 'warn' | 'stop' | 'ask';
  code?: ErrorCode;
  message: string;
  /** what to do now */
  next?: string;
  unit?: object;
  instructions: readonly ShownInstruction[];
}

/** A refusal that whoever scans must see and deal with. An instruction that is not acknowledged yet asks for it. */
export function refusalSaid(error: DomainError, next?: string): Verdict {
  const { instructions } = error.details as { instructions?: readonly ShownInstruction[] };
  return {
    verdict: error.code === 'INSTRUCTION_UNACKNOWLEDGED' ? 'ask' : 'stop',
    code: error.code,
    message: error.message,
    ...(next !== undefined && { next }),
    instructions: instructions ?? [],
  };
}
