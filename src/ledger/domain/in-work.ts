/** What of a lot is installed or loaded: a sum for each parent (or several, one of which it is in) and position. */
import { restoreSum, SavedSum, savedSum, Sum } from './sums';

/** What a lot went into or came out of; `parents` null or left out: nothing says. */
export interface Seat {
  /** unit ids; several: one of them, and nobody knows which */
  parents?: readonly number[] | null;
  slot?: string | null;
}

export type SavedInWork = [parents: readonly number[] | null, slot: string | null, ...SavedSum][];

interface Stay {
  parents: readonly number[] | null;
  slot: string | null;
  sum: Sum;
}

export class InWork {
  private stays: Stay[] = [];

  add(seat: Seat, quantity: bigint | null): void {
    this.at(seat).sum.add(quantity);
  }

  has(seat: Seat): boolean {
    return this.meant(seat).some(({ sum }) => sum.some);
  }

  /** How much of this quantity is not there; nothing where none is, or nobody knows how much. */
  excess(seat: Seat, quantity: bigint): bigint {
    const meant = this.meant(seat).filter(({ sum }) => sum.some);
    if (meant.length === 0 || meant.some(({ sum }) => sum.unknown)) return 0n;
    const there = total(meant);
    return quantity > there ? quantity - there : 0n;
  }

  /** Takes off a quantity, or all that is there; gives what that was, null where nobody knows. */
  take(seat: Seat, quantity: bigint | null): bigint | null {
    const meant = this.meant(seat).filter(({ sum }) => sum.some);
    if (quantity === null) {
      const back = meant.length === 0 || meant.some(({ sum }) => sum.unknown) ? null : total(meant);
      for (const { sum } of meant) sum.clear();
      return back;
    }
    let left = quantity;
    for (const { sum } of meant) {
      const part = sum.known < left ? sum.known : left;
      sum.known -= part;
      left -= part;
    }
    return quantity;
  }

  get some(): boolean {
    return this.stays.some(({ sum }) => sum.some);
  }

  get quantity(): bigint | null {
    return this.stays.some(({ sum }) => sum.unknown) ? null : total(this.stays);
  }

  save(): SavedInWork {
    return this.stays
      .filter(({ sum }) => sum.some)
      .map(({ parents, slot, sum }) => [parents, slot, ...savedSum(sum)] as SavedInWork[number]);
  }

  restore(saved: SavedInWork): void {
    for (const [parents, slot, ...sum] of saved) restoreSum(this.at({ parents, slot }).sum, sum);
  }

  private at({ parents = null, slot = null }: Seat): Stay {
    const key = (p: readonly number[] | null): string => (p === null ? '' : [...p].sort((a, b) => a - b).join());
    let stay = this.stays.find((s) => s.slot === slot && key(s.parents) === key(parents));
    if (!stay) this.stays.push((stay = { parents, slot, sum: new Sum() }));
    return stay;
  }

  /** As marks have it (installations.ts): what shares a parent, in the position where both name one. */
  private meant({ parents = null, slot = null }: Seat): Stay[] {
    return this.stays.filter(
      (s) =>
        (parents === null || s.parents === null || s.parents.some((p) => parents.includes(p))) &&
        (slot === null || s.slot === null || s.slot === slot),
    );
  }
}

const total = (stays: readonly Stay[]): bigint => stays.reduce((n, { sum }) => n + sum.known, 0n);
