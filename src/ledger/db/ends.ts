import type { End, Mark } from '../domain/installations';

/** The columns in which a derived end is stored, on its mark and in link_end. */
export interface StoredEnd {
  cause: string;
  fromMs: number | null;
  untilMs: number | null;
  sureUntilMs: number | null;
  maybeUntilMs: number | null;
}

export function storedEnd(mark: Mark, end: End): StoredEnd {
  const none = { fromMs: null, untilMs: null, sureUntilMs: null, maybeUntilMs: null };
  switch (end.cause) {
    case 'open':
      return { ...none, cause: 'open', untilMs: mark.statedUntil };
    case 'removed':
      // An end that the link states itself needs no row of its own.
      if (end.until === mark.statedUntil) return { ...none, cause: 'open', untilMs: mark.statedUntil };
      return {
        ...none,
        cause: 'removed',
        untilMs: end.until,
        sureUntilMs: end.sureUntil === end.until ? null : end.sureUntil,
      };
    case 'implied':
      return { ...none, cause: 'implied', untilMs: end.until, maybeUntilMs: end.maybeUntil };
    case 'matched':
      return { ...none, cause: 'matched' };
    case 'orphan':
      return { ...none, cause: 'orphan', fromMs: end.from, untilMs: end.until };
  }
}

/** A comparable text of a stored end: unequal texts mean that the end has changed. */
export function endText(
  cause: string,
  fromMs: number | null,
  untilMs: number | null,
  sureUntilMs: number | null,
  maybeUntilMs: number | null,
): string {
  return [cause, fromMs, untilMs, sureUntilMs, maybeUntilMs].join('|');
}
