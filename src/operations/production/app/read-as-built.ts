import { formatDecimal, formatTime, parseDecimal } from '@/kernel';
import { firstMade, identities, linkParts, linksInto, type RecordedLink, type UnitIdentity, unitRef } from '@/ledger';
import type { Queryable } from '@/platform/db';
import { type Bom, bomsAt } from '@/reference/catalog';
import { makingsOf } from '../db/made';
import { revisionsOf } from '../db/units';
import { BuiltPart, compare, ComparedLine, quantityOf, tally } from '../domain/as-built';
import { BuildLine, inForce, pickRevision } from '../domain/bom-lines';
import { ONE } from '../domain/judge';
import { linesOfBom } from './designs';

export interface AsBuilt {
  unit: UnitIdentity;
  workOrder: string | null;
  madeMs: number | null;
  built: bigint;
  revision: string | null;
  /** how the revision is known */
  revisionFrom: 'making' | 'in force' | null;
  compared: ComparedLine[];
}

/** Units with what is in them at a time, held against the BOM revision that they were made by. A few reads for all of them. */
export async function asBuiltOf(
  q: Queryable,
  position: number,
  unitIds: readonly number[],
  atMs: number,
): Promise<AsBuilt[]> {
  const units = await identities(q, unitIds);
  const makings = await makingsOf(q, unitIds);
  const held = await contentsAt(q, position, unitIds, atMs);
  const boms = await bomsAt(q, [...new Set([...units.values()].map((u) => u.itemId))], null);
  const parts = [...held.values()].flat();
  const inputs = await identities(
    q,
    parts.map((p) => p.unitId),
  );
  const revisions = await revisionsOf(q, [...inputs.keys()]);
  const itemsWithRevision = [...inputs.values()].filter((u) => revisions.has(u.unitId)).map((u) => u.itemId);
  const partBoms = await bomsAt(q, [...new Set(itemsWithRevision)], null);
  const designs = new Map<string, BuildLine[]>();
  const found: AsBuilt[] = [];
  for (const unitId of unitIds) {
    const unit = units.get(unitId);
    if (!unit) continue;
    const making = makings.get(unitId);
    const madeMs = making?.atMs ?? null;
    const built = unit.kind === 'serial' ? ONE : (making?.quantity ?? ONE);
    const bom = pickRevision(boms.get(unit.itemId) ?? [], making?.revision ?? null, madeMs ?? atMs);
    const key = JSON.stringify([unit.itemId, bom?.revision, built.toString()]);
    if (bom && !designs.has(key)) designs.set(key, await linesOfBom(q, bom, built));
    const own = (held.get(unitId) ?? []).map((p) =>
      partOf(p, inputs.get(p.unitId)!, revisions, partBoms, madeMs ?? atMs),
    );
    found.push({
      unit,
      workOrder: making?.workOrder ?? null,
      madeMs,
      built,
      revision: bom?.revision ?? null,
      revisionFrom: bom ? (making?.revision ? 'making' : 'in force') : null,
      compared: bom ? compare(designs.get(key)!, own) : compare([], own),
    });
  }
  return found;
}

interface Content {
  unitId: number;
  quantity: string | null;
  position: string | null;
  certain: boolean;
  /** the name of the run through which it came in */
  run: string | null;
}

/** What is in each unit at a time; what went in through a run is what was on the run then. */
async function contentsAt(
  q: Queryable,
  position: number,
  unitIds: readonly number[],
  atMs: number,
): Promise<Map<number, Content[]>> {
  const links = await linksInto(q, position, unitIds);
  const made = await firstMade(q, position, [...new Set(links.map((l) => l.input))]);
  const kinds = await identities(
    q,
    links.map((l) => l.input),
  );
  const runIds = [...new Set(links.map((l) => l.input).filter((id) => kinds.get(id)?.kind === 'run'))];
  const loads = runIds.length > 0 ? await linksInto(q, position, runIds) : [];
  const held = new Map<number, Content[]>();
  for (const link of links) {
    const part = standing(link, made.get(link.input), atMs);
    if (!part) continue;
    const rows = runIds.includes(link.input)
      ? loads
          .filter((load) => load.output === link.input)
          .flatMap((load): Content[] => {
            const on = linkParts(load, undefined).find((p) => p.from < part.until && part.from < p.until);
            if (!on) return [];
            const certain = part.certain && on.certain;
            return [
              {
                unitId: load.input,
                quantity: null,
                position: load.slot ?? link.slot,
                certain,
                run: runName(kinds, link.input),
              },
            ];
          })
      : [{ unitId: link.input, quantity: link.quantity, position: link.slot, certain: part.certain, run: null }];
    held.set(link.output, [...(held.get(link.output) ?? []), ...rows]);
  }
  return held;
}

function runName(units: ReadonlyMap<number, UnitIdentity>, unitId: number): string {
  const run = units.get(unitId)!;
  return `${run.item} ${run.code}`;
}

/** The part of a link that holds at a time: a consumption from then on, an installation while it lasts. */
function standing(link: RecordedLink, madeMs: number | undefined, atMs: number) {
  return linkParts(link, madeMs).find((p) => p.from <= atMs && (link.mode === 0 || atMs < p.until));
}

function partOf(
  content: Content,
  unit: UnitIdentity,
  revisions: ReadonlyMap<number, string>,
  boms: ReadonlyMap<number, Bom[]>,
  madeMs: number,
): BuiltPart {
  return {
    unitId: content.unitId,
    itemId: unit.itemId,
    item: unit.item,
    label: `${unit.item} ${unit.code}`,
    uom: unit.uom,
    quantity: content.run === null ? quantityOf(unit.kind, content.quantity) : null,
    position: content.position,
    certain: content.certain,
    run: content.run,
    revision: revisions.get(content.unitId) ?? null,
    inForce: inForce(boms.get(unit.itemId) ?? [], madeMs).map((bom) => bom.revision),
  };
}

// ------------------------------------------------------------ as it is shown

export function asBuiltView(one: AsBuilt, atMs: number, units: ReadonlyMap<number, UnitIdentity>) {
  const { unit, compared } = one;
  const amount = (nano: bigint | null, uom: string) => (nano === null ? null : { value: formatDecimal(nano), uom });
  const { open, substituted } = tally(compared);
  return {
    id: unit.id,
    unit: unitRef(unit.item, unit.kind, unit.code),
    name: unit.name,
    at: formatTime(atMs),
    workOrder: one.workOrder,
    made: formatTime(one.madeMs),
    revision: one.revision,
    revisionFrom: one.revisionFrom,
    /** differences that are not as they may be */
    differences: open,
    substituted,
    lines: compared.map(({ line, item, built, parts, differences }) => ({
      line: line?.line ?? null,
      item,
      name: line?.name ?? null,
      tracking: line?.tracking ?? null,
      position: line?.position ?? null,
      designed: line && { value: formatDecimal(parseDecimal(line.needed)), uom: line.uom },
      built: line?.tracking === 'none' ? null : amount(built, line?.uom ?? parts[0]?.uom ?? ''),
      parts: parts.map((part) => {
        const own = units.get(part.unitId)!;
        return {
          id: own.id,
          unit: unitRef(own.item, own.kind, own.code),
          position: part.position,
          quantity: amount(part.quantity, part.uom),
          certainty: part.certain ? 'certain' : 'possible',
          run: part.run,
          revision: part.revision,
        };
      }),
      differences,
    })),
  };
}
