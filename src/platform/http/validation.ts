import { ValidationPipe } from '@nestjs/common';
import type { ValidationError } from 'class-validator';
import { DomainError } from '@/kernel';

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
