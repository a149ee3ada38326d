/** The calendar months of a zone. Pure: its first milliseconds are worked out once each. */
import { parsePeriod } from '@/kernel';

/** Where counts and filters by month put what has none. */
export const MONTH_UNKNOWN = 'unknown';

/** The half-open period of a month in ms UTC. */
export function monthPeriod(month: string, zone: string): { from: number; until: number } {
  const [year, number] = month.split('-').map(Number) as [number, number];
  return { from: startOf(year, number, zone), until: startOf(year, number + 1, zone) };
}

/** The first millisecond of a month; months are counted on over the ends of years. */
function startOf(year: number, month: number, zone: string): number {
  const y = year + Math.floor((month - 1) / 12);
  const m = ((month - 1) % 12) + 1;
  if (y < 1) return -Infinity;
  if (y > 9_999) return Infinity;
  return parsePeriod(`${String(y).padStart(4, '0')}-${String(m).padStart(2, '0')}-01`, zone).from;
}

interface Month {
  place: number;
  from: number;
  until: number;
}

const NO_MONTH: Month = { place: -1, from: Infinity, until: -Infinity };

/** Numbers the months of many times, in the order in which they are met: each month is worked out once. */
export class Months {
  readonly names: string[] = [];
  /** those that were met, in the order of time */
  private readonly met: Month[] = [];
  private last = NO_MONTH;

  constructor(private readonly zone: string) {}

  /** The place of the time's month in `names`. */
  placeOf(ms: number): number {
    // Neighbours are mostly of one month.
    if (ms < this.last.from || ms >= this.last.until) this.last = this.find(ms) ?? this.meet(ms);
    return this.last.place;
  }

  private find(ms: number): Month | undefined {
    const { met } = this;
    let [low, high] = [0, met.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (met[middle]!.until <= ms) low = middle + 1;
      else high = middle;
    }
    const found = met[low];
    return found && found.from <= ms ? found : undefined;
  }

  private meet(ms: number): Month {
    const date = new Date(ms);
    // The month in UTC, or the one before or after it.
    let number = date.getUTCFullYear() * 12 + date.getUTCMonth();
    let period = monthPeriod(nameOf(number), this.zone);
    while (ms < period.from) period = monthPeriod(nameOf(--number), this.zone);
    while (ms >= period.until) period = monthPeriod(nameOf(++number), this.zone);
    const month = { ...period, place: this.names.length };
    this.names.push(nameOf(number));
    this.met.push(month);
    this.met.sort((a, b) => a.from - b.from);
    return month;
  }
}

function nameOf(number: number): string {
  return `${String(Math.floor(number / 12)).padStart(4, '0')}-${String((number % 12) + 1).padStart(2, '0')}`;
}
