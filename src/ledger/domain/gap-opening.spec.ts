import fc from 'fast-check';
import { parseDecimal } from '@/kernel';
import { goesOn, openedFrom } from './gap-opening';
import { Gap, StoryMovement, unitGaps, UnitStory } from './gaps';

const DAY = 86_400_000;
const role = fc.constantFrom(
  'made',
  'used',
  'used',
  'used',
  'used',
  'shipped',
  'returned',
  'counted',
  'adjusted',
  'moved-out',
  'expected',
  'scrapped',
  'installed',
  'removed',
  'packed',
);

const movement = fc.record({
  role,
  from: fc.integer({ min: 0, max: 400 }).map((n) => n * 10),
  long: fc.constantFrom(1, 1, 1, 5, 30),
  quantity: fc.option(fc.integer({ min: 0, max: 40 }), { freq: 60 }),
  placeId: fc.option(fc.constantFrom(1, 2), { freq: 5 }),
  partnerId: fc.constantFrom(null, 7, 8),
  parents: fc.constantFrom(null, [3], [3, 4]),
  withBefore: fc.constantFrom(false, false, false, true),
});

const story = (kind: 'lot' | 'run') =>
  fc
    .record({
      opening: fc.option(fc.integer({ min: 100, max: 4_000 }), { freq: 10 }),
      drawn: fc.array(movement, { minLength: 140, maxLength: 260, size: 'max' }),
      hold: fc.option(fc.tuple(fc.integer({ min: 0, max: 400 }), fc.integer({ min: 1, max: 80 }))),
      expires: fc.option(fc.integer({ min: 3_000, max: 4_500 })),
    })
    .map(({ opening, drawn, hold, expires }): UnitStory => {
      const movements: StoryMovement[] = drawn
        .map((d, i) => ({ ...d, event: d.withBefore && i > 0 ? i - 1 : i }))
        .map(({ event, role: r, from, long, quantity, placeId, partnerId, parents }) => ({
          event,
          type: r === 'used' ? 'produce' : '',
          role: r,
          from,
          until: from + long,
          quantity: quantity === null ? null : BigInt(r === 'adjusted' ? quantity - 20 : quantity) * parseDecimal('1'),
          placeId,
          partnerId,
          containerId: r === 'packed' ? 5 : null,
          parents,
        }));
      if (opening !== null)
        movements.push({
          event: 9_999,
          type: 'receive',
          role: 'made',
          from: -DAY,
          until: 1 - DAY,
          quantity: BigInt(opening) * parseDecimal('1'),
          placeId: 1,
          partnerId: 7,
        });
      movements.sort((a, b) => a.from - b.from);
      const holds = hold ? [{ from: hold[0] * 10, until: (hold[0] + hold[1]) * 10, reason: 'smell', holdId: 1 }] : [];
      return {
        name: 'RM lot T',
        kind,
        uom: 'kg',
        movements,
        linksOut: [],
        linksIn: [],
        ends: [],
        holds,
        expires,
        bomTracked: false,
      };
    });

const said = (gaps: readonly Gap[]) => gaps.map((g) => JSON.stringify(g)).sort();

it.each(['lot', 'run'] as const)('says the same of a %s with an opening as of the whole of it', (kind) => {
  let opened = 0;
  fc.assert(
    fc.property(story(kind), (whole) => {
      const cut = openedFrom(whole);
      if (!cut) return;
      const later = whole.movements.filter((m) => m.from >= cut.untilMs);
      if (!goesOn(cut.opening, later)) return;
      opened++;
      const before = new Set(whole.movements.filter((m) => m.from < cut.untilMs).map((m) => m.event));
      const gaps = unitGaps(whole);
      const kept = gaps.filter((g) => g.event === undefined || before.has(g.event));
      const after = unitGaps({ ...whole, movements: later, opening: cut.opening });
      expect(said([...kept, ...after])).toEqual(said(gaps));
      // What is kept was said when the later ones were not there yet.
      expect(said(unitGaps({ ...whole, movements: whole.movements.filter((m) => m.from < cut.untilMs) }))).toEqual(
        said(kept),
      );
      // An opening can go on from another.
      const more = later.flatMap((m) => [
        m,
        { ...m, event: m.event + 20_000, from: m.from + 5_000, until: m.until + 5_000 },
      ]);
      const next = openedFrom({ ...whole, movements: more, opening: cut.opening });
      const all = { ...whole, movements: [...whole.movements, ...more.filter((m) => m.event >= 20_000)] };
      if (next && goesOn(cut.opening, more)) {
        const last = more.filter((m) => m.from >= next.untilMs);
        if (!goesOn(next.opening, last)) return;
        const lastGaps = unitGaps({ ...whole, movements: last, opening: next.opening });
        const events = new Set(last.map((m) => m.event));
        expect(said(lastGaps)).toEqual(said(unitGaps(all).filter((g) => g.event !== undefined && events.has(g.event))));
      }
    }),
    { numRuns: 150 },
  );
  expect(opened).toBeGreaterThan(30);
});
