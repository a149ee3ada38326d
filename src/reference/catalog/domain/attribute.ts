import { DomainError } from '@/kernel';
import { Fields } from '../../master';

const TYPES = ['text', 'number', 'boolean', 'date', 'choice'] as const;
const BEARERS = ['item', 'unit', 'both'] as const;
const FIELDS = ['name', 'label', 'type', 'values', 'uom', 'appliesTo', 'items', 'category'];
const CHOICES_MAX = 500;

/** The definition of an own attribute, as versions and audit lines keep it; absent fields are left out. */
export interface AttributeBody {
  label: string;
  type: (typeof TYPES)[number];
  /** of a choice: what it may be */
  values?: string[];
  /** for people: numbers are kept as they are typed */
  uom?: string;
  appliesTo: (typeof BEARERS)[number];
  /** of these items, or of those of a category; else of all */
  items?: string[];
  category?: string;
}

/** Checks a row from a request or a file. Throws FIELD_REQUIRED, FIELD_INVALID, UNKNOWN_FIELD. */
export function readAttribute(row: Readonly<Record<string, unknown>>): { name: string; body: AttributeBody } {
  const fields = new Fields(row, FIELDS);
  // These characters are operators where stock is filtered by it.
  const name = fields.code('name', '<>=!');
  const type = oneOf('type', fields.required('type'), TYPES);
  const values = texts('values', fields.raw('values'));
  if (type === 'choice' && !values) throw new DomainError('FIELD_REQUIRED', { field: 'values' });
  if (type !== 'choice' && values)
    throw new DomainError('FIELD_INVALID', { field: 'values', reason: 'only a choice has values.' });
  const items = texts('items', fields.raw('items'));
  const uom = fields.optional('uom', 30);
  const category = fields.optional('category');
  return {
    name,
    body: {
      label: fields.optional('label') ?? name,
      type,
      ...(values && { values }),
      ...(uom && { uom }),
      appliesTo: oneOf('appliesTo', fields.optional('appliesTo') ?? 'both', BEARERS),
      ...(items && { items }),
      ...(category && { category }),
    },
  };
}

function oneOf<T extends string>(field: string, value: string, allowed: readonly T[]): T {
  const found = allowed.find((a) => a === value);
  if (!found) throw new DomainError('FIELD_INVALID', { field, reason: `use ${allowed.join(', ')}.` });
  return found;
}

function texts(field: string, value: unknown): string[] | undefined {
  if (value === undefined) return undefined;
  const wrong = (reason: string) => new DomainError('FIELD_INVALID', { field, reason });
  if (!Array.isArray(value)) throw wrong('it must be a list of texts.');
  if (value.length > CHOICES_MAX) throw wrong(`it has more than ${CHOICES_MAX} entries.`);
  const list = value.map((v: unknown) => {
    if (typeof v !== 'string' || v.trim() === '' || v.length > 200)
      throw wrong('each is a text of 1 to 200 characters.');
    return v.trim();
  });
  return list.length > 0 ? [...new Set(list)] : undefined;
}
