/** A whole trace: plain reachability, the exposures over all, unbarred and certain links, and the verdict on every row. */
import { ExposureTable, Field, Pass, exposurePass, reach } from './exposure';
import {
  AFFECTED,
  At,
  GenealogyGraph,
  Question,
  REASONS,
  Reason,
  TraceRows,
  UnitFacts,
  WalkOptions,
  WalkProgress,
} from './types';

export function traceForward(graph: GenealogyGraph, question: Question, options: WalkOptions = {}): TraceRows {
  return finish(walk(graph, question, false), options);
}

export function traceBackward(graph: GenealogyGraph, question: Question, options: WalkOptions = {}): TraceRows {
  return finish(walk(graph, question, true), options);
}

/** As traceForward, giving way to other work between chunks, so that a signal can arrive. */
export function traceForwardAsync(
  graph: GenealogyGraph,
  question: Question,
  options: WalkOptions = {},
): Promise<TraceRows> {
  return finishAsync(walk(graph, question, false), options);
}

export function traceBackwardAsync(
  graph: GenealogyGraph,
  question: Question,
  options: WalkOptions = {},
): Promise<TraceRows> {
  return finishAsync(walk(graph, question, true), options);
}

export function finish<T>(steps: Generator<WalkProgress, T>, options: WalkOptions): T {
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
    options.signal?.throwIfAborted();
    options.onProgress?.(step.value);
  }
}

async function finishAsync<T>(steps: Generator<WalkProgress, T>, options: WalkOptions): Promise<T> {
  for (;;) {
    options.signal?.throwIfAborted();
    const step = steps.next();
    if (step.done) return step.value;
    options.onProgress?.(step.value);
    await new Promise<void>((resolve) => setImmediate(resolve));
  }
}

function* walk(graph: GenealogyGraph, question: Question, backward: boolean): Generator<WalkProgress, TraceRows> {
  const at: At = question.at ?? { kind: 'ever' };
  if (backward && (at.kind !== 'ever' || question.dropped)) throw new RangeError('at and barriers are forward only.');
  if (at.kind === 'shipment' && !question.facts) throw new RangeError('at: shipment needs the facts of the units.');
  const { seeds } = question;
  const dropped = question.dropped?.includes(1) ? question.dropped : undefined;
  const field = yield* reach(
    graph,
    seeds.map((s) => s.unit),
    backward,
  );
  const rows = field.units.length;
  const depthOf = (): Int32Array => new Int32Array(rows).fill(-1);
  const base = { graph, field, seeds, backward };

  const allDepth = depthOf();
  const all = yield* exposurePass({ ...base, depth: allDepth, stage: 'exposure' });
  let barred = all;
  let barredDepth = allDepth;
  if (dropped) {
    barredDepth = depthOf();
    barred = yield* exposurePass({ ...base, dropped, depth: barredDepth, stage: 'exposure' });
  }
  let sureOnly = barred;
  let sureDepth = barredDepth;
  if (graph.hasPossible) {
    sureDepth = depthOf();
    sureOnly = yield* exposurePass({ ...base, dropped, certainOnly: true, depth: sureDepth, stage: 'certainty' });
  }
  const onlyCertain = question.certainty === 'certain';
  const test = new Test(at, field, question.facts);
  let narrow: ExposureTable | undefined;
  if (graph.hasCoarse || test.hasCoarseShipments()) {
    const pass: Pass = { ...base, dropped, certainOnly: onlyCertain, sure: true, stage: 'coarse-times' };
    narrow = yield* exposurePass(pass);
  }
  return judge({ field, test, all, allDepth, barred, barredDepth, sureOnly, sureDepth, onlyCertain, narrow });
}

interface Passes {
  field: Field;
  test: Test;
  /** over all links, barriers or not */
  all: ExposureTable;
  allDepth: Int32Array;
  /** over the links that no barrier drops */
  barred: ExposureTable;
  barredDepth: Int32Array;
  /** over those of them that are certain */
  sureOnly: ExposureTable;
  sureDepth: Int32Array;
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
  for (let row = 0; row < length; row++) {
    const isCertain = p.test.holds(p.sureOnly, row);
    const reason = whyNot(p, row, isCertain);
    verdict[row] = reason === null ? AFFECTED : 1 + REASONS.indexOf(reason);
    const [, depths] = tableFor(p, verdict[row]!);
    depth[row] = depths[row]!;
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
    exposure: (row) => tableFor(p, verdict[row]!)[0].intervals(row),
    rowOf: (unit) => (p.field.rowOf[unit] ?? 0) - 1,
  };
}

function whyNot(p: Passes, row: number, isCertain: boolean): Reason | null {
  if (!p.test.holds(p.all, row)) return p.test.timeReason(p.all, row);
  if (!p.test.holds(p.barred, row)) return 'barrier';
  return p.onlyCertain && !isCertain ? 'only-possible' : null;
}

/** Which exposure a row shows: an affected unit's as asked; an excluded one's as it was before the filter that dropped it. */
function tableFor(p: Passes, verdict: number): [ExposureTable, Int32Array] {
  if (verdict === AFFECTED) return p.onlyCertain ? [p.sureOnly, p.sureDepth] : [p.barred, p.barredDepth];
  return REASONS[verdict - 1] === 'only-possible' ? [p.barred, p.barredDepth] : [p.all, p.allDepth];
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
    const unit = this.field.units[row]!;
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
    const unit = this.field.units[row]!;
    if (this.judgedNow(unit)) return Infinity;
    let last = -Infinity;
    for (let i = shipmentOffset[unit]!; i < shipmentOffset[unit + 1]!; i++) last = Math.max(last, shipmentUntil[i]!);
    return last;
  }

  /** Whether "now", the end of time, is one of the times asked: never shipped, or some of it in house. */
  private judgedNow(unit: number): boolean {
    const { shipmentOffset, inHouse } = this.facts!;
    return inHouse[unit] === 1 || shipmentOffset[unit] === shipmentOffset[unit + 1];
  }
}
