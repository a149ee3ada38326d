import fc from 'fast-check';
import { hits, PlantDispersion, PlantUnits, ReachWalk, traceBackward, traceForward } from '@/trace/engine';
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
