import { sameContent } from './same-content';

const receive = {
  id: 'e-1',
  type: 'receive',
  at: '2026-03-02T08:00:00Z',
  unit: { item: 'RM', lot: 'L-1' },
  quantity: { value: '5', uom: 'kg' },
  supplier: 'ACME',
};
const quantity = (value: string) => ({ ...receive, quantity: { value, uom: 'kg' } });

describe('sameContent', () => {
  it.each(['5.0', '5.000', '05', '005.00'])('takes %s kg for 5 kg', (value) =>
    expect(sameContent(receive, quantity(value))).toBe(true),
  );

  it.each(['5.01', '50', '-5', '0.5', 'five'])('does not take %s kg for 5 kg', (value) =>
    expect(sameContent(receive, quantity(value))).toBe(false),
  );

  it('takes zeros of either sign for one', () => {
    expect(sameContent(quantity('0'), quantity('-0.00'))).toBe(true);
  });

  it('looks into the fields, whatever their order and the white space around names', () => {
    const { id, ...rest } = receive;
    expect(sameContent(receive, { ...rest, supplier: ' ACME ', note: null, id })).toBe(true);
    expect(sameContent(receive, { ...receive, supplier: 'OTHER' })).toBe(false);
    expect(sameContent(receive, { ...receive, unit: { item: 'RM', lot: 'L-01' } })).toBe(false);
  });

  it('leaves what people typed as it is', () => {
    const noted = (note: string, value: string) => ({ ...receive, note, attributes: { value } });
    expect(sameContent(noted('5', '5'), noted('5.0', '5'))).toBe(false);
    expect(sameContent(noted('5', '5'), noted('5', '5.0'))).toBe(false);
  });

  it('looks into what a correction puts in place', () => {
    const correct = (value: string) => {
      const { id: _, ...put } = quantity(value);
      return { id: 'c', type: 'correct', event: 'e-1', reason: 'weighed again', with: put };
    };
    expect(sameContent(correct('6'), correct('6.0'))).toBe(true);
    expect(sameContent(correct('6'), correct('6.1'))).toBe(false);
  });

  it('takes nothing for the same that it cannot read', () => {
    expect(sameContent({ type: 'unheard-of' }, { type: 'unheard-of' })).toBe(false);
  });
});
