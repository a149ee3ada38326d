import { percentOf, sampleSize } from './sample';

it.each([
  ['A', undefined, 100],
  ['B', 35, 35],
  ['C', undefined, 10],
  ['D', 2, 2],
  ['E', undefined, 0],
] as const)('level %s with %s is %s percent', (level, said, percent) => {
  expect(percentOf(level, said)).toBe(percent);
});

it.each([
  ['B', undefined],
  ['B', 10],
  ['B', 100],
  ['B', 20.5],
  ['A', 50],
  ['E', 1],
] as const)('level %s refuses %s percent', (level, said) => {
  expect(() => percentOf(level, said)).toThrow(expect.objectContaining({ code: 'CHECK_PERCENT' }));
});

it.each([
  [10_000, 100, 10_000],
  [3, 10, 1],
  [1, 2, 1],
  [51, 2, 2],
  [50, 2, 1],
  [0, 100, 0],
  [10_000, 0, 0],
])('of %s consignees %s percent are %s', (consignees, percent, size) => {
  expect(sampleSize(consignees, percent)).toBe(size);
});
