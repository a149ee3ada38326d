/** Random small plants as lists of links: cycles, self links, ties, open ends, times known by their day. */
import fc from 'fast-check';
import { GenealogyGraph, GraphBuilder, CONSUME, INSTALL } from '@/trace/engine';
import type { ReferenceLink, ReferencePlant, ReferenceQuestion, ReferenceUnit, Span } from '../reference';

const UNITS_MAX = 9;
/** Few moments, so that ties and touching intervals are common. */
const moment = fc.integer({ min: 0, max: 14 });
const unitName = (i: number): string => `u${i}`;

const span = (openEnds: boolean): fc.Arbitrary<Span> =>
  fc
    .tuple(moment, fc.integer({ min: 1, max: 8 }), fc.integer({ min: 0, max: 9 }))
    .map(([from, length, open]): Span => [
      openEnds && open === 0 ? -Infinity : from,
      openEnds && open <= 2 ? Infinity : from + length,
    ]);

const link = (units: number): fc.Arbitrary<ReferenceLink> =>
  fc
    .record({
      input: fc.nat(units - 1),
      output: fc.nat(units - 1),
      mode: fc.constantFrom('consume' as const, 'install' as const),
      certain: fc.integer({ min: 0, max: 3 }).map((n) => n > 0),
      span: span(true),
      point: fc.boolean(),
      coarse: fc.integer({ min: 0, max: 1 }),
    })
    .map(({ input, output, mode, certain, span: [from, until], point, coarse }) => {
      const l: ReferenceLink = { input: unitName(input), output: unitName(output), mode, certain, from, until };
      if (mode === 'consume') {
        if (from === -Infinity) l.from = 0;
        if (until === Infinity || point) l.until = l.from + 1;
        else if (coarse === 0) l.sureFrom = l.until - 1;
      } else if (coarse === 0) {
        if (from !== -Infinity) l.sureFrom = from + 1;
        if (until !== Infinity) l.sureUntil = until - 1;
      }
      return l;
    });

const unit: fc.Arbitrary<ReferenceUnit> = fc.record({
  item: fc.constantFrom('A', 'B', 'C'),
  shipments: fc.array(
    fc.tuple(moment, fc.constantFrom(1, 1, 4)).map(([from, length]): Span => [from, from + length]),
    { maxLength: 2 },
  ),
  inHouse: fc.boolean(),
  inspections: fc.array(
    fc.record({
      name: fc.constantFrom('leak', 'leak', 'leak', 'weight'),
      passed: fc.boolean(),
      span: fc.tuple(moment, fc.constantFrom(1, 1, 4)).map(([from, length]): Span => [from, from + length]),
    }),
    { maxLength: 3 },
  ),
});

export const arbitraryPlant: fc.Arbitrary<ReferencePlant> = fc.integer({ min: 1, max: UNITS_MAX }).chain((count) =>
  fc.record({
    units: fc
      .array(unit, { minLength: count, maxLength: count })
      .map((units) => new Map(units.map((u, i) => [unitName(i), u]))),
    links: fc.array(link(count), { maxLength: 18 }),
  }),
);

const windows = fc.oneof(
  fc.constant<Span[]>([[-Infinity, Infinity]]),
  fc.array(span(true), { minLength: 1, maxLength: 3 }),
  fc.array(span(false), { minLength: 1, maxLength: 3 }),
);

export function seedsOf(plant: ReferencePlant): fc.Arbitrary<ReferenceQuestion['seeds']> {
  return fc.array(fc.record({ unit: fc.constantFrom(...plant.units.keys()), windows }), { minLength: 1, maxLength: 3 });
}

export function forwardQuestion(plant: ReferencePlant): fc.Arbitrary<ReferenceQuestion> {
  return fc.record({
    direction: fc.constant('forward' as const),
    seeds: seedsOf(plant),
    at: fc.oneof(fc.constant('ever' as const), fc.constant('shipment' as const), span(false)),
    certainty: fc.constantFrom('possible' as const, 'certain' as const),
    barriers: fc.array(
      fc.constantFrom(
        { item: 'B' },
        { item: 'C' },
        { inspection: 'leak' },
        { inspection: 'leak' },
        { inspection: 'weight' },
      ),
      { maxLength: 2 },
    ),
  });
}

export function backwardQuestion(plant: ReferencePlant): fc.Arbitrary<ReferenceQuestion> {
  return fc.record({
    direction: fc.constant('backward' as const),
    seeds: seedsOf(plant),
    certainty: fc.constantFrom('possible' as const, 'certain' as const),
  });
}

/** A plant with a question about it. */
export const plantAnd = <T>(
  question: (plant: ReferencePlant) => fc.Arbitrary<T>,
): fc.Arbitrary<{ plant: ReferencePlant; question: T }> =>
  arbitraryPlant.chain((plant) => question(plant).map((q) => ({ plant, question: q })));

export interface Compiled {
  names: string[];
  numbers: Map<string, number>;
  graph: GenealogyGraph;
}

export function compile(plant: ReferencePlant, links = plant.links): Compiled {
  const names = [...plant.units.keys()];
  const numbers = new Map(names.map((name, i) => [name, i]));
  const builder = new GraphBuilder(links.length);
  for (const l of links) {
    builder.add({
      ...l,
      input: numbers.get(l.input)!,
      output: numbers.get(l.output)!,
      mode: l.mode === 'consume' ? CONSUME : INSTALL,
    });
  }
  return { names, numbers, graph: builder.build(names.length) };
}

/** Rows by unit: the offsets and the flat list. */
function byUnit<T>(names: readonly string[], of: (name: string) => readonly T[]): { offset: Int32Array; rows: T[] } {
  const offset = new Int32Array(names.length + 1);
  const rows = names.flatMap((name, i) => {
    const own = of(name);
    offset[i + 1] = offset[i]! + own.length;
    return own;
  });
  return { offset, rows };
}

export interface EngineFacts {
  shipments: { offset: Int32Array; from: Float64Array; until: Float64Array };
  inHouse: Uint8Array;
}

export function factsOf(plant: ReferencePlant, names: readonly string[]): EngineFacts {
  const ships = byUnit(names, (n) => plant.units.get(n)!.shipments ?? []);
  return {
    shipments: {
      offset: ships.offset,
      from: Float64Array.from(ships.rows, (s) => s[0]),
      until: Float64Array.from(ships.rows, (s) => s[1]),
    },
    inHouse: Uint8Array.from(names, (n) => (plant.units.get(n)!.inHouse ? 1 : 0)),
  };
}

export function inspectionsOf(plant: ReferencePlant, names: readonly string[], asked: ReadonlySet<string>) {
  const rows = byUnit(names, (n) => (plant.units.get(n)!.inspections ?? []).filter((i) => asked.has(i.name)));
  return {
    offset: rows.offset,
    from: Float64Array.from(rows.rows, (i) => i.span[0]),
    until: Float64Array.from(rows.rows, (i) => i.span[1]),
    passed: Uint8Array.from(rows.rows, (i) => (i.passed ? 1 : 0)),
    characteristic: Int32Array.from(rows.rows, (i) => (i.name === 'leak' ? 0 : 1)),
  };
}
