import { StoryMovement, unitGaps, UnitStory } from './gaps';

const DAY = 86_400_000;
const move = (role: string, at: number, more: Partial<StoryMovement> = {}): StoryMovement => ({
  event: at,
  type: '',
  role,
  from: at,
  until: at + 1,
  quantity: null,
  placeId: role.startsWith('moved') ? 1 : null,
  partnerId: null,
  ...more,
});
const kg = (n: number) => BigInt(n) * 1_000_000_000n;
const story = (kind: UnitStory['kind'], movements: StoryMovement[], more: Partial<UnitStory> = {}): UnitStory => ({
  name: 'BAT serial B-1',
  kind,
  uom: kind === 'lot' ? 'kg' : 'pcs',
  movements,
  linksOut: [],
  linksIn: [],
  ends: [],
  holds: [],
  bomTracked: false,
  ...more,
});
const serial = (...movements: StoryMovement[]) => unitGaps(story('serial', movements));
const kinds = (gaps: readonly { kind: string; event?: number }[]) => gaps.map((g) => [g.kind, g.event]);

describe('the gaps of a serial that does what it cannot, by the record', () => {
  it('are its moves and installations after it was gone', () => {
    const moved = [move('moved-out', 5), move('moved-in', 5)];
    expect(serial(move('made', 1), move('shipped', 2), ...moved)).toMatchObject([
      {
        kind: 'moved-though-gone',
        event: 5,
        message: 'BAT serial B-1 was moved on 1970-01-01, although by the record it was shipped by then.',
      },
    ]);
    expect(kinds(serial(move('made', 1), move('scrapped', 2), move('packed', 6)))).toEqual([['moved-though-gone', 6]]);
    for (const role of ['shipped', 'scrapped'])
      expect(kinds(serial(move('made', 1), move(role, 2), move('installed', 5)))).toEqual([
        ['installed-though-gone', 5],
      ]);
    // What comes back, or is found, may be moved; and so may what left later.
    expect(serial(move('made', 1), move('shipped', 2), move('returned', 3), ...moved)).toEqual([]);
    expect(serial(move('made', 1), move('shipped', 9), ...moved)).toEqual([]);
    expect(serial(move('made', 1), ...moved, move('shipped', 2, { until: DAY }))).toEqual([]);
  });

  it('are its leaving and moving while it was installed', () => {
    for (const role of ['shipped', 'scrapped', 'moved-in'])
      expect(kinds(serial(move('made', 1), move('installed', 2), move(role, 5)))).toEqual([
        ['taken-though-installed', 5],
      ]);
    expect(serial(move('made', 1), move('installed', 2), move('removed', 5), move('scrapped', 5))).toEqual([]);
    expect(serial(move('made', 1), move('moved-in', 2), move('installed', 2))).toEqual([]);
    expect(serial(move('made', 1), move('installed', 2, { until: DAY }), move('moved-in', 5))).toEqual([]);
  });

  it('are parts put in or taken out after it was gone', () => {
    const [gap, ...more] = serial(move('made', 1), move('parent', 2), move('shipped', 3), move('parent', 5));
    expect(more).toEqual([]);
    expect(gap).toMatchObject({ kind: 'changed-though-gone', event: 5 });
    expect(gap!.message).toBe(
      'Something was put into or taken out of BAT serial B-1 on 1970-01-01, although by the record it was shipped by then.',
    );
    expect(serial(move('made', 1), move('shipped', 3), move('parent', 3))).toEqual([]);
    expect(serial(move('made', 1), move('shipped', 3), move('returned', 4), move('parent', 5))).toEqual([]);
    expect(serial(move('made', 1), move('shipped', 3), move('parent', 0, { until: DAY }))).toEqual([]);
    expect(serial(move('made', 1), move('shipped', 3, { until: DAY }), move('parent', 9))).toEqual([]);
  });

  it('are an installation after it had expired', () => {
    const late = (at: number) => unitGaps(story('serial', [move('made', 1), move('installed', at)], { expires: 4 }));
    expect(kinds(late(4))).toEqual([['installed-after-expiry', 4]]);
    expect(late(3)).toEqual([]);
  });
});

describe('the gaps of a lot of which more comes out than went in', () => {
  const lot = (...movements: StoryMovement[]) => unitGaps(story('lot', movements));
  const made = move('made', 1, { quantity: kg(100), placeId: 1 });
  const load = move('installed', 2, { quantity: kg(20), parents: [7], slot: 'S1' });
  const out = (n: number, more: Partial<StoryMovement> = {}) =>
    move('removed', 5, { quantity: kg(n), parents: [7], placeId: 1, ...more });

  it('is said of what was loaded', () => {
    expect(lot(made, load, out(90))).toMatchObject([{ kind: 'unloaded-more', event: 5, about: { short: '70' } }]);
    expect(lot(made, load, out(15), out(6, { event: 6, from: 6, until: 7 }))).toMatchObject([
      { kind: 'unloaded-more', event: 6, about: { short: '1' } },
    ]);
    expect(lot(made, load, out(20))).toEqual([]);
    expect(lot(made, load, out(90, { quantity: null }))).toEqual([]);
    // All of it was loaded: that is so much.
    expect(kinds(lot(made, { ...load, quantity: null }, out(101)))).toEqual([['unloaded-more', 5]]);
    // Nobody knows how much there was.
    expect(lot({ ...made, quantity: null }, { ...load, quantity: null }, out(101))).toEqual([]);
    // On that day it may have been loaded first.
    expect(lot(made, { ...load, from: 3, until: DAY }, out(20))).toEqual([]);
  });

  it('is said of what was moved, and not of what only lay elsewhere', () => {
    const moves = (n: number, more: Partial<StoryMovement> = {}) => [
      move('moved-out', 5, { quantity: kg(n), placeId: 1, ...more }),
      move('moved-in', 5, { quantity: kg(n), placeId: 2, ...more }),
    ];
    const shipped = move('shipped', 3, { quantity: kg(100), placeId: 1, partnerId: 7 });
    expect(lot(made, shipped, ...moves(100))).toMatchObject([
      {
        kind: 'moved-more',
        event: 5,
        about: { short: '100' },
        message: 'Of BAT serial B-1 there was moved on 1970-01-01 100 kg more than was there.',
      },
    ]);
    expect(lot(made, ...moves(101))).toMatchObject([{ kind: 'moved-more', about: { short: '1' } }]);
    expect(lot(made, ...moves(100))).toEqual([]);
    expect(lot(made, { ...shipped, from: 1, until: DAY }, ...moves(100))).toEqual([]);
    // From where nothing was: it is the one place with some, the first time; then a move is missing.
    const twice = [made, ...moves(60, { placeId: 8 }), ...moves(60, { placeId: 8, event: 6, from: 6, until: 7 })].map(
      (m) => (m.role === 'moved-in' ? { ...m, placeId: 9 } : m),
    );
    expect(kinds(lot(...twice))).toEqual([['place-short', 6]]);
    // Clocks differ, and where it came from is a gap of its own.
    expect(lot({ ...made, from: 9, until: 10 }, ...moves(100))).toEqual([]);
    expect(kinds(lot(...moves(100)))).toEqual([['no-origin', undefined]]);
  });

  it('is said of what leaves once all of it had left', () => {
    const all = move('shipped', 3, { placeId: 1, partnerId: 7 });
    for (const role of ['shipped', 'scrapped', 'used', 'installed'])
      expect(lot(made, all, move(role, 5, { quantity: kg(10), placeId: 1 }))).toMatchObject([
        { kind: 'taken-though-gone', event: 5, about: { short: '10' } },
      ]);
    // It came back, or more came; it may have left before; or nobody knows whether that was all.
    expect(lot(made, all, move('returned', 4, { partnerId: 7, placeId: 1 }), move('shipped', 5))).toEqual([]);
    const ten = { quantity: kg(10), placeId: 1, partnerId: 7 };
    expect(lot(made, all, move('made', 4, { quantity: kg(10), placeId: 1 }), move('shipped', 5, ten))).toEqual([]);
    expect(lot(made, { ...all, until: DAY }, move('shipped', 5, ten))).toEqual([]);
    expect(lot({ ...made, quantity: null }, all, move('shipped', 5, ten))).toEqual([]);
    expect(lot(made, { ...load, quantity: null }, move('used', 5, { quantity: kg(10), placeId: 1 }))).toEqual([]);
  });

  it('is said of what was packed', () => {
    const pack = (n: number, more: Partial<StoryMovement> = {}) =>
      move('packed', 5, { quantity: kg(n), containerId: 3, placeId: 1, ...more });
    expect(lot(made, pack(110))).toMatchObject([{ kind: 'packed-more', event: 5, about: { short: '10' } }]);
    expect(lot(made, pack(100))).toEqual([]);
    expect(lot({ ...made, quantity: null }, pack(110))).toEqual([]);
    // Some is elsewhere: it may have come from there.
    expect(kinds(lot(made, move('made', 1, { event: 2, quantity: kg(50), placeId: 2 }), pack(110)))).toEqual([
      ['place-short', 5],
    ]);
    // Clocks differ.
    expect(lot({ ...made, from: 9, until: 10 }, pack(110))).toEqual([]);
  });
});
