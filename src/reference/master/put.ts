import { canonicalJson, DomainError, type ErrorCode, type ErrorDetails } from '@/kernel';

/** Why one row of many was not taken. The others of the call are kept. */
export interface Refusal {
  index: number;
  key: string;
  code: ErrorCode;
  message: string;
  details: ErrorDetails;
}

export interface PutResult {
  created: number;
  changed: number;
  unchanged: number;
  refused: Refusal[];
}

/** A thing of master data as it was and as it shall be. */
export interface Change<B extends object> {
  index: number;
  key: string;
  before: B | null;
  after: B;
}

/** Gathers what comes of each row of one call. */
export class PutTally {
  readonly result: PutResult = { created: 0, changed: 0, unchanged: 0, refused: [] };

  /** Gives what `read` gives, or keeps its DomainError as the refusal of that row. */
  attempt<T>(index: number, key: string, read: () => T): T | undefined {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      const { code, message, details } = error;
      this.result.refused.push({ index, key, code, message, details });
      return undefined;
    }
  }

  /** True when the row changes something; counts it either way. */
  differs<B extends object>(change: Change<B>): boolean {
    if (change.before === null) this.result.created++;
    else if (canonicalJson(change.before) === canonicalJson(change.after)) {
      this.result.unchanged++;
      return false;
    } else this.result.changed++;
    return true;
  }
}

/** Reads rows one by one: what is wrong is refused alone, and of several rows with one code the last counts. */
export function readEach<B extends object>(
  tally: PutTally,
  rows: readonly Readonly<Record<string, unknown>>[],
  field: string,
  read: (row: Readonly<Record<string, unknown>>) => { code: string; body: B },
): { index: number; key: string; after: B }[] {
  const good = rows.flatMap((row, index) => {
    const one = tally.attempt(index, nameOf(row, field), () => read(row));
    return one ? [{ index, key: one.code, after: one.body }] : [];
  });
  const wanted = lastOfEach(good);
  tally.result.unchanged += good.length - wanted.length;
  return wanted;
}

/** For a call of one row: its refusal is the error. */
export function throwRefusal(result: PutResult): void {
  const [refusal] = result.refused;
  if (refusal) throw new DomainError(refusal.code, refusal.details);
}

/** The last of several rows with one key is what counts, as if they had come one after the other. */
export function lastOfEach<T extends { key: string }>(rows: readonly T[]): T[] {
  return [...new Map(rows.map((row) => [row.key, row])).values()];
}

/** What a file has no columns for stays as it is: a list of items that is read again takes nobody's attributes away. */
export function keeping<B extends object>(after: B, before: B | null, fields: readonly (keyof B)[]): B {
  const kept = Object.fromEntries(fields.flatMap((f) => (before?.[f] === undefined ? [] : [[f, before[f]]])));
  return { ...(kept as Partial<B>), ...after };
}

/** What a row calls itself, for its refusal: it may be anything before it is checked. */
export function nameOf(row: Readonly<Record<string, unknown>>, field: string): string {
  const value = row[field];
  return typeof value === 'string' ? value : '';
}
