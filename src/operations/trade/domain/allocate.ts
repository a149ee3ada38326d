/** Which goods to fetch for an order: first to expire, first to come, or those asked for by name. Pure; nanos, ms UTC. */
import type { Strategy } from './order';

export interface Candidate {
  unitId: number;
  itemId: number;
  serial: boolean;
  placeId: number | null;
  /** code of the place: what comes first on the way is fetched first, where nothing else decides */
  place: string | null;
  /** at this place; null: the record does not say */
  quantity: bigint | null;
  /** kept back for other picks */
  reserved: bigint;
  held: boolean;
  expiresMs: number | null;
  /** when it came into being or into the house */
  sinceMs: number | null;
}

export interface WantedLine {
  line: string;
  itemId: number;
  quantity: bigint;
  /** units that are asked for by name; empty: any */
  named: readonly number[];
  strategy: Strategy;
  lifeMsMin: number;
}

export interface Proposal {
  line: string;
  itemId: number;
  unitId: number;
  serial: boolean;
  placeId: number | null;
  place: string | null;
  quantity: bigint;
}

export type Unfit = 'held' | 'expired' | 'life' | 'reserved' | 'unknown';

export interface Missing {
  line: string;
  itemId: number;
  quantity: bigint;
  /** what is there and cannot be taken, by why */
  unfit: Partial<Record<Unfit, number>>;
}

const ONE = 1_000_000_000n;
const LAST = Number.MAX_SAFE_INTEGER;

/** Why a candidate cannot be taken for a line now; null: it can. */
export function unfitFor(c: Candidate, lifeMsMin: number, nowMs: number): Unfit | null {
  if (c.held) return 'held';
  if (c.expiresMs !== null && c.expiresMs <= nowMs) return 'expired';
  if (c.expiresMs !== null && c.expiresMs - nowMs < lifeMsMin) return 'life';
  if (c.quantity === null) return 'unknown';
  return c.quantity - c.reserved <= 0n ? 'reserved' : null;
}

/**
 * Proposes what to take, in the order to walk. Never more of anything than is free; lines are served in their order, and what a
 * line takes the next one does not get.
 */
export function propose(
  lines: readonly WantedLine[],
  stock: readonly Candidate[],
  nowMs: number,
): { proposals: Proposal[]; missing: Missing[] } {
  const taken = new Map<Candidate, bigint>();
  const proposals: Proposal[] = [];
  const missing: Missing[] = [];
  for (const line of lines) {
    const of = stock.filter(
      (c) => c.itemId === line.itemId && (line.named.length === 0 || line.named.includes(c.unitId)),
    );
    const unfit: Missing['unfit'] = {};
    const fit: Candidate[] = [];
    for (const c of of) {
      const why = unfitFor(c, line.lifeMsMin, nowMs);
      if (why === null) fit.push(c);
      else unfit[why] = (unfit[why] ?? 0) + 1;
    }
    let rest = line.quantity;
    for (const c of fit.sort(byStrategy(line))) {
      if (rest <= 0n) break;
      const free = c.quantity! - c.reserved - (taken.get(c) ?? 0n);
      const part = c.serial ? ONE : free < rest ? free : rest;
      // A piece cannot be taken in part, nor for less than a piece.
      if (free <= 0n || (c.serial && (free < ONE || rest < ONE))) continue;
      taken.set(c, (taken.get(c) ?? 0n) + part);
      rest -= part;
      proposals.push({
        line: line.line,
        itemId: c.itemId,
        unitId: c.unitId,
        serial: c.serial,
        placeId: c.placeId,
        place: c.place,
        quantity: part,
      });
    }
    if (rest > 0n) missing.push({ line: line.line, itemId: line.itemId, quantity: rest, unfit });
  }
  return { proposals: proposals.sort(byWalk), missing };
}

function byStrategy({ strategy, named }: WantedLine): (a: Candidate, b: Candidate) => number {
  const rank = (c: Candidate) => (named.length > 0 ? named.indexOf(c.unitId) : 0);
  const expiry = (c: Candidate) => (strategy === 'fefo' ? (c.expiresMs ?? LAST) : 0);
  return (a, b) =>
    rank(a) - rank(b) ||
    expiry(a) - expiry(b) ||
    (a.sinceMs ?? LAST) - (b.sinceMs ?? LAST) ||
    compare(a.place, b.place) ||
    a.unitId - b.unitId;
}

/** One way through the house: by the code of the place, numbers as numbers; at one place in the order it was chosen. */
function byWalk(a: Proposal, b: Proposal): number {
  return compare(a.place, b.place) || a.line.localeCompare(b.line, 'en', { numeric: true });
}

function compare(a: string | null, b: string | null): number {
  if (a === b) return 0;
  // What has no recorded place is looked for last.
  if (a === null || b === null) return a === null ? 1 : -1;
  return a.localeCompare(b, 'en', { numeric: true });
}
