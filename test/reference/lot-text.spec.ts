import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { inRange, rangeMeaning } from '@/quality/recalls/domain/code-range';
import { readLotText } from '@/quality/recalls/domain/lot-text';
import { piecesOf } from '@/quality/recalls/domain/lot-tokens';
import { EXPECTED } from './lot-text-expected';

const codes = (text: string): string[] => readLotText(text).lots.map(({ code }) => code);
const ranges = (text: string): string[] => readLotText(text).ranges.map(({ from, to }) => `${from}..${to}`);
const list = (text = ''): string[] => text.split(', ').filter((part) => part !== '');

describe('published enforcement reports', () => {
  const file = join(__dirname, '../../../shared/standards/recall/openfda-enforcement-sample.jsonl');
  const records = readFileSync(file, 'utf8').trim().split('\n');
  const texts = records.map((line) => (JSON.parse(line) as { 'code-info'?: string })['code-info'] ?? '');

  it('are read as a person reads them, and where not, they say so', () => {
    expect(texts).toHaveLength(72);
    const silentlyWrong: string[] = [];
    const unsaid: number[] = [];
    let [exact, naming] = [0, 0];
    texts.forEach((text, i) => {
      const { lots, every, ranges: spans, all = false, judged } = EXPECTED[i]!;
      const named = [...new Set(every ? text.match(every) : list(lots))];
      const read = readLotText(text);
      const right = JSON.stringify([codes(text), ranges(text), read.all]) === JSON.stringify([named, list(spans), all]);
      const says = read.warnings.length + read.unread.length > 0;
      if (right) exact++;
      if (right && (named.length > 0 || spans || all)) naming++;
      if (!right && !says) silentlyWrong.push(`${i}: ${text.slice(0, 80)}`);
      if (judged && !says) unsaid.push(i);
    });
    expect(silentlyWrong).toEqual([]);
    expect(unsaid).toEqual([]);
    expect(naming).toBeGreaterThanOrEqual(60);
    expect(exact).toBe(71);
  });

  it('say of the one that is no list why each of its codes was not taken', () => {
    const read = readLotText(texts[63]!);
    expect(read.lots).toEqual([]);
    expect(read.unread[0]).toMatchObject({ text: '513602 00-001-BN', why: expect.stringContaining('lot') as string });
  });
});

describe('text of a scope', () => {
  it('names lots, ranges and exceptions', () => {
    const read = readLotText('lots 07110002 thru 07110009 except 07110004, 07110006 & 07110007; 07110020 and 07110021');
    expect(read.ranges).toEqual([
      {
        from: '07110002',
        to: '07110009',
        except: ['07110004', '07110006', '07110007'].map((code) => ({ from: code, to: code })),
        said: 'lot',
      },
    ]);
    expect(read.lots.map(({ code }) => code)).toEqual(['07110020', '07110021']);
    expect(read.unread).toEqual([]);
    expect(
      ['07110003', '07110004', '07110009', '7110003', '071100031'].map((c) => inRange(c, read.ranges[0]!)),
    ).toEqual([true, false, true, false, false]);
  });

  it('takes a plain list, one a line', () => {
    expect(codes('L-2026-001\nL-2026-002, L-2026-003')).toEqual(['L-2026-001', 'L-2026-002', 'L-2026-003']);
  });

  it('reads ranges of serials with letters, with a dash or in words', () => {
    for (const text of ['serial numbers AB001–AB120', 'S/N AB001 - AB120', 'S/N between AB001 and AB120'])
      expect([text, ...ranges(text)]).toEqual([text, 'AB001..AB120']);
    expect(inRange('ab077', { from: 'AB001', to: 'AB120', except: [] })).toBe(true);
    expect(rangeMeaning({ from: 'AB001X', to: 'AB120X' })).toMatchObject({ prefix: 'AB', suffix: 'X', digits: 3 });
  });

  it('leaves unread what it cannot be sure of', () => {
    const why = (text: string) => readLotText(text).unread.map((one) => one.text);
    expect(why('lots 99 thru 105')).toEqual(['99 thru 105']);
    expect(why('lots 07110002 thru 07110009 except 08110001')).toEqual(['08110001']);
    expect(why('product made with 0711 and 0712')).not.toEqual([]);
    expect(why('Lot 01-02-12')).toEqual(['01-02-12']);
    expect(why('julian code 12034')).toEqual(['12034']);
  });

  it('warns where it judges', () => {
    const warnings = (text: string) => readLotText(text).warnings;
    expect([ranges('Lot 100-110'), warnings('Lot 100-110').length]).toEqual([['100..110'], 1]);
    for (const text of ['lots 07110002-09', 'LOT#12345EXP 12/24', 'Code 12', 'Lot 22; do not recall lot 23'])
      expect([text, warnings(text).length]).toEqual([text, 1]);
    expect(readLotText('Lots: 10/12, 11/12').unread.map(({ text }) => text)).toEqual(['10/12', '11/12']);
  });

  it('takes no dates and product numbers', () => {
    const text = 'UPC 7 05432 00194 5, Best By 030814; Lot A12, expires 12/2013';
    expect(codes(text)).toEqual(['A12']);
    expect(codes('N/A')).toEqual([]);
    expect(readLotText('All lots')).toMatchObject({ all: true, unread: [], warnings: [] });
    expect(readLotText('All lots made in May')).toMatchObject({ all: false });
  });

  it('never throws, and every code of it is somewhere in the answer', () => {
    const part = fc.oneof(
      fc.constantFrom(
        'lots',
        'Lot #',
        'thru',
        'except',
        'and',
        '&',
        ',',
        ';',
        '\n',
        '1)',
        'Exp',
        '12/13',
        'Units:',
        'UPC',
      ),
      fc.constantFrom('all lots', 'between', '- ', '(', ')', 'A1-A9', '0711-0719', 'TFRS', '(2 units)', '30 cases'),
      fc.stringMatching(/^[A-C]{0,2}\d{1,5}[A-C]?$/),
      fc.string({ maxLength: 6 }),
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 14 }), (parts) => {
        const text = parts.join(' ');
        const pieces = piecesOf(text);
        expect(pieces.map((piece) => piece.text).join('')).toBe(text);
        const answer = Object.values(JSON.parse(JSON.stringify(readLotText(text))) as object);
        const all = JSON.stringify(answer);
        for (const { kind, text: code } of pieces) if (kind === 'code') expect(all).toContain(code);
      }),
      { numRuns: 2000 },
    );
  });
});
