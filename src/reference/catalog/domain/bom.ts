import { DomainError, parsePeriod, toBase } from '@/kernel';
import { Fields } from '../../master';

const FIELDS = ['item', 'revision', 'lines', 'effectiveFrom', 'effectiveUntil'];
const LINE_FIELDS = ['component', 'quantity', 'uom', 'position', 'substitutes'];
const LINES_MAX = 10_000;

export interface BomLine {
  component: string;
  quantity: string;
  uom: string;
  position?: string;
  substitutes?: string[];
}

/** A BOM revision as versions and audit lines keep it. */
export interface BomBody {
  item: string;
  revision: string;
  lines: BomLine[];
  effectiveFrom?: string;
  effectiveUntil?: string;
}

/** The effectivity in ms UTC, half-open; null is open. */
export interface Effectivity {
  fromMs: number | null;
  untilMs: number | null;
}

/** What is asked about items when a BOM is checked. */
export interface KnownItem {
  uom: string;
  factors: Record<string, string> | null;
}

export function bomKey(item: string, revision: string): string {
  return JSON.stringify([item, revision]);
}

/** Checks the shape of a row. Throws FIELD_REQUIRED, FIELD_INVALID, UNKNOWN_FIELD, QUANTITY_INVALID. */
export function readBom(row: Readonly<Record<string, unknown>>): BomBody {
  const fields = new Fields(row, FIELDS);
  const lines = fields.raw('lines');
  if (!Array.isArray(lines)) throw new DomainError('FIELD_REQUIRED', { field: 'lines' });
  if (lines.length === 0 || lines.length > LINES_MAX)
    throw new DomainError('FIELD_INVALID', { field: 'lines', reason: `a BOM has 1 to ${LINES_MAX} lines.` });
  const effectiveFrom = fields.optional('effectiveFrom', 50);
  const effectiveUntil = fields.optional('effectiveUntil', 50);
  return {
    item: fields.code('item', '~'),
    revision: fields.code('revision'),
    lines: lines.map((line: unknown, index) => readLine(line, `lines[${index}]`)),
    ...(effectiveFrom && { effectiveFrom }),
    ...(effectiveUntil && { effectiveUntil }),
  };
}

function readLine(line: unknown, at: string): BomLine {
  if (line === null || typeof line !== 'object' || Array.isArray(line))
    throw new DomainError('FIELD_INVALID', { field: at, reason: 'a line is an object.' });
  const fields = new Fields(line as Record<string, unknown>, LINE_FIELDS);
  const position = fields.optional('position', 200);
  const substitutes = fields.raw('substitutes') ?? [];
  if (!Array.isArray(substitutes) || !substitutes.every((s) => typeof s === 'string'))
    throw new DomainError('FIELD_INVALID', { field: `${at}.substitutes`, reason: 'write a list of item codes.' });
  return {
    component: fields.required('component', 100),
    quantity: fields.required('quantity', 80),
    uom: fields.required('uom', 20),
    ...(position && { position }),
    ...(substitutes.length > 0 && { substitutes: [...new Set(substitutes)] }),
  };
}

/** Every item code that a BOM names. */
export function itemsOf(body: BomBody): string[] {
  return [body.item, ...body.lines.flatMap((line) => [line.component, ...(line.substitutes ?? [])])];
}

/** Checks the meaning. Throws UNKNOWN_ITEM, FIELD_INVALID, QUANTITY_INVALID, UOM_UNKNOWN. */
export function checkBom(body: BomBody, known: ReadonlyMap<string, KnownItem>): void {
  for (const code of itemsOf(body)) if (!known.has(code)) throw new DomainError('UNKNOWN_ITEM', { item: code });
  for (const { component, quantity, uom, substitutes } of body.lines) {
    if (component === body.item || substitutes?.includes(body.item))
      throw new DomainError('FIELD_INVALID', { field: 'lines', reason: `${body.item} cannot be a part of itself.` });
    const item = known.get(component);
    if (item && toBase(quantity, uom, { item: component, ...item }) <= 0n)
      throw new DomainError('QUANTITY_INVALID', { value: quantity, reason: 'it must be above zero.' });
  }
}

/** A date covers its whole day in `zone`: from its first millisecond, until its last. Throws TIME_*, TIME_RANGE. */
export function readEffectivity(body: BomBody, zone: string): Effectivity {
  const fromMs = body.effectiveFrom ? parsePeriod(body.effectiveFrom, zone, 'effectiveFrom').from : null;
  const until = body.effectiveUntil ? parsePeriod(body.effectiveUntil, zone, 'effectiveUntil') : null;
  const untilMs = until && (until.coarse ? until.until : until.from);
  if (fromMs !== null && untilMs !== null && fromMs >= untilMs)
    throw new DomainError('TIME_RANGE', { from: body.effectiveFrom, until: body.effectiveUntil });
  return { fromMs, untilMs };
}
