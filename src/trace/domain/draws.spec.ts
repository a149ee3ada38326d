import { ConsumedLink, drawsOf } from './draws';

const link = (output: number, quantity: bigint | null, more: Partial<ConsumedLink> = {}): ConsumedLink => ({
  output,
  from: 1,
  until: 2,
  quantity,
  slot: null,
  ...more,
});
const used = (...quantities: (bigint | null)[]) => quantities.map((quantity) => ({ quantity }));
const times = { from: 1, until: 2 };

describe('the draws of an event', () => {
  it('are one, of the movement’s quantity, where one row was used', () => {
    expect(drawsOf(used(5n), [link(1, 5n), link(2, 5n)], false, 0)).toEqual([
      { ...times, quantity: 5n, outputs: [1, 2] },
    ]);
  });

  it('are told apart by quantity, time or position', () => {
    expect(drawsOf(used(5n, 3n), [link(1, 5n), link(2, 5n), link(2, 3n)], false, 0)).toEqual([
      { ...times, quantity: 5n, outputs: [1, 2] },
      { ...times, quantity: 3n, outputs: [2] },
    ]);
    expect(drawsOf(used(5n, 5n), [link(1, 5n, { slot: 'a' }), link(1, 5n, { slot: 'b' })], false, 0)).toHaveLength(2);
  });

  it('are one of the sum where rows alike went into the same outputs', () => {
    expect(drawsOf(used(5n, 5n), [link(1, 5n), link(2, 5n), link(1, 5n), link(2, 5n)], false, 0)).toEqual([
      { ...times, quantity: 10n, outputs: [1, 2] },
    ]);
  });

  it('are one a link where rows alike went into one output each', () => {
    expect(drawsOf(used(5n, 5n), [link(1, 5n), link(2, 5n)], false, 0)).toEqual([
      { ...times, quantity: 5n, outputs: [1] },
      { ...times, quantity: 5n, outputs: [2] },
    ]);
  });

  it('cannot be divided where rows alike went into different outputs', () => {
    expect(drawsOf(used(5n, 5n), [link(1, 5n), link(2, 5n), link(2, 5n)], false, 0)).toEqual([
      { ...times, quantity: 10n, outputs: [1, 2], undivided: true },
    ]);
  });

  it('go nowhere, or nobody knows how far, where the event makes some of its own input', () => {
    expect(drawsOf(used(5n), [], true, 7)).toEqual([{ from: 7, until: 8, quantity: 5n, outputs: [] }]);
    expect(drawsOf(used(5n), [link(2, 5n)], true, 7)).toEqual([{ ...times, quantity: null, outputs: [2] }]);
  });
});
