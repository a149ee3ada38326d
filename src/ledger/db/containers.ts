/** Containers in the database: found by code and locked, with what may be in them. */
import type { Queryable, Tx } from '@/platform/db';
import { DomainError } from '@/kernel';
import { containerCode, ContainerState } from '../domain/container';
import type { ParsedEvent } from '../domain/event-shapes';
import { containersNamed } from '../domain/rules';
import type { World } from '../domain/world';
import type { EventRecord } from './write';
import { insertRows, takeIds } from './rows-in';

/**
 * The containers that these events and what they take back are about, locked in id order before any unit is: whoever adds a
 * fact to one sees all that was added before. Gives the units that were ever packed in them.
 */
export async function loadContainers(tx: Tx, world: World, events: readonly ParsedEvent[]): Promise<number[]> {
  const codes = new Set<string>();
  for (const name of events.flatMap(containersNamed)) {
    try {
      codes.add(containerCode(name));
    } catch (error) {
      // The rule of the event that names it refuses it, with the event's index.
      if (!(error instanceof DomainError)) throw error;
    }
  }
  for (const { code } of [...world.heldContainers.values()].flat()) codes.add(code);
  const targets = [...world.targets.values()].map((t) => t.eventId);
  if (codes.size === 0 && targets.length === 0) return [];
  const rows = await tx.query<{ container_id: number; code: string }>(
    `SELECT container_id, code FROM container WHERE code = ANY ($1)
        OR container_id IN (SELECT container_id FROM container_fact WHERE event_id = ANY ($2::bigint[]))`,
    [[...codes], targets],
  );
  for (const { container_id: id, code } of rows) {
    const container = new ContainerState(id, code);
    container.exists = container.stored = true;
    world.containers.set(code, container);
  }
  const missing = [...codes].filter((code) => !world.containers.has(code));
  const ids = await takeIds(tx, 'container', 'container_id', missing.length);
  missing.forEach((code, i) => world.containers.set(code, new ContainerState(ids[i]!, code)));
  if (rows.length === 0) return [];
  const known = rows.map((r) => r.container_id);
  await tx.query(
    `SELECT container_id FROM container_lock WHERE container_id = ANY ($1::int[]) ORDER BY container_id FOR UPDATE`,
    [known],
  );
  return everPackedIn(tx, known);
}

/** The units that were ever packed in these containers, whether or not they are in there now. */
async function everPackedIn(q: Queryable, containerIds: readonly number[]): Promise<number[]> {
  if (containerIds.length === 0) return [];
  const rows = await q.query<{ unit_id: number }>(
    `SELECT DISTINCT unit_id FROM movement WHERE role = 'packed' AND container_id = ANY ($1::int[])`,
    [containerIds],
  );
  return rows.map((r) => r.unit_id);
}

/** The containers that events held, or brought back on hold; `named`: those events by the name that a release gives them. */
export async function loadHeldContainers(
  q: Queryable,
  world: World,
  named: ReadonlyMap<string, number>,
): Promise<void> {
  const rows = await q.query<{ event_id: number; code: string }>(
    `SELECT DISTINCT f.event_id, c.code FROM container_fact f JOIN container c USING (container_id)
      WHERE f.event_id = ANY ($1::bigint[]) AND f.role IN ('held', 'returned')`,
    [[...named.values()]],
  );
  for (const [ref, eventId] of named) {
    const held = rows.filter((r) => r.event_id === eventId).map(({ code }) => ({ code, eventId }));
    if (held.length > 0) world.heldContainers.set(ref, held);
  }
}

export async function writeContainers(
  tx: Tx,
  world: World,
  batchId: number,
  events: readonly EventRecord[],
): Promise<void> {
  const fresh = [...world.containers.values()].filter((c) => c.exists && !c.stored);
  fresh.sort((a, b) => (a.code < b.code ? -1 : 1));
  await insertRows(
    tx,
    'container',
    [
      ['container_id', 'int'],
      ['batch_id', 'bigint'],
      ['code', 'text'],
    ],
    fresh.map((c) => [c.id, batchId, c.code]),
  );
  await insertRows(
    tx,
    'container_lock',
    [['container_id', 'int']],
    fresh.map((c) => [c.id]),
  );
  for (const c of fresh) c.stored = true;
  await insertRows(
    tx,
    'container_fact',
    [
      ['batch_id', 'bigint'],
      ['event_id', 'bigint'],
      ['container_id', 'int'],
      ['role', 'text'],
      ['at_from', 'bigint'],
      ['at_until', 'bigint'],
      ['place_id', 'int'],
      ['partner_id', 'int'],
      ['document', 'text'],
      ['reason', 'text'],
      ['ref', 'text'],
      ['hold_event_id', 'bigint'],
    ],
    events.flatMap((e) =>
      e.draft.containerFacts.map((f) => [
        batchId,
        f.eventId,
        f.container.id,
        f.role,
        f.from,
        f.until,
        f.placeId,
        f.partnerId,
        f.document,
        f.reason,
        f.ref,
        f.holdEventId,
      ]),
    ),
  );
}
