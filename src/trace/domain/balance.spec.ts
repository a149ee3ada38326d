import { parseDecimal } from '@/kernel';
import { balanceOf } from './balance';

type Facts = Parameters<typeof balanceOf>[0];
const n = (text: string) => parseDecimal(text);
const lot = (more: Partial<Facts>): Facts => ({
  unit: 1,
  uom: 'kg',
  serial: false,
  movements: [],
  draws: [],
  stays: [],
  holdings: [],
  corrections: [],
  ...more,
});
const move = (role: string, quantity: string | null, more: object = {}): Facts['movements'][number] => ({
  event: 1,
  type: '',
  role,
  at: 0,
  quantity: quantity === null ? null : n(quantity),
  customerId: null,
  ...more,
});
const made = move('made', '10', { type: 'receive' });
const holding = (state: string, quantity: string | null, more: object = {}): Facts['holdings'][number] => ({
  state,
  placeId: null,
  customerId: null,
  quantity: quantity === null ? null : n(quantity),
  ...more,
});

describe('a balance', () => {
  it('divides thirds so that the parts are the whole', () => {
    const found = balanceOf(
      lot({
        movements: [made, move('used', '10')],
        draws: [
          {
            event: 1,
            at: 0,
            quantity: n('10'),
            outputs: [2, 3, 4].map((unit) => ({ unit, made: n('1'), uom: 'kg' })),
            undivided: false,
          },
        ],
      }),
    );
    expect(found.used.map((u) => u.quantity)).toEqual([n('3.333333333'), n('3.333333333'), n('3.333333334')]);
    expect(found.unexplained).toBe(0n);
  });

  it.each([
    [
      [
        { unit: 2, made: n('1'), uom: 'kg' },
        { unit: 3, made: n('1'), uom: 'l' },
      ],
      false,
    ],
    [
      [
        { unit: 2, made: n('1'), uom: 'kg' },
        { unit: 3, made: null, uom: 'kg' },
      ],
      false,
    ],
    [
      [
        { unit: 2, made: n('1'), uom: 'kg' },
        { unit: 3, made: n('1'), uom: 'kg' },
      ],
      true,
    ],
  ])('adds up although a draw cannot be divided among its outputs', (outputs, undivided) => {
    const found = balanceOf(
      lot({
        movements: [made, move('used', '4')],
        draws: [{ event: 1, at: 0, quantity: n('4'), outputs, undivided }],
        holdings: [holding('in-stock', '6')],
      }),
    );
    expect(found.used.map((u) => u.quantity)).toEqual([null, null]);
    expect([found.usedTotal, found.unexplained]).toEqual([n('4'), 0n]);
    expect(found.unknown).toEqual([
      '4 kg were used on 1970-01-01T00:00:00.000Z in 2 outputs; how much in each is not known.',
    ]);
  });

  it('finds how much came back by what the customer has left', () => {
    const at = { customerId: 7 };
    const found = balanceOf(
      lot({
        movements: [made, move('shipped', '8', at), move('returned', null, at)],
        holdings: [holding('shipped', '3', at), holding('returned', '7', { placeId: 1 })],
      }),
    );
    expect(found.in.returned).toBe(n('5'));
    expect(found).toMatchObject({ shipped: [{ customerId: 7, quantity: n('8') }], unexplained: 0n, unknown: [] });
    const unclear = balanceOf(
      lot({
        movements: [made, move('shipped', null, at), move('returned', null, at)],
        holdings: [holding('in-stock', null)],
      }),
    );
    expect(unclear.unexplained).toBeNull();
    expect(unclear.unknown).toEqual([
      'How much is in stock is not known.',
      'How much was shipped, or came back, is not recorded.',
    ]);
  });

  it('tells what is installed in what, where the parts make up the whole', () => {
    const stays = [
      { parent: 2, certain: true, quantity: n('4') },
      { parent: 3, certain: true, quantity: n('2') },
    ];
    const facts = { movements: [made], stays, holdings: [holding('in-work', '6'), holding('in-stock', '4')] };
    const found = balanceOf(lot(facts));
    expect(found.used.map((u) => u.quantity)).toEqual([n('4'), n('2')]);
    expect(found.unexplained).toBe(0n);
    // Some of it came out again: from which of them, nobody knows.
    const part = balanceOf(lot({ ...facts, holdings: [holding('in-work', '5'), holding('in-stock', '5')] }));
    expect(part.used.map((u) => u.quantity)).toEqual([null, null]);
    expect(part.unexplained).toBe(0n);
    expect(part.unknown).toEqual(['It is installed or loaded in 2 places; how much in each is not known.']);
  });

  it('does not lose what was cleaned out of a line', () => {
    const found = balanceOf(lot({ movements: [made], holdings: [holding('in-work', '4'), holding('in-stock', '6')] }));
    expect(found.unexplained).toBe(n('4'));
    expect(found.unknown[0]).toContain('4 kg were loaded or installed and are in nothing any more');
  });

  it('does not name ten thousand quantities one by one', () => {
    const draws = Array.from({ length: 60 }, (_, at) => ({
      event: at,
      at,
      quantity: null,
      outputs: [{ unit: 2, made: null, uom: 'kg' }],
      undivided: false,
    }));
    const found = balanceOf(lot({ movements: [made, move('used', null)], draws }));
    expect(found.unknown).toHaveLength(51);
    expect(found.unknown[50]).toBe('10 more quantities are not known.');
  });
});
