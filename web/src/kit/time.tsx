/** Times are stored in UTC and shown in one chosen zone with its offset, so that two people on the phone read the same thing. */
import { useQuery } from '@tanstack/react-query';
import { createContext, use, useMemo, useState, type ReactNode } from 'react';
import { configQuery } from '~/api/queries';
import { text } from '~/text';

export type ZoneChoice = 'site' | 'utc' | 'browser';
type ZoneContext = { choice: ZoneChoice; zone: string; choose: (choice: ZoneChoice) => void };

const STORED = 'unitrail.zone';
const Zone = createContext<ZoneContext>({ choice: 'site', zone: 'UTC', choose: () => undefined });

export const browserZone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone;

export function ZoneProvider({ children }: { children: ReactNode }) {
  const [choice, setChoice] = useState<ZoneChoice>(() => {
    const stored = localStorage.getItem(STORED);
    return stored === 'utc' || stored === 'browser' ? stored : 'site';
  });
  const config = useQuery(configQuery);
  const zone = choice === 'utc' ? 'UTC' : choice === 'browser' ? browserZone() : (config.data?.timeZone ?? 'UTC');
  const value = useMemo(
    () => ({
      choice,
      zone,
      choose: (next: ZoneChoice) => {
        localStorage.setItem(STORED, next);
        setChoice(next);
      },
    }),
    [choice, zone],
  );
  return <Zone value={value}>{children}</Zone>;
}

export const useZone = (): ZoneContext => use(Zone);

type Parts = {
  year: string;
  month: string;
  day: string;
  hour: string;
  minute: string;
  second: string;
  ms: string;
  offset: string;
};
const formats = new Map<string, Intl.DateTimeFormat>();

function formatter(zone: string): Intl.DateTimeFormat {
  let format = formats.get(zone);
  if (!format) {
    format = new Intl.DateTimeFormat('en-GB', {
      timeZone: zone,
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
      fractionalSecondDigits: 3,
      hourCycle: 'h23',
      timeZoneName: 'longOffset',
    });
    formats.set(zone, format);
  }
  return format;
}

function partsOf(iso: string, zone: string): Parts | null {
  const date = new Date(iso);
  if (Number.isNaN(date.getTime())) return null;
  const found: Record<string, string> = {};
  for (const part of formatter(zone).formatToParts(date)) found[part.type] = part.value;
  const offset = (found['timeZoneName'] ?? '').replace('GMT', '');
  return {
    year: (found['year'] ?? '').padStart(4, '0'),
    month: found['month'] ?? '',
    day: found['day'] ?? '',
    hour: found['hour'] ?? '',
    minute: found['minute'] ?? '',
    second: found['second'] ?? '',
    ms: found['fractionalSecond'] ?? '000',
    offset: offset === '' ? '+00:00' : offset.replace('−', '-'),
  };
}

/** `2026-03-02 08:15 +01:00`; seconds and milliseconds only where there are any. */
export function formatTime(iso: string | null | undefined, zone: string, open: string = text.time.open): string {
  if (!iso) return open;
  const p = partsOf(iso, zone);
  if (!p) return iso;
  const ms = p.ms === '000' ? '' : `.${p.ms}`;
  const seconds = p.second === '00' && ms === '' ? '' : `:${p.second}${ms}`;
  return `${p.year}-${p.month}-${p.day} ${p.hour}:${p.minute}${seconds} ${p.offset}`;
}

/** What a datetime-local input shows for an instant, in the zone. */
export function toLocalInput(iso: string | undefined, zone: string): string {
  if (!iso) return '';
  const p = partsOf(iso, zone);
  return p ? `${p.year}-${p.month}-${p.day}T${p.hour}:${p.minute}` : '';
}

/** The instant that a wall clock of the zone shows. Two passes, because the offset itself depends on the instant near a change of clocks. */
export function fromLocalInput(local: string, zone: string): string | undefined {
  const match = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d)(?::(\d\d))?/.exec(local);
  if (!match) return undefined;
  const wall = Date.UTC(+match[1]!, +match[2]! - 1, +match[3]!, +match[4]!, +match[5]!, +(match[6] ?? 0));
  let at = wall;
  for (let pass = 0; pass < 2; pass += 1) {
    const offset = partsOf(new Date(at).toISOString(), zone)?.offset ?? '+00:00';
    const sign = offset.startsWith('-') ? -1 : 1;
    const [hours = 0, minutes = 0] = offset.slice(1).split(':').map(Number);
    at = wall - sign * (hours * 60 + minutes) * 60_000;
  }
  return new Date(at).toISOString();
}

type TimeProps = {
  at: string | null | undefined;
  /** Known only by a day: `at` is where that day starts in the zone of its plant. */
  coarse?: boolean | undefined;
  open?: string;
  /** To the minute: when somebody did something here, not when something happened in the plant. */
  short?: boolean;
};

export function Time({ at, coarse, open, short }: TimeProps) {
  const { zone } = useZone();
  if (!at) return <span className="dim">{open ?? text.time.unknown}</span>;
  // A date alone is a day of the plant's calendar, whatever zone is shown.
  if (/^\d{4}-\d\d-\d\d$/.test(at)) return <time dateTime={at}>{at}</time>;
  const full = formatTime(at, zone);
  const cut = full.lastIndexOf(' ');
  return (
    <time dateTime={at} className="nowrap" title={`${at} · ${zone}`}>
      {full.slice(0, short ? 16 : cut)}
      <span className="offset">{full.slice(cut)}</span>
      {coarse ? <span className="dim"> {text.time.wholeDay}</span> : null}
    </time>
  );
}

/** An interval, half-open; an open end says so in words. */
export function Interval({ from, until }: { from: string | null; until: string | null }) {
  const { zone } = useZone();
  if (!from && !until) return <span>{text.time.always}</span>;
  return (
    <span className="nowrap">
      {from ? formatTime(from, zone) : text.time.fromEver} → {until ? formatTime(until, zone) : text.time.open}
    </span>
  );
}

export function duration(ms: number): string {
  if (ms < 1000) return `${ms} ms`;
  if (ms < 60_000) return `${(ms / 1000).toFixed(1)} s`;
  return `${Math.floor(ms / 60_000)} min ${Math.round((ms % 60_000) / 1000)} s`;
}
