/** What may be taken instead of an item that is short or on hold, and why that is allowed. Pure. */

export interface BomLines {
  item: string;
  revision: string;
  fromMs: number | null;
  untilMs: number | null;
  lines: { component: string; position?: string; substitutes?: string[] }[];
}

export interface Reason {
  kind: 'same-item' | 'approved';
  /** the BOM line that says so */
  bom?: { item: string; revision: string; position: string | null; component: string };
}

/**
 * The items that may stand for `item`: itself, and those that share a BOM line with it, in revisions that are effective now.
 * `parent` narrows it to the BOMs of one item: an alternate approved for one product need not be for another.
 */
export function alternatesOf(
  item: string,
  boms: readonly BomLines[],
  nowMs: number,
  parent?: string,
): Map<string, Reason[]> {
  const found = new Map<string, Reason[]>([[item, [{ kind: 'same-item' }]]]);
  for (const bom of boms) {
    if (parent !== undefined && bom.item !== parent) continue;
    if ((bom.fromMs !== null && nowMs < bom.fromMs) || (bom.untilMs !== null && nowMs >= bom.untilMs)) continue;
    for (const line of bom.lines) {
      const allowed = [line.component, ...(line.substitutes ?? [])];
      if (!allowed.includes(item)) continue;
      for (const other of allowed) {
        if (other === item) continue;
        const because: Reason = {
          kind: 'approved',
          bom: {
            item: bom.item,
            revision: bom.revision,
            position: line.position ?? null,
            component: line.component,
          },
        };
        found.set(other, [...(found.get(other) ?? []), because]);
      }
    }
  }
  return found;
}
