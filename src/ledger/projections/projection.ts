import type { Tx } from '@/platform/db';

/** One row that a projection had otherwise than the facts say, in natural keys. */
export interface Difference {
  projection: string;
  /** missing: the facts say it, the projection did not; extra: the other way round */
  kind: 'missing' | 'extra' | 'changed';
  /** what the row is of: "serial BIKE B1" */
  key: string;
  is: string | null;
  should: string | null;
}

/** What is derived from the facts and follows them by position. */
export interface Projection {
  readonly name: string;
  /** Brings it from one position to another, in the transaction that moves the cursor. Running it twice changes nothing. */
  advance(tx: Tx, from: number, until: number): Promise<void>;
  /**
   * Makes the part of it that belongs to the next `limit` units (or whatever it counts by) above `after` anew, as of the position, and
   * says what differed; with `check`, changes nothing. Gives the key to go on from, null when all is done.
   */
  renew(tx: Tx, position: number, after: number, check: boolean, say: (d: Difference) => void): Promise<number | null>;
}
