/** Times for people: in the plant's zone, with the offset, so that a reader elsewhere is not led astray. */
const formatters = new Map<string, Intl.DateTimeFormat>();

/** "2026-03-02 08:15 +01:00", with seconds and milliseconds where they are not zero. */
export function localTime(iso: string, timeZone: string): string {
  let formatter = formatters.get(timeZone);
  if (!formatter) {
    formatter = new Intl.DateTimeFormat('en-GB', {
      timeZone,
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
      timeZoneName: 'longOffset',
    });
    formatters.set(timeZone, formatter);
  }
  const part = Object.fromEntries(formatter.formatToParts(new Date(iso)).map((p) => [p.type, p.value]));
  const millis = iso.slice(20, 23);
  const fraction = millis === '000' || millis === '' ? '' : `.${millis}`;
  const seconds = part.second === '00' && !fraction ? '' : `:${part.second}${fraction}`;
  const offset = (part.timeZoneName ?? '').replace('GMT', '') || '+00:00';
  return `${part.year}-${part.month}-${part.day} ${part.hour}:${part.minute}${seconds} ${offset}`;
}

/** A time in the zone; a day stays the day that was written, in whatever zone it was. */
export function localTimeOrDay(when: string, timeZone: string): string {
  return /^\d{4}-\d{2}-\d{2}$/.test(when) ? when : localTime(when, timeZone);
}

/** A half-open interval in words: "since …", "from … until …", "always". */
export function intervalText([from, until]: [string | null, string | null], timeZone: string): string {
  if (from === null && until === null) return 'always';
  if (until === null) return `since ${localTime(from as string, timeZone)}`;
  if (from === null) return `until ${localTime(until, timeZone)}`;
  return `${localTime(from, timeZone)} until ${localTime(until, timeZone)}`;
}

/** Intervals as ISO 8601 with `..` for an open end, one after the other: for programs. */
export function intervalsIso(intervals: [string | null, string | null][]): string {
  return intervals.map(([from, until]) => `${from ?? '..'}/${until ?? '..'}`).join(' ');
}
