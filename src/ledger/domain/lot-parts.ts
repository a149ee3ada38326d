/** What of a lot is in containers: parts of what is at a place or with a customer, never more than that. */
import type { Content } from './holding';
import { restoreSum, SavedSum, savedSum, Sum } from './sums';

export interface Part {
  containerId: number;
  shipped: boolean;
  /** place, or customer where shipped */
  at: number | null;
  sum: Sum;
  cameBack: boolean;
}

export type SavedParts = [containerId: number, shipped: boolean, at: number | null, cameBack: boolean, ...SavedSum][];

export class Parts {
  /** in the order in which they were packed */
  readonly all: Part[] = [];

  at(containerId: number, shipped: boolean, at: number | null): Part {
    let part = this.all.find((p) => p.containerId === containerId && p.shipped === shipped && p.at === at);
    if (!part) this.all.push((part = { containerId, shipped, at, sum: new Sum(), cameBack: false }));
    return part;
  }

  known(shipped: boolean, at: number | null): bigint {
    return this.all.reduce((sum, p) => (p.shipped === shipped && p.at === at ? sum + p.sum.known : sum), 0n);
  }

  isIn(containerId: number | null | undefined): boolean {
    return this.all.some((p) => p.containerId === containerId && p.sum.some);
  }

  content(containerId: number): Content[] {
    return this.all
      .filter((p) => p.containerId === containerId && p.sum.some)
      .map(({ shipped, at, sum }) => ({
        shipped,
        placeId: shipped ? null : at,
        partnerId: shipped ? at : null,
        quantity: sum.quantity,
      }));
  }

  /** What was taken by itself is taken from what lies loose first, then out of the containers, the first packed first. */
  leave(shipped: boolean, at: number | null, before: bigint, sum: Sum): void {
    if (this.all.length === 0 || sum.unknown) return;
    const inside = this.known(shipped, at);
    const short = (there: bigint): bigint => (inside > there ? inside - there : 0n);
    let excess = sum.known <= 0n ? inside : short(sum.known) - short(before);
    for (const p of this.all) {
      if (p.shipped !== shipped || p.at !== at) continue;
      if (sum.known <= 0n) p.sum.clear();
      else if (excess > 0n) {
        const taken = p.sum.known < excess ? p.sum.known : excess;
        p.sum.known -= taken;
        excess -= taken;
      }
    }
  }

  /** Some of what is in containers at a place may have been taken out of them. */
  blur(at: number | null): void {
    for (const p of this.all) if (!p.shipped && p.at === at && p.sum.some) p.sum.unknown = true;
  }

  /** Shows what of a sum is in containers, never more than the sum; gives the rest. */
  show(
    shipped: boolean,
    at: number | null,
    sum: Sum,
    show: (part: Part, quantity: bigint | null) => void,
  ): bigint | null {
    let rest = sum.quantity === null ? null : sum.known > 0n ? sum.known : 0n;
    for (const part of this.all) {
      if (part.shipped !== shipped || part.at !== at || !part.sum.some) continue;
      const own = part.sum.quantity;
      if (rest === null) show(part, own);
      else {
        const quantity: bigint = own === null || own > rest ? rest : own;
        if (quantity > 0n) show(part, quantity);
        rest -= quantity;
      }
    }
    return rest;
  }

  /** Empty ones too: which was packed first still decides what is taken first. */
  save(): SavedParts {
    return this.all.map((p) => [p.containerId, p.shipped, p.at, p.cameBack, ...savedSum(p.sum)]);
  }

  restore(saved: SavedParts): void {
    for (const [containerId, shipped, at, cameBack, ...sum] of saved) {
      const part = this.at(containerId, shipped, at);
      part.cameBack = cameBack;
      restoreSum(part.sum, sum);
    }
  }
}
