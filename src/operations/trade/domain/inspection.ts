/** What is looked at when goods come in, and what follows from it. */
import { DomainError, parseDecimal } from '@/kernel';

export interface Characteristic {
  name: string;
  /** inclusive limits, decimals; none: passed or failed as it is said */
  low: string | null;
  high: string | null;
  uom: string | null;
}

export interface InspectionPlan {
  characteristics: Characteristic[];
  /** whether goods may be accepted without results, with a reason */
  skippable: boolean;
}

export interface Result {
  characteristic: string;
  measured: string | null;
  result: 'pass' | 'fail' | null;
}

export type Decision = 'accept' | 'hold' | 'reject';

export interface Judged {
  characteristic: string;
  measured: string | null;
  passed: boolean;
  low: string | null;
  high: string | null;
}

/** Judges results by the plan's limits; what a plan does not know is judged as it is said. Throws FIELD_INVALID. */
export function judgeResults(plan: InspectionPlan | null, results: readonly Result[]): Judged[] {
  return results.map((r) => {
    const planned = plan?.characteristics.find((c) => c.name === r.characteristic);
    const low = planned?.low ?? null;
    const high = planned?.high ?? null;
    const limited = low !== null || high !== null;
    if (limited && r.measured === null)
      throw wrong(r.characteristic, 'it has limits: give what was measured ("measured").');
    const within = r.measured === null || isWithin(r.measured, low, high);
    // A value outside its limits is no pass, whatever was pressed.
    if (!within && r.result === 'pass') throw wrong(r.characteristic, 'it is outside its limits and cannot pass.');
    if (!limited && r.result === null) throw wrong(r.characteristic, 'say "pass" or "fail": it has no limits.');
    return { characteristic: r.characteristic, measured: r.measured, passed: within && r.result !== 'fail', low, high };
  });
}

function isWithin(measured: string, low: string | null, high: string | null): boolean {
  const value = parseDecimal(measured);
  return (low === null || value >= parseDecimal(low)) && (high === null || value <= parseDecimal(high));
}

function wrong(characteristic: string, reason: string): DomainError {
  return new DomainError('FIELD_INVALID', { field: `inspection.${characteristic}`, reason });
}

/** Which characteristics of the plan have no result. */
export function missingResults(plan: InspectionPlan | null, results: readonly Result[]): string[] {
  const given = new Set(results.map((r) => r.characteristic));
  return (plan?.characteristics ?? []).map((c) => c.name).filter((name) => !given.has(name));
}

/** Why goods are held that were not looked at yet: by these words and the receipt's number the hold is known again. */
export const pendingReason = (missing: readonly string[]): string => `inspection pending: ${missing.join(', ')}`;

/** What has to be looked at: all that the plan asks for now, and what was missing when the goods came, whatever became of the plan. */
export function planDue(plan: InspectionPlan | null, pending: readonly string[]): InspectionPlan {
  const asked = plan?.characteristics ?? [];
  const dropped = pending.filter((name) => !asked.some((c) => c.name === name));
  return {
    characteristics: [...asked, ...dropped.map((name) => ({ name, low: null, high: null, uom: null }))],
    skippable: plan?.skippable ?? false,
  };
}

export interface Given {
  results: readonly Result[];
  decision: Decision | null;
  reason: string | null;
  /** why what is missing is not looked at */
  skip: string | null;
  /** what passed before */
  passed?: readonly string[];
}

export interface Outcome {
  decision: Decision;
  /** the reason of the hold, where there is one */
  hold: string | null;
  /** what is still to be looked at: a hold of its own, whatever else holds the goods */
  pending: string[];
  judged: Judged[];
}

/**
 * What becomes of goods: as decided where that is allowed, else what the results say. All passed: free. Something failed or
 * missing: on hold. Throws INSPECTION_FAILED, INSPECTION_INCOMPLETE (accepted against the results), REASON_REQUIRED.
 */
export function outcomeOf(unit: string, item: string, plan: InspectionPlan | null, given: Given): Outcome {
  const judged = judgeResults(plan, given.results);
  const failed = judged.filter((j) => !j.passed).map((j) => j.characteristic);
  const unseen = missingResults(plan, given.results).filter((name) => !given.passed?.includes(name));
  const missing = given.skip !== null && (plan?.skippable ?? true) ? [] : unseen;
  const decision = given.decision ?? (failed.length > 0 || missing.length > 0 ? 'hold' : 'accept');
  if (decision === 'accept') {
    if (failed.length > 0) throw new DomainError('INSPECTION_FAILED', { unit, characteristics: failed.join(', ') });
    if (missing.length > 0)
      throw new DomainError('INSPECTION_INCOMPLETE', { item, characteristics: missing.join(', ') });
    return { decision, hold: null, pending: [], judged };
  }
  const why = given.reason ?? (failed.length > 0 ? `inspection failed: ${failed.join(', ')}` : null);
  if (why === null && missing.length === 0)
    throw new DomainError('REASON_REQUIRED', { why: `${unit} is not accepted though nothing failed.` });
  if (decision === 'reject')
    return { decision, hold: `rejected at receipt: ${why ?? pendingReason(missing)}`, pending: [], judged };
  // What failed is decided about as it is: nobody need look at the rest.
  return { decision, hold: why, pending: failed.length > 0 ? [] : missing, judged };
}
