/** What was received, as known at a trace's ledger position: supplier, document and the supplier's own lot. */
import { formatTime } from '@/kernel';
import type { Queryable } from '@/platform/db';
import { identities, movementsOf, partnersAt, placesAt } from '@/ledger';
import type { PartnerContact } from '@/ledger';
import type { Contact, Making, ReceiptRow, Suspect, UnitRow } from './domain/model';

interface EventFacts {
  event_id: number;
  client_id: string;
  type: string;
  supplier_lot: string | null;
  day: string | null;
  actor: string;
  recorded_at: Date;
}

const ORIGINS: Record<string, Suspect['origin']> = {
  receive: 'received',
  create: 'created',
  produce: 'produced',
  split: 'split',
  merge: 'merged',
  'top-up': 'topped-up',
};

/** How a unit came to be: by the first event that made it. */
export function originOf([first]: readonly Making[]): Suspect['origin'] {
  return first ? (ORIGINS[first.type] ?? 'created') : 'mentioned';
}

/** The receipts of these units, in the order of the units and then of time. */
export async function receiptsOf(q: Queryable, position: number, rows: readonly UnitRow[]): Promise<ReceiptRow[]> {
  const makings = await makingsOf(
    q,
    position,
    rows.map((row) => numberOf(row.id)),
  );
  return rows.flatMap(({ id, unit, name, certainty }) =>
    (makings.get(numberOf(id)) ?? [])
      .filter((making) => making.type === 'receive')
      .map((making) => ({ id, unit, name, certainty, making })),
  );
}

/** The makings of these units, by number of unit. */
export async function makingsOf(
  q: Queryable,
  position: number,
  ids: readonly number[],
): Promise<Map<number, Making[]>> {
  const units = await identities(q, ids);
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
      day: m.atUntil - m.atFrom > 1 ? event.day : null,
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

/** The date that was written, where it was a date alone. */
const DAY = `substring(coalesce(e.body->'with'->>'at', e.body->>'at') from '^\\d{4}-\\d{2}-\\d{2}$')`;

/** What the movement does not carry; a corrected event speaks through the one that took its place. */
async function eventFacts(q: Queryable, ids: number[]): Promise<Map<number, EventFacts>> {
  const rows = await q.query<EventFacts>(
    `SELECT e.event_id, e.client_id, coalesce(e.body->'with'->>'type', e.type) AS type,
            coalesce(e.body->'with'->>'supplierLot', e.body->>'supplierLot') AS supplier_lot, ${DAY} AS day, b.actor, b.recorded_at
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

/** The written day of each of these events (`e12`) of which only the day is known. */
export async function daysOf(q: Queryable, events: readonly string[]): Promise<Map<string, string>> {
  const rows = await q.query<{ event_id: number; day: string | null }>(
    `SELECT e.event_id, ${DAY} AS day FROM event e WHERE e.event_id = ANY ($1::bigint[]) AND e.at_until > e.at_from + 1`,
    [[...new Set(events)].map(numberOf)],
  );
  return new Map(rows.flatMap(({ event_id, day }) => (day === null ? [] : [[`e${event_id}`, day]])));
}

/** "u12" → 12 */
export function numberOf(id: string): number {
  return Number(id.slice(1));
}
