/**
 * Random small plants with quantities: ties in time, draws that take a while, circles within an instant, missing quantities,
 * several outputs, several units of measure, returns, things installed. Half of them are stocked well enough that all is known.
 */
import fc from 'fast-check';
import type { MixedDraw, MixedMove, MixedPlant, MixedUnit, Span } from '../reference';

const UNITS_MAX = 8;
const NANO = 1_000_000_000n;
const moment = fc.integer({ min: 1, max: 12 });

export interface MixingCase {
  plant: MixedPlant;
  seeds: { unit: string; windows: Span[] }[];
}

interface RawUnit {
  kind: MixedUnit['kind'];
  uom: string;
}

const unit = (tidy: boolean): fc.Arbitrary<RawUnit> =>
  fc
    .record({
      kind: fc.constantFrom('lot' as const, 'lot' as const, 'lot' as const, 'serial' as const, 'run' as const),
      uom: fc.constantFrom('kg', 'kg', 'kg', 'l'),
    })
    .map((u) => (tidy ? { kind: 'lot', uom: u.uom } : u.kind === 'serial' ? { ...u, uom: 'pcs' } : u));

/** Mostly round; now and then with all nine decimals. */
const amount = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: 1, max: 9 }).map((n) => BigInt(n) * NANO) },
  { weight: 1, arbitrary: fc.bigInt({ min: 1n, max: 3n * NANO }) },
);
const gaps = <T>(tidy: boolean, value: fc.Arbitrary<T>): fc.Arbitrary<T | null> =>
  tidy ? value : fc.oneof({ weight: 12, arbitrary: value }, { weight: 1, arbitrary: fc.constant(null) });

const span = fc.tuple(moment, fc.constantFrom(1, 1, 1, 1, 4)).map(([from, length]): Span => [from, from + length]);

/** One event: some inputs into some outputs; each output is made at the event's time, each input drawn at its own. */
const event = (units: number, tidy: boolean) =>
  fc.record({
    at: moment,
    outputs: fc.uniqueArray(fc.record({ unit: fc.nat(units - 1), made: gaps(tidy, amount) }), {
      minLength: 1,
      maxLength: 3,
      selector: (o) => o.unit,
    }),
    inputs: fc.array(
      fc.record({
        unit: fc.nat(units - 1),
        quantity: gaps(tidy, amount),
        own: fc.option(span, { freq: 4, nil: null }),
        only: fc.option(fc.nat(2), { freq: 4, nil: null }),
      }),
      { minLength: 1, maxLength: 3 },
    ),
  });

const move = (units: number, tidy: boolean): fc.Arbitrary<{ unit: number; move: Omit<MixedMove, 'unit'> }> =>
  fc.record({
    unit: fc.nat(units - 1),
    move: fc.oneof(
      {
        weight: 4,
        arbitrary: fc.record({ at: moment, role: fc.constant('made' as const), quantity: gaps(tidy, amount) }),
      },
      {
        weight: 4,
        arbitrary: fc.record({
          at: moment,
          role: fc.constantFrom('shipped' as const, 'scrapped' as const, 'returned' as const),
          quantity: tidy ? amount : fc.oneof(amount, amount, amount, fc.constantFrom(null, 'all' as const)),
        }),
      },
      {
        weight: 1,
        arbitrary: fc.record({
          at: moment,
          role: fc.constant('adjusted' as const),
          quantity: tidy
            ? amount.map((q) => -q)
            : fc.oneof(
                amount,
                amount.map((q) => -q),
              ),
        }),
      },
    ),
  });

const windows = fc.oneof(
  { weight: 3, arbitrary: fc.constant<Span[]>([[-Infinity, Infinity]]) },
  { weight: 1, arbitrary: span.map(([from, until]): Span[] => [[from, until + 3]]) },
  { weight: 1, arbitrary: moment.map((from): Span[] => [[from, Infinity]]) },
);

const name = (i: number): string => `u${i}`;

function mixingCase(tidy: boolean): fc.Arbitrary<MixingCase> {
  return fc.integer({ min: 2, max: UNITS_MAX }).chain((count) =>
    fc
      .record({
        units: fc.array(unit(tidy), { minLength: count, maxLength: count }),
        stock: fc.array(fc.constantFrom(0, 5, 100, 100), { minLength: count, maxLength: count }),
        events: fc.array(event(count, tidy), { minLength: 1, maxLength: 9 }),
        moves: fc.array(move(count, tidy), { maxLength: 6 }),
        stays: fc.array(
          fc.record({
            input: fc.nat(count - 1),
            output: fc.nat(count - 1),
            from: moment,
            length: fc.constantFrom(1, 3, Infinity),
          }),
          { maxLength: tidy ? 0 : 2 },
        ),
        seeds: fc.uniqueArray(fc.record({ unit: fc.nat(count - 1), windows }), {
          minLength: 1,
          maxLength: 2,
          selector: (s) => s.unit,
        }),
      })
      .map(({ units, stock, events, moves, stays, seeds }): MixingCase => {
        const one = (i: number, quantity: bigint | null | 'all') => (units[i]!.kind === 'serial' ? NANO : quantity);
        const made: MixedMove[] = [];
        const draws: MixedDraw[] = [];
        for (const e of events) {
          for (const o of e.outputs)
            made.push({ unit: name(o.unit), at: e.at, role: 'made', quantity: one(o.unit, o.made) });
          for (const i of e.inputs) {
            const only = i.only === null ? e.outputs : [e.outputs[i.only % e.outputs.length]!];
            draws.push({
              input: name(i.unit),
              from: i.own?.[0] ?? e.at,
              until: i.own?.[1] ?? e.at + 1,
              quantity: one(i.unit, i.quantity) as bigint | null,
              targets: only
                .filter((o) => o.unit !== i.unit)
                .map((o) => ({ unit: name(o.unit), made: one(o.unit, o.made) as bigint | null })),
            });
          }
        }
        const first: MixedMove[] = stock.flatMap((q, i) =>
          q === 0 && !tidy
            ? []
            : [{ unit: name(i), at: 0, role: 'made' as const, quantity: one(i, BigInt(q + (tidy ? 50 : 0)) * NANO) }],
        );
        return {
          plant: {
            units: new Map(units.map((u, i) => [name(i), u])),
            moves: [
              ...first,
              ...made,
              ...moves.map((m) => ({ ...m.move, unit: name(m.unit), quantity: one(m.unit, m.move.quantity) })),
            ],
            draws,
            stays: stays.map((s) => ({
              input: name(s.input),
              output: name(s.output),
              from: s.from,
              until: s.from + s.length,
            })),
          },
          seeds: seeds.map((s) => ({ unit: name(s.unit), windows: s.windows })),
        };
      }),
  );
}

export const anyMixing: fc.Arbitrary<MixingCase> = fc.oneof(mixingCase(false), mixingCase(true));
export const tidyMixing: fc.Arbitrary<MixingCase> = mixingCase(true);
