import {
  eventText,
  fieldMark,
  fieldsOf,
  isLong,
  rarePart,
  searchText,
  searchWords,
  trigramsOf,
  whyFound,
} from './search-words';

describe('the words of a search', () => {
  it('are what is between white space, once each, without what nobody can type', () => {
    expect(searchWords('  SN-1\t\u001dacme SN-1 ')).toEqual(['SN-1', 'acme']);
    expect(searchWords(' \u0001 ')).toEqual([]);
  });

  it('are looked up by what is rare in them, where that is enough', () => {
    const shares = new Map(
      Object.entries({ sn0: 1, n03: 0.1, '034': 0.01, '345': 0.01, '456': 0.01, '567': 0.01, '569': 0.3 }),
    );
    expect(rarePart('SN034567', shares)).toBe('034567');
    expect(rarePart('SN0/34569', shares)).toBe('SN0/34569');
    expect(rarePart('034569', shares)).toBe('03456');
    expect(rarePart('SN03456', new Map())).toBe('SN03456');
    expect(trigramsOf('SN-0345')).toEqual(['034', '345']);
  });

  it('are found anywhere from three characters on', () => {
    expect(['abc', 'é12', 'a-b-c', '12', 'x-123'].map(isLong)).toEqual([true, true, true, false, true]);
  });
});

describe('a text that is searched', () => {
  it('tells by which field it was found', () => {
    const text = searchText([
      ['code', 'SN-4711'],
      ['partner', 'ACME'],
      ['alias', ''],
    ]);
    expect(whyFound(text, ['4711', 'acme'])).toEqual([
      { field: 'code', value: 'SN-4711' },
      { field: 'partner', value: 'ACME' },
    ]);
    expect(whyFound(text, ['nothing'])).toEqual([]);
  });

  it('keeps values free of the marks of fields', () => {
    expect(fieldsOf(searchText([['note', `a${fieldMark('code')}b`]]))).toEqual([{ field: 'note', value: 'a b' }]);
  });

  it('of an event has its number, notes, references and attributes, and no units or amounts', () => {
    const text = eventText('erp-77', {
      type: 'receive',
      at: '2026-03-01',
      unit: { item: 'RM', lot: 'L-1' },
      quantity: { value: '5', uom: 'kg' },
      supplier: 'ACME',
      refs: { purchaseOrder: 'PO-88' },
      note: 'wet box',
      attributes: { colour: 'red', sealed: true },
      place: 'A1',
    });
    expect(fieldsOf(text)).toEqual([
      { field: 'id', value: 'erp-77' },
      { field: 'partner', value: 'ACME' },
      { field: 'reference', value: 'PO-88' },
      { field: 'note', value: 'wet box' },
      { field: 'attribute', value: 'colour red' },
      { field: 'attribute', value: 'sealed true' },
      { field: 'reference', value: 'A1' },
    ]);
  });
});
