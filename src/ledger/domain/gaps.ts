/** What a trace cannot know, as far as one unit's own record tells: pure functions of its movements and links. */
import { formatDecimal, parseDecimal } from '@/kernel';
import type { Role } from './draft';
import { day } from './gap-words';
import { goneGaps } from './gone-gaps';
import { foldHoldings, HoldingMovement, Holdings } from './holdings';
import type { Seat } from './in-work';
import type { SavedLot } from './lot-fold';

export type GapKind =
  | 'before-it-existed'
  | 'overdrawn'
  | 'no-origin'
  | 'no-inputs'
  | 'installed-twice'
  | 'removed-without-installation'
  | 'returned-without-shipment'
  | 'returned-more'
  | 'coarse-time'
  | 'shipped-while-held'
  | 'counted-missing'
  | 'counted-though-gone'
  | 'place-unclear'
  | 'place-short'
  | 'packed-more'
  | 'moved-more'
  | 'taken-though-gone'
  | 'unloaded-more'
  | 'split-more'
  | 'moved-though-gone'
  | 'installed-though-gone'
  | 'changed-though-gone'
  | 'taken-though-installed'
  | 'used-while-held'
  | 'installed-while-held'
  | 'shipped-after-expiry'
  | 'used-after-expiry'
  | 'installed-after-expiry';

/** Ids, as the caller numbers them, and amounts that what would close the gap has to name. */
export interface GapAbout {
  parent?: number;
  hold?: number;
  /** how much is missing, in the item's base unit */
  short?: string;
}

export interface Gap {
  kind: GapKind;
  message: string;
  /** the event (as the caller numbers it) that shows the gap, where one does */
  event?: number;
  about?: GapAbout;
}

export interface StoryMovement extends Seat {
  event: number;
  /** the type of the event: receive, produce …; of a use that `usesToTell` names, else it may be empty */
  type: string;
  /** made | used | installed | removed | shipped | returned | scrapped …, as in the ledger's movements */
  role: string;
  from: number;
  until: number;
  /** nanos of the base unit; null is unknown */
  quantity: bigint | null;
  placeId: number | null;
  partnerId: number | null;
  /** packed into, unpacked from, or carried along in */
  containerId?: number | null;
}

/** One unit's record at a ledger position. Times are ms UTC, periods half-open. */
export interface UnitStory {
  /** how a person names the unit: "RM-100 lot L-1" */
  name: string;
  kind: 'serial' | 'lot' | 'run';
  uom: string;
  movements: readonly StoryMovement[];
  /** links out of the unit, as recorded (before SETTLED 5 widens them) */
  linksOut: readonly { event: number; mode: 'consume' | 'install'; from: number; until: number }[];
  /** links into the unit: the event that made each */
  linksIn: readonly { event: number; mode: 'consume' | 'install' }[];
  /** how the ends of its own installations were derived, where they were not recorded plainly */
  ends: readonly { event: number; cause: 'implied' | 'orphan'; at: number; parent: string; parentId?: number }[];
  /** when it was on hold; until is Infinity while the hold is open */
  holds: readonly { from: number; until: number; reason: string; holdId?: number }[];
  /** from when on it is expired; absent where none is known, or nobody asks */
  expires?: number | null;
  /** true when its item's BOM has tracked lines (at this position) */
  bomTracked: boolean;
  /** what the movements before these came to, where only the later ones are given; of lots and runs alone */
  opening?: Opening | null;
}

/** What the gaps of later movements need to know of the earlier ones; plain JSON. */
export interface Opening {
  /** first making; null: a run that nothing made */
  made: number | null;
  /** nanos that were left by the record; null: no judgement, since something unknown came in */
  left: string | null;
  /** more was drawn already than was there: that is said once */
  overdrawn: boolean;
  /** the first shipment */
  shipped: number | null;
  /** nanos that each customer has by the record; null: nobody knows */
  withCustomers?: [customer: number | null, nanos: string | null][];
  fold: SavedLot;
}

/** All gaps that the record of one unit shows, in a fixed order of kinds; `coarse-time` is the walk's to say. */
export function unitGaps(story: UnitStory): Gap[] {
  const counted = countedOf(story);
  return [
    ...noOrigin(story),
    ...noInputs(story),
    ...beforeItExisted(story),
    ...overdrawn(story, counted?.corrections ?? []),
    ...ends(story),
    ...returnedWithoutShipment(story),
    ...returnedMore(story),
    ...whileHeld(story),
    ...afterExpiry(story),
    ...(counted ? countGaps(story, counted) : []),
    ...(story.kind === 'serial' ? goneGaps(story.name, story.movements.map(asHolding)) : []),
  ];
}

/** The gap of a unit that is in only because a time known by its day was read wide. */
export function coarseTimeGap(name: string): Gap {
  return {
    kind: 'coarse-time',
    message: `Whether ${name} is affected hangs on a time of which only the day is recorded; it is counted as affected.`,
  };
}

function noOrigin({ name, kind, movements, opening }: UnitStory): Gap[] {
  // A run is no material: it comes into being by being used. What has an opening was made before.
  if (opening || kind === 'run' || movements.some((m) => m.role === 'made')) return [];
  // What was only announced has not come yet: nothing is missing.
  if (movements.length > 0 && movements.every((m) => m.role === 'expected')) return [];
  return [{ kind: 'no-origin', message: `${name} is mentioned, but nothing recorded says where it came from.` }];
}

function noInputs({ name, movements, linksIn, bomTracked }: UnitStory): Gap[] {
  if (!bomTracked || linksIn.some((l) => l.mode === 'install')) return [];
  const withInputs = new Set(linksIn.map((l) => l.event));
  return movements
    .filter((m) => m.role === 'made' && m.type === 'produce' && !withInputs.has(m.event))
    .map((m) => noInputsGap(name, m.from, m.event));
}

/** The gap of a production without recorded inputs; it is one where the item's bill of materials has tracked lines. */
export function noInputsGap(name: string, at: number, event: number): Gap {
  return {
    kind: 'no-inputs',
    message: `${name} was produced on ${day(at)} without recorded inputs, although its bill of materials has tracked components.`,
    event,
  };
}

/** The first millisecond in which the unit existed, as far as recorded; null when nothing made it. */
export function firstMade({ movements, opening }: UnitStory): number | null {
  const made = movements.reduce(
    (min, m) => (m.role === 'made' ? Math.min(min, m.from) : min),
    opening?.made ?? Infinity,
  );
  return made === Infinity ? null : made;
}

const LEAVES = new Set(['shipped', 'scrapped', 'installed']);

function beforeItExisted(story: UnitStory): Gap[] {
  const { name, movements, linksOut } = story;
  const made = firstMade(story);
  if (made === null) return [];
  const early = new Map<number, number>();
  for (const l of linksOut) if (l.mode === 'consume' && l.until <= made) early.set(l.event, l.from);
  for (const m of movements) {
    if (LEAVES.has(m.role) && m.until <= made) early.set(m.event, m.from);
  }
  return [...early].map(([event, from]) => ({
    kind: 'before-it-existed',
    message: `${name} was drawn on ${day(from)}, before it was first made on ${day(made)}; the draw is counted all the same.`,
    event,
  }));
}

const IN = new Set(['made', 'returned', 'removed']);
/** Whether something comes in by the movement. */
export const isIn = ({ role }: StoryMovement): boolean => IN.has(role);
const OUT = new Set(['used', 'installed', 'shipped', 'scrapped']);

/**
 * More drawn than was there, with every doubt in favour of the record: times known by their day come in early and go out
 * late, a draw before the making counts at the making, unknown draws take nothing, and an unknown receipt ends the judgement.
 */
function overdrawn(story: UnitStory, corrections: Holdings['corrections']): Gap[] {
  const { name, kind, uom } = story;
  const short = story.opening?.overdrawn ? null : (drawn(story, corrections)?.short ?? null);
  if (!short) return [];
  const amount = formatDecimal(short.amount);
  const said = kind === 'serial' ? 'once more than it was there' : `${amount} ${uom} more than was there`;
  const message = `${name} was drawn by ${day(short.at)} ${said}.`;
  return [{ kind: 'overdrawn', message, event: short.event, about: { short: amount } }];
}

/** What is left by the record, and when first there was less than nothing; null where that cannot be judged. */
export function drawn(
  story: UnitStory,
  corrections: Holdings['corrections'],
): { left: bigint; short: { at: number; event: number; amount: bigint } | null } | null {
  const { kind, movements, opening } = story;
  const made = firstMade(story);
  if (kind === 'run' || made === null || opening?.left === null) return null;
  const serial = kind === 'serial';
  const steps: { at: number; event: number; change: bigint }[] = [];
  for (const m of movements) {
    // Where a serial is installed is judged by its marks; as stock it can only leave, and come back.
    if (serial && (m.role === 'installed' || m.role === 'removed')) continue;
    const quantity = serial ? ONE_PIECE : m.quantity;
    if (IN.has(m.role)) {
      if (quantity === null) return null;
      steps.push({ at: m.from, event: m.event, change: quantity });
    } else if (OUT.has(m.role) && quantity !== null) {
      steps.push({ at: Math.max(m.until - 1, made), event: m.event, change: -quantity });
    }
  }
  for (const { eventId: event, at, until, difference } of corrections) {
    // What was there before the count is not known: nothing can be said of it.
    if (difference === null) return null;
    steps.push({ at: difference < 0n ? Math.max(until - 1, made) : at, event, change: difference });
  }
  steps.sort((a, b) => a.at - b.at || (a.change === b.change ? 0 : a.change > b.change ? -1 : 1));
  let left = BigInt(opening?.left ?? 0);
  let short: { at: number; event: number; amount: bigint } | null = null;
  for (const { at, event, change } of steps) {
    left += change;
    if (left < 0n) short ??= { at, event, amount: -left };
  }
  return { left, short };
}

const ONE_PIECE = parseDecimal('1');

function ends({ name, ends: derived }: UnitStory): Gap[] {
  return derived.map(({ event, cause, at, parent, parentId }) => ({
    ...(cause === 'implied'
      ? {
          kind: 'installed-twice' as const,
          message: `${name} was installed elsewhere on ${day(at)} while its removal from ${parent} was not recorded; after that it may be in both.`,
          event,
        }
      : {
          kind: 'removed-without-installation' as const,
          message: `${name} was removed from ${parent} on ${day(at)}, but its installation there is not recorded; it may have been in it until then.`,
          event,
        }),
    ...(parentId === undefined ? {} : { about: { parent: parentId } }),
  }));
}

/** The first shipment; Infinity where there is none. */
export function firstShipped({ movements, opening }: UnitStory): number {
  return movements.reduce(
    (min, m) => (m.role === 'shipped' ? Math.min(min, m.from) : min),
    opening?.shipped ?? Infinity,
  );
}

function returnedWithoutShipment(story: UnitStory): Gap[] {
  const { name, movements } = story;
  const shipped = firstShipped(story);
  return movements
    .filter((m) => m.role === 'returned' && shipped >= m.until)
    .map((m) => ({
      kind: 'returned-without-shipment',
      message: `${name} came back on ${day(m.from)}, but no shipment of it before that is recorded.`,
      event: m.event,
    }));
}

/**
 * More came back from a customer than had been shipped to it; where a return names none, than had been shipped at all. With every
 * doubt in favour of the record: shipments count early and returns late, and an unknown shipment ends the judgement of its customer.
 */
function returnedMore(story: UnitStory): Gap[] {
  const { name, kind, uom } = story;
  return withCustomers(story).more.map(({ from, event, quantity }) => {
    const short = formatDecimal(quantity);
    const more = kind === 'serial' ? 'once more' : `${short} ${uom} more`;
    const message = `${name} came back on ${day(from)}, ${more} than had been shipped to where it came back from.`;
    return { kind: 'returned-more', message, event, about: { short } };
  });
}

/** What each customer has by the record, null where nobody knows; and what came back beyond that. */
export function withCustomers(story: UnitStory): {
  there: Map<number | null, bigint | null>;
  more: { from: number; event: number; quantity: bigint }[];
} {
  const { kind, movements, opening } = story;
  const there = new Map<number | null, bigint | null>();
  for (const [customer, left] of opening?.withCustomers ?? []) there.set(customer, left === null ? null : BigInt(left));
  const steps = movements
    .filter((m) => m.role === 'shipped' || m.role === 'returned')
    .map((m) => ({ ...m, at: m.role === 'shipped' ? m.from : m.until - 1 }))
    .sort((a, b) => a.at - b.at || (a.role === b.role ? 0 : a.role === 'shipped' ? -1 : 1));
  const more: { from: number; event: number; quantity: bigint }[] = [];
  let shipped = firstShipped({ ...story, movements: [] }) < Infinity;
  for (const { role, partnerId, event, from, ...m } of steps) {
    const quantity = kind === 'serial' ? ONE_PIECE : m.quantity;
    const known = there.has(partnerId) ? (there.get(partnerId) ?? null) : 0n;
    if (role === 'shipped') {
      shipped = true;
      there.set(partnerId, known === null || quantity === null ? null : known + quantity);
      continue;
    }
    const asked = partnerId === null ? [...there.values()] : [known];
    if (quantity === null || asked.includes(null)) continue;
    const all = asked.reduce<bigint>((sum, q) => sum + q!, 0n);
    const most = all > 0n ? all : 0n;
    there.set(partnerId, known! - (quantity < most ? quantity : most));
    // What came back before anything was shipped is a gap of its own.
    if (shipped && quantity > most) more.push({ from, event, quantity: quantity - most });
  }
  return { there, more };
}

const HELD_ROLES: Partial<Record<string, [GapKind, string]>> = {
  shipped: ['shipped-while-held', 'shipped'],
  used: ['used-while-held', 'used'],
  installed: ['installed-while-held', 'installed'],
};

/** What carries hold and expiry over to where the material goes: nothing has slipped through. */
const CARRIES_HOLDS = new Set(['split', 'merge']);

/**
 * The events of which the type has to be known before the gaps of a unit can be told: dividing what is on hold or has expired is no
 * use of it. None of nearly all units.
 */
export function usesToTell({
  movements,
  holds,
  expires,
}: Pick<UnitStory, 'movements' | 'holds' | 'expires'>): number[] {
  const kept = expires ?? Infinity;
  if (holds.length === 0 && kept === Infinity) return [];
  return movements.flatMap((m) =>
    m.role === 'used' && (m.from >= kept || holds.some((h) => h.from <= m.from && m.until <= h.until)) ? [m.event] : [],
  );
}

/** The story with the types of these events. */
export function withTypes(story: UnitStory, types: ReadonlyMap<number, string>): UnitStory {
  if (!story.movements.some((m) => m.type === '' && types.has(m.event))) return story;
  return { ...story, movements: story.movements.map((m) => ({ ...m, type: m.type || (types.get(m.event) ?? '') })) };
}

/** What is on hold should neither leave nor go into anything; where it did, everybody is to know. */
function whileHeld({ name, movements, holds }: UnitStory): Gap[] {
  return movements.flatMap((m): Gap[] => {
    const [kind, done] = HELD_ROLES[m.role] ?? [];
    if (CARRIES_HOLDS.has(m.type)) return [];
    const hold = kind && holds.find((h) => h.from <= m.from && m.until <= h.until);
    if (!hold) return [];
    const message = `${name} was ${done} on ${day(m.from)} while it was on hold (${hold.reason}).`;
    return [{ kind, message, event: m.event, ...(hold.holdId === undefined ? {} : { about: { hold: hold.holdId } }) }];
  });
}

/** The gap of a unit that went, by this movement, while something in it was on hold. */
export function heldInsideGap(
  name: string,
  inside: string,
  { eventId, role, atFrom }: { eventId: number; role: string; atFrom: number },
  { holdId, reason }: { holdId: number; reason: string },
): Gap | null {
  const [kind, done] = HELD_ROLES[role] ?? [];
  if (!kind) return null;
  const message = `${name} was ${done} on ${day(atFrom)} while ${inside}, which was in it, was on hold (${reason}).`;
  return { kind, message, event: eventId, about: { hold: holdId } };
}

const EXPIRED_ROLES: Partial<Record<string, [GapKind, string]>> = {
  shipped: ['shipped-after-expiry', 'shipped'],
  used: ['used-after-expiry', 'used'],
  installed: ['installed-after-expiry', 'installed'],
};

function afterExpiry({ name, movements, expires }: UnitStory): Gap[] {
  if (expires === undefined || expires === null) return [];
  return movements.flatMap((m): Gap[] => {
    const [kind, done] = EXPIRED_ROLES[m.role] ?? [];
    if (!kind || m.from < expires || CARRIES_HOLDS.has(m.type)) return [];
    return [
      {
        kind,
        message: `${name} was ${done} on ${day(m.from)}, after it had expired on ${day(expires - 1)}.`,
        event: m.event,
      },
    ];
  });
}

/** Where stock was counted or adjusted, or taken without saying from where, its folding tells what of it does not fit. */
function countedOf(story: UnitStory): Holdings | null {
  const { kind, movements, opening } = story;
  const isCorrected = movements.some((m) => m.role === 'counted' || m.role === 'adjusted');
  if (!isCorrected && (kind === 'serial' || !(isInPlaces(story) || mayBeMore(story)))) return null;
  return foldHoldings(movements.map(asHolding), kind, opening?.fold);
}

/** A movement as the folding of stock takes it. */
export const asHolding = (m: StoryMovement): HoldingMovement => ({
  eventId: m.event,
  role: m.role as Role,
  atFrom: m.from,
  atUntil: m.until,
  quantity: m.quantity,
  placeId: m.placeId,
  partnerId: m.partnerId,
  containerId: m.containerId ?? null,
  parents: m.parents ?? null,
  slot: m.slot ?? null,
});

const TAKES = new Set(['used', 'installed', 'shipped', 'scrapped', 'moved-out', 'packed']);
const PUTS = new Set(['made', 'moved-in', 'removed', 'returned', 'packed', 'unpacked']);

/** Some was taken of a lot that may have been in several places: where from, only the folding of its stock tells. */
function isInPlaces({ movements, opening }: UnitStory): boolean {
  const places = new Set((opening?.fold.stock ?? []).map(([place]) => place));
  for (const m of movements) if (PUTS.has(m.role)) places.add(m.placeId);
  return places.size > 1 && movements.some(({ role }) => TAKES.has(role));
}

/** So much of a lot came out of something, was packed, or left after all of it had, that it has to be asked whether that was there. */
const mayBeMore = ({ movements, opening }: UnitStory): boolean =>
  (opening?.fold.allLeft ?? false) ||
  movements.some(({ role, quantity }) =>
    quantity === null ? role === 'shipped' || role === 'scrapped' : role === 'removed' || role === 'packed',
  );

function countGaps(story: UnitStory, counted: Holdings): Gap[] {
  const { name, movements, uom } = story;
  const { corrections, unplaced, placeShort, missing } = counted;
  const dayOf = (event: number): string => day(movements.find((m) => m.event === event)!.from);
  const gaps: Gap[] = [];
  if (missing !== null) {
    const message = `${name} was looked for on ${dayOf(missing)} and not found; where it is, nothing recorded says.`;
    gaps.push({ kind: 'counted-missing', message, event: missing });
  }
  for (const { eventId: event, against } of corrections) {
    if (against === undefined) continue;
    const message = `${name} was found on ${dayOf(event)}, although by the record it was ${against} then.`;
    gaps.push({ kind: 'counted-though-gone', message, event });
  }
  for (const event of unplaced) {
    const message = `${name} was in several places on ${dayOf(event)}, and which of them is meant was not said.`;
    gaps.push({ kind: 'place-unclear', message, event });
  }
  for (const event of new Set(placeShort)) {
    const message = `More of ${name} was taken on ${dayOf(event)} than was at the place it is said to be from, while some was elsewhere.`;
    gaps.push({ kind: 'place-short', message, event });
  }
  for (const { eventId: event, quantity } of counted.unloadedMore) {
    const short = formatDecimal(quantity);
    const message = `Of ${name} there came out on ${dayOf(event)} ${short} ${uom} more than by the record was in there.`;
    gaps.push({ kind: 'unloaded-more', message, event, about: { short } });
  }
  const made = firstMade(story) ?? Infinity;
  for (const [kind, done, excesses] of [
    ['packed-more', 'packed', counted.packedMore],
    ['moved-more', 'moved', counted.movedMore],
    ['taken-though-gone', 'taken', counted.leftMore],
  ] as const)
    for (const { eventId: event, quantity, until } of excesses) {
      // What is packed or moved before it was first made: the clocks differ.
      if (until <= made) continue;
      const short = formatDecimal(quantity);
      const message = `Of ${name} there was ${done} on ${dayOf(event)} ${short} ${uom} more than was there.`;
      gaps.push({ kind, message, event, about: { short } });
    }
  return gaps;
}

/** The gap of a lot that came of a split or merge out of which came more than went in. */
export function splitMoreGap(name: string, more: { at: number; eventId: number; short: string; uom: string }): Gap {
  const { at, eventId: event, short, uom } = more;
  return {
    kind: 'split-more',
    message: `${name} was divided off on ${day(at)}: ${short} ${uom} more came of that than went into it.`,
    event,
    about: { short },
  };
}
