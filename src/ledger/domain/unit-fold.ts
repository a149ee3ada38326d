/**
 * What the stock projection keeps of a unit: where it is, when it was made and moved, from whom, until when. Folded from its
 * movements; of a unit with many, the older ones are folded once and kept as a base, so that the next one costs no more than the first.
 * Pure, and the same whatever the order of arrival and wherever the base was cut.
 */
import type { UnitKind } from './event-shapes';
import type { Holding, HoldingMovement } from './holding';
import { inOrder, MOVES } from './holdings';
import { LotFold, SavedLot } from './lot-fold';
import { SavedSerial, SerialFold } from './serial-fold';

export interface UnitMovement extends HoldingMovement {
  expiresMs: number | null;
  /** natural key of the event, for amendments: which of two at one time counts */
  key: string | null;
}

export interface UnitNow {
  holdings: Holding[];
  /** first making; null while nothing made it */
  madeMs: number | null;
  /** the last movement that changed where it is, or how much of it */
  movedMs: number | null;
  expiresMs: number | null;
  supplierId: number | null;
}

/** Amended: the expiry that the last amendment states, with when it did. */
interface Described {
  madeMs: number | null;
  movedMs: number | null;
  expiresMs: number | null;
  amended: { from: number; until: number; key: string; expiresMs: number } | null;
  receipt: { from: number; supplierId: number } | null;
}

/** Everything that ended at or before `untilMs`, folded; plain JSON. */
export interface Base {
  untilMs: number;
  state: { described: Described; fold: SavedLot | SavedSerial };
}

/** A base is cut when more movements than this lie behind it, and leaves about half of them in front. */
const FOLDED_MAX = 128;

/** Folds the movements that are not in the base (those that begin at or after its end). */
export function foldUnit(
  kind: UnitKind,
  movements: readonly UnitMovement[],
  base: Base | null = null,
): { now: UnitNow; base: Base | null } {
  const fold = kind === 'serial' ? new SerialFold() : new LotFold();
  const described = base ? { ...base.state.described } : NOTHING;
  if (base) fold.restore(base.state.fold as SavedLot & SavedSerial);
  const cut = cutOf(movements);
  if (!cut) {
    const now = take(fold, described, movements);
    return { now: nowOf(fold.result().holdings, now), base };
  }
  const before = take(fold, described, cut.before);
  const next: Base = { untilMs: cut.untilMs, state: { described: before, fold: fold.save() } };
  const now = take(fold, before, cut.after);
  return { now: nowOf(fold.result().holdings, now), base: next };
}

const NOTHING: Described = { madeMs: null, movedMs: null, expiresMs: null, amended: null, receipt: null };

function take(fold: LotFold | SerialFold, described: Described, movements: readonly UnitMovement[]): Described {
  inOrder(
    movements.filter((m) => MOVES.has(m.role)),
    fold,
  );
  return movements.reduce(describe, described);
}

/** Of more movements than are kept apart, the latest moment with nothing across it that leaves at least half of what may lie before a base in front of it. */
export function cutOf<M extends Pick<HoldingMovement, 'atFrom' | 'atUntil'>>(
  movements: readonly M[],
): { before: M[]; after: M[]; untilMs: number } | null {
  if (movements.length <= FOLDED_MAX) return null;
  const sorted = [...movements].sort((a, b) => a.atFrom - b.atFrom || a.atUntil - b.atUntil);
  let untilMs = -Infinity;
  let cut: { at: number; untilMs: number } | null = null;
  for (let i = 0; i <= sorted.length - FOLDED_MAX / 2; i++) {
    if (i > 0 && untilMs <= sorted[i]!.atFrom) cut = { at: i, untilMs };
    untilMs = Math.max(untilMs, sorted[i]!.atUntil);
  }
  if (!cut) return null;
  // The order in which they came is kept on either side.
  const early = new Set(sorted.slice(0, cut.at));
  return {
    before: movements.filter((m) => early.has(m)),
    after: movements.filter((m) => !early.has(m)),
    untilMs: cut.untilMs,
  };
}

function describe(d: Described, m: UnitMovement): Described {
  const next = { ...d };
  if (MOVES.has(m.role)) next.movedMs = Math.max(d.movedMs ?? -Infinity, m.atFrom);
  if (m.role === 'made') {
    next.madeMs = Math.min(d.madeMs ?? Infinity, m.atFrom);
    // Of several receipts the first says from whom it came.
    if (m.partnerId !== null) {
      const own = { from: m.atFrom, supplierId: m.partnerId };
      const first = d.receipt === null || own.from < d.receipt.from;
      if (first || (own.from === d.receipt?.from && own.supplierId < d.receipt.supplierId)) next.receipt = own;
    }
  }
  if (m.expiresMs === null) return next;
  if (m.role !== 'amended') next.expiresMs = Math.min(d.expiresMs ?? Infinity, m.expiresMs);
  else {
    const own = { from: m.atFrom, until: m.atUntil, key: m.key ?? '', expiresMs: m.expiresMs };
    if (d.amended === null || isLater(own, d.amended)) next.amended = own;
  }
  return next;
}

type Said = Pick<NonNullable<Described['amended']>, 'from' | 'until' | 'key'>;

/** Of two amendments, whether the first is the one that counts. */
export function isLater(a: Said, b: Said): boolean {
  if (a.from !== b.from) return a.from > b.from;
  if (a.until !== b.until) return a.until > b.until;
  return a.key > b.key;
}

function nowOf(holdings: Holding[], d: Described): UnitNow {
  return {
    holdings,
    madeMs: d.madeMs,
    movedMs: d.movedMs,
    expiresMs: d.amended?.expiresMs ?? d.expiresMs,
    supplierId: d.receipt?.supplierId ?? null,
  };
}
