/** Stock as a list: one row a part of a unit in one state, place and container, as it is now, unsealed facts included. */
import { DomainError, formatTime } from '@/kernel';
import type { Queryable } from '@/platform/db';
import { decodeCursor, encodeCursor, Page, pageSize } from '@/platform/http';
import { jsonValue } from '../attributes';
import type { UnitKind } from '../domain/event-shapes';
import type { HoldingState } from '../domain/holding';
import { UnitRef, unitRef } from '../queries';
import { Conditions, conditionsOf, StockFilter } from './filter';

export const STOCK_SORTS = ['item', 'age', 'expiry', 'quantity'] as const;
type SortKey = (typeof STOCK_SORTS)[number];
/** "-" for descending; what has no such value comes last either way */
export type StockSort = SortKey | `-${SortKey}`;

export interface StockRow {
  /** opaque id of the unit */
  id: string;
  unit: UnitRef;
  kind: UnitKind;
  name: string;
  category: string | null;
  state: HoldingState;
  place: string | null;
  placeName: string | null;
  customer: string | null;
  container: string | null;
  /** null: unknown */
  quantity: { value: string; uom: string } | null;
  made: string | null;
  /** when where it is, or how much of it, last changed */
  moved: string | null;
  expires: string | null;
  expired: boolean;
  supplier: string | null;
  /** open holds */
  holds: number;
  /** in stock, not on hold, not expired */
  free: boolean;
  revision: string | null;
  attributes: Record<string, string | number | boolean>;
}

interface Record_ {
  holding_id: number;
  unit_id: number;
  kind: UnitKind;
  code: string;
  item: string;
  name: string;
  uom: string;
  category: string | null;
  state: HoldingState;
  place: string | null;
  place_name: string | null;
  customer: string | null;
  container: string | null;
  supplier: string | null;
  quantity: string | null;
  made_ms: number | null;
  moved_ms: number | null;
  expires_ms: number | null;
  holds: number;
  attributes: Record<string, { type: string; value: string }> | null;
}

type Cursor = [
  sort: string,
  phase: number,
  key: string | number | null,
  state: string,
  unitId: number,
  holdingId: number,
];

/** One page, `limit` rows (at most 1,000). Throws what `conditionsOf` throws, and BAD_REQUEST for a cursor of another list. */
export async function stockPage(
  q: Queryable,
  filter: StockFilter,
  options: { cursor?: string; limit?: number; sort?: StockSort; now?: number } = {},
): Promise<Page<StockRow>> {
  const now = options.now ?? Date.now();
  const sort = options.sort ?? 'item';
  const size = pageSize(options.limit);
  const cursor = decodeCursor<Cursor>(options.cursor);
  if (cursor && (!Array.isArray(cursor) || cursor[0] !== sort || cursor.length !== 6))
    throw new DomainError('BAD_REQUEST', { reason: 'the cursor is none of this list; start again without it.' });
  if (sort.endsWith('quantity') && filter.items?.length !== 1)
    throw new DomainError('FIELD_INVALID', {
      field: 'sort',
      reason: 'quantities are compared within one item: name the item too.',
    });
  const conditions = await conditionsOf(q, filter, now);
  const rows: (Record_ & { phase: number })[] = [];
  const byItem = sort.endsWith('item');
  // By item: what is left of the cursor's item, then the items after it. Else known values first, then what has none.
  const first = byItem ? (cursor ? 0 : 1) : (cursor?.[1] ?? 0);
  for (let phase = first; phase < 2 && rows.length <= size; phase++) {
    const after = byItem || cursor?.[1] === phase ? cursor : null;
    const part = await readPart(q, conditions, sort, phase, after, size + 1 - rows.length);
    rows.push(...part.map((r) => ({ ...r, phase })));
  }
  const shown = rows.slice(0, size);
  const last = shown.at(-1);
  const key = !last ? null : byItem ? last.item : last[columnOf(sort)];
  return {
    data: shown.map((r) => view(r, now)),
    nextCursor:
      last && rows.length > size
        ? encodeCursor([sort, last.phase, key, last.state, last.unit_id, last.holding_id] satisfies Cursor)
        : null,
  };
}

/** All rows, page by page. */
export async function* stockRows(q: Queryable, filter: StockFilter, sort: StockSort): AsyncGenerator<StockRow> {
  let cursor: string | null = null;
  do {
    const page: Page<StockRow> = await stockPage(q, filter, { sort, limit: 1_000, ...(cursor && { cursor }) });
    yield* page.data;
    cursor = page.nextCursor;
  } while (cursor !== null);
}

function columnOf(sort: StockSort): 'made_ms' | 'expires_ms' | 'quantity' {
  return sort.endsWith('age') ? 'made_ms' : sort.endsWith('expiry') ? 'expires_ms' : 'quantity';
}

/** Rows of one phase after the cursor. By item: 0 the rest of the cursor's item, 1 the items after it. Else: 0 with a value, 1 without. */
async function readPart(
  q: Queryable,
  conditions: Conditions,
  sort: StockSort,
  phase: number,
  cursor: Cursor | null,
  limit: number,
): Promise<Record_[]> {
  const [after, down] = sort.startsWith('-') ? ['<', 'DESC'] : ['>', 'ASC'];
  const params = [...conditions.params];
  const p = (value: unknown): string => `$${params.push(value)}`;
  const where = [...conditions.sql];
  if (sort.endsWith('item')) {
    if (phase === 0 && cursor) {
      const [, , key, state, unitId, holdingId] = cursor;
      where.push(`i.code = ${p(key)}`);
      where.push(`(h.state, h.unit_id, h.holding_id) ${after} (${p(state)}, ${p(unitId)}, ${p(holdingId)})`);
    } else if (cursor) where.push(`i.code ${after} ${p(cursor[2])}`);
    return conditions.selective
      ? read(
          q,
          plain(where, `i.code ${down}, h.state ${down}, h.unit_id ${down}, h.holding_id ${down}`, p(limit)),
          params,
        )
      : read(q, itemByItem(where, down, p(limit)), params);
  }
  const column = columnOf(sort);
  if (phase === 0) {
    where.push(`h.${column} IS NOT NULL`);
    if (cursor) where.push(`(h.${column}, h.holding_id) ${after} (${p(cursor[2])}, ${p(cursor[5])})`);
    return read(q, plain(where, `h.${column} ${down}, h.holding_id ${down}`, p(limit)), params);
  }
  where.push(`h.${column} IS NULL`);
  if (cursor) where.push(`h.holding_id > ${p(cursor[5])}`);
  return read(q, plain(where, 'h.holding_id', p(limit)), params);
}

const FIELDS = 'h.*, i.code AS item, i.name, i.uom, i.category';

function plain(where: readonly string[], order: string, limit: string): string {
  return `SELECT ${FIELDS} FROM holding h JOIN item i USING (item_id) WHERE ${where.join(' AND ')} ORDER BY ${order} LIMIT ${limit}`;
}

/** Items in the order of their codes, and of each no more than the page needs: no sorting of millions. */
function itemByItem(where: readonly string[], down: string, limit: string): string {
  const ofItem = where.filter((w) => !w.includes('h.'));
  const ofHolding = where.filter((w) => w.includes('h.'));
  return `SELECT ${FIELDS}
      FROM (SELECT * FROM item i WHERE ${ofItem.join(' AND ') || 'true'} ORDER BY i.code ${down}) i
     CROSS JOIN LATERAL (SELECT h.* FROM holding h WHERE h.item_id = i.item_id AND ${ofHolding.join(' AND ')}
                          ORDER BY h.state ${down}, h.unit_id ${down}, h.holding_id ${down} LIMIT ${limit}) h
     ORDER BY i.code ${down}, h.state ${down}, h.unit_id ${down}, h.holding_id ${down} LIMIT ${limit}`;
}

/** The names that go with the rows of one page. */
async function read(q: Queryable, page: string, params: readonly unknown[]): Promise<Record_[]> {
  return q.query<Record_>(
    `SELECT h.*, u.code, pl.code AS place, pl.name AS place_name, cu.code AS customer, su.code AS supplier, co.code AS container,
            (SELECT jsonb_object_agg(a.name, jsonb_build_object('type', a.type, 'value', a.value)) FROM unit_attribute a WHERE a.unit_id = h.unit_id) AS attributes
       FROM (SELECT h.*, row_number() OVER () AS n FROM (${page}) h) h
       JOIN unit u ON u.unit_id = h.unit_id
       LEFT JOIN place pl ON pl.place_id = h.place_id
       LEFT JOIN partner cu ON cu.partner_id = h.customer_id
       LEFT JOIN partner su ON su.partner_id = h.supplier_id
       LEFT JOIN container co ON co.container_id = h.container_id
      ORDER BY h.n`,
    [...params],
  );
}

function view(r: Record_, now: number): StockRow {
  const expired = r.expires_ms !== null && r.expires_ms <= now;
  const attributes = Object.fromEntries(
    Object.entries(r.attributes ?? {}).map(([name, a]) => [name, jsonValue(a.type, a.value)]),
  );
  return {
    id: `u${r.unit_id}`,
    unit: unitRef(r.item, r.kind, r.code),
    kind: r.kind,
    name: r.name,
    category: r.category,
    state: r.state,
    place: r.place,
    placeName: r.place_name,
    customer: r.customer,
    container: r.container,
    quantity: r.quantity === null ? null : { value: r.quantity, uom: r.uom },
    made: formatTime(r.made_ms),
    moved: formatTime(r.moved_ms),
    expires: formatTime(r.expires_ms),
    expired,
    supplier: r.supplier,
    holds: r.holds,
    free: r.state === 'in-stock' && r.holds === 0 && !expired,
    revision: r.attributes?.revision?.value ?? null,
    attributes,
  };
}
