import { confirmed, propose, spread } from './backflush';

const total = (shares: { quantity: bigint }[]) => shares.reduce((sum, s) => sum + s.quantity, 0n);

describe('backflush', () => {
  it('is sure of one lot alone', () => {
    const proposal = propose(10n, [{ unitId: 1, free: 50n }]);
    expect(proposal).toMatchObject({ kind: 'sure', split: [{ unitId: 1, quantity: 10n }] });
    expect(confirmed(proposal, { item: 'OIL', how: undefined, lots: undefined })).toEqual({
      shares: [{ unitId: 1, quantity: 10n }],
      certain: true,
    });
  });

  it('never picks one of several by itself', () => {
    const proposal = propose(10n, [
      { unitId: 1, free: 4n },
      { unitId: 2, free: 50n },
    ]);
    expect(proposal.kind).toBe('choice');
    expect(() => confirmed(proposal, { item: 'OIL', how: undefined, lots: undefined })).toThrow('2 lots of OIL');
    expect(confirmed(proposal, { item: 'OIL', how: 'split', lots: undefined })).toEqual({
      shares: [
        { unitId: 1, quantity: 4n },
        { unitId: 2, quantity: 6n },
      ],
      certain: true,
    });
    const possible = confirmed(proposal, { item: 'OIL', how: 'possible', lots: undefined });
    expect(possible.certain).toBe(false);
    expect(total([...possible.shares])).toBe(10n);
    expect(possible.shares).toHaveLength(2);
  });

  it('says where there is not enough, or nothing', () => {
    expect(propose(10n, [{ unitId: 1, free: 4n }]).kind).toBe('short');
    expect(propose(10n, [])).toEqual({ kind: 'none', split: [], possible: [] });
  });

  it('spreads exactly what was needed, within what each lot has', () => {
    for (const frees of [
      [1n, 100n, 100n],
      [3n, 3n, 4n],
      [null, 2n],
      [7n, 7n, 7n],
    ]) {
      const sources = frees.map((free, index) => ({ unitId: index, free }));
      const shares = spread(10n, sources);
      expect(total(shares)).toBe(10n);
      for (const s of shares) {
        const { free } = sources[s.unitId]!;
        if (free !== null) expect(s.quantity <= free).toBe(true);
      }
    }
  });
});
