/** The answer to a scan, in the one shape that every screen of the floor knows. Pure. */
import { DomainError, ErrorCode, formatDecimal } from '@/kernel';
import { Fill, LineState, openInWords } from './judge';

export interface Said {
  verdict: 'ok' | 'warn' | 'stop' | 'ask';
  code?: ErrorCode;
  message: string;
  next?: string;
  details?: Record<string, unknown>;
}

/** What a person may confirm and scan again; all else stops. */
const ASKED: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'PART_REVISION',
  'PART_AMBIGUOUS',
  'INSTRUCTION_UNACKNOWLEDGED',
]);
/** Where other stock of the same or an approved item would help. */
const OFFERS: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'UNIT_ON_HOLD',
  'UNIT_EXPIRED',
  'STOCK_SHORT',
  'NOT_HERE',
  'NOT_IN_HOUSE',
  'ALREADY_INSTALLED',
  'PART_RESERVED',
]);

export const offersOthers = (error: DomainError): boolean => OFFERS.has(error.code);

export function refusalSaid(error: DomainError): Said {
  return {
    verdict: ASKED.has(error.code) ? 'ask' : 'stop',
    code: error.code,
    message: error.message,
    details: error.details,
  };
}

/** What was filled, and what comes next; `states` as they are after it. */
export function filledSaid(unit: string, fill: Fill, states: readonly LineState[]): Said {
  const { line, quantity, position, substituteFor } = fill;
  const now = states.find((s) => s.line === line.line)!;
  const where = `line ${line.line}${position ? ` (${position})` : ''}`;
  const amount = line.tracking === 'serial' ? '' : `${formatDecimal(quantity)} ${line.uom} of `;
  const whose = substituteFor ? `, as the approved substitute of ${substituteFor}` : '';
  return {
    verdict: 'ok',
    message: `${amount}${unit} for ${where}${whose}: ${formatDecimal(now.filled)} of ${line.needed} ${line.uom}.`,
    next: nextSaid(states),
  };
}

export function nextSaid(states: readonly LineState[]): string {
  return states.some((s) => s.open > 0n) ? `Still open: ${openInWords(states)}.` : 'All is built in: finish the build.';
}
