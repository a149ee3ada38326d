import { DomainError } from '@/kernel';

const NAME = /^[a-z0-9][a-z0-9._@-]{0,63}$/;
export const NAME_RULE = 'use 1 to 64 of a–z, 0–9, dot, underscore, hyphen and @, starting with a letter or digit.';
export const PASSWORD_CHARACTERS_MIN = 8;

/** User and key names become part of facts (`user:anna`, `key:erp`): one spelling each, lower case. */
export function readName(field: string, value: string): string {
  const name = value.trim().toLowerCase();
  if (!NAME.test(name)) throw new DomainError('FIELD_INVALID', { field, reason: NAME_RULE });
  return name;
}

export function checkPassword(password: string): string {
  if (password.length < PASSWORD_CHARACTERS_MIN || password.length > 200)
    throw new DomainError('FIELD_INVALID', {
      field: 'password',
      reason: `it must have ${PASSWORD_CHARACTERS_MIN} to 200 characters.`,
    });
  return password;
}
