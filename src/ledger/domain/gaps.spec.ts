import { StoryMovement, unitGaps, UnitStory } from './gaps';

const DAY = 86_400_000;
const move = (role: string, at: number, more: Partial<StoryMovement> = {}): StoryMovement => ({
  event: at,
  type: role === 'made' ? 'receive' : role,
  role,
  from: at,
  until: at + 1,
  quantity: 10_000_000_000n,
  placeId: null,
  partnerId: null,
  ...more,
});
const story = (movements: StoryMovement[], more: Partial<UnitStory> = {}): UnitStory => ({
  name: 'RM-100 lot L-1',
  kind: 'lot',
  uom: 'kg',
  movements,
  linksOut: [],
  linksIn: [],
  ends: [],
  holds: [],
  bomTracked: false,
  ...more,
});
const kinds = (s: UnitStory): string[] => unitGaps(s).map((g) => g.kind);

describe('the gaps of a unit', () => {
  it('are none where the record is whole', () => {
    expect(kinds(story([move('made', 1), move('used', 2), move('made', 3), move('shipped', 4)]))).toEqual([]);
  });

  it('name what was mentioned only', () => {
    expect(kinds(story([move('used', 2)]))).toEqual(['no-origin']);
    expect(kinds(story([], { kind: 'run' }))).toEqual([]);
  });

  it('name a production without inputs where its bill of materials has tracked lines', () => {
    const made = move('made', 5, { type: 'produce' });
    expect(kinds(story([made], { bomTracked: true }))).toEqual(['no-inputs']);
    expect(kinds(story([made], { bomTracked: true, linksIn: [{ event: 5, mode: 'consume' }] }))).toEqual([]);
    expect(kinds(story([made], { bomTracked: true, linksIn: [{ event: 9, mode: 'install' }] }))).toEqual([]);
    expect(
      kinds(
        story([made, move('made', 6, { type: 'produce' })], {
          bomTracked: true,
          linksIn: [{ event: 5, mode: 'consume' }],
        }),
      ),
    ).toEqual(['no-inputs']);
    expect(kinds(story([made]))).toEqual([]);
  });

  it('name a draw before the unit was made, and do not call it overdrawn as well', () => {
    const linksOut = [{ event: 2, mode: 'consume' as const, from: 2, until: 3 }];
    expect(kinds(story([move('made', 5), move('used', 2)], { linksOut }))).toEqual(['before-it-existed']);
    expect(kinds(story([move('made', 2), move('used', 2)], { linksOut }))).toEqual([]);
  });

  it('name what was drawn beyond what was there, with doubts in its favour', () => {
    const [gap] = unitGaps(story([move('made', 1), move('used', 2, { quantity: 12_500_000_000n })]));
    expect(gap).toMatchObject({ kind: 'overdrawn', event: 2 });
    expect(gap!.message).toContain('2.5 kg more than was there');
    // More arrived on a day that is known as a day: it may have come first.
    expect(
      kinds(
        story([
          move('made', 0, { until: DAY }),
          move('used', 5),
          move('made', 6, { until: DAY }),
          move('used', 3, { until: DAY }),
        ]),
      ),
    ).toEqual([]);
    expect(kinds(story([move('made', 1, { quantity: null }), move('used', 2), move('used', 3)]))).toEqual([]);
    expect(kinds(story([move('made', 1), move('shipped', 2), move('returned', 3), move('shipped', 4)]))).toEqual([]);
    expect(kinds(story([move('made', 1), move('shipped', 2), move('shipped', 4)], { kind: 'serial' }))).toEqual([
      'overdrawn',
    ]);
  });

  it('name returns of what never left, and what left while it was held', () => {
    expect(kinds(story([move('made', 1), move('returned', 3), move('shipped', 5)]))).toEqual([
      'returned-without-shipment',
    ]);
    const holds = [{ from: 2, until: 6, reason: 'metal found' }];
    const [gap] = unitGaps(story([move('made', 1), move('shipped', 5)], { holds }));
    expect(gap!.message).toBe('RM-100 lot L-1 was shipped on 1970-01-01 while it was on hold (metal found).');
    expect(kinds(story([move('made', 1), move('shipped', 7)], { holds }))).toEqual([]);
  });

  it('name what was used or installed while it was held, but not what was divided', () => {
    const holds = [{ from: 2, until: 6, reason: 'metal found', holdId: 7 }];
    const used = (type: string) => story([move('made', 1), move('used', 5, { type })], { holds });
    expect(unitGaps(used('produce'))).toMatchObject([{ kind: 'used-while-held', event: 5, about: { hold: 7 } }]);
    expect(kinds(used('split'))).toEqual([]);
    expect(kinds(story([move('made', 1), move('installed', 5)], { holds }))).toEqual(['installed-while-held']);
  });

  it('name what was used or left after it had expired', () => {
    const late = (role: string, at: number) =>
      kinds(story([move('made', 1), move(role, at, { type: 'produce' })], { expires: 4 }));
    expect([late('used', 4), late('shipped', 5), late('used', 3)]).toEqual([
      ['used-after-expiry'],
      ['shipped-after-expiry'],
      [],
    ]);
    expect(kinds(story([move('made', 1), move('used', 9)]))).toEqual([]);
  });

  it('name the ends of installations that are only derived', () => {
    const ends = [
      { event: 4, cause: 'implied' as const, at: 9, parent: 'BIKE B1' },
      { event: 5, cause: 'orphan' as const, at: 12, parent: 'BIKE B2' },
    ];
    expect(kinds(story([move('made', 1)], { ends }))).toEqual(['installed-twice', 'removed-without-installation']);
  });
});
