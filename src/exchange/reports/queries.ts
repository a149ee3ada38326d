/** Where suspects came from, as known at the trace's ledger position: receipts with supplier, document and their lot. */
import { formatTime } from '@/kernel';
import type { Queryable } from '@/platform/db';
import { identities, itemsAt, movementsOf, partnersAt, placesAt, unitRef } from '@/ledger';
import type { PartnerContact, UnitIdentity } from '@/ledger';
import type { Contact, Making, ReceiptRow, Suspect, UnitRow } from './domain/model';

/** A seed of the question, by the id of its unit. Times are ISO 8601 UTC, null is an open end. */
export interface SeedWindow {
  id: string;
  from: string | null;
  until: string | null;
}

const ORIGINS: Record<string, Suspect['origin']> = {
  receive: 'received',
  create: 'created',
  produce: 'produced',
  split: 'split',
  merge: 'merged',
  'top-up': 'topped-up',
};

interface EventFacts {
  event_id: number;
  client_id: string;
  type: string;
  supplier_lot: string | null;
  actor: string;
  recorded_at: Date;
}

/** The suspects in the order of the question, each with every event that made it or added to it. */
export async function suspectsOf(q: Queryable, position: number, seeds: readonly SeedWindow[]): Promise<Suspect[]> {
  const ids = [...new Set(seeds.map((seed) => numberOf(seed.id)))];
  const units = await identities(q, ids);
  const items = await itemsAt(q, position, known([...units.values()].map((u) => u.itemId)));
  const makings = await makingsOf(q, position, units);
  return seeds.flatMap((seed): Suspect[] => {
    const unit = units.get(numberOf(seed.id));
    if (!unit) return [];
    const own = makings.get(unit.unitId) ?? [];
    return [
      {
        id: seed.id,
        unit: unitRef(unit.item, unit.kind, unit.code),
        name: items.get(unit.itemId)?.name ?? unit.name,
        origin: own[0] ? (ORIGINS[own[0].type] ?? 'created') : 'mentioned',
        from: seed.from,
        until: seed.until,
        makings: own,
      },
    ];
  });
}

/** The receipts of these units, in the order of the units and then of time. */
export async function receiptsOf(q: Queryable, position: number, rows: readonly UnitRow[]): Promise<ReceiptRow[]> {
  const makings = await makingsOf(
    q,
    position,
    await identities(
      q,
      rows.map((row) => numberOf(row.id)),
    ),
  );
  return rows.flatMap(({ id, unit, name, certainty }) =>
    (makings.get(numberOf(id)) ?? [])
      .filter((making) => making.type === 'receive')
      .map((making) => ({ id, unit, name, certainty, making })),
  );
}

async function makingsOf(
  q: Queryable,
  position: number,
  units: ReadonlyMap<number, UnitIdentity>,
): Promise<Map<number, Making[]>> {
  const made = (await movementsOf(q, position, [...units.keys()])).filter((m) => m.role === 'made');
  const partners = await partnersAt(q, position, known(made.map((m) => m.partnerId)));
  const places = await placesAt(q, position, known(made.map((m) => m.placeId)));
  const events = await eventFacts(q, known(made.map((m) => m.eventId)));
  const makings = new Map<number, Making[]>();
  for (const m of made) {
    const unit = units.get(m.unitId);
    const event = events.get(m.eventId);
    if (!unit || !event) continue;
    const making: Making = {
      event: event.client_id,
      type: event.type,
      at: formatTime(m.atFrom),
      coarse: m.atUntil - m.atFrom > 1,
      place: m.placeId === null ? null : (places.get(m.placeId)?.code ?? null),
      quantity: m.quantity === null ? null : { value: m.quantity, uom: unit.uom },
      supplier: contact(m.partnerId === null ? undefined : partners.get(m.partnerId)),
      supplierLot: event.supplier_lot,
      document: m.document,
      recordedAt: event.recorded_at.toISOString(),
      recordedBy: event.actor,
    };
    makings.set(m.unitId, [...(makings.get(m.unitId) ?? []), making]);
  }
  return makings;
}

/** What the movement does not carry; a corrected event speaks through the one that took its place. */
async function eventFacts(q: Queryable, ids: number[]): Promise<Map<number, EventFacts>> {
  const rows = await q.query<EventFacts>(
    `SELECT e.event_id, e.client_id, coalesce(e.body->'with'->>'type', e.type) AS type,
            coalesce(e.body->'with'->>'supplierLot', e.body->>'supplierLot') AS supplier_lot, b.actor, b.recorded_at
       FROM event e JOIN ledger_batch b USING (batch_id) WHERE e.event_id = ANY ($1::bigint[])`,
    [ids],
  );
  return new Map(rows.map((row) => [row.event_id, row]));
}

function contact(partner: PartnerContact | undefined): Contact | null {
  if (!partner) return null;
  const { code, name, email, phone, address, country } = partner;
  return { partner: code, name, email, phone, address, country };
}

function known(ids: readonly (number | null)[]): number[] {
  return [...new Set(ids.filter((id) => id !== null))];
}

/** "u12" → 12 */
function numberOf(id: string): number {
  return Number(id.slice(1));
}
