import { DomainError } from '@/kernel';
import { readDate } from './dates';
import { guessMapping } from './guess';
import { cellText, convert, headerKey, Mapping, readMapping } from './mapping';

const text = (read: { text: string } | { reason: string }) => ('text' in read ? read.text : read.reason);

describe('dates of a plant', () => {
  it.each([
    ['02.03.2026', 'DD.MM.YYYY HH:mm', 'Europe/Berlin', '2026-03-02'],
    ['02.03.2026 08:15', 'DD.MM.YYYY HH:mm', 'Europe/Berlin', '2026-03-02T07:15:00.000Z'],
    ['3/2/26 1:05 PM', 'M/D/YY h:mm A', 'America/New_York', '2026-03-02T18:05:00.000Z'],
    ['12/31/2026 12:00 AM', 'MM/DD/YYYY hh:mm A', 'UTC', '2026-12-31T00:00:00.000Z'],
    ['20260302', 'YYYYMMDD', undefined, '2026-03-02'],
    // ISO is read whatever the format says; an offset of its own counts.
    ['2026-03-02T08:15:00+05:00', 'DD.MM.YYYY', 'Europe/Berlin', '2026-03-02T08:15:00+05:00'],
    ['2026-07-02 08:15', undefined, 'Europe/Berlin', '2026-07-02T06:15:00.000Z'],
    // Of the hour that comes twice the first; the hour that never was is told.
    ['25.10.2026 02:30', 'DD.MM.YYYY HH:mm', 'Europe/Berlin', '2026-10-25T00:30:00.000Z'],
    ['29.03.2026 02:30', 'DD.MM.YYYY HH:mm', 'Europe/Berlin', expect.stringMatching(/never was/)],
    ['31.02.2026', 'DD.MM.YYYY', 'Europe/Berlin', expect.stringMatching(/no date of the calendar/)],
    ['soon', 'DD.MM.YYYY', 'Europe/Berlin', expect.stringMatching(/no date like DD\.MM\.YYYY/)],
    // Without a zone a time stays without: the ledger asks for its offset.
    ['02.03.2026 08:15', 'DD.MM.YYYY HH:mm', undefined, '2026-03-02T08:15:00.000'],
  ])('%s by %s in %s', (said, dateFormat, timeZone, expected) => {
    expect(text(readDate(said, { ...(dateFormat && { dateFormat }), ...(timeZone && { timeZone }) }))).toEqual(
      expected,
    );
  });
});

describe('cells by a mapping', () => {
  const mapping: Mapping = {
    kind: 'inspections',
    columns: { at: 'Datum', item: 'Artikel', code: 'Charge', characteristic: 'Merkmal', result: 'Ergebnis' },
    values: { result: { 'i.O.': 'pass', 'n.i.O.': 'fail' } },
    decimalComma: true,
  };
  it.each([
    ['result', 'i.O.', 'pass'],
    ['measured', '1.234,5', '1234.5'],
    ['measured', '12,5', '12.5'],
    ['measured', '1 234', '1234'],
    ['measured', '1.234', '1234'],
    ['measured', '12.5', expect.stringMatching(/decimal comma/)],
    // A number of a workbook is one already, and a code is no number.
    ['measured', { n: '1.234' }, '1.234'],
    ['code', '1.234,5', '1.234,5'],
    ['code', { n: '503000' }, '503000'],
    ['at', { d: '2026-03-02' }, '2026-03-02'],
    ['at', { n: '46083' }, expect.stringMatching(/not a date/)],
    ['measured', { e: 'its formula came to #DIV/0!.' }, 'its formula came to #DIV/0!.'],
  ])('%s %j', (column, cell, expected) => {
    expect(text(convert(mapping, 'inspections', column, cell))).toEqual(expected);
  });

  it('are given back so that they read again as the same', () => {
    for (const cell of ['1.234,5', { n: '1.234' }, { d: '2026-03-02T08:15:00' }]) {
      const again = cellText(cell, mapping);
      const column = typeof cell === 'object' && 'd' in cell ? 'at' : 'measured';
      expect(convert(mapping, 'inspections', column, again)).toEqual(convert(mapping, 'inspections', column, cell));
    }
  });
});

describe('a mapping', () => {
  const good = { kind: 'receipts', columns: { at: 'Datum', item: 'Material', code: 'Charge' } };
  it.each([
    ['another kind', { ...good, kind: 'events' }, 'kind'],
    ['a column that the kind lacks', { ...good, columns: { ...good.columns, colour: 'Farbe' } }, 'columns.colour'],
    ['without a required column', { ...good, columns: { at: 'Datum', item: 'Material' } }, 'columns.code'],
    ['a number as a header', { ...good, columns: { ...good.columns, quantity: 5 } }, 'columns.quantity'],
    ['a date format of other letters', { ...good, dateFormat: 'dd.mm.jjjj' }, 'dateFormat'],
    ['a zone that is none', { ...good, timeZone: 'Mars/Olympus' }, 'timeZone'],
  ])('%s is refused by its field', (_, body, field) => {
    expect(() => readMapping(body)).toThrow(DomainError);
    try {
      readMapping(body);
    } catch (error) {
      expect((error as DomainError).details).toMatchObject({ field });
    }
  });

  it('a constant stands for a required column', () => {
    expect(readMapping({ kind: 'receipts', columns: { at: 'D', code: 'C' }, constants: { item: 'RM' } })).toMatchObject(
      {
        constants: { item: 'RM' },
      },
    );
  });

  it('is known again by the same headers in any order, and with the reasons of refused rows beside them', () => {
    expect(headerKey(['Datum', 'Material', 'Charge '])).toBe(
      headerKey(['charge', 'MATERIAL', 'datum', 'refused_code']),
    );
    expect(headerKey(['Datum'])).not.toBe(headerKey(['Datum', 'Menge']));
  });
});

describe('a guess', () => {
  it('finds a German goods receipt, its dates and its decimal comma', () => {
    const guess = guessMapping(
      'Export_MB51',
      ['Buchungsdatum', 'Material', 'Charge', 'Menge', 'ME', 'Lieferant', 'Lieferantencharge', 'Lagerort', 'MHD'],
      [['02.03.2026', 'RM-1', '0503E000', '1.250,5', 'kg', 'ACME', 'L-77', 'A1', '02.03.2027']],
    );
    expect(guess).toMatchObject({
      kind: 'receipts',
      columns: {
        at: 'Buchungsdatum',
        item: 'Material',
        code: 'Charge',
        quantity: 'Menge',
        uom: 'ME',
        supplier: 'Lieferant',
        supplier_lot: 'Lieferantencharge',
        place: 'Lagerort',
        expires: 'MHD',
      },
      dateFormat: 'DD.MM.YYYY HH:mm:ss',
      decimalComma: true,
    });
  });

  it('finds deliveries by customer and delivery number, and nothing in a list of birthdays', () => {
    expect(
      guessMapping('VL06', ['Date', 'Delivery', 'Customer', 'Material', 'Serial Number', 'Qty'], []),
    ).toMatchObject({ kind: 'shipments', columns: { shipment: 'Delivery', code: 'Serial Number' } });
    expect(guessMapping('Sheet1', ['Name', 'Birthday', 'Cake'], [])).toBeNull();
  });
});
