/**
 * Where in a list one is and what is picked there, as the address holds it. Both belong to one question (filters and order):
 * each carries its mark, and with another question it is not believed.
 */
import type { Start } from '~/kit/row-window';

/** FNV-1a: short, and only ever compared with itself. */
export function questionMark(question: unknown): string {
  let hash = 0x811c9dc5;
  for (const char of JSON.stringify(question)) hash = Math.imul(hash ^ char.charCodeAt(0), 0x01000193);
  return (hash >>> 0).toString(36);
}

export const PICKED_MAX = 200;

export const positionText = (of: string, { row, top, cursor }: Start): string => `${of}.${row}.${top}.${cursor ?? ''}`;

export function positionOf(mark: string, text: string | undefined): Start | undefined {
  const [of, first, seen, ...cursor] = text?.split('.') ?? [];
  const [row, top] = [Number(first), Number(seen)];
  if (of !== mark || !Number.isSafeInteger(row) || !Number.isSafeInteger(top) || top < row || row < 0) return undefined;
  return { row, top, cursor: row === 0 ? null : cursor.join('.') };
}

export type Picked = { all: boolean; ids: string[] };

export const pickedText = (mark: string, { all, ids }: Picked): string | undefined =>
  all ? `all.${mark}` : ids.length > 0 ? ids.join(',') : undefined;

export function pickedOf(mark: string, text: string | undefined): Picked {
  if (text === undefined) return { all: false, ids: [] };
  if (text.startsWith('all.')) return { all: text === `all.${mark}`, ids: [] };
  return { all: false, ids: text.split(',').slice(0, PICKED_MAX) };
}
