/** The calendar months of a zone. Pure: its first milliseconds are worked out once each. */
import { parsePeriod } from '@/kernel';

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

/** Numbers the months of many times, in the order in which they are met: neighbours are mostly of one month. */
export class Months {
  readonly names: string[] = [];
  private readonly known = new Map<number, Month>();
  private last: Month = { place: -1, from: Infinity, until: -Infinity };

  constructor(private readonly zone: string) {}

  /** The place of the time's month in `names`. */
  placeOf(ms: number): number {
    if (ms >= this.last.from && ms < this.last.until) return this.last.place;
    const date = new Date(ms);
    // The month in UTC, or the one before or after it.
    let number = date.getUTCFullYear() * 12 + date.getUTCMonth();
    let month = this.month(number);
    while (ms < month.from) month = this.month(--number);
    while (ms >= month.until) month = this.month(++number);
    if (month.place < 0) {
      month.place = this.names.length;
      this.names.push(nameOf(number));
    }
    return (this.last = month).place;
  }

  private month(number: number): Month {
    let month = this.known.get(number);
    if (!month) {
      const { from, until } = monthPeriod(nameOf(number), this.zone);
      this.known.set(number, (month = { place: -1, from, until }));
    }
    return month;
  }
}

function nameOf(number: number): string {
  return `${String(Math.floor(number / 12)).padStart(4, '0')}-${String((number % 12) + 1).padStart(2, '0')}`;
}
