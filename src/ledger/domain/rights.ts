/** What it takes to record a fact that sets goods free, or takes back what another role decided. Pure. */
import { DomainError } from '@/kernel';
import type { ParsedEvent } from './event-shapes';
import type { World } from './world';

type Right = 'holds:release' | 'work:plan';

/** Who records, where it is not the product itself. */
export interface Caller {
  role: string;
  may: (right: Right) => boolean;
}

/** By the type of what is taken back: what brings or hands on a hold, or ends one; what stands in somebody's books. */
const TO_TAKE_BACK: Partial<Record<string, Right>> = {
  hold: 'holds:release',
  release: 'holds:release',
  return: 'holds:release',
  inspect: 'holds:release',
  split: 'holds:release',
  merge: 'holds:release',
  // What makes a lot expire, and its amendment, make it wait as a hold does.
  amend: 'holds:release',
  receive: 'work:plan',
  ship: 'work:plan',
};

/** Throws HOLD_RELEASE_FORBIDDEN, TAKING_BACK_FORBIDDEN. */
export function checkRights(world: World, event: ParsedEvent, id: string, caller: Caller): void {
  const needed = rightFor(world, event);
  if (needed === null || caller.may(needed)) return;
  const details = { event: id, role: caller.role, right: needed };
  throw new DomainError(needed === 'holds:release' ? 'HOLD_RELEASE_FORBIDDEN' : 'TAKING_BACK_FORBIDDEN', details);
}

function rightFor(world: World, event: ParsedEvent): Right | null {
  switch (event.type) {
    case 'release':
      return 'holds:release';
    case 'amend':
      return event.expires === undefined ? null : 'holds:release';
    case 'void':
    case 'correct':
      return TO_TAKE_BACK[world.targets.get(event.event)?.said ?? ''] ?? null;
    default:
      return null;
  }
}
