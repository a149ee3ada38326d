/** The whole plant at a ledger position, in batches: for what looks at everything at once. */
import type { Queryable } from '@/platform/db';
import { inBatches, MOVEMENT_SEEN } from './at-position';
import type { GenealogyUnitKind } from './units';

/** How far the ledger has been sealed; 0 where nothing has been recorded. */
export async function newestPosition(q: Queryable): Promise<number> {
  const [row] = await q.query<{ position: number | null }>('SELECT max(position) AS position FROM ledger_seal');
  return row?.position ?? 0;
}

export interface PlantUnit {
  unitId: number;
  itemId: number;
  kind: GenealogyUnitKind;
}

const UNITS_BATCH = 50_000;

/** All units that the ledger knew at the position, by id in ascending order. */
export async function* allUnits(q: Queryable, position: number): AsyncGenerator<PlantUnit[]> {
  for (let after = 0; ;) {
    const rows = await q.query<{ unit_id: number; item_id: number; kind: GenealogyUnitKind }>(
      `SELECT u.unit_id, u.item_id, u.kind FROM unit u
         JOIN ledger_position p ON p.batch_id = u.batch_id AND p.position <= $1
        WHERE u.unit_id > $2 ORDER BY u.unit_id LIMIT $3`,
      [position, after, UNITS_BATCH],
    );
    if (rows.length === 0) return;
    yield rows.map((r) => ({ unitId: r.unit_id, itemId: r.item_id, kind: r.kind }));
    after = rows.at(-1)!.unit_id;
  }
}

export interface RecordedShipment {
  unitId: number;
  atFrom: number;
  atUntil: number;
  partnerId: number | null;
}

/** The shipments of these units, by unit in ascending order. */
export async function shipmentsOf(
  q: Queryable,
  position: number,
  units: readonly number[],
): Promise<RecordedShipment[]> {
  const found: RecordedShipment[] = [];
  await inBatches(units, async (ids) => {
    const rows = await q.query<{ unit_id: number; at_from: number; at_until: number; partner_id: number | null }>(
      `SELECT f.unit_id, f.at_from, f.at_until, f.partner_id FROM movement f ${MOVEMENT_SEEN}
          AND f.unit_id = ANY ($2::int[]) AND f.role = 'shipped' ORDER BY f.unit_id, f.at_from`,
      [position, ids],
    );
    for (const r of rows)
      found.push({ unitId: r.unit_id, atFrom: r.at_from, atUntil: r.at_until, partnerId: r.partner_id });
  });
  return found;
}
