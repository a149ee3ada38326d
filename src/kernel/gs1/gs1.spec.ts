import * as fc from 'fast-check';
import { hasCheckDigit, readGs1 } from './index';

const read = (scan: string) => {
  const r = readGs1(scan);
  return r && 'elements' in r ? { as: r.as, ...Object.fromEntries(r.elements) } : r;
};

describe('GS1 scans', () => {
  it('reads brackets, raw strings with separators, and Digital Links', () => {
    expect(read('(01)09506000134352(21)B0001')).toEqual({ as: 'gs1', '01': '09506000134352', '21': 'B0001' });
    expect(read(']d20109506000134352' + '10L-1\u001d21B0001')).toEqual({
      as: 'gs1',
      '01': '09506000134352',
      '10': 'L-1',
      '21': 'B0001',
    });
    expect(read('https://id.gs1.org/01/9506000134352/10/L%2F1?x=1')).toEqual({
      as: 'digital-link',
      '01': '09506000134352',
      '10': 'L/1',
    });
  });

  it('says what is wrong', () => {
    expect(read('(01)09506000134353(21)B0001')).toEqual({ error: 'the check digit of (01) 09506000134353 is wrong' });
    expect(read('(01)0950600013435')).toEqual({ error: '(01) needs 14 digits' });
    expect(read('(21)' + 'x'.repeat(21))).toEqual({ error: '(21) needs 1 to 20 characters' });
    expect(read('(10)A(10)B')).toEqual({ error: '(10) stands twice with different values' });
  });

  it('leaves other codes alone', () => {
    expect(read('L-2026-001')).toBeNull();
    expect(read('09506000134352')).toBeNull();
    expect(hasCheckDigit('09506000134352')).toBe(true);
  });

  it('never throws', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string(), fc.string({ unit: fc.constantFrom(...'()0123[]d2\u001dA/:https'.split('')) })),
        (s) => {
          readGs1(s);
          readGs1(`(01)${s}`);
          readGs1(`https://x/01/${s}`);
        },
      ),
      { numRuns: 2_000 },
    );
  });
});
