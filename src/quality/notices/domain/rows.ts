/** The lines of a consignee as a notice shows them: lots one by one, many serials as one row. Pure. */
import { wordsOf } from './words';

export interface NoticeLine {
  item: string;
  name: string;
  uom: string;
  kind: string;
  code: string;
  inside: string | null;
  quantity: string | null;
  documents: readonly string[];
  from: Date | null;
  until: Date | null;
}

export interface NoticeRow {
  item: string;
  code: string;
  quantity: string;
  documents: string;
  shipped: string;
}

/** More serials of an item than this are one row, and a file has them all. */
const SERIALS_SHOWN_MAX = 20;
/** More lots than this are one row an item. */
const LOTS_SHOWN_MAX = 200;
const DOCUMENTS_SHOWN_MAX = 5;

const day = (at: Date): string => at.toISOString().slice(0, 10);
const span = (from: Date | null, until: Date | null): string =>
  from === null || until === null ? '' : day(from) === day(until) ? day(from) : `${day(from)} – ${day(until)}`;
const documentsText = (documents: readonly string[]): string =>
  documents.slice(0, DOCUMENTS_SHOWN_MAX).join(', ') +
  (documents.length > DOCUMENTS_SHOWN_MAX ? ` + ${documents.length - DOCUMENTS_SHOWN_MAX}` : '');

/** Adds decimal texts; null where one is not known. */
function sum(quantities: readonly (string | null)[]): string | null {
  const DIGITS = 9;
  let total = 0n;
  for (const quantity of quantities) {
    if (quantity === null) return null;
    const [whole = '0', fraction = ''] = quantity.replace('-', '').split('.');
    const units = BigInt(whole + fraction.padEnd(DIGITS, '0').slice(0, DIGITS));
    total += quantity.startsWith('-') ? -units : units;
  }
  const text = String(total).padStart(DIGITS + 1, '0');
  const fraction = text.slice(-DIGITS).replace(/0+$/, '');
  return `${text.slice(0, -DIGITS)}${fraction ? `.${fraction}` : ''}`;
}

/** `whole`: every line has its own row, so that no file is needed. */
export function rowsOf(lines: readonly NoticeLine[], language: string): { rows: NoticeRow[]; whole: boolean } {
  const words = wordsOf(language);
  const groups = new Map<string, NoticeLine[]>();
  for (const line of lines) {
    const key = `${line.kind === 'serial' ? 'serial' : 'lot'} ${line.item}`;
    groups.set(key, [...(groups.get(key) ?? []), line]);
  }
  let whole = true;
  const rows: NoticeRow[] = [];
  for (const group of groups.values()) {
    const [first] = group;
    if (!first) continue;
    const item = `${first.name} (${first.item})`;
    const many = group.length > (first.kind === 'serial' ? SERIALS_SHOWN_MAX : LOTS_SHOWN_MAX);
    if (!many) {
      for (const line of group)
        rows.push({
          item,
          code: line.inside === null ? line.code : `${line.code}, ${words.inside(line.inside)}`,
          quantity: line.quantity === null ? '' : `${line.quantity} ${line.uom}`,
          documents: documentsText(line.documents),
          shipped: span(line.from, line.until),
        });
      continue;
    }
    whole = false;
    const quantity = sum(group.map((line) => line.quantity));
    const times = group.flatMap((line) => [line.from, line.until]).filter((at) => at !== null);
    const earliest = times.reduce<Date | null>((a, b) => (a === null || b < a ? b : a), null);
    const latest = times.reduce<Date | null>((a, b) => (a === null || b > a ? b : a), null);
    rows.push({
      item,
      code: first.kind === 'serial' ? words.serials(group.length) : `${group.length} × ${words.code}`,
      quantity: quantity === null ? '' : `${quantity} ${first.uom}`,
      documents: documentsText([...new Set(group.flatMap((line) => line.documents))].sort()),
      shipped: span(earliest, latest),
    });
  }
  return { rows, whole };
}
