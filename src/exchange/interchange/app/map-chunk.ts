/** Records of a file, as they were read, → events with ids or bodies of master data, or the rows that cannot become one. */
import { DomainError } from '@/kernel';
import type { JsonLine } from '../csv/read-lines';
import type { EventFileKind } from '../domain/files';
import type { ContentIds } from '../domain/identity';
import { mapBuild } from '../domain/map-builds';
import { Items, mapRow, RowError } from '../domain/map-events';
import { mapOrder } from '../domain/map-orders';
import type { MappedEvent, RefusedRow, Row } from '../domain/record';
import { refuseError } from '../domain/refuse';

/** Rows of a table, or a line of NDJSON. */
export type FileRecord = { rows: Row[] } | JsonLine;

/** Rows → one event; without an id it gets that of its content. `onUntracked`: rows that name no unit, and are left out. */
export function mapGroup(
  file: { name: string; kind: EventFileKind },
  rows: Row[],
  items: Items,
  ids: ContentIds,
  onUntracked: (rows: number) => void,
): MappedEvent | RefusedRow[] {
  const { name, kind } = file;
  const mapped = guarded(name, rows, () => mapRows(kind, rows, items));
  if (Array.isArray(mapped)) return mapped;
  if ('untracked' in mapped) onUntracked(mapped.untracked as number);
  mapped.event.id ??= ids.idOf(mapped.event);
  return mapped;
}

function mapRows(kind: EventFileKind, rows: Row[], items: Items): MappedEvent {
  if (kind === 'builds') return mapBuild(rows, items);
  if (kind === 'purchase_orders' || kind === 'sales_orders') return mapOrder(kind, rows, items);
  return mapRow(kind, rows[0]!, items);
}

/** A line of NDJSON as an event; without an id it gets that of its content. */
export function mapLine(line: JsonLine, ids: ContentIds): MappedEvent {
  const { value } = line;
  const event = value as Record<string, unknown>;
  const object =
    typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof DomainError);
  if (!object || (event.id ?? null) !== null) return new LineEvent(event, line);
  return new LineEvent({ ...event, id: ids.idOf(event) }, line);
}

/** Rows and origins are asked for of what is refused alone. */
class LineEvent implements MappedEvent {
  constructor(
    readonly event: Record<string, unknown>,
    private readonly line: JsonLine,
  ) {}

  get rows(): Row[] {
    return [{ row: this.line.row, cells: {}, raw: [this.line.text] }];
  }

  origin(field: string): { row: number; column: string | null } {
    return { row: this.line.row, column: field };
  }
}

/** What `map` makes of the rows, or the refused rows where it cannot. */
export function guarded<T>(name: string, rows: Row[], map: () => T): T | RefusedRow[] {
  try {
    const row = rows.find((r) => r.broken);
    if (row?.broken) {
      const error = new DomainError('CSV_ROW_BROKEN', { reason: row.broken.reason });
      throw new RowError(row.row, row.broken.column, error);
    }
    return map();
  } catch (error) {
    if (error instanceof RowError) return refuseError(name, rows, error);
    throw error;
  }
}

export function itemsOf(row: Row): string[] {
  const { item, input_item: input, output_item: output } = row.cells;
  return [item, input, output].filter((code) => code !== undefined);
}
