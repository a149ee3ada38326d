import { DomainError } from '@/kernel';
import { COMMON_FIELDS, columnOf, Items, quantityOf, RowError, withoutGaps } from './map-events';
import type { MappedEvent, Row } from './record';

export type OrderKind = 'purchase_orders' | 'sales_orders';

const NUMBER: Record<OrderKind, { field: string; column: string; partner: string }> = {
  purchase_orders: { field: 'purchaseOrder', column: 'purchase_order', partner: 'supplier' },
  sales_orders: { field: 'salesOrder', column: 'sales_order', partner: 'customer' },
};

/** Rows that are one order, wherever they stand in the file. */
export function orderKey(kind: OrderKind): (cells: Readonly<Record<string, string>>) => string {
  const { column } = NUMBER[kind];
  return (cells) => JSON.stringify([cells.at, cells[column]]);
}

const LINE_COLUMNS = {
  line: 'line',
  item: 'item',
  'quantity.uom': 'uom',
  quantity: 'quantity',
  due: 'due',
  place: 'deliver_to',
};

/** The lines of one order as one `order`. Throws RowError where they name different partners. */
export function mapOrder(kind: OrderKind, rows: Row[], items: Items): MappedEvent {
  const { field, column, partner } = NUMBER[kind];
  const first = rows[0]!;
  const other = rows.find((row) => row.cells[partner] !== first.cells[partner]);
  if (other)
    throw new RowError(
      other.row,
      partner,
      new DomainError('CSV_ROWS_DISAGREE', {
        row: first.row,
        column: partner,
        value: first.cells[partner],
        other: other.cells[partner],
      }),
    );
  const event = withoutGaps({
    type: 'order',
    ...Object.fromEntries(Object.entries(COMMON_FIELDS).map(([name, of]) => [name, first.cells[of]])),
    [field]: first.cells[column],
    partner: first.cells[partner],
    lines: rows.map((row) => ({
      line: row.cells.line,
      item: row.cells.item,
      quantity: quantityOf(row, { item: 'item', quantity: 'quantity', uom: 'uom' }, items),
      due: row.cells.due,
      place: row.cells.deliver_to,
    })),
  });
  const columns = { ...COMMON_FIELDS, [field]: column, partner };
  return {
    event,
    rows,
    origin(name) {
      const line = /^lines\[(\d+)\]\.?(.*)$/.exec(name);
      const row = line && rows[Number(line[1])];
      return row
        ? { row: row.row, column: columnOf(line[2]!, LINE_COLUMNS) }
        : { row: first.row, column: columnOf(name, columns) };
    },
  };
}
