import { sentenceOf, TellableLink } from './sentences';

const AT = Date.UTC(2026, 2, 2, 8, 15);
const link = (more: Partial<TellableLink> = {}): TellableLink => ({
  input: { item: 'RM-100', kind: 'lot', code: 'L-1' },
  output: { item: 'SUB-2', kind: 'lot', code: 'L-9' },
  mode: 'consume',
  certain: true,
  from: AT,
  until: AT + 1,
  coarse: false,
  quantity: { value: '12.5', uom: 'kg' },
  shared: false,
  position: null,
  type: 'produce',
  place: 'LYON.L2',
  workOrder: 'WO-7',
  document: 'WO-7',
  ...more,
});

describe('sentenceOf', () => {
  it('tells who, how much, when, where, by which order, and how certain', () => {
    expect(sentenceOf(link())).toBe(
      'Lot RM-100 L-1 (12.5 kg) was consumed into lot SUB-2 L-9 on 2026-03-02 08:15 UTC at LYON.L2 by work order WO-7 (certain).',
    );
  });

  it('gives the quantity of a row that went into one of several outputs as the most that it can be', () => {
    expect(sentenceOf(link({ certain: false, shared: true }))).toMatch(
      /^Lot RM-100 L-1 \(up to 12.5 kg\) was consumed into .* \(possible\)\.$/,
    );
  });

  it('tells how long an installation lasted, and at which position', () => {
    const battery = { item: 'BAT', kind: 'serial' as const, code: 'B1' };
    const bike = { item: 'BIKE', kind: 'serial' as const, code: 'K1' };
    const installed = link({
      input: battery,
      output: bike,
      mode: 'install',
      type: 'install',
      position: 'SLOT-1',
      place: null,
      workOrder: null,
      document: null,
    });
    expect(sentenceOf({ ...installed, until: Infinity })).toBe(
      'Serial BAT B1 was installed in serial BIKE K1 at position SLOT-1 from 2026-03-02 08:15 UTC on (certain).',
    );
    expect(sentenceOf({ ...installed, from: -Infinity, until: AT + 1_500, certain: false })).toBe(
      'Serial BAT B1 was installed in serial BIKE K1 at position SLOT-1 from an unknown time until 2026-03-02 08:15:01.500 UTC (possible).',
    );
  });

  it('says when only the day is known', () => {
    const day = Date.UTC(2026, 2, 2);
    expect(sentenceOf(link({ from: day, until: day + 86_400_000, coarse: true }))).toContain(
      'on 2026-03-02 (only the day is known)',
    );
    const inParis = Date.UTC(2026, 2, 1, 23);
    expect(sentenceOf(link({ from: inParis, until: inParis + 86_400_000, coarse: true }))).toContain(
      'on 2026-03-02 (only the day is known)',
    );
    const inChicago = Date.UTC(2026, 2, 2, 6);
    expect(sentenceOf(link({ from: inChicago, until: inChicago + 86_400_000, coarse: true }))).toContain(
      'on 2026-03-02 (only the day is known)',
    );
  });
});
