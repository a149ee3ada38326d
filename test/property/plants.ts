/** Random small plants as lists of links: cycles, self links, ties, open ends, times known by their day. */
import fc from 'fast-check';
import { CONSUME, EngineLink, GenealogyGraph, GraphBuilder, INSTALL } from '@/trace/engine';
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

interface Kind {
  modes?: readonly ReferenceLink['mode'][];
  /** how many of four links are certain */
  certain?: number;
  coarse?: boolean;
}

const link = (
  units: number,
  { modes = ['consume', 'install'], certain = 3, coarse = true }: Kind,
): fc.Arbitrary<ReferenceLink> =>
  fc
    .record({
      input: fc.nat(units - 1),
      output: fc.nat(units - 1),
      mode: fc.constantFrom(...modes),
      certain: fc.integer({ min: 0, max: 3 }).map((n) => n < certain),
      span: span(true),
      point: fc.boolean(),
      narrow: coarse ? fc.constantFrom('exact' as const, 'inner' as const, 'crossed' as const) : fc.constant('exact'),
    })
    .map(({ input, output, mode, certain: sure, span: [from, until], point, narrow }) => {
      const l: ReferenceLink = { input: unitName(input), output: unitName(output), mode, certain: sure, from, until };
      if (mode === 'consume') {
        if (from === -Infinity) l.from = 0;
        if (until === Infinity || point) l.until = l.from + 1;
        else if (narrow === 'inner') l.sureFrom = l.until - 1;
      } else if (narrow === 'inner') {
        if (from !== -Infinity) l.sureFrom = from + 1;
        if (until !== Infinity) l.sureUntil = until - 1;
      } else if (narrow === 'crossed' && from !== -Infinity && until !== Infinity) {
        // In and out on one day: surely in there at no time at all.
        l.sureFrom = until - 1;
        l.sureUntil = from;
      }
      return l;
    });

/** Stretches of one unit in the next, again and again, and now and then something that flows back: many intervals. */
const ladder = (units: number): fc.Arbitrary<ReferenceLink[]> =>
  fc
    .array(
      fc.record({
        rung: fc.nat(units - 1),
        start: fc.integer({ min: 0, max: 20 }),
        length: fc.integer({ min: 1, max: 3 }),
        certain: fc.integer({ min: 0, max: 5 }).map((n) => n > 0),
        back: fc.integer({ min: 0, max: 9 }),
      }),
      { minLength: 6, maxLength: 26 },
    )
    .map((rungs) =>
      rungs.map(({ rung, start, length, certain, back }): ReferenceLink => {
        const [lower, upper] = [unitName(rung), unitName((rung + 1) % units)];
        if (back === 0) return { input: upper, output: lower, mode: 'consume', certain, from: start, until: start + 1 };
        return { input: lower, output: upper, mode: 'install', certain, from: start, until: start + length };
      }),
    );

/** One fact after the other as the ledger tells them: surely until the next mark, possibly after it, in both of two parents. */
const shadowed = (units: number): fc.Arbitrary<ReferenceLink[]> =>
  fc
    .array(
      fc.record({
        input: fc.nat(units - 1),
        output: fc.nat(units - 1),
        from: moment,
        length: fc.integer({ min: 1, max: 5 }),
      }),
      { maxLength: 9 },
    )
    .map((stays) =>
      stays.flatMap(({ input, output, from, length }): ReferenceLink[] => {
        const common = { input: unitName(input), output: unitName(output), mode: 'install' as const };
        return [
          { ...common, certain: true, from, until: from + length },
          { ...common, certain: false, from: from + length, until: length % 2 ? Infinity : from + 2 * length },
        ];
      }),
    );

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

interface Shape {
  units: [min: number, max: number];
  links: (units: number) => fc.Arbitrary<ReferenceLink[]>;
}

const any =
  (kind: Kind, maxLength = 18) =>
  (units: number) =>
    fc.array(link(units, kind), { maxLength });

/** Plants of all sorts: the ones without possible links or coarse times, for which passes are saved, among them. */
const SHAPES: readonly (readonly [weight: number, shape: Shape])[] = [
  [8, { units: [1, UNITS_MAX], links: any({}) }],
  [2, { units: [1, UNITS_MAX], links: any({ certain: 4, coarse: false }) }],
  [2, { units: [1, UNITS_MAX], links: any({ certain: 4 }) }],
  [2, { units: [1, UNITS_MAX], links: any({ certain: 2, coarse: false }) }],
  [2, { units: [2, UNITS_MAX], links: any({ modes: ['install'], certain: 3 }, 24) }],
  // Two or three units: parallel links, certain beside possible, links to itself.
  [3, { units: [1, 3], links: any({ certain: 2 }, 20) }],
  [3, { units: [2, 6], links: ladder }],
  [2, { units: [2, 5], links: shadowed }],
];

const plantOf = ({ units: [min, max], links }: Shape): fc.Arbitrary<ReferencePlant> =>
  fc.integer({ min, max }).chain((count) =>
    fc.record({
      units: fc
        .array(unit, { minLength: count, maxLength: count })
        .map((units) => new Map(units.map((u, i) => [unitName(i), u]))),
      links: links(count),
    }),
  );

export const arbitraryPlant: fc.Arbitrary<ReferencePlant> = fc.oneof(
  ...SHAPES.map(([weight, shape]) => ({ weight, arbitrary: plantOf(shape) })),
);

const windows = fc.oneof(
  fc.constant<Span[]>([[-Infinity, Infinity]]),
  fc.array(span(true), { minLength: 1, maxLength: 3 }),
  fc.array(span(false), { minLength: 1, maxLength: 3 }),
);

export function seedsOf(plant: ReferencePlant): fc.Arbitrary<ReferenceQuestion['seeds']> {
  const named = fc.constantFrom(...plant.units.keys());
  const several = { minLength: 1, maxLength: 3 };
  return fc.oneof(
    { weight: 3, arbitrary: fc.array(fc.record({ unit: named, windows }), several) },
    // The same unit over and over, each time with windows of its own: the union of them counts.
    { weight: 1, arbitrary: named.chain((unit) => fc.array(fc.record({ unit: fc.constant(unit), windows }), several)) },
  );
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

export function compile(plant: ReferencePlant, links = plant.links, names = [...plant.units.keys()]): Compiled {
  const numbers = new Map(names.map((name, i) => [name, i]));
  const builder = new GraphBuilder(links.length);
  for (const l of links) builder.add(engineLink(l, numbers));
  return { names, numbers, graph: builder.build(names.length) };
}

export function engineLink(l: ReferenceLink, numbers: ReadonlyMap<string, number>): EngineLink {
  return {
    ...l,
    input: numbers.get(l.input)!,
    output: numbers.get(l.output)!,
    mode: l.mode === 'consume' ? CONSUME : INSTALL,
  };
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
