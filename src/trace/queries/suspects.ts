/** What a question starts from, and how it came to be: receipts with their suppliers, productions, first counts. */
import { formatTime } from '@/kernel';
import { movementsOf } from '@/ledger';
import type { Queryable } from '@/platform/db';
import type { UnitRef } from '../domain/question';
import { unitRefOf } from '../domain/question';
import type { Quantity } from '../domain/tally';
import { ContactView, Names, TraceHeadRow } from './views';

export interface MakingView {
  /** the client's own key of the event */
  event: string;
  type: string;
  at: string;
  coarse: boolean;
  place: string | null;
  quantity: Quantity | null;
  supplier: ContactView | null;
  supplierLot: string | null;
  document: string | null;
  recordedAt: string;
  recordedBy: string;
}

export type Origin = 'received' | 'created' | 'produced' | 'split' | 'merged' | 'topped-up' | 'mentioned';

export interface SuspectView {
  id: string;
  unit: UnitRef;
  name: string | null;
  origin: Origin;
  from: string | null;
  until: string | null;
  makings: MakingView[];
}

const ORIGIN: Record<string, Origin> = {
  receive: 'received',
  create: 'created',
  produce: 'produced',
  split: 'split',
  merge: 'merged',
  'top-up': 'topped-up',
};

/** One a seed and window, in the order in which they were asked. */
export async function suspectsOf(q: Queryable, head: TraceHeadRow): Promise<SuspectView[]> {
  const { seeds } = head.question.resolved;
  const ids = seeds.map((s) => s.unitId);
  const movements = (await movementsOf(q, head.position, ids)).filter((m) => m.role === 'made');
  const units = await q.query<{ unit_id: number; item_id: number }>(
    'SELECT unit_id, item_id FROM unit WHERE unit_id = ANY ($1::int[])',
    [ids],
  );
  const itemOf = new Map(units.map((u) => [u.unit_id, u.item_id]));
  const names = await Names.read(q, head.position, {
    items: itemOf.values(),
    places: movements.flatMap((m) => (m.placeId === null ? [] : [m.placeId])),
    partners: movements.flatMap((m) => (m.partnerId === null ? [] : [m.partnerId])),
  });
  const events = new Map(
    (
      await q.query<{
        event_id: number;
        client_id: string;
        actor: string;
        recorded_at: Date;
        supplier_lot: string | null;
      }>(
        `SELECT e.event_id, e.client_id, b.actor, b.recorded_at,
                coalesce(e.body->>'supplierLot', e.body->'with'->>'supplierLot') AS supplier_lot
           FROM event e JOIN ledger_batch b ON b.batch_id = e.batch_id WHERE e.event_id = ANY ($1::bigint[])`,
        [movements.map((m) => m.eventId)],
      )
    ).map((e) => [e.event_id, e]),
  );
  return seeds.flatMap((seed) => {
    const itemId = itemOf.get(seed.unitId)!;
    const makings = movements
      .filter((m) => m.unitId === seed.unitId)
      .map((m): MakingView => {
        const event = events.get(m.eventId)!;
        return {
          event: event.client_id,
          type: m.eventType,
          at: formatTime(m.atFrom),
          coarse: m.atUntil - m.atFrom > 1,
          place: names.place(m.placeId),
          quantity: names.quantity(itemId, m.quantity),
          supplier: m.partnerId === null ? null : names.contact(m.partnerId),
          supplierLot: event.supplier_lot,
          document: m.document,
          recordedAt: event.recorded_at.toISOString(),
          recordedBy: event.actor,
        };
      });
    return seed.windows.map(([from, until]) => ({
      id: `u${seed.unitId}`,
      unit: unitRefOf(seed.item, seed.kind, seed.code),
      name: names.items.get(itemId)!.name,
      origin: ORIGIN[makings[0]?.type ?? ''] ?? 'mentioned',
      from: formatTime(from),
      until: formatTime(until),
      makings,
    }));
  });
}
