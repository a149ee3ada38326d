/** The files of a plant and their columns, as docs and imports know them, and how one record becomes a line of text. */
export const COLUMNS = {
  'items.csv': ['item', 'name', 'tracking', 'uom', 'gtin', 'category'],
  'places.csv': ['place', 'parent', 'kind', 'name', 'time_zone'],
  'partners.csv': ['partner', 'name', 'kind', 'email', 'phone', 'address', 'country'],
  'bom.csv': [
    'item',
    'revision',
    'component',
    'quantity',
    'uom',
    'position',
    'substitutes',
    'effective_from',
    'effective_until',
  ],
  'receipts.csv': [
    'at',
    'place',
    'item',
    'code',
    'quantity',
    'uom',
    'supplier',
    'supplier_lot',
    'purchase_order',
    'expires',
  ],
  'builds.csv': [
    'at',
    'place',
    'output_item',
    'output_code',
    'output_kind',
    'output_quantity',
    'output_uom',
    'input_item',
    'input_code',
    'input_kind',
    'quantity',
    'uom',
    'position',
    'mode',
    'certainty',
    'work_order',
    'work_center',
    'operator',
  ],
  'moves.csv': ['at', 'item', 'code', 'quantity', 'uom', 'from', 'to'],
  'shipments.csv': ['id', 'at', 'place', 'shipment', 'customer', 'item', 'code', 'quantity', 'uom', 'pallet'],
  'returns.csv': ['at', 'place', 'shipment', 'customer', 'item', 'code', 'quantity', 'uom', 'condition'],
  'scrap.csv': ['at', 'place', 'item', 'code', 'quantity', 'uom', 'reason'],
  'inspections.csv': [
    'at',
    'place',
    'item',
    'code',
    'characteristic',
    'result',
    'measured',
    'limit_low',
    'limit_high',
    'operator',
  ],
} as const;

export type CsvName = keyof typeof COLUMNS;
export type FileName = CsvName | 'events.ndjson';
export const FILE_NAMES: FileName[] = [...(Object.keys(COLUMNS) as CsvName[]), 'events.ndjson'];

type Cell = string | number | undefined;
type Row<F extends CsvName> = Partial<Record<(typeof COLUMNS)[F][number], Cell>>;

/** One line of one file. */
export interface Entry {
  file: FileName;
  content: object;
}

export function row<F extends CsvName>(file: F, cells: Row<F>): Entry {
  return { file, content: cells };
}

export function event(content: { id: string; type: string; at?: string } & Record<string, unknown>): Entry {
  return { file: 'events.ndjson', content };
}

export function headerLine(file: FileName): string | null {
  return file === 'events.ndjson' ? null : `${COLUMNS[file].join(',')}\n`;
}

export function line(entry: Entry): string {
  if (entry.file === 'events.ndjson') return `${JSON.stringify(entry.content)}\n`;
  const cells = entry.content as Record<string, Cell>;
  return `${COLUMNS[entry.file].map((c) => quoted(cells[c])).join(',')}\n`;
}

function quoted(cell: Cell): string {
  const text = cell === undefined ? '' : String(cell);
  return /[",;\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** A unit as an event names it. */
export function unit(
  kind: 'serial' | 'lot' | 'run',
  item: string,
  code: string,
): { item: string } & Record<string, string> {
  return { item, [kind]: code };
}

export function quantity(value: number | string, uom: string): { value: string; uom: string } {
  return { value: String(value), uom };
}

/** ISO 8601 UTC from milliseconds. */
export function iso(ms: number): string {
  return new Date(ms).toISOString();
}

/** The date alone. */
export function day(ms: number): string {
  return iso(ms).slice(0, 10);
}
