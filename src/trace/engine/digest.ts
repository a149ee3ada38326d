/**
 * The digest of a trace: SHA-256 over the canonical question and one line an affected unit, in natural keys and byte order,
 * so that the same facts and question give the same digest on any machine and in any order of import.
 */
import { createHash } from 'node:crypto';
import { canonicalJson, formatTime } from '@/kernel';
import type { Interval } from './types';

export interface DigestRow {
  item: string;
  kind: string;
  code: string;
  certainty: 'certain' | 'possible';
  exposure: readonly Interval[];
}

/** `["item","kind","code","certainty",[["from","until"],…]]` with times as the API writes them and null for open ends. */
export function digestLine(row: DigestRow): string {
  let exposure = '';
  for (const [from, until] of row.exposure) exposure += `${exposure ? ',' : ''}[${time(from)},${time(until)}]`;
  return `[${quoted(row.item)},${quoted(row.kind)},${quoted(row.code)},"${row.certainty}",[${exposure}]]`;
}

/** As JSON writes a string; codes are nearly always plain, and then it is those very characters. */
function quoted(text: string): string {
  return /^[\x20\x21\x23-\x5b\x5d-\x7e]*$/.test(text) ? `"${text}"` : JSON.stringify(text);
}

const DAY_MS = 86_400_000;
const days = new Map<number, string>();

/** As `formatTime`, quoted. The parts of a day are written by hand: 800,000 dates take longer than the walk. */
function time(ms: number): string {
  if (!Number.isFinite(ms)) return 'null';
  const day = Math.floor(ms / DAY_MS);
  let date = days.get(day);
  if (date === undefined) {
    if (days.size > 10_000) days.clear();
    days.set(day, (date = `"${formatTime(day * DAY_MS).slice(0, -13)}`));
  }
  const rest = ms - day * DAY_MS;
  const seconds = Math.floor(rest / 1_000);
  const minutes = Math.floor(seconds / 60);
  const hours = Math.floor(minutes / 60);
  return `${date}${two(hours)}:${two(minutes - hours * 60)}:${two(seconds - minutes * 60)}.${three(rest - seconds * 1_000)}Z"`;
}

const TWO = Array.from({ length: 100 }, (_, n) => String(n).padStart(2, '0'));
const two = (n: number): string => TWO[n]!;
const three = (n: number): string => (n < 100 ? `0${TWO[n]!}` : String(n));

/** Lines that are hashed in one go. */
const LINES = 4096;

/**
 * SHA-256 (hex) over the canonical question, then every row's line in byte order of its UTF-8, each ended by a line feed.
 * `question` must be in natural keys only, and must not name a ledger position.
 */
export function traceDigest(question: unknown, rows: Iterable<DigestRow>): string {
  const lines: string[] = [];
  let beyondBasic = false;
  let inOrder = true;
  let last = '';
  for (const row of rows) {
    const line = digestLine(row);
    beyondBasic ||= /[\ud800-\uffff]/.test(line);
    inOrder &&= last <= line;
    lines.push(line);
    last = line;
  }
  // Code unit order and UTF-8 byte order differ only where surrogates meet U+E000 and above.
  if (beyondBasic) lines.sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  else if (!inOrder) lines.sort();
  const hash = createHash('sha256').update(canonicalJson(question)).update('\n');
  for (let i = 0; i < lines.length; i += LINES) {
    hash.update(`${lines.slice(i, i + LINES).join('\n')}\n`);
  }
  return hash.digest('hex');
}
