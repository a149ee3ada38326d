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

export interface Outcome {
  decision: Decision;
  /** the reason of the hold, where there is one */
  hold: string | null;
}

/**
 * What becomes of goods: as decided where that is allowed, else what the results say. All passed: free. Something failed or
 * missing: on hold. Throws INSPECTION_FAILED, INSPECTION_INCOMPLETE (accepted against the results), REASON_REQUIRED.
 */
export function outcomeOf(
  unit: string,
  item: string,
  plan: InspectionPlan | null,
  given: { results: readonly Result[]; decision: Decision | null; reason: string | null; skip: string | null },
): Outcome & { judged: Judged[] } {
  const judged = judgeResults(plan, given.results);
  const failed = judged.filter((j) => !j.passed).map((j) => j.characteristic);
  const missing = missingResults(plan, given.results);
  const skipped = missing.length > 0 && given.skip !== null && (plan?.skippable ?? true);
  const decision = given.decision ?? (failed.length > 0 || (missing.length > 0 && !skipped) ? 'hold' : 'accept');
  if (decision === 'accept') {
    if (failed.length > 0) throw new DomainError('INSPECTION_FAILED', { unit, characteristics: failed.join(', ') });
    if (missing.length > 0 && !skipped)
      throw new DomainError('INSPECTION_INCOMPLETE', { item, characteristics: missing.join(', ') });
    return { decision, hold: null, judged };
  }
  const why =
    given.reason ??
    (failed.length > 0
      ? `inspection failed: ${failed.join(', ')}`
      : missing.length > 0
        ? `inspection pending: ${missing.join(', ')}`
        : null);
  if (why === null) throw new DomainError('REASON_REQUIRED', { why: `${unit} is not accepted though nothing failed.` });
  return { decision, hold: decision === 'reject' ? `rejected at receipt: ${why}` : why, judged };
}
