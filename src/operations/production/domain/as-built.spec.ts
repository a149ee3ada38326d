import { parseDecimal } from '@/kernel';
import type { BuildLine } from './bom-lines';
import { BuiltPart, compare, tally } from './as-built';

const n = parseDecimal;
const line = (no: number, item: string, itemId: number, needed: string, more: Partial<BuildLine> = {}): BuildLine => ({
  line: no,
  item,
  itemId,
  name: item,
  tracking: 'serial',
  needed,
  uom: 'pcs',
  position: null,
  substitutes: [],
  ...more,
});
let next = 0;
const part = (item: string, itemId: number, more: Partial<BuiltPart> = {}): BuiltPart => ({
  unitId: ++next,
  itemId,
  item,
  label: `${item} ${next}`,
  uom: 'pcs',
  quantity: n('1'),
  position: null,
  certain: true,
  run: null,
  revision: null,
  inForce: [],
  ...more,
});
const kinds = (lines: BuildLine[], parts: BuiltPart[]) =>
  compare(lines, parts).map((row) => [row.line?.line ?? null, row.differences.map((d) => d.kind)]);

const bike = [
  line(1, 'FRAME', 1, '1'),
  line(2, 'BAT', 2, '1', { position: 'SEAT', substitutes: [{ item: 'BAT-2', itemId: 9 }] }),
  line(3, 'OIL', 3, '0.5', { tracking: 'lot', uom: 'l' }),
  line(4, 'BOLT', 4, '8', { tracking: 'none' }),
];
const oil = (more: Partial<BuiltPart> = {}) => part('OIL', 3, { quantity: n('0.5'), uom: 'l', ...more });

describe('as built against as designed', () => {
  it('finds nothing where all is as designed', () => {
    const parts = [part('FRAME', 1), part('BAT', 2, { position: 'SEAT' }), oil()];
    expect(kinds(bike, parts)).toEqual([
      [1, []],
      [2, []],
      [3, []],
      [4, []],
    ]);
    expect(tally(compare(bike, parts))).toEqual({ open: 0, substituted: 0, say: [] });
  });

  it('finds what is missing, short, too much, and on no line', () => {
    expect(kinds(bike, [part('FRAME', 1), oil({ quantity: n('0.3') }), part('BELL', 77)])).toEqual([
      [1, []],
      [2, ['missing']],
      [3, ['short']],
      [4, []],
      [null, ['extra']],
    ]);
    expect(kinds([bike[0]!], [part('FRAME', 1), part('FRAME', 1)])).toEqual([[1, ['too-much']]]);
    expect(tally(compare([bike[2]!], [oil({ quantity: n('0.3') })])).say).toEqual([
      '0.3 of 0.5 l of OIL is in it: 0.2 l is missing.',
    ]);
  });

  it('tells an approved substitute from one that is not', () => {
    const [, battery] = bike as [BuildLine, BuildLine];
    expect(kinds([battery], [part('BAT-2', 9, { position: 'SEAT' })])).toEqual([[2, ['substituted']]]);
    expect(kinds([battery], [part('BAT-3', 10, { position: 'SEAT' })])).toEqual([[2, ['not-approved']]]);
    expect(tally(compare([battery], [part('BAT-2', 9)]))).toMatchObject({ open: 0, substituted: 1 });
  });

  it('finds another position and another revision', () => {
    const [, battery] = bike as [BuildLine, BuildLine];
    expect(kinds([battery], [part('BAT', 2, { position: 'REAR' })])).toEqual([[2, ['other-position']]]);
    expect(kinds([battery], [part('BAT', 2, { revision: 'A', inForce: ['B'] })])).toEqual([[2, ['other-revision']]]);
  });

  it('says where it is only possible, or not known how much', () => {
    const [, , fluid] = bike as [BuildLine, BuildLine, BuildLine];
    const maybe = [oil({ quantity: n('0.25'), certain: false }), oil({ quantity: n('0.25'), certain: false })];
    expect(kinds([fluid], maybe)).toEqual([[3, ['possible-only']]]);
    expect(kinds([fluid], [oil({ quantity: null })])).toEqual([[3, ['quantity-unknown']]]);
    expect(kinds([fluid], [oil({ quantity: null, run: 'FEEDER 1' })])).toEqual([[3, []]]);
    const two = [oil({ quantity: null, run: 'FEEDER 1' }), oil({ quantity: null, run: 'FEEDER 1' })];
    expect(kinds([fluid], two)).toEqual([[3, ['possible-only']]]);
  });

  it('gives two lines of one item each their own, by position', () => {
    const lines = [line(1, 'LED', 5, '1', { position: 'D1' }), line(2, 'LED', 5, '1', { position: 'D2' })];
    const rows = compare(lines, [part('LED', 5), part('LED', 5, { position: 'D1' })]);
    expect(rows.map((row) => row.differences)).toEqual([[], []]);
    expect(rows[0]!.parts[0]!.position).toBe('D1');
  });
});
