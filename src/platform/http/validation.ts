import { ArgumentMetadata, Injectable, PipeTransform, ValidationPipe } from '@nestjs/common';
import type { ValidationError } from 'class-validator';
import { DomainError } from '@/kernel';

/**
 * Before all else: a text with a NUL or half a character is none that the database can keep. Lists of events are judged one by
 * one by the ledger.
 */
@Injectable()
export class TextPipe implements PipeTransform {
  transform(value: unknown, { type }: ArgumentMetadata): unknown {
    if (type !== 'custom' && !Array.isArray(value)) checkTexts(value, type);
    return value;
  }
}

function checkTexts(value: unknown, field: string): void {
  if (typeof value === 'string') {
    if (/[\0\p{Surrogate}]/u.test(value))
      throw new DomainError('VALIDATION', { reason: `${field} holds a character that is no text`, errors: [] });
  } else if (Array.isArray(value)) value.forEach((entry, i) => checkTexts(entry, `${field}[${i}]`));
  else if (value !== null && typeof value === 'object' && isPlain(value))
    for (const [key, entry] of Object.entries(value)) checkTexts(entry, `${field}.${key}`);
}

/** A body or a query; no stream, no file. */
function isPlain(value: object): boolean {
  const prototype = Object.getPrototypeOf(value) as object | null;
  // A parsed query has a prototype of its own, with nothing above it.
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

/** DTOs check shape: unknown fields are refused by name, wrong ones are all told at once. */
export function validationPipe(): ValidationPipe {
  return new ValidationPipe({
    transform: true,
    whitelist: true,
    forbidNonWhitelisted: true,
    forbidUnknownValues: false,
    validationError: { target: false, value: false },
    exceptionFactory: (errors) => toError(errors),
  });
}

function toError(errors: ValidationError[]): DomainError {
  const found = flatten(errors, '');
  const unknown = found.find((f) => f.kinds.includes('whitelistValidation'));
  if (unknown) return new DomainError('UNKNOWN_FIELD', { field: unknown.field });
  return new DomainError('VALIDATION', {
    reason: found.map((f) => f.messages.join('; ')).join('; '),
    errors: found.map(({ field, messages }) => ({ field, messages })),
  });
}

interface Found {
  field: string;
  kinds: string[];
  messages: string[];
}

function flatten(errors: ValidationError[], above: string): Found[] {
  return errors.flatMap((error) => {
    const field = above ? `${above}.${error.property}` : error.property;
    const own = error.constraints
      ? [{ field, kinds: Object.keys(error.constraints), messages: Object.values(error.constraints) }]
      : [];
    return [...own, ...flatten(error.children ?? [], field)];
  });
}
