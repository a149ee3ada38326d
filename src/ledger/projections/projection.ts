import type { Tx } from '@/platform/db';

/** One row that a projection had otherwise than the facts say. */
export interface Difference {
  /** missing: the facts say it, the projection did not; extra: the other way round */
  kind: 'missing' | 'extra' | 'changed';
  /** what the row is, beside the unit that it is of */
  key: string;
  unitId?: number;
  eventId?: number;
  is: string | null;
  should: string | null;
}

/** What is derived from the facts and follows them by position. */
export interface Projection {
  readonly name: string;
  /** Brings it from one position to another, in the transaction that moves the cursor. Running it twice changes nothing. */
  advance(tx: Tx, from: number, until: number): Promise<void>;
  /**
   * Makes a part of it anew, as of the position: that of the next units (or whatever it counts by) above `after`; says what differed,
   * and writes only that. Gives the key to go on from, null when all is done.
   */
  renew(tx: Tx, position: number, after: number, say: (d: Difference) => void): Promise<number | null>;
}
