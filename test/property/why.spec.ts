import fc from 'fast-check';
import { AFFECTED, hits, Interval, normalize, REASONS, why, WhyNot, whyNot, WhyStep } from '@/trace/engine';
import { ReferenceLink, ReferencePlant, ReferenceQuestion, referenceTrace, Span } from '../reference';
import { run, Run } from './engine-run';
import { backwardQuestion, forwardQuestion, plantAnd } from './plants';
import { check } from './runs';

const anyQuestion = (plant: ReferencePlant): fc.Arbitrary<ReferenceQuestion> =>
  fc.oneof({ weight: 2, arbitrary: forwardQuestion(plant) }, { weight: 1, arbitrary: backwardQuestion(plant) });

/** One unit of a trace, and what the brute force can be asked about it. */
class Asked {
  readonly name: string;
  readonly forward: boolean;

  constructor(
    readonly plant: ReferencePlant,
    readonly q: ReferenceQuestion,
    readonly traced: Run,
    readonly unit: number,
  ) {
    this.name = traced.compiled.names[unit]!;
    this.forward = q.direction === 'forward';
  }

  dropped = (link: number): boolean => this.traced.question.dropped?.[link] === 1;
  possible = (link: number): boolean => !this.plant.links[link]!.certain;

  nameOf(unit: number): string {
    return this.traced.compiled.names[unit]!;
  }

  /** A unit's exposure over some links, whether or not it meets any test. */
  exposure(name: string, links: readonly ReferenceLink[], seeds = this.q.seeds): Span[] {
    const { direction } = this.q;
    const answer = referenceTrace({ units: this.plant.units, links: [...links] }, { direction, seeds });
    return answer.affected.get(name)?.exposure ?? [];
  }

  open(stopped: (link: number) => boolean): ReferenceLink[] {
    return this.plant.links.filter((_, i) => !stopped(i));
  }

  /** What one link alone passes on of an exposure. */
  pass(link: number, set: readonly Interval[]): Span[] {
    if (set.length === 0) return [];
    const l = this.plant.links[link]!;
    const [near, far] = this.forward ? [l.input, l.output] : [l.output, l.input];
    return this.exposure(far, [l], [{ unit: near, windows: set.map(([a, b]): Span => [a, b]) }]);
  }

  windows(seed: number): Interval[] {
    return normalize(this.q.seeds.filter((s) => s.unit === this.nameOf(seed)).flatMap((s) => s.windows));
  }

  /** Whether the unit is affected at the time asked over these links alone. */
  meets(links: readonly ReferenceLink[], seeds = this.q.seeds): boolean {
    const { direction, at } = this.q;
    return referenceTrace({ units: this.plant.units, links: [...links] }, { direction, at, seeds }).affected.has(
      this.name,
    );
  }

  /** Steps in walking order: each starts where the one before it ended, and carries what the link passes on of that. */
  follows(seed: number, steps: readonly WhyStep[]): { end: number; set: Interval[] } {
    let end = seed;
    let set = this.windows(seed);
    expect(set.length).toBeGreaterThan(0);
    for (const step of this.walking(steps)) {
      expect(this.forward ? step.input : step.output).toBe(end);
      expect(step.carried).toEqual(this.pass(step.link, set));
      expect(step.carried.length).toBeGreaterThan(0);
      expect(step.certain).toBe(!this.possible(step.link));
      end = this.forward ? step.output : step.input;
      set = step.carried;
    }
    return { end, set };
  }

  walking<T>(inOrderOfMaterial: readonly T[]): T[] {
    return this.forward ? [...inOrderOfMaterial] : [...inOrderOfMaterial].reverse();
  }

  /** The links of a way that was not walked, joined end to end, up to the unit. */
  leadsOn(from: number, links: readonly number[]): void {
    const { graph } = this.traced.compiled;
    let end = from;
    for (const link of this.walking(links)) {
      expect(this.forward ? graph.input[link] : graph.output[link]).toBe(end);
      end = this.forward ? graph.output[link]! : graph.input[link]!;
    }
    expect(end).toBe(this.unit);
  }

  farOf(link: number): number {
    const { graph } = this.traced.compiled;
    return this.forward ? graph.output[link]! : graph.input[link]!;
  }

  nearOf(link: number): number {
    const { graph } = this.traced.compiled;
    return this.forward ? graph.input[link]! : graph.output[link]!;
  }

  /**
   * The fewest dear links that a chain to the unit needs to meet the test, and how long a chain with so few must be where any
   * exposure meets it: every unit once for each number of dear links that a chain has passed.
   */
  fewest(stopped: (link: number) => boolean, dear: (link: number) => boolean, max: number) {
    const levels = Array.from({ length: max + 1 }, (_, level) => level);
    const at = (name: string, level: number): string => `${name}#${level}`;
    const units = new Map(levels.flatMap((n) => [...this.plant.units].map(([name, u]) => [at(name, n), u] as const)));
    const links = this.plant.links.flatMap((l, i) => {
      if (stopped(i) || l.input === l.output) return [];
      return levels.flatMap((n): ReferenceLink[] => {
        const next = dear(i) ? n + 1 : n;
        const [below, above] = this.forward ? [n, next] : [next, n];
        return next > max ? [] : [{ ...l, input: at(l.input, below), output: at(l.output, above) }];
      });
    });
    const seeds = this.q.seeds.map((s) => ({ ...s, unit: at(s.unit, 0) }));
    const { affected } = referenceTrace({ units, links }, { direction: this.q.direction, at: this.q.at, seeds });
    const level = levels.find((n) => affected.has(at(this.name, n)));
    return { count: level ?? Infinity, length: affected.get(at(this.name, level ?? 0))?.depth ?? Infinity };
  }
}

function affected(asked: Asked, row: number): void {
  const { plant, q, traced, unit } = asked;
  const { question, compiled, rows } = traced;
  const answer = why(compiled.graph, question, q.direction, unit)!;
  const stopped = (i: number): boolean => asked.dropped(i) || (q.certainty === 'certain' && asked.possible(i));
  const links = (steps: readonly WhyStep[]): number[] => steps.map((s) => s.link);

  expect(answer.chain).toHaveLength(rows.depth[row]!);
  expect(asked.follows(answer.seed, answer.chain).end).toBe(unit);
  expect(links(answer.chain).filter(stopped)).toEqual([]);
  const certainLinks = asked.open((i) => asked.dropped(i) || asked.possible(i));
  expect(answer.sure).toEqual(rows.certain[row] ? null : asked.exposure(asked.name, certainLinks));

  const surest = answer.surest!;
  expect(asked.follows(surest.seed, surest.steps).end).toBe(unit);
  expect(links(surest.steps).filter(stopped)).toEqual([]);
  // What the chain carries meets the test, and no chain that does has fewer links that are only possible.
  expect(asked.meets(asked.open((i) => !links(surest.steps).includes(i)))).toBe(true);
  const possible = links(surest.steps).filter(asked.possible);
  const fewest = asked.fewest(stopped, asked.possible, possible.length);
  expect(possible).toHaveLength(fewest.count);
  if (q.at === undefined || q.at === 'ever') expect(surest.steps).toHaveLength(fewest.length);
  expect(possible.length === 0).toBe(rows.certain[row] === 1);
  // Were what it names recorded, the unit would be certain.
  const known = { ...plant, links: plant.links.map((l, i) => (possible.includes(i) ? { ...l, certain: true } : l)) };
  expect(referenceTrace(known, q).affected.get(asked.name)).toMatchObject({ certainty: 'certain' });

  const ways = plant.links.filter((l, i) => {
    const near = asked.nameOf(asked.nearOf(i));
    if (asked.farOf(i) !== unit || l.input === l.output || stopped(i)) return false;
    return asked.pass(i, asked.exposure(near, asked.open(stopped))).length > 0;
  });
  expect(answer.waysIn).toBe(ways.length);
}

function excluded(asked: Asked, reason: WhyNot['reason']): void {
  const { traced, q, unit } = asked;
  const answer = whyNot(traced.compiled.graph, traced.question, q.direction, unit, reason)!;
  expect(answer).toMatchObject({ unit, reason });
  // The way is whole: a chain that is true in time, the link at which it failed, and links that lead on to the unit.
  const { end } = asked.follows(answer.seed, answer.chain);
  if (answer.failed === null) expect(end).toBe(unit);
  else {
    expect(asked.nearOf(answer.failed)).toBe(end);
    asked.leadsOn(asked.farOf(answer.failed), answer.onwards);
    expect(answer.failing).toContain(answer.failed);
  }
  expect(whole(asked, answer)).toEqual(expect.arrayContaining(answer.failing));
  CHECKS[reason](asked, answer);
}

/** All links of the way, in walking order. */
function whole(asked: Asked, { chain, failed, onwards }: WhyNot): number[] {
  return [...asked.walking(chain.map((s) => s.link)), ...(failed === null ? [] : [failed]), ...asked.walking(onwards)];
}

const none = (): boolean => false;

const CHECKS: Record<WhyNot['reason'], (asked: Asked, answer: WhyNot) => void> = {
  'before-exposure'(asked, answer) {
    const all = asked.open(none);
    const own = asked.exposure(asked.name, all);
    if (own.length > 0) {
      // Exposed, but only after the last time asked; and nothing exposes it sooner than the way that is named.
      expect(answer.exposed).toEqual(own[0]);
      if (answer.failed === null) return;
      const last = asked.pass(answer.failed, asked.follows(answer.seed, answer.chain).set);
      expect(asked.farOf(answer.failed)).toBe(asked.unit);
      expect(last[0]![0]).toBe(own[0]![0]);
      expect(answer.asked![1]).toBeLessThanOrEqual(own[0]![0]);
      return;
    }
    // The link parts what is exposed from what is not, and of all such links it missed by the least.
    const cut = asked.plant.links.flatMap((l, i) => {
      const near = asked.exposure(asked.nameOf(asked.nearOf(i)), all);
      const far = asked.exposure(asked.nameOf(asked.farOf(i)), all);
      if (near.length === 0 || far.length > 0 || l.input === l.output || !leadsTo(asked, asked.farOf(i))) return [];
      return [{ link: i, by: missedBy(asked, l, near), near }];
    });
    const named = cut.find((c) => c.link === answer.failed)!;
    expect(named.by).toBe(Math.min(...cut.map((c) => c.by)));
    expect(named.near).toContainEqual(answer.exposed);
    expect(asked.pass(named.link, named.near)).toEqual([]);
    const carried = asked.follows(answer.seed, answer.chain).set;
    expect(carried.some(([a, b]) => a < answer.exposed![1] && b > answer.exposed![0])).toBe(true);
  },

  removed(asked, answer) {
    const own = asked.exposure(asked.name, asked.open(none));
    expect(own).toContainEqual(answer.exposed);
    const end = answer.exposed![1];
    expect(answer.asked![0]).toBeGreaterThanOrEqual(end);
    for (const link of answer.failing) expect(asked.plant.links[link]).toMatchObject({ mode: 'install', until: end });
    // The way exposes the unit to the end of that stretch; had what it names, and a window that ended then too, lasted a
    // millisecond longer, so had the exposure.
    const seeds = asked.q.seeds.filter((s) => s.unit === asked.nameOf(answer.seed));
    const way = whole(asked, answer).map((i) => asked.plant.links[i]!);
    expect(hits(asked.exposure(asked.name, way, seeds), end - 1, end)).toBe(true);
    const longer = seeds.map((s) => ({ ...s, windows: s.windows.map(([a, b]): Span => [a, b === end ? end + 1 : b]) }));
    const lasting = whole(asked, answer).map((i) => {
      const l = asked.plant.links[i]!;
      return answer.failing.includes(i) ? { ...l, until: end + 1 } : l;
    });
    expect(hits(asked.exposure(asked.name, lasting, longer), end, end + 1)).toBe(true);
    if (answer.failed === null) expect(longer).not.toEqual(seeds);
  },

  barrier(asked, answer) {
    const way = whole(asked, answer);
    expect(way.filter(asked.dropped)).toEqual(answer.failing);
    expect(answer.failing[0]).toBe(answer.failed);
    // Up to the barrier no barrier stops it, beyond the barrier it would meet the test, and fewer barriers stop no other way.
    expect(asked.exposure(asked.nameOf(asked.nearOf(answer.failed!)), asked.open(asked.dropped))).not.toEqual([]);
    expect(asked.meets(way.map((i) => asked.plant.links[i]!))).toBe(true);
    expect(asked.fewest(none, asked.dropped, answer.failing.length).count).toBe(answer.failing.length);
  },

  'only-possible'(asked, answer) {
    const way = whole(asked, answer);
    expect(way.filter(asked.dropped)).toEqual([]);
    expect(way.filter(asked.possible)).toEqual(answer.failing);
    expect(answer.failing[0]).toBe(answer.failed);
    const sure = asked.open((i) => asked.dropped(i) || asked.possible(i));
    expect(asked.exposure(asked.nameOf(asked.nearOf(answer.failed!)), sure)).not.toEqual([]);
    expect(asked.fewest(asked.dropped, asked.possible, answer.failing.length).count).toBe(answer.failing.length);
    const known = asked.plant.links.map((l, i) => (answer.failing.includes(i) ? { ...l, certain: true } : l));
    expect(referenceTrace({ ...asked.plant, links: known }, asked.q).affected.has(asked.name)).toBe(true);
  },
};

function leadsTo(asked: Asked, unit: number): boolean {
  const { direction } = asked.q;
  const seeds = [{ unit: asked.nameOf(unit), windows: [[-Infinity, Infinity] as Span] }];
  const { affected: a, excluded: e } = referenceTrace(asked.plant, { direction, seeds });
  return a.has(asked.name) || e.has(asked.name);
}

/** How far in time a link is from the exposure of its near end. */
function missedBy({ forward }: Asked, l: ReferenceLink, near: readonly Span[]): number {
  if (!forward && l.mode === 'consume') return l.from - near.at(-1)![1] + 1;
  return Math.min(...near.map(([from, until]) => (from >= l.until ? from - l.until + 1 : l.from - until + 1)));
}

describe('why, on random plants', () => {
  const told = new Map<string, number>();

  it('explains every unit: the affected by chains that are true in time, the excluded by the link that parts them', () =>
    check(
      'why',
      fc.property(plantAnd(anyQuestion), ({ plant, question: q }) => {
        const traced = run(plant, q);
        const { rows } = traced;
        for (let row = 0; row < rows.length; row++) {
          const asked = new Asked(plant, q, traced, rows.unit[row]!);
          const reason = rows.verdict[row] === AFFECTED ? null : REASONS[rows.verdict[row]! - 1]!;
          told.set(reason ?? 'affected', (told.get(reason ?? 'affected') ?? 0) + 1);
          if (reason === null) affected(asked, row);
          else excluded(asked, reason as WhyNot['reason']);
        }
      }),
    ));

  it('met every reason', () => {
    for (const reason of ['affected', ...Object.keys(CHECKS)]) expect(told.get(reason) ?? 0).toBeGreaterThan(10);
  });
});
