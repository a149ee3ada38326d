import { progressOf } from './progress';

const wanted = [
  { line: '10', itemId: 1, quantity: 100n },
  { line: '20', itemId: 1, quantity: 50n },
  { line: '30', itemId: 2, quantity: 5n },
];
const done = (deliveries: Parameters<typeof progressOf>[1]) =>
  Object.fromEntries([...progressOf(wanted, deliveries).lines].map(([line, p]) => [line, p.done]));

it('counts what names its line there, though it is more than ordered', () => {
  expect(done([{ line: '20', itemId: 1, quantity: 70n }])).toEqual({ '10': 0n, '20': 70n, '30': 0n });
});

it('fills the lines of an item in their order with what names none; the last takes what is over', () => {
  expect(done([{ line: null, itemId: 1, quantity: 160n }])).toEqual({ '10': 100n, '20': 60n, '30': 0n });
  expect(
    done([
      { line: null, itemId: 1, quantity: 60n },
      { line: '10', itemId: 1, quantity: 90n },
    ]),
  ).toEqual({ '10': 100n, '20': 50n, '30': 0n });
});

it('tells what is on no line, and never counts a line of another item', () => {
  const progress = progressOf(wanted, [
    { line: '30', itemId: 1, quantity: 7n },
    { line: null, itemId: 9, quantity: 1n },
  ]);
  expect(progress.lines.get('30')!.done).toBe(0n);
  expect(progress.lines.get('10')!.done).toBe(7n);
  expect(progress.strays).toEqual([{ line: null, itemId: 9, quantity: 1n }]);
});

it('says that a quantity is not known instead of taking it for nothing', () => {
  expect(progressOf(wanted, [{ line: '30', itemId: 2, quantity: null }]).lines.get('30')).toMatchObject({
    unknown: true,
  });
});
