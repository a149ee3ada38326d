/** The times at which a question asks about one unit, held against exposures. */
import { hits, hitsEnd } from './intervals';
import type { Interval, Question } from './types';

/** A point after everything recorded: only what lasts for ever holds it. */
const END = Number.MAX_VALUE;
/** "Now", the end of time, among the times asked. */
const NOW: Interval = [Infinity, Infinity];

export class Asked {
  private readonly ever: boolean;
  /** in order of time; the end of time comes last */
  private readonly times: readonly Interval[];

  constructor(question: Question, unit: number) {
    const at = question.at ?? { kind: 'ever' };
    this.ever = at.kind === 'ever';
    if (at.kind === 'period') this.times = [[at.from, at.until]];
    else this.times = at.kind === 'shipment' ? shipmentTimes(question, unit) : [];
  }

  meets(set: readonly Interval[]): boolean {
    return this.ever ? set.length > 0 : this.times.some((time) => this.touches(set, time));
  }

  /** A point of the set at which it meets the test. */
  pointIn(set: readonly Interval[]): number {
    if (this.ever) return set[0]![0];
    const time = this.times.find((t) => this.touches(set, t))!;
    if (time === NOW) return END;
    return Math.max(time[0], set.find((i) => i[1] > time[0])![0]);
  }

  /** The exclusive end of the last time asked. */
  last(): number {
    return this.ever ? Infinity : Math.max(...this.times.map((t) => t[1]));
  }

  /** The first time asked at or after a moment; [Infinity, Infinity] is "now". */
  from(moment: number): Interval {
    return this.times.find((t) => t[0] >= moment) ?? NOW;
  }

  /** The last time asked that is over by a moment; null where none is. */
  before(moment: number): Interval | null {
    return this.times.filter((t) => t[1] <= moment).sort((a, b) => b[1] - a[1])[0] ?? null;
  }

  private touches(set: readonly Interval[], time: Interval): boolean {
    return time === NOW ? hitsEnd(set) : hits(set, time[0], time[1]);
  }
}

/** SETTLED 24: every shipment of the unit; and now, where it was never shipped or some of it is in house. */
function shipmentTimes(question: Question, unit: number): Interval[] {
  const { shipmentOffset, shipmentFrom, shipmentUntil, inHouse } = question.facts!;
  const times: Interval[] = [];
  for (let i = shipmentOffset[unit]!; i < shipmentOffset[unit + 1]!; i++)
    times.push([shipmentFrom[i]!, shipmentUntil[i]!]);
  times.sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  if (times.length === 0 || inHouse[unit] === 1) times.push(NOW);
  return times;
}
