/** Small readers that check the shape of one JSON value and say where it is wrong. They check shape; the rules check meaning. */
import { DomainError } from '@/kernel';

export type Reader<T> = (value: unknown, path: string) => T;

interface Field<T> {
  read: Reader<T>;
  required: boolean;
}

export const required = <T>(read: Reader<T>): Field<T> => ({ read, required: true });
export const optional = <T>(read: Reader<T>): Field<T | undefined> => ({ read, required: false });

type Fields = Record<string, Field<unknown>>;
export type Shape<F extends Fields> = { [K in keyof F]: F[K] extends Field<infer T> ? T : never };

export function wrong(field: string, reason: string): DomainError {
  return new DomainError('FIELD_INVALID', { field, reason });
}

/** An object with exactly these fields: an unknown one is refused, so that a typing error never loses a fact. */
export function object<F extends Fields>(fields: F): Reader<Shape<F>> {
  const known = new Map(Object.entries(fields));
  return (value, path) => {
    const source = plainObject(value, path);
    for (const key of Object.keys(source)) {
      if (!known.has(key)) throw new DomainError('UNKNOWN_FIELD', { field: join(path, key) });
    }
    const out: Record<string, unknown> = {};
    for (const [key, field] of known) {
      const given = source[key];
      if (given === undefined || given === null) {
        if (field.required) throw new DomainError('FIELD_REQUIRED', { field: join(path, key) });
      } else {
        out[key] = field.read(given, join(path, key));
      }
    }
    return out as Shape<F>;
  };
}

export function plainObject(value: unknown, path: string): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw wrong(path || 'event', 'it must be an object.');
  return value as Record<string, unknown>;
}

const CONTROL = /[\u0000-\u001f\u007f]/; // eslint-disable-line no-control-regex

/** Text of at most `max` characters without control characters; surrounding white space is not part of any name here. */
export function text(max: number): Reader<string> {
  return (value, path) => {
    if (typeof value !== 'string') throw wrong(path, 'it must be a text.');
    const trimmed = value.trim();
    if (trimmed === '') throw wrong(path, 'it must not be empty.');
    if (trimmed.length > max) throw wrong(path, `it has more than ${max} characters.`);
    if (CONTROL.test(trimmed)) throw wrong(path, 'it holds a control character.');
    if (!isWellFormed(trimmed)) throw wrong(path, HALF_CHARACTER);
    return trimmed;
  };
}

const HALF_CHARACTER = 'it holds half of a character (a lone surrogate).';

/** With the flag u a pair is one character, and only a half of one is a surrogate. */
const HALF_OF_A_PAIR = /\p{Surrogate}/u;

const isWellFormed = (value: string): boolean => !HALF_OF_A_PAIR.test(value);

/** What PostgreSQL can keep as text: no null character, no half of a surrogate pair. */
export function keepable(value: string, path: string): void {
  if (value.includes('\u0000')) throw wrong(path, 'it holds a null character.');
  if (!isWellFormed(value)) throw wrong(path, HALF_CHARACTER);
}

/** Free text that may have several lines. */
export function prose(max: number): Reader<string> {
  return (value, path) => {
    if (typeof value !== 'string') throw wrong(path, 'it must be a text.');
    if (value.length > max) throw wrong(path, `it has more than ${max} characters.`);
    keepable(value, path);
    return value;
  };
}

export function oneOf<T extends string>(...values: T[]): Reader<T> {
  return (value, path) => {
    if (!values.includes(value as T)) throw wrong(path, `it must be one of ${values.join(', ')}.`);
    return value as T;
  };
}

export function list<T>(read: Reader<T>, max: number, min = 0): Reader<T[]> {
  return (value, path) => {
    if (!Array.isArray(value)) throw wrong(path, 'it must be a list.');
    if (value.length > max) throw wrong(path, `it has more than ${max} entries.`);
    if (value.length < min) throw wrong(path, 'it must not be empty; leave it out instead.');
    return value.map((v, i) => read(v, `${path}[${i}]`));
  };
}

export function integer(min: number): Reader<number> {
  return (value, path) => {
    if (!Number.isSafeInteger(value) || (value as number) < min)
      throw wrong(path, `it must be a whole number from ${min} on.`);
    return value as number;
  };
}

/** A flat map of text keys to texts, numbers or booleans, kept as it is. */
export function attributes(): Reader<Record<string, string | number | boolean>>;
export function attributes(options: { nulls: true }): Reader<Record<string, string | number | boolean | null>>;
export function attributes({ nulls = false } = {}): Reader<Record<string, string | number | boolean | null>> {
  return (value, path) => {
    const source = plainObject(value, path);
    for (const [key, v] of Object.entries(source)) {
      if (v === null && nulls) continue;
      if (!['string', 'number', 'boolean'].includes(typeof v))
        throw wrong(join(path, key), 'it must be a text, a number or true/false.');
      keepable(key, path);
      if (typeof v === 'string') keepable(v, join(path, key));
    }
    return source as Record<string, string | number | boolean | null>;
  };
}

function join(path: string, key: string): string {
  return path ? `${path}.${key}` : key;
}
