/** Draws by lot that anyone can draw again: a recorded seed and the same keys always give the same. Pure. */
import { createHash } from 'node:crypto';

/**
 * So many of the keys, in the order in which they were drawn: each key's lot is SHA-256 over seed and key, the smallest are drawn.
 * The order in which keys come in changes nothing, and who is drawn does not depend on who else there is but for the number.
 */
export function draw(seed: string, keys: readonly string[], count: number): string[] {
  const lots = new Map([...new Set(keys)].map((key) => [key, lotOf(seed, key)]));
  return [...lots.keys()].sort((a, b) => (lots.get(a)! < lots.get(b)! ? -1 : 1)).slice(0, count);
}

const lotOf = (seed: string, key: string): string =>
  createHash('sha256')
    .update(JSON.stringify([seed, key]))
    .digest('hex');
