import { differences } from './count';

const at = (unitId: number, quantity: bigint | null, placeId = 1) => ({ unitId, placeId, quantity });
const counted = (unitId: number, quantity: bigint, placeId = 1) => ({ unitId, placeId, quantity });

describe('a count beside the record', () => {
  it('differs in what is more, less, missing, and found', () => {
    const found = differences(
      [at(1, 100n), at(2, 100n), at(3, 5n), at(4, 7n)],
      [counted(1, 100n), counted(2, 97n), counted(4, 8n), counted(5, 1n)],
      5,
    );
    expect(found).toEqual([
      { unitId: 2, placeId: 1, expected: 100n, counted: 97n, over: false },
      { unitId: 3, placeId: 1, expected: 5n, counted: 0n, over: true },
      { unitId: 4, placeId: 1, expected: 7n, counted: 8n, over: true },
      { unitId: 5, placeId: 1, expected: 0n, counted: 1n, over: true },
    ]);
  });

  it('adds up what the record has in parts, and never wonders at what it does not know', () => {
    expect(differences([at(1, 60n), at(1, 40n)], [counted(1, 100n)], 5)).toEqual([]);
    expect(differences([at(1, null)], [counted(1, 100n)], 5)).toEqual([
      { unitId: 1, placeId: 1, expected: null, counted: 100n, over: false },
    ]);
  });

  it('is the same unit at another place', () => {
    expect(differences([at(1, 1n)], [counted(1, 1n, 2)], 100)).toHaveLength(2);
  });
});
