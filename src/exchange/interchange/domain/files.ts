/** The files that an import reads: their names, their columns, and the order in which they are taken. */
export const FILE_KINDS = [
  'items',
  'places',
  'partners',
  'bom',
  'purchase_orders',
  'sales_orders',
  'stock',
  'receipts',
  'builds',
  'packings',
  'moves',
  'shipments',
  'returns',
  'scrap',
  'counts',
  'inspections',
  'holds',
  'events',
] as const;
export type FileKind = (typeof FILE_KINDS)[number];
export type CsvKind = Exclude<FileKind, 'events'>;
export type MasterKind = 'items' | 'places' | 'partners' | 'bom';
export type EventFileKind = Exclude<CsvKind, MasterKind>;

export interface Columns {
  required: readonly string[];
  optional: readonly string[];
}

const COMMON = [
  'id',
  'place',
  'note',
  'shift',
  'tool',
  'operator',
  'work_center',
  'work_order',
  'kind',
  'quantity',
  'uom',
] as const;

const COMMON_BUT_PLACE = COMMON.filter((c) => c !== 'place' && c !== 'quantity');
const ORDER = ['id', 'note', 'operator'] as const;

export const COLUMNS: Record<CsvKind, Columns> = {
  items: { required: ['item', 'name', 'tracking', 'uom'], optional: ['gtin', 'category'] },
  places: { required: ['place', 'kind', 'name'], optional: ['parent', 'time_zone'] },
  partners: { required: ['partner', 'name', 'kind'], optional: ['email', 'phone', 'address', 'country'] },
  bom: {
    required: ['item', 'revision', 'component', 'quantity', 'uom'],
    optional: ['position', 'substitutes', 'effective_from', 'effective_until'],
  },
  receipts: {
    required: ['at', 'item', 'code'],
    optional: [...COMMON, 'supplier', 'supplier_lot', 'purchase_order', 'expires', 'revision'],
  },
  builds: {
    required: ['at', 'output_item', 'output_code', 'input_item', 'input_code'],
    optional: [
      ...COMMON.filter((c) => c !== 'kind'),
      'output_kind',
      'output_quantity',
      'output_uom',
      'output_position',
      'input_kind',
      'position',
      'mode',
      'certainty',
      'from',
      'until',
    ],
  },
  purchase_orders: {
    required: ['at', 'purchase_order', 'supplier', 'item', 'quantity'],
    optional: [...ORDER, 'uom', 'line', 'due', 'deliver_to'],
  },
  sales_orders: {
    required: ['at', 'sales_order', 'customer', 'item', 'quantity'],
    optional: [...ORDER, 'uom', 'line', 'due', 'deliver_to'],
  },
  stock: { required: ['at', 'item', 'code'], optional: [...COMMON, 'made_at', 'expires'] },
  packings: { required: ['at', 'container', 'item', 'code'], optional: [...COMMON, 'action'] },
  moves: { required: ['at', 'item', 'code', 'to'], optional: [...COMMON, 'from', 'pallet', 'container'] },
  shipments: {
    required: ['at', 'shipment', 'customer', 'item', 'code'],
    optional: [...COMMON, 'sales_order', 'pallet', 'container'],
  },
  returns: { required: ['at', 'item', 'code'], optional: [...COMMON, 'customer', 'shipment', 'condition'] },
  scrap: { required: ['at', 'item', 'code'], optional: [...COMMON, 'reason'] },
  counts: { required: ['at', 'item', 'code', 'quantity', 'place'], optional: [...COMMON_BUT_PLACE, 'reason'] },
  holds: {
    required: ['at', 'item', 'code', 'reason'],
    optional: [...COMMON.filter((c) => c !== 'quantity' && c !== 'uom'), 'ref', 'container'],
  },
  inspections: {
    required: ['at', 'item', 'code', 'characteristic', 'result'],
    optional: [...COMMON.filter((c) => c !== 'quantity' && c !== 'uom'), 'measured', 'limit_low', 'limit_high'],
  },
};

export const EXPECTED_NAMES = FILE_KINDS.map((kind) => (kind === 'events' ? 'events.ndjson' : `${kind}.csv`)).join(
  ', ',
);

/** What a file is by its name, whatever its case and folder: `receipts.csv`, any `.ndjson` or `.jsonl`; null for others. */
export function kindOfFile(name: string): FileKind | null {
  const lower = name.toLowerCase();
  if (/\.(ndjson|jsonl)$/.test(lower)) return 'events';
  const stem = /(?:^|\/)([a-z_]+)\.csv$/.exec(lower)?.[1];
  return stem === undefined ? null : kindOfSheet(stem);
}

/** What a sheet is by its name: `Receipts`, `Purchase orders`. */
export function kindOfSheet(name: string): CsvKind | null {
  const stem = name
    .slice(name.lastIndexOf('/') + 1)
    .trim()
    .toLowerCase()
    .replace(/[\s-]+/g, '_');
  return FILE_KINDS.find((kind): kind is CsvKind => kind === stem && kind !== 'events') ?? null;
}

export function isMaster(kind: FileKind): kind is MasterKind {
  return kind === 'items' || kind === 'places' || kind === 'partners' || kind === 'bom';
}

/** Master data first, so that what events name is there; NDJSON last. Events come in any order anyway. */
export function byOrder(a: { name: string; kind: FileKind }, b: { name: string; kind: FileKind }): number {
  return FILE_KINDS.indexOf(a.kind) - FILE_KINDS.indexOf(b.kind) || (a.name < b.name ? -1 : a.name > b.name ? 1 : 0);
}
