/** What an instruction says, of what, and while when. Pure. */
import { DomainError } from '@/kernel';

export const SEVERITIES = ['info', 'warn', 'must'] as const;
export type Severity = (typeof SEVERITIES)[number];

/** What an instruction can be about: one subject each. */
export const SUBJECTS = ['item', 'unit', 'place', 'customer', 'category'] as const;
export type SubjectKind = (typeof SUBJECTS)[number];

export type InstructionState = 'active' | 'upcoming' | 'expired' | 'retired';

/** When it counts: half-open, in ms UTC, null is open. */
export interface Validity {
  fromMs: number | null;
  untilMs: number | null;
  retired: boolean;
}

export function stateAt({ fromMs, untilMs, retired }: Validity, nowMs: number): InstructionState {
  if (retired) return 'retired';
  if (fromMs !== null && nowMs < fromMs) return 'upcoming';
  return untilMs !== null && nowMs >= untilMs ? 'expired' : 'active';
}

/** The one subject that a body names. Throws FIELD_INVALID where it names none, or several. */
export function oneSubject(about: Readonly<Partial<Record<SubjectKind, unknown>>>): SubjectKind {
  const [kind, other] = SUBJECTS.filter((one) => about[one] !== undefined);
  if (!kind || other)
    throw new DomainError('FIELD_INVALID', { field: 'about', reason: `name exactly one of ${SUBJECTS.join(', ')}.` });
  return kind;
}

/** An instruction as a scan shows it. `id` changes with every change of it: what was acknowledged is this text, not a later one. */
export interface ShownInstruction {
  id: string;
  instruction: string;
  version: number;
  severity: Severity;
  acknowledge: boolean;
  /** title and body in one, for where there is room for a sentence alone */
  text: string;
  title: string;
  body: string;
  /** end of validity, ISO 8601; and what else ends it, such as ECN-12 */
  until: string | null;
  untilRef: string | null;
  about: { kind: SubjectKind; key: string; name: string };
  /** opaque ids of those of the units asked about that it is for; empty where it is about a place or customer */
  units: string[];
}

/** A short title and what else there is to say. */
export function sentence(title: string, body: string): string {
  const said = body === '' ? title : `${title}: ${body}`;
  return /[.!?]$/.test(said) ? said : `${said}.`;
}

/** Those that must be acknowledged and are not, the gravest first. */
export function unacknowledged(
  shown: readonly ShownInstruction[],
  acknowledged: readonly string[],
): ShownInstruction[] {
  const given = new Set(acknowledged);
  return inOrder(shown.filter((one) => one.acknowledge && !given.has(one.id)));
}

/** The gravest first; of equal ones, those that must be acknowledged. */
export function inOrder(shown: readonly ShownInstruction[]): ShownInstruction[] {
  const rank = (one: ShownInstruction): number => SEVERITIES.indexOf(one.severity) * 2 + (one.acknowledge ? 1 : 0);
  return [...shown].sort((a, b) => rank(b) - rank(a) || (a.instruction < b.instruction ? -1 : 1));
}
