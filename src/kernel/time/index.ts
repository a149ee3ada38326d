/** Time as whole milliseconds UTC, and the calendar days of a zone. Pure: the clock is never read here. */
import { DomainError } from '../errors';

/** A half-open period [from, until) in ms UTC. A precise time covers one millisecond, a date its whole day in a zone. */
export interface Period {
  from: number;
  until: number;
  /** true when only the day is known */
  coarse: boolean;
}

const DATE = /^(\d{4})-(\d{2})-(\d{2})$/;
const TIME = /^(\d{4})-(\d{2})-(\d{2})[Tt ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d+))?)?(Z|z|[+-]\d{2}:?\d{2})?$/;

/**
 * Reads an ISO 8601 time with offset (below a millisecond is cut off), or a date, which covers that day in `zone`.
 * Throws TIME_INVALID, TIME_NEEDS_OFFSET.
 */
export function parsePeriod(value: string, zone: string, field = 'at'): Period {
  const date = DATE.exec(value);
  if (date) {
    const [y, m, d] = [Number(date[1]), Number(date[2]), Number(date[3])];
    if (!isDate(y, m, d)) throw new DomainError('TIME_INVALID', { value, field });
    return { from: startOfDay(y, m, d, zone), until: startOfNextDay(y, m, d, zone), coarse: true };
  }
  const ms = parseTime(value, field);
  return { from: ms, until: ms + 1, coarse: false };
}

/** Reads an ISO 8601 time with offset to ms UTC. Throws TIME_INVALID, TIME_NEEDS_OFFSET. */
export function parseTime(value: string, field = 'at'): number {
  const t = TIME.exec(value);
  if (!t) throw new DomainError('TIME_INVALID', { value, field });
  const [y, mo, d, h, mi, s] = [1, 2, 3, 4, 5, 6].map((i) => Number(t[i] ?? 0)) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  if (!isDate(y, mo, d) || h > 23 || mi > 59 || s > 59) throw new DomainError('TIME_INVALID', { value, field });
  const offset = t[8];
  if (!offset) throw new DomainError('TIME_NEEDS_OFFSET', { value, field });
  const millis = Number((t[7] ?? '').slice(0, 3).padEnd(3, '0'));
  return utc(y, mo, d) + ((h * 60 + mi) * 60 + s) * 1000 + millis - offsetMs(offset, value, field);
}

export function formatTime(ms: number): string;
export function formatTime(ms: number | null): string | null;
/** ISO 8601 UTC with milliseconds; an open end (null or infinite) is null. */
export function formatTime(ms: number | null): string | null {
  return ms === null || !Number.isFinite(ms) ? null : new Date(ms).toISOString();
}

/** True when the runtime knows the IANA zone. */
export function isZone(zone: string): boolean {
  try {
    formatter(zone);
    return true;
  } catch {
    return false;
  }
}

function offsetMs(offset: string, value: string, field: string): number {
  if (offset === 'Z' || offset === 'z') return 0;
  const hours = Number(offset.slice(1, 3));
  const minutes = Number(offset.slice(-2));
  if (hours > 18 || minutes > 59) throw new DomainError('TIME_INVALID', { value, field });
  return (offset[0] === '-' ? -1 : 1) * (hours * 60 + minutes) * 60_000;
}

function isDate(y: number, m: number, d: number): boolean {
  const date = new Date(utc(y, m, d));
  return y >= 1 && date.getUTCFullYear() === y && date.getUTCMonth() === m - 1 && date.getUTCDate() === d;
}

function utc(y: number, m: number, d: number): number {
  // Date.UTC maps years 0–99 to 1900–1999; setUTCFullYear does not.
  const date = new Date(0);
  date.setUTCFullYear(y, m - 1, d);
  return date.getTime();
}

function startOfNextDay(y: number, m: number, d: number, zone: string): number {
  const next = new Date(utc(y, m, d) + 86_400_000);
  return startOfDay(next.getUTCFullYear(), next.getUTCMonth() + 1, next.getUTCDate(), zone);
}

const days = new Map<string, number>();

/** The first millisecond of a calendar day in a zone; days of 23 and 25 hours, and days whose midnight does not exist, come out right. */
function startOfDay(y: number, m: number, d: number, zone: string): number {
  const key = `${zone}|${y}-${m}-${d}`;
  const known = days.get(key);
  if (known !== undefined) return known;
  const midnight = utc(y, m, d);
  // The zone's offset is one of those in force a day to either side; the first instant whose local date is this day is the start.
  const offsets = new Set([
    zoneOffset(midnight - 86_400_000, zone),
    zoneOffset(midnight, zone),
    zoneOffset(midnight + 86_400_000, zone),
  ]);
  const candidates = [...offsets]
    .map((o) => midnight - o)
    .filter((t) => localDay(t, zone) === midnight && localDay(t - 1, zone) < midnight);
  const start = candidates.length > 0 ? Math.min(...candidates) : firstInstantOf(midnight, zone);
  if (days.size > 20_000) days.clear();
  days.set(key, start);
  return start;
}

/** Where the clock jumps over midnight: search the instant at which the local date changes. */
function firstInstantOf(midnight: number, zone: string): number {
  let low = midnight - 2 * 86_400_000;
  let high = midnight + 2 * 86_400_000;
  while (high - low > 1) {
    const mid = Math.floor((low + high) / 2);
    if (localDay(mid, zone) < midnight) low = mid;
    else high = mid;
  }
  return high;
}

function localDay(ms: number, zone: string): number {
  return Math.floor((ms + zoneOffset(ms, zone)) / 86_400_000) * 86_400_000;
}

const formatters = new Map<string, Intl.DateTimeFormat>();

function formatter(zone: string): Intl.DateTimeFormat {
  let f = formatters.get(zone);
  if (!f) {
    f = new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      hourCycle: 'h23',
      era: 'short',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
    formatters.set(zone, f);
  }
  return f;
}

/** Local wall time minus UTC at an instant, in ms. */
function zoneOffset(ms: number, zone: string): number {
  const whole = Math.floor(ms / 1000) * 1000;
  const p = Object.fromEntries(
    formatter(zone)
      .formatToParts(whole)
      .map((x) => [x.type, x.value]),
  );
  const wall =
    utc(Number(p.year), Number(p.month), Number(p.day)) +
    ((Number(p.hour) * 60 + Number(p.minute)) * 60 + Number(p.second)) * 1000;
  return wall - whole;
}

/**
 * The instant at which the clocks of a zone show this, in ms UTC; null where they never do (the hour that is left out in spring). Of
 * the two instants of the hour that comes twice, the first.
 */
export function wallTime(wall: number, zone: string): number | null {
  const near = [zoneOffset(wall - 86_400_000, zone), zoneOffset(wall + 86_400_000, zone)];
  const found = near.map((offset) => wall - offset).filter((ms) => ms + zoneOffset(ms, zone) === wall);
  return found.length > 0 ? Math.min(...found) : null;
}
