/** Why a unit is in: a shortest chain of links that are true in time, and the number of direct ways in. */
import { ExposureTable, Field, exposurePass, reach } from './exposure';
import { holdsAll, hits, normalize } from './intervals';
import { finish } from './trace';
import { CONSUME, GenealogyGraph, Interval, Question, Why, WhyStep } from './types';

/**
 * A shortest chain from a seed to the unit (backward: from the unit to the target), or null when nothing exposes it.
 * Only what lies between is walked, so the whole graph may be handed in. Deterministic: certain links first, then the
 * smallest source.
 */
export function why(
  graph: GenealogyGraph,
  question: Question,
  direction: 'forward' | 'backward',
  unit: number,
): Why | null {
  const search = new Search(graph, question, direction === 'backward', unit);
  return search.run();
}

interface Version {
  round: number;
  set: Interval[];
}

class Search {
  private readonly field: Field;
  private readonly versions = new Map<number, Version[]>();
  private readonly table: ExposureTable;

  constructor(
    private readonly graph: GenealogyGraph,
    private readonly question: Question,
    private readonly backward: boolean,
    private readonly unit: number,
  ) {
    // Only units from which this one can be reached matter: its ancestors (backward: its descendants).
    this.field = finish(reach(graph, [unit], !backward), {});
    const seeds = question.seeds.filter((s) => this.field.rowOf[s.unit]! > 0);
    this.table = finish(
      exposurePass({
        graph,
        field: this.field,
        seeds,
        backward,
        dropped: question.dropped,
        certainOnly: question.certainty === 'certain',
        stage: 'exposure',
        onChange: (row, round, table) => {
          const known = this.versions.get(row);
          const version = { round, set: table.intervals(row) };
          if (known) known.push(version);
          else this.versions.set(row, [version]);
        },
      }),
      {},
    );
  }

  run(): Why | null {
    const first = this.versions.get(this.field.rowOf[this.unit]! - 1)?.[0];
    if (!first) return null;
    let at = this.unit;
    let point = first.set[0]![0];
    const found: number[] = [];
    for (let round = first.round; round > 0; round--) {
      const step = this.stepBack(at, point, round);
      found.push(step.link);
      at = step.near;
      point = step.point;
    }
    if (!this.backward) found.reverse();
    return { unit: this.unit, seed: at, chain: this.carried(found, at), waysIn: this.waysIn() };
  }

  /** The link that brought `point` to the unit in this round, with the unit and point before it. */
  private stepBack(at: number, point: number, round: number): { link: number; near: number; point: number } {
    const { graph, backward } = this;
    let best: { link: number; near: number; point: number } | null = null;
    for (const link of this.linksOf(at)) {
      const near = backward ? graph.output[link]! : graph.input[link]!;
      const before = this.setAt(near, round - 1);
      const from = this.pointBefore(link, before, point);
      if (from !== null && (!best || this.preferred(link, best.link))) best = { link, near, point: from };
    }
    if (!best) throw new Error(`No link explains the exposure of unit ${at} in round ${round}.`);
    return best;
  }

  /** The point of the near unit's set that gives `point` over the link, or null. */
  private pointBefore(link: number, before: readonly Interval[], point: number): number | null {
    const { graph } = this;
    const [from, until] = [graph.from[link]!, graph.until[link]!];
    if (graph.mode[link] !== CONSUME) {
      return point >= from && point < until && contains(before, point) ? point : null;
    }
    if (this.backward) {
      const last = before[before.length - 1];
      return last && point >= from && point < until && point < last[1] ? Math.max(point, last[0]) : null;
    }
    const first = firstIn(before, from, until);
    return first !== null && first <= point ? first : null;
  }

  /** The links over which exposure comes directly into a unit. */
  private *linksOf(unit: number): Generator<number> {
    const { graph, backward, question } = this;
    const offset = backward ? graph.outOffset : graph.inOffset;
    const linkOf = backward ? graph.outLink : graph.inLink;
    for (let k = offset[unit]!; k < offset[unit + 1]!; k++) {
      const link = linkOf[k]!;
      if (graph.input[link] === graph.output[link] || question.dropped?.[link]) continue;
      if (question.certainty === 'certain' && !graph.certain[link]) continue;
      yield link;
    }
  }

  private preferred(a: number, b: number): boolean {
    const { certain, source } = this.graph;
    return certain[a] !== certain[b] ? certain[a]! > certain[b]! : source[a]! < source[b]!;
  }

  private setAt(unit: number, round: number): Interval[] {
    const versions = this.versions.get(this.field.rowOf[unit]! - 1) ?? [];
    let set: Interval[] = [];
    for (const v of versions) if (v.round <= round) set = v.set;
    return set;
  }

  private waysIn(): number {
    const { graph, backward } = this;
    const sources = new Set<number>();
    for (const link of this.linksOf(this.unit)) {
      const near = backward ? graph.output[link]! : graph.input[link]!;
      const set = this.table.intervals(this.field.rowOf[near]! - 1);
      if (apply(graph, link, set, backward).length > 0) sources.add(graph.source[link]!);
    }
    return sources.size;
  }

  /** What the chain alone carries, link by link from the seed's window on. */
  private carried(links: readonly number[], seed: number): WhyStep[] {
    const { graph, backward } = this;
    let set = normalize(this.question.seeds.filter((s) => s.unit === seed).flatMap((s) => [...s.windows]));
    const ordered = backward ? [...links].reverse() : links;
    const steps = ordered.map((link): WhyStep => {
      set = apply(graph, link, set, backward);
      return {
        link,
        input: graph.input[link]!,
        output: graph.output[link]!,
        certain: graph.certain[link] === 1,
        carried: set,
      };
    });
    return backward ? steps.reverse() : steps;
  }
}

/** What a link passes on of a set, by the formulas of DOMAIN.md. */
function apply(graph: GenealogyGraph, link: number, set: readonly Interval[], backward: boolean): Interval[] {
  const [from, until] = [graph.from[link]!, graph.until[link]!];
  if (graph.mode[link] !== CONSUME) {
    return normalize(set.map(([a, b]): Interval => [Math.max(a, from), Math.min(b, until)]));
  }
  if (backward) return normalize(set.length > 0 ? [[from, Math.min(until, set[set.length - 1]![1])]] : []);
  const first = firstIn(set, from, until);
  return first === null ? [] : [[first, Infinity]];
}

function contains(set: readonly Interval[], point: number): boolean {
  return point === -Infinity ? set.some((i) => i[0] === -Infinity) : holdsAll(set, point, point + 1);
}

function firstIn(set: readonly Interval[], from: number, until: number): number | null {
  if (!hits(set, from, until)) return null;
  return Math.max(from, set.find((i) => i[1] > from)![0]);
}
