/**
 * Makes text safe for spreadsheets. A code such as `=1+1` or `@x` must never be carried out, and `0503E000` never become a number.
 *
 * CSV: a text that begins with = + - @ TAB CR (or their full-width twins) gets one leading apostrophe, and so does a text
 * that begins with apostrophes followed by one of them; taking one apostrophe away from such a field gives the exact text back.
 * All texts are quoted. Workbook: text cells with the text format, which no program computes.
 */
const DANGEROUS = /^'*[=+\-@\t\r\n\uFF1D\uFF0B\uFF0D\uFF20]/;

export function defuse(text: string): string {
  return DANGEROUS.test(text) ? `'${text}` : text;
}

/** The exact text of a defused field. */
export function undefuse(field: string): string {
  return field.startsWith("'") && DANGEROUS.test(field.slice(1)) ? field.slice(1) : field;
}

const DECIMAL = /^-?\d+(\.\d+)?$/;

/** A CSV field: numbers as they are, texts quoted and defused, null empty. */
export function csvField(value: string | number | null): string {
  if (value === null) return '';
  if (typeof value === 'number') return String(value);
  return `"${defuse(value).replaceAll('"', '""')}"`;
}

/** A decimal string as a CSV number; anything else as text. */
export function csvDecimal(value: string | null): string {
  return value !== null && DECIMAL.test(value) ? value : csvField(value);
}

/** A spreadsheet keeps 15 significant digits: a decimal with more is not a number to it, and stays text. */
const DIGITS_MAX = 15;

/** The number where a spreadsheet holds it exactly, else the text. */
export function exactNumber(value: string): number | string {
  if (!DECIMAL.test(value)) return value;
  const digits = value.replace(/[-.]/g, '').replace(/^0+/, '');
  const significant = value.includes('.') ? digits.replace(/0+$/, '') : digits;
  return significant.length <= DIGITS_MAX && digits.length <= DIGITS_MAX + 9 ? Number(value) : value;
}

// What XML, or the print, cannot show: control characters except tab and newlines, halves of surrogate pairs, non-characters.
const UNPRINTABLE =
  // eslint-disable-next-line no-control-regex
  /[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F-\u009F\uFFFE\uFFFF]|[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g;

/** Shows what cannot be printed by its number, so that two different codes never look alike: GS becomes [U+001D]. */
export function visible(text: string): string {
  return text.replace(UNPRINTABLE, (char) => codePoint(char));
}

export function codePoint(char: string): string {
  return `[U+${(char.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}]`;
}

/** A cell holds at most 32,767 characters; more would make the workbook unreadable. */
const CELL_MAX = 32_767;

/** The text of a workbook cell. `_x0041_` is how the format writes "A", so a text that looks so is escaped. */
export function cellText(text: string): string {
  const escaped = visible(text).replace(/_(?=x[0-9A-Fa-f]{4}_)/g, '_x005F_');
  if (escaped.length <= CELL_MAX) return escaped;
  const note = ` … (${text.length} characters; all of them are in the CSV)`;
  return escaped.slice(0, CELL_MAX - note.length).replace(/[\uD800-\uDBFF]$/, '') + note;
}
