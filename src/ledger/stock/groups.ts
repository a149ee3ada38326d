/** Stock by a shared trait: how many units and how much of them have it, so that a group can be chosen and acted on. */
import { DomainError } from '@/kernel';
import type { Queryable } from '@/platform/db';
import { conditionsOf, StockFilter } from './filter';

const TRAITS = ['supplier', 'revision', 'madeOn', 'place', 'item', 'state'] as const;
export type StockTrait = (typeof TRAITS)[number] | `attr.${string}`;

export interface StockGroup {
  /** the value that they share: what the filter of the same name takes; null: they have none */
  key: string | null;
  name: string | null;
  units: number;
  /** of them, units with open holds */
  held: number;
  /** known quantities by unit of measure; `unknown` says that some are not known */
  quantities: { value: string; uom: string; unknown: boolean }[];
}

export const STOCK_GROUPS_MAX = 1_000;

/** The largest groups first, at most 1,000; `more` says that there are others. `zone`: whose days `madeOn` means. */
export async function stockGroups(
  q: Queryable,
  filter: StockFilter,
  by: StockTrait,
  options: { zone: string; now?: number },
): Promise<{ data: StockGroup[]; more: boolean }> {
  const conditions = await conditionsOf(q, filter, options.now ?? Date.now());
  const { params } = conditions;
  const { key, name, join } = traitOf(by, options.zone, (value) => `$${params.push(value)}`);
  const limit = `$${params.push(STOCK_GROUPS_MAX + 1)}`;
  const rows = await q.query<{
    key: string | null;
    name: string | null;
    units: number;
    held: number;
    quantities: StockGroup['quantities'];
  }>(
    `WITH parts AS (
       SELECT ${key} AS key, ${name} AS name, i.uom, h.unit_id, h.holds, h.quantity
         FROM holding h JOIN item i USING (item_id) ${join} WHERE ${conditions.sql.join(' AND ')}),
     counted AS (SELECT key, max(name) AS name, count(DISTINCT unit_id)::int AS units, count(DISTINCT unit_id) FILTER (WHERE holds > 0)::int AS held FROM parts GROUP BY key),
     measured AS (SELECT key, uom, trim_scale(coalesce(sum(quantity), 0))::text AS value, bool_or(quantity IS NULL) AS unknown FROM parts GROUP BY key, uom)
     SELECT c.key, c.name, c.units, c.held,
            (SELECT jsonb_agg(jsonb_build_object('value', m.value, 'uom', m.uom, 'unknown', m.unknown) ORDER BY m.uom) FROM measured m WHERE m.key IS NOT DISTINCT FROM c.key) AS quantities
       FROM counted c ORDER BY c.units DESC, c.key LIMIT ${limit}`,
    params,
  );
  return { data: rows.slice(0, STOCK_GROUPS_MAX), more: rows.length > STOCK_GROUPS_MAX };
}

function traitOf(by: string, zone: string, p: (value: unknown) => string): { key: string; name: string; join: string } {
  const attribute = by === 'revision' ? 'revision' : by.startsWith('attr.') ? by.slice('attr.'.length) : undefined;
  if (attribute !== undefined && attribute !== '')
    return {
      key: 'a.value',
      name: 'NULL::text',
      join: `LEFT JOIN unit_attribute a ON a.unit_id = h.unit_id AND a.name = ${p(attribute)}`,
    };
  switch (by) {
    case 'supplier':
      return { key: 'pa.code', name: 'pa.name', join: 'LEFT JOIN partner pa ON pa.partner_id = h.supplier_id' };
    case 'place':
      return { key: 'pl.code', name: 'pl.name', join: 'LEFT JOIN place pl ON pl.place_id = h.place_id' };
    case 'item':
      return { key: 'i.code', name: 'i.name', join: '' };
    case 'state':
      return { key: 'h.state', name: 'NULL::text', join: '' };
    case 'madeOn':
      return {
        key: `to_char(to_timestamp(h.made_ms / 1000.0) AT TIME ZONE ${p(zone)}, 'YYYY-MM-DD')`,
        name: 'NULL::text',
        join: '',
      };
    default:
      throw new DomainError('FIELD_INVALID', {
        field: 'by',
        reason: `use ${TRAITS.join(', ')} or attr.<name>.`,
      });
  }
}
