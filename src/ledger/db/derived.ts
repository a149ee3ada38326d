/** Movements that follow from other facts (of a container, a split, a cleaning), as rows that are only added: one that does not hold any more gets an end. */
import type { Tx } from '@/platform/db';
import type { MovementRow } from '../domain/draft';
import { numeric } from '../domain/world';
import { insertRows } from './rows-in';

export type DerivedMovement = Pick<MovementRow, 'eventId' | 'role' | 'from' | 'until'> &
  Partial<Omit<MovementRow, 'unit'>> & { unitId: number };

export async function addDerived(tx: Tx, batchId: number, rows: readonly DerivedMovement[]): Promise<void> {
  await insertRows(
    tx,
    'movement',
    [
      ['batch_id', 'bigint'],
      ['event_id', 'bigint'],
      ['unit_id', 'int'],
      ['role', 'text'],
      ['at_from', 'bigint'],
      ['at_until', 'bigint'],
      ['quantity', 'numeric'],
      ['place_id', 'int'],
      ['partner_id', 'int'],
      ['document', 'text'],
      ['expires_ms', 'bigint'],
      ['container_id', 'int'],
      ['parents', 'int[]'],
      ['carried', 'boolean'],
    ],
    rows.map((m) => [
      batchId,
      m.eventId,
      m.unitId,
      m.role,
      m.from,
      m.until,
      numeric(m.quantity ?? null),
      m.placeId ?? null,
      m.partnerId ?? null,
      m.document ?? null,
      m.expires ?? null,
      m.containerId ?? null,
      m.parents ?? null,
      true,
    ]),
  );
}

export async function endDerived(tx: Tx, batchId: number, movementIds: readonly number[]): Promise<void> {
  await insertRows(
    tx,
    'movement_end',
    [
      ['movement_id', 'bigint'],
      ['batch_id', 'bigint'],
    ],
    movementIds.map((id) => [id, batchId]),
  );
}
