/**
 * What a cell says. Nothing is ever computed: a formula is text. A spreadsheet's own wrapping of texts is taken off: `="007"`, and
 * the apostrophe that our exports put before a text that begins like a formula.
 */
const WRAPPED = /^="((?:[^"]|"")*)"$/;
const DEFUSED = /^'+[=+\-@\t\r\n]/;

export function readCell(raw: string): string | undefined {
  const wrapped = WRAPPED.exec(raw);
  const text = wrapped ? wrapped[1]!.replaceAll('""', '"') : DEFUSED.test(raw) ? raw.slice(1) : raw;
  const trimmed = text.trim();
  return trimmed === '' ? undefined : trimmed;
}

/** A text as a CSV field that no spreadsheet computes. */
export function writeCell(value: string | number | null): string {
  if (value === null) return '';
  if (typeof value === 'number') return String(value);
  const safe = /^'*[=+\-@\t\r\n]/.test(value) ? `'${value}` : value;
  return /[",;\r\n']/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
