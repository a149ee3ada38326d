import fc from 'fast-check';
import { cellText, csvDecimal, csvField, defuse, exactNumber, undefuse, visible } from './defuse';

describe('text for spreadsheets', () => {
  it.each([
    ['=1+1', "'=1+1"],
    ['+49 30', "'+49 30"],
    ['-5', "'-5"],
    ['@x', "'@x"],
    ['\tx', "'\tx"],
    ['\r=x', "'\r=x"],
    ['＝1', "'＝1"],
    ["'=1+1", "''=1+1"],
    ['0503E000', '0503E000'],
    ["'s-Hertogenbosch", "'s-Hertogenbosch"],
    ['a=b', 'a=b'],
    ['', ''],
  ])('%j becomes %j', (text, defused) => {
    expect(defuse(text)).toBe(defused);
    expect(undefuse(defused)).toBe(text);
  });

  it('never begins with what a spreadsheet carries out, and gives every text back exactly', () => {
    const awkward = fc.string({ unit: fc.constantFrom("'", '=', '+', '-', '@', '\t', '\r', 'a', '1', ' ') });
    fc.assert(
      fc.property(fc.oneof(awkward, fc.string()), (text) => {
        expect(defuse(text)).not.toMatch(/^[=+\-@\t\r]/);
        expect(undefuse(defuse(text))).toBe(text);
      }),
    );
  });

  it('quotes every text of a CSV and leaves numbers bare', () => {
    expect(csvField('0503E000')).toBe('"0503E000"');
    expect(csvField('a"b,c;d')).toBe('"a""b,c;d"');
    expect(csvField(null)).toBe('');
    expect(csvField(3)).toBe('3');
    expect(csvDecimal('-5.25')).toBe('-5.25');
    expect(csvDecimal('=1')).toBe('"\'=1"');
  });

  it.each<[string, string | number]>([
    ['12.5', 12.5],
    ['0.1', 0.1],
    ['-5', -5],
    ['123456789012345', 123456789012345],
    ['1234567890123456', '1234567890123456'],
    ['0.000000001', 1e-9],
    ['1234567.123456789', '1234567.123456789'],
    ['0503E000', '0503E000'],
    ['=1', '=1'],
  ])('takes %s for a number only where a spreadsheet holds it exactly', (value, cell) => {
    expect(exactNumber(value)).toBe(cell);
  });

  it('shows what cannot be printed, so that two codes never look alike', () => {
    expect(visible('A\u001DB')).toBe('A[U+001D]B');
    expect(visible('\uD800x')).toBe('[U+D800]x');
    expect(visible('電池 žluť 🔋')).toBe('電池 žluť 🔋');
  });

  it('keeps the text of a cell from being read as an escape, and within what a cell holds', () => {
    expect(cellText('lot_x0041_')).toBe('lot_x005F_x0041_');
    const long = cellText('x'.repeat(40_000));
    expect(long.length).toBeLessThanOrEqual(32_767);
    expect(long).toMatch(/40000 characters; all of them are in the CSV\)$/);
  });
});
