import { heldInside, presentOf, type UnitIdentity } from '@/ledger';
import { type ErrorDetails, parseDecimal } from '@/kernel';
import type { Queryable } from '@/platform/db';
import { bomsAt } from '@/reference/catalog';
import { placeNames } from '@/reference/places';
import { buildName, takenElsewhere } from '../db/builds';
import { parentsOf, placesWithin, revisionsOf } from '../db/units';
import { inForce } from '../domain/bom-lines';
import type { Asked, Candidate } from '../domain/judge';

/** What is known of units that may go into a build, in a few reads for all of them. Runs are no components of their own. */
export async function candidatesOf(
  q: Queryable,
  buildId: number,
  found: readonly UnitIdentity[],
  nowMs: number,
): Promise<Map<number, Candidate>> {
  const units = found.filter((unit) => unit.kind !== 'run');
  const ids = units.map((unit) => unit.unitId);
  const present = await presentOf(q, ids);
  const within = await heldInside(q, ids);
  const taken = await takenElsewhere(q, buildId, ids);
  const revisions = await revisionsOf(q, ids);
  const boms = await bomsAt(q, [...new Set(units.filter((u) => revisions.has(u.unitId)).map((u) => u.itemId))], null);
  const inWork = ids.filter((id) => present.get(id)?.holdings.some((h) => h.state === 'in-work'));
  const parents = inWork.length > 0 ? await parentsOf(q, inWork) : new Map<number, string>();
  return new Map(
    units.map((unit) => {
      const now = present.get(unit.unitId);
      const holdings = now?.holdings ?? [];
      const others = taken.filter((t) => t.unitId === unit.unitId);
      const piece = others.find((t) => t.serial);
      return [
        unit.unitId,
        {
          unitId: unit.unitId,
          itemId: unit.itemId,
          item: unit.item,
          kind: unit.kind as 'serial' | 'lot',
          label: `${unit.item} ${unit.code}`,
          uom: unit.uom,
          stock: holdings
            .filter((h) => h.state === 'in-stock' || h.state === 'returned')
            .map(({ placeId, quantity }) => ({ placeId, quantity })),
          otherwise: inWords(holdings[0]?.state ?? 'unknown'),
          parent: parents.get(unit.unitId) ?? null,
          hold:
            now && now.holds.length > 0
              ? now.holds.map((h) => h.reason).join('; ')
              : insideSaid(within.get(unit.unitId)),
          expiresMs: now?.expiresMs ?? null,
          revision: revisions.get(unit.unitId) ?? null,
          inForce: inForce(boms.get(unit.itemId) ?? [], nowMs).map((bom) => bom.revision),
          taken: piece
            ? { build: buildName(piece.buildId), order: piece.order, parent: `${piece.item} ${piece.code}` }
            : null,
          takenQuantity: others.reduce((sum, t) => sum + (t.quantity === null ? 0n : parseDecimal(t.quantity)), 0n),
        },
      ];
    }),
  );
}

function insideSaid(held: ErrorDetails | undefined): string | null {
  return held ? `${String(held['unit'])}: ${String(held['reason'])}` : null;
}

function inWords(state: string): string {
  return state === 'unknown' ? 'nothing recorded says where it came from' : state;
}

/** Where a build stands and what lies below it, with the codes of all places that its candidates are at. */
export async function hereOf(
  q: Queryable,
  build: { placeId: number | null; place: string | null },
  candidates: Iterable<Candidate>,
): Promise<Asked['here']> {
  if (build.placeId === null) return null;
  const within = await placesWithin(q, build.placeId);
  const codes = new Map(within);
  const away = [...candidates]
    .flatMap((c) => c.stock.map((s) => s.placeId))
    .filter((id) => id !== null && !codes.has(id));
  if (away.length > 0) for (const [id, place] of await placeNames(q, away as number[])) codes.set(id, place.code);
  return { code: build.place!, within: new Set(within.keys()), codes };
}
