import { type AttributeInput, DomainError, hasCheckDigit, parseDecimal, STANDARD_UOMS } from '@/kernel';
import { Fields } from '../../master';

export type Tracking = 'serial' | 'lot' | 'none';
const TRACKINGS: readonly string[] = ['serial', 'lot', 'none'];
const FIELDS = ['item', 'name', 'tracking', 'uom', 'gtin', 'category', 'factors', 'attributes'];

/** An item as versions and audit lines keep it; absent fields are left out. */
export interface ItemBody {
  name: string;
  tracking: Tracking;
  uom: string;
  /** 14 digits */
  gtin?: string;
  category?: string;
  /** the item's own units of measure: how many base units one of them is */
  factors?: Record<string, string>;
  /** own attributes; their definitions are checked where they are written */
  attributes?: Record<string, AttributeInput>;
}

/** Checks a row from a request or a file. Throws FIELD_REQUIRED, FIELD_INVALID, UNKNOWN_FIELD, UOM_UNKNOWN. */
export function readItem(row: Readonly<Record<string, unknown>>): { code: string; body: ItemBody } {
  const fields = new Fields(row, FIELDS);
  // "~" separates the parts of a unit's name in an address.
  const code = fields.code('item', '~');
  const tracking = fields.required('tracking').toLowerCase();
  if (!TRACKINGS.includes(tracking))
    throw new DomainError('FIELD_INVALID', { field: 'tracking', reason: 'use serial, lot or none.' });
  const uom = fields.required('uom', 20);
  if (!STANDARD_UOMS.includes(uom))
    throw new DomainError('UOM_UNKNOWN', { uom, base: `any of ${STANDARD_UOMS.join(', ')}`, item: code });
  if (tracking === 'serial' && uom !== 'pcs')
    throw new DomainError('FIELD_INVALID', { field: 'uom', reason: 'an item with serial numbers is counted in pcs.' });
  const gtin = readGtin(fields.optional('gtin'));
  const category = fields.optional('category');
  const factors = readFactors(fields.raw('factors'), uom);
  const attributes = readAttributes(fields.raw('attributes'));
  return {
    code,
    body: {
      name: fields.required('name'),
      tracking: tracking as Tracking,
      uom,
      ...(gtin && { gtin }),
      ...(category && { category }),
      ...(factors && { factors }),
      ...(attributes && { attributes }),
    },
  };
}

/** GTIN-8, -12, -13 and -14 are one number with zeros in front: kept with 14 digits, as scanners give it. */
function readGtin(value: string | undefined): string | undefined {
  if (value === undefined) return undefined;
  const bad = (reason: string): DomainError => new DomainError('FIELD_INVALID', { field: 'gtin', reason });
  if (!/^(\d{8}|\d{12,14})$/.test(value)) throw bad('a GTIN has 8, 12, 13 or 14 digits and nothing else.');
  if (!hasCheckDigit(value)) throw bad('its check digit does not fit the other digits.');
  return value.padStart(14, '0');
}

function readFactors(value: unknown, uom: string): Record<string, string> | undefined {
  if (value === undefined) return undefined;
  const bad = (reason: string): DomainError => new DomainError('FIELD_INVALID', { field: 'factors', reason });
  if (typeof value !== 'object' || Array.isArray(value))
    throw bad('write units with the number of base units each, such as {"box": "12"}.');
  const entries = Object.entries(value as object);
  if (entries.length === 0) return undefined;
  for (const [unit, factor] of entries) {
    if (!/^\S{1,20}$/.test(unit) || unit === uom || STANDARD_UOMS.includes(unit))
      throw bad(`"${unit}" cannot name a unit of its own.`);
    if (typeof factor !== 'string' || parseDecimal(factor) <= 0n)
      throw bad(`"${unit}" needs a decimal text above zero.`);
  }
  return Object.fromEntries(entries);
}

function readAttributes(value: unknown): Record<string, AttributeInput> | undefined {
  if (value === undefined) return undefined;
  const bad = (reason: string): DomainError => new DomainError('FIELD_INVALID', { field: 'attributes', reason });
  if (typeof value !== 'object' || Array.isArray(value)) throw bad('write names with values, such as {"grade": "A"}.');
  const entries = Object.entries(value as object).filter(([, v]) => v !== null);
  for (const [name, v] of entries)
    if (!['string', 'number', 'boolean'].includes(typeof v))
      throw bad(`"${name}" must be a text, a number or true/false.`);
  return entries.length > 0 ? Object.fromEntries(entries) : undefined;
}
