import { monthPeriod, Months } from './months';

const at = (text: string) => Date.parse(text);

describe('the months of a zone', () => {
  it('begin and end with its days, also where the clock changes', () => {
    expect(monthPeriod('2026-03', 'Europe/Paris')).toEqual({
      from: at('2026-02-28T23:00:00Z'),
      until: at('2026-03-31T22:00:00Z'),
    });
    expect(monthPeriod('2026-12', 'UTC')).toEqual({
      from: at('2026-12-01T00:00:00Z'),
      until: at('2027-01-01T00:00:00Z'),
    });
  });

  it('are numbered in the order in which they are met', () => {
    const months = new Months('America/New_York');
    const times = [
      '2026-03-01T04:59:59.999Z',
      '2026-03-01T05:00:00Z',
      '2026-04-01T03:59:59.999Z',
      '2026-02-01T05:00:00Z',
    ];
    expect(times.map((time) => months.placeOf(at(time)))).toEqual([0, 1, 1, 0]);
    expect(months.names).toEqual(['2026-02', '2026-03']);
  });

  it('hold at the ends of what can be written', () => {
    const months = new Months('Pacific/Kiritimati');
    months.placeOf(at('9999-12-31T09:00:00Z'));
    months.placeOf(at('0001-01-01T00:00:00Z'));
    expect(months.names).toEqual(['9999-12', '0001-01']);
  });
});
