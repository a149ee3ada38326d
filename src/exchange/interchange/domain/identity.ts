import { createHash } from 'node:crypto';
import { canonicalJson } from '@/kernel';

const SHARDS = 64;

/**
 * Ids for events that come without one: a hash of what the event says and its occurrence number within its file, so that the same
 * file imported twice says the same again, and two equal rows of one file stay two events. Column order, delimiter and extra columns
 * do not matter.
 *
 * What was seen is kept as 52 bits of the hash. Two events that share them get an occurrence number too many, which changes nothing:
 * the whole hash is in the id, and the number is the same at every import. Shards, because a Map ends at 16.7 million entries.
 */
export class ContentIds {
  private readonly seen = Array.from({ length: SHARDS }, () => new Map<number, number>());

  idOf(event: Record<string, unknown>): string {
    const hash = createHash('sha256').update(canonicalJson(event)).digest();
    const key = hash.readUIntBE(0, 6) * 16 + (hash[6]! & 15);
    const shard = this.seen[hash[7]! % SHARDS]!;
    const occurrence = (shard.get(key) ?? 0) + 1;
    shard.set(key, occurrence);
    return `row-${hash.toString('base64url')}-${occurrence}`;
  }
}
