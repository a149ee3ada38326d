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
