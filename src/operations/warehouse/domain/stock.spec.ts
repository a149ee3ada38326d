import { fillOf, misfit } from './capacity';
import { PlaceTree } from './place-tree';
import { allocate, fefo, fifo, isFree, nearestFirst, type StockRow } from './stock';
import { alternatesOf } from './substitutes';

const ONE = 1_000_000_000n;
const row = (code: string, more: Partial<StockRow> = {}): StockRow => ({
  unitId: code.charCodeAt(0),
  itemId: 1,
  item: 'RM',
  itemName: 'Resin',
  category: 'chemistry',
  uom: 'kg',
  kind: 'lot',
  code,
  state: 'in-stock',
  placeId: 1,
  container: null,
  quantity: 5n * ONE,
  holds: [],
  expiresMs: null,
  madeMs: null,
  movedMs: null,
  ...more,
});
const codes = (rows: readonly StockRow[]): string => rows.map((one) => one.code).join('');

describe('free stock', () => {
  it('is in stock, not held, not expired, and there', () => {
    const rows = [
      row('A'),
      row('B', { holds: [{ reason: 'damp', ref: null }] }),
      row('C', { expiresMs: 100 }),
      row('D', { expiresMs: 101 }),
      row('E', { state: 'returned' }),
      row('F', { quantity: 0n }),
      row('G', { quantity: null }),
    ];
    expect(codes(rows.filter((one) => isFree(one, 100)))).toBe('ADG');
  });

  it('goes first to expire first, or the oldest first', () => {
    const rows = [
      row('A', { madeMs: 1 }),
      row('B', { expiresMs: 20, madeMs: 3 }),
      row('C', { expiresMs: 10, madeMs: 2 }),
    ];
    expect(codes([...rows].sort(fefo))).toBe('CBA');
    expect(codes([...rows].sort(fifo))).toBe('ACB');
  });

  it('nearest first, whatever expires elsewhere', () => {
    const tree = new PlaceTree([
      { placeId: 1, code: 'S', name: '', kind: '', parent: null },
      { placeId: 2, code: 'A', name: '', kind: '', parent: 'S' },
      { placeId: 3, code: 'B', name: '', kind: '', parent: 'S' },
    ]);
    const rows = [
      row('A', { placeId: 3, expiresMs: 1 }),
      row('B', { placeId: 2 }),
      row('C', { placeId: 2, expiresMs: 9 }),
      row('D', { placeId: null }),
    ];
    expect(codes([...rows].sort(nearestFirst(tree, 2)))).toBe('CBAD');
  });

  it('is taken until there is enough, and says what is missing', () => {
    const rows = [row('A'), row('B', { quantity: null }), row('C')];
    const { picked, missing } = allocate(rows, 7n * ONE);
    expect(picked.map((one) => [one.row.code, one.quantity])).toEqual([
      ['A', 5n * ONE],
      ['C', 2n * ONE],
    ]);
    expect(missing).toBe(0n);
    expect(allocate(rows, 12n * ONE).missing).toBe(2n * ONE);
  });
});

describe('the capacity of a place', () => {
  it('is of units, of a quantity, and of categories', () => {
    expect(fillOf({ units: 4 }, [row('A'), row('A'), row('B')])).toEqual({ units: 2, quantity: null, percent: 50 });
    expect(
      fillOf({ quantity: { value: '20000', uom: 'g' } }, [row('A'), row('P', { uom: 'pcs', item: 'BAT' })]),
    ).toMatchObject({ percent: 25 });
    expect(misfit(null, [], [row('A')])).toBeNull();
    expect(misfit({ units: 1 }, [row('A')], [row('A')])).toBeNull();
    expect(misfit({ units: 1, full: 'refuse' }, [row('A')], [row('B')])).toEqual({ why: 'full', refuse: true });
    expect(misfit({ quantity: { value: '9', uom: 'kg' } }, [row('A')], [row('B')])).toEqual({
      why: 'full',
      refuse: false,
    });
    expect(misfit({ categories: ['food'] }, [], [row('A')])).toEqual({ why: 'category', refuse: false });
  });
});

describe('what may stand for an item', () => {
  const boms = [
    { item: 'FG', revision: 'A', fromMs: null, untilMs: 50, lines: [{ component: 'RM', substitutes: ['OLD'] }] },
    {
      item: 'FG',
      revision: 'B',
      fromMs: 50,
      untilMs: null,
      lines: [{ component: 'RM', position: 'P1', substitutes: ['ALT'] }],
    },
    { item: 'XX', revision: 'A', fromMs: null, untilMs: null, lines: [{ component: 'OTHER', substitutes: ['RM'] }] },
  ];

  it('is what its BOM lines allow in revisions that are effective now', () => {
    const found = alternatesOf('RM', boms, 60);
    expect([...found.keys()]).toEqual(['RM', 'ALT', 'OTHER']);
    expect(found.get('ALT')).toEqual([
      { kind: 'approved', bom: { item: 'FG', revision: 'B', position: 'P1', component: 'RM' } },
    ]);
  });

  it('is for one product only what its own BOM allows', () => {
    expect([...alternatesOf('RM', boms, 60, 'FG').keys()]).toEqual(['RM', 'ALT']);
    expect([...alternatesOf('RM', boms, 40, 'FG').keys()]).toEqual(['RM', 'OLD']);
  });
});
