import { canonicalQuestion, ResolvedQuestion, ResolvedSeed, windowsOf } from './question';

const seed = (code: string, unitId: number, windows: ResolvedSeed['windows'] = [[null, null]]): ResolvedSeed => ({
  unitId,
  item: 'RM',
  kind: 'lot',
  code,
  windows,
});
const question = (more: Partial<ResolvedQuestion> = {}): ResolvedQuestion => ({
  direction: 'forward',
  seeds: [seed('L-1', 7)],
  at: { kind: 'ever' },
  certainty: 'possible',
  barrierItems: [],
  barrierInspections: [],
  ...more,
});
const text = (q: ResolvedQuestion) => JSON.stringify(canonicalQuestion(q));

describe('the canonical question', () => {
  it('does not hang on ids, nor on the order in which things were named', () => {
    const one = question({
      seeds: [seed('L-1', 1), seed('L-2', 2)],
      barrierItems: [
        { itemId: 1, item: 'A' },
        { itemId: 2, item: 'B' },
      ],
      barrierInspections: ['x', 'y'],
    });
    const other = question({
      seeds: [seed('L-2', 22), seed('L-1', 11)],
      barrierItems: [
        { itemId: 9, item: 'B' },
        { itemId: 8, item: 'A' },
      ],
      barrierInspections: ['y', 'x'],
    });
    expect(text(other)).toBe(text(one));
    expect(text(one)).not.toContain('unitId');
  });

  it('joins windows that touch, and tells others apart', () => {
    const joined = seed('L-1', 1, [
      [0, 10],
      [10, 20],
    ]);
    expect(windowsOf(joined)).toEqual([[0, 20]]);
    expect(text(question({ seeds: [joined] }))).toBe(text(question({ seeds: [seed('L-1', 1, [[0, 20]])] })));
    expect(text(question({ seeds: [joined] }))).not.toBe(text(question()));
  });

  it('tells what was asked apart', () => {
    const texts = [
      question(),
      question({ direction: 'backward' }),
      question({ certainty: 'certain' }),
      question({ at: { kind: 'shipment' } }),
      question({ at: { kind: 'period', from: 0, until: 1 } }),
      question({ barrierInspections: ['A'] }),
      question({ barrierItems: [{ itemId: 1, item: 'A' }] }),
    ].map(text);
    expect(new Set(texts).size).toBe(texts.length);
  });
});
