/**
 * The whole report as a workbook, written as a stream: rows are taken from the trace only as fast as the reader takes the
 * bytes. Codes and names are text cells; quantities are numbers where a spreadsheet holds them exactly, else text. More rows
 * than a sheet holds go on in the next sheet. The same trace gives the same bytes: no clock is read.
 */
import { once } from 'node:events';
import { PassThrough, type Readable, type Writable } from 'node:stream';
import { stream as excel, type Worksheet } from 'exceljs';
import type {
  ConsigneeRow,
  Contact,
  Quantity,
  ReceiptRow,
  ReportModel,
  Tally,
  TraceReading,
  UnitRef,
  UnitRow,
} from '../domain/model';
import { exposureEnded, unitCode, unitKind, unitText, whenOf } from '../domain/model';
import { cellText, exactNumber } from '../domain/defuse';
import { intervalsIso } from '../domain/times';
import { stateName } from '../domain/wording';
import { reportFacts } from './facts';

export interface WorkbookOptions {
  /** a sheet of the format holds 1,048,576 rows, the heading included */
  rowsPerSheetMax: number;
}

const SHEET_ROWS_MAX = 1_048_576;

type Cell = string | number | null | Decimal;
interface Column {
  header: string;
  width: number;
  /** decimals: numbers where exact; a text in it stays text */
  numeric?: boolean;
}

/** A decimal string that is to be a number where that is exact. */
class Decimal {
  constructor(readonly value: string) {}
}

const UNIT_COLUMNS: Column[] = [
  { header: 'Item', width: 16 },
  { header: 'Name', width: 28 },
  { header: 'Kind', width: 8 },
  { header: 'Code', width: 24 },
];
const QUANTITY_COLUMNS: Column[] = [
  { header: 'Quantity', width: 14, numeric: true },
  { header: 'Unit of measure', width: 10 },
];
const STATE_COLUMNS: Column[] = [
  { header: 'Certainty', width: 10 },
  { header: 'State', width: 11 },
  { header: 'Place', width: 22 },
  { header: 'Customer', width: 16 },
];
const AFFECTED_COLUMNS: Column[] = [
  ...UNIT_COLUMNS,
  ...STATE_COLUMNS,
  ...QUANTITY_COLUMNS,
  { header: 'Steps from the suspect', width: 10, numeric: true },
  { header: 'Affected from/until (UTC)', width: 52 },
  { header: 'Not any more', width: 10 },
  { header: 'Amount of suspect material', width: 14, numeric: true },
  { header: 'Amount unit', width: 8 },
  { header: 'Share', width: 14, numeric: true },
];
/** How certain it would have been says nothing of what is excluded. */
const NOT_OF_EXCLUDED = ['Certainty', 'Not any more'];
const EXCLUDED_COLUMNS: Column[] = AFFECTED_COLUMNS.filter(({ header }) => !NOT_OF_EXCLUDED.includes(header));
const CONTACT_COLUMNS: Column[] = [
  { header: 'Name', width: 26 },
  { header: 'E-mail', width: 26 },
  { header: 'Phone', width: 18 },
  { header: 'Address', width: 36 },
  { header: 'Country', width: 9 },
];

export function writeXlsx(
  report: ReportModel,
  reading: TraceReading,
  options: WorkbookOptions = { rowsPerSheetMax: SHEET_ROWS_MAX },
): Readable {
  const out = new PassThrough();
  new Workbook(report, reading, out, options).write().catch((error: Error) => out.destroy(error));
  return out;
}

class Workbook {
  private readonly book: excel.xlsx.WorkbookWriter;

  constructor(
    private readonly report: ReportModel,
    private readonly reading: TraceReading,
    private readonly out: PassThrough,
    private readonly options: WorkbookOptions,
  ) {
    const asked = new Date(report.trace.askedAt);
    const book = { stream: out, useStyles: true, useSharedStrings: false, zip: { zlib: { level: 6 } } };
    this.book = new excel.xlsx.WorkbookWriter({ ...book, created: asked, modified: asked } as typeof book);
    this.book.creator = 'Unitrail';
    this.book.lastModifiedBy = 'Unitrail';
    sameDates(this.book, asked);
  }

  async write(): Promise<void> {
    await this.about();
    await this.summary();
    const { question, trace } = this.report;
    const affected = (row: UnitRow) => affectedCells(row, exposureEnded(row, question, trace.askedAt));
    await this.sheet('Units', AFFECTED_COLUMNS, map(this.reading.units(), affected));
    await this.sheet(
      'Holdings',
      [...UNIT_COLUMNS, ...STATE_COLUMNS.slice(1), ...QUANTITY_COLUMNS],
      this.severalHoldings(),
      'Each part of the units that are in several states, places or at several customers.',
    );
    if (this.report.question.direction === 'backward')
      await this.sheet('Suppliers', SUPPLIER_COLUMNS, map(this.reading.receipts(), receiptCells));
    await this.sheet('Customers', CUSTOMER_COLUMNS, map(this.reading.consignees(), consigneeCells));
    await this.sheet(
      'Excluded',
      [{ header: 'Reason', width: 20 }, ...EXCLUDED_COLUMNS],
      map(this.reading.excluded(), (row) => [row.reason, ...excludedCells(row)]),
    );
    await this.sheet(
      'Gaps',
      [{ header: 'Gap', width: 24 }, ...UNIT_COLUMNS.filter((c) => c.header !== 'Name'), ...GAP_COLUMNS],
      map(this.reading.gaps(), (row) => [
        row.kind,
        ...(row.unit ? [row.unit.item, unitKind(row.unit), unitCode(row.unit)] : [null, null, null]),
        row.event,
        row.message,
      ]),
    );
    await this.book.commit();
  }

  private about(): Promise<void> {
    const { report } = this;
    const rows: Cell[][] = reportFacts(report).map(([key, text]) => [key, text]);
    for (const sentence of report.summary) rows.push(['summary', sentence]);
    for (const suspect of report.suspects)
      for (const making of suspect.makings)
        rows.push([
          'origin',
          `${suspect.unit.item} ${unitCode(suspect.unit)}: ${making.type} ${whenOf(making)}` +
            (making.quantity ? `, ${making.quantity.value} ${making.quantity.uom}` : '') +
            (making.supplier ? `, from ${making.supplier.partner} ${making.supplier.name ?? ''}`.trimEnd() : '') +
            (making.supplierLot ? `, their lot ${making.supplierLot}` : '') +
            (making.document ? `, document ${making.document}` : '') +
            (making.place ? `, at ${making.place}` : ''),
        ]);
    return this.sheet(
      'Report',
      [
        { header: 'What', width: 20 },
        { header: 'Says', width: 110 },
      ],
      each(rows),
    );
  }

  private summary(): Promise<void> {
    const { items, states, places, customers, excluded, gaps } = this.report;
    const rows: Cell[][] = [];
    for (const item of items) {
      rows.push(['item', item.item, item.name, 'all', ...tallyCells(item)]);
      for (const state of item.states)
        rows.push(['item and state', item.item, item.name, stateName(state.state), ...tallyCells(state)]);
    }
    for (const state of states) rows.push(['state', null, null, stateName(state.state), ...tallyCells(state)]);
    for (const place of places) rows.push(['place', place.place, null, 'all', ...tallyCells(place)]);
    for (const { customer, delivered, ...now } of customers.listed) {
      rows.push(['customer, now there', customer.partner, customer.name, 'shipped', ...tallyCells(now)]);
      rows.push(['customer, ever shipped', customer.partner, customer.name, 'shipped', ...tallyCells(delivered)]);
    }
    if (customers.of > customers.listed.length)
      rows.push(['customer', `${customers.listed.length} of ${customers.of}: all are on the sheet Customers`]);
    for (const { reason, meaning, units } of excluded.reasons)
      rows.push(['excluded', reason, meaning, null, new Decimal(String(units))]);
    for (const { kind, meaning, gaps: n } of gaps.kinds)
      rows.push(['gap', kind, meaning, null, new Decimal(String(n))]);
    return this.sheet('Summary', SUMMARY_COLUMNS, each(rows));
  }

  private async *severalHoldings(): AsyncGenerator<Cell[]> {
    for await (const row of this.reading.units())
      if (row.holdings.length > 1)
        for (const { state, place, customer, quantity } of row.holdings)
          yield [...unitCells(row.unit, row.name), state, place, customer, ...quantityCells(quantity)];
  }

  /** Writes one list, on as many sheets as it needs. */
  private async sheet(name: string, columns: Column[], rows: AsyncIterable<Cell[]>, note?: string): Promise<void> {
    let part = 1;
    let sheet = this.open(name, columns);
    let written = 1;
    for await (const cells of rows) {
      if (written === this.options.rowsPerSheetMax) {
        sheet.commit();
        part++;
        sheet = this.open(`${name} (${part})`, columns);
        written = 1;
      }
      addRow(sheet, columns, cells);
      written++;
      if (written % 256 === 0) await this.drained(sheet);
    }
    if (written === 1 && part === 1) addRow(sheet, columns, [note ? `None. ${note}` : 'None.']);
    sheet.commit();
  }

  private open(name: string, columns: Column[]): Worksheet {
    const sheet = this.book.addWorksheet(name, { views: [{ state: 'frozen', ySplit: 1 }] });
    sheet.columns = columns.map(({ width, numeric }) => ({ width, style: { numFmt: numeric ? 'General' : '@' } }));
    const heading = sheet.addRow(columns.map((c) => c.header));
    heading.font = { bold: true };
    heading.commit();
    sheet.autoFilter = { from: { row: 1, column: 1 }, to: { row: 1, column: columns.length } };
    return sheet;
  }

  /** Waits until the sheet's bytes have gone on: the library itself takes rows without end into memory. */
  private async drained(sheet: Worksheet): Promise<void> {
    for (const pipe of (sheet as unknown as { stream: { pipes: OldStream[] } }).stream.pipes)
      while (pipe._writableState.needDrain && !this.out.destroyed) await drainOrClose(pipe, this.out);
    if (this.out.destroyed) throw new Error('The reader of the workbook went away.');
  }
}

/** The archive's streams are of an older make that tells only here that it is full. */
type OldStream = Writable & { _writableState: { needDrain: boolean } };

async function drainOrClose(pipe: Writable, out: PassThrough): Promise<void> {
  const settled = new AbortController();
  const { signal } = settled;
  await Promise.race([once(pipe, 'drain', { signal }), once(out, 'close', { signal })]).finally(() => settled.abort());
}

const TALLY_COLUMNS: Column[] = [
  { header: 'Units', width: 10, numeric: true },
  { header: 'Certain', width: 10, numeric: true },
  { header: 'Possible', width: 10, numeric: true },
  ...QUANTITY_COLUMNS,
  { header: 'Further quantities', width: 20 },
  { header: 'Units of unknown quantity', width: 14, numeric: true },
];
const SUMMARY_COLUMNS: Column[] = [
  { header: 'By', width: 22 },
  { header: 'Key', width: 20 },
  { header: 'Name', width: 36 },
  { header: 'State', width: 11 },
  ...TALLY_COLUMNS,
];
const CUSTOMER_COLUMNS: Column[] = [
  { header: 'Customer', width: 14 },
  ...CONTACT_COLUMNS,
  { header: 'Shipment', width: 18 },
  { header: 'Shipped at (UTC)', width: 25 },
  { header: 'Item', width: 16 },
  { header: 'Kind', width: 8 },
  { header: 'Code', width: 24 },
  ...QUANTITY_COLUMNS,
  { header: 'Certainty', width: 10 },
  { header: 'Affected when shipped', width: 12 },
  { header: 'Inside', width: 28 },
];
const SUPPLIER_COLUMNS: Column[] = [
  { header: 'Supplier', width: 14 },
  ...CONTACT_COLUMNS,
  { header: 'Their lot', width: 20 },
  { header: 'Document', width: 18 },
  { header: 'At (UTC)', width: 25 },
  { header: 'Item', width: 16 },
  { header: 'Kind', width: 8 },
  { header: 'Code', width: 24 },
  ...QUANTITY_COLUMNS,
  { header: 'Certainty', width: 10 },
  { header: 'Place', width: 22 },
];
const GAP_COLUMNS: Column[] = [
  { header: 'Event', width: 20 },
  { header: 'What is not known', width: 90 },
];

function addRow(sheet: Worksheet, columns: Column[], cells: Cell[]): void {
  const row = sheet.addRow(cells.map((cell) => (cell instanceof Decimal ? exactNumber(cell.value) : textOf(cell))));
  cells.forEach((cell, i) => {
    // A decimal that no spreadsheet holds exactly stays text, in a column of numbers too.
    if (columns[i]?.numeric && cell instanceof Decimal && typeof exactNumber(cell.value) === 'string')
      row.getCell(i + 1).numFmt = '@';
  });
  row.commit();
}

function textOf(cell: string | number | null): string | number | null {
  return typeof cell === 'string' ? cellText(cell) : cell;
}

function unitCells(unit: UnitRef, name: string | null): Cell[] {
  return [unit.item, name, unitKind(unit), unitCode(unit)];
}

function quantityCells(quantity: Quantity | null): Cell[] {
  return quantity ? [new Decimal(quantity.value), quantity.uom] : [null, null];
}

function excludedCells(row: UnitRow): Cell[] {
  return affectedCells(row, false).filter((_, i) => !NOT_OF_EXCLUDED.includes(AFFECTED_COLUMNS[i]?.header ?? ''));
}

function affectedCells(row: UnitRow, ended: boolean): Cell[] {
  return [
    ...unitCells(row.unit, row.name),
    row.certainty,
    row.state === null ? (row.holdings.length > 1 ? 'several' : null) : stateName(row.state),
    row.place,
    row.customer,
    ...quantityCells(row.quantity),
    row.depth,
    intervalsIso(row.exposure),
    ended ? 'yes' : null,
    ...quantityCells(row.amount),
    row.share === null ? null : new Decimal(row.share),
  ];
}

function receiptCells({ unit, certainty, making }: ReceiptRow): Cell[] {
  return [
    ...contactCells(making.supplier),
    making.supplierLot,
    making.document,
    whenOf(making),
    unit.item,
    unitKind(unit),
    unitCode(unit),
    ...quantityCells(making.quantity),
    certainty,
    making.place,
  ];
}

function contactCells(contact: Contact | null): Cell[] {
  if (!contact) return [null, null, null, null, null, null];
  const { partner, name, email, phone, address, country } = contact;
  return [partner, name, email, phone, address, country];
}

function consigneeCells(row: ConsigneeRow): Cell[] {
  return [
    ...contactCells(row.customer),
    row.shipment,
    whenOf(row),
    row.unit.item,
    unitKind(row.unit),
    unitCode(row.unit),
    ...quantityCells(row.quantity),
    row.certainty,
    row.hit ? 'yes' : 'no',
    row.inside ? unitText(row.inside.unit) : null,
  ];
}

function tallyCells(tally: Tally): Cell[] {
  const [first, ...more] = tally.quantities;
  return [
    tally.units,
    tally.certain,
    tally.possible,
    ...quantityCells(first ?? null),
    more.map((q) => `${q.value} ${q.uom}`).join(', ') || null,
    tally.unknown || null,
  ];
}

async function* map<T>(rows: AsyncIterable<T>, cells: (row: T) => Cell[]): AsyncGenerator<Cell[]> {
  for await (const row of rows) yield cells(row);
}

async function* each(rows: Cell[][]): AsyncGenerator<Cell[]> {
  yield* rows;
}

/**
 * Dates every entry of the archive with the trace's own time, so that the same trace gives the same bytes. The archive takes
 * entries up from its queue one by one, after this: the two that the library has queued when it was made are dated too.
 */
function sameDates(book: excel.xlsx.WorkbookWriter, date: Date): void {
  const { zip } = book as unknown as { zip: { _moduleAppend(source: unknown, data: object, done: unknown): void } };
  const append = zip._moduleAppend.bind(zip);
  zip._moduleAppend = (source, data, done) => append(source, { ...data, date }, done);
}
