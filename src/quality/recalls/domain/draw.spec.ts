import fc from 'fast-check';
import { draw } from './draw';

const keys = fc.uniqueArray(fc.string({ minLength: 1, maxLength: 8 }), { maxLength: 60 });

it('the same seed and the same keys draw the same, in whatever order they come', () => {
  fc.assert(
    fc.property(fc.string(), keys, fc.nat(70), (seed, all, count) => {
      const drawn = draw(seed, all, count);
      expect(draw(seed, [...all].reverse(), count)).toEqual(drawn);
      expect(new Set(drawn).size).toBe(Math.min(count, all.length));
      expect(all).toEqual(expect.arrayContaining(drawn));
    }),
  );
});

it('a larger draw holds the smaller one', () => {
  fc.assert(
    fc.property(fc.string(), keys, fc.nat(30), (seed, all, count) => {
      expect(draw(seed, all, count + 5).slice(0, count)).toEqual(draw(seed, all, count));
    }),
  );
});

it('every key has the same chance: over 2,000 seeds each of ten is drawn about 200 times', () => {
  const times = new Map<string, number>();
  for (let seed = 0; seed < 2_000; seed++) {
    const [one] = draw(String(seed), [...'abcdefghij'], 1);
    times.set(one!, (times.get(one!) ?? 0) + 1);
  }
  // Four standard deviations around 200.
  for (const key of 'abcdefghij') expect(Math.abs((times.get(key) ?? 0) - 200)).toBeLessThan(54);
});
