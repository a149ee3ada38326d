/**
 * The gaps of a unit with very many movements: what the older ones came to is kept, so that the next draw from a tank reads as much
 * as the first. Pure; the gaps of later movements are the same whether the older ones are there or their opening.
 */
import {
  asHolding,
  drawn,
  firstMade,
  firstShipped,
  isIn,
  Opening,
  StoryMovement,
  UnitStory,
  withCustomers,
} from './gaps';
import { inOrder, MOVES } from './holdings';
import { LotFold } from './lot-fold';
import { cutOf } from './unit-fold';

/** What all before `untilMs` came to. */
export interface Opened {
  untilMs: number;
  opening: Opening;
}

/**
 * Closes the older movements of a story with more than a hundred, at a moment with nothing across it and no event on both sides.
 * Null: there are too few, no such moment, or what comes later may say of the older ones what was not said before.
 */
export function openedFrom(story: UnitStory): Opened | null {
  if (story.kind === 'serial') return null;
  const cut = cutOf(wholeEvents(story.movements));
  if (!cut) return null;
  const before: UnitStory = { ...story, movements: cut.before.map((x) => x.movement) };
  const made = firstMade(before);
  // Until a lot is made its draws wait for the making, and it is a gap that there is none.
  if (made === null && (story.kind === 'lot' || story.movements.some((m) => m.role === 'made'))) return null;
  const moved = before.movements.map(asHolding).filter((m) => MOVES.has(m.role));
  const fold = new LotFold();
  if (story.opening) fold.restore(story.opening.fold);
  inOrder(moved, fold);
  const sum = drawn(before, fold.result().corrections);
  const shipped = firstShipped(before);
  return {
    untilMs: cut.untilMs,
    opening: {
      made,
      left: sum === null ? null : String(sum.left),
      overdrawn: (story.opening?.overdrawn ?? false) || (sum !== null && sum.short !== null),
      shipped: shipped === Infinity ? null : shipped,
      withCustomers: [...withCustomers(before).there].map(([customer, q]) => [customer, q === null ? null : String(q)]),
      fold: fold.save(),
    },
  };
}

/** Whether these movements change nothing of what was said of the ones before the opening. */
export function goesOn(opening: Opening, movements: readonly StoryMovement[]): boolean {
  return movements.every((m) => {
    if (opening.made === null && m.role === 'made') return false;
    // After something unknown came in, or a count, it is not said any more that too much was drawn.
    return !(opening.overdrawn && ((isIn(m) && m.quantity === null) || m.role === 'counted' || m.role === 'adjusted'));
  });
}

/** Each movement with the whole time of its event: an event is not cut in two. */
function wholeEvents(movements: readonly StoryMovement[]) {
  const times = new Map<number, { from: number; until: number }>();
  for (const m of movements) {
    const t = times.get(m.event);
    if (!t) times.set(m.event, { from: m.from, until: m.until });
    else times.set(m.event, { from: Math.min(t.from, m.from), until: Math.max(t.until, m.until) });
  }
  return movements.map((movement) => {
    const { from, until } = times.get(movement.event)!;
    return { movement, atFrom: from, atUntil: until };
  });
}
