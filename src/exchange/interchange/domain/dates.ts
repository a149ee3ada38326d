/** Dates as plants write them → ISO dates, and times with an offset where a zone is known. */
import { formatTime, wallTime } from '@/kernel';

const ISO_DATE = /^\d{4}-\d{2}-\d{2}$/;
const WITH_OFFSET = /^\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}.*(Z|z|[+-]\d{2}:?\d{2})$/;
const NAIVE = /^(\d{4})-(\d{2})-(\d{2})[Tt ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,3})\d*)?)?$/;

type Parts = Record<'y' | 'mo' | 'd' | 'h' | 'mi' | 's' | 'ms', number>;
export type DateRead = { text: string } | { reason: string };

/** Reads by the format first, then as ISO. A time without a zone stays as it is, and the ledger asks for its offset. */
export function readDate(said: string, by: { dateFormat?: string; timeZone?: string }): DateRead {
  const parts = by.dateFormat === undefined ? null : byFormat(said, by.dateFormat);
  if (parts) return partsText(said, parts.parts, parts.time, by.timeZone);
  if (ISO_DATE.test(said) || WITH_OFFSET.test(said)) return { text: said };
  const naive = NAIVE.exec(said);
  if (naive) {
    const [y, mo, d, h, mi, s] = naive.slice(1, 7).map((part) => Number(part ?? 0)) as [
      number,
      number,
      number,
      number,
      number,
      number,
    ];
    return partsText(said, { y, mo, d, h, mi, s, ms: Number((naive[7] ?? '').padEnd(3, '0')) }, true, by.timeZone);
  }
  // Without a format it goes on as it is, and the ledger says what it expects.
  return by.dateFormat === undefined ? { text: said } : { reason: `"${said}" is no date like ${by.dateFormat}.` };
}

function partsText(said: string, p: Parts, time: boolean, zone: string | undefined): DateRead {
  const pad = (n: number, digits = 2) => String(n).padStart(digits, '0');
  const date = new Date(Date.UTC(p.y, p.mo - 1, p.d));
  const real = date.getUTCFullYear() === p.y && date.getUTCMonth() === p.mo - 1 && date.getUTCDate() === p.d;
  if (!real || p.h > 23 || p.mi > 59 || p.s > 59) return { reason: `"${said}" is no date of the calendar.` };
  const day = `${pad(p.y, 4)}-${pad(p.mo)}-${pad(p.d)}`;
  if (!time) return { text: day };
  const wall = date.getTime() + ((p.h * 60 + p.mi) * 60 + p.s) * 1_000 + p.ms;
  if (zone === undefined) return { text: new Date(wall).toISOString().slice(0, -1) };
  const ms = wallTime(wall, zone);
  if (ms === null) return { reason: `"${said}" never was in ${zone}: the clocks were put forward over it.` };
  return { text: formatTime(ms) };
}

const PATTERNS: Record<string, [pattern: string, part: keyof Parts | 'yy' | 'noon']> = {
  YYYY: ['(\\d{4})', 'y'],
  YY: ['(\\d{2})', 'yy'],
  MM: ['(\\d{1,2})', 'mo'],
  M: ['(\\d{1,2})', 'mo'],
  DD: ['(\\d{1,2})', 'd'],
  D: ['(\\d{1,2})', 'd'],
  HH: ['(\\d{1,2})', 'h'],
  H: ['(\\d{1,2})', 'h'],
  hh: ['(\\d{1,2})', 'h'],
  h: ['(\\d{1,2})', 'h'],
  mm: ['(\\d{2})', 'mi'],
  ss: ['(\\d{2})', 's'],
  SSS: ['(\\d{1,3})', 'ms'],
  A: ['([AaPp]\\.?[Mm]\\.?)', 'noon'],
};

const formats = new Map<string, { date: Reader; whole: Reader }>();

interface Reader {
  pattern: RegExp;
  parts: string[];
}

function readerOf(format: string): Reader {
  const parts: string[] = [];
  const pattern = format.replace(/YYYY|YY|MM?|DD?|HH?|hh?|mm|SSS|ss|A|[^A-Za-z\d\s]|\s+/g, (token) => {
    const known = PATTERNS[token];
    if (!known) return token.trim() === '' ? '\\s+' : `\\${token}`;
    parts.push(known[1]);
    return known[0];
  });
  return { pattern: new RegExp(`^${pattern}$`), parts };
}

/** By the whole format, or its date alone where the cell has no time. */
function byFormat(said: string, format: string): { parts: Parts; time: boolean } | null {
  let known = formats.get(format);
  if (!known) {
    const dateOnly = format.replace(/[\s,T]*(HH?|hh?):?.*$/, '');
    known = { whole: readerOf(format), date: readerOf(dateOnly) };
    formats.set(format, known);
  }
  for (const { pattern, parts: names } of [known.whole, known.date]) {
    const found = pattern.exec(said);
    if (!found) continue;
    const said_ = Object.fromEntries(names.map((name, i) => [name, found[i + 1]!]));
    const number = (name: string) => Number(said_[name] ?? 0);
    const y = said_.yy === undefined ? number('y') : 2_000 + number('yy');
    const noon = said_.noon?.toLowerCase().startsWith('p');
    const h = said_.noon === undefined ? number('h') : (number('h') % 12) + (noon ? 12 : 0);
    const ms = Number((said_.ms ?? '').padEnd(3, '0'));
    return {
      parts: { y, mo: number('mo'), d: number('d'), h, mi: number('mi'), s: number('s'), ms },
      time: said_.h !== undefined,
    };
  }
  return null;
}
