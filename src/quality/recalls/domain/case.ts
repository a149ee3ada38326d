/** What a case may say of itself. Pure. */
import { DomainError } from '@/kernel';

export const CLASSES = ['I', 'II', 'III'] as const;
export const DEPTHS = ['consumer', 'retail', 'wholesale'] as const;
export const LEVELS = ['A', 'B', 'C', 'D', 'E'] as const;
export const JURISDICTIONS = ['US-FDA', 'EU-GPSR', 'other'] as const;
export const LANGUAGES = ['en', 'de', 'fr'] as const;

/** The clocks of a case, with what they are held to unless it says otherwise: hours, or working days. */
export const GOALS = { scope: '4h', holds: '24h', notices: '3d', authority: '5d', accounted: '10d' } as const;
export type Clock = keyof typeof GOALS;
export type Goals = Record<Clock, string>;

/** What is known of the hazard, and what was made of it (21 CFR 7.41). */
export interface Hazard {
  severity?: string;
  likelihood?: string;
  population?: string;
  consequence?: string;
  conclusion?: string;
  evaluatedBy?: string;
}

export interface CaseDetails {
  product?: string;
  reason?: string;
  hazard?: Hazard;
  /** what those who have it are to do */
  doWhat?: string;
  contact?: { name?: string; phone?: string; email?: string };
  authority?: string;
}

/** Throws RECALL_GOAL. */
export function goalsOf(given: Partial<Goals> = {}): Goals {
  for (const [clock, goal] of Object.entries(given))
    if (!/^[1-9]\d{0,3}[hd]$/.test(goal)) throw new DomainError('RECALL_GOAL', { clock, goal });
  return { ...GOALS, ...given };
}
