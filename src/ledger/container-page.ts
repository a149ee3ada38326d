/** What a container holds, now or at a time, where it is, and all that was done with it. Read at a ledger position. */
import { DomainError, formatDecimal, formatTime } from '@/kernel';
import type { Queryable } from '@/platform/db';
import { decodeCursor, encodeCursor, Page, pageSize } from '@/platform/http';
import { heldInside } from './db/inside';
import { containerCode } from './domain/container';
import { foldHoldings, Holding } from './domain/holdings';
import { FACT_SEEN, MOVEMENT_SEEN } from './genealogy/at-position';
import { holdsOf, movementsOf, partnersAt, placesAt } from './genealogy';
import { identities, unitRef } from './queries';
import { holdingMovements } from './unit-page';

export interface ContainerIdentity {
  containerId: number;
  code: string;
}

/** The container with this code, or that this scan names. Throws NOT_FOUND, CONTAINER_SCAN_UNREADABLE. */
export async function findContainer(q: Queryable, ref: string): Promise<ContainerIdentity> {
  const [row] = await q.query<{ container_id: number; code: string }>(
    `SELECT container_id, code FROM container WHERE lower(code) = lower($1) ORDER BY (code = $1) DESC LIMIT 1`,
    [containerCode(ref)],
  );
  if (!row) throw new DomainError('NOT_FOUND', { what: 'container', key: ref });
  return { containerId: row.container_id, code: row.code };
}

interface Part {
  unitId: number;
  holding: Holding;
}

/** Its content at `at` (ms UTC; null: now, with all that is recorded), a page of it. */
export async function containerPage(
  q: Queryable,
  { containerId, code }: ContainerIdentity,
  position: number,
  at: number | null,
  cursor: string | undefined,
  limit: number | undefined,
) {
  const parts = await contentOf(q, containerId, position, at);
  const units = await identities(
    q,
    parts.map((p) => p.unitId),
  );
  const text = ({ unitId }: Part): string => `${units.get(unitId)!.item} ${units.get(unitId)!.code}`;
  parts.sort((a, b) => (text(a) < text(b) ? -1 : text(a) > text(b) ? 1 : 0));
  const size = pageSize(limit);
  const start = decodeCursor<number>(cursor) ?? 0;
  const shown = parts.slice(start, start + size);
  const last = await lastKnown(q, containerId, position, at);
  const places = await placesAt(q, position, known([...parts.map((p) => p.holding.placeId), last?.place_id]));
  const partners = await partnersAt(q, position, known([...parts.map((p) => p.holding.customerId), last?.partner_id]));
  const placeOf = (id: number | null | undefined) => (id == null ? null : (places.get(id)?.code ?? null));
  const partnerOf = (id: number | null | undefined) => (id == null ? null : (partners.get(id)?.code ?? null));
  const holds = await holdsOf(
    q,
    position,
    parts.map((p) => p.unitId),
  ).then((all) => all.filter((h) => h.releasedMs === null));
  const within = await heldInside(
    q,
    parts.map((p) => p.unitId),
  );
  const only = <T>(values: readonly T[]): T | null => (new Set(values).size === 1 ? values[0]! : null);
  const shipped = parts.length > 0 && parts.every((p) => p.holding.state === 'shipped');
  return {
    container: code,
    state: parts.length === 0 ? ('empty' as const) : shipped ? ('shipped' as const) : ('in-house' as const),
    // Where its content is; of an empty one, where it was last said to be.
    place: parts.length === 0 ? placeOf(last?.place_id) : placeOf(only(parts.map((p) => p.holding.placeId))),
    customer:
      parts.length === 0 ? partnerOf(last?.partner_id) : partnerOf(only(parts.map((p) => p.holding.customerId))),
    units: parts.length,
    /** units that are on hold, or have something in them that is */
    held: new Set([...holds.map((h) => h.unitId), ...within.keys()]).size,
    at: formatTime(at),
    ledgerPosition: position,
    data: shown.map(({ unitId, holding: h }) => {
      const unit = units.get(unitId)!;
      return {
        id: unit.id,
        unit: unitRef(unit.item, unit.kind, unit.code),
        name: unit.name,
        quantity: h.quantity === null ? null : { value: formatDecimal(h.quantity), uom: unit.uom },
        state: h.state,
        place: placeOf(h.placeId),
        customer: partnerOf(h.customerId),
        holds: holds
          .filter((x) => x.unitId === unitId)
          .map((x) => ({ id: `h${x.holdId}`, reason: x.reason, ref: x.ref, at: formatTime(x.atMs) })),
      };
    }),
    nextCursor: start + size < parts.length ? encodeCursor(start + size) : null,
  };
}

/** What of which unit is in the container, as its movements up to that time come to. */
async function contentOf(q: Queryable, containerId: number, position: number, at: number | null): Promise<Part[]> {
  const units = await q.query<{ unit_id: number; kind: 'serial' | 'lot' | 'run' }>(
    `SELECT u.unit_id, u.kind FROM unit u WHERE u.unit_id IN (
       SELECT f.unit_id FROM movement f ${MOVEMENT_SEEN} AND f.role = 'packed' AND f.container_id = $2)`,
    [position, containerId],
  );
  const ids = units.map((u) => u.unit_id);
  const movements = new Map<number, Awaited<ReturnType<typeof movementsOf>>>();
  for (const m of await movementsOf(q, position, ids, { types: false })) {
    if (at !== null && m.atFrom > at) continue;
    movements.set(m.unitId, [...(movements.get(m.unitId) ?? []), m]);
  }
  return units.flatMap(({ unit_id: unitId, kind }) =>
    foldHoldings(holdingMovements(movements.get(unitId) ?? []), kind)
      .holdings.filter((h) => h.containerId === containerId)
      .map((holding) => ({ unitId, holding })),
  );
}

/** The last event that said where the container was, or to whom it went. */
async function lastKnown(q: Queryable, containerId: number, position: number, at: number | null) {
  const [row] = await q.query<{ place_id: number | null; partner_id: number | null }>(
    `SELECT f.place_id, CASE WHEN f.role = 'shipped' THEN f.partner_id END AS partner_id FROM container_fact f ${FACT_SEEN}
        AND f.container_id = $2 AND ($3::bigint IS NULL OR f.at_from <= $3)
        AND (f.role = 'shipped' OR (f.place_id IS NOT NULL AND f.role IN ('packed', 'unpacked', 'emptied', 'moved', 'returned')))
      ORDER BY f.at_from DESC, f.container_fact_id DESC LIMIT 1`,
    [position, containerId, at],
  );
  return row && { ...row, place_id: row.partner_id === null ? row.place_id : null };
}

/** Everything that was recorded of a container, newest first; voided facts are shown as such. */
export async function containerHistory(
  q: Queryable,
  { containerId }: ContainerIdentity,
  cursor: string | undefined,
  limit: number | undefined,
): Promise<Page<unknown>> {
  const size = pageSize(limit);
  const after = decodeCursor<[number, number]>(cursor);
  const rows = await q.query<{
    container_fact_id: number;
    event_id: number;
    client_id: string;
    type: string;
    role: string;
    at_from: number;
    at_until: number;
    recorded_at: Date;
    actor: string;
    place: string | null;
    partner: string | null;
    document: string | null;
    reason: string | null;
    units: number;
    voided_by: number | null;
    void_reason: string | null;
  }>(
    `SELECT f.container_fact_id, f.event_id, e.client_id, e.type, f.role, f.at_from, f.at_until, b.recorded_at, b.actor,
            pl.code AS place, pa.code AS partner, f.document, f.reason,
            (SELECT count(DISTINCT m.unit_id)::int FROM movement m WHERE m.event_id = f.event_id AND m.container_id = f.container_id
                AND (NOT m.carried OR NOT EXISTS (SELECT 1 FROM movement_end me WHERE me.movement_id = m.movement_id))) AS units,
            v.by_event_id AS voided_by, v.reason AS void_reason
       FROM container_fact f JOIN event e USING (event_id) JOIN ledger_batch b ON b.batch_id = e.batch_id
       LEFT JOIN event_void v ON v.event_id = f.event_id LEFT JOIN place pl USING (place_id) LEFT JOIN partner pa USING (partner_id)
      WHERE f.container_id = $1 AND ($2::bigint IS NULL OR (f.at_from, f.container_fact_id) < ($2, $3))
      ORDER BY f.at_from DESC, f.container_fact_id DESC LIMIT $4`,
    [containerId, after?.[0] ?? null, after?.[1] ?? null, size + 1],
  );
  const page = rows.slice(0, size);
  const last = page.at(-1);
  return {
    data: page.map((r) => ({
      event: `e${r.event_id}`,
      clientId: r.client_id,
      type: r.type,
      what: r.role,
      at: formatTime(r.at_from),
      coarse: r.at_until - r.at_from > 1,
      recordedAt: r.recorded_at.toISOString(),
      actor: r.actor,
      place: r.place,
      partner: r.partner,
      document: r.document,
      reason: r.reason,
      units: r.units,
      voided: r.voided_by === null ? null : { by: `e${r.voided_by}`, reason: r.void_reason },
    })),
    nextCursor: rows.length > size && last ? encodeCursor([last.at_from, last.container_fact_id]) : null,
  };
}

function known(ids: readonly (number | null | undefined)[]): number[] {
  return [...new Set(ids.filter((id) => id != null))];
}
