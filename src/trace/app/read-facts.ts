/** Reads what the record says of some units at a position: a few set-based queries a batch, whatever the units did. */
import {
  dividedIntoMore,
  eventTypesOf,
  expiryOf,
  holdsOf,
  itemsAt,
  movementsOf,
  NamedItem,
  noInputsGap,
  oddLinksOutOf,
  producedWithoutInputs,
  RecordedHold,
  RecordedLink,
  splitMoreGap,
  unitGaps,
  unitsByIds,
  type UnitStory,
  usesToTell,
  withTypes,
} from '@/ledger';
import type { Queryable } from '@/platform/db';
import { UnitKind, unitText } from '../domain/question';
import { UNIT_KINDS } from './answer';
import { byUnit, foldUnit, Moved, movedOf } from './stories';
import { ColumnsBuilder, UnitColumns } from './unit-columns';

/** Units whose facts are read in one go. */
const BATCH = 50_000;
const NO_MOVEMENTS: readonly Moved[] = [];
const NO_LINKS: readonly RecordedLink[] = [];
const NO_HOLDS: readonly RecordedHold[] = [];

export interface ReadOptions {
  signal?: AbortSignal | undefined;
  progress?: (done: number) => void;
}

/** Row i of the answer is about units[i]. */
export async function readFacts(
  q: Queryable,
  position: number,
  units: readonly number[],
  options: ReadOptions = {},
): Promise<UnitColumns> {
  const builder = new ColumnsBuilder(units.length);
  const names = new UnitNames(q, position);
  for (let from = 0; from < units.length; from += BATCH) {
    options.signal?.throwIfAborted();
    options.progress?.(from);
    await readBatch(q, position, units.slice(from, from + BATCH), from, builder, names);
  }
  return builder.build();
}

async function readBatch(
  q: Queryable,
  position: number,
  ids: readonly number[],
  first: number,
  builder: ColumnsBuilder,
  names: UnitNames,
): Promise<void> {
  await names.load(ids);
  const recorded = byUnit(await movementsOf(q, position, ids, { types: false }));
  const holds = byUnit(await holdsOf(q, position, ids));
  const rowOf = new Map(ids.map((id, i) => [id, first + i]));
  const moved: (readonly Moved[])[] = [];
  const made: (number | null)[] = [];
  for (const [i, id] of ids.entries()) {
    const unit = names.unit(id);
    builder.identity(first + i, { ...unit, unitId: id, kind: UNIT_KINDS.indexOf(unit.kind) });
    const movements = recorded.get(id) ?? [];
    const own = movements.length === 0 ? NO_MOVEMENTS : movements.map(movedOf);
    const fold = foldUnit(movements, unit.kind, own);
    builder.fold(first + i, fold);
    moved.push(own);
    made.push(fold.firstMadeMs ?? null);
  }
  const odd = new Map<number, RecordedLink[]>();
  for (const link of await oddLinksOutOf(q, position, ids, made)) {
    const own = odd.get(link.input);
    if (own) own.push(link);
    else odd.set(link.input, [link]);
  }
  await names.load([...odd.values()].flatMap((links) => links.filter(isOddEnd).map((l) => l.output)));
  const stories = ids.map((id, i) =>
    storyOf(names, id, moved[i]!, odd.get(id) ?? NO_LINKS, holds.get(id) ?? NO_HOLDS, expiryOf(recorded.get(id) ?? [])),
  );
  const types = await eventTypesOf(q, [...new Set(stories.flatMap(usesToTell))]);
  for (const [i, story] of stories.entries())
    for (const gap of unitGaps(withTypes(story, types))) builder.gap(first + i, gap);
  for (const { unitId, at, eventId } of await producedWithoutInputs(q, position, ids))
    builder.gap(rowOf.get(unitId)!, noInputsGap(names.text(unitId), at, eventId));
  for (const more of await dividedIntoMore(q, position, ids))
    builder.gap(rowOf.get(more.unitId)!, splitMoreGap(names.text(more.unitId), more));
}

/** What the gaps of a unit are told from; productions without inputs, and what was on hold in it, are looked for apart. */
export function storyOf(
  names: { unit(id: number): { kind: UnitKind; uom: string }; text(id: number): string },
  id: number,
  movements: readonly Moved[],
  oddLinksOut: readonly RecordedLink[],
  holds: readonly { atMs: number; releasedMs: number | null; reason: string }[],
  expires: number | null,
): UnitStory {
  const { kind, uom } = names.unit(id);
  return {
    name: names.text(id),
    kind,
    uom,
    movements,
    linksOut: oddLinksOut.map(outOf),
    linksIn: [],
    ends: oddLinksOut.filter(isOddEnd).map(({ eventId, end, output }) => ({
      event: eventId,
      cause: end!.cause as 'implied' | 'orphan',
      at: end!.until ?? Infinity,
      parent: names.text(output),
    })),
    holds: holds.map((h) => ({ from: h.atMs, until: h.releasedMs ?? Infinity, reason: h.reason })),
    expires,
    bomTracked: false,
  };
}

export function isOddEnd({ end }: RecordedLink): boolean {
  return end?.cause === 'implied' || end?.cause === 'orphan';
}

function outOf(link: RecordedLink) {
  const from = link.from ?? -Infinity;
  const until = link.statedUntil ?? Infinity;
  return {
    event: link.eventId,
    mode: link.mode === 0 ? ('consume' as const) : ('install' as const),
    from,
    until: from === -Infinity ? until : Math.max(until, from + 1),
  };
}

/** Units and their items by id, read once each. */
class UnitNames {
  private readonly units = new Map<number, { itemId: number; kind: UnitKind; code: string; uom: string }>();
  private readonly items = new Map<number, NamedItem>();

  constructor(
    private readonly q: Queryable,
    private readonly position: number,
  ) {}

  async load(ids: readonly number[]): Promise<void> {
    const missing = ids.filter((id) => !this.units.has(id));
    if (missing.length === 0) return;
    const found = await unitsByIds(this.q, missing);
    const itemIds = [...new Set(found.map((u) => u.itemId))].filter((id) => !this.items.has(id));
    for (const [id, item] of await itemsAt(this.q, this.position, itemIds)) this.items.set(id, item);
    for (const { unitId, itemId, kind, code } of found)
      this.units.set(unitId, { itemId, kind, code, uom: this.items.get(itemId)!.uom });
  }

  unit(id: number) {
    return this.units.get(id)!;
  }

  text(id: number): string {
    const { itemId, kind, code } = this.unit(id);
    return unitText(this.items.get(itemId)!.code, kind, code);
  }
}
