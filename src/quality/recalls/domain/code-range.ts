/** Ranges of codes: what lies between two codes that differ in one number alone. Pure. */

/** Both ends are of the range. */
export interface CodeSpan {
  from: string;
  to: string;
}

/** `except` are spans inside it that do not belong to it; one code is a span from itself to itself. */
export interface CodeRange extends CodeSpan {
  except: CodeSpan[];
}

export interface RangeMeaning {
  prefix: string;
  suffix: string;
  /** digits of the number between prefix and suffix; leading zeros count */
  digits: number;
  first: bigint;
  last: bigint;
}

/** How a range is understood: same length, same text around one number that grows. Null where the ends do not fit so. */
export function rangeMeaning({ from, to }: CodeSpan): RangeMeaning | null {
  const [a, b] = [from.toUpperCase(), to.toUpperCase()];
  if (a.length !== b.length) return null;
  let start = 0;
  while (start < a.length && a[start] === b[start]) start++;
  let end = a.length;
  while (end > start && a[end - 1] === b[end - 1]) end--;
  // The number is whole: digits beside those that differ are part of it.
  while (start > 0 && /\d/.test(a[start - 1]!)) start--;
  while (end < a.length && /\d/.test(a[end]!)) end++;
  if (start === end) {
    const tail = /\d+(?=\D*$)/.exec(a);
    if (!tail) return null;
    [start, end] = [tail.index, tail.index + tail[0].length];
  }
  const [x, y] = [a.slice(start, end), b.slice(start, end)];
  if (!/^\d+$/.test(x) || !/^\d+$/.test(y)) return null;
  const meaning = {
    prefix: a.slice(0, start),
    suffix: a.slice(end),
    digits: x.length,
    first: BigInt(x),
    last: BigInt(y),
  };
  return meaning.first <= meaning.last ? meaning : null;
}

/** Whether a code lies in a span: the same prefix, suffix and length, its number between the ends. Case does not count. */
function inSpan(code: string, span: CodeSpan): boolean {
  const meaning = rangeMeaning(span);
  if (!meaning) return false;
  const { prefix, suffix, digits, first, last } = meaning;
  const upper = code.toUpperCase();
  if (upper.length !== prefix.length + digits + suffix.length) return false;
  if (!upper.startsWith(prefix) || !upper.endsWith(suffix)) return false;
  const number = upper.slice(prefix.length, prefix.length + digits);
  return /^\d+$/.test(number) && BigInt(number) >= first && BigInt(number) <= last;
}

/** Whether a code belongs to a range: between its ends and in no exception. */
export function inRange(code: string, range: CodeRange): boolean {
  return inSpan(code, range) && !range.except.some((span) => inSpan(code, span));
}
