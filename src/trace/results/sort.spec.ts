import fc from 'fast-check';
import { SortKeys, sortRows } from './sort';

const sorted = (values: readonly number[], descending: boolean): number[] => {
  const keys = new SortKeys(values.length);
  values.forEach((value, row) => keys.setNumber(row, value));
  return [
    ...sortRows(
      Int32Array.from(values, (_, row) => row),
      keys,
      descending,
    ),
  ];
};

describe('sorting rows by numbers', () => {
  it('is that of a stable comparison, with what is not known last', () => {
    const number = fc.oneof(fc.integer(), fc.double(), fc.constantFrom(0, -0, NaN, Infinity, -Infinity, 2 ** 40));
    fc.assert(
      fc.property(fc.array(number), fc.boolean(), (values, descending) => {
        const rows = values.map((_, row) => row);
        const known = rows.filter((row) => !Number.isNaN(values[row]));
        const expected = known.sort((a, b) => {
          const [one, other] = [values[a]!, values[b]!];
          return one === other ? a - b : one < other !== descending ? -1 : 1;
        });
        expect(sorted(values, descending)).toEqual([...expected, ...rows.filter((row) => Number.isNaN(values[row]))]);
      }),
    );
  });

  it('takes 64-bit integers as they are', () => {
    fc.assert(
      fc.property(fc.array(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })), (values) => {
        const halves = new Int32Array(BigInt64Array.from(values).buffer);
        const keys = new SortKeys(values.length);
        values.forEach((_, row) => keys.setHalves(row, halves[2 * row + 1]!, halves[2 * row]!));
        const rows = values.map((_, row) => row);
        const expected = [...rows].sort((a, b) => (values[a]! < values[b]! ? -1 : values[a]! > values[b]! ? 1 : a - b));
        expect([...sortRows(Int32Array.from(rows), keys, false)]).toEqual(expected);
      }),
    );
  });
});
