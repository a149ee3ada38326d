import { Holding, linkParts, linksOutOf, movementsOf, RecordedLink, unitsByIds } from '@/ledger';
import type { Queryable } from '@/platform/db';
import { byUnit, foldUnit, UnitFold } from './stories';
import type { UnitKind } from '../domain/question';

export interface Placed {
  holdings: Holding[];
  /** the outermost parent, where that is with a customer */
  shippedIn: number | null;
}

interface Folded {
  kind: UnitKind;
  fold: UnitFold;
}

/**
 * A serial that is installed is where its outermost parent is: with that parent's customer once the parent has been shipped.
 * Reads the parents that the trace did not reach, one query a level.
 */
export class Components {
  private readonly parents = new Map<number, number | null>();

  constructor(
    private readonly q: Queryable,
    private readonly position: number,
    private readonly known: Map<number, Folded>,
  ) {}

  /** A parent that is known already, of a link that was walked; null: the unit has none that is certain and open. */
  know(unitId: number, parent: number | null): void {
    this.parents.set(unitId, parent);
  }

  /** Finds the open parents of these units, and theirs, until nothing new comes up. */
  async load(unitIds: readonly number[]): Promise<void> {
    let open = unitIds;
    while (open.length > 0) {
      const unknown = open.filter((id) => !this.parents.has(id));
      for (const id of unknown) this.parents.set(id, null);
      for (const link of unknown.length > 0 ? await linksOutOf(this.q, this.position, unknown) : []) {
        if (isOpen(link)) this.parents.set(link.input, link.output);
      }
      const above = [...new Set(open.map((id) => this.parents.get(id)!).filter((id) => id !== null))];
      await this.fold(above.filter((id) => !this.known.has(id)));
      open = above.filter((id) => !this.parents.has(id) && inWork(this.known.get(id)));
    }
  }

  place(unitId: number): Placed {
    const own = this.known.get(unitId)!.fold.holdings;
    const first = own[0]!;
    const seen = new Set([unitId]);
    let parent = this.parents.get(unitId) ?? null;
    while (parent !== null && !seen.has(parent)) {
      seen.add(parent);
      const above = this.known.get(parent)!.fold.holdings;
      if (above.length !== 1) break;
      const { state, placeId, customerId } = above[0]!;
      if (state === 'shipped' || state === 'scrapped' || state === 'returned')
        return {
          holdings: [{ ...first, state, placeId, customerId }],
          shippedIn: state === 'shipped' ? parent : null,
        };
      if (state !== 'in-work') return { holdings: [{ ...first, placeId, customerId }], shippedIn: null };
      parent = this.parents.get(parent) ?? null;
    }
    return { holdings: own, shippedIn: null };
  }

  foldOf(unitId: number): UnitFold {
    return this.known.get(unitId)!.fold;
  }

  private async fold(unitIds: readonly number[]): Promise<void> {
    if (unitIds.length === 0) return;
    const movements = byUnit(await movementsOf(this.q, this.position, unitIds));
    for (const u of await unitsByIds(this.q, unitIds)) {
      this.known.set(u.unitId, { kind: u.kind, fold: foldUnit(movements.get(u.unitId) ?? [], u.kind) });
    }
  }
}

/** A certain installation that nothing has ended: the unit is in there now. */
export function isOpen(link: RecordedLink): boolean {
  return link.mode === 1 && linkParts(link, undefined).some((p) => p.certain && p.until === Infinity);
}

/** A serial that is installed somewhere. */
export function inWork(unit: Folded | undefined): boolean {
  return unit?.kind === 'serial' && unit.fold.holdings[0]?.state === 'in-work';
}
