import fc from 'fast-check';
import {
  AFFECTED,
  barrierLinks,
  hits,
  Interval,
  normalize,
  Question,
  REASONS,
  traceBackward,
  traceForward,
  TraceRows,
  why,
} from '@/trace/engine';
import { ReferencePlant, ReferenceQuestion, referenceTrace, Span } from '../reference';
import {
  backwardQuestion,
  compile,
  Compiled,
  factsOf,
  forwardQuestion,
  inspectionsOf,
  plantAnd,
  seedsOf,
} from './plants';
import { check } from './runs';

function engineQuestion(plant: ReferencePlant, compiled: Compiled, q: ReferenceQuestion): Question {
  const { names, numbers, graph } = compiled;
  const facts = factsOf(plant, names);
  const question: Question = {
    seeds: q.seeds.map((s) => ({ unit: numbers.get(s.unit)!, windows: s.windows })),
    certainty: q.certainty,
  };
  if (q.direction === 'backward') return question;
  const items = new Set((q.barriers ?? []).flatMap((b) => ('item' in b ? [b.item] : [])));
  const asked = new Set((q.barriers ?? []).flatMap((b) => ('inspection' in b ? [b.inspection] : [])));
  const at = q.at ?? 'ever';
  return {
    ...question,
    at: at === 'ever' || at === 'shipment' ? { kind: at } : { kind: 'period', from: at[0], until: at[1] },
    facts: {
      shipmentOffset: facts.shipments.offset,
      shipmentFrom: facts.shipments.from,
      shipmentUntil: facts.shipments.until,
      inHouse: facts.inHouse,
    },
    dropped: barrierLinks(graph, {
      barred: Uint8Array.from(names, (n) => (items.has(plant.units.get(n)!.item) ? 1 : 0)),
      inspections: inspectionsOf(plant, names, asked),
      shipments: facts.shipments,
    }),
  };
}

function run(
  plant: ReferencePlant,
  q: ReferenceQuestion,
  links = plant.links,
): { compiled: Compiled; question: Question; rows: TraceRows } {
  const compiled = compile(plant, links);
  const question = engineQuestion(plant, compiled, q);
  const rows =
    q.direction === 'forward' ? traceForward(compiled.graph, question) : traceBackward(compiled.graph, question);
  return { compiled, question, rows };
}

/** The engine's answer in the reference's words. */
function spoken({ names }: Compiled, rows: TraceRows, forward: boolean) {
  const affected: [string, unknown][] = [];
  const excluded: [string, unknown][] = [];
  for (let row = 0; row < rows.length; row++) {
    const name = names[rows.unit[row]!]!;
    const verdict = rows.verdict[row]!;
    if (verdict !== AFFECTED) excluded.push([name, REASONS[verdict - 1]]);
    else {
      const certainty = rows.certain[row] ? 'certain' : 'possible';
      const coarse = forward && rows.coarse[row] === 1;
      affected.push([name, { certainty, exposure: rows.exposure(row), depth: rows.depth[row], coarse }]);
    }
  }
  return { affected: sorted(affected), excluded: sorted(excluded) };
}

const sorted = (entries: Iterable<[string, unknown]>): [string, unknown][] =>
  [...entries].sort((a, b) => (a[0] < b[0] ? -1 : 1));

function agrees(plant: ReferencePlant, q: ReferenceQuestion): void {
  const { compiled, rows } = run(plant, q);
  const expected = referenceTrace(plant, q);
  expect(spoken(compiled, rows, q.direction === 'forward')).toEqual({
    affected: sorted(expected.affected),
    excluded: sorted(expected.excluded),
  });
}

const meets = (exposure: readonly Interval[], window: readonly Span[]): boolean =>
  window.some(([from, until]) => hits(exposure, from, until));

describe('the engine on random plants', () => {
  it('agrees with the brute force forward', () =>
    check(
      'forward',
      fc.property(plantAnd(forwardQuestion), ({ plant, question }) => agrees(plant, question)),
      2,
    ));

  it('agrees with the brute force backward', () =>
    check(
      'backward',
      fc.property(plantAnd(backwardQuestion), ({ plant, question }) => agrees(plant, question)),
    ));

  it('is dual: forward meets the target exactly where backward meets the seed', () =>
    check(
      'duality',
      fc.property(
        plantAnd((plant) => fc.tuple(seedsOf(plant), seedsOf(plant))),
        ({ plant, question: [[seed], [target]] }) => {
          const certainty = 'possible';
          const forward = run(plant, { direction: 'forward', seeds: [seed!], certainty });
          const backward = run(plant, { direction: 'backward', seeds: [target!], certainty });
          const setAt = (traced: typeof forward, unit: string): Interval[] => {
            const row = traced.rows.rowOf(traced.compiled.numbers.get(unit)!);
            return row < 0 ? [] : traced.rows.exposure(row);
          };
          expect(meets(setAt(forward, target!.unit), target!.windows)).toBe(
            meets(setAt(backward, seed!.unit), seed!.windows),
          );
        },
      ),
    ));

  it('gives the same answer whatever the order of the links', () =>
    check(
      'order of links',
      fc.property(
        plantAnd((plant) =>
          fc.tuple(
            fc.oneof(forwardQuestion(plant), backwardQuestion(plant)),
            fc.shuffledSubarray(plant.links, { minLength: plant.links.length }),
          ),
        ),
        ({ plant, question: [q, shuffled] }) => {
          const [a, b] = [run(plant, q), run(plant, q, shuffled)];
          const forward = q.direction === 'forward';
          expect(spoken(b.compiled, b.rows, forward)).toEqual(spoken(a.compiled, a.rows, forward));
        },
      ),
    ));

  it('finds every certain unit among the possible ones, with no less exposure', () =>
    check(
      'certain within possible',
      fc.property(plantAnd(forwardQuestion), ({ plant, question }) => {
        const possible = run(plant, { ...question, certainty: 'possible' });
        const certain = run(plant, { ...question, certainty: 'certain' });
        for (let row = 0; row < certain.rows.length; row++) {
          if (certain.rows.verdict[row] !== AFFECTED) continue;
          expect(possible.rows.verdict[row]).toBe(AFFECTED);
          expect(possible.rows.certain[row]).toBe(1);
          const wide = possible.rows.exposure(row);
          expect(normalize([...wide, ...certain.rows.exposure(row)])).toEqual(wide);
        }
      }),
    ));

  it('explains every affected unit by a chain that is true in time and as long as its depth', () =>
    check(
      'why',
      fc.property(
        plantAnd((plant) => fc.oneof(forwardQuestion(plant), backwardQuestion(plant))),
        ({ plant, question: q }) => {
          const { compiled, question, rows } = run(plant, q);
          for (let row = 0; row < rows.length; row++) {
            if (rows.verdict[row] === AFFECTED) explains(plant, q, compiled, question, rows, row);
          }
        },
      ),
    ));
});

function explains(
  plant: ReferencePlant,
  q: ReferenceQuestion,
  compiled: Compiled,
  question: Question,
  rows: TraceRows,
  row: number,
): void {
  const unit = rows.unit[row]!;
  const backward = q.direction === 'backward';
  const answer = why(compiled.graph, question, q.direction, unit)!;
  expect(answer.unit).toBe(unit);
  expect(answer.chain).toHaveLength(rows.depth[row]!);
  // Read from the seed on, every link starts where the one before it ended.
  const fromSeed = backward ? [...answer.chain].reverse() : answer.chain;
  let at = answer.seed;
  for (const step of fromSeed) {
    expect(backward ? step.output : step.input).toBe(at);
    expect(question.dropped?.[step.link] ?? 0).toBe(0);
    if (q.certainty === 'certain') expect(step.certain).toBe(true);
    expect(step.carried.length).toBeGreaterThan(0);
    at = backward ? step.input : step.output;
  }
  expect(at).toBe(unit);
  // The links of the chain alone, by the brute force, carry exactly what it says.
  const seeds = q.seeds.filter((s) => s.unit === compiled.names[answer.seed]);
  expect(seeds.length).toBeGreaterThan(0);
  const alone = referenceTrace(
    { units: plant.units, links: answer.chain.map((s) => plant.links[s.link]!) },
    { direction: q.direction, seeds },
  );
  const whole = alone.affected.get(compiled.names[unit]!)!;
  const last = fromSeed[fromSeed.length - 1];
  if (last) expect(normalize([...whole.exposure, ...last.carried])).toEqual(whole.exposure);
  expect(answer.waysIn).toBe(waysIn(plant, q, compiled, question, unit));
}

/** The links that bring exposure into the unit, each tried alone on the whole exposure of its near end. */
function waysIn(
  plant: ReferencePlant,
  q: ReferenceQuestion,
  compiled: Compiled,
  question: Question,
  unit: number,
): number {
  const name = compiled.names[unit];
  return plant.links.filter((link, number) => {
    const [near, far] = q.direction === 'forward' ? [link.input, link.output] : [link.output, link.input];
    if (far !== name || near === far || question.dropped?.[number] || (q.certainty === 'certain' && !link.certain))
      return false;
    const windows = exposureAsAsked(plant, q, question, near);
    const alone = referenceTrace(
      { units: plant.units, links: [link] },
      { direction: q.direction, seeds: [{ unit: near, windows }] },
    );
    return windows.length > 0 && alone.affected.has(far);
  }).length;
}

/** A unit's exposure over the links that the question leaves, whether or not the unit meets its test. */
function exposureAsAsked(plant: ReferencePlant, q: ReferenceQuestion, question: Question, unit: string): Span[] {
  const links = plant.links.filter((l, i) => !question.dropped?.[i] && (q.certainty !== 'certain' || l.certain));
  const ever = referenceTrace({ units: plant.units, links }, { direction: q.direction, seeds: q.seeds });
  return ever.affected.get(unit)?.exposure ?? [];
}
