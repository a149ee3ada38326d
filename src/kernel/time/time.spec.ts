import * as fc from 'fast-check';
import { formatTime, isZone, parsePeriod, parseTime } from './index';

const span = (value: string, zone: string) => {
  const p = parsePeriod(value, zone);
  return [formatTime(p.from), formatTime(p.until)];
};

describe('times', () => {
  it('reads ISO 8601 with an offset and cuts off below a millisecond', () => {
    expect(formatTime(parseTime('2026-03-02T08:15:00+01:00'))).toBe('2026-03-02T07:15:00.000Z');
    expect(formatTime(parseTime('2026-03-02T08:15Z'))).toBe('2026-03-02T08:15:00.000Z');
    expect(formatTime(parseTime('2026-03-02T08:15:00.123999Z'))).toBe('2026-03-02T08:15:00.123Z');
    expect(formatTime(parseTime('2026-03-02T08:15:00-0530'))).toBe('2026-03-02T13:45:00.000Z');
  });

  it.each([
    '2026-02-30T00:00Z',
    '2026-13-01T00:00Z',
    '2026-03-02T24:00Z',
    '2026-03-02T08:60Z',
    'yesterday',
    '2026-3-2',
    '08:15',
  ])('refuses %s', (value) => {
    expect(() => parsePeriod(value, 'UTC')).toThrow(expect.objectContaining({ code: 'TIME_INVALID' }));
  });

  it('refuses a time without an offset', () => {
    expect(() => parsePeriod('2026-03-02T08:15:00', 'UTC')).toThrow(
      expect.objectContaining({ code: 'TIME_NEEDS_OFFSET' }),
    );
  });

  it('takes a date for its whole day in the zone: 24, 23 and 25 hours', () => {
    expect(span('2026-03-02', 'Europe/Paris')).toEqual(['2026-03-01T23:00:00.000Z', '2026-03-02T23:00:00.000Z']);
    expect(span('2026-03-29', 'Europe/Paris')).toEqual(['2026-03-28T23:00:00.000Z', '2026-03-29T22:00:00.000Z']);
    expect(span('2026-10-25', 'Europe/Paris')).toEqual(['2026-10-24T22:00:00.000Z', '2026-10-25T23:00:00.000Z']);
    expect(span('2026-03-02', 'Asia/Kolkata')).toEqual(['2026-03-01T18:30:00.000Z', '2026-03-02T18:30:00.000Z']);
  });

  it('knows days whose midnight does not exist, and days that a zone left out', () => {
    // Beirut and Cairo change their clocks at midnight; Samoa had no 30 December 2011.
    expect(span('2026-03-29', 'Asia/Beirut')).toEqual(['2026-03-28T22:00:00.000Z', '2026-03-29T21:00:00.000Z']);
    expect(span('2026-04-24', 'Africa/Cairo')).toEqual(['2026-04-23T22:00:00.000Z', '2026-04-24T21:00:00.000Z']);
    const [from, until] = span('2011-12-30', 'Pacific/Apia');
    expect(from! <= until!).toBe(true);
  });

  it('has days that follow each other without gap or overlap in every zone', () => {
    const zones = [
      'UTC',
      'Europe/Paris',
      'America/New_York',
      'America/Sao_Paulo',
      'Africa/Cairo',
      'Asia/Kathmandu',
      'Australia/Lord_Howe',
      'Pacific/Auckland',
    ];
    const day = (n: number) => new Date(n * 86_400_000).toISOString().slice(0, 10);
    fc.assert(
      fc.property(fc.integer({ min: 7_000, max: 25_000 }), fc.constantFrom(...zones), (n, zone) => {
        return parsePeriod(day(n), zone).until === parsePeriod(day(n + 1), zone).from;
      }),
      { numRuns: 500 },
    );
  });

  it('tells real zones from others', () => {
    expect(isZone('Europe/Paris')).toBe(true);
    expect(isZone('Europe/Atlantis')).toBe(false);
  });
});
