import type { Queryable } from '@/platform/db';
import type { UnitKind } from '../domain/event-shapes';
import { conditionsOf, StockFilter } from './filter';

export interface StockUnit {
  unitId: number;
  item: string;
  kind: UnitKind;
  code: string;
}

/** The units of which the filter leaves some part, in the order of their ids, `limit` at most. */
export async function stockUnits(q: Queryable, filter: StockFilter, limit: number): Promise<StockUnit[]> {
  const { sql, params } = await conditionsOf(q, filter, Date.now());
  return q.query<StockUnit>(
    `SELECT f.unit_id AS "unitId", i.code AS item, u.kind, u.code
       FROM (SELECT DISTINCT h.unit_id FROM holding h JOIN item i USING (item_id) WHERE ${sql.join(' AND ')} ORDER BY h.unit_id LIMIT $${params.length + 1}) f
       JOIN unit u USING (unit_id) JOIN item i USING (item_id) ORDER BY f.unit_id`,
    [...params, limit],
  );
}
