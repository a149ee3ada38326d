/** What a drill is held to, by the standard that an auditor asks for. Pure. */
import type { Goals } from './case';

export const STANDARDS = ['brcgs', 'sqf', 'retailer'] as const;
export type Standard = (typeof STANDARDS)[number];
export const PICKED_BY = ['blast-radius', 'supplier', 'date', 'lot'] as const;
export type PickedBy = (typeof PICKED_BY)[number];

/** BRCGS: traced and added up within four hours; retailers ask for two. SQF leaves it to the plant: the goals of the case. */
const HOURS: Record<Standard, string | null> = { brcgs: '4h', sqf: null, retailer: '2h' };

export function drillGoals(standard: Standard, own: Partial<Goals> = {}): Partial<Goals> {
  const goal = HOURS[standard];
  return goal === null ? own : { scope: goal, holds: goal, notices: goal, accounted: goal, ...own };
}
