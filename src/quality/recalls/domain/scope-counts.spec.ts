import { remaining, scopeCounts } from './scope-counts';

const row = (key: string, certain: number, possible = 0) => ({ key, units: certain + possible, certain, possible });

describe('what a scope comes to', () => {
  const trace = {
    byKind: [row('serial', 5, 2), row('lot', 1), row('run', 3)],
    byPlace: [row('DOCK', 2), row('A1', 1)],
    byCustomer: [row('SHOP-A', 3), row('SHOP-B', 1)],
  };

  it('is what its trace found, without runs', () => {
    expect(scopeCounts(trace, [])).toEqual({
      units: 8,
      lots: 1,
      serials: 7,
      certain: 6,
      possible: 2,
      customers: 2,
      places: 2,
    });
  });

  it('is less what is left out, and a customer of whom nothing remains is none', () => {
    const leftOut = { kind: 'serial', certain: true, places: [], customers: ['SHOP-B'] } as const;
    expect(scopeCounts(trace, [leftOut])).toMatchObject({ units: 7, certain: 5, possible: 2, customers: 1, places: 2 });
    expect([...remaining(trace.byCustomer, [leftOut.customers])]).toEqual([['SHOP-A', 3]]);
  });
});
