/** The rows that one event adds. Nothing of it counts until the whole event was found right. */
import type { Period, TypedValue } from '@/kernel';
import type { ContainerFactRow } from './container';
import type { StoredMark, UnitState } from './world';

export type Role =
  | 'made'
  | 'used'
  | 'installed'
  | 'removed'
  | 'parent'
  | 'moved-out'
  | 'moved-in'
  | 'shipped'
  | 'returned'
  | 'scrapped'
  | 'packed'
  | 'unpacked'
  | 'counted'
  | 'adjusted'
  | 'inspected'
  | 'held'
  | 'released'
  | 'cleaned'
  | 'cleaned-out'
  | 'expected'
  | 'amended'
  | 'inherited';

export interface MovementRow {
  eventId: number;
  unit: UnitState;
  role: Role;
  from: number;
  until: number;
  quantity: bigint | null;
  placeId: number | null;
  partnerId: number | null;
  document: string | null;
  expires: number | null;
  /** packed into, or unpacked from */
  containerId: number | null;
  /** of a lot: what it went into or came out of, and where in it */
  parents: number[] | null;
  slot: string | null;
}

export interface LinkRow {
  linkId: number;
  eventId: number;
  input: UnitState;
  output: UnitState;
  /** 0 consume, 1 install */
  mode: 0 | 1;
  certain: boolean;
  from: number | null;
  statedUntil: number | null;
  sureFrom: number | null;
  sureUntil: number | null;
  quantity: bigint | null;
  typed: { value: string; uom: string } | null;
  slot: string | null;
}

export interface NewMark {
  unit: UnitState;
  mark: StoredMark;
}

/** A line of an order or an announcement; quantity in nanos of the item's base unit. */
export interface OrderLine {
  promise: 'ordered' | 'expected';
  direction: 'purchase' | 'sales';
  document: string | null;
  shipment: string | null;
  partnerId: number;
  line: string;
  itemId: number;
  quantity: bigint;
  typed: { value: string; uom: string };
  unit: UnitState | null;
  container: string | null;
  placeId: number | null;
  due: Period | null;
  at: Period;
}

/** What was received or shipped for an order, or went back of it. */
export interface OrderPart {
  direction: 'purchase' | 'sales';
  document: string;
  line: string | null;
  part: 'received' | 'shipped' | 'returned';
  /** null: all that the event's container carries, whatever turns out to have been in it */
  unit: UnitState | null;
  quantity: bigint | null;
}

export interface Draft {
  movements: MovementRow[];
  links: LinkRow[];
  marks: NewMark[];
  aliases: { unit: UnitState; alias: string; kind: string; partnerId: number | null }[];
  inspections: {
    unit: UnitState;
    characteristic: string;
    passed: boolean;
    from: number;
    until: number;
    measured: string | null;
    low: string | null;
    high: string | null;
  }[];
  holds: { unit: UnitState; atMs: number; reason: string; ref: string | null }[];
  releases: { holdId: number; atMs: number }[];
  /** what is said of containers: what it does to the units in them is derived when it is written */
  containerFacts: ContainerFactRow[];
  /** the sources and targets of a split or merge: what hangs on the ones comes to the others, open holds and the earliest expiry */
  heirs: { from: UnitState[]; to: UnitState[] }[];
  orderLines: OrderLine[];
  orderParts: OrderPart[];
  /** unit null: of the event itself; typed null: taken off */
  attributes: { unit: UnitState | null; name: string; typed: TypedValue | null }[];
  voids: { eventId: number; reason: string } | null;
}

export function emptyDraft(): Draft {
  return {
    movements: [],
    links: [],
    marks: [],
    aliases: [],
    inspections: [],
    holds: [],
    releases: [],
    containerFacts: [],
    heirs: [],
    orderLines: [],
    orderParts: [],
    attributes: [],
    voids: null,
  };
}
