/**
 * How far each lot of a plant reaches: thousands of walks over one graph, each from one unit with all time as its window.
 * Scratch arrays are kept from walk to walk, so that a walk costs what it reaches and no more.
 */
import { CONSUME, GenealogyGraph, Interval } from './types';
import { normalize } from './intervals';

/** What these walks need of a graph; the answers of `flattened` have no more. */
export type ReachGraph = Pick<
  GenealogyGraph,
  | 'unitCount'
  | 'input'
  | 'output'
  | 'mode'
  | 'from'
  | 'until'
  | 'outOffset'
  | 'outLink'
  | 'inOffset'
  | 'inLink'
  | 'patch'
>;

/** What is known of the units of a graph, by unit. */
export interface PlantUnits {
  /** 1 for runs: they are neither made goods nor raw material */
  isRun: Uint8Array;
  /** the shipments of unit u are at places shipmentOffset[u] … shipmentOffset[u + 1] − 1 */
  shipmentOffset: Int32Array;
  shipmentFrom: Float64Array;
  shipmentUntil: Float64Array;
  /** customers as numbers 0 … customerCount − 1; an unknown customer is one of them */
  shipmentCustomer: Int32Array;
  customerCount: number;
}

/** What a recall of one unit would touch; docs/BLAST.md says what counts. */
export interface Dispersion {
  /** affected units, itself among them */
  units: number;
  /** affected units that are finished */
  finished: number;
  /** customers to whom one of them was shipped while it was affected */
  customers: number;
  /** finished units that contain it */
  downward: number;
  /** raw units that are in it */
  upward: number;
}

/** Exposures from one unit at a time, forward or backward, by label-correcting: depths and certainty are not asked for. */
export class ReachWalk {
  /** the units that the last walk exposed are at places 0 … count − 1 */
  count = 0;
  readonly units: Int32Array;

  private readonly lo: Float64Array;
  private readonly hi: Float64Array;
  /** the sets of several intervals, flat; lo and hi are their hull */
  private readonly many = new Map<number, Float64Array>();
  private readonly queue: Int32Array;
  private readonly queued: Uint8Array;
  private head = 0;
  private tail = 0;

  constructor(private readonly graph: ReachGraph) {
    const size = graph.unitCount;
    this.units = new Int32Array(size);
    this.lo = new Float64Array(size).fill(Infinity);
    this.hi = new Float64Array(size).fill(-Infinity);
    this.queue = new Int32Array(size + 1);
    this.queued = new Uint8Array(size);
  }

  /** Walks from the unit's whole time; the answer stands until the next walk. */
  walk(seed: number, backward: boolean): void {
    for (let i = 0; i < this.count; i++) {
      this.lo[this.units[i]!] = Infinity;
      this.hi[this.units[i]!] = -Infinity;
    }
    this.many.clear();
    this.count = 0;
    this.add(seed, -Infinity, Infinity);
    while (this.head !== this.tail) {
      const unit = this.queue[this.head]!;
      this.head = this.head + 1 === this.queue.length ? 0 : this.head + 1;
      this.queued[unit] = 0;
      this.pass(unit, backward);
    }
  }

  /** True when the unit is exposed at some time of [from, until). */
  hits(unit: number, from: number, until: number): boolean {
    if (this.lo[unit]! >= until || this.hi[unit]! <= from) return false;
    const flat = this.many.get(unit);
    return flat === undefined || firstIn(flat, from, until) < until;
  }

  exposure(unit: number): Interval[] {
    const flat = this.many.get(unit);
    if (!flat) return this.lo[unit]! < this.hi[unit]! ? [[this.lo[unit]!, this.hi[unit]!]] : [];
    return pairs(flat);
  }

  private pass(unit: number, backward: boolean): void {
    const { graph } = this;
    const { mode, from, until, patch } = graph;
    const far = backward ? graph.input : graph.output;
    const offset = backward ? graph.inOffset : graph.outOffset;
    const changed = patch ? (backward ? patch.changedIn : patch.changedOut)[unit] === 1 : false;
    const list = changed ? (backward ? patch!.in(unit) : patch!.out(unit)) : backward ? graph.inLink : graph.outLink;
    const end = changed ? list!.length : offset[unit + 1]!;
    const lo = this.lo[unit]!;
    const hi = this.hi[unit]!;
    const flat = this.many.get(unit);
    for (let k = changed ? 0 : offset[unit]!; k < end; k++) {
      const link = list === null ? k : list[k]!;
      const to = far[link]!;
      // A lot's link to itself has no effect (SETTLED 16).
      if (to === unit) continue;
      const f = from[link]!;
      const u = until[link]!;
      if (f >= u) continue;
      if (mode[link] !== CONSUME) {
        if (lo >= u || hi <= f) continue;
        if (!flat) this.add(to, lo > f ? lo : f, hi < u ? hi : u);
        else for (const [a, b] of pairs(flat)) if (a < u && b > f) this.add(to, Math.max(a, f), Math.min(b, u));
      } else if (backward) {
        if (f < hi) this.add(to, f, hi < u ? hi : u);
      } else if (lo < u && hi > f) {
        const first = flat ? firstIn(flat, f, u) : lo > f ? lo : f;
        if (first < u) this.add(to, first, Infinity);
      }
    }
  }

  private add(unit: number, from: number, until: number): void {
    const lo = this.lo[unit]!;
    const hi = this.hi[unit]!;
    if (lo >= hi) {
      this.units[this.count++] = unit;
      this.lo[unit] = from;
      this.hi[unit] = until;
    } else {
      const flat = this.many.get(unit);
      if (flat || from > hi || until < lo) {
        if (!this.merge(unit, from, until)) return;
      } else {
        if (from >= lo && until <= hi) return;
        if (from < lo) this.lo[unit] = from;
        if (until > hi) this.hi[unit] = until;
      }
    }
    if (this.queued[unit] === 1) return;
    this.queued[unit] = 1;
    this.queue[this.tail] = unit;
    this.tail = this.tail + 1 === this.queue.length ? 0 : this.tail + 1;
  }

  /** Puts an interval into a set of several; true when the set grew. */
  private merge(unit: number, from: number, until: number): boolean {
    const before = this.exposure(unit);
    if (before.some((i) => i[0] <= from && until <= i[1])) return false;
    const after = normalize([...before, [from, until]]);
    this.lo[unit] = after[0]![0];
    this.hi[unit] = after.at(-1)![1];
    if (after.length === 1) this.many.delete(unit);
    else this.many.set(unit, Float64Array.from(after.flat()));
    return true;
  }
}

/** Counts what a recall of any unit of one plant would touch. */
export class PlantDispersion {
  private readonly reach: ReachWalk;
  private readonly finished: Uint8Array;
  private readonly raw: Uint8Array;
  /** the number of the last walk that came to a customer */
  private readonly metIn: Int32Array;
  private walks = 0;

  constructor(
    graph: ReachGraph,
    private readonly plant: PlantUnits,
  ) {
    this.reach = new ReachWalk(graph);
    const made = linked(graph, true);
    const used = linked(graph, false);
    this.finished = new Uint8Array(graph.unitCount);
    this.raw = new Uint8Array(graph.unitCount);
    for (let u = 0; u < graph.unitCount; u++) {
      if (plant.isRun[u] === 1) continue;
      const shipped = plant.shipmentOffset[u]! < plant.shipmentOffset[u + 1]!;
      this.finished[u] = shipped || (made[u] === 1 && used[u] === 0) ? 1 : 0;
      this.raw[u] = made[u] === 0 ? 1 : 0;
    }
    this.metIn = new Int32Array(plant.customerCount);
  }

  /** Fills `into`, which can be the same object for every unit. */
  of(unit: number, into: Dispersion): void {
    const { reach, plant, finished } = this;
    reach.walk(unit, false);
    const walk = ++this.walks;
    let finishedCount = 0;
    let customers = 0;
    for (let i = 0; i < reach.count; i++) {
      const u = reach.units[i]!;
      finishedCount += finished[u]!;
      for (let s = plant.shipmentOffset[u]!; s < plant.shipmentOffset[u + 1]!; s++) {
        const customer = plant.shipmentCustomer[s]!;
        if (this.metIn[customer] === walk) continue;
        if (!reach.hits(u, plant.shipmentFrom[s]!, plant.shipmentUntil[s]!)) continue;
        this.metIn[customer] = walk;
        customers++;
      }
    }
    into.units = reach.count;
    into.finished = finishedCount;
    into.customers = customers;
    into.downward = finishedCount - finished[unit]!;
    reach.walk(unit, true);
    let raw = 0;
    for (let i = 0; i < reach.count; i++) raw += this.raw[reach.units[i]!]!;
    into.upward = raw - this.raw[unit]!;
  }
}

/** 1 for units with a link into them (or out of them) that leads to another unit. */
function linked(graph: ReachGraph, into: boolean): Uint8Array {
  const { patch } = graph;
  const offset = into ? graph.inOffset : graph.outOffset;
  const rows = into ? graph.inLink : graph.outLink;
  const changed = patch ? (into ? patch.changedIn : patch.changedOut) : null;
  const found = new Uint8Array(graph.unitCount);
  for (let u = 0; u < graph.unitCount; u++) {
    const patched = changed !== null && changed[u] === 1;
    const list = patched ? (into ? patch!.in(u) : patch!.out(u)) : rows;
    const end = patched ? list!.length : offset[u + 1]!;
    for (let k = patched ? 0 : offset[u]!; k < end && found[u] === 0; k++) {
      const link = list === null ? k : list[k]!;
      if (graph.input[link] !== graph.output[link]) found[u] = 1;
    }
  }
  return found;
}

function pairs(flat: Float64Array): Interval[] {
  const out: Interval[] = [];
  for (let i = 0; i < flat.length; i += 2) out.push([flat[i]!, flat[i + 1]!]);
  return out;
}

/** The first moment of the set in [from, until), or Infinity. */
function firstIn(flat: Float64Array, from: number, until: number): number {
  let low = 0;
  let high = flat.length >>> 1;
  while (low < high) {
    const mid = (low + high) >>> 1;
    if (flat[2 * mid + 1]! > from) high = mid;
    else low = mid + 1;
  }
  if (2 * low >= flat.length) return Infinity;
  const first = Math.max(flat[2 * low]!, from);
  return first < until ? first : Infinity;
}
