import type { Holding } from '@/ledger';
import {
  packExposures,
  packFloats,
  packHoldings,
  packInts,
  packLongs,
  packTexts,
  unpackExposures,
  unpackFloats,
  unpackHoldings,
  unpackInts,
  unpackLongs,
  unpackTexts,
} from './columns';

describe('a packed column', () => {
  it.each([
    ['nothing', [], 8],
    ['one value throughout', [7, 7, 7], 8],
    ['a small range', [-1, 254, 0], 8 + 3],
    ['a middle range', [1_000_000, 1_065_535], 8 + 4],
    ['the whole range', [-(2 ** 31), 2 ** 31 - 1, 0], 8 + 12],
  ])('of integers: %s', (_, values, bytes) => {
    const packed = packInts(Int32Array.from(values));
    expect(packed).toHaveLength(bytes);
    expect([...unpackInts(packed, values.length)]).toEqual(values);
  });

  it.each([
    ['nothing', [], 16],
    ['one value throughout', [Infinity, Infinity], 16],
    ['unknown throughout', [NaN, NaN, NaN], 16],
    ['different values', [-Infinity, NaN, 0, 1_767_225_600_000, Infinity], 8 + 40],
  ])('of times: %s', (_, values, bytes) => {
    const packed = packFloats(Float64Array.from(values));
    expect(packed).toHaveLength(bytes);
    expect([...unpackFloats(packed, values.length)]).toEqual(values);
  });

  it.each([
    ['one value throughout', [10n ** 9n, 10n ** 9n], 16],
    ['the ends', [-(2n ** 63n), 2n ** 63n - 1n, 0n], 8 + 24],
    ['values with one half in common', [2n ** 32n, 2n ** 33n], 8 + 16],
  ])('of 64-bit integers: %s', (_, values, bytes) => {
    const packed = packLongs(BigInt64Array.from(values));
    expect(packed).toHaveLength(bytes);
    expect([...unpackLongs(packed, values.length)]).toEqual(values);
  });

  it('stands at any place of the bytes that it came in', () => {
    const packed = Buffer.concat([Buffer.from('abc'), packFloats(Float64Array.of(1.5, 2.5))]).subarray(3);
    expect([...unpackFloats(packed, 2)]).toEqual([1.5, 2.5]);
    expect(() => unpackFloats(packed, 3)).toThrow('shorter than its rows');
  });

  it.each([[['SN-1', '', 'SN-22']], [['Ä-1', 'ß', '螺丝-9', 'plain']], [[]]])('of texts: %j', (texts) => {
    const column = unpackTexts(packTexts(texts), texts.length);
    expect(texts.map((_, row) => column.at(row))).toEqual(texts);
    expect(texts.map((_, row) => column.isEmpty(row))).toEqual(texts.map((text) => text === ''));
  });

  it('of few rows: exposures and holdings', () => {
    const exposures = new Map([[3, [[-Infinity, 5] as const, [7, Infinity] as const]]]);
    expect(unpackExposures(packExposures(exposures))).toEqual(exposures);
    const holdings = new Map<number, Holding[]>([
      [0, []],
      [9, [{ state: 'used', placeId: 4, customerId: null, containerId: null, quantity: 10n ** 30n }]],
      [10, [{ state: 'shipped', placeId: null, customerId: 2, containerId: null, quantity: null }]],
    ]);
    expect(unpackHoldings(packHoldings(holdings))).toEqual(holdings);
    expect(packHoldings(new Map())).toHaveLength(0);
  });
});

describe('a search in packed texts', () => {
  const found = (texts: string[], part: string) => {
    const rows: number[] = [];
    unpackTexts(packTexts(texts), texts.length).eachWith(part, (row) => rows.push(row));
    return rows;
  };

  it.each([
    [['AB-1', 'B-12', 'X'], 'b-1', [0, 1]],
    // "1B" lies across the border of two texts
    [['AB-1', 'B-12', ''], '1b', []],
    [['AA', 'AAA', '', 'A'], 'aa', [0, 1]],
    [['', '', 'Z'], 'z', [2]],
    [['ÄÖ-1', 'äö-2', 'AO'], 'Äö', [0, 1]],
    [['aab', 'ab'], 'ab', [0, 1]],
    [['x'], 'xyz', []],
  ])('of %j for %s', (texts, part, rows) => {
    expect(found(texts, part)).toEqual(rows);
  });
});
