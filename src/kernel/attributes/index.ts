/** Own attributes: how a value is read by its definition, or, where there is none, by what it is in JSON. Pure. */
import { DomainError } from '../errors';

export type AttributeType = 'text' | 'number' | 'boolean' | 'date';
export type AttributeInput = string | number | boolean;

/** What master data says of a name. */
export interface AttributeDefinition {
  name: string;
  type: AttributeType | 'choice';
  choices: readonly string[] | null;
  appliesTo: 'item' | 'unit' | 'both';
  /** null: of all items */
  items: readonly string[] | null;
  category: string | null;
}

/** A value as it is kept: `value` as a text in canonical form, `number` where it can be compared as one. */
export interface TypedValue {
  type: AttributeType;
  value: string;
  number: string | null;
}

/** What an attribute hangs on. */
export interface Bearer {
  what: 'item' | 'unit';
  item: string;
  category: string | null;
}

const NAME_CHARACTERS_MAX = 100;
const NUMBER = /^-?\d{1,27}(\.\d{1,27})?$/;
const DATE = /^\d{4}-\d\d-\d\d$/;

/** Reads one value. Throws ATTRIBUTE_TYPE, FIELD_INVALID. `bearer` null: an event that describes no unit. */
export function typedValue(
  name: string,
  input: AttributeInput,
  definition: AttributeDefinition | undefined,
  bearer: Bearer | null,
): TypedValue {
  if (name.length > NAME_CHARACTERS_MAX)
    throw new DomainError('FIELD_INVALID', {
      field: `attributes.${name.slice(0, 20)}…`,
      reason: `a name has at most ${NAME_CHARACTERS_MAX} characters.`,
    });
  if (!definition || !covers(definition, bearer)) return asItIs(input);
  const refuse = (expected: string) =>
    new DomainError('ATTRIBUTE_TYPE', { attribute: name, value: String(input), expected });
  if (bearer && definition.appliesTo !== 'both' && definition.appliesTo !== bearer.what)
    throw refuse(`nothing here: it is an attribute of ${definition.appliesTo}s`);
  const text = String(input).trim();
  switch (definition.type) {
    case 'number':
      if (typeof input === 'boolean' || !NUMBER.test(text)) throw refuse('a decimal number');
      return { type: 'number', value: text, number: text };
    case 'boolean':
      if (text !== 'true' && text !== 'false') throw refuse('true or false');
      return { type: 'boolean', value: text, number: null };
    case 'date':
      if (!DATE.test(text) || Number.isNaN(Date.parse(text))) throw refuse('a date such as 2026-03-02');
      return { type: 'date', value: text, number: null };
    case 'choice':
      if (!definition.choices?.includes(text)) throw refuse(`one of ${definition.choices?.join(', ')}`);
      return { type: 'text', value: text, number: null };
    case 'text':
      return { type: 'text', value: String(input), number: null };
  }
}

/** A definition for some items says nothing of others: there the name is one without a definition. */
function covers({ items, category }: AttributeDefinition, bearer: Bearer | null): boolean {
  if (!bearer) return items === null && category === null;
  return (items === null || items.includes(bearer.item)) && (category === null || category === bearer.category);
}

function asItIs(input: AttributeInput): TypedValue {
  if (typeof input === 'boolean') return { type: 'boolean', value: String(input), number: null };
  if (typeof input === 'string') return { type: 'text', value: input, number: null };
  const text = String(input);
  // What JSON writes with an exponent is no decimal to compare with exactly; it is kept as it was typed.
  return { type: 'number', value: text, number: NUMBER.test(text) ? text : null };
}
