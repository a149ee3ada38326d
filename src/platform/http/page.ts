import { DomainError } from '@/kernel';

/** One page of a list; `nextCursor` is null on the last one. */
export interface Page<T> {
  data: T[];
  nextCursor: string | null;
}

export const PAGE_SIZE = 50;
export const PAGE_SIZE_MAX = 1_000;

/** A cursor is opaque to clients: the key of the last row, as base64url of JSON. */
export function encodeCursor(key: unknown): string {
  return Buffer.from(JSON.stringify(key), 'utf8').toString('base64url');
}

export function decodeCursor<T>(cursor: string | undefined): T | null {
  if (!cursor) return null;
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')) as T;
  } catch {
    throw new DomainError('BAD_REQUEST', { reason: 'the cursor is none of ours; start again without it.' });
  }
}

export function pageSize(limit: number | undefined): number {
  return Math.min(Math.max(limit ?? PAGE_SIZE, 1), PAGE_SIZE_MAX);
}

/** Makes a page of rows that were read with one more than `size`. */
export function toPage<R, T>(rows: R[], size: number, key: (row: R) => unknown, view: (row: R) => T): Page<T> {
  const shown = rows.slice(0, size);
  const last = shown.at(-1);
  return {
    data: shown.map(view),
    nextCursor: rows.length > size && last !== undefined ? encodeCursor(key(last)) : null,
  };
}
