/** Where one unit is, as objects: what the few odd cases are worked out with. */
import type { Holding } from '@/ledger';
import type { UnitKind } from '../domain/question';

export type { Holding };

export interface Shipped {
  eventId: number;
  from: number;
  until: number;
  customerId: number | null;
  document: string | null;
  /** nanos, null = unknown or all there was */
  quantity: bigint | null;
}

/** A unit by itself, without regard to what it is installed in. */
export interface Housed {
  kind: UnitKind;
  holdings: readonly Holding[];
  shipments: readonly Shipped[];
}

/** A stretch of time in a parent, [from, until) in ms UTC. */
export interface Stay {
  parent: number;
  certain: boolean;
  from: number;
  until: number;
  /** nanos, null = unknown or all there was */
  quantity: bigint | null;
}
