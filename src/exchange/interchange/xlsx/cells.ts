/** What a cell of a workbook says: a code stays the text that it is, a number what was typed, a date a date. */
import type { Cell } from '../domain/record';
import type { NumberFormat } from './parts';

/** A cell as it stands in the sheet's XML. */
export interface SheetCell {
  type: string;
  format: NumberFormat;
  value: string | null;
  /** the text of an inline string */
  inline: string | null;
  formula: boolean;
}

const DAY_MS = 86_400_000;
/** 1899-12-30: the day before the first by Excel's counting, which has a 29 February 1900. */
const EPOCH_1900 = Date.UTC(1899, 11, 30);
const EPOCH_1904 = Date.UTC(1904, 0, 1);
const DIGITS_MAX = 15;

export function readSheetCell(cell: SheetCell, texts: readonly string[], date1904: boolean): Cell {
  const { type, value } = cell;
  if (type === 'inlineStr') return cell.inline ?? '';
  if (value === null || value === '')
    return cell.formula
      ? { e: 'it has a formula that was never computed; open the workbook, save it, and try again.' }
      : '';
  switch (type) {
    case 's':
      return texts[Number(value)] ?? { e: 'it refers to a text that the workbook does not have.' };
    case 'str':
      return value;
    case 'b':
      return value === '1' ? 'true' : 'false';
    case 'e':
      return { e: `its formula came to ${value}.` };
    case 'd':
      return { d: value.replace(/T00:00:00(\.0+)?Z?$/, '') };
    default:
      return numberOf(value, cell.format, date1904);
  }
}

function numberOf(value: string, format: NumberFormat, date1904: boolean): Cell {
  const number = Number(value);
  if (!Number.isFinite(number)) return { e: `it holds "${value}", which is no number.` };
  if (format === 'date') return dateOf(number, date1904);
  const text = plainNumber(number);
  // A spreadsheet keeps 15 digits: of a longer code the last ones are gone.
  if (/^-?\d+$/.test(text) && text.replace('-', '').length > DIGITS_MAX)
    return { e: `the spreadsheet has rounded the number ${text}; format the column as text and enter it again.` };
  if (format && /^\d+$/.test(text)) return text.padStart(format.zeros, '0');
  return { n: text };
}

/** Without an exponent. */
function plainNumber(number: number): string {
  const text = String(number);
  const [, sign, digits, fraction = '', power] = /^(-?)(\d+)(?:\.(\d+))?e([+-]\d+)$/.exec(text) ?? [];
  if (digits === undefined) return text;
  const all = digits + fraction;
  const point = digits.length + Number(power);
  if (point <= 0) return `${sign}0.${'0'.repeat(-point)}${all}`;
  return point >= all.length ? `${sign}${all.padEnd(point, '0')}` : `${sign}${all.slice(0, point)}.${all.slice(point)}`;
}

/** A day where the time is midnight, else day and time without a zone: a workbook knows none. */
function dateOf(serial: number, date1904: boolean): Cell {
  // Times are stored as fractions of a day; what is within five milliseconds of a second was typed as that second.
  const exact = serial * DAY_MS;
  const second = Math.round(exact / 1_000) * 1_000;
  const ms = Math.abs(exact - second) < 5 ? second : Math.round(exact);
  const date = new Date((date1904 ? EPOCH_1904 : EPOCH_1900) + ms);
  if (serial < 0 || Number.isNaN(date.getTime()) || date.getUTCFullYear() > 9999)
    return { e: `it holds ${serial} as a date, which is none.` };
  const text = date.toISOString();
  if (serial < 1) return { d: text.slice(11, 19) };
  return { d: text.endsWith('T00:00:00.000Z') ? text.slice(0, 10) : text.slice(0, -1).replace(/\.000$/, '') };
}
