import { Readable } from 'node:stream';
import { StreamableFile } from '@nestjs/common';
import type { ChangeView, StandView } from '../queries/compare';
import type { ConsigneeView, ExcludedUnitView, GapView, TraceUnitView } from '../queries/views';

export type Format = 'json' | 'csv' | 'ndjson';

/** What the client accepts; JSON pages unless it asks for all rows as CSV or NDJSON. */
export function formatOf(accept: string | undefined): Format {
  if (accept?.includes('application/x-ndjson')) return 'ndjson';
  return accept?.includes('text/csv') ? 'csv' : 'json';
}

/** All rows as a download, read from the database as fast as the client takes them. */
export function rowsFile<T>(
  rows: AsyncIterable<T>,
  format: 'csv' | 'ndjson',
  name: string,
  columns: Columns<T>,
): StreamableFile {
  const lines = format === 'csv' ? csvLines(rows, columns) : jsonLines(rows);
  return new StreamableFile(Readable.from(lines, { objectMode: false }), {
    type: format === 'csv' ? 'text/csv; charset=utf-8' : 'application/x-ndjson; charset=utf-8',
    disposition: `attachment; filename="${name}.${format}"`,
  });
}

type Field = string | number | null | { decimal: string | null };
export type Columns<T> = Record<string, (row: T) => Field>;

/** Rows are handed on in pieces of this many characters: one write a row costs more than the row. */
const PIECE_CHARS = 32_768;

async function* csvLines<T>(rows: AsyncIterable<T>, columns: Columns<T>): AsyncGenerator<string> {
  const readers = Object.values(columns);
  // The byte order mark tells a spreadsheet that this is UTF-8.
  let piece = `\uFEFF${Object.keys(columns).join(',')}\r\n`;
  for await (const row of rows) {
    piece += `${readers.map((read) => csvField(read(row))).join(',')}\r\n`;
    if (piece.length < PIECE_CHARS) continue;
    yield piece;
    piece = '';
  }
  if (piece) yield piece;
}

async function* jsonLines<T>(rows: AsyncIterable<T>): AsyncGenerator<string> {
  let piece = '';
  for await (const row of rows) {
    piece += `${JSON.stringify(row)}\n`;
    if (piece.length < PIECE_CHARS) continue;
    yield piece;
    piece = '';
  }
  if (piece) yield piece;
}

// A text that a spreadsheet would carry out gets an apostrophe in front, and so does one that begins with apostrophes and
// such a character: taking one away gives the exact text back.
const DANGEROUS = /^'*[=+\-@\t\r\n\uFF1D\uFF0B\uFF0D\uFF20]/;

/** Texts are quoted, so that a code stays a text; decimals and numbers are plain. */
export function csvField(value: Field): string {
  if (value === null) return '';
  if (typeof value === 'number') return String(value);
  if (typeof value === 'object') return value.decimal ?? '';
  const defused = DANGEROUS.test(value) ? `'${value}` : value;
  return `"${defused.replaceAll('"', '""')}"`;
}

const kindOf = (unit: object) => ('lot' in unit ? 'lot' : 'serial' in unit ? 'serial' : 'run');
const codeOf = (unit: object) => Object.entries(unit).find(([key]) => key !== 'item')![1] as string;

const exposureText = (exposure: readonly [string | null, string | null][]) =>
  exposure.map(([from, until]) => `${from ?? '..'}/${until ?? '..'}`).join(' ');

const UNIT_COLUMNS: Columns<TraceUnitView> = {
  item: (r) => r.unit.item,
  name: (r) => r.name,
  kind: (r) => kindOf(r.unit),
  code: (r) => codeOf(r.unit),
  certainty: (r) => r.certainty,
  depth: (r) => r.depth,
  exposure: (r) => exposureText(r.exposure),
  quantity: (r) => ({ decimal: r.quantity?.value ?? null }),
  uom: (r) => r.quantity?.uom ?? null,
  amount: (r) => ({ decimal: r.amount?.value ?? null }),
  share: (r) => ({ decimal: r.share }),
  state: (r) => r.state,
  place: (r) => r.place,
  customer: (r) => r.customer,
  holdings: (r) =>
    r.holdings.length < 2
      ? null
      : r.holdings
          .map((h) =>
            [h.state, h.place, h.customer, h.quantity && `${h.quantity.value} ${h.quantity.uom}`]
              .filter(Boolean)
              .join(' '),
          )
          .join('; '),
  made: (r) => r.made,
  id: (r) => r.id,
};

export const AFFECTED_COLUMNS = UNIT_COLUMNS;
export const EXCLUDED_COLUMNS: Columns<ExcludedUnitView> = { reason: (r) => r.reason, ...UNIT_COLUMNS };

export const GAP_COLUMNS: Columns<GapView> = {
  kind: (r) => r.kind,
  message: (r) => r.message,
  item: (r) => r.unit?.item ?? null,
  unit_kind: (r) => (r.unit ? kindOf(r.unit) : null),
  code: (r) => (r.unit ? codeOf(r.unit) : null),
  event: (r) => r.event,
  id: (r) => r.id,
};

const standText = (stand: StandView | null) =>
  stand === null ? 'not reached' : stand.affected ? `affected (${stand.certainty})` : `excluded (${stand.reason})`;

export const CHANGE_COLUMNS: Columns<ChangeView> = {
  change: (r) => r.change,
  item: (r) => r.unit.item,
  name: (r) => r.name,
  kind: (r) => kindOf(r.unit),
  code: (r) => codeOf(r.unit),
  before: (r) => standText(r.before),
  after: (r) => standText(r.after),
  exposure_before: (r) => r.before && exposureText(r.before.exposure),
  exposure_after: (r) => r.after && exposureText(r.after.exposure),
  reason: (r) => r.reason,
  sentence: (r) => r.sentence,
  id: (r) => r.id,
};

export const CONSIGNEE_COLUMNS: Columns<ConsigneeView> = {
  customer: (r) => r.customer.partner,
  customer_name: (r) => r.customer.name,
  email: (r) => r.customer.email,
  phone: (r) => r.customer.phone,
  address: (r) => r.customer.address,
  country: (r) => r.customer.country,
  shipment: (r) => r.shipment,
  at: (r) => r.at,
  item: (r) => r.unit.item,
  name: (r) => r.name,
  kind: (r) => kindOf(r.unit),
  code: (r) => codeOf(r.unit),
  quantity: (r) => ({ decimal: r.quantity?.value ?? null }),
  uom: (r) => r.quantity?.uom ?? null,
  affected_at_shipment: (r) => (r.hit ? 'yes' : 'no'),
  certainty: (r) => r.certainty,
  inside: (r) => (r.inside ? `${r.inside.unit.item} ${codeOf(r.inside.unit)}` : null),
  id: (r) => r.id,
};
