import { DomainError, ErrorCode } from '@/kernel';
import { RowError } from './map-events';
import type { MappedRecord, RefusedRow, Row } from './record';

/** The part of a refusal that says where in the file it belongs. */
interface Trouble {
  code: ErrorCode;
  message: string;
  details: Record<string, unknown>;
}

/**
 * Every row of the record, so that the list of refused rows holds all that has to be sent again: the row at fault with the reason,
 * the others with a pointer to it.
 */
export function refuseRows(
  file: string,
  rows: readonly Row[],
  fault: { row: number; column: string | null },
  trouble: { code: ErrorCode; message: string },
): RefusedRow[] {
  return rows.map((row) => {
    if (row.row === fault.row)
      return { file, row: row.row, column: fault.column, code: trouble.code, message: trouble.message, raw: row.raw };
    const error = new DomainError('CSV_GROUP_REFUSED', { row: fault.row });
    return { file, row: row.row, column: null, code: error.code, message: error.message, raw: row.raw };
  });
}

export function refuseError(file: string, rows: readonly Row[], error: RowError): RefusedRow[] {
  return refuseRows(file, rows, error, { code: error.error.code, message: error.error.message });
}

/** A refusal from behind a door as refused rows, with the cell that is at fault. */
export function refuseRecord(file: string, mapped: MappedRecord, trouble: Trouble): RefusedRow[] {
  return refuseRows(file, mapped.rows, locate(mapped, trouble), trouble);
}

/** The detail that names what is wrong, most telling first. */
const TELLING = ['uom', 'value', 'code', 'place', 'partner', 'item', 'unit', 'event', 'id'];

function locate(mapped: MappedRecord, trouble: Trouble): { row: number; column: string | null } {
  const { details } = trouble;
  // FIELD_* and TIME_* name the field. Other codes name what stands in the cell.
  const named = typeof details.field === 'string' ? mapped.origin(details.field) : null;
  if (named?.column) return named;
  for (const detail of TELLING) {
    const said = details[detail];
    const cell = typeof said === 'string' ? findCell(mapped.rows, said, detail) : null;
    if (cell) return cell;
  }
  return { row: named?.row ?? mapped.rows[0]!.row, column: null };
}

/** The first cell that says `text`, or the code of the unit that `text` names as "item code". */
function findCell(rows: readonly Row[], text: string, detail: string): { row: number; column: string } | null {
  for (const row of rows)
    for (const [column, value] of Object.entries(row.cells))
      if (value === text && fits(column, detail)) return { row: row.row, column };
  for (const row of rows)
    for (const [item, code] of [
      ['input_item', 'input_code'],
      ['output_item', 'output_code'],
      ['item', 'code'],
    ] as const)
      if (row.cells[item] && text === `${row.cells[item]} ${row.cells[code]}`) return { row: row.row, column: code };
  return null;
}

/** A quantity of 1 is not the position 1. */
function fits(column: string, detail: string): boolean {
  if (detail === 'value') return column.endsWith('quantity');
  if (detail === 'uom') return column.endsWith('uom');
  return !column.endsWith('quantity') && !column.endsWith('uom');
}
