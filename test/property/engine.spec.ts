import fc from 'fast-check';
import { AFFECTED, DigestRow, hits, Interval, normalize, traceDigest } from '@/trace/engine';
import { ReferenceLink, ReferencePlant, ReferenceQuestion, referenceTrace, Span } from '../reference';
import { run, Run, sorted, spoken } from './engine-run';
import { backwardQuestion, compile, Compiled, forwardQuestion, plantAnd, seedsOf } from './plants';
import { check } from './runs';

function agrees(plant: ReferencePlant, q: ReferenceQuestion): void {
  const traced = run(plant, q);
  expect(spoken(traced, q.direction === 'forward')).toEqual(expectedOf(plant, q));
  const { rows } = traced;
  for (let row = 0; row < rows.length; row++) {
    expect(rows.rowOf(rows.unit[row]!)).toBe(row);
    const exposure = rows.exposure(row);
    const [from, until, several] = rows.bounds(row);
    expect(several).toBe(exposure.length > 1);
    if (exposure.length > 0) expect([from, until]).toEqual([exposure[0]![0], exposure.at(-1)![1]]);
    else expect(from).toBeGreaterThanOrEqual(until);
  }
  const counted = spoken(traced, true).affected as [string, { certainty: string }][];
  expect(rows.affectedCount).toBe(counted.length);
  expect(rows.certainCount).toBe(counted.filter(([, a]) => a.certainty === 'certain').length);
}

function expectedOf(plant: ReferencePlant, q: ReferenceQuestion) {
  const { affected, excluded } = referenceTrace(plant, q);
  return { affected: sorted(affected), excluded: sorted(excluded) };
}

const meets = (exposure: readonly Interval[], window: readonly Span[]): boolean =>
  window.some(([from, until]) => hits(exposure, from, until));

describe('the engine on random plants', () => {
  it('agrees with the brute force forward', () =>
    check(
      'forward',
      fc.property(plantAnd(forwardQuestion), ({ plant, question }) => agrees(plant, question)),
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
          const setAt = (traced: Run, unit: string): Interval[] => {
            const row = traced.rows.rowOf(traced.compiled.numbers.get(unit)!);
            return row < 0 ? [] : traced.rows.exposure(row);
          };
          expect(meets(setAt(forward, target!.unit), target!.windows)).toBe(
            meets(setAt(backward, seed!.unit), seed!.windows),
          );
        },
      ),
    ));

  it('gives the same answer and digest whatever the order of links and units', () =>
    check(
      'order of links',
      fc.property(
        plantAnd((plant) =>
          fc.tuple(
            fc.oneof(forwardQuestion(plant), backwardQuestion(plant)),
            fc.shuffledSubarray(plant.links, { minLength: plant.links.length }),
            fc.shuffledSubarray([...plant.units.keys()], { minLength: plant.units.size }),
          ),
        ),
        ({ plant, question: [q, links, names] }) => {
          const [a, b] = [run(plant, q), run(plant, q, compile(plant, links, names))];
          const forward = q.direction === 'forward';
          expect(spoken(b, forward)).toEqual(spoken(a, forward));
          expect(digest(plant, q, b)).toBe(digest(plant, q, a));
        },
      ),
    ));

  it('gives the same answer from rows without lists of numbers, where links stand in the order of their units', () =>
    check(
      'links in order',
      fc.property(
        plantAnd((plant) => fc.oneof(forwardQuestion(plant), backwardQuestion(plant))),
        ({ plant, question: q }) => {
          const forward = q.direction === 'forward';
          const near = (l: ReferenceLink): string => (forward ? l.input : l.output);
          const names = [...plant.units.keys()];
          const links = [...plant.links].sort((a, b) => names.indexOf(near(a)) - names.indexOf(near(b)));
          const compiled = compile(plant, links);
          const graph = { ...compiled.graph, [forward ? 'outLink' : 'inLink']: null };
          expect(spoken(run(plant, q, { ...compiled, graph }), forward)).toEqual(expectedOf(plant, q));
        },
      ),
    ));

  it('gives the same answer from rows and what has changed since they were built', () =>
    check(
      'patched rows',
      fc.property(
        plantAnd((plant) =>
          fc.record({
            q: fc.oneof(forwardQuestion(plant), backwardQuestion(plant)),
            since: fc.nat(plant.links.length),
            gone: fc.array(fc.nat(Math.max(0, plant.links.length - 1)), { maxLength: 4 }),
            newer: fc.nat(2),
          }),
        ),
        ({ plant, question: { q, since, gone, newer } }) => {
          const now = { ...plant, links: plant.links.filter((_, i) => !gone.includes(i)) };
          const compiled = patched(plant, since, new Set(gone), newer);
          const forward = q.direction === 'forward';
          expect(spoken(run(now, q, compiled), forward)).toEqual(expectedOf(now, q));
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
});

const never = (): Int32Array => new Int32Array();

/** The links of the plant as rows over the first of them, among the oldest units, and a patch that adds, drops and corrects. */
function patched(plant: ReferencePlant, since: number, gone: ReadonlySet<number>, newer: number): Compiled {
  const whole = compile(plant);
  const { names, numbers, graph } = whole;
  const known = Math.max(1, names.length - newer);
  const old = plant.links.map((l) => Math.max(numbers.get(l.input)!, numbers.get(l.output)!) < known);
  const inRows = old.findIndex((isOld, i) => !isOld || i >= since);
  const rowed = plant.links.slice(0, inRows < 0 ? plant.links.length : inRows);
  const base = compile(plant, rowed, names.slice(0, known)).graph;
  const touched = plant.links.map((_, i) => gone.has(i) || i >= base.linkCount);
  const rows = (ends: Int32Array) => {
    const changed = Uint8Array.from(names, (_, u) => (u >= known ? 1 : 0));
    touched.forEach((is, i) => {
      if (is) changed[ends[i]!] = 1;
    });
    const of = names.map((_, u) =>
      Int32Array.from([...plant.links.keys()].filter((i) => ends[i] === u && !gone.has(i))),
    );
    return { changed, of: (u: number) => of[u] ?? never() };
  };
  const [out, into] = [rows(graph.input), rows(graph.output)];
  const patch = { changedOut: out.changed, changedIn: into.changed, out: out.of, in: into.of };
  const { outOffset, outLink, inOffset, inLink } = base;
  return { ...whole, graph: { ...graph, outOffset, outLink, inOffset, inLink, patch } };
}

function digest(plant: ReferencePlant, q: ReferenceQuestion, { compiled, rows }: Run): string {
  const lines = Array.from({ length: rows.length }, (_, row) => row)
    .filter((row) => rows.verdict[row] === AFFECTED)
    .map((row): DigestRow => {
      const code = compiled.names[rows.unit[row]!]!;
      const certainty = rows.certain[row] ? 'certain' : 'possible';
      return { item: plant.units.get(code)!.item, kind: 'lot', code, certainty, exposure: rows.exposure(row) };
    });
  return traceDigest(q.direction, lines);
}
