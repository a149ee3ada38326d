/** The events behind links: what was sent, and all the links that one of them made. */
import type { Queryable } from '@/platform/db';
import { FACT_SEEN, inBatches } from './at-position';

/** An event as far as its links hang on it; what a correction puts in the place of another fact counts as what it is. */
export interface LinkEvent {
  eventId: number;
  /** the client's own key */
  clientId: string;
  type: string;
  place: string | null;
  workOrder: string | null;
  document: string | null;
  body: Record<string, unknown>;
  /** as it was sent with the event itself, where its body has none */
  at: unknown;
}

export async function linkEvents(q: Queryable, events: readonly number[]): Promise<Map<number, LinkEvent>> {
  const found = new Map<number, LinkEvent>();
  await inBatches([...new Set(events)], async (ids) => {
    const rows = await q.query<{
      event_id: number;
      client_id: string;
      body: Record<string, unknown>;
      document: string | null;
      at: unknown;
    }>(
      `SELECT e.event_id, e.client_id, e.body->'at' AS at, CASE WHEN e.type = 'correct' THEN e.body->'with' ELSE e.body END AS body,
              (SELECT min(m.document) FROM movement m WHERE m.event_id = e.event_id) AS document
         FROM event e WHERE e.event_id = ANY ($1::bigint[])`,
      [ids],
    );
    for (const { event_id: eventId, client_id: clientId, body, document, at } of rows) {
      const text = (key: string) => (typeof body[key] === 'string' ? body[key] : null);
      found.set(eventId, {
        eventId,
        clientId,
        type: text('type') ?? '',
        place: text('place'),
        workOrder: text('workOrder'),
        document,
        body,
        at,
      });
    }
  });
  return found;
}

/** Who went into whom by an event. */
export interface EventLink {
  eventId: number;
  input: number;
  output: number;
}

/** The links that these events made, as far as they stand at the position, in the order in which they were recorded. */
export async function linksOfEvents(q: Queryable, position: number, events: readonly number[]): Promise<EventLink[]> {
  const found: EventLink[] = [];
  await inBatches([...new Set(events)], async (ids) => {
    const rows = await q.query<{ event_id: number; input: number; output: number }>(
      `SELECT f.event_id, f.input, f.output FROM link f ${FACT_SEEN} AND f.event_id = ANY ($2::bigint[]) ORDER BY f.link_id`,
      [position, ids],
    );
    for (const r of rows) found.push({ eventId: r.event_id, input: r.input, output: r.output });
  });
  return found;
}
