/** Whether two events say the same: field by field, in canonical form. Pure. */
import { canonicalJson } from '@/kernel';
import { parseEvent } from './event-shapes';

/** Names without the white space around them, "1.0" as "1": what an event says, not how it was written. */
export function sameContent(one: unknown, other: unknown): boolean {
  try {
    return contentOf(one) === contentOf(other);
  } catch {
    // What the vocabulary no longer knows says nothing that could be compared.
    return false;
  }
}

function contentOf(raw: unknown): string {
  const event = parseEvent(raw);
  if (event.type !== 'correct') return canonicalJson(plain(event));
  const put = parseEvent({ at: event.at, ...event.with });
  return canonicalJson([plain({ ...event, with: null }), plain(put)]);
}

/** Free text and own attributes are what was typed; every other decimal counts as a number. */
const AS_TYPED = new Set(['id', 'note', 'refs', 'attributes', 'reason']);
const DECIMALS = new Set(['value', 'measured', 'low', 'high', 'min', 'max']);

function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (value === null || typeof value !== 'object') return value;
  const entries = Object.entries(value).map(([key, v]): [string, unknown] => {
    if (AS_TYPED.has(key)) return [key, v];
    return [key, DECIMALS.has(key) && typeof v === 'string' ? decimal(v) : plain(v)];
  });
  return Object.fromEntries(entries);
}

/** One text for equal decimals, however many digits they have. */
function decimal(text: string): string {
  const [, sign, whole, fraction] = /^(-?)0*(\d+)(?:\.(\d*?)0*)?$/.exec(text) ?? [];
  if (whole === undefined) return text;
  const number = fraction ? `${whole}.${fraction}` : whole;
  return number === '0' ? '0' : `${sign}${number}`;
}
