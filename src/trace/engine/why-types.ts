/** Why a unit is in, or out: chains of links that are true in time. */
import type { Interval, Reason } from './types';

export interface WhyStep {
  /** the link's number */
  link: number;
  input: number;
  output: number;
  certain: boolean;
  /** the exposure that this chain brings to the far unit of the link (the output forward, the input backward) */
  carried: Interval[];
}

/** Links in the order of the material: forward from the seed on, backward up to the target. */
export interface WhyChain {
  seed: number;
  steps: WhyStep[];
}

export interface Why {
  unit: number;
  seed: number;
  /** forward: from the seed to the unit; backward: from the unit to the target. Empty for a seed itself. */
  chain: WhyStep[];
  /** how many distinct facts link exposure directly into the unit (backward: out of it) */
  waysIn: number;
  /**
   * The chain that meets the question's `at` over the fewest links that are only possible, and of those a shortest; the same
   * object as `chain` where that is as good. Over certain links alone where the unit is certain. Null: `at` is not met.
   */
  surest: WhyChain | null;
  /** of a unit that is only possible: its exposure over certain links alone, which does not meet `at`; else null */
  sure: Interval[] | null;
}

export interface WhyNot {
  unit: number;
  reason: Exclude<Reason, 'below-threshold'>;
  seed: number;
  /** the links of the way that carry exposure, from the seed up to the failed link */
  chain: WhyStep[];
  /** the link at which the way failed; null where the seed's own window is what failed */
  failed: number | null;
  /** the links by which it would have gone on to the unit; like the chain in the order of the material */
  onwards: number[];
  /** every link of the way that fails for the reason, in walking order; `failed` is one of them */
  failing: number[];
  /**
   * before-exposure: the exposure (of the failed link's near end, or of the unit) that is nearest to what missed it;
   * removed: the stretch of the unit's exposure that ended before the time asked
   */
  exposed: Interval | null;
  /** the time asked that was missed, where `at` was; [Infinity, Infinity] is "now" */
  asked: Interval | null;
}
