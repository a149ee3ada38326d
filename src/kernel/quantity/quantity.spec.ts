import * as fc from 'fast-check';
import { formatDecimal, parseDecimal, toBase } from './index';

const kg = { item: 'RM', uom: 'kg' };

describe('quantities', () => {
  it('keeps nine decimals exactly and refuses a tenth', () => {
    expect(formatDecimal(parseDecimal('12.500'))).toBe('12.5');
    expect(formatDecimal(parseDecimal('-0.000000001'))).toBe('-0.000000001');
    expect(parseDecimal('1.0000000000000')).toBe(1_000_000_000n);
    expect(() => parseDecimal('0.0000000001')).toThrow(/nine decimals/);
    expect(() => parseDecimal('1e3')).toThrow(/decimal number/);
    expect(() => parseDecimal('')).toThrow(/decimal number/);
  });

  it('prints what it reads', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n }),
        (nano) => parseDecimal(formatDecimal(nano)) === nano,
      ),
    );
  });

  it('prints and reads small ones as it does large ones', () => {
    const written = (nano: bigint) => {
      const digits = String(nano < 0n ? -nano : nano).padStart(10, '0');
      const fraction = digits.slice(-9).replace(/0+$/, '');
      return `${nano < 0n ? '-' : ''}${digits.slice(0, -9)}${fraction && `.${fraction}`}`;
    };
    const near = (around: bigint) => fc.bigInt({ min: around - 3n, max: around + 3n });
    const safe = BigInt(Number.MAX_SAFE_INTEGER);
    const some = fc.oneof(fc.bigInt({ min: -(10n ** 17n), max: 10n ** 17n }), near(safe), near(10n ** 15n), near(0n));
    fc.assert(
      fc.property(some, (nano) => formatDecimal(nano) === written(nano) && parseDecimal(written(nano)) === nano),
      { numRuns: 2_000, seed: 1 },
    );
  });

  it.each([
    ['500', 'g', '0.5'],
    ['1', 't', '1000'],
    ['1', 'mg', '0.000001'],
    ['0.001', 'mg', '0.000000001'],
    ['2.5', 'kg', '2.5'],
  ])('converts %s %s to kg', (value, uom, expected) => {
    expect(formatDecimal(toBase(value, uom, kg))).toBe(expected);
  });

  it('refuses what does not convert exactly, and other dimensions', () => {
    expect(() => toBase('0.0001', 'mg', kg)).toThrow(/nothing is rounded/);
    expect(() => toBase('1', 'l', kg)).toThrow(/cannot be converted to kg/);
    expect(() => toBase('1', 'toString', kg)).toThrow(/cannot be converted/);
  });

  it("knows an item's own units", () => {
    const screws = { item: 'SCREW', uom: 'pcs', factors: { box: '250', half: '0.5' } };
    expect(formatDecimal(toBase('3', 'box', screws))).toBe('750');
    expect(formatDecimal(toBase('3', 'half', screws))).toBe('1.5');
  });
});
