import { DomainError } from '@/kernel';
import { COMMON_FIELDS, columnOf, Items, quantityOf, RowError, unitOf, withoutGaps } from './map-events';
import type { MappedEvent, Row } from './record';

/** Rows that are one build: the same output, at the same time, under the same work order, wherever they stand in the file. */
export function buildKey(cells: Readonly<Record<string, string>>): string {
  return JSON.stringify([cells.at, cells.output_item, cells.output_code, cells.work_order]);
}

const SHARED = [
  'id',
  'place',
  'output_kind',
  'output_quantity',
  'output_uom',
  'output_position',
  'work_center',
  'operator',
  'shift',
  'tool',
];

const INPUT = { item: 'input_item', code: 'input_code', kind: 'input_kind' };
const OUTPUT = { item: 'output_item', code: 'output_code', kind: 'output_kind' };

export interface MappedBuild extends MappedEvent {
  /** rows that name an untracked item without a code: no unit, and left out */
  untracked: number;
}

/** The rows of one build as one `produce`. Throws RowError. */
export function mapBuild(rows: Row[], items: Items): MappedBuild {
  const first = rows[0]!;
  const cells = together(rows);
  const inputRows: Row[] = [];
  let untracked = 0;
  const inputs: Record<string, unknown>[] = [];
  for (const row of rows) {
    const { input_item: item, input_code: code } = row.cells;
    // A row without any input is a build without recorded inputs, which is allowed and shows as a gap.
    if (!item && !code) continue;
    if (item && !code && items.get(item)?.tracking === 'none') {
      untracked++;
      continue;
    }
    inputRows.push(row);
    const { position, mode, certainty, from, until } = row.cells;
    inputs.push({
      unit: unitOf(row, INPUT, items),
      quantity: quantityOf(row, { item: 'input_item', quantity: 'quantity', uom: 'uom' }, items),
      position,
      mode: mode?.toLowerCase(),
      certainty: certainty?.toLowerCase(),
      from,
      until,
    });
  }
  const output = { row: first.row, cells };
  const event = withoutGaps({
    type: 'produce',
    ...Object.fromEntries(Object.entries(COMMON_FIELDS).map(([field, column]) => [field, cells[column]])),
    outputs: [
      {
        unit: unitOf(output, OUTPUT, items),
        quantity: quantityOf(output, { item: 'output_item', quantity: 'output_quantity', uom: 'output_uom' }, items),
        position: cells.output_position,
      },
    ],
    inputs,
  });
  return { event, rows, untracked, origin: (field) => origin(field, first, inputRows) };
}

const OUTPUT_COLUMNS = {
  ...COMMON_FIELDS,
  'outputs[0].unit.item': 'output_item',
  'outputs[0].unit': 'output_code',
  'outputs[0].quantity.uom': 'output_uom',
  'outputs[0].quantity': 'output_quantity',
  'outputs[0].position': 'output_position',
  outputs: 'output_code',
};
const INPUT_COLUMNS = {
  'unit.item': 'input_item',
  unit: 'input_code',
  'quantity.uom': 'uom',
  quantity: 'quantity',
  position: 'position',
  mode: 'mode',
  certainty: 'certainty',
  from: 'from',
  until: 'until',
};

function origin(field: string, first: Row, inputRows: Row[]): { row: number; column: string | null } {
  const input = /^inputs\[(\d+)\]\.?(.*)$/.exec(field);
  const row = input && inputRows[Number(input[1])];
  if (row) return { row: row.row, column: columnOf(input[2]!, INPUT_COLUMNS) };
  return { row: first.row, column: columnOf(field, OUTPUT_COLUMNS) };
}

/** What the rows of a build say of the build itself: each cell once, and no two that differ. */
function together(rows: Row[]): Record<string, string> {
  const cells: Record<string, string> = { ...rows[0]!.cells };
  for (const row of rows)
    for (const column of SHARED) {
      const said = row.cells[column];
      if (said === undefined) continue;
      const before = cells[column];
      if (before !== undefined && before !== said)
        throw new RowError(
          row.row,
          column,
          new DomainError('CSV_ROWS_DISAGREE', { row: rows[0]!.row, column, value: before, other: said }),
        );
      cells[column] = said;
    }
  const notes = new Set(rows.flatMap((r) => (r.cells.note ? [r.cells.note] : [])));
  if (notes.size > 0) cells.note = [...notes].join('\n');
  return cells;
}
