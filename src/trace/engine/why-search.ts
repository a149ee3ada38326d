/**
 * Cheapest chains: the fixpoint of DOMAIN.md, with sets that grow in order of what a chain costs, so that the cost at which a
 * moment first comes into a unit's set is the cost of the cheapest chain that brings it. (Every formula passes a union on as
 * the union of what its parts give, so one chain from one seed is enough for any moment.)
 */
import { linksIn, linksOut } from './graph';
import { normalize } from './intervals';
import { CONSUME, GenealogyGraph, Interval, Seed } from './types';
import type { WhyStep } from './why-types';

export interface ChainRules {
  graph: GenealogyGraph;
  seeds: readonly Seed[];
  backward: boolean;
  /** the unit that chains must lead to */
  target: number;
  /** links that may be walked; absent: all */
  open?: (link: number) => boolean;
  /** links of which a chain should have few (only possible, or dropped by a barrier) */
  dear: (link: number) => boolean;
  /** what counts first: few links, or few dear ones; the other breaks ties */
  first: 'links' | 'dear';
}

/** The links in walking order, from the seed on. */
export interface FoundChain {
  seed: number;
  links: number[];
}

interface Version {
  cost: number;
  set: Interval[];
}

/** Costs are pairs in one number: what counts first, then what breaks ties. */
const FIRST = 2 ** 26;
const NONE: Interval[] = [];

export class CheapestChains {
  /** links from a unit to the target, by plain reachability; units that do not lead to it are absent */
  readonly hops: ReadonlyMap<number, number>;
  private readonly versions = new Map<number, Version[]>();
  /** cost → unit → what is to be added */
  private readonly waiting = new Map<number, Map<number, Interval[]>>();
  /** the costs that wait, the smallest last */
  private readonly costs: number[] = [];

  constructor(private readonly rules: ChainRules) {
    this.hops = hopsTo(rules);
    for (const seed of rules.seeds) if (this.hops.has(seed.unit)) this.add(0, seed.unit, normalize(seed.windows));
  }

  /** Runs to the end, or until `enough` holds of the target's set. */
  run(enough: (set: readonly Interval[]) => boolean = () => false): void {
    for (let cost = this.costs.pop(); cost !== undefined; cost = this.costs.pop()) {
      const added = this.waiting.get(cost)!;
      this.waiting.delete(cost);
      const grown: number[] = [];
      for (const [unit, intervals] of added) {
        const before = this.set(unit);
        const after = normalize([...before, ...intervals]);
        if (same(before, after)) continue;
        this.put(unit, { cost, set: after });
        grown.push(unit);
      }
      for (const unit of grown) this.relax(unit, cost);
      if (added.has(this.rules.target) && enough(this.set(this.rules.target))) return;
    }
  }

  /** What is known of a unit's exposure; at most at a cost where one is given. */
  set(unit: number, cost = Infinity): Interval[] {
    const versions = this.versions.get(unit);
    if (!versions) return NONE;
    for (let i = versions.length - 1; i >= 0; i--) if (versions[i]!.cost <= cost) return versions[i]!.set;
    return NONE;
  }

  /** A unit's exposure over chains without any dear link, where those count first. */
  cheapSet(unit: number): Interval[] {
    return this.set(unit, FIRST - 1);
  }

  /** The set of a unit that chains of the fewest links give, where those count first: the one that passes, else the first. */
  nearestSet(unit: number, passes: (set: readonly Interval[]) => boolean): Interval[] {
    const versions = this.versions.get(unit);
    if (!versions) return NONE;
    const depth = Math.floor(versions[0]!.cost / FIRST);
    const nearest = versions.filter((v) => Math.floor(v.cost / FIRST) === depth);
    return (nearest.find((v) => passes(v.set)) ?? nearest[0]!).set;
  }

  /** The cheapest chain that brings a moment of its exposure to a unit. */
  chainTo(unit: number, moment: number): FoundChain {
    const links: number[] = [];
    let at = unit;
    let point = moment;
    for (let cost = this.costOf(at, point); cost > 0; cost = this.costOf(at, point)) {
      const step = this.stepBack(at, point, cost);
      links.push(step.link);
      at = step.near;
      point = step.point;
    }
    return { seed: at, links: links.reverse() };
  }

  /** What a chain alone carries, link by link from the seed's windows on. */
  carried({ seed, links }: FoundChain): WhyStep[] {
    const { graph, seeds, backward } = this.rules;
    let set = normalize(seeds.filter((s) => s.unit === seed).flatMap((s) => [...s.windows]));
    return links.map((link) => {
      set = passOn(graph, link, set, backward);
      return stepOf(graph, link, set);
    });
  }

  /** The links over which exposure may come directly into a unit. */
  *linksInto(unit: number): Generator<{ link: number; near: number }> {
    const { graph, backward, open } = this.rules;
    for (const link of backward ? linksOut(graph, unit) : linksIn(graph, unit)) {
      const near = backward ? graph.output[link]! : graph.input[link]!;
      if (near !== unit && (!open || open(link))) yield { link, near };
    }
  }

  private relax(unit: number, cost: number): void {
    const { graph, backward, open, dear } = this.rules;
    const set = this.set(unit);
    for (const link of backward ? linksIn(graph, unit) : linksOut(graph, unit)) {
      const far = backward ? graph.input[link]! : graph.output[link]!;
      // A lot's link to itself has no effect (SETTLED 16).
      if (far === unit || !this.hops.has(far) || (open && !open(link))) continue;
      this.add(cost + this.price(dear(link)), far, passOn(graph, link, set, backward));
    }
  }

  private price(dear: boolean): number {
    if (this.rules.first === 'links') return dear ? FIRST + 1 : FIRST;
    return dear ? FIRST + 1 : 1;
  }

  private add(cost: number, unit: number, intervals: readonly Interval[]): void {
    const known = this.set(unit);
    const more = intervals.filter(([from, until]) => !covers(known, from, until));
    if (more.length === 0) return;
    let adds = this.waiting.get(cost);
    if (!adds) {
      this.waiting.set(cost, (adds = new Map<number, Interval[]>()));
      this.costs.splice(placeOf(this.costs, cost), 0, cost);
    }
    const own = adds.get(unit);
    if (own) own.push(...more);
    else adds.set(unit, [...more]);
  }

  private put(unit: number, version: Version): void {
    const versions = this.versions.get(unit);
    if (versions) versions.push(version);
    else this.versions.set(unit, [version]);
  }

  private costOf(unit: number, point: number): number {
    const version = this.versions.get(unit)?.find((v) => contains(v.set, point));
    if (!version) throw new Error(`Unit ${unit} is not exposed at ${point}.`);
    return version.cost;
  }

  /** The link that brought the moment to the unit at this cost: of several, that of the smallest fact. */
  private stepBack(at: number, point: number, cost: number): { link: number; near: number; point: number } {
    const { graph, dear } = this.rules;
    let best: { link: number; near: number; point: number } | null = null;
    for (const { link, near } of this.linksInto(at)) {
      if (best && !precedes(graph, link, best.link)) continue;
      const before = this.pointBefore(link, this.set(near, cost - this.price(dear(link))), point);
      if (before !== null) best = { link, near, point: before };
    }
    if (!best) throw new Error(`No link explains the exposure of unit ${at} at ${point}.`);
    return best;
  }

  /** A moment of the near unit's set that gives the far one's over the link, or null. */
  private pointBefore(link: number, before: readonly Interval[], point: number): number | null {
    const { graph, backward } = this.rules;
    const [from, until] = [graph.from[link]!, graph.until[link]!];
    if (graph.mode[link] !== CONSUME) return point >= from && point < until && contains(before, point) ? point : null;
    if (backward) {
      const last = before.at(-1);
      return last && point >= from && point < until && point < last[1] ? Math.max(point, last[0]) : null;
    }
    const first = firstIn(before, from, until);
    return first !== null && first <= point ? first : null;
  }
}

/** What a link passes on of a set, by the formulas of DOMAIN.md. */
export function passOn(graph: GenealogyGraph, link: number, set: readonly Interval[], backward: boolean): Interval[] {
  const [from, until] = [graph.from[link]!, graph.until[link]!];
  if (graph.mode[link] !== CONSUME) {
    const cut = set.map(([a, b]): Interval => [Math.max(a, from), Math.min(b, until)]);
    return cut.filter(([a, b]) => a < b);
  }
  if (backward) return normalize(set.length > 0 ? [[from, Math.min(until, set.at(-1)![1])]] : []);
  const first = firstIn(set, from, until);
  return first === null ? [] : [[first, Infinity]];
}

export function stepOf(graph: GenealogyGraph, link: number, carried: Interval[]): WhyStep {
  return {
    link,
    input: graph.input[link]!,
    output: graph.output[link]!,
    certain: graph.certain[link] === 1,
    carried,
  };
}

/** The order in which links are named where nothing else decides: the certain part of a fact before the possible one. */
export function precedes({ certain, source }: GenealogyGraph, a: number, b: number): boolean {
  return (source[a]! - source[b]! || certain[b]! - certain[a]! || a - b) < 0;
}

function hopsTo({ graph, backward, target }: ChainRules): Map<number, number> {
  const hops = new Map([[target, 0]]);
  const queue = [target];
  for (const unit of queue) {
    for (const link of backward ? linksOut(graph, unit) : linksIn(graph, unit)) {
      const near = backward ? graph.output[link]! : graph.input[link]!;
      if (hops.has(near)) continue;
      hops.set(near, hops.get(unit)! + 1);
      queue.push(near);
    }
  }
  return hops;
}

function contains(set: readonly Interval[], point: number): boolean {
  const i = endingAfter(set, point);
  return i !== undefined && i[0] <= point;
}

function covers(set: readonly Interval[], from: number, until: number): boolean {
  const i = endingAfter(set, from);
  return i !== undefined && i[0] <= from && until <= i[1];
}

function firstIn(set: readonly Interval[], from: number, until: number): number | null {
  const i = endingAfter(set, from);
  return i !== undefined && i[0] < until ? Math.max(from, i[0]) : null;
}

/** The first interval that ends after a moment. */
function endingAfter(set: readonly Interval[], moment: number): Interval | undefined {
  let low = 0;
  let high = set.length;
  while (low < high) {
    const mid = (low + high) >>> 1;
    if (set[mid]![1] > moment) high = mid;
    else low = mid + 1;
  }
  return set[low];
}

function same(a: readonly Interval[], b: readonly Interval[]): boolean {
  return a.length === b.length && a.every((x, i) => x[0] === b[i]![0] && x[1] === b[i]![1]);
}

/** Where a cost belongs in a list that falls. */
function placeOf(costs: readonly number[], cost: number): number {
  let low = 0;
  let high = costs.length;
  while (low < high) {
    const mid = (low + high) >>> 1;
    if (costs[mid]! > cost) low = mid + 1;
    else high = mid;
  }
  return low;
}
