/** Writes what was promised, what answers it, and how units are described. */
import type { Tx } from '@/platform/db';
import { numeric } from '../domain/world';
import { insertRows } from './rows-in';
import type { EventRecord } from './write';

export async function writeTerms(tx: Tx, batchId: number, events: readonly EventRecord[]): Promise<void> {
  await insertRows(
    tx,
    'order_line',
    [
      ['batch_id', 'bigint'],
      ['event_id', 'bigint'],
      ['promise', 'text'],
      ['direction', 'text'],
      ['document', 'text'],
      ['shipment', 'text'],
      ['partner_id', 'int'],
      ['line', 'text'],
      ['item_id', 'int'],
      ['quantity', 'numeric'],
      ['typed_quantity', 'text'],
      ['typed_uom', 'text'],
      ['unit_id', 'int'],
      ['container', 'text'],
      ['place_id', 'int'],
      ['due_from', 'bigint'],
      ['due_until', 'bigint'],
      ['at_from', 'bigint'],
      ['at_until', 'bigint'],
    ],
    events.flatMap((e) =>
      e.draft.orderLines.map((l) => [
        batchId,
        e.eventId,
        l.promise,
        l.direction,
        l.document,
        l.shipment,
        l.partnerId,
        l.line,
        l.itemId,
        numeric(l.quantity),
        l.typed.value,
        l.typed.uom,
        l.unit?.id ?? null,
        l.container,
        l.placeId,
        l.due?.from ?? null,
        l.due?.until ?? null,
        l.at.from,
        l.at.until,
      ]),
    ),
  );
  await insertRows(
    tx,
    'order_part',
    [
      ['batch_id', 'bigint'],
      ['event_id', 'bigint'],
      ['direction', 'text'],
      ['document', 'text'],
      ['line', 'text'],
      ['part', 'text'],
      ['item_id', 'int'],
      ['unit_id', 'int'],
      ['quantity', 'numeric'],
      ['at_from', 'bigint'],
    ],
    events.flatMap((e) =>
      e.draft.orderParts.map((p) => [
        batchId,
        e.eventId,
        p.direction,
        p.document,
        p.line,
        p.part,
        p.unit?.item.id ?? null,
        p.unit?.id ?? null,
        numeric(p.quantity),
        e.from,
      ]),
    ),
  );
  await insertRows(
    tx,
    'attribute_value',
    [
      ['batch_id', 'bigint'],
      ['event_id', 'bigint'],
      ['unit_id', 'int'],
      ['name', 'text'],
      ['type', 'text'],
      ['value', 'text'],
      ['number_value', 'numeric'],
      ['at_from', 'bigint'],
      ['at_until', 'bigint'],
    ],
    events.flatMap((e) =>
      e.draft.attributes.map((a) => [
        batchId,
        e.eventId,
        a.unit?.id ?? null,
        a.name,
        a.typed?.type ?? 'text',
        a.typed?.value ?? null,
        a.typed?.number ?? null,
        e.from,
        e.until,
      ]),
    ),
  );
}

/**
 * What holds of each unit's attributes after these events: of what was said and counts, the latest by time, then by the event's
 * natural key. Set-based over the units and names that were touched, by a value or by a void.
 */
export async function describeUnits(tx: Tx, events: readonly EventRecord[]): Promise<void> {
  const touched = events.flatMap((e) =>
    e.draft.attributes.flatMap((a) => (a.unit ? [{ unit: a.unit.id, name: a.name }] : [])),
  );
  const voided = events.flatMap((e) => (e.draft.voids ? [e.draft.voids.eventId] : []));
  if (voided.length > 0) {
    const rows = await tx.query<{ unit: number; name: string }>(
      `SELECT unit_id AS unit, name FROM attribute_value WHERE event_id = ANY ($1::bigint[]) AND unit_id IS NOT NULL`,
      [voided],
    );
    touched.push(...rows);
  }
  if (touched.length === 0) return;
  await tx.query(
    `WITH touched AS (SELECT DISTINCT unit_id, name FROM unnest($1::int[], $2::text[]) AS t(unit_id, name)),
          latest AS (${LATEST} JOIN touched t ON t.unit_id = a.unit_id AND t.name = a.name ${COUNTS} ORDER BY ${NEWEST}),
          gone AS (DELETE FROM unit_attribute u USING touched t WHERE u.unit_id = t.unit_id AND u.name = t.name
                      AND NOT EXISTS (SELECT FROM latest l WHERE l.unit_id = t.unit_id AND l.name = t.name AND l.value IS NOT NULL))
     INSERT INTO unit_attribute (unit_id, name, type, value, number_value)
     SELECT unit_id, name, type, value, number_value FROM latest WHERE value IS NOT NULL ORDER BY unit_id, name
     ON CONFLICT (unit_id, name) DO UPDATE SET type = excluded.type, value = excluded.value, number_value = excluded.number_value`,
    [touched.map((t) => t.unit), touched.map((t) => t.name)],
  );
}

const LATEST = `SELECT DISTINCT ON (a.unit_id, a.name) a.unit_id, a.name, a.type, a.value, a.number_value
  FROM attribute_value a JOIN event e ON e.event_id = a.event_id`;
const COUNTS = `WHERE NOT EXISTS (SELECT 1 FROM event_void v WHERE v.event_id = a.event_id)`;
const NEWEST = `a.unit_id, a.name, a.at_from DESC, a.at_until DESC, e.source DESC, e.client_id DESC, a.attribute_value_id DESC`;
