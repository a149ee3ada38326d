/**
 * The ends of installations, derived from what is marked on a unit, whatever the order in which it was recorded.
 * Pure: the same marks give the same ends. Source of the rules: docs/LEDGER.md, "Installations in any order".
 */
import { inTime, isCoarse, sequence, sharesParent, takesOut } from './mark-order';

export interface Mark {
  kind: 'install' | 'remove' | 'consume' | 'clean';
  /** natural key of the event, for an order that does not depend on arrival */
  key: string;
  /** widest reading, half-open, ms UTC: a precise time covers one millisecond, a date its day */
  from: number;
  until: number;
  /** install: what it may be in (several = one installation that could be in any of them); remove: what it came out of; clean: what was emptied */
  parents: number[];
  slot: string | null;
  /** in the unit's base unit, nanos; null = unknown */
  quantity: bigint | null;
  /** install: an end stated with it, widest and narrowest reading */
  statedUntil: number | null;
  statedSureUntil: number | null;
}

export type End =
  /** not ended, or only by what the link itself states */
  | { cause: 'open' }
  | { cause: 'removed'; until: number; sureUntil: number }
  /** no removal was recorded, and the unit is marked elsewhere from `until` on: possible until `maybeUntil` (null: for ever) */
  | { cause: 'implied'; until: number; maybeUntil: number | null }
  /** a removal that belongs to an installation */
  | { cause: 'matched' }
  /** a removal without installation: possible from `from` (null: from ever) until `until` */
  | { cause: 'orphan'; from: number | null; until: number };

/** Ends for all marks of one unit, in the order given. `cleans` are those of the parents it was ever in. */
export function deriveEnds(marks: readonly Mark[], cleans: readonly Mark[], serial: boolean): End[] {
  const { ends } = derive(marks, cleans, serial);
  return marks.map((m) => ends.get(m) ?? { cause: 'open' });
}

/** Of these cleanings, those that ended an installation of the unit: they found some of it there. */
export function cleanedOut<M extends Mark>(marks: readonly Mark[], cleans: readonly M[], serial: boolean): M[] {
  if (cleans.length === 0) return [];
  const { closers } = derive(marks, cleans, serial);
  return cleans.filter((c) => closers.has(c));
}

interface Derived {
  ends: Map<Mark, End>;
  /** what ended an installation */
  closers: Set<Mark>;
}

function derive(marks: readonly Mark[], cleans: readonly Mark[], serial: boolean): Derived {
  const derived: Derived = { ends: new Map(), closers: new Set() };
  const relevant = cleans.filter((c) => marks.some((m) => m.kind === 'install' && m.parents.includes(c.parents[0]!)));
  if (serial) deriveSerial([...marks], relevant, derived);
  else deriveLot([...marks], relevant, derived);
  return derived;
}

/** A removal known by its day holds until the day's last millisecond; a precise one ends at its time. */
const endOf = (m: Mark) => (isCoarse(m) ? m.until : m.from);

/** An end that an installation states itself acts at that time, after a removal recorded for the same moment. */
function statedRemoval(m: Mark): Mark | null {
  if (m.kind !== 'install' || m.statedUntil === null) return null;
  return {
    ...m,
    kind: 'clean',
    from: m.statedSureUntil ?? m.statedUntil,
    until: m.statedSureUntil === null ? m.statedUntil + 1 : m.statedUntil,
    quantity: null,
    statedUntil: null,
    statedSureUntil: null,
  };
}

// ---------------------------------------------------------------- serials: one place at a time

function deriveSerial(marks: Mark[], cleans: Mark[], derived: Derived): void {
  const { ends } = derived;
  const stated = new Map<Mark, Mark>();
  for (const m of marks) {
    const removal = statedRemoval(m);
    if (removal) stated.set(removal, m);
  }
  let current: Mark | null = null;
  let before: Mark | null = null;
  /** installations that ended without a recorded removal; a later removal from their parent bounds how long they stay possible */
  const loose: Mark[] = [];

  const imply = (by: Mark) => {
    if (!current) return;
    ends.set(current, { cause: 'implied', until: Math.max(by.from, current.from), maybeUntil: null });
    loose.push(current);
    current = null;
  };
  /** After a recorded removal from a parent the unit is in it no more, whatever was put in there before. */
  const bound = (removal: Mark, only: Mark | undefined): boolean => {
    const ended = loose.filter((m) => sharesParent(m, removal) && (!only || m === only));
    for (const m of ended) {
      const end = ends.get(m);
      if (end?.cause === 'implied') end.maybeUntil = Math.max(endOf(removal), end.until);
      loose.splice(loose.indexOf(m), 1);
    }
    return ended.length > 0;
  };

  for (const m of sequence([...marks, ...cleans, ...stated.keys()], (m) => stated.get(m))) {
    const own = stated.get(m);
    const open: Mark | null = current;
    if (m.kind === 'install' || m.kind === 'consume') {
      imply(m);
      if (m.kind === 'install') current = m;
      before = m;
      continue;
    }
    const closes = open !== null && (own ? open === own : sharesParent(open, m));
    const matched = bound(m, own);
    if (closes) {
      close(open, m, derived);
      current = null;
    }
    // A cleaning says nothing of a unit that is elsewhere, nor does the end that another installation states.
    if (m.kind === 'clean' || own) continue;
    if (closes || matched) ends.set(m, { cause: 'matched' });
    else ends.set(m, { cause: 'orphan', from: before?.from ?? null, until: orphanEnd(m, before) });
    if (!closes) imply(m);
    before = m;
  }
}

function close(install: Mark, by: Mark, { ends, closers }: Derived): void {
  closers.add(by);
  const until = Math.max(endOf(by), install.from + 1);
  ends.set(install, { cause: 'removed', until, sureUntil: isCoarse(by) ? Math.min(by.from, until) : until });
}

function orphanEnd(removal: Mark, before: Mark | null): number {
  const end = endOf(removal);
  return before ? Math.max(end, before.from + 1) : end;
}

// ---------------------------------------------------------------- lots: in many places at once, by quantity

/** A quantity that was taken out, and which of the open installations it may have come from. */
interface Booking {
  scope: Mark[];
  quantity: bigint;
}

function deriveLot(marks: Mark[], cleans: Mark[], derived: Derived): void {
  const { ends } = derived;
  const stated = new Map<Mark, Mark>();
  for (const m of marks) {
    const removal = statedRemoval(m);
    if (removal) stated.set(removal, m);
  }
  // A removal known by its day comes at the day's end: a lot is not exclusive, so this only ever widens.
  const time = (m: Mark) => (takesOut(m) && isCoarse(m) ? m.until - 1 : m.from);
  const all = [...marks, ...cleans, ...stated.keys()].sort((a, b) => time(a) - time(b) || inTime(a, b));
  let open: Mark[] = [];
  let bookings: Booking[] = [];

  for (const m of all) {
    if (m.kind === 'install') {
      open.push(m);
      continue;
    }
    if (m.kind === 'consume') continue;
    const own = stated.get(m);
    const there = open.filter((o) => (own ? o === own : sharesParent(o, m) && inSlot(o, m)));
    if (there.length === 0) {
      if (m.kind === 'remove' && !own) ends.set(m, { cause: 'orphan', from: null, until: endOf(m) });
      continue;
    }
    if (m.kind === 'remove' && !own) ends.set(m, { cause: 'matched' });
    let ended = there;
    if (m.kind === 'remove' && m.quantity !== null) {
      // Part of what is there: it ends once what was taken out of it reaches what was put in, which an unknown quantity never does.
      bookings.push({ scope: there, quantity: m.quantity });
      const inParent = open.filter((o) => sharesParent(o, m));
      ended = isEmptied(inParent, bookings) ? inParent : isEmptied(there, bookings) ? there : [];
    }
    for (const o of ended) close(o, m, derived);
    open = open.filter((o) => !ended.includes(o));
    bookings = bookings
      .map((b) => ({ ...b, scope: b.scope.filter((o) => open.includes(o)) }))
      .filter((b) => b.scope.length > 0);
  }
}

function inSlot(install: Mark, removal: Mark): boolean {
  return removal.kind === 'clean' || removal.slot === null || install.slot === null || install.slot === removal.slot;
}

/** True when what was surely taken out of these installations reaches what was put in. */
function isEmptied(installs: readonly Mark[], bookings: readonly Booking[]): boolean {
  let left = 0n;
  for (const { quantity } of installs) {
    if (quantity === null) return false;
    left += quantity;
  }
  for (const b of bookings) if (b.scope.every((o) => installs.includes(o))) left -= b.quantity;
  return left <= 0n;
}
