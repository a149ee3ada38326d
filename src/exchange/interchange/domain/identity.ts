import { createHash } from 'node:crypto';
import { canonicalJson } from '@/kernel';

const SLOTS_MIN = 1 << 16;

/** Counts how often a key was seen, in 16 bytes a key; keys are whole numbers from 1 to 2^53. */
class Seen {
  private slots = new Float64Array(SLOTS_MIN);
  private used = 0;
  private readonly again = new Map<number, number>();

  /** How often it was seen, this time included. */
  count(key: number): number {
    if (this.put(this.slots, key)) {
      if (++this.used * 2 > this.slots.length) this.grow();
      return 1;
    }
    const count = (this.again.get(key) ?? 1) + 1;
    this.again.set(key, count);
    return count;
  }

  /** False where it was there. */
  private put(slots: Float64Array, key: number): boolean {
    for (let at = key % slots.length; ; at = at + 1 === slots.length ? 0 : at + 1) {
      if (slots[at] === key) return false;
      if (slots[at] !== 0) continue;
      slots[at] = key;
      return true;
    }
  }

  private grow(): void {
    const larger = new Float64Array(this.slots.length * 2);
    for (const key of this.slots) if (key !== 0) this.put(larger, key);
    this.slots = larger;
  }
}

/**
 * Ids for events that come without one: a hash of what the event says and its occurrence number within its file, so that the same
 * file imported twice says the same again, and two equal rows of one file stay two events. Column order, delimiter and extra columns
 * do not matter.
 *
 * What was seen is kept as 52 bits of the hash. Two events that share them get an occurrence number too many, which changes nothing:
 * the whole hash is in the id, and the number is the same at every import.
 */
export class ContentIds {
  private readonly seen = new Seen();

  /** `before`: how often the event was there before this file, by its id without the number. */
  constructor(private readonly before: ReadonlyMap<string, number> = new Map()) {}

  idOf(event: Record<string, unknown>): string {
    const hash = hashOf(event);
    const key = hash.readUIntBE(0, 6) * 16 + (hash[6]! & 15) + 1;
    const name = nameOf(hash);
    return `${name}-${this.seen.count(key) + (this.before.get(name) ?? 0)}`;
  }
}

/** Gives no ids, but gathers what they would be called. */
export class ContentNames extends ContentIds {
  readonly names = new Set<string>();

  override idOf(event: Record<string, unknown>): string {
    const name = nameOf(hashOf(event));
    this.names.add(name);
    return name;
  }
}

const hashOf = (event: Record<string, unknown>): Buffer => createHash('sha256').update(canonicalJson(event)).digest();
const nameOf = (hash: Buffer): string => `row-${hash.toString('base64url')}`;
