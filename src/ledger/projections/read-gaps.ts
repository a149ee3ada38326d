/**
 * The gaps of some units at a ledger position, with what a list of them is filtered by. A few set-based reads for all of them. Of
 * units with very many movements those are read that are not in their base.
 */
import { parseDecimal } from '@/kernel';
import type { Queryable } from '@/platform/db';
import { bomsAt } from '@/reference/catalog';
import { MOVEMENT_SEEN } from '../genealogy/at-position';
import { EVER, eventTypesOf, holdsOf, movementsOf, RecordedMovement } from '../genealogy/facts';
import { dividedIntoMore, oddLinksOutOf, producedWithoutInputs, RecordedLink } from '../genealogy/links';
import { everHeldInside } from '../db/touched';
import { goesOn, Opened, openedFrom } from '../domain/gap-opening';
import {
  Gap,
  noInputsGap,
  splitMoreGap,
  StoryMovement,
  unitGaps,
  UnitStory,
  usesToTell,
  withTypes,
} from '../domain/gaps';
import { identities, UnitIdentity } from '../queries';
import type { GapBase } from './gap-bases';
import { heldInsideGaps, nameOf } from './held-inside';

export interface FoundGap {
  unitId: number;
  itemId: number;
  kind: string;
  eventId: number | null;
  atMs: number | null;
  placeId: number | null;
  message: string;
  about: object;
}

export interface ReadGaps {
  /** of units with a base: those of what is not in it */
  gaps: FoundGap[];
  /** new bases; null where there was none and is none, or it is not good any more */
  bases: Map<number, GapBase | null>;
  /** units that have to be read from their beginning after all */
  anew: number[];
}

export async function readGaps(
  q: Queryable,
  position: number,
  unitIds: readonly number[],
  from: ReadonlyMap<number, GapBase> = new Map(),
): Promise<ReadGaps> {
  const since = new Map(unitIds.map((id) => [id, from.get(id)?.untilMs ?? EVER]));
  const read = byUnit(await movementsOf(q, position, unitIds, { types: true, ...(from.size > 0 ? { since } : {}) }));
  const expiries = await expiriesOf(q, position, [...read.keys()]);
  const anew = [...from].flatMap(([id, base]) => (goesOnFrom(base, read.get(id), expiries.get(id)) ? [] : [id]));
  for (const id of anew) read.delete(id);
  const movements = read;
  const known = [...movements.keys()];
  const whole = known.filter((id) => !from.has(id));
  const units = await identities(q, known);
  const holds = byUnit(await holdsOf(q, position, known));
  const firstMade = (id: number) => {
    const made = movements.get(id)!.filter((m) => m.role === 'made');
    return made.length === 0 ? null : Math.min(...made.map((m) => m.atFrom));
  };
  const odd = new Map<number, RecordedLink[]>();
  // What could be odd of a link begins a unit anew.
  for (const link of await oddLinksOutOf(q, position, whole, whole.map(firstMade)))
    odd.set(link.input, [...(odd.get(link.input) ?? []), link]);
  const parents = await identities(
    q,
    [...odd.values()].flatMap((links) => links.filter(isOddEnd).map((l) => l.output)),
  );

  const found: (FoundGap & { placeShown: boolean })[] = [];
  const add = (unit: UnitIdentity, gap: Gap) => {
    const own = movements.get(unit.unitId)!;
    const shown = gap.event === undefined ? own[0]! : own.find((m) => m.eventId === gap.event);
    const at = shown?.placeId ?? null;
    found.push({
      unitId: unit.unitId,
      itemId: unit.itemId,
      kind: gap.kind,
      eventId: gap.event ?? null,
      atMs: shown?.atFrom ?? null,
      placeId: at ?? lastPlace(own, from.get(unit.unitId)),
      placeShown: at === null,
      message: gap.message,
      about: gap.about ?? {},
    });
  };
  const stories = known.map((id): UnitStory => {
    const unit = units.get(id)!;
    const links = odd.get(id) ?? [];
    return {
      name: nameOf(unit),
      kind: unit.kind,
      uom: unit.uom,
      movements: movements.get(id)!.map(told),
      linksOut: links.map((l) => ({
        event: l.eventId,
        mode: l.mode === 0 ? ('consume' as const) : ('install' as const),
        from: l.from ?? -Infinity,
        until: l.from === null ? (l.statedUntil ?? Infinity) : Math.max(l.statedUntil ?? Infinity, l.from + 1),
      })),
      linksIn: [],
      ends: links.filter(isOddEnd).map((l) => ({
        event: l.eventId,
        cause: l.end!.cause as 'implied' | 'orphan',
        at: l.end!.until ?? Infinity,
        parent: nameOf(parents.get(l.output)!),
        parentId: l.output,
      })),
      holds: (holds.get(id) ?? []).map((h) => ({
        from: h.atMs,
        until: h.releasedMs ?? Infinity,
        reason: h.reason,
        holdId: h.holdId,
      })),
      expires: expiries.get(id) ?? null,
      bomTracked: false,
      opening: from.get(id)?.state.opening ?? null,
    };
  });
  const types = await eventTypesOf(q, [...new Set(stories.flatMap(usesToTell))]);
  const opened = new Map<number, Opened>();
  for (const [i, id] of known.entries()) {
    const story = withTypes(stories[i]!, types);
    for (const gap of unitGaps(story)) add(units.get(id)!, gap);
    const next = openedFrom(story);
    if (next) opened.set(id, next);
  }
  // What is put into a unit, or held in it, begins it anew: where nothing ever was, there is nothing to look for.
  const going = new Map([...movements].filter(([id]) => from.get(id)?.state.held ?? true));
  for (const { unitId, gap } of await heldInsideGaps(q, position, [...going.keys()], going))
    add(units.get(unitId)!, gap);
  for (const { unitId, eventId, at } of await missingInputs(
    q,
    position,
    known,
    units,
    from.size > 0 ? since : undefined,
  ))
    add(units.get(unitId)!, noInputsGap(nameOf(units.get(unitId)!), at, eventId));
  for (const more of await dividedIntoMore(q, position, known, from.size > 0 ? since : undefined))
    add(units.get(more.unitId)!, splitMoreGap(nameOf(units.get(more.unitId)!), more));

  const everHeld = await everHeldInside(
    q,
    whole.filter((id) => opened.has(id)),
  );
  const bases = new Map<number, GapBase | null>(unitIds.filter((id) => !from.has(id)).map((id) => [id, null]));
  for (const [id, next] of opened) {
    const was = from.get(id);
    const before = movements.get(id)!.filter((m) => m.atFrom < next.untilMs);
    const placeShown = (g: (typeof found)[number]) =>
      g.unitId === id && g.placeShown && (g.atMs ?? EVER) < next.untilMs;
    bases.set(id, {
      untilMs: next.untilMs,
      state: {
        opening: next.opening,
        place: lastPlace(before, was),
        placeShown: (was?.state.placeShown ?? false) || found.some(placeShown),
        expires: expiries.get(id) ?? null,
        held: was?.state.held ?? everHeld.has(id),
      },
    });
  }
  return { gaps: oneOfEach(found), bases, anew };
}

function told(m: RecordedMovement): StoryMovement {
  return {
    event: m.eventId,
    type: m.eventType,
    role: m.role,
    from: m.atFrom,
    until: m.atUntil,
    quantity: m.quantity === null ? null : parseDecimal(m.quantity),
    placeId: m.placeId,
    partnerId: m.partnerId,
    containerId: m.containerId,
    parents: m.parents,
    slot: m.slot,
  };
}

/** Whether what was said of the older movements still holds, now that these have come. */
function goesOnFrom(
  base: GapBase,
  movements: readonly RecordedMovement[] | undefined,
  expires: number | undefined,
): boolean {
  if (!movements || (expires ?? null) !== base.state.expires) return false;
  if (base.state.placeShown && lastPlace(movements, base) !== base.state.place) return false;
  return goesOn(base.state.opening, movements.map(told));
}

/** One unit can be in an event twice, with the same to say of both. */
function oneOfEach(gaps: readonly (FoundGap & { placeShown: boolean })[]): FoundGap[] {
  const seen = new Map(gaps.map(({ placeShown: _, ...g }) => [gapKey(g), g]));
  return [...seen.values()];
}

export function gapKey(gap: Pick<FoundGap, 'unitId' | 'kind' | 'eventId' | 'message'>): string {
  return `${gap.unitId} ${gap.kind} ${gap.eventId ?? ''} ${gap.message}`;
}

async function missingInputs(
  q: Queryable,
  position: number,
  unitIds: readonly number[],
  units: ReadonlyMap<number, UnitIdentity>,
  since: ReadonlyMap<number, number> | undefined,
) {
  const bare = await producedWithoutInputs(q, position, unitIds, since);
  const items = [...new Set(bare.map((b) => units.get(b.unitId)!.itemId))];
  const boms = await bomsAt(q, items, position);
  const tracked = (itemId: number) =>
    (boms.get(itemId) ?? []).some((b) => b.lines.some((line) => line.tracking !== 'none'));
  return bare.filter((b) => tracked(units.get(b.unitId)!.itemId));
}

/** The earliest expiry that is recorded of each unit, unless it was amended: then the last amendment. */
async function expiriesOf(q: Queryable, position: number, unitIds: readonly number[]): Promise<Map<number, number>> {
  const rows = await q.query<{ unit_id: number; expires: number }>(
    `SELECT f.unit_id, coalesce((array_agg(f.expires_ms ORDER BY f.at_from DESC, f.movement_id DESC) FILTER (WHERE f.role = 'amended'))[1],
                                min(f.expires_ms)) AS expires
       FROM movement f ${MOVEMENT_SEEN} AND f.unit_id = ANY ($2::int[]) AND f.expires_ms IS NOT NULL GROUP BY f.unit_id`,
    [position, unitIds],
  );
  return new Map(rows.map((r) => [r.unit_id, r.expires]));
}

function lastPlace(movements: readonly RecordedMovement[], base?: GapBase): number | null {
  return movements.findLast((m) => m.placeId !== null)?.placeId ?? base?.state.place ?? null;
}

function isOddEnd({ end }: RecordedLink): boolean {
  return end?.cause === 'implied' || end?.cause === 'orphan';
}

function byUnit<T extends { unitId: number }>(rows: readonly T[]): Map<number, T[]> {
  const groups = new Map<number, T[]>();
  for (const row of rows) {
    const group = groups.get(row.unitId);
    if (group) group.push(row);
    else groups.set(row.unitId, [row]);
  }
  return groups;
}
