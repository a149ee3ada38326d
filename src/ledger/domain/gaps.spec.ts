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
  it('are returns of more than had been shipped to where they came from', () => {
    const to = (role: string, at: number, q: number, partnerId: number | null, more: Partial<StoryMovement> = {}) =>
      move(role, at, { quantity: BigInt(q) * 1_000_000_000n, partnerId, ...more });
    const sent = [move('made', 1), to('shipped', 2, 4, 7), to('shipped', 3, 5, 8)];
    expect(kinds(story([...sent, to('returned', 4, 4, 7), to('returned', 5, 5, 8)]))).toEqual([]);
    expect(unitGaps(story([...sent, to('returned', 4, 6, 7)]))).toMatchObject([
      { kind: 'returned-more', event: 4, about: { short: '2' }, message: expect.stringContaining('2 kg more') },
    ]);
    // Where none is named, by all that had gone; and again only after it was shipped again.
    expect(kinds(story([...sent, to('returned', 4, 9, null)]))).toEqual([]);
    expect(kinds(story([...sent, to('returned', 4, 9, null), to('returned', 5, 1, null)]))).toEqual(['returned-more']);
    expect(kinds(story([...sent, to('returned', 4, 4, 7), to('shipped', 5, 1, 7), to('returned', 6, 1, 7)]))).toEqual(
      [],
    );
    // In whatever way a day allows it, and not where how much was shipped is not known.
    expect(kinds(story([move('made', 1), to('returned', 2, 4, 7, { until: DAY }), to('shipped', 9, 4, 7)]))).toEqual(
      [],
    );
    expect(
      kinds(story([move('made', 1), { ...to('shipped', 2, 1, 7), quantity: null }, to('returned', 4, 9, 7)])),
    ).toEqual([]);
    const bike = [move('made', 1), to('shipped', 2, 1, 7), to('returned', 3, 1, 7), to('returned', 4, 1, 7)];
    expect(kinds(story(bike, { kind: 'serial' }))).toEqual(['returned-more']);
  });

  it('are a place that was not said, of a lot that is in several', () => {
    const twice = [move('made', 1, { placeId: 1 }), move('made', 1, { event: 2, placeId: 2 })];
    for (const role of ['used', 'installed', 'shipped', 'scrapped', 'moved-out'])
      expect(unitGaps(story([...twice, move(role, 9, { quantity: 1n })]))).toMatchObject([
        { kind: 'place-unclear', event: 9 },
      ]);
    expect(kinds(story([...twice, move('used', 9, { quantity: 1n, placeId: 2 })]))).toEqual([]);
    expect(kinds(story([...twice, move('used', 9, { quantity: 20_000_000_000n })]))).toEqual([]);
    expect(kinds(story([...twice, move('shipped', 9, { quantity: 1n, containerId: 5 })]))).toEqual([]);
  });

  it('are a place at which more was taken than was there, while some was elsewhere', () => {
    const twice = [move('made', 1, { placeId: 1 }), move('made', 1, { event: 2, placeId: 2 })];
    const more = move('used', 9, { quantity: 12_000_000_000n, placeId: 2 });
    expect(unitGaps(story([...twice, more]))).toMatchObject([{ kind: 'place-short', event: 9 }]);
    // The move that was missing, whenever it comes, explains it.
    const moved = ['moved-out', 'moved-in'].map((role, i) =>
      move(role, 5, { event: 5, quantity: 2_000_000_000n, placeId: 1 + i }),
    );
    expect(kinds(story([...twice, more, ...moved]))).toEqual([]);
    // Where there is no more anywhere, it is more than there was.
    expect(kinds(story([...twice, { ...more, quantity: 21_000_000_000n }]))).toEqual(['overdrawn', 'place-short']);
    expect(kinds(story([twice[0]!, { ...more, quantity: 12_000_000_000n, placeId: 1 }]))).toEqual(['overdrawn']);
  });

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
