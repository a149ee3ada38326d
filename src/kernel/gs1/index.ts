/**
 * Reads what a scanner sends for a GS1 code: element strings with brackets `(01)…(21)…`, raw ones with a symbology
 * identifier and FNC1/GS separators, and GS1 Digital Link URIs. Source: GS1 General Specifications, sections 3 and 7.8;
 * GS1 Digital Link URI syntax. This table holds the identifiers that name or describe a unit; linear time, no exceptions thrown.
 */
export interface Gs1Reading {
  as: 'gs1' | 'digital-link';
  /** application identifier → value, in the order read */
  elements: Map<string, string>;
}

const GS = '\u001d';

/** Identifiers of a length fixed by the standard; every other one runs to the next separator. */
const FIXED: Record<string, number> = {
  '00': 18,
  '01': 14,
  '02': 14,
  '11': 6,
  '12': 6,
  '13': 6,
  '15': 6,
  '16': 6,
  '17': 6,
  '20': 2,
  '410': 13,
  '411': 13,
  '412': 13,
  '413': 13,
  '414': 13,
  '415': 13,
  '416': 13,
  '417': 13,
};
const VARIABLE: Record<string, number> = {
  '10': 20,
  '21': 20,
  '22': 20,
  '30': 8,
  '37': 8,
  '235': 28,
  '240': 30,
  '241': 30,
  '250': 30,
  '251': 30,
  '254': 20,
  '400': 30,
  '401': 30,
  '403': 30,
  '8003': 30,
  '8004': 30,
  '8006': 18,
  '8010': 30,
  '8011': 12,
};
const WITH_CHECK_DIGIT = new Set(['00', '01', '02', '410', '411', '412', '413', '414', '415', '416', '417']);
/** The 82 characters that a variable value may hold (character set 82). */
const CHARACTERS = /^[!"%&'()*+,\-./0-9:;<=>?A-Z_a-z]+$/;

/** Reads a scan, or says why it is no GS1 code (`null`: it does not look like one at all). */
export function readGs1(scan: string): Gs1Reading | { error: string } | null {
  const text = scan.trim();
  if (/^https?:\/\//i.test(text)) return readDigitalLink(text);
  const body = text.replace(/^\](?:d2|C1|Q3|e0|J1)/, '');
  if (body.startsWith('(')) return readBracketed(body);
  if (body !== text || body.startsWith(GS) || body.includes(GS)) return readRaw(body);
  return null;
}

/** True when the last digit is the modulo 10 check digit of those before it (GTIN, SSCC, GLN). */
export function hasCheckDigit(digits: string): boolean {
  if (!/^\d+$/.test(digits)) return false;
  let sum = 0;
  for (let i = digits.length - 2, weight = 3; i >= 0; i--, weight = 4 - weight) sum += Number(digits[i]) * weight;
  return (10 - (sum % 10)) % 10 === Number(digits.at(-1));
}

function readBracketed(text: string): Gs1Reading | { error: string } {
  const elements = new Map<string, string>();
  let at = 0;
  while (at < text.length) {
    const head = /^\((\d{2,4})\)/.exec(text.slice(at, at + 6));
    if (!head) return { error: `no application identifier in brackets at character ${at + 1}` };
    const start = at + head[0].length;
    // A value may hold brackets itself: it ends where an identifier that we know opens.
    let end = start;
    while (end < text.length && !opensIdentifier(text, end)) end++;
    const error = add(elements, head[1]!, text.slice(start, end));
    if (error) return { error };
    at = end;
  }
  return { as: 'gs1', elements };
}

function opensIdentifier(text: string, at: number): boolean {
  const m = /^\((\d{2,4})\)/.exec(text.slice(at, at + 6));
  return m !== null && (m[1]! in FIXED || m[1]! in VARIABLE);
}

function readRaw(text: string): Gs1Reading | { error: string } {
  const elements = new Map<string, string>();
  let at = 0;
  while (at < text.length) {
    if (text[at] === GS) {
      at++;
      continue;
    }
    const ai = [2, 3, 4].map((n) => text.slice(at, at + n)).find((x) => x in FIXED || x in VARIABLE);
    if (!ai) return { error: `no known application identifier at character ${at + 1}` };
    const start = at + ai.length;
    const separator = text.indexOf(GS, start);
    const end = ai in FIXED ? start + FIXED[ai]! : separator < 0 ? text.length : separator;
    const error = add(elements, ai, text.slice(start, end));
    if (error) return { error };
    at = end;
  }
  return { as: 'gs1', elements };
}

function readDigitalLink(text: string): Gs1Reading | { error: string } | null {
  const path = text.replace(/^https?:\/\/[^/]*/i, '').replace(/[?#].*$/s, '');
  const parts = path.split('/').slice(1);
  const start = parts.findIndex((p, i) => (p === '01' || p === '00') && i + 1 < parts.length);
  if (start < 0) return null;
  const elements = new Map<string, string>();
  for (let i = start; i + 1 < parts.length; i += 2) {
    let value: string;
    try {
      value = decodeURIComponent(parts[i + 1]!);
    } catch {
      return { error: `"${parts[i + 1]}" is not percent-encoded correctly` };
    }
    const error = add(elements, parts[i]!, parts[i] === '01' ? value.padStart(14, '0') : value);
    if (error) return { error };
  }
  return { as: 'digital-link', elements };
}

function add(elements: Map<string, string>, ai: string, value: string): string | undefined {
  if (ai in FIXED) {
    if (value.length !== FIXED[ai] || !/^\d+$/.test(value)) return `(${ai}) needs ${FIXED[ai]} digits`;
    if (WITH_CHECK_DIGIT.has(ai) && !hasCheckDigit(value)) return `the check digit of (${ai}) ${value} is wrong`;
  } else if (ai in VARIABLE) {
    if (value.length === 0 || value.length > VARIABLE[ai]!) return `(${ai}) needs 1 to ${VARIABLE[ai]} characters`;
    if (!CHARACTERS.test(value)) return `(${ai}) holds a character that GS1 does not allow`;
  } else {
    return `(${ai}) is no application identifier known here`;
  }
  if (elements.has(ai) && elements.get(ai) !== value) return `(${ai}) stands twice with different values`;
  elements.set(ai, value);
  return undefined;
}
