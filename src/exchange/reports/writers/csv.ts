/**
 * The whole report as one CSV: UTF-8 with a byte order mark (Excel reads accents by it), commas, CRLF, every row with the
 * same columns. The first column says what a row is: `report` (a key and its text), `suspect`, `receipt` (backward: what came
 * from suppliers; the text is their lot), `affected` (one a unit), `holding` (each part of a unit that is in several states, places or at several customers), `delivery` (customer × shipment
 * × unit), `excluded`, `gap`. Texts are quoted and defused as domain/defuse.ts says; decimals are plain.
 */
import type { Contact, Making, Quantity, ReportModel, TraceReading, UnitRef, UnitRow } from '../domain/model';
import { exposureEnded, unitCode, unitKind, unitText, whenOf } from '../domain/model';
import { csvDecimal, csvField } from '../domain/defuse';
import { intervalsIso } from '../domain/times';
import { reportFacts } from './facts';

const COLUMNS = [
  'record',
  'key',
  'item',
  'name',
  'kind',
  'code',
  'certainty',
  'state',
  'place',
  'customer',
  'customer_name',
  'email',
  'phone',
  'address',
  'country',
  'document',
  'at',
  'quantity',
  'uom',
  'depth',
  'exposure',
  'amount',
  'share',
  'event',
  'text',
] as const;

type Column = (typeof COLUMNS)[number];
type Row = Partial<Record<Column, string | number | null>>;

const NUMERIC: ReadonlySet<Column> = new Set<Column>(['quantity', 'depth', 'amount', 'share']);

/** Rows are handed on in pieces of this many characters: one write a row costs more than the row. */
const PIECE_CHARS = 32_768;

export async function* writeCsv(report: ReportModel, reading: TraceReading): AsyncGenerator<string> {
  let piece = `\uFEFF${COLUMNS.join(',')}\r\n`;
  for await (const row of rows(report, reading)) {
    piece += line(row);
    if (piece.length > PIECE_CHARS) {
      yield piece;
      piece = '';
    }
  }
  if (piece) yield piece;
}

async function* rows(report: ReportModel, reading: TraceReading): AsyncGenerator<Row> {
  for (const [key, text] of reportFacts(report)) yield { record: 'report', key, text };
  for (const suspect of report.suspects) {
    const exposure = intervalsIso([[suspect.from, suspect.until]]);
    yield { record: 'suspect', key: suspect.origin, ...ofUnit(suspect.unit, suspect.name), exposure };
    for (const making of suspect.makings)
      yield { record: 'suspect', ...ofUnit(suspect.unit, suspect.name), ...ofMaking(making) };
  }
  for await (const row of reading.receipts())
    yield { record: 'receipt', ...ofUnit(row.unit, row.name), certainty: row.certainty, ...ofMaking(row.making) };
  for await (const row of reading.units()) {
    const ended = exposureEnded(row, report.question, report.trace.askedAt);
    yield { record: 'affected', ...ofRow(row), text: ended ? 'no longer holds it' : null };
    if (row.holdings.length > 1)
      for (const { state, place, customer, quantity } of row.holdings)
        yield { record: 'holding', ...ofUnit(row.unit, row.name), state, place, customer, ...ofQuantity(quantity) };
  }
  for await (const row of reading.consignees())
    yield {
      record: 'delivery',
      key: row.hit ? 'affected-at-shipment' : 'not-affected-at-shipment',
      ...ofUnit(row.unit, row.name),
      certainty: row.certainty,
      ...ofContact(row.customer),
      document: row.shipment,
      at: whenOf(row),
      ...ofQuantity(row.quantity),
      text: row.inside ? `inside ${unitText(row.inside.unit)}` : null,
    };
  for await (const row of reading.excluded())
    yield { record: 'excluded', key: row.reason, ...ofRow(row), certainty: null };
  for await (const row of reading.gaps())
    yield {
      record: 'gap',
      key: row.kind,
      ...(row.unit ? ofUnit(row.unit, null) : {}),
      event: row.event,
      text: row.message,
    };
}

function line(row: Row): string {
  return (
    COLUMNS.map((column) => {
      const value = row[column] ?? null;
      return NUMERIC.has(column) && typeof value === 'string' ? csvDecimal(value) : csvField(value);
    }).join(',') + '\r\n'
  );
}

function ofUnit(unit: UnitRef, name: string | null): Row {
  return { item: unit.item, name, kind: unitKind(unit), code: unitCode(unit) };
}

function ofRow(row: UnitRow): Row {
  return {
    ...ofUnit(row.unit, row.name),
    certainty: row.certainty,
    state: row.state,
    place: row.place,
    customer: row.customer,
    ...ofQuantity(row.quantity),
    depth: row.depth,
    exposure: intervalsIso(row.exposure),
    amount: row.amount?.value ?? null,
    share: row.share,
  };
}

function ofMaking(making: Making): Row {
  return {
    key: making.type,
    place: making.place,
    ...ofContact(making.supplier),
    document: making.document,
    at: whenOf(making),
    ...ofQuantity(making.quantity),
    event: making.event,
    text: making.supplierLot,
  };
}

function ofQuantity(quantity: Quantity | null): Row {
  return { quantity: quantity?.value ?? null, uom: quantity?.uom ?? null };
}

function ofContact(contact: Contact | null): Row {
  if (!contact) return {};
  const { partner, name, email, phone, address, country } = contact;
  return { customer: partner, customer_name: name, email, phone, address, country };
}
