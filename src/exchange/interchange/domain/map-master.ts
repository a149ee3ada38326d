import { DomainError } from '@/kernel';
import type { MasterKind } from './files';
import { RowError } from './map-events';
import type { MappedRecord, Row } from './record';

/** Master data as the reference modules take it: the natural key and the fields, camelCase, with the way back to the cells. */
export interface MappedMaster extends MappedRecord {
  body: Record<string, unknown>;
}

/** Rows that are one thing: those of one revision of one item's bill of materials; all else is a row each. */
export function bomKey(cells: Readonly<Record<string, string>>): string {
  return JSON.stringify([cells.item, cells.revision]);
}

/** Field → column, where they differ. */
const COLUMN_OF_FIELD: Record<string, string> = {
  timeZone: 'time_zone',
  effectiveFrom: 'effective_from',
  effectiveUntil: 'effective_until',
  lines: 'component',
};

const FIELDS: Record<Exclude<MasterKind, 'bom'>, string[]> = {
  items: ['item', 'name', 'tracking', 'uom', 'gtin', 'category'],
  places: ['place', 'name', 'kind', 'parent', 'timeZone'],
  partners: ['partner', 'name', 'kind', 'email', 'phone', 'address', 'country'],
};

/** The rows of one record. Meaning is checked behind the doors; throws RowError where rows of one BOM revision disagree. */
export function mapMaster(kind: MasterKind, rows: Row[]): MappedMaster {
  const body = kind === 'bom' ? bom(rows) : fields(rows[0]!, FIELDS[kind]);
  return { body, rows, origin: (field) => origin(field, rows) };
}

function fields(row: Row, names: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = row.cells[COLUMN_OF_FIELD[name] ?? name];
      return value === undefined ? [] : [[name, value]];
    }),
  );
}

function bom(rows: Row[]): Record<string, unknown> {
  const lines = rows.map((row) => {
    const substitutes = list(row.cells.substitutes);
    return { ...fields(row, ['component', 'quantity', 'uom', 'position']), ...(substitutes && { substitutes }) };
  });
  const effectiveFrom = agreed(rows, 'effective_from');
  const effectiveUntil = agreed(rows, 'effective_until');
  return {
    ...fields(rows[0]!, ['item', 'revision']),
    lines,
    ...(effectiveFrom && { effectiveFrom }),
    ...(effectiveUntil && { effectiveUntil }),
  };
}

/** The row and column behind a field: `lines[2].uom` is the third row's `uom`. */
function origin(field: string, rows: Row[]): { row: number; column: string | null } {
  const line = /^lines\[(\d+)\]\.?(\w*)/.exec(field);
  const row = line && rows[Number(line[1])];
  if (row) return { row: row.row, column: line[2] || 'component' };
  const name = field.split(/[.[]/)[0]!;
  const column = COLUMN_OF_FIELD[name] ?? name;
  // A line's own field without its number: the first row that lacks it is the one.
  const lacking = ['component', 'quantity', 'uom'].includes(name) && rows.find((r) => r.cells[column] === undefined);
  return { row: (lacking || rows[0]!).row, column };
}

/** The one value that the rows of a group give to a column. */
function agreed(rows: Row[], column: string): string | undefined {
  const said = rows.filter((r) => r.cells[column] !== undefined);
  const other = said.find((r) => r.cells[column] !== said[0]!.cells[column]);
  if (other)
    throw new RowError(
      other.row,
      column,
      new DomainError('CSV_ROWS_DISAGREE', {
        row: said[0]!.row,
        column,
        value: said[0]!.cells[column],
        other: other.cells[column],
      }),
    );
  return said[0]?.cells[column];
}

/** Several items in one cell, between any of `;`, `|` and `,`. */
function list(cell: string | undefined): string[] | undefined {
  const parts = cell?.split(/[;|,]/).flatMap((part) => part.trim() || []);
  return parts?.length ? parts : undefined;
}
