import { eventOf, missing, said } from './event-fields';

describe('an event entered by hand', () => {
  it('says what was filled in, and nothing else', () => {
    const unit = { item: 'RM', lot: 'L1' };
    const values = {
      at: '2026-03-02',
      unit,
      quantity: { value: '', uom: '' },
      supplier: '',
      place: 'A',
      shipment: 'no field of it',
    };
    expect(eventOf('receive', values)).toEqual({ type: 'receive', at: '2026-03-02', unit, place: 'A' });
  });

  it('leaves out rows that say nothing', () => {
    expect(said([{ unit: { item: '', lot: '' } }, { unit: { item: 'A', lot: '1' }, quantity: null }])).toEqual([
      { unit: { item: 'A', lot: '1' } },
    ]);
  });

  it('names what is missing', () => {
    expect(missing('adjust', eventOf('adjust', { unit: { item: 'A', lot: '1' } }))).toEqual([
      'at',
      'quantity',
      'reason',
    ]);
    expect(missing('void', eventOf('void', { event: 'e1', reason: 'twice' }))).toEqual([]);
  });
});
