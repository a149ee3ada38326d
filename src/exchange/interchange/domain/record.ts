/** What the mappers work on: rows of a file, records of one or more rows, and what is wrong with them. */
import type { ErrorCode } from '@/kernel';

/**
 * What stands in a cell of a table. A text is as in CSV. Workbooks know more: numbers, dates and times without a zone, and
 * formulas that came to an error or were never computed.
 */
export type Cell = string | { n: string } | { d: string } | { e: string };

/** One row of a table. `row` counts as a spreadsheet does, the header being row 1. */
export interface Row {
  row: number;
  /** by column name; absent columns and empty cells are not there */
  cells: Readonly<Record<string, string>>;
  /** set when the row itself cannot be read */
  broken?: { column: string | null; reason: string };
  /** the cells as they stand in the file, to give them back where the row is refused */
  raw?: readonly Cell[];
}

/** Rows that become one thing together: one event, one item, one BOM revision. */
export interface RowGroup {
  rows: Row[];
}

/** A refused row, as the list of refused rows shows it. */
export interface RefusedRow {
  file: string;
  row: number;
  column: string | null;
  code: ErrorCode;
  message: string;
  raw?: readonly Cell[];
}

/** Something made of rows, with the way back from a field of it to a cell of the file. */
export interface MappedRecord {
  rows: Row[];
  /** field (`inputs[2].quantity`) → row and column */
  origin(field: string): { row: number; column: string | null } | null;
}

export interface MappedEvent extends MappedRecord {
  event: Record<string, unknown>;
}
