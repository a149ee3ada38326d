import { DomainError } from '@/kernel';
import type { EventFileKind } from './files';
import type { MappedEvent, Row } from './record';

/** What a mapper needs to know of an item: how it is tracked, and its base unit where a quantity names none. */
export interface ItemFacts {
  tracking: 'serial' | 'lot' | 'none';
  uom: string;
}
export type Items = ReadonlyMap<string, ItemFacts>;

/** A refusal that knows its row and column. */
export class RowError extends Error {
  constructor(
    readonly row: number,
    readonly column: string | null,
    readonly error: DomainError,
  ) {
    super(error.message);
  }
}

type Cells = Readonly<Record<string, string>>;
type Origins = Record<string, string>;

const COMMON_FIELDS: Origins = {
  at: 'at',
  id: 'id',
  place: 'place',
  note: 'note',
  shift: 'shift',
  tool: 'tool',
  operator: 'operator',
  workCenter: 'work_center',
  workOrder: 'work_order',
};

const UNIT_KINDS = ['serial', 'lot', 'run'];

/** The unit that `item`, `code` and perhaps `kind` name; an unknown item is left to the ledger, which says so. */
export function unitOf(row: Row, columns: { item: string; code: string; kind: string }, items: Items) {
  const item = row.cells[columns.item];
  const code = row.cells[columns.code];
  if (!item) throw new RowError(row.row, columns.item, new DomainError('FIELD_REQUIRED', { field: columns.item }));
  if (!code) throw new RowError(row.row, columns.code, new DomainError('FIELD_REQUIRED', { field: columns.code }));
  const stated = row.cells[columns.kind]?.toLowerCase();
  if (stated !== undefined && !UNIT_KINDS.includes(stated))
    throw new RowError(
      row.row,
      columns.kind,
      new DomainError('FIELD_INVALID', { field: columns.kind, reason: 'it must be serial, lot or run.' }),
    );
  const tracking = items.get(item)?.tracking;
  return { item, [stated ?? (tracking === 'serial' ? 'serial' : 'lot')]: code };
}

/** `{value, uom}`; the item's base unit where the row names none. Absent where there is no quantity. */
export function quantityOf(
  row: Row,
  columns: { item: string; quantity: string; uom: string },
  items: Items,
): { value: string; uom: string } | undefined {
  const value = row.cells[columns.quantity];
  if (value === undefined) return undefined;
  const uom = row.cells[columns.uom] ?? items.get(row.cells[columns.item] ?? '')?.uom;
  if (uom === undefined) {
    // The item is unknown, and the ledger will say that; the unit of measure is not the row's trouble.
    return { value, uom: 'pcs' };
  }
  return { value, uom };
}

const UNIT_COLUMNS = { item: 'item', code: 'code', kind: 'kind' };
const QUANTITY_COLUMNS = { item: 'item', quantity: 'quantity', uom: 'uom' };

const lower = (text: string | undefined) => text?.toLowerCase();

type RowMapper = (row: Row, items: Items) => { event: Record<string, unknown>; origins: Origins };

const at = (prefix: string): Origins => ({
  [`${prefix}unit.item`]: 'item',
  [`${prefix}unit`]: 'code',
  [`${prefix}quantity.uom`]: 'uom',
  [`${prefix}quantity`]: 'quantity',
});

/** An event about one unit, as most files have it. */
function single(type: string, fields: Origins, more: (c: Cells) => Record<string, unknown> = () => ({})): RowMapper {
  return (row, items) => {
    const event: Record<string, unknown> = {
      type,
      ...common(row.cells),
      unit: unitOf(row, UNIT_COLUMNS, items),
      quantity: quantityOf(row, QUANTITY_COLUMNS, items),
    };
    for (const [field, column] of Object.entries(fields)) event[field] = row.cells[column];
    return { event: { ...event, ...more(row.cells) }, origins: { ...at(''), ...fields } };
  };
}

/** An event that names its units in a list: one row, one unit. */
function listed(type: string, fields: Origins, more: (c: Cells) => Record<string, unknown> = () => ({})): RowMapper {
  return (row, items) => {
    const event: Record<string, unknown> = {
      type,
      ...common(row.cells),
      units: [{ unit: unitOf(row, UNIT_COLUMNS, items), quantity: quantityOf(row, QUANTITY_COLUMNS, items) }],
    };
    for (const [field, column] of Object.entries(fields)) event[field] = row.cells[column];
    return { event: { ...event, ...more(row.cells) }, origins: { ...at('units[0].'), ...fields } };
  };
}

function common(cells: Cells): Record<string, unknown> {
  return Object.fromEntries(Object.entries(COMMON_FIELDS).map(([field, column]) => [field, cells[column]]));
}

function refs(columns: Origins): (c: Cells) => Record<string, unknown> {
  return (cells) => {
    const named = Object.entries(columns).flatMap(([ref, column]) => (cells[column] ? [[ref, cells[column]]] : []));
    return named.length > 0 ? { refs: Object.fromEntries(named) } : {};
  };
}

/** Where a row names a container and no unit, it is about all that is in the container. */
function contained(named: RowMapper, type: string, fields: Origins): RowMapper {
  return (row, items) => {
    const { container, item, code } = row.cells;
    if (!container) return named(row, items);
    const columns = { ...fields, container: 'container' };
    if (item || code) {
      const { event, origins } = named(row, items);
      return { event: { ...event, refs: { container, ...(event.refs as object | undefined) } }, origins };
    }
    const event: Record<string, unknown> = { type, ...common(row.cells), container };
    for (const [field, column] of Object.entries(fields)) event[field] = row.cells[column];
    return { event, origins: columns };
  };
}

/** Files whose rows become events one by one. */
export type RowFileKind = Exclude<EventFileKind, 'builds' | 'purchase_orders' | 'sales_orders'>;

const MAPPERS: Record<RowFileKind, RowMapper> = {
  stock: single('create', { madeAt: 'made_at', expires: 'expires' }),
  packings: (row, items) => {
    const action = lower(row.cells.action) ?? 'pack';
    if (action !== 'pack' && action !== 'unpack')
      throw new RowError(
        row.row,
        'action',
        new DomainError('FIELD_INVALID', { field: 'action', reason: 'it must be pack or unpack.' }),
      );
    return listed(action, { container: 'container' })(row, items);
  },
  counts: single('count', { reason: 'reason' }),
  holds: contained(listed('hold', { reason: 'reason', ref: 'ref' }), 'hold', { reason: 'reason', ref: 'ref' }),
  receipts: single(
    'receive',
    { supplier: 'supplier', supplierLot: 'supplier_lot', expires: 'expires', revision: 'revision' },
    refs({ purchaseOrder: 'purchase_order' }),
  ),
  moves: contained(single('move', { from: 'from', to: 'to' }, refs({ pallet: 'pallet' })), 'move', {
    from: 'from',
    to: 'to',
  }),
  shipments: contained(
    listed(
      'ship',
      { customer: 'customer', shipment: 'shipment' },
      refs({ salesOrder: 'sales_order', pallet: 'pallet' }),
    ),
    'ship',
    { customer: 'customer', shipment: 'shipment' },
  ),
  returns: listed('return', { customer: 'customer', shipment: 'shipment', condition: 'condition' }),
  scrap: single('scrap', { reason: 'reason' }),
  inspections: (row, items) => {
    const { event, origins } = single('inspect', { characteristic: 'characteristic', measured: 'measured' })(
      row,
      items,
    );
    const { limit_low: low, limit_high: high, result } = row.cells;
    return {
      event: { ...event, result: lower(result), limits: low || high ? { low, high } : undefined },
      origins: { ...origins, result: 'result', 'limits.low': 'limit_low', 'limits.high': 'limit_high' },
    };
  },
};

/** One row, one event. Throws RowError where the row names no unit. */
export function mapRow(kind: RowFileKind, row: Row, items: Items): MappedEvent {
  const { event, origins } = MAPPERS[kind](row, items);
  const columns = { ...COMMON_FIELDS, ...origins };
  return {
    event: withoutGaps(event),
    rows: [row],
    origin: (field) => ({ row: row.row, column: columnOf(field, columns) }),
  };
}

/** The column of the longest known beginning of a field: `unit.lot` → that of `unit`. */
export function columnOf(field: string, columns: Origins): string | null {
  for (let rest = field; rest !== ''; rest = rest.replace(/(^|\.)[^.]*$/, '')) {
    const column = columns[rest];
    if (column !== undefined) return column;
  }
  return null;
}

/** Without fields that are undefined: what is hashed, sent and kept is what the file says. */
export function withoutGaps<T>(value: T): T {
  if (Array.isArray(value)) return value.map(withoutGaps) as T;
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(
      Object.entries(value).flatMap(([k, v]) => (v === undefined ? [] : [[k, withoutGaps(v as unknown)]])),
    ) as T;
  return value;
}

export { COMMON_FIELDS };
