import { checkTransition, type Line, lineOf, nextSaid, tally } from './task';

const line = (lineId: number, unitId: number | null, more: Partial<Line> = {}): Line => ({
  lineId,
  status: 'open',
  unitId,
  unit: unitId === null ? null : `RM L${unitId}`,
  itemId: 9,
  fromPlaceId: 1,
  from: 'A1',
  toPlaceId: 5,
  to: 'B1',
  quantity: null,
  doneQuantity: 0n,
  doneBy: null,
  ...more,
});
const unit = (unitId: number) => ({ unitId, itemId: 9, label: `RM L${unitId}` });
const refused = (work: () => unknown): string => {
  try {
    work();
    return 'allowed';
  } catch (error) {
    return (error as { code: string }).code;
  }
};

describe('a scan of a unit', () => {
  const lines = [
    line(1, 11),
    line(2, 11, { fromPlaceId: 2, from: 'A2' }),
    line(3, 12, { status: 'done', doneBy: 'anna' }),
  ];

  it('means the line at the place where one stands', () => {
    expect(lineOf(lines, unit(11), 2, 'A2').lineId).toBe(2);
    expect(lineOf(lines, unit(11), null, null).lineId).toBe(1);
  });

  it('is refused where it is another unit, another place, or done already', () => {
    expect(refused(() => lineOf(lines, unit(13), 1, 'A1'))).toBe('TASK_WRONG_UNIT');
    expect(refused(() => lineOf(lines, unit(11), 3, 'A3'))).toBe('TASK_SCAN_PLACE');
    expect(refused(() => lineOf(lines, unit(12), 1, 'A1'))).toBe('TASK_LINE_DONE');
  });

  it('may be any of an item where the line names none', () => {
    expect(lineOf([line(4, null)], unit(99), 1, 'A1').lineId).toBe(4);
  });
});

describe('a task', () => {
  it('says what comes next, and what was found', () => {
    const lines = [
      line(1, 11, { status: 'done' }),
      line(2, 12),
      line(3, 13, { status: 'unexpected' }),
      line(4, 14, { status: 'missing' }),
    ];
    expect(nextSaid(lines)).toBe('Next: RM L12 at A1, to B1.');
    expect(tally(lines)).toEqual({ expected: 3, done: 1, unexpected: 1, missing: 1, open: 1 });
    expect(nextSaid([])).toBeUndefined();
  });

  it('is not begun again once it is over', () => {
    expect(refused(() => checkTransition('T-1', 'done', 'in-progress'))).toBe('TASK_STATE');
    expect(refused(() => checkTransition('T-1', 'cancelled', 'done'))).toBe('TASK_STATE');
    expect(refused(() => checkTransition('T-1', 'assigned', 'in-progress'))).toBe('allowed');
  });
});
