/** Facts that speak of what is not there: there are no foreign keys between them, so that this is what looks for it. */
import type { UnitOfWork } from '@/platform/db';
import { asSealed, Chain, FactTable } from './chains';
import { Say } from './finding';
import { NamedRow, nameRows } from './name-rows';
import { none } from './verify-rows';

/** By the name of a column: the table that it points into, and its key there. */
const POINTS_TO: Record<string, [table: string, key: string]> = {
  batch_id: ['ledger_batch', 'batch_id'],
  event_id: ['event', 'event_id'],
  by_event_id: ['event', 'event_id'],
  hold_event_id: ['event', 'event_id'],
  unit_id: ['unit', 'unit_id'],
  input: ['unit', 'unit_id'],
  output: ['unit', 'unit_id'],
  item_id: ['item', 'item_id'],
  place_id: ['place', 'place_id'],
  partner_id: ['partner', 'partner_id'],
  link_id: ['link', 'link_id'],
  hold_id: ['hold', 'hold_id'],
  movement_id: ['movement', 'movement_id'],
  container_id: ['container', 'container_id'],
};

const ORPHANS_MAX = 1_000;

export async function findOrphans(uow: UnitOfWork, chain: Chain, table: FactTable, say: Say): Promise<void> {
  for (const column of table.columns) {
    const [into, key] = POINTS_TO[column] ?? [];
    if (into === undefined || key === undefined || table.key === null || (into === table.table && key === column))
      continue;
    const rows = await asSealed(uow, (q) =>
      q.query<{ id: number; points: number }>(
        `SELECT t."${table.key}"::bigint AS id, t.${column} AS points FROM "${table.table}" t
          WHERE t.${column} IS NOT NULL AND NOT EXISTS (SELECT FROM "${into}" x WHERE x.${key} = t.${column}) LIMIT ${ORPHANS_MAX}`,
      ),
    );
    if (rows.length === 0) continue;
    const named: Map<number, NamedRow> = await asSealed(uow, (q) =>
      nameRows(
        q,
        table.table,
        table.key!,
        rows.map((r) => r.id),
      ),
    );
    for (const { id, points } of rows) {
      const row = named.get(id);
      say({
        ...none(chain),
        kind: 'orphan',
        table: table.table,
        id: String(id),
        name: row?.name ?? null,
        position: row?.position ?? null,
        recordedAt: row?.recordedAt ?? null,
        actor: row?.actor ?? null,
        message: `${table.table} ${id}${row ? ` (${row.name})` : ''} speaks of ${into} ${points}, which is not there.`,
      });
    }
  }
}
