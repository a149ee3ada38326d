/** What a list of stock is narrowed to: from the words of a request to conditions on `holding h` and `item i`. */
import { DomainError } from '@/kernel';
import type { Queryable } from '@/platform/db';
import { escapeLike } from '@/platform/db';
import type { UnitKind } from '../domain/event-shapes';
import type { HoldingState } from '../domain/holding';

export const IN_HOUSE: readonly HoldingState[] = ['in-stock', 'in-work', 'returned'];

export type Operator = '=' | '!=' | '<' | '<=' | '>' | '>=' | 'has' | 'lacks';

/** A condition on one of a unit's own attributes; where the unit says nothing, its item's attribute of that name counts. */
export interface AttributeFilter {
  name: string;
  operator: Operator;
  value: string;
}

export interface StockFilter {
  /** item codes */
  items?: readonly string[];
  category?: string;
  /** the start of a unit's code */
  unit?: string;
  kinds?: readonly UnitKind[];
  /** place code: it and all places below it */
  place?: string;
  /** default: what is in house; of a customer: what was shipped; `any`: whatever it is */
  states?: readonly HoldingState[] | 'any';
  held?: boolean;
  /** in stock, not on hold, not expired */
  free?: boolean;
  /** ms UTC */
  expiresBefore?: number;
  madeBefore?: number;
  madeFrom?: number;
  /** partner codes; '' for units without a supplier */
  supplier?: string;
  customer?: string;
  /** container code */
  container?: string;
  attributes?: readonly AttributeFilter[];
  /** the start of a unit's code or another name of it, or of an item's code, or a part of an item's name */
  q?: string;
}

/** Conditions with their parameters, to be joined with AND; `selective`: one of them leaves few rows. */
export interface Conditions {
  sql: string[];
  params: unknown[];
  selective: boolean;
}

/** Above this many places a subtree is most of the plant: walking items in order is then faster than sorting what lies there. */
const PLACES_SELECTIVE_MAX = 200;
/** Up to this many units that a text finds are looked up by their ids; more are joined. */
const FOUND_MAX = 1_000;

/** Throws UNKNOWN_ITEM, UNKNOWN_PLACE, UNKNOWN_PARTNER, NOT_FOUND (container), FIELD_INVALID. `now`: ms UTC. */
export async function conditionsOf(q: Queryable, filter: StockFilter, now: number): Promise<Conditions> {
  const sql: string[] = [];
  const params: unknown[] = [];
  let selective = false;
  const add = (condition: (parameter: string) => string, value: unknown, few = false): void => {
    params.push(value);
    sql.push(condition(`$${params.length}`));
    selective ||= few;
  };

  if (filter.items) add((p) => `h.item_id = ANY (${p}::int[])`, await itemIds(q, filter.items));
  if (filter.category !== undefined) add((p) => `i.category = ${p}`, filter.category);
  add((p) => `h.kind = ANY (${p})`, filter.kinds ?? ['serial', 'lot']);
  const states = filter.free
    ? ['in-stock']
    : (filter.states ?? (filter.customer === undefined ? IN_HOUSE : ['shipped']));
  if (states !== 'any') add((p) => `h.state = ANY (${p})`, states);
  if (filter.place !== undefined) {
    const places = await placesBelow(q, filter.place);
    add((p) => `h.place_id = ANY (${p}::int[])`, places, places.length <= PLACES_SELECTIVE_MAX);
  }
  if (filter.customer !== undefined) add((p) => `h.customer_id = ${p}`, await partnerId(q, filter.customer), true);
  if (filter.supplier === '') sql.push('h.supplier_id IS NULL');
  else if (filter.supplier !== undefined) add((p) => `h.supplier_id = ${p}`, await partnerId(q, filter.supplier), true);
  if (filter.container !== undefined) add((p) => `h.container_id = ${p}`, await containerId(q, filter.container), true);
  if (filter.held === true) {
    sql.push('h.holds > 0');
    selective = true;
  }
  if (filter.held === false || filter.free) sql.push('h.holds = 0');
  if (filter.free) add((p) => `(h.expires_ms IS NULL OR h.expires_ms > ${p})`, now);
  if (filter.expiresBefore !== undefined) add((p) => `h.expires_ms < ${p}`, filter.expiresBefore);
  if (filter.madeBefore !== undefined) add((p) => `h.made_ms < ${p}`, filter.madeBefore);
  if (filter.madeFrom !== undefined) add((p) => `h.made_ms >= ${p}`, filter.madeFrom);
  if (filter.unit !== undefined)
    add(
      (p) => `h.unit_id IN (SELECT u.unit_id FROM unit u WHERE lower(u.code) LIKE lower(${p}) || '%')`,
      escapeLike(filter.unit),
      true,
    );
  if (filter.q !== undefined && filter.q.trim() !== '') {
    const text = escapeLike(filter.q);
    const found = await unitsNamed(q, text);
    const p = `$${params.push(await itemsNamed(q, text))}::int[]`;
    if (found.length <= FOUND_MAX)
      add((units) => `(h.unit_id = ANY (${units}::int[]) OR h.item_id = ANY (${p}))`, found, true);
    else
      add(
        (t) => `h.unit_id IN (${UNITS_NAMED(t)} UNION SELECT unit_id FROM unit WHERE item_id = ANY (${p}))`,
        text,
        true,
      );
  }
  for (const [n, attribute] of (filter.attributes ?? []).entries()) {
    const { operator } = attribute;
    const indexed = n === 0 && operator !== '!=' && operator !== 'lacks' && !(await onItems(q, attribute.name));
    params.push(attribute.name, attribute.value);
    const [name, value] = [`$${params.length - 1}`, `$${params.length}`];
    const fits = comparison(attribute, value);
    if (indexed) {
      // The first one leads: units are found by name and value.
      sql.push(`h.unit_id IN (SELECT a.unit_id FROM unit_attribute a WHERE a.name = ${name} AND ${fits('a')})`);
      selective = true;
    } else {
      const own = `SELECT FROM unit_attribute a WHERE a.unit_id = h.unit_id AND a.name = ${name}`;
      const ofItem = `SELECT FROM (SELECT i.attributes ->> ${name} AS value, CASE WHEN jsonb_typeof(i.attributes -> ${name}) = 'number' THEN (i.attributes ->> ${name})::numeric END AS number_value) a WHERE a.value IS NOT NULL`;
      const some = `(EXISTS (${own} AND ${fits('a')}) OR (NOT EXISTS (${own}) AND EXISTS (${ofItem} AND ${fits('a')})))`;
      sql.push(operator === '!=' || operator === 'lacks' ? `NOT ${some}` : some);
    }
  }
  return { sql, params, selective };
}

const NUMBER = /^-?\d{1,27}(\.\d{1,27})?$/;
const DATE = /^\d{4}-\d\d-\d\d$/;

/** How a value is compared: numbers as numbers, dates as dates, texts for being equal whatever their case. */
function comparison({ name, operator, value }: AttributeFilter, parameter: string): (table: string) => string {
  if (operator === 'has' || operator === 'lacks') return () => `${parameter}::text IS NOT NULL`;
  const number = NUMBER.test(value);
  const equal = (a: string) =>
    `(lower(left(${a}.value, 200)) = lower(left(${parameter}, 200)) AND lower(${a}.value) = lower(${parameter})${number ? ` OR ${a}.number_value = ${parameter}::numeric` : ''})`;
  if (operator === '=' || operator === '!=') return equal;
  if (number) return (a) => `${a}.number_value ${operator} (${parameter}::text)::numeric`;
  if (DATE.test(value)) return (a) => `(${a}.value ~ '^\\d{4}-\\d\\d-\\d\\d$' AND ${a}.value ${operator} ${parameter})`;
  throw new DomainError('FIELD_INVALID', {
    field: `attr.${name}`,
    reason: `"${operator}" compares numbers and dates; "${value}" is neither.`,
  });
}

// ------------------------------------------------------------ names to ids

async function itemIds(q: Queryable, codes: readonly string[]): Promise<number[]> {
  const rows = await q.query<{ item_id: number; code: string }>(
    `SELECT item_id, code FROM item WHERE code = ANY ($1)`,
    [codes],
  );
  const missing = codes.find((code) => !rows.some((r) => r.code === code));
  if (missing !== undefined) throw new DomainError('UNKNOWN_ITEM', { item: missing });
  return rows.map((r) => r.item_id);
}

/** A place and all places below it. */
export async function placesBelow(q: Queryable, code: string): Promise<number[]> {
  const rows = await q.query<{ place_id: number }>(
    `WITH RECURSIVE below AS (
       SELECT place_id FROM place WHERE code = $1
       UNION SELECT p.place_id FROM below JOIN place p ON p.parent_id = below.place_id)
     SELECT place_id FROM below`,
    [code],
  );
  if (rows.length === 0) throw new DomainError('UNKNOWN_PLACE', { place: code });
  return rows.map((r) => r.place_id);
}

async function partnerId(q: Queryable, code: string): Promise<number> {
  const [row] = await q.query<{ partner_id: number }>(`SELECT partner_id FROM partner WHERE code = $1`, [code]);
  if (!row) throw new DomainError('UNKNOWN_PARTNER', { partner: code });
  return row.partner_id;
}

async function containerId(q: Queryable, code: string): Promise<number> {
  const [row] = await q.query<{ container_id: number }>(`SELECT container_id FROM container WHERE code = $1`, [code]);
  if (!row) throw new DomainError('NOT_FOUND', { what: 'container', key: code });
  return row.container_id;
}

const UNITS_NAMED = (text: string) => `SELECT unit_id FROM unit WHERE lower(code) LIKE lower(${text}) || '%'
  UNION SELECT unit_id FROM unit_alias a WHERE lower(alias) LIKE lower(${text}) || '%'
    AND NOT EXISTS (SELECT 1 FROM event_void v WHERE v.event_id = a.event_id)`;

/** Units by the start of their code or of another name: one more than are looked up by their ids, where there are more. */
async function unitsNamed(q: Queryable, text: string): Promise<number[]> {
  const rows = await q.query<{ unit_id: number }>(`SELECT unit_id FROM (${UNITS_NAMED('$1')}) u LIMIT $2`, [
    text,
    FOUND_MAX + 1,
  ]);
  return rows.map((r) => r.unit_id);
}

async function itemsNamed(q: Queryable, text: string): Promise<number[]> {
  const rows = await q.query<{ item_id: number }>(
    `SELECT item_id FROM item WHERE lower(code) LIKE lower($1) || '%' OR name ILIKE '%' || $1 || '%'`,
    [text],
  );
  return rows.map((r) => r.item_id);
}

async function onItems(q: Queryable, name: string): Promise<boolean> {
  const [row] = await q.query<{ some: boolean }>(
    `SELECT EXISTS (SELECT FROM item WHERE attributes IS NOT NULL AND jsonb_exists(attributes, $1)) AS some`,
    [name],
  );
  return row!.some;
}
