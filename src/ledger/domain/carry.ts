/**
 * What events of a container did to one unit: pure. They mean what was in it at their time, so this is worked out from all that
 * is recorded of the unit and of the containers that it was ever packed in, and worked out again whenever one of these comes or goes.
 */
import type { ContainerRole } from './container';
import type { Role } from './draft';
import { Content, Fold, HoldingMovement } from './holding';
import { inOrder, MOVES } from './holdings';
import { LotFold } from './lot-fold';
import { SerialFold } from './serial-fold';

/** One event of a container. Half-open times in ms UTC. */
export interface ContainerEvent {
  eventId: number;
  containerId: number;
  /** its code: of two containers at one time, the order must not hang on their ids */
  code: string;
  role: ContainerRole;
  atFrom: number;
  atUntil: number;
  placeId: number | null;
  partnerId: number | null;
  document: string | null;
  /** of a release: the event of the container that placed the hold */
  holdEventId: number | null;
}

/** A movement that the unit made in its container. */
export interface Carried extends HoldingMovement {
  document: string | null;
  containerId: number;
}

/** In whose stead among movements an event of a container stands while the order is looked for. */
const AS: Record<ContainerRole, Role | null> = {
  packed: 'packed',
  unpacked: null,
  emptied: 'unpacked',
  moved: 'moved-out',
  shipped: 'shipped',
  returned: 'returned',
  held: 'held',
  released: 'released',
};

interface Step extends HoldingMovement {
  event?: ContainerEvent;
}

/** `own`: the unit's movements that no container carried; `events`: of all containers that it was ever packed in. */
export function carriedBy(
  own: readonly HoldingMovement[],
  events: readonly ContainerEvent[],
  kind: 'serial' | 'lot' | 'run',
): Carried[] {
  const fold = new CarryFold(kind === 'serial' ? new SerialFold() : new LotFold());
  // What an event says of the unit by name it does not say again by its container.
  const named = new Set(own.map((m) => m.eventId));
  const steps = events
    .filter((e) => !named.has(e.eventId))
    .sort((a, b) => (a.code < b.code ? -1 : a.code > b.code ? 1 : 0))
    .flatMap((event): Step[] => {
      const role = AS[event.role];
      const { eventId, atFrom, atUntil, placeId, partnerId } = event;
      return role === null ? [] : [{ eventId, role, atFrom, atUntil, placeId, partnerId, quantity: null, event }];
    });
  // Packed into two at one moment: which one it is in must not hang on which was recorded first.
  const codes = new Map(events.map((e) => [e.containerId, e.code]));
  const codeOf = (m: HoldingMovement): string => codes.get(m.containerId ?? -1) ?? '';
  const moves = own.filter((m) => MOVES.has(m.role));
  moves.sort((a, b) => (codeOf(a) < codeOf(b) ? -1 : codeOf(a) > codeOf(b) ? 1 : 0));
  inOrder([...moves, ...steps], fold);
  return fold.carried;
}

class CarryFold implements Pick<Fold, 'fits' | 'apply'> {
  readonly carried: Carried[] = [];
  /** events of containers that held the unit */
  private readonly held = new Set<number>();

  constructor(private readonly unit: Fold) {}

  fits(m: Step): boolean {
    return m.event ? this.meant(m.event).length > 0 : this.unit.fits(m);
  }

  apply(m: Step): void {
    if (m.event) this.carry(m.event);
    else this.unit.apply(m);
  }

  /** What of the unit an event of its container is about. */
  private meant({ role, containerId, partnerId }: ContainerEvent): Content[] {
    const content = this.unit.content(containerId);
    switch (role) {
      case 'moved':
      case 'shipped':
        return content.filter((c) => !c.shipped);
      case 'returned':
        return content.filter((c) => c.shipped && (partnerId === null || c.partnerId === partnerId));
      // A container that is packed again has left at the customer's what was in it.
      case 'packed':
        return content.filter((c) => c.shipped);
      default:
        return content;
    }
  }

  private carry(event: ContainerEvent): void {
    const { role, placeId, partnerId } = event;
    if (role === 'released') {
      if (this.held.has(event.holdEventId!)) this.emit(event, 'released', {});
      return;
    }
    const content = this.meant(event);
    if (content.length === 0) return;
    if (role === 'held' || role === 'returned') this.held.add(event.eventId);
    if (role === 'held') return this.emit(event, 'held', {});
    for (const c of content) {
      const { quantity } = c;
      if (role === 'moved') {
        this.emit(event, 'moved-out', { quantity, placeId: c.placeId });
        this.emit(event, 'moved-in', { quantity, placeId });
      } else if (role === 'shipped') this.emit(event, 'shipped', { quantity, placeId: c.placeId, partnerId });
      else if (role === 'returned') this.emit(event, 'returned', { quantity, placeId, partnerId: c.partnerId });
      else if (c.shipped) this.emit(event, 'unpacked', { quantity, partnerId: c.partnerId });
      else this.emit(event, 'unpacked', { quantity, placeId: placeId ?? c.placeId });
    }
  }

  private emit(
    event: ContainerEvent,
    role: Role,
    rest: Partial<Pick<HoldingMovement, 'quantity' | 'placeId' | 'partnerId'>>,
  ): void {
    const { eventId, atFrom, atUntil, containerId, document } = event;
    const movement: Carried = {
      eventId,
      role,
      atFrom,
      atUntil,
      containerId,
      document,
      quantity: null,
      placeId: null,
      partnerId: null,
      ...rest,
    };
    this.carried.push(movement);
    if (MOVES.has(role)) this.unit.apply(movement);
  }
}
