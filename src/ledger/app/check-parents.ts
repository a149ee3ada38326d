/** What live work is refused of what is put into and taken out of something, and of lots that are divided: judged like check-live.ts. */
import { DomainError, formatDecimal } from '@/kernel';
import type { Tx } from '@/platform/db';
import { type Around, aroundOf } from '../db/inside';
import type { LiveState } from '../db/live-state';
import type { Draft, NewMark } from '../domain/draft';
import type { HoldingState } from '../domain/holdings';
import { InWork } from '../domain/in-work';
import { inTime, sharesParent } from '../domain/mark-order';
import type { StoredMark, UnitState, World } from '../domain/world';
import { identities } from '../queries';

/** Where a serial is when it is in no parent: it cannot be taken out of one. */
const NOT_IN_ANYTHING: ReadonlySet<HoldingState> = new Set<HoldingState>([
  'in-stock',
  'returned',
  'shipped',
  'scrapped',
  'used',
]);
const GONE: ReadonlySet<HoldingState> = new Set<HoldingState>(['shipped', 'scrapped', 'used']);

/** Throws NOT_IN_HOUSE (the parent, or what that is in), NOT_INSTALLED, NOT_IN_PARENT, STOCK_SHORT, SPLIT_MORE. */
export async function checkParents(tx: Tx, world: World, draft: Draft, live: LiveState): Promise<void> {
  if (draft.heirs.length > 0) checkDivision(draft);
  const marks = draft.marks.filter(({ mark }) => mark.kind === 'install' || mark.kind === 'remove');
  if (marks.length === 0) return;
  await parentsAreHere(tx, world, marks, draft, live);
  const wanted = new Map<string, bigint>();
  for (const { unit, mark } of marks) {
    if (mark.kind !== 'remove') continue;
    if (unit.serial) await isInParent(tx, world, unit, mark, live);
    else isEnoughInParent(world, unit, mark, live, wanted);
  }
}

/**
 * What is taken out of something that is on hold is on hold for the same reasons, until somebody has looked at it: a bike that came
 * back is not sold in parts.
 */
export function comeOutHeld(world: World, draft: Draft, { present }: LiveState): void {
  for (const { unit, mark } of draft.marks) {
    if (mark.kind !== 'remove') continue;
    const own = present.get(unit.id)?.holds ?? [];
    for (const parentId of mark.parents)
      for (const { reason, ref } of present.get(parentId)?.holds ?? []) {
        const said = `${reason} (came out of ${world.unitsById.get(parentId)?.label ?? 'what is on hold'})`;
        if (own.some((hold) => hold.ref === ref && (hold.reason === reason || hold.reason === said))) continue;
        draft.holds.push({ unit, atMs: mark.until - 1, reason: said, ref });
      }
  }
}

/** Nothing goes into or comes out of what has left, or sits in something that has. A run has no stock that could leave. */
async function parentsAreHere(
  tx: Tx,
  world: World,
  marks: readonly NewMark[],
  draft: Draft,
  { present }: LiveState,
): Promise<void> {
  const made = new Set(draft.movements.filter((m) => m.role === 'made').map((m) => m.unit.id));
  const parents = [...new Set(marks.flatMap(({ mark }) => mark.parents))].filter((id) => !made.has(id));
  const seated: number[] = [];
  for (const id of parents) {
    const parent = world.unitsById.get(id);
    const holdings = present.get(id)?.holdings ?? [];
    if (!parent || parent.kind === 'run' || holdings.length === 0) continue;
    const { state } = holdings[0]!;
    if (holdings.every((h) => GONE.has(h.state))) throw new DomainError('NOT_IN_HOUSE', { unit: parent.label, state });
    if (parent.serial && state === 'in-work') seated.push(id);
  }
  const gone: Around | undefined = (await aroundOf(tx, seated)).find((one) => GONE.has(one.state));
  if (gone) throw new DomainError('NOT_IN_HOUSE', { unit: gone.label, state: gone.state });
}

const isOpen = (m: StoredMark): boolean => m.kind === 'install' && m.stored?.startsWith('open|') === true;
/** Its removal was never recorded: it may be in there still, until one is. */
const mayBeOpen = (m: StoredMark): boolean =>
  m.kind === 'install' && m.stored?.startsWith('implied|') === true && m.stored.endsWith('|');

async function isInParent(
  tx: Tx,
  world: World,
  unit: UnitState,
  removal: StoredMark,
  { present }: LiveState,
): Promise<void> {
  const state = present.get(unit.id)?.holdings[0]?.state ?? 'unknown';
  if (NOT_IN_ANYTHING.has(state)) throw new DomainError('NOT_INSTALLED', { unit: unit.label, state });
  const open = unit.marks.filter((m) => isOpen(m) || mayBeOpen(m));
  // Of what nothing is recorded, nothing contradicts either: a part that came in a parent that was bought.
  if (open.length === 0 || open.some((m) => sharesParent(m, removal))) return;
  const parents = await identities(tx, [...new Set(open.filter(isOpen).flatMap((m) => m.parents))]);
  const actual = [...parents.values()].map((p) => `${p.item} ${p.code}`).join(' or ');
  throw notIn(world, unit, removal, actual);
}

/** Several rows of one event are added up. How much of a lot is in there is known, or not: then nothing is refused. */
function isEnoughInParent(
  world: World,
  unit: UnitState,
  removal: StoredMark,
  { present }: LiveState,
  wanted: Map<string, bigint>,
): void {
  const inside = new InWork();
  for (const m of [...unit.marks, ...world.cleansOf(unit)].sort((a, b) => a.from - b.from || inTime(a, b))) {
    const seat = { parents: m.parents, slot: m.slot };
    const ended = m.statedUntil !== null && m.statedUntil <= removal.from;
    if (m.kind === 'install' && !ended) inside.add(seat, m.quantity);
    if (m.kind === 'remove') inside.take(seat, m.quantity);
    if (m.kind === 'clean') inside.take({ parents: m.parents }, null);
  }
  const seat = { parents: removal.parents, slot: removal.slot };
  if (!inside.has(seat)) throw notIn(world, unit, removal, '');
  if (removal.quantity === null) return;
  const key = `${unit.id}|${removal.parents.join()}|${removal.slot}`;
  const asked = (wanted.get(key) ?? 0n) + removal.quantity;
  wanted.set(key, asked);
  // All of it was put in: how much that was, its stock knows.
  const all = (present.get(unit.id)?.holdings ?? []).find((h) => h.state === 'in-work')?.quantity ?? null;
  const excess = inside.excess(seat, asked);
  const short = all !== null && asked - all > excess ? asked - all : excess;
  if (short > 0n)
    throw new DomainError('STOCK_SHORT', {
      unit: `${unit.label} (in ${labelOf(world, removal)})`,
      available: formatDecimal(asked - short),
      wanted: formatDecimal(asked),
      uom: unit.item.uom,
    });
}

function notIn(world: World, unit: UnitState, removal: StoredMark, actual: string): DomainError {
  return new DomainError('NOT_IN_PARENT', {
    unit: unit.label,
    parent: labelOf(world, removal),
    actual: actual === '' ? 'nothing recorded put it there' : `the record has it in ${actual}`,
  });
}

const labelOf = (world: World, { parents }: StoredMark): string =>
  parents.map((id) => world.unitsById.get(id)?.label ?? `unit ${id}`).join(' or ');

/** More comes out of a split or merge than goes in: as far as all of it is in one unit of measure. */
function checkDivision({ movements }: Draft): void {
  const parts = movements.filter((m) => m.role === 'made' || m.role === 'used');
  const uom = parts[0]?.unit.item.uom;
  let [made, used] = [0n, 0n];
  for (const { role, quantity, unit } of parts) {
    if (quantity === null || unit.item.uom !== uom) return;
    if (role === 'made') made += quantity;
    else used += quantity;
  }
  if (made <= used) return;
  throw new DomainError('SPLIT_MORE', { from: formatDecimal(used), to: formatDecimal(made), uom });
}
