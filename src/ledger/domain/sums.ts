/** Quantities of a lot in nanos of its base unit, by what they lie at, and how they are kept as plain JSON. */

/** A sum that stays unknown once something unknown went in. */
export class Sum {
  known = 0n;
  unknown = false;
  /** some of what is known to have been here may have been taken: nobody said from where it was */
  unclear = false;

  add(q: bigint | null): void {
    if (q === null) this.unknown = true;
    else this.known += q;
  }

  clear(): void {
    this.known = 0n;
    this.unknown = this.unclear = false;
  }

  /** Takes off at most what is known to be there; null: all. */
  less(q: bigint | null): void {
    if (q === null) this.clear();
    else this.known = this.known > q ? this.known - q : 0n;
  }

  get quantity(): bigint | null {
    return this.unknown || this.unclear ? null : this.known;
  }

  get some(): boolean {
    return this.unknown || this.known > 0n;
  }
}

export class Sums<K> {
  readonly by = new Map<K, Sum>();

  at(key: K): Sum {
    let sum = this.by.get(key);
    if (!sum) this.by.set(key, (sum = new Sum()));
    return sum;
  }
}

/** A saved sum: what is known in nanos; 1 where something unknown is in it, 2 where some of it may be gone. */
export type SavedSum = [known: string, unknown: 0 | 1 | 2];
export type SavedSums = [at: number | null, ...SavedSum][];

export const savedSum = (sum: Sum): SavedSum => [String(sum.known), sum.unknown ? 1 : sum.unclear ? 2 : 0];
// A place where nothing is any more, and nothing is owed, need not be remembered.
export const savedSums = (sums: Sums<number | null>): SavedSums =>
  [...sums.by].filter(([, sum]) => sum.unknown || sum.known !== 0n).map(([at, sum]) => [at, ...savedSum(sum)]);
export const restoreSum = (sum: Sum, [known, unknown]: SavedSum): void =>
  void Object.assign(sum, { known: BigInt(known), unknown: unknown === 1, unclear: unknown === 2 });
