/** The look of the printed report: a few colours, one kind of table, and texts that can be printed whatever is in them. */
import type { Quantity, Tally } from '../domain/model';
import { intervalText, localTimeOrDay } from '../domain/times';
import { count } from '../domain/wording';

export type Content = Record<string, unknown>;

export interface PrintColumn {
  header: string;
  width: number | string;
  right?: boolean;
}

/** A cell, or a whole-width line within a table. */
export type PrintCell = string | Content;
export type PrintRow = PrintCell[] | { band: PrintCell; quiet?: boolean };

export class Ink {
  static readonly TEXT = '#1c2126';
  static readonly QUIET = '#5b6570';
  static readonly ALARM = '#b3261e';
  static readonly ALARM_GROUND = '#fdecea';
  static readonly GOOD = '#1e6b3a';
  static readonly GOOD_GROUND = '#e9f5ed';
  static readonly GROUND = '#f1f4f7';
  static readonly LINE = '#d3dae1';

  constructor(
    readonly text: (text: string) => string,
    readonly zone: string,
  ) {}

  /** A time, or a day where only that is known. */
  time(when: string | null): string {
    return when === null ? '–' : localTimeOrDay(when, this.zone);
  }

  interval(interval: [string | null, string | null]): string {
    return intervalText(interval, this.zone);
  }

  quantity(quantity: Quantity | null): string {
    return quantity ? this.text(`${quantity.value} ${quantity.uom}`) : '–';
  }

  /** "35 kg, 4 pcs", and what is not known beside it. */
  quantities(tally: Tally): string {
    const known = tally.quantities.map((q) => this.text(`${q.value} ${q.uom}`));
    if (tally.unknown > 0) known.push(known.length > 0 ? `+ ${count(tally.unknown)} not known` : 'not known');
    return known.join(', ') || '–';
  }

  heading(text: string, options: Content = {}): Content {
    return { text, fontSize: 13, bold: true, margin: [0, 12, 0, 4], headlineLevel: 1, ...options };
  }

  note(text: string, options: Content = {}): Content {
    return { text, color: Ink.QUIET, fontSize: 8.5, margin: [0, 0, 0, 5], ...options };
  }

  /** A table with a repeated heading; rows are not torn between pages. */
  table(columns: PrintColumn[], rows: PrintRow[], options: { fontSize?: number; margin?: number[] } = {}): Content {
    const fontSize = options.fontSize ?? 8.5;
    const header = columns.map((c) => ({
      text: c.header,
      bold: true,
      fontSize: fontSize - 0.5,
      color: Ink.QUIET,
      alignment: c.right ? 'right' : 'left',
      fillColor: Ink.GROUND,
    }));
    const body = rows.map((row) => {
      if (Array.isArray(row))
        return row.map((cell, i) => ({
          fontSize,
          alignment: columns[i]?.right ? 'right' : 'left',
          ...(typeof cell === 'string' ? { text: cell } : cell),
        }));
      const band = typeof row.band === 'string' ? { text: row.band } : row.band;
      const look = row.quiet ? { color: Ink.QUIET, italics: true } : { margin: [0, 3, 0, 0] };
      return [{ fontSize, colSpan: columns.length, ...look, ...band }, ...columns.slice(1).map(() => ({ text: '' }))];
    });
    return {
      table: {
        headerRows: 1,
        keepWithHeaderRows: rows.length > 0 ? 1 : 0,
        dontBreakRows: true,
        widths: columns.map((c) => c.width),
        body: [header, ...body],
      },
      layout: LINES,
      margin: options.margin ?? [0, 0, 0, 6],
    };
  }

  /** "12 of 12 units listed." or "500 of 12,480 units listed; the rest is in the XLSX and the CSV." */
  listed(list: { of: number; listed: unknown[] }, what: string): string {
    return shownOf(list.listed.length, list.of, what);
  }
}

export function shownOf(shown: number, of: number, what: string): string {
  return shown === of
    ? `${count(of)} of ${count(of)} ${what} listed.`
    : `${count(shown)} of ${count(of)} ${what} listed; the rest is in the XLSX and the CSV of this report.`;
}

const LINES = {
  hLineWidth: (i: number) => (i === 0 ? 0 : 0.5),
  vLineWidth: () => 0,
  hLineColor: () => Ink.LINE,
  paddingLeft: () => 4,
  paddingRight: () => 4,
  paddingTop: () => 2.5,
  paddingBottom: () => 2,
};
