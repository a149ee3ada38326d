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
  const exposure = row.exposure.map(([from, until]) => [formatTime(from), formatTime(until)]);
  return JSON.stringify([row.item, row.kind, row.code, row.certainty, exposure]);
}

/**
 * SHA-256 (hex) over the canonical question, then every row's line in byte order of its UTF-8, each ended by a line feed.
 * `question` must be in natural keys only, and must not name a ledger position.
 */
export function traceDigest(question: unknown, rows: Iterable<DigestRow>): string {
  const lines: string[] = [];
  let beyondBasic = false;
  for (const row of rows) {
    const line = digestLine(row);
    beyondBasic ||= /[\ud800-\uffff]/.test(line);
    lines.push(line);
  }
  // Code unit order and UTF-8 byte order differ only where surrogates meet U+E000 and above.
  if (beyondBasic) lines.sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  else lines.sort();
  const hash = createHash('sha256').update(canonicalJson(question)).update('\n');
  for (let i = 0; i < lines.length; i += 4096) {
    hash.update(lines.slice(i, i + 4096).join('\n')).update('\n');
  }
  return hash.digest('hex');
}
