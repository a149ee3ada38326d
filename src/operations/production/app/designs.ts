import { DomainError, formatTime } from '@/kernel';
import type { Queryable } from '@/platform/db';
import { type Bom, bomsAt, itemsByCode } from '@/reference/catalog';
import { BuildLine, linesFor, pickRevision } from '../domain/bom-lines';

/** The BOM revision that an item is built by: the named one, or the one in force then. Throws BOM_NONE. */
export async function revisionFor(
  q: Queryable,
  item: { itemId: number; item: string },
  named: string | null,
  atMs: number,
): Promise<Bom> {
  const all = (await bomsAt(q, [item.itemId], null)).get(item.itemId) ?? [];
  const bom = pickRevision(all, named, atMs);
  if (!bom) throw new DomainError('BOM_NONE', { item: item.item, revision: named ?? 'in force', at: formatTime(atMs) });
  return bom;
}

/** The lines of a revision for a quantity (nanos of the parent's base unit). */
export async function linesOfBom(q: Queryable, bom: Bom, built: bigint): Promise<BuildLine[]> {
  const codes = bom.lines.flatMap((line) => [line.component, ...(line.substitutes ?? [])]);
  return linesFor(bom.lines, await itemsByCode(q, codes), built);
}
