import fc from 'fast-check';
import { exposedThrough, Interval, mix, MixingBuilder, Mixture, MoveRole, traceForward } from '@/trace/engine';
import {
  Fraction,
  fraction,
  less,
  minus,
  MixedDraw,
  MixedMove,
  MixedPlant,
  plus,
  referenceAmounts,
  ReferenceLink,
  referenceTrace,
  Span,
} from '../reference';
import { anyMixing, MixingCase, tidyMixing } from './mixing-plants';
import { compile } from './plants';
import { check } from './runs';

const ROLES: MixedMove['role'][] = ['made', 'returned', 'shipped', 'scrapped', 'adjusted'];
const EVER: Span[] = [[-Infinity, Infinity]];

function linksOf(plant: MixedPlant): ReferenceLink[] {
  return [
    ...plant.draws.flatMap(({ input, from, until, targets }) =>
      targets.map((t) => ({ input, output: t.unit, mode: 'consume' as const, certain: true, from, until })),
    ),
    ...plant.stays.map((s) => ({ ...s, mode: 'install' as const, certain: true })),
  ];
}

/** The product's answer: its own exposures, its own mixing. */
function mixed(
  { plant, seeds }: MixingCase,
  moves = plant.moves,
  draws: MixedDraw[] = plant.draws,
): Map<string, ReturnType<Mixture['amountOf']>> {
  const names = [...plant.units.keys()];
  const units = new Map(names.map((n) => [n, { item: 'A' }]));
  const { graph, numbers } = compile({ units, links: linksOf(plant) });
  const unit = (n: string): number => numbers.get(n)!;
  const rows = traceForward(graph, { seeds: seeds.map((s) => ({ unit: unit(s.unit), windows: s.windows })) });
  const exposureOf = (u: number): Interval[] => (rows.rowOf(u) < 0 ? [] : rows.exposure(rows.rowOf(u)));
  const uoms = [...new Set([...plant.units.values()].map((u) => u.uom))];
  const builder = new MixingBuilder(
    names.map((n) => {
      const { kind, uom } = plant.units.get(n)!;
      return { serial: kind === 'serial', run: kind === 'run', uom: uoms.indexOf(uom) };
    }),
  );
  for (const m of moves) builder.move(unit(m.unit), m.at, ROLES.indexOf(m.role) as MoveRole, m.quantity);
  for (const d of draws) {
    const targets = d.targets.map((t) => ({ unit: unit(t.unit), made: t.made }));
    builder.draw(unit(d.input), d.from, d.until, d.quantity, targets);
  }
  const isRun = (n: string): boolean => plant.units.get(n)!.kind === 'run';
  const stays = plant.stays.map((s) => ({ ...s, input: unit(s.input), output: unit(s.output) }));
  const through = exposedThrough(stays, exposureOf);
  for (const n of names) if (isRun(n) && exposureOf(unit(n)).length > 0) through.set(unit(n), exposureOf(unit(n)));
  const work = mix(builder.build(), {
    seeds: seeds.map((s) => ({ unit: unit(s.unit), windows: s.windows })),
    exposed: Uint8Array.from(names, (n) => (exposureOf(unit(n)).length > 0 ? 1 : 0)),
    through,
  });
  for (;;) {
    const step = work.next();
    if (step.done) return new Map(names.map((n) => [n, step.value.amountOf(unit(n))]));
  }
}

function expectedOf({ plant, seeds }: MixingCase) {
  const units = new Map([...plant.units.keys()].map((n) => [n, { item: 'A' }]));
  const { affected } = referenceTrace({ units, links: linksOf(plant) }, { direction: 'forward', seeds });
  return referenceAmounts(plant, seeds, (unit) => affected.get(unit)?.exposure ?? []);
}

/** A decimal string as a fraction; a shown amount is in the base unit, the reference counts in 10⁻⁹ of it. */
function read(text: string): Fraction {
  const [whole, decimals = ''] = text.split('.');
  return fraction(BigInt(whole! + decimals), 10n ** BigInt(decimals.length));
}
const NANO = fraction(1_000_000_000n);
const inBase = (nanos: Fraction): Fraction => fraction(nanos.n, nanos.d * NANO.n);

/** Equal to 10⁻⁹ of the larger one; both unknown, or neither. */
function agree(shown: string | null, expected: Fraction | null): boolean {
  if (shown === null || expected === null) return shown === expected;
  const found = read(shown);
  const [low, high] = less(found, expected) ? [found, expected] : [expected, found];
  return !less(fraction(high.n, high.d * 1_000_000_000n), minus(high, low));
}

const show = (f: Fraction | null): string => (f === null ? 'unknown' : `${f.n}/${f.d}`);

describe('amounts on random plants', () => {
  it('agree with the brute force to nine digits, and on what is unknown exactly', () =>
    check(
      'amounts',
      fc.property(anyMixing, (c) => {
        const found = mixed(c);
        const expected = expectedOf(c);
        for (const [unit, { amount, share, peakShare }] of found) {
          const reference = expected.amount.get(unit)!;
          const quantities = [
            ['amount', amount, reference && inBase(reference)],
            ['share', share, expected.share.get(unit)!],
            ['peak', peakShare, expected.peak.get(unit)!],
          ] as const;
          for (const [what, shown, exact] of quantities)
            if (!agree(shown, exact)) throw new Error(`${what} of ${unit} is ${shown}, not ${show(exact)}`);
        }
      }),
      2,
    ));

  it('are conserved: what other units have is what was drawn from seeds less what flowed back', () => {
    let known = 0;
    return check(
      'conservation',
      fc.property(tidyMixing, (c) => {
        const { drawn, flowedBack } = expectedOf(c);
        const found = mixed(c);
        const others = [...found].filter(([unit]) => !c.seeds.some((s) => s.unit === unit));
        if (drawn === null || flowedBack === null || others.some(([, { amount }]) => amount === null)) return;
        known++;
        const total = others.reduce((sum, [, { amount }]) => plus(sum, read(amount!)), fraction(0n));
        const expected = inBase(minus(drawn, flowedBack));
        const [low, high] = less(total, expected) ? [total, expected] : [expected, total];
        expect(less(fraction(1n, 1_000_000_000n), minus(high, low))).toBe(false);
      }),
    ).then(() => expect(known).toBeGreaterThan(100));
  });

  it('do not hang on the order of the input', () =>
    check(
      'order of input',
      fc.property(
        anyMixing.chain((c) =>
          fc.tuple(
            fc.constant(c),
            fc.shuffledSubarray(c.plant.moves, { minLength: c.plant.moves.length }),
            fc.shuffledSubarray(c.plant.draws, { minLength: c.plant.draws.length }),
          ),
        ),
        ([c, moves, draws]) => {
          expect([...mixed(c, moves, draws)]).toEqual([...mixed(c)]);
        },
      ),
    ));

  it('of a seed are all that it holds', () => {
    const plant: MixedPlant = {
      units: new Map([['tank', { kind: 'lot', uom: 'kg' }]]),
      moves: [{ unit: 'tank', at: 1, role: 'made', quantity: 5_000_000_000n }],
      draws: [],
      stays: [],
    };
    const found = mixed({ plant, seeds: [{ unit: 'tank', windows: EVER }] });
    expect(found.get('tank')).toEqual({ amount: '5', share: '1', peakShare: '1' });
  });
});
