/** One document: all that was recorded under its number. */
import { DomainError, formatTime } from '@/kernel';
import type { Queryable } from '@/platform/db';
import { decodeCursor, pageSize, toPage } from '@/platform/http';
import type { UnitKind } from '../domain/event-shapes';
import { unitRef } from '../queries';

const EVENTS_MAX = 200;
const PARTNERS_MAX = 50;

/** Its partners and events (the newest 200 of them), and a page of its units with their part and quantity. */
export async function documentPage(
  q: Queryable,
  number: string,
  cursor: string | undefined,
  limit: number | undefined,
) {
  const [whole] = await q.query<{
    numbers: string[] | null;
    from_ms: number;
    until_ms: number;
    units: number;
    events: number;
  }>(
    `SELECT array_agg(DISTINCT document) AS numbers, min(at_from) AS from_ms, max(at_until) AS until_ms,
            count(DISTINCT unit_id) AS units, count(DISTINCT event_id) AS events
       FROM movement WHERE lower(document) = lower($1)`,
    [number],
  );
  if (!whole?.numbers) throw new DomainError('NOT_FOUND', { what: 'document', key: number });
  // Numbers that differ in case alone are one document, unless one of them is meant as it is written.
  const numbers = whole.numbers.includes(number) ? [number] : whole.numbers;
  const partners = await q.query<{ code: string; name: string; kind: string }>(
    `SELECT DISTINCT c.code, c.name, c.kind FROM movement m JOIN partner c USING (partner_id)
      WHERE lower(m.document) = lower($1) AND m.document = ANY ($2) ORDER BY c.code LIMIT ${PARTNERS_MAX}`,
    [number, numbers],
  );
  const events = await q.query<{
    event_id: number;
    client_id: string;
    type: string;
    at_from: number;
    actor: string;
    recorded_at: Date;
    place: string | null;
    units: number;
    void_reason: string | null;
  }>(
    `SELECT e.event_id, e.client_id, e.type, e.at_from, b.actor, b.recorded_at, f.units, v.reason AS void_reason,
            (SELECT p.code FROM place p WHERE p.place_id = f.place_id) AS place
       FROM (SELECT event_id, count(DISTINCT unit_id) AS units, max(place_id) AS place_id FROM movement
              WHERE lower(document) = lower($1) AND document = ANY ($2) GROUP BY event_id) f
       JOIN event e USING (event_id) JOIN ledger_batch b USING (batch_id) LEFT JOIN event_void v ON v.event_id = e.event_id
      ORDER BY e.at_from DESC, e.event_id DESC LIMIT ${EVENTS_MAX}`,
    [number, numbers],
  );
  const size = pageSize(limit);
  const after = decodeCursor<number>(cursor) ?? 0;
  const rows = await q.query<{
    movement_id: number;
    unit_id: number;
    item: string;
    name: string;
    uom: string;
    kind: UnitKind;
    code: string;
    role: string;
    quantity: string | null;
    event_id: number;
    voided: boolean;
  }>(
    `SELECT m.movement_id, m.unit_id, i.code AS item, i.name, i.uom, u.kind, u.code, m.role, m.quantity, m.event_id,
            EXISTS (SELECT FROM event_void v WHERE v.event_id = m.event_id) AS voided
       FROM movement m JOIN unit u USING (unit_id) JOIN item i USING (item_id)
      WHERE lower(m.document) = lower($1) AND m.document = ANY ($2) AND m.movement_id > $3 ORDER BY m.movement_id LIMIT $4`,
    [number, numbers, after, size + 1],
  );
  return {
    number: numbers.length === 1 ? numbers[0]! : number,
    from: formatTime(whole.from_ms),
    until: formatTime(whole.until_ms),
    partners,
    eventCount: whole.events,
    unitCount: whole.units,
    events: events.map((e) => ({
      id: `e${e.event_id}`,
      clientId: e.client_id,
      type: e.type,
      at: formatTime(e.at_from),
      recordedAt: e.recorded_at.toISOString(),
      actor: e.actor,
      place: e.place,
      units: e.units,
      voided: e.void_reason === null ? null : { reason: e.void_reason },
    })),
    units: toPage(
      rows,
      size,
      (r) => r.movement_id,
      (r) => ({
        id: `u${r.unit_id}`,
        unit: unitRef(r.item, r.kind, r.code),
        name: r.name,
        role: r.role,
        quantity: r.quantity === null ? null : { value: r.quantity, uom: r.uom },
        event: `e${r.event_id}`,
        voided: r.voided,
      }),
    ),
  };
}
