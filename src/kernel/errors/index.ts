/**
 * The closed set of errors. A `DomainError` carries a stable code and the details that its sentence needs;
 * the HTTP filter turns the kind into a status, so that domain code knows no HTTP.
 */
import { CATALOGUE, ErrorCode, ErrorKind } from './catalogue';

export type { ErrorCode, ErrorKind };
export { CATALOGUE };

export type ErrorDetails = Record<string, unknown>;

export class DomainError extends Error {
  readonly kind: ErrorKind;

  constructor(
    readonly code: ErrorCode,
    readonly details: ErrorDetails = {},
  ) {
    super(fill(CATALOGUE[code].say, details));
    this.name = 'DomainError';
    this.kind = CATALOGUE[code].kind;
  }
}

/** Replaces `{name}` in a catalogue sentence by the detail of that name; an absent detail is left out. */
function fill(sentence: string, details: ErrorDetails): string {
  return sentence.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = details[name];
    if (value === undefined || value === null) return '';
    return typeof value === 'string'
      ? value
      : typeof value === 'number' || typeof value === 'bigint'
        ? String(value)
        : JSON.stringify(value);
  });
}
