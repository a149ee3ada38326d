import type { OrderPart } from './draft';
import type { Fact } from './draft-builder';
import type { UnitState } from './world';

/**
 * What a movement, or a container's way, does for the order that the event refers to: by `refs.purchaseOrder` or
 * `refs.salesOrder`, and `refs.line`.
 */
export function orderPart(
  { event }: Fact,
  { unit, role, quantity }: { unit: UnitState | null; role: string; quantity: bigint | null },
): OrderPart | null {
  const part = role === 'made' ? 'received' : role === 'shipped' || role === 'returned' ? role : null;
  const purchase = event.refs?.purchaseOrder;
  const document = purchase ?? event.refs?.salesOrder;
  if (part === null || document === undefined || (role === 'made' && event.type !== 'receive')) return null;
  return {
    direction: purchase === undefined ? 'sales' : 'purchase',
    document: String(document),
    line: event.refs?.line === undefined ? null : String(event.refs.line),
    // What leaves for a supplier goes back to him.
    part: purchase !== undefined && part === 'shipped' ? 'returned' : part,
    unit,
    quantity,
  };
}
