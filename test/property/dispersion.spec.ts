import fc from 'fast-check';
import { flattened, hits, PlantDispersion, PlantUnits, ReachWalk, traceBackward, traceForward } from '@/trace/engine';
import type { GenealogyGraph, Interval } from '@/trace/engine';
import { ReferencePlant, referenceTrace, Span } from '../reference';
import { arbitraryPlant, compile } from './plants';
import { check } from './runs';

const ALWAYS: Span[] = [[-Infinity, Infinity]];
const CUSTOMERS = 3;
const isRun = (name: string) => name === 'u4';

/** The n-th shipment of a unit goes to customer n. */
function unitsOf(plant: ReferencePlant, names: readonly string[]): PlantUnits {
  const shipments = names.map((name) => plant.units.get(name)!.shipments ?? []);
  const shipmentOffset = new Int32Array(names.length + 1);
  shipments.forEach((own, u) => (shipmentOffset[u + 1] = shipmentOffset[u]! + own.length));
  return {
    isRun: Uint8Array.from(names, (name) => (isRun(name) ? 1 : 0)),
    shipmentOffset,
    shipmentFrom: Float64Array.from(shipments.flat(), (s) => s[0]),
    shipmentUntil: Float64Array.from(shipments.flat(), (s) => s[1]),
    shipmentCustomer: Int32Array.from(shipments.flatMap((own, u) => own.map((_, n) => (u + n) % CUSTOMERS))),
    customerCount: CUSTOMERS,
  };
}

/** docs/BLAST.md, word for word, on the brute force. */
function expected(plant: ReferencePlant, seed: string) {
  const names = [...plant.units.keys()];
  const linksTo = (name: string) => plant.links.some((l) => l.output === name && l.input !== name);
  const linksFrom = (name: string) => plant.links.some((l) => l.input === name && l.output !== name);
  const shipmentsOf = (name: string) => plant.units.get(name)!.shipments ?? [];
  const finished = (name: string) =>
    !isRun(name) && (shipmentsOf(name).length > 0 || (linksTo(name) && !linksFrom(name)));
  const raw = (name: string) => !isRun(name) && !linksTo(name);
  const ask = { seeds: [{ unit: seed, windows: ALWAYS }], certainty: 'possible' as const };
  const { affected } = referenceTrace(plant, { direction: 'forward', ...ask });
  const back = referenceTrace(plant, { direction: 'backward', ...ask }).affected;
  const customers = new Set(
    [...affected].flatMap(([name, { exposure }]) =>
      shipmentsOf(name).flatMap(([from, until], n) =>
        hits(exposure, from, until) ? [(names.indexOf(name) + n) % CUSTOMERS] : [],
      ),
    ),
  );
  const others = [...affected.keys()].filter((name) => name !== seed);
  return {
    units: affected.size,
    finished: [...affected.keys()].filter(finished).length,
    customers: customers.size,
    downward: others.filter(finished).length,
    upward: [...back.keys()].filter((name) => name !== seed && raw(name)).length,
  };
}

function exposuresOf(walk: ReachWalk, seed: number, backward: boolean) {
  walk.walk(seed, backward);
  return [...walk.units.subarray(0, walk.count)].sort((a, b) => a - b).map((u) => [u, walk.exposure(u)]);
}

function tracedOf(graph: GenealogyGraph, seed: number, backward: boolean) {
  const rows = (backward ? traceBackward : traceForward)(graph, { seeds: [{ unit: seed, windows: ALWAYS }] });
  const found: [number, Interval[]][] = [];
  for (let row = 0; row < rows.length; row++)
    if (rows.exposure(row).length > 0) found.push([rows.unit[row]!, rows.exposure(row)]);
  return found.sort((a, b) => a[0] - b[0]);
}

/**
 * The plant's graph as an index has it: some links in its rows, some added since (fate 1), and some that are in the rows
 * and do not hold any more (a copy of each link with fate 2, elsewhere).
 */
function patchedGraph(plant: ReferencePlant, fates: readonly number[]): GenealogyGraph {
  const { names, numbers } = compile(plant);
  const inRows = plant.links.filter((_, n) => fates[n] !== 1);
  const gone = plant.links.filter((_, n) => fates[n] === 2).map((l) => ({ ...l, input: l.output, output: l.input }));
  const added = plant.links.filter((_, n) => fates[n] === 1);
  const all = compile(plant, [...inRows, ...gone, ...added]).graph;
  const rows = compile(plant, [...inRows, ...gone]).graph;
  const holds = (n: number) => n < inRows.length || n >= inRows.length + gone.length;
  const changedOut = new Uint8Array(names.length);
  const changedIn = new Uint8Array(names.length);
  for (const l of [...gone, ...added]) {
    changedOut[numbers.get(l.input)!] = 1;
    changedIn[numbers.get(l.output)!] = 1;
  }
  const of = (ends: Int32Array, unit: number) =>
    Int32Array.from([...ends.keys()].filter((n) => ends[n] === unit && holds(n)));
  return {
    ...all,
    outOffset: rows.outOffset,
    outLink: rows.outLink,
    inOffset: rows.inOffset,
    inLink: rows.inLink,
    patch: { changedOut, changedIn, out: (unit) => of(all.input, unit), in: (unit) => of(all.output, unit) },
  };
}

function finish<T>(steps: Generator<void, T>): T {
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}

describe('the walks of the blast radius on random plants', () => {
  it('expose what the engine exposes, at the same times, whatever was walked before', () =>
    check(
      'reach walk',
      fc.property(arbitraryPlant, (plant) => {
        const { graph, names } = compile(plant);
        const walk = new ReachWalk(graph);
        for (let seed = 0; seed < names.length; seed++)
          for (const backward of [false, true])
            expect(exposuresOf(walk, seed, backward)).toEqual(tracedOf(graph, seed, backward));
      }),
      2,
    ));

  it('are the same over a graph that was changed since it was built, and over a flat copy of it', () =>
    check(
      'flat copy',
      fc.property(
        arbitraryPlant.chain((plant) =>
          fc.tuple(fc.constant(plant), fc.array(fc.integer({ min: 0, max: 2 }), { minLength: 18, maxLength: 18 })),
        ),
        ([plant, fates]) => {
          const { graph: whole, names } = compile(plant);
          const changed = patchedGraph(plant, fates);
          const flat = finish(flattened(changed, names.length + 2));
          const walks = [new ReachWalk(whole), new ReachWalk(changed), new ReachWalk(flat)];
          for (let seed = 0; seed < names.length; seed++)
            for (const backward of [false, true]) {
              const [expected, ...found] = walks.map((walk) => exposuresOf(walk, seed, backward));
              for (const one of found) expect(one).toEqual(expected);
            }
        },
      ),
    ));

  it('count what the definitions say, for every unit', () =>
    check(
      'dispersion',
      fc.property(arbitraryPlant, (plant) => {
        const { graph, names } = compile(plant);
        const dispersion = new PlantDispersion(graph, unitsOf(plant, names));
        const found = { units: 0, finished: 0, customers: 0, downward: 0, upward: 0 };
        for (const [u, name] of names.entries()) {
          dispersion.of(u, found);
          expect(found).toEqual(expected(plant, name));
        }
      }),
    ));
});
