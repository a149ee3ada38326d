/** The life of a work order: planned → released → in-progress → closed; cancelled, and opened again. Pure. */
import { DomainError } from '@/kernel';

export type OrderState = 'planned' | 'released' | 'in-progress' | 'closed' | 'cancelled';
export type OrderVerb = 'release' | 'start' | 'close' | 'cancel' | 'reopen';

export const TRANSITIONS: Record<OrderState, Partial<Record<OrderVerb, OrderState>>> = {
  planned: { release: 'released', cancel: 'cancelled' },
  released: { start: 'in-progress', close: 'closed', cancel: 'cancelled' },
  'in-progress': { start: 'in-progress', close: 'closed', cancel: 'cancelled' },
  closed: { reopen: 'in-progress' },
  cancelled: { reopen: 'planned' },
};

interface OrderNow {
  number: string;
  state: OrderState;
  /** nanos of the base unit */
  quantity: bigint;
  produced: bigint;
  openBuilds: readonly string[];
}

/** The verbs that are open to an order. */
export function mayDo(state: OrderState): OrderVerb[] {
  return (Object.keys(TRANSITIONS[state]) as OrderVerb[]).filter((verb) => verb !== 'start');
}

/** The state after a verb. Throws ORDER_STATE. */
export function nextState(number: string, state: OrderState, verb: OrderVerb): OrderState {
  const next = TRANSITIONS[state][verb];
  if (!next) throw new DomainError('ORDER_STATE', { number, state, verb, may: mayDo(state).join(' or ') || 'nothing' });
  return next;
}

/** Judges a verb on what was made and is under way. Throws ORDER_STATE, ORDER_BUILDS_OPEN, ORDER_HAS_OUTPUT, ORDER_REASON. */
export function changeOrder(order: OrderNow, verb: OrderVerb, reason: string | undefined): OrderState {
  const { number } = order;
  const next = nextState(number, order.state, verb);
  if ((verb === 'close' || verb === 'cancel') && order.openBuilds.length > 0)
    throw new DomainError('ORDER_BUILDS_OPEN', { number, builds: order.openBuilds.join(', ') });
  if (verb === 'cancel' && order.produced > 0n) throw new DomainError('ORDER_HAS_OUTPUT', { number });
  if (!reason) {
    if (verb === 'reopen') throw new DomainError('ORDER_REASON', { number, verb, because: 'it was ended before.' });
    if (verb === 'close' && order.produced < order.quantity)
      throw new DomainError('ORDER_REASON', { number, verb, because: 'less was made than was ordered.' });
  }
  // An order that was closed before anything began goes back to where it was.
  return verb === 'reopen' && order.state === 'closed' && order.produced === 0n ? 'released' : next;
}
