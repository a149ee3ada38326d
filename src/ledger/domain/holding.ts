/** The words of where a unit is: movements in, holdings out. What folds them is beside it, one way for serials and one for lots. */
import type { Role } from './draft';
import type { Seat } from './in-work';

export type HoldingState = 'in-stock' | 'in-work' | 'shipped' | 'returned' | 'scrapped' | 'used' | 'unknown';

/** One movement of the unit at a position. Half-open times in ms UTC (a date covers its day); quantity in nanos of the base unit, null = unknown or all that was there. */
export interface HoldingMovement extends Seat {
  eventId: number;
  role: Role;
  atFrom: number;
  atUntil: number;
  /** counted: all that is there; adjusted: signed; otherwise never negative */
  quantity: bigint | null;
  placeId: number | null;
  partnerId: number | null;
  /** packed into, unpacked from, or carried along in; left out where nobody asks for containers: places and states are the same */
  containerId?: number | null;
}

/** A part of a unit in one state; `quantity` null is unknown. */
export interface Holding {
  state: HoldingState;
  placeId: number | null;
  customerId: number | null;
  /** the container that it is in; of what was shipped: that it left in */
  containerId: number | null;
  quantity: bigint | null;
}

/** What a count or an adjustment changed; `difference` null: what was there was not known, or which of several places is meant. */
export interface Correction {
  eventId: number;
  at: number;
  until: number;
  difference: bigint | null;
  /** where the record had it that was found */
  against?: HoldingState;
}

export interface Holdings {
  holdings: Holding[];
  /** some of it is, as far as the record says, not with a customer, not scrapped and not used up */
  inHouse: boolean;
  /** of the counts and adjustments, in the order of time */
  corrections: Correction[];
  /** events that took or counted some of it without saying where, while it was in several places */
  unplaced: number[];
  /** events that took more at the place they name than was there, while some was elsewhere */
  placeShort: number[];
  /** more of a lot came out of something than was in it; more was packed, and moved, than was there at all */
  unloadedMore: Excess[];
  packedMore: Excess[];
  movedMore: Excess[];
  /** some left after all of it had */
  leftMore: Excess[];
  /** of a serial: the event that found it not there, while nothing later says where it is */
  missing: number | null;
}

/** An event that took more than was there, and by how much, in nanos. */
export interface Excess {
  eventId: number;
  until: number;
  quantity: bigint;
}

/** What of a unit is in a container: at a place, or shipped with it to a customer. */
export interface Content {
  shipped: boolean;
  placeId: number | null;
  partnerId: number | null;
  quantity: bigint | null;
}

/** Takes movements one by one, in the order of time. */
export interface Fold {
  /** true when the movement can follow on what was applied before */
  fits(m: HoldingMovement): boolean;
  apply(m: HoldingMovement): void;
  content(containerId: number): Content[];
  result(): Holdings;
}

/** In before out at one time; a shipment before its return; packed before it is carried, carried before it is unpacked. */
export const RANK: Record<Role, number> = {
  made: 0,
  removed: 1,
  'cleaned-out': 1,
  packed: 2,
  'moved-out': 3,
  'moved-in': 4,
  unpacked: 5,
  inspected: 6,
  held: 6,
  released: 6,
  cleaned: 6,
  expected: 6,
  amended: 6,
  inherited: 6,
  parent: 6,
  installed: 7,
  used: 8,
  shipped: 9,
  returned: 10,
  scrapped: 11,
  adjusted: 12,
  // What was counted is what was there when all else of that time had happened.
  counted: 1_000,
};

export const ONE = 1_000_000_000n;
