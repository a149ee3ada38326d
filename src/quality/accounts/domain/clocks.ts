/** The clocks of a case: when they began, what they are held to, and whether they were kept. Pure. */
import { parsePeriod } from '@/kernel';

export const CLOCKS = ['scope', 'holds', 'notices', 'authority', 'accounted'] as const;
export type ClockName = (typeof CLOCKS)[number];

/** The plant's days: its zone, and the dates (YYYY-MM-DD) that are no working days besides weekends. */
export interface Calendar {
  zone: string;
  holidays: ReadonlySet<string>;
}

const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;

/**
 * When a goal that began at `startMs` is due, in ms UTC. "4h": so many hours later, whatever the clocks on the wall do. "3d": the
 * end of the third working day after the day on which it began. Goals have been checked when they were written down.
 */
export function dueAt(startMs: number, goal: string, calendar: Calendar): number {
  const count = Number(goal.slice(0, -1));
  if (goal.endsWith('h')) return startMs + count * HOUR_MS;
  let day = dayOf(startMs, calendar.zone);
  for (let left = count; left > 0;) {
    day = nextDay(day);
    if (isWorkingDay(day, calendar)) left--;
  }
  return parsePeriod(day, calendar.zone).until;
}

function isWorkingDay(day: string, { holidays }: Calendar): boolean {
  const weekday = new Date(`${day}T00:00:00Z`).getUTCDay();
  return weekday !== 0 && weekday !== 6 && !holidays.has(day);
}

const formats = new Map<string, Intl.DateTimeFormat>();

/** The calendar day of an instant in a zone: YYYY-MM-DD. */
function dayOf(ms: number, zone: string): string {
  let format = formats.get(zone);
  if (!format) {
    format = new Intl.DateTimeFormat('en-CA', { timeZone: zone, year: 'numeric', month: '2-digit', day: '2-digit' });
    formats.set(zone, format);
  }
  return format.format(ms);
}

const nextDay = (day: string): string =>
  new Date(Date.parse(`${day}T00:00:00Z`) + DAY_MS).toISOString().slice(0, 'YYYY-MM-DD'.length);

export interface ClockFacts {
  clock: ClockName;
  goal: string;
  /** ms UTC; null: what it counts from has not happened yet */
  startMs: number | null;
  doneMs: number | null;
}

export interface ClockView {
  clock: ClockName;
  goal: string;
  /** kept: done in time; late: done after it was due; breached: due, and not done */
  state: 'waiting' | 'running' | 'breached' | 'kept' | 'late';
  startedAt: string | null;
  dueAt: string | null;
  doneAt: string | null;
  /** until it is due; below zero since then; null unless it runs */
  leftMs: number | null;
}

/** How a clock stands at `nowMs`. What was done before the clock began (an authority told early) was kept. */
export function clockAt({ clock, goal, startMs, doneMs }: ClockFacts, nowMs: number, calendar: Calendar): ClockView {
  const due = startMs === null ? null : dueAt(startMs, goal, calendar);
  const time = (ms: number | null): string | null => (ms === null ? null : new Date(ms).toISOString());
  const state = (): ClockView['state'] => {
    if (doneMs !== null) return due !== null && doneMs > due ? 'late' : 'kept';
    if (due === null) return 'waiting';
    return nowMs > due ? 'breached' : 'running';
  };
  const running = doneMs === null && due !== null;
  return {
    clock,
    goal,
    state: state(),
    startedAt: time(startMs),
    dueAt: time(due),
    doneAt: time(doneMs),
    leftMs: running ? due - nowMs : null,
  };
}
