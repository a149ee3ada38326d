import fc from 'fast-check';
import type { Role } from './draft';
import type { Holding } from './holding';
import { foldHoldings } from './holdings';
import { Base, foldUnit, UnitMovement } from './unit-fold';

const ROLES: Role[] = [
  'made',
  'used',
  'installed',
  'removed',
  'cleaned-out',
  'moved-out',
  'shipped',
  'returned',
  'scrapped',
  'packed',
  'unpacked',
  'counted',
  'adjusted',
  'inspected',
];

/** Mostly one after the other, as draws from a tank are; some late, some known by their day, some at one time. */
const movement = fc.record({
  role: fc.constantFrom(...ROLES, 'made' as Role, 'used' as Role, 'used' as Role),
  late: fc.oneof({ weight: 9, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.integer({ min: 1, max: 150 }) }),
  long: fc.oneof({ weight: 9, arbitrary: fc.constant(1) }, { weight: 1, arbitrary: fc.integer({ min: 2, max: 30 }) }),
  quantity: fc.option(fc.bigInt({ min: 1n, max: 20n }), { freq: 8 }),
  place: fc.option(fc.integer({ min: 1, max: 3 }), { freq: 3 }),
  expires: fc.option(fc.integer({ min: 1000, max: 2000 }), { freq: 1 }),
});

const history = fc.array(movement, { minLength: 150, maxLength: 330 }).map((rows) =>
  rows.flatMap((r, i): UnitMovement[] => {
    const from = Math.max(0, i * 3 - r.late);
    const row: UnitMovement = {
      eventId: i,
      role: r.role,
      atFrom: from,
      atUntil: from + r.long,
      quantity: r.quantity,
      placeId: r.place,
      partnerId: r.role === 'shipped' || r.role === 'returned' ? 7 : null,
      containerId: r.role === 'packed' || r.role === 'unpacked' ? 5 : null,
      parents: ['installed', 'removed', 'cleaned-out'].includes(r.role) ? [i % 3] : null,
      expiresMs: r.expires,
      key: String(i),
    };
    return r.role === 'moved-out' ? [row, { ...row, role: 'moved-in', placeId: (r.place ?? 1) + 1 }] : [row];
  }),
);

const text = (holdings: readonly Holding[]) =>
  holdings.map((h) => `${h.state} ${h.placeId} ${h.customerId} ${h.containerId} ${h.quantity}`).sort();

/** One event after the other, each with what its unit's base says of those before. */
function incremental(movements: readonly UnitMovement[], kind: 'lot' | 'serial') {
  let base: Base | null = null;
  let folded = 0;
  let now: Holding[] = [];
  for (let i = 0; i < movements.length; i++) {
    const seen = movements.slice(0, i + 1);
    const usable: Base | null = base && base.untilMs <= movements[i]!.atFrom ? base : null;
    const tail = usable ? seen.filter((m) => m.atFrom >= usable.untilMs) : seen;
    folded += tail.length;
    const result = foldUnit(kind, tail, usable);
    base = result.base;
    now = result.now.holdings;
  }
  return { now, folded, base };
}

describe('folding a unit from a base', () => {
  it.each(['lot', 'serial'] as const)('gives a %s what folding all of its movements gives', (kind) => {
    fc.assert(
      fc.property(history, (movements) => {
        const { now } = incremental(movements, kind);
        expect(text(now)).toEqual(text(foldHoldings(movements, kind).holdings));
        const whole = foldUnit(kind, movements);
        expect(whole.base).not.toBeNull();
        expect(text(whole.now.holdings)).toEqual(text(now));
        expect(whole.now.madeMs).toBe(
          movements.reduce<number | null>((t, m) => (m.role === 'made' ? Math.min(t ?? Infinity, m.atFrom) : t), null),
        );
      }),
      { numRuns: 100 },
    );
  });

  it('costs as much for the last draw from a tank as for the first', () => {
    const draws = Array.from({ length: 5_000 }, (_, i): UnitMovement => ({
      eventId: i,
      role: i === 0 ? 'made' : 'used',
      atFrom: i,
      atUntil: i + 1,
      quantity: i === 0 ? 1_000_000n : 1n,
      placeId: 1,
      partnerId: null,
      expiresMs: null,
      key: null,
    }));
    const { now, folded } = incremental(draws, 'lot');
    expect(text(now)).toEqual(['in-stock 1 null null 995001']);
    expect(folded / draws.length).toBeLessThan(130);
  });

  it('takes the expiry of the last amendment, else the earliest of the receipts', () => {
    const at = (role: Role, from: number, expiresMs: number | null, key = 'k'): UnitMovement => ({
      eventId: from,
      role,
      atFrom: from,
      atUntil: from + 1,
      quantity: 1n,
      placeId: 1,
      partnerId: from,
      expiresMs,
      key,
    });
    const receipts = [at('made', 5, 900), at('made', 2, 800)];
    expect(foldUnit('lot', receipts).now).toMatchObject({ expiresMs: 800, supplierId: 2, madeMs: 2 });
    const amended = [...receipts, at('amended', 9, 700, 'b'), at('amended', 9, 950, 'a'), at('amended', 7, 990, 'c')];
    expect(foldUnit('lot', amended).now.expiresMs).toBe(700);
    expect(foldUnit('lot', [...amended].reverse()).now.expiresMs).toBe(700);
  });
});
