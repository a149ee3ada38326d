/** A whole trace: plain reachability, the exposures over all, unbarred and certain links, and the verdict on every row. */
import { Walked, exposurePass, walk } from './exposure';
import type { Field, WalkMemory } from './walk-memory';
import type { ExposureTable } from './exposure-table';
import {
  AFFECTED,
  At,
  GenealogyGraph,
  Question,
  REASONS,
  Reason,
  Seed,
  TraceRows,
  UnitFacts,
  WalkOptions,
  WalkProgress,
} from './types';

export function traceForward(graph: GenealogyGraph, question: Question, options: WalkOptions = {}): TraceRows {
  return finish(trace(graph, question, false), options);
}

export function traceBackward(graph: GenealogyGraph, question: Question, options: WalkOptions = {}): TraceRows {
  return finish(trace(graph, question, true), options);
}

/** As traceForward, giving way to other work between chunks, so that a signal can arrive. */
export function traceForwardAsync(
  graph: GenealogyGraph,
  question: Question,
  options: WalkOptions = {},
): Promise<TraceRows> {
  return finishAsync(trace(graph, question, false), options);
}

export function traceBackwardAsync(
  graph: GenealogyGraph,
  question: Question,
  options: WalkOptions = {},
): Promise<TraceRows> {
  return finishAsync(trace(graph, question, true), options);
}

export function finish<T>(steps: Generator<WalkProgress, T>, options: WalkOptions): T {
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
    options.signal?.throwIfAborted();
    options.onProgress?.(step.value);
  }
}

export async function finishAsync<T>(steps: Generator<WalkProgress, T>, options: WalkOptions): Promise<T> {
  for (;;) {
    options.signal?.throwIfAborted();
    const step = steps.next();
    if (step.done) return step.value;
    options.onProgress?.(step.value);
    await new Promise<void>((resolve) => setImmediate(resolve));
  }
}

function* trace(graph: GenealogyGraph, question: Question, backward: boolean): Generator<WalkProgress, TraceRows> {
  const walked = yield* walkFrom(graph, question.seeds, backward);
  return yield* conclude(graph, question, backward, walked);
}

/** What is there without looking at barriers: the units that plain reachability reaches, and their exposures. */
export function walkFrom(
  graph: GenealogyGraph,
  seeds: readonly Seed[],
  backward: boolean,
  memory?: WalkMemory,
): Generator<WalkProgress, Walked> {
  return walk({ graph, seeds, backward, certainToo: graph.hasPossible, memory, stage: 'exposure' });
}

/** The verdicts on what was walked. */
export function* conclude(
  graph: GenealogyGraph,
  question: Question,
  backward: boolean,
  walked: Walked,
): Generator<WalkProgress, TraceRows> {
  const at: At = question.at ?? { kind: 'ever' };
  if (backward && (at.kind !== 'ever' || question.dropped)) throw new RangeError('at and barriers are forward only.');
  if (at.kind === 'shipment' && !question.facts) throw new RangeError('at: shipment needs the facts of the units.');
  const { seeds } = question;
  const { field } = walked;
  const dropped = question.dropped?.includes(1) ? question.dropped : undefined;
  const base = { graph, field, seeds, backward, dropped };
  const barred = dropped ? yield* walk({ ...base, certainToo: graph.hasPossible, stage: 'certainty' }) : walked;
  const onlyCertain = question.certainty === 'certain';
  const test = new Test(at, field, question.facts);
  let narrow: ExposureTable | undefined;
  if (graph.hasCoarse || test.hasCoarseShipments())
    narrow = yield* exposurePass({ ...base, certainOnly: onlyCertain, sure: true, stage: 'coarse-times' });
  return judge({ field, test, all: walked.all, barred: barred.all, certain: barred.certain, onlyCertain, narrow });
}

interface Passes {
  field: Field;
  test: Test;
  /** over all links, barriers or not */
  all: ExposureTable;
  /** over the links that no barrier drops */
  barred: ExposureTable;
  /** over those of them that are certain */
  certain: ExposureTable;
  onlyCertain: boolean;
  /** as asked, with coarse times read narrowly; absent when no time is coarse */
  narrow: ExposureTable | undefined;
}

/** The filters in the order of SETTLED 26; below-threshold has its place after them, in the scan of amounts. */
function judge(p: Passes): TraceRows {
  const length = p.field.units.length;
  const verdict = new Uint8Array(length);
  const depth = new Int32Array(length);
  const certain = new Uint8Array(length);
  const coarse = new Uint8Array(length);
  let affectedCount = 0;
  let certainCount = 0;
  const plain = p.test.isEver && p.barred === p.all && !p.onlyCertain && !p.narrow;
  // What most questions ask, without a call a row.
  for (let row = 0; plain && row < length; row++) {
    depth[row] = p.all.depth[row]!;
    if (p.all.lo[row]! >= p.all.hi[row]!) {
      verdict[row] = 1 + REASONS.indexOf('before-exposure');
      continue;
    }
    affectedCount++;
    if (p.certain.lo[row]! >= p.certain.hi[row]!) continue;
    certain[row] = 1;
    certainCount++;
  }
  for (let row = 0; !plain && row < length; row++) {
    const isCertain = p.test.holds(p.certain, row);
    const reason = whyNot(p, row, isCertain);
    verdict[row] = reason === null ? AFFECTED : 1 + REASONS.indexOf(reason);
    depth[row] = tableFor(p, verdict[row]!).depth[row]!;
    if (reason !== null) continue;
    affectedCount++;
    certain[row] = isCertain ? 1 : 0;
    certainCount += certain[row]!;
    if (p.narrow && !p.test.holds(p.narrow, row, true)) coarse[row] = 1;
  }
  return {
    length,
    unit: p.field.units,
    verdict,
    depth,
    certain,
    coarse,
    affectedCount,
    certainCount,
    exposure: (row) => tableFor(p, verdict[row]!).intervals(row),
    bounds: (row) => {
      const table = tableFor(p, verdict[row]!);
      return [table.lo[row]!, table.hi[row]!, table.many.has(row)];
    },
    rowOf: (unit) => (p.field.rowOf[unit] ?? 0) - 1,
  };
}

function whyNot(p: Passes, row: number, isCertain: boolean): Reason | null {
  if (!p.test.holds(p.all, row)) return p.test.timeReason(p.all, row);
  if (!p.test.holds(p.barred, row)) return 'barrier';
  return p.onlyCertain && !isCertain ? 'only-possible' : null;
}

/** Which exposure a row shows: an affected unit's as asked; an excluded one's as it was before the filter that dropped it. */
function tableFor(p: Passes, verdict: number): ExposureTable {
  if (verdict === AFFECTED || REASONS[verdict - 1] === 'below-threshold') return p.onlyCertain ? p.certain : p.barred;
  return REASONS[verdict - 1] === 'only-possible' ? p.barred : p.all;
}

/** The question's `at`, held against exposures. */
class Test {
  constructor(
    private readonly at: At,
    private readonly field: Field,
    private readonly facts: UnitFacts | undefined,
  ) {}

  holds(table: ExposureTable, row: number, narrowly = false): boolean {
    if (table.isEmpty(row)) return false;
    if (this.at.kind === 'ever') return true;
    if (this.at.kind === 'period') return table.hits(row, this.at.from, this.at.until);
    const { shipmentOffset, shipmentFrom, shipmentUntil } = this.facts!;
    const unit = this.placeOf(row);
    if (this.judgedNow(unit) && table.hi[row] === Infinity) return true;
    for (let i = shipmentOffset[unit]!; i < shipmentOffset[unit + 1]!; i++) {
      const [from, until] = [shipmentFrom[i]!, shipmentUntil[i]!];
      // A shipment known by its day: the truck may have left at any moment of it, before the part came in or after.
      if (narrowly ? table.holdsAll(row, from, until) : table.hits(row, from, until)) return true;
    }
    return false;
  }

  /** The reason of a unit whose exposure does not meet the test. */
  timeReason(table: ExposureTable, row: number): Reason {
    return !table.isEmpty(row) && table.lo[row]! < this.lastAsked(row) ? 'removed' : 'before-exposure';
  }

  get isEver(): boolean {
    return this.at.kind === 'ever';
  }

  hasCoarseShipments(): boolean {
    if (this.at.kind !== 'shipment') return false;
    const { shipmentFrom, shipmentUntil } = this.facts!;
    return shipmentFrom.some((from, i) => shipmentUntil[i]! > from + 1);
  }

  /** The exclusive end of the last time asked. */
  private lastAsked(row: number): number {
    if (this.at.kind === 'ever') return Infinity;
    if (this.at.kind === 'period') return this.at.until;
    const { shipmentOffset, shipmentUntil } = this.facts!;
    const unit = this.placeOf(row);
    if (this.judgedNow(unit)) return Infinity;
    let last = -Infinity;
    for (let i = shipmentOffset[unit]!; i < shipmentOffset[unit + 1]!; i++) last = Math.max(last, shipmentUntil[i]!);
    return last;
  }

  private placeOf(row: number): number {
    return this.facts!.byRow ? row : this.field.units[row]!;
  }

  /** Whether "now", the end of time, is one of the times asked: never shipped, or some of it in house. */
  private judgedNow(unit: number): boolean {
    const { shipmentOffset, inHouse } = this.facts!;
    return inHouse[unit] === 1 || shipmentOffset[unit] === shipmentOffset[unit + 1];
  }
}
