import fc from 'fast-check';
import { addTo, compare, divide, multiply, num, setBigint, toText } from './amounts-numbers';

const of = (n: bigint) => {
  const x = num();
  setBigint(x, n);
  return x;
};

describe('numbers of about 106 bits', () => {
  it('print whole numbers and decimals as they are', () => {
    expect(toText(of(0n), 12)).toBe('0');
    expect(toText(of(12_500_000_000n), 12, 9)).toBe('12.5');
    expect(toText(of(1n), 12, 9)).toBe('0.000000001');
    expect(toText(of(10n ** 30n), 12)).toBe('1' + '0'.repeat(30));
    expect(toText(of(999_999_999_999n), 12)).toBe('999999999999');
    expect(toText(of(9_999_999_999_999n), 12)).toBe('10000000000000');
  });

  it('round half to even, also where a third of three is not quite one', () => {
    expect(toText(of(1_000_000_000_000_5n), 12, 1)).toBe('1000000000000');
    expect(toText(of(1_234_567_890_125n), 12, 1)).toBe('123456789012');
    expect(toText(of(1_234_567_890_135n), 12, 1)).toBe('123456789014');
    expect(toText(of(1_234_567_890_136n), 12, 1)).toBe('123456789014');
    const x = of(1_234_567_890_125n);
    divide(x, of(7n));
    multiply(x, of(7n));
    expect(toText(x, 12, 1)).toBe('123456789012');
  });

  it('hold what was halved two thousand times', () => {
    const x = of(1n);
    for (let i = 0; i < 2_000; i++) divide(x, of(2n));
    const text = toText(x, 12);
    // 2^-2000 = 5^2000 / 10^2000
    const digits = (5n ** 2000n).toString();
    expect(text.startsWith('0.' + '0'.repeat(2_000 - digits.length))).toBe(true);
    expect(text.replace(/^0\.0*/, '')).toBe((BigInt(digits.slice(0, 13)) + 5n).toString().slice(0, 12));
    const back = of(1n);
    multiply(back, x);
    for (let i = 0; i < 2_000; i++) multiply(back, of(2n));
    expect(toText(back, 12)).toBe('1');
  });

  it('stay within 10⁻²⁵ of exact fractions through long chains', () => {
    const size = fc.bigInt({ min: 1n, max: 10n ** 24n });
    const step = fc.record({ kind: fc.constantFrom('add', 'multiply', 'divide'), by: size });
    fc.assert(
      fc.property(size, fc.array(step, { maxLength: 60 }), (start, steps) => {
        const x = of(start);
        let [n, d] = [start, 1n];
        for (const { kind, by } of steps) {
          if (kind === 'add') {
            addTo(x, of(by));
            n += by * d;
          } else if (kind === 'multiply') {
            multiply(x, of(by));
            n *= by;
          } else {
            divide(x, of(by));
            d *= by;
          }
        }
        const shown = toText(x, 30);
        const decimals = shown.split('.')[1]?.length ?? 0;
        const found = BigInt(shown.replace('.', ''));
        const error = found * d - n * 10n ** BigInt(decimals);
        expect((error < 0n ? -error : error) * 10n ** 25n < n * 10n ** BigInt(decimals)).toBe(true);
      }),
    );
  });

  it('compare at any magnitude', () => {
    const [small, large] = [of(1n), of(3n)];
    for (let i = 0; i < 400; i++) {
      divide(small, of(4n));
      divide(large, of(4n));
    }
    expect(compare(small, large)).toBeLessThan(0);
    expect(compare(large, small)).toBeGreaterThan(0);
    expect(compare(small, small)).toBe(0);
    expect(compare(small, num())).toBeGreaterThan(0);
  });
});
