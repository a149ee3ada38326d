import fc from 'fast-check';
import { type Candidate, propose, unfitFor, type WantedLine } from './allocate';

const ONE = 1_000_000_000n;
const NOW = 1_000_000;
const lot = (unitId: number, more: Partial<Candidate> = {}): Candidate => ({
  unitId,
  itemId: 1,
  serial: false,
  placeId: 1,
  place: 'A1',
  quantity: 10n * ONE,
  reserved: 0n,
  held: false,
  expiresMs: null,
  sinceMs: unitId,
  ...more,
});
const want = (quantity: bigint, more: Partial<WantedLine> = {}): WantedLine => ({
  line: '1',
  itemId: 1,
  quantity: quantity * ONE,
  named: [],
  strategy: 'fefo',
  lifeMsMin: 0,
  ...more,
});
const units = (lines: WantedLine[], stock: Candidate[]) => propose(lines, stock, NOW).proposals.map((p) => p.unitId);

it('takes what expires first, and what never expires last', () => {
  const stock = [lot(1), lot(2, { expiresMs: NOW + 9 }), lot(3, { expiresMs: NOW + 5 })];
  expect(units([want(20n)], stock)).toEqual([3, 2]);
});

it('takes what came first where asked, whatever expires', () => {
  const stock = [lot(1, { sinceMs: 9 }), lot(2, { sinceMs: 5, expiresMs: NOW + 9 }), lot(3, { sinceMs: 7 })];
  expect(units([want(20n, { strategy: 'fifo' })], stock)).toEqual([2, 3]);
});

it('walks by place, numbers as numbers', () => {
  const stock = [lot(1, { place: 'A10' }), lot(2, { place: 'A2' }), lot(3, { place: null, placeId: null })];
  expect(units([want(30n)], stock)).toEqual([2, 1, 3]);
});

it('says why what is there cannot be taken', () => {
  const stock = [
    lot(1, { held: true }),
    lot(2, { expiresMs: NOW }),
    lot(3, { expiresMs: NOW + 5 }),
    lot(4, { reserved: 10n * ONE }),
    lot(5, { quantity: null }),
  ];
  expect(stock.map((c) => unfitFor(c, 6, NOW))).toEqual(['held', 'expired', 'life', 'reserved', 'unknown']);
  expect(propose([want(1n, { lifeMsMin: 6 })], stock, NOW).missing).toEqual([
    { line: '1', itemId: 1, quantity: ONE, unfit: { held: 1, expired: 1, life: 1, reserved: 1, unknown: 1 } },
  ]);
});

it('takes a piece whole or not at all', () => {
  const piece = lot(1, { serial: true, quantity: ONE });
  expect(propose([want(1n, { quantity: ONE / 2n })], [piece], NOW).proposals).toEqual([]);
});

it('never proposes more than is free or asked for, nor loses any of it', () => {
  const candidate = fc.record({
    quantity: fc.bigInt(0n, 20n),
    reserved: fc.bigInt(0n, 20n),
    held: fc.boolean(),
    expires: fc.option(fc.integer({ min: NOW - 5, max: NOW + 20 })),
    serial: fc.boolean(),
    itemId: fc.integer({ min: 1, max: 2 }),
  });
  const line = fc.record({
    quantity: fc.bigInt(1n, 40n),
    itemId: fc.integer({ min: 1, max: 2 }),
    strategy: fc.constantFrom('fefo' as const, 'fifo' as const),
    lifeMsMin: fc.integer({ min: 0, max: 10 }),
  });
  fc.assert(
    fc.property(
      fc.array(candidate, { maxLength: 8 }),
      fc.array(line, { minLength: 1, maxLength: 4 }),
      (given, asked) => {
        const stock = given.map((g, i) =>
          lot(i + 1, {
            itemId: g.itemId,
            serial: g.serial,
            quantity: g.serial ? ONE : g.quantity * ONE,
            reserved: g.serial ? (g.reserved > 10n ? ONE : 0n) : g.reserved * ONE,
            held: g.held,
            expiresMs: g.expires,
          }),
        );
        const lines = asked.map((a, i) => want(a.quantity, { ...a, quantity: a.quantity * ONE, line: String(i) }));
        const { proposals, missing } = propose(lines, stock, NOW);
        for (const c of stock) {
          const taken = proposals.filter((p) => p.unitId === c.unitId).reduce((sum, p) => sum + p.quantity, 0n);
          expect(taken === 0n || (taken <= c.quantity! - c.reserved && !c.held)).toBe(true);
        }
        for (const l of lines) {
          const got = proposals.filter((p) => p.line === l.line).reduce((sum, p) => sum + p.quantity, 0n);
          const lacks = missing.find((m) => m.line === l.line)?.quantity ?? 0n;
          expect(got + lacks).toBe(l.quantity);
        }
      },
    ),
    { numRuns: 500 },
  );
});
