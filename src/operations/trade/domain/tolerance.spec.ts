import { parseDecimal } from '@/kernel';
import { judge, leastOf, mostOf } from './tolerance';

const tolerance = { over: parseDecimal('5'), short: parseDecimal('10') };
const none = { over: 0n, short: 0n };
const kg = parseDecimal;

it.each([
  ['0', 'nothing'],
  ['89.999999999', 'open'],
  ['90', 'within'],
  ['100', 'exact'],
  ['105', 'over-within'],
  ['105.000000001', 'over'],
])('of 100 ordered, %s is %s', (received, expected) => {
  expect(judge(kg('100'), kg(received), tolerance)).toBe(expected);
});

it('without a tolerance a hair more is over and a hair less is open', () => {
  expect(judge(kg('100'), kg('100.000000001'), none)).toBe('over');
  expect(judge(kg('100'), kg('99.999999999'), none)).toBe('open');
});

it('rounds in nobody’s favour: what is allowed is never more than the percentage', () => {
  expect(mostOf(3n, tolerance)).toBe(3n);
  expect(leastOf(3n, tolerance)).toBe(3n);
});
