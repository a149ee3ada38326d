import { intervalsIso, intervalText, localTime, localTimeOrDay } from './times';

describe('times for people', () => {
  it('stand in the zone of the plant, with its offset on that day', () => {
    expect(localTime('2026-03-02T07:15:00.000Z', 'Europe/Paris')).toBe('2026-03-02 08:15 +01:00');
    expect(localTime('2026-07-02T07:15:30.000Z', 'Europe/Paris')).toBe('2026-07-02 09:15:30 +02:00');
    expect(localTime('2026-07-02T07:15:30.042Z', 'UTC')).toBe('2026-07-02 07:15:30.042 +00:00');
    expect(localTime('2026-03-01T23:30:00.000Z', 'Asia/Kolkata')).toBe('2026-03-02 05:00 +05:30');
  });

  it('are the day that was written where only the day is known, in every zone', () => {
    expect(localTimeOrDay('2026-03-02', 'America/New_York')).toBe('2026-03-02');
    expect(localTimeOrDay('2026-03-02T00:00:00.000Z', 'America/New_York')).toBe('2026-03-01 19:00 -05:00');
  });

  it('say open ends in words', () => {
    const [from, until] = ['2026-03-02T07:15:00.000Z', '2026-03-03T07:15:00.000Z'];
    expect(intervalText([null, null], 'UTC')).toBe('always');
    expect(intervalText([from, null], 'UTC')).toBe('since 2026-03-02 07:15 +00:00');
    expect(intervalText([null, until], 'UTC')).toBe('until 2026-03-03 07:15 +00:00');
    expect(intervalText([from, until], 'UTC')).toBe('2026-03-02 07:15 +00:00 until 2026-03-03 07:15 +00:00');
    expect(
      intervalsIso([
        [from, until],
        [until, null],
      ]),
    ).toBe(`${from}/${until} ${until}/..`);
  });
});
