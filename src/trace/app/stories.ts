import { parseDecimal } from '@/kernel';
import { foldHoldings, Holding, HoldingMovement, RecordedMovement, Shipped, StoryMovement } from '@/ledger';
import type { UnitKind } from '../domain/question';

export type Shipment = Shipped;

/** What the record of one unit comes to at the trace's position. */
export interface UnitFold {
  holdings: Holding[];
  inHouse: boolean;
  firstMadeMs: number | undefined;
  shipments: readonly Shipment[];
}

const NO_SHIPMENTS: readonly Shipment[] = [];
const ONE = parseDecimal('1');
const decimals = new Map<string, bigint>();

/** parseDecimal with a memory: a plant's quantities repeat (one piece, 25 kg) more often than not. */
export function nanos(text: string): bigint {
  let known = decimals.get(text);
  if (known === undefined) {
    if (decimals.size > 100_000) decimals.clear();
    decimals.set(text, (known = parseDecimal(text)));
  }
  return known;
}

/**
 * Which container it was does not matter to a trace, but for this: what of a lot went along in one is not all that there was, where
 * nobody knows how much of it was inside, and was where the container was, where nobody says where.
 */
export const SOME_CONTAINER = 0;

/** A movement as both the folding of holdings and the search for gaps read it: one object serves both. */
export type Moved = HoldingMovement & StoryMovement;

export function movedOf(m: RecordedMovement): Moved {
  return {
    eventId: m.eventId,
    event: m.eventId,
    type: m.eventType,
    role: m.role,
    atFrom: m.atFrom,
    atUntil: m.atUntil,
    from: m.atFrom,
    until: m.atUntil,
    quantity: m.quantity === null ? null : nanos(m.quantity),
    placeId: m.placeId,
    partnerId: m.partnerId,
    containerId: m.containerId !== null && (m.quantity === null || m.placeId === null) ? SOME_CONTAINER : null,
    parents: m.parents,
    slot: m.slot,
  };
}

export function foldUnit(
  movements: readonly RecordedMovement[],
  kind: UnitKind,
  moved: readonly Moved[] = movements.map(movedOf),
): UnitFold {
  return foldMoved(moved, kind, (i) => movements[i]!.document);
}

/** `documentOf`: the document of a movement, by its place. */
export function foldMoved(moved: readonly Moved[], kind: UnitKind, documentOf: (i: number) => string | null): UnitFold {
  const { holdings, inHouse } = foldHoldings(moved, kind);
  let firstMadeMs: number | undefined;
  let shipments: Shipment[] | undefined;
  for (const [i, m] of moved.entries()) {
    if (m.role === 'made' && (firstMadeMs === undefined || m.atFrom < firstMadeMs)) firstMadeMs = m.atFrom;
    if (m.role !== 'shipped') continue;
    shipments ??= [];
    shipments.push({
      eventId: m.eventId,
      from: m.atFrom,
      until: m.atUntil,
      customerId: m.partnerId,
      document: documentOf(i),
      quantity: m.quantity ?? (kind === 'serial' ? ONE : null),
    });
  }
  return { holdings, inHouse, firstMadeMs, shipments: shipments ?? NO_SHIPMENTS };
}

/** Movements, grouped by unit; each unit's in the order of time. */
export function byUnit<T extends { unitId: number }>(rows: readonly T[]): Map<number, T[]> {
  const groups = new Map<number, T[]>();
  for (const row of rows) {
    const group = groups.get(row.unitId);
    if (group) group.push(row);
    else groups.set(row.unitId, [row]);
  }
  return groups;
}
