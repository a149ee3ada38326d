import { parseDecimal } from '@/kernel';
import { linesFor, pickRevision } from './bom-lines';
import { checkPattern, serialOf } from './serials';

const revision = (name: string, fromMs: number | null, untilMs: number | null) => ({ revision: name, fromMs, untilMs });

describe('the BOM of a build', () => {
  const all = [revision('A', null, 100), revision('B', 100, null), revision('C', 50, 80)];

  it('is the revision in force at the planned time, the latest of several, or the one that is named', () => {
    expect(pickRevision(all, null, 10)?.revision).toBe('A');
    expect(pickRevision(all, null, 60)?.revision).toBe('C');
    expect(pickRevision(all, null, 100)?.revision).toBe('B');
    expect(pickRevision(all, 'A', 500)?.revision).toBe('A');
    expect(pickRevision(all, 'X', 500)).toBeNull();
    expect(pickRevision([], null, 1)).toBeNull();
  });

  it('is counted in base units for all that is built', () => {
    const items = new Map([
      ['OIL', { itemId: 3, name: 'Oil', uom: 'l', factors: null }],
      ['OIL-2', { itemId: 4, name: 'Oil 2', uom: 'l', factors: null }],
    ]);
    const row = { component: 'OIL', componentId: 3, tracking: 'lot' as const, quantity: '250', uom: 'ml' };
    const [line] = linesFor([{ ...row, substitutes: ['OIL-2'] }], items, parseDecimal('12'));
    expect(line).toMatchObject({ line: 1, needed: '3', uom: 'l', substitutes: [{ item: 'OIL-2', itemId: 4 }] });
  });
});

describe('the codes of an order', () => {
  it('put a counter into a pattern', () => {
    expect(serialOf('EB-{0000}', 7)).toBe('EB-0007');
    expect(serialOf('{00}/26', 123)).toBe('123/26');
    expect(() => checkPattern('EB')).toThrow('serialPattern');
    expect(() => checkPattern('EB-{0}-{0}')).toThrow('serialPattern');
  });
});
