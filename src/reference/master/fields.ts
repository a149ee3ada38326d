import { DomainError } from '@/kernel';

/** Reads the fields of one row of master data, from a request or a file. An empty string counts as absent. */
export class Fields {
  constructor(
    private readonly row: Readonly<Record<string, unknown>>,
    known: readonly string[],
  ) {
    const unknown = Object.keys(row).find((name) => !known.includes(name));
    if (unknown !== undefined) throw new DomainError('UNKNOWN_FIELD', { field: unknown });
  }

  required(field: string, charactersMax = 500): string {
    const value = this.optional(field, charactersMax);
    if (value === undefined) throw new DomainError('FIELD_REQUIRED', { field });
    return value;
  }

  optional(field: string, charactersMax = 500): string | undefined {
    const value = this.row[field];
    if (value === undefined || value === null) return undefined;
    if (typeof value !== 'string') throw new DomainError('FIELD_INVALID', { field, reason: 'it must be a text.' });
    const text = value.trim();
    if (text.length > charactersMax)
      throw new DomainError('FIELD_INVALID', { field, reason: `it has more than ${charactersMax} characters.` });
    if (hasControlCharacter(text))
      throw new DomainError('FIELD_INVALID', { field, reason: 'it has a control character in it.' });
    return text === '' ? undefined : text;
  }

  /** A code that people type and scan: no space at its ends, nothing invisible. */
  code(field: string, forbidden = ''): string {
    const value = this.row[field];
    const code = this.required(field, 100);
    if (code !== value) throw new DomainError('FIELD_INVALID', { field, reason: 'it has a space at an end.' });
    for (const character of forbidden)
      if (code.includes(character))
        throw new DomainError('FIELD_INVALID', { field, reason: `it may not contain "${character}".` });
    return code;
  }

  raw(field: string): unknown {
    return this.row[field] ?? undefined;
  }
}

function hasControlCharacter(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    // A line break is fine: an address has several.
    if ((code < 32 && code !== 10 && code !== 13) || code === 127) return true;
  }
  return false;
}
