/** Which lots a line of bulk material was taken from, where nobody scanned it: proposed, and never silently picked. Pure. */
import { DomainError } from '@/kernel';

/** A lot that may be in it, with what is free of it (null: not known), first to expire first. */
export interface Source {
  unitId: number;
  free: bigint | null;
}
export interface Share {
  unitId: number;
  quantity: bigint;
}

export interface Proposal {
  /** sure: only one lot can be it; choice: several may be; short: there is not enough; none: nothing is there */
  kind: 'sure' | 'choice' | 'short' | 'none';
  /** taken from the first to expire on: what is written down where the person says that it was so */
  split: Share[];
  /** spread over all that may be in it: what is written down where nobody can tell */
  possible: Share[];
}

export function propose(needed: bigint, sources: readonly Source[]): Proposal {
  if (sources.length === 0) return { kind: 'none', split: [], possible: [] };
  const split = inTurn(needed, sources);
  const sum = split.reduce((total, s) => total + s.quantity, 0n);
  const kind = sum < needed ? 'short' : sources.length === 1 ? 'sure' : 'choice';
  return { kind, split, possible: spread(needed, sources) };
}

function inTurn(needed: bigint, sources: readonly Source[]): Share[] {
  let open = needed;
  return sources.flatMap(({ unitId, free }) => {
    const quantity = free === null || free > open ? open : free;
    open -= quantity;
    return quantity > 0n ? [{ unitId, quantity }] : [];
  });
}

/** Evenly, as far as each lot has it: together exactly what was needed, or all there is. */
export function spread(needed: bigint, sources: readonly Source[]): Share[] {
  const byFree = [...sources].sort((a, b) => (a.free === null ? 1 : b.free === null ? -1 : a.free < b.free ? -1 : 1));
  let open = needed;
  const shares = byFree.map(({ unitId, free }, index) => {
    const left = BigInt(byFree.length - index);
    const even = open / left;
    const quantity = free !== null && free < even ? free : left === 1n && (free === null || free >= open) ? open : even;
    open -= quantity;
    return { unitId, quantity };
  });
  return shares.filter((s) => s.quantity > 0n);
}

/** What the person said of a line. */
export interface Said {
  item: string;
  how: 'split' | 'possible' | undefined;
  lots: readonly Share[] | undefined;
}

/** The shares that go into the build. Throws BACKFLUSH_CHOICE where several lots may be it and nobody said how. */
export function confirmed(proposal: Proposal, said: Said): { shares: readonly Share[]; certain: boolean } {
  if (said.lots) return { shares: said.lots, certain: said.how !== 'possible' };
  if (said.how === 'possible') return { shares: proposal.possible, certain: proposal.possible.length === 1 };
  if (said.how === 'split' || proposal.kind === 'sure') return { shares: proposal.split, certain: true };
  throw new DomainError('BACKFLUSH_CHOICE', { count: proposal.possible.length, item: said.item });
}
