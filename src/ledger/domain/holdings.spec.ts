import { foldHoldings, HoldingMovement } from './holdings';

const kg = (n: number) => BigInt(n) * 1_000_000_000n;
let event = 0;
const move = (role: HoldingMovement['role'], at: number, rest: Partial<HoldingMovement> = {}): HoldingMovement => ({
  eventId: event++,
  role,
  atFrom: at,
  atUntil: at + 1,
  quantity: null,
  placeId: null,
  partnerId: null,
  ...rest,
});
const fold = (kind: 'serial' | 'lot', ...movements: HoldingMovement[]) => {
  const { holdings, inHouse } = foldHoldings(movements, kind);
  const text = holdings.map(
    (h) => `${h.state} ${h.placeId ?? h.customerId ?? '-'} ${h.quantity === null ? '?' : h.quantity / kg(1)}`,
  );
  return [...text, inHouse ? 'in house' : 'out'];
};

describe('where a lot is', () => {
  const made = move('made', 1, { quantity: kg(10), placeId: 1 });

  it('came back, though nothing says that it had left', () => {
    const returned = move('returned', 2, { placeId: 1, partnerId: 7 });
    expect(fold('lot', returned)).toEqual(['returned 1 ?', 'in house']);
    const shipped = move('shipped', 2, { quantity: kg(4), partnerId: 7 });
    const back = move('returned', 3, { quantity: kg(5), placeId: 1, partnerId: 7 });
    expect(fold('lot', made, shipped, back)).toEqual(['returned 1 5', 'in-stock 1 6', 'in house']);
  });

  it('is split over places, customers and the bin', () => {
    const parts = [
      move('moved-out', 2, { eventId: 99, quantity: kg(4), placeId: 1 }),
      move('moved-in', 2, { eventId: 99, quantity: kg(4), placeId: 2 }),
      move('shipped', 3, { quantity: kg(3), placeId: 2, partnerId: 7 }),
      move('scrapped', 4, { quantity: kg(1), placeId: 1 }),
      move('returned', 5, { quantity: kg(1), placeId: 1, partnerId: 7 }),
    ];
    const expected = ['returned 1 1', 'in-stock 1 5', 'in-stock 2 1', 'shipped 7 2', 'scrapped - 1', 'in house'];
    expect(fold('lot', made, ...parts)).toEqual(expected);
    // In whatever order they were recorded.
    expect(fold('lot', ...[...parts].reverse(), made).sort()).toEqual([...expected].sort());
  });

  it('takes all that was there where no quantity is given, but not for a draw', () => {
    expect(fold('lot', made, move('shipped', 2, { partnerId: 7 }))).toEqual(['shipped 7 10', 'out']);
    expect(fold('lot', made, move('used', 2))).toEqual(['in-stock 1 ?', 'in house']);
    expect(fold('lot', made, move('used', 2, { quantity: kg(10) }))).toEqual(['used - 0', 'out']);
  });

  it('counts in before out at one time', () => {
    expect(fold('lot', move('used', 1, { quantity: kg(10) }), made)).toEqual(['used - 0', 'out']);
  });
});

describe('what was taken of a lot in several places without saying where', () => {
  const made = move('made', 0, { quantity: kg(10), placeId: 1 });
  const also = move('made', 1, { quantity: kg(5), placeId: 2 });
  const unplaced = (...movements: HoldingMovement[]) => foldHoldings(movements, 'lot').unplaced;

  it.each(['used', 'installed', 'shipped', 'scrapped', 'adjusted', 'moved-out', 'packed'] as const)(
    'leaves an unknown rest at each of them: %s',
    (role) => {
      const taken = move(role, 2, { quantity: role === 'adjusted' ? -kg(4) : kg(4), partnerId: null, containerId: 9 });
      if (role !== 'packed') delete taken.containerId;
      const rest = fold('lot', made, also, taken).filter((line) => /in-stock [12]/.test(line));
      expect(rest).toEqual(['in-stock 1 ?', 'in-stock 2 ?']);
      expect(unplaced(also, taken, made)).toEqual([taken.eventId]);
    },
  );

  it('is where it went, and the rest is known again where it is counted', () => {
    const shipped = move('shipped', 2, { quantity: kg(4), partnerId: 7 });
    expect(fold('lot', made, also, shipped)).toEqual(['in-stock 1 ?', 'in-stock 2 ?', 'shipped 7 4', 'in house']);
    const counted = move('counted', 3, { quantity: kg(6), placeId: 1 });
    expect(fold('lot', counted, made, shipped, also)).toEqual([
      'in-stock 1 6',
      'in-stock 2 ?',
      'shipped 7 4',
      'in house',
    ]);
    const none = move('counted', 4, { quantity: 0n, placeId: 2 });
    expect(fold('lot', counted, made, shipped, also, none)).toEqual(['in-stock 1 6', 'shipped 7 4', 'in house']);
    const moves = [move('moved-out', 2, { eventId: 500, quantity: kg(4) })];
    moves.push({ ...moves[0]!, role: 'moved-in', placeId: 3 });
    expect(fold('lot', made, also, ...moves)).toEqual(['in-stock 1 ?', 'in-stock 2 ?', 'in-stock 3 4', 'in house']);
  });

  it('empties them all where it was all of it, and no question is left', () => {
    const all = move('shipped', 2, { quantity: kg(15), partnerId: 7 });
    expect(fold('lot', made, also, all)).toEqual(['shipped 7 15', 'out']);
    expect(unplaced(made, also, all)).toEqual([]);
    const more = move('used', 2, { quantity: kg(20) });
    expect(fold('lot', made, also, more)).toEqual(['used - 0', 'out']);
    // What it was short of is owed still.
    expect(fold('lot', made, also, more, move('made', 3, { quantity: kg(6) }))).toEqual(['in-stock - 1', 'in house']);
  });

  it('is gone once all of it was taken, bit by bit, and known again where nothing else can have been', () => {
    const bits = [4, 5, 6].map((q, i) => move('used', 2 + i, { quantity: kg(q) }));
    expect(fold('lot', made, also, ...bits.slice(0, 2))).toEqual(['in-stock 1 ?', 'in-stock 2 ?', 'in house']);
    expect(fold('lot', made, also, ...bits)).toEqual(['used - 0', 'out']);
    expect(unplaced(made, also, ...bits)).toEqual(bits.slice(0, 2).map((m) => m.eventId));
    const rest = move('scrapped', 6, { quantity: kg(10), placeId: 1 });
    expect(fold('lot', made, also, bits[0]!, rest)).toEqual(['in-stock 2 1', 'scrapped - 10', 'in house']);
    const more = move('made', 7, { quantity: kg(2), placeId: 3 });
    expect(fold('lot', made, also, bits[0]!, more)).toEqual([
      'in-stock 1 ?',
      'in-stock 2 ?',
      'in-stock 3 2',
      'in house',
    ]);
  });

  it('is not in question for a draw of nothing, whether or not a place ever had some', () => {
    const nothing = move('used', 3, { quantity: 0n });
    const emptied = [move('made', 0, { quantity: kg(1) }), move('shipped', 1, { quantity: kg(1) })];
    for (const before of [[], emptied]) {
      expect(fold('lot', ...before, made, also, nothing)).toContain('in-stock 1 10');
      expect(unplaced(...before, made, also, nothing)).toEqual([]);
    }
  });

  it('may be anything, where how much it was is not known', () => {
    expect(fold('lot', made, also, move('used', 2))).toEqual(['in-stock 1 ?', 'in-stock 2 ?', 'in house']);
    expect(fold('lot', made, also, move('shipped', 2, { partnerId: 7 }))).toEqual([
      'in-stock 1 ?',
      'in-stock 2 ?',
      'shipped 7 ?',
      'in house',
    ]);
  });

  it('comes first of what lies nowhere in particular, which may also be at a place that is named', () => {
    const somewhere = move('made', 1, { quantity: kg(3) });
    const drawn = move('used', 2, { quantity: kg(3) });
    expect(fold('lot', made, somewhere, drawn)).toEqual(['in-stock 1 10', 'in house']);
    expect(unplaced(made, somewhere, drawn)).toEqual([]);
    expect(fold('lot', made, somewhere, move('used', 2, { quantity: kg(12), placeId: 1 }))).toEqual([
      'in-stock - 1',
      'in house',
    ]);
    expect(fold('lot', made, somewhere, move('used', 2, { quantity: kg(2), placeId: 4 }))).toEqual([
      'in-stock 1 10',
      'in-stock - 1',
      'in house',
    ]);
    expect(fold('lot', made, somewhere, move('used', 2, { quantity: kg(4) }))).toEqual([
      'in-stock 1 ?',
      'in-stock - ?',
      'in house',
    ]);
  });
});

describe('where a serial is', () => {
  it('is where its latest movement says', () => {
    const made = move('made', 1, { placeId: 1 });
    const installed = move('installed', 2);
    const removed = move('removed', 3, { placeId: 2 });
    const shipped = move('shipped', 4, { partnerId: 7 });
    const returned = move('returned', 5, { placeId: 3, partnerId: 7 });
    expect(fold('serial', made)).toEqual(['in-stock 1 1', 'in house']);
    expect(fold('serial', installed, made)).toEqual(['in-work - 1', 'in house']);
    expect(fold('serial', made, installed, removed)).toEqual(['in-stock 2 1', 'in house']);
    expect(fold('serial', shipped, made, installed, removed)).toEqual(['shipped 7 1', 'out']);
    expect(fold('serial', made, shipped, returned)).toEqual(['returned 3 1', 'in house']);
    expect(fold('serial')).toEqual(['unknown - 1', 'out']);
  });

  it('takes the order that fits where only the day is known', () => {
    const day = { atUntil: 1000 };
    const made = move('made', 1, { placeId: 1 });
    expect(
      fold('serial', made, move('shipped', 500, { partnerId: 7 }), move('returned', 2, { ...day, placeId: 3 })),
    ).toEqual(['returned 3 1', 'in house']);
    expect(fold('serial', move('made', 500, { placeId: 1 }), move('shipped', 0, { ...day, partnerId: 7 }))).toEqual([
      'shipped 7 1',
      'out',
    ]);
    expect(fold('serial', made, move('installed', 500), move('removed', 2, { ...day, placeId: 2 }))).toEqual([
      'in-stock 2 1',
      'in house',
    ]);
    expect(
      fold('serial', made, move('moved-in', 500, { placeId: 2 }), move('shipped', 2, { ...day, partnerId: 7 })),
    ).toEqual(['shipped 7 1', 'out']);
    expect(
      fold('lot', move('made', 500, { quantity: kg(5), placeId: 1 }), move('shipped', 0, { ...day, partnerId: 7 })),
    ).toEqual(['shipped 7 5', 'out']);
  });

  it('stays where it was put when its making is dated later', () => {
    expect(fold('serial', move('installed', 1), move('made', 5, { placeId: 1 }))).toEqual(['in-work - 1', 'in house']);
  });
});

describe('what is in work', () => {
  const made = move('made', 0, { quantity: kg(20), placeId: 1 });
  const load = (at: number, q: number | null, parent: number, slot: string | null = null) =>
    move('installed', at, { quantity: q === null ? null : kg(q), placeId: 1, parents: [parent], slot });
  const unload = (at: number, parent: number, rest: Partial<HoldingMovement> = {}) =>
    move('removed', at, { placeId: 2, parents: [parent], ...rest });
  const clean = (at: number, parent: number) => move('cleaned-out', at, { placeId: 3, parents: [parent] });

  it('comes back from where it was put, and no more than was put there', () => {
    const loads = [load(1, 5, 8), load(1, 3, 9)];
    expect(fold('lot', made, ...loads, unload(2, 8))).toEqual([
      'in-stock 1 12',
      'in-stock 2 5',
      'in-work - 3',
      'in house',
    ]);
    expect(fold('lot', made, ...loads, unload(2, 8, { quantity: kg(2) }), unload(3, 8))).toEqual([
      'in-stock 1 12',
      'in-stock 2 5',
      'in-work - 3',
      'in house',
    ]);
    const two = [load(1, 5, 8, 'left'), load(1, 3, 8, 'right')];
    expect(fold('lot', made, ...two, unload(2, 8, { slot: 'right' }))).toContain('in-stock 2 3');
    expect(fold('lot', made, ...two, unload(2, 8))).toContain('in-stock 2 8');
    // From where nothing says that it was: some came back all the same.
    expect(fold('lot', made, load(1, 5, 8), unload(2, 9))).toEqual([
      'in-stock 1 15',
      'in-stock 2 ?',
      'in-work - 5',
      'in house',
    ]);
  });

  it('is out, nobody knows how much of it, when what it is in is cleaned', () => {
    expect(fold('lot', made, load(1, 20, 8), clean(2, 8))).toEqual(['in-stock 3 ?', 'in house']);
    expect(fold('lot', made, load(1, 5, 8), load(1, 3, 9), clean(2, 8), load(3, 1, 8))).toEqual([
      'in-stock 1 11',
      'in-stock 3 ?',
      'in-work - 4',
      'in house',
    ]);
    // Unloaded before, it was not there to be taken.
    expect(fold('lot', made, load(1, 5, 8), unload(2, 8), clean(3, 8))).toEqual([
      'in-stock 1 15',
      'in-stock 2 5',
      'in house',
    ]);
    expect(fold('serial', move('made', 0, { placeId: 1 }), move('installed', 1), clean(2, 8))).toEqual([
      'in-stock 3 1',
      'in house',
    ]);
  });
});

describe('a count', () => {
  const made = move('made', 1, { quantity: kg(10), placeId: 1 });
  const counted = (at: number, quantity: number, rest: Partial<HoldingMovement> = {}) =>
    move('counted', at, { quantity: kg(quantity), ...rest });

  it('is what was there, and what moved since comes to it', () => {
    expect(fold('lot', made, counted(3, 7, { placeId: 1 }))).toEqual(['in-stock 1 7', 'in house']);
    const drawn = move('used', 4, { quantity: kg(2), placeId: 1 });
    const earlier = move('used', 2, { quantity: kg(9), placeId: 1 });
    expect(fold('lot', drawn, counted(3, 7, { placeId: 1 }), earlier, made)).toEqual(['in-stock 1 5', 'in house']);
    // At one time, what was counted is what was there when all else had happened.
    expect(fold('lot', counted(4, 7, { placeId: 1 }), drawn, made)).toEqual(['in-stock 1 7', 'in house']);
  });

  it('tells what was not known, and of no other place', () => {
    const unclear = [made, move('used', 2), counted(3, 4, { placeId: 1 })];
    expect(fold('lot', ...unclear)).toEqual(['in-stock 1 4', 'in house']);
    expect(fold('lot', made, counted(3, 4, { placeId: 2 }))).toEqual(['in-stock 1 10', 'in-stock 2 4', 'in house']);
    expect(fold('lot', made, counted(3, 0))).toEqual(['unknown - ?', 'out']);
    // In several places, and none named: nothing changes, and it shows.
    const apart = [made, move('made', 2, { quantity: kg(1), placeId: 2 }), counted(3, 4)];
    expect(fold('lot', ...apart)).toEqual(['in-stock 1 10', 'in-stock 2 1', 'in house']);
    expect(foldHoldings(apart, 'lot').unplaced).toEqual([apart[2]!.eventId]);
  });

  it('changed stock by its difference to what was computed', () => {
    const adjusted = move('adjusted', 3, { quantity: -kg(1), placeId: 1 });
    const { corrections } = foldHoldings([made, adjusted, counted(4, 12, { placeId: 1 })], 'lot');
    expect(corrections.map((c) => c.difference)).toEqual([-kg(1), kg(3)]);
    expect(fold('lot', made, adjusted)).toEqual(['in-stock 1 9', 'in house']);
  });

  it('finds a serial, or does not', () => {
    const born = move('made', 1, { placeId: 1 });
    const there = (at: number, placeId: number | null = null) => counted(at, 1, { placeId });
    const missing = (at: number, placeId: number | null = null) => counted(at, 0, { placeId });
    expect(fold('serial', born, there(2, 2))).toEqual(['in-stock 2 1', 'in house']);
    // Not there is not gone: it is in house for all that is known.
    expect(fold('serial', born, missing(2, 1))).toEqual(['unknown - 1', 'in house']);
    expect(fold('serial', born, missing(2, 2))).toEqual(['in-stock 1 1', 'in house']);
    expect(fold('serial', born, missing(2, 1), there(3, 1))).toEqual(['in-stock 1 1', 'in house']);
    expect(fold('serial', born, move('shipped', 2, { partnerId: 7 }), there(3, 1))).toEqual([
      'in-stock 1 1',
      'in house',
    ]);
    // What is built in is not loose on the shelf, whether it was looked for there or seen in its parent.
    expect(fold('serial', born, move('installed', 2), missing(3))).toEqual(['in-work - 1', 'in house']);
    expect(fold('serial', born, move('installed', 2), there(3, 1))).toEqual(['in-work - 1', 'in house']);
  });
});

describe('what is in a container', () => {
  const made = move('made', 1, { quantity: kg(10), placeId: 1 });
  const packed = (at: number, quantity: number | null, containerId = 5) =>
    move('packed', at, { quantity: quantity === null ? null : kg(quantity), containerId });
  const shown = (...movements: HoldingMovement[]) =>
    foldHoldings(movements, 'lot').holdings.map(
      (h) =>
        `${h.state} ${h.placeId ?? h.customerId} ${h.containerId ?? '-'} ${h.quantity === null ? '?' : h.quantity / kg(1)}`,
    );

  it('is a part of what is at its place', () => {
    expect(shown(made, packed(2, 4))).toEqual(['in-stock 1 5 4', 'in-stock 1 - 6']);
    expect(shown(made, packed(2, null))).toEqual(['in-stock 1 5 10']);
    const out = { eventId: 77, quantity: kg(4), placeId: 1, containerId: 5 };
    const carried = [move('moved-out', 3, out), move('moved-in', 3, { ...out, placeId: 2 })];
    expect(shown(made, packed(2, 4), ...carried)).toEqual(['in-stock 1 - 6', 'in-stock 2 5 4']);
    const gone = move('shipped', 4, { quantity: kg(4), placeId: 2, partnerId: 7, containerId: 5 });
    expect(shown(made, packed(2, 4), ...carried, gone)).toEqual(['in-stock 1 - 6', 'shipped 7 5 4']);
    const back = move('returned', 5, { quantity: kg(4), placeId: 3, partnerId: 7, containerId: 5 });
    expect(shown(made, packed(2, 4), ...carried, gone, back)).toEqual(['in-stock 1 - 6', 'returned 3 5 4']);
    const unpacked = move('unpacked', 4, { quantity: kg(1), containerId: 5 });
    expect(shown(made, packed(2, 4), ...carried, unpacked)).toEqual([
      'in-stock 1 - 6',
      'in-stock 2 5 3',
      'in-stock 2 - 1',
    ]);
  });

  it('is drawn on only when what lies loose does not do, and is never more than is there', () => {
    expect(shown(made, packed(2, 4), move('used', 3, { quantity: kg(5) }))).toEqual([
      'in-stock 1 5 4',
      'in-stock 1 - 1',
    ]);
    expect(shown(made, packed(2, 4), move('used', 3, { quantity: kg(8) }))).toEqual(['in-stock 1 5 2']);
    expect(shown(made, packed(2, 4), move('counted', 3, { quantity: kg(3), placeId: 1 }))).toEqual(['in-stock 1 5 3']);
  });

  it('is unknown where a draw that names no place may have been of it', () => {
    const also = move('made', 2, { quantity: kg(5), placeId: 2 });
    const in1 = { ...packed(3, 4), placeId: 1 };
    expect(shown(made, also, in1, move('used', 4, { quantity: kg(5) }))).toEqual([
      'in-stock 1 5 4',
      'in-stock 1 - ?',
      'in-stock 2 - ?',
    ]);
    expect(shown(made, also, in1, move('used', 4, { quantity: kg(7) }))).toEqual([
      'in-stock 1 5 ?',
      'in-stock 1 - ?',
      'in-stock 2 - ?',
    ]);
  });

  it('goes with its container, whose place nobody said', () => {
    const also = move('made', 2, { quantity: kg(5), placeId: 2 });
    const box = packed(3, 4);
    expect(shown(made, also, box)).toEqual(['in-stock 1 - ?', 'in-stock 2 - ?', 'in-stock null 5 4']);
    const out = { eventId: 78, quantity: kg(4), containerId: 5 };
    const carried = [move('moved-out', 4, out), move('moved-in', 4, { ...out, placeId: 3 })];
    expect(shown(made, also, box, ...carried)).toEqual(['in-stock 1 - ?', 'in-stock 2 - ?', 'in-stock 3 5 4']);
    expect(foldHoldings([made, also, box, ...carried], 'lot').unplaced).toEqual([box.eventId]);
  });

  it('is the same at each place with or without containers', () => {
    const drawn = [made, packed(2, 4), packed(3, 4, 6), move('used', 4, { quantity: kg(7) })];
    const bare = drawn.map(({ containerId: _, ...m }) => m);
    expect(shown(...drawn)).toEqual(['in-stock 1 6 3']);
    expect(shown(...bare)).toEqual(['in-stock 1 - 3']);
  });
});
