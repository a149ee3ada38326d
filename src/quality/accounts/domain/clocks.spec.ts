import fc from 'fast-check';
import { clockAt, dueAt } from './clocks';

const paris = { zone: 'Europe/Paris', holidays: new Set<string>() };
const at = (time: string) => Date.parse(time);
const due = (start: string, goal: string, calendar: { zone: string; holidays: ReadonlySet<string> } = paris) =>
  new Date(dueAt(at(start), goal, calendar)).toISOString();

it.each([
  // Friday, over the night on which the clocks go forward: four hours are four hours
  ['2026-03-28T23:00:00Z', '4h', '2026-03-29T03:00:00.000Z'],
  // begun on a Friday in winter time: the end of Monday, in summer time
  ['2026-03-27T09:00:00Z', '1d', '2026-03-30T22:00:00.000Z'],
  // and back: begun on the Friday before, the end of Tuesday in winter time
  ['2026-10-23T09:00:00Z', '2d', '2026-10-27T23:00:00.000Z'],
  // begun on a Saturday: Monday is the first working day after
  ['2026-03-07T09:00:00Z', '1d', '2026-03-09T23:00:00.000Z'],
  // 23:30 UTC on Sunday is Monday in Paris: the first working day after it is Tuesday
  ['2026-03-08T23:30:00Z', '1d', '2026-03-10T23:00:00.000Z'],
  ['2026-03-02T09:00:00Z', '10d', '2026-03-16T23:00:00.000Z'],
])('what began at %s and has %s is due at %s', (start, goal, expected) => {
  expect(due(start, goal)).toBe(expected);
});

it('holidays are no working days', () => {
  const holidays = new Set(['2026-12-25', '2026-12-28']);
  expect(due('2026-12-24T09:00:00Z', '1d', { zone: 'UTC', holidays })).toBe('2026-12-30T00:00:00.000Z');
});

it('more days are never due earlier, and what is due in days ends a working day in its zone', () => {
  const zones = fc.constantFrom('Europe/Paris', 'America/New_York', 'Australia/Lord_Howe', 'Asia/Kolkata', 'UTC');
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 2e12 }), fc.integer({ min: 1, max: 40 }), zones, (start, days, zone) => {
      const calendar = { zone, holidays: new Set<string>() };
      const end = dueAt(start, `${days}d`, calendar);
      expect(end).toBeLessThan(dueAt(start, `${days + 1}d`, calendar));
      const last = new Intl.DateTimeFormat('en', { timeZone: zone, weekday: 'short' }).format(end - 1);
      expect(['Sat', 'Sun']).not.toContain(last);
      expect(end - start).toBeGreaterThan((days - 1) * 86_400_000);
    }),
  );
});

it.each([
  [null, null, '2026-03-02T12:00:00Z', 'waiting'],
  ['2026-03-02T09:00:00Z', null, '2026-03-02T12:59:59Z', 'running'],
  ['2026-03-02T09:00:00Z', null, '2026-03-02T13:00:00.001Z', 'breached'],
  ['2026-03-02T09:00:00Z', '2026-03-02T13:00:00Z', '2026-04-02T12:00:00Z', 'kept'],
  ['2026-03-02T09:00:00Z', '2026-03-02T13:00:00.001Z', '2026-04-02T12:00:00Z', 'late'],
  [null, '2026-03-02T13:00:00Z', '2026-04-02T12:00:00Z', 'kept'],
])('begun %s, done %s, at %s it is %s', (start, done, now, state) => {
  const ms = (time: string | null) => (time === null ? null : at(time));
  const facts = { clock: 'holds', goal: '4h', startMs: ms(start), doneMs: ms(done) } as const;
  expect(clockAt(facts, at(now), paris).state).toBe(state);
});
