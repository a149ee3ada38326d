/** The rows that one event adds. Nothing of it counts until the whole event was found right. */
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
  | 'cleaned';

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
  /** copies of what hangs on the sources of a split: open holds and the earliest expiry */
  heirs: { from: UnitState[]; to: UnitState[] }[];
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
    heirs: [],
    voids: null,
  };
}
