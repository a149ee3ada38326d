/** An order as it stands: what was asked for, what was announced, what is closed. Quantities in nanos of the base unit. */
import type { Tolerance } from './tolerance';

export type OrderKind = 'purchase' | 'sales';
export const STRATEGIES = ['fefo', 'fifo', 'named'] as const;
export type Strategy = (typeof STRATEGIES)[number];

/** What a line or a partner allows; null asks the next one. Percent in nanos. */
export interface Terms {
  overPercent: bigint | null;
  shortPercent: bigint | null;
  lifeDaysMin: number | null;
  strategy: Strategy | null;
}

export const NO_TERMS: Terms = { overPercent: null, shortPercent: null, lifeDaysMin: null, strategy: null };

export interface OrderLine {
  line: string;
  itemId: number;
  item: string;
  name: string;
  uom: string;
  tracking: 'serial' | 'lot' | 'none';
  /** ordered; where it was only announced, that */
  quantity: bigint;
  announced: bigint;
  /** ms UTC, exclusive: a date ends with its day */
  dueMs: number | null;
  place: string | null;
  /** serials or lots that are asked for by name */
  unitIds: number[];
  terms: Terms;
  /** the reason, where it is closed */
  closed: string | null;
}

export interface Order {
  kind: OrderKind;
  number: string;
  partnerId: number;
  partner: string;
  atMs: number;
  lines: OrderLine[];
  /** the reason, where the whole of it is closed */
  closed: string | null;
}

/** The tolerance of a line: its own, else its partner's, else the settings'. */
export function toleranceOf(line: Terms, partner: Terms, settings: { over: bigint; short: bigint }): Tolerance {
  return {
    over: line.overPercent ?? partner.overPercent ?? settings.over,
    short: line.shortPercent ?? partner.shortPercent ?? settings.short,
  };
}
