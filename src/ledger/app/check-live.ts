import { DomainError, formatDecimal, formatTime } from '@/kernel';
import type { Tx } from '@/platform/db';
import { FREE_ONLY, GOES, type LiveState, TAKES } from '../db/live-state';
import { type Present, heldBy } from '../db/present';
import type { Draft, MovementRow } from '../domain/draft';
import type { Holding } from '../domain/holdings';
import type { World } from '../domain/world';
import { checkParents, comeOutHeld } from './check-parents';
import { identities } from '../queries';

/** Clocks on the floor differ by so much: what is dated further ahead has not happened yet. */
export const CLOCKS_DIFFER_MS = 5 * 60_000;
/** A unit that no fact named before this one. */
const NOTHING_RECORDED: Pick<Present, 'holdings' | 'holds' | 'expiresMs'> = {
  holdings: [{ state: 'unknown', placeId: null, customerId: null, containerId: null, quantity: null }],
  holds: [],
  expiresMs: null,
};

/**
 * What a scanner at the moment of work is refused besides: judged on the present state, under the units' row locks. Each
 * error names the fact that is missing. Throws NOT_YET, BEFORE_IT_CAME, UNIT_ON_HOLD, UNIT_EXPIRED, ALREADY_INSTALLED, NOT_IN_HOUSE,
 * NOT_HERE, STOCK_SHORT, LATER_FACT, and what `checkParents` throws.
 */
export async function checkLive(
  tx: Tx,
  world: World,
  draft: Draft,
  { present, inside }: LiveState,
  now: number,
): Promise<void> {
  checkTime(draft, present, now);
  await checkParents(tx, world, draft, { present, inside });
  comeOutHeld(world, draft, { present, inside });
  checkInside(draft, { present, inside }, now);
  checkRuns(draft, present);
  checkOrder(draft, present);
  const taken = draft.movements.filter((m) => TAKES.includes(m.role) && m.unit.kind !== 'run');
  const wanted = new Map<string, bigint>();
  for (const m of taken) {
    const { holdings, holds, expiresMs } = present.get(m.unit.id) ?? NOTHING_RECORDED;
    if (FREE_ONLY.includes(m.role)) {
      if (holds[0]) throw new DomainError('UNIT_ON_HOLD', heldBy(m.unit.label, holds[0]));
      if (expiresMs !== null && expiresMs <= now) {
        throw new DomainError('UNIT_EXPIRED', { unit: m.unit.label, expires: formatTime(expiresMs) });
      }
    }
    if (m.unit.serial) await serialIsHere(tx, world, m, holdings[0]!);
    else lotIsHere(world, m, holdings, wanted);
  }
}

/** Work is done now: not in days to come, nor on a lot before that came. Of a serial, `checkOrder` holds to all that it did. */
function checkTime(draft: Draft, present: LiveState['present'], now: number): void {
  for (const { unit, role, from, until } of draft.movements) {
    if (from > now + CLOCKS_DIFFER_MS) throw new DomainError('NOT_YET', { at: formatTime(from) });
    const made = unit.kind === 'lot' && TAKES.includes(role) ? (present.get(unit.id)?.madeMs ?? null) : null;
    if (made !== null && until <= made)
      throw new DomainError('BEFORE_IT_CAME', { unit: unit.label, made: formatTime(made), at: formatTime(from) });
  }
}

/**
 * What is installed in a unit, or loaded on a run that goes into a build, leaves with it: it must be free as well. Material on a
 * run must not be expired either; a component that was fitted in time may be older than its date when its parent leaves.
 */
function checkInside(draft: Draft, { present, inside }: LiveState, now: number): void {
  const going = new Map(draft.movements.filter((m) => FREE_ONLY.includes(m.role)).map((m) => [m.unit.id, m.unit]));
  for (const { rootId, unitId, label } of inside) {
    const root = going.get(rootId);
    const part = present.get(unitId);
    if (!root || !part) continue;
    if (part.holds[0]) throw new DomainError('UNIT_ON_HOLD', heldBy(label, part.holds[0]));
    const { expiresMs } = part;
    if (root.kind === 'run' && expiresMs !== null && expiresMs <= now)
      throw new DomainError('UNIT_EXPIRED', { unit: label, expires: formatTime(expiresMs) });
  }
}

/**
 * A serial's facts count in the order of their times: one that is judged on the present, but dated before a fact that is there
 * already, would stand before it, and the present be another than the one it was judged on.
 */
function checkOrder(draft: Draft, present: LiveState['present']): void {
  for (const m of draft.movements) {
    if (!m.unit.serial || !GOES.includes(m.role)) continue;
    const later = present.get(m.unit.id)?.movedMs ?? null;
    if (later !== null && m.until <= later)
      throw new DomainError('LATER_FACT', {
        unit: m.unit.label,
        at: formatTime(m.from),
        later: formatTime(later),
      });
  }
}

/** A run has no stock that could be short, but what is on it can be stopped by a hold on the run itself: a feeder, a tank. */
function checkRuns(draft: Draft, present: LiveState['present']): void {
  for (const { unit, role } of draft.movements) {
    const hold = unit.kind === 'run' && FREE_ONLY.includes(role) ? present.get(unit.id)?.holds[0] : undefined;
    if (hold) throw new DomainError('UNIT_ON_HOLD', heldBy(unit.label, hold));
  }
}

async function serialIsHere(tx: Tx, world: World, m: MovementRow, where: Holding): Promise<void> {
  if (where.state === 'in-work') {
    const open = m.unit.marks.find((k) => k.kind === 'install' && k.stored?.startsWith('open|'));
    const parents = await identities(tx, open?.parents ?? []);
    const parent = [...parents.values()].map((p) => `${p.item} ${p.code}`).join(', ');
    throw new DomainError('ALREADY_INSTALLED', { unit: m.unit.label, parent });
  }
  if (where.state !== 'in-stock' && where.state !== 'returned') {
    const state = where.state === 'unknown' ? 'nothing recorded says where it came from' : where.state;
    throw new DomainError('NOT_IN_HOUSE', { unit: m.unit.label, state });
  }
  if (m.placeId !== null && where.placeId !== null && m.placeId !== where.placeId) {
    throw new DomainError('NOT_HERE', {
      unit: m.unit.label,
      place: codeOf(world, m.placeId),
      actual: codeOf(world, where.placeId),
    });
  }
}

/** Several rows of one event that take from one lot are added up: together they cannot take more than is there. */
function lotIsHere(world: World, m: MovementRow, holdings: Holding[], wanted: Map<string, bigint>): void {
  const stock = holdings.filter((h) => h.state === 'in-stock' || h.state === 'returned');
  if (stock.length === 0) {
    throw new DomainError('NOT_IN_HOUSE', { unit: m.unit.label, state: holdings[0]?.state ?? 'unknown' });
  }
  const here = m.placeId === null ? stock : stock.filter((h) => h.placeId === m.placeId || h.placeId === null);
  if (here.length === 0) {
    const actual = stock.map((h) => codeOf(world, h.placeId)).join(', ');
    throw new DomainError('NOT_HERE', { unit: m.unit.label, place: codeOf(world, m.placeId), actual });
  }
  if (m.quantity === null || here.some((h) => h.quantity === null)) return;
  const available = here.reduce((sum, h) => sum + h.quantity!, 0n);
  const key = `${m.unit.id}|${m.placeId}`;
  const sum = (wanted.get(key) ?? 0n) + m.quantity;
  wanted.set(key, sum);
  if (sum > available) {
    throw new DomainError('STOCK_SHORT', {
      unit: m.unit.label,
      available: formatDecimal(available),
      wanted: formatDecimal(sum),
      uom: m.unit.item.uom,
    });
  }
}

function codeOf(world: World, placeId: number | null): string {
  if (placeId === null) return 'no recorded place';
  return [...world.places].find(([, p]) => p.id === placeId)?.[0] ?? `place ${placeId}`;
}
