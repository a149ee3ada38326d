import type { AttributeDefinition } from '@/kernel';
import type { Queryable } from '@/platform/db';
import type { AttributeBody } from './domain/attribute';
import type { BomBody, BomLine } from './domain/bom';
import type { ItemBody, Tracking } from './domain/item';
import type { BomView, ItemView } from './http/dto';

export interface Item {
  itemId: number;
  code: string;
  name: string;
  tracking: Tracking;
  uom: string;
  /** 14 digits */
  gtin: string | null;
  category: string | null;
  factors: Record<string, string> | null;
  attributes: Record<string, string | number | boolean> | null;
}

const ITEM = 'item_id AS "itemId", code, name, tracking, uom, gtin, category, factors, attributes';

/**
 * Items by code; unknown codes are left out. With `hold`, tracking and unit of measure stay as they are until the transaction
 * ends: for writers that are about to make units of them.
 */
export async function itemsByCode(
  q: Queryable,
  codes: readonly string[],
  options: { hold?: boolean } = {},
): Promise<Map<string, Item>> {
  const rows = await q.query<Item>(
    `SELECT ${ITEM} FROM item WHERE code = ANY ($1) ORDER BY item_id ${options.hold ? 'FOR KEY SHARE' : ''}`,
    [codes],
  );
  return new Map(rows.map((row) => [row.code, row]));
}

export async function itemsById(q: Queryable, ids: readonly number[]): Promise<Map<number, Item>> {
  const rows = await q.query<Item>(`SELECT ${ITEM} FROM item WHERE item_id = ANY ($1)`, [ids]);
  return new Map(rows.map((row) => [row.itemId, row]));
}

/** Items by GTIN of any length; several items may share one. */
export async function itemsByGtin(q: Queryable, gtins: readonly string[]): Promise<Item[]> {
  return q.query<Item>(`SELECT ${ITEM} FROM item WHERE gtin = ANY ($1) ORDER BY code`, [
    gtins.map((gtin) => gtin.padStart(14, '0')),
  ]);
}

/** Items whose code starts with `text` (escaped for LIKE), or whose name or category holds it, by code. */
export function findItems(q: Queryable, text: string, after: string, limit: number): Promise<Item[]> {
  return q.query<Item>(
    `SELECT ${ITEM} FROM item
     WHERE ($1 = '' OR lower(code) LIKE lower($1) || '%' OR name ILIKE '%' || $1 || '%' OR category ILIKE '%' || $1 || '%')
       AND code > $2
     ORDER BY code LIMIT $3`,
    [text, after, limit],
  );
}

export function bodyOfItem(item: Item): ItemBody {
  return {
    name: item.name,
    tracking: item.tracking,
    uom: item.uom,
    ...(item.gtin && { gtin: item.gtin }),
    ...(item.category && { category: item.category }),
    ...(item.factors && { factors: item.factors }),
    ...(item.attributes && { attributes: item.attributes }),
  };
}

export function viewItem({ code, itemId: _, ...rest }: Item): ItemView {
  return { item: code, ...rest };
}

/** A BOM revision with its effectivity, half-open, in ms UTC; null is open. */
export interface Bom {
  itemId: number;
  item: string;
  revision: string;
  fromMs: number | null;
  untilMs: number | null;
  lines: (BomLine & { componentId: number; tracking: Tracking })[];
}

export interface BomVersionBody extends BomBody {
  fromMs: number | null;
  untilMs: number | null;
}

/** The BOM revisions of items as they were at a ledger position (null: as they are, sealed or not). */
export async function bomsAt(
  q: Queryable,
  itemIds: readonly number[],
  position: number | null,
): Promise<Map<number, Bom[]>> {
  const rows = await q.query<{ item_id: number; body: BomVersionBody }>(
    `SELECT DISTINCT ON (v.key) i.item_id, v.body
     FROM master_version v JOIN item i ON i.code = v.body->>'item'
     WHERE v.kind = 'bom' AND i.item_id = ANY ($1) AND ($2::bigint IS NULL
       OR EXISTS (SELECT FROM ledger_position p WHERE p.batch_id = v.batch_id AND p.position <= $2))
     ORDER BY v.key, v.version_id DESC`,
    [itemIds, position],
  );
  const codes = [...new Set(rows.flatMap((row) => row.body.lines.map((line) => line.component)))];
  const components = await itemsByCode(q, codes);
  const boms = new Map<number, Bom[]>();
  for (const { item_id: itemId, body } of rows) {
    const bom: Bom = {
      itemId,
      item: body.item,
      revision: body.revision,
      fromMs: body.fromMs,
      untilMs: body.untilMs,
      lines: body.lines.flatMap((line) => {
        const component = components.get(line.component);
        return component ? [{ ...line, componentId: component.itemId, tracking: component.tracking }] : [];
      }),
    };
    boms.set(itemId, [...(boms.get(itemId) ?? []), bom]);
  }
  return boms;
}

/** The BOM revisions, as they are now, with a line that names this item as its component or as a substitute. */
export async function bomsNaming(q: Queryable, item: string): Promise<BomVersionBody[]> {
  const rows = await q.query<{ body: BomVersionBody }>(
    `SELECT v.body FROM (
       SELECT DISTINCT key FROM master_version WHERE kind = 'bom' AND (body @> $1::jsonb OR body @> $2::jsonb)) k
     CROSS JOIN LATERAL (
       SELECT body FROM master_version WHERE kind = 'bom' AND key = k.key ORDER BY version_id DESC LIMIT 1) v`,
    [JSON.stringify({ lines: [{ component: item }] }), JSON.stringify({ lines: [{ substitutes: [item] }] })],
  );
  return rows.map((row) => row.body);
}

/** The latest version of each BOM by its key. */
export async function bomBodies(q: Queryable, keys: readonly string[]): Promise<Map<string, BomVersionBody>> {
  const rows = await q.query<{ key: string; body: BomVersionBody }>(
    `SELECT DISTINCT ON (key) key, body FROM master_version WHERE kind = 'bom' AND key = ANY ($1)
     ORDER BY key, version_id DESC`,
    [keys],
  );
  return new Map(rows.map((row) => [row.key, row.body]));
}

/** The BOM revisions of one item as they are now, by revision. */
export async function bomBodiesOfItem(q: Queryable, item: string): Promise<BomVersionBody[]> {
  const rows = await q.query<{ body: BomVersionBody }>(
    `SELECT DISTINCT ON (key) body FROM master_version WHERE kind = 'bom' AND body->>'item' = $1
     ORDER BY key, version_id DESC`,
    [item],
  );
  return rows.map((row) => row.body);
}

export function viewBom(body: BomBody): BomView {
  return {
    item: body.item,
    revision: body.revision,
    lines: body.lines.map((line) => ({
      ...line,
      position: line.position ?? null,
      substitutes: line.substitutes ?? [],
    })),
    effectiveFrom: body.effectiveFrom ?? null,
    effectiveUntil: body.effectiveUntil ?? null,
  };
}

// ------------------------------------------------------------ own attributes

/** The definition of an own attribute, with what people read. */
export interface AttributeRecord extends AttributeDefinition {
  label: string;
  uom: string | null;
}

const ATTRIBUTE = 'name, label, type, choices, uom, applies_to AS "appliesTo", items, category FROM attribute';

export async function attributesByName(q: Queryable, names: readonly string[]): Promise<Map<string, AttributeRecord>> {
  const rows = await q.query<AttributeRecord>(`SELECT ${ATTRIBUTE} WHERE name = ANY ($1)`, [names]);
  return new Map(rows.map((row) => [row.name, row]));
}

/** Definitions whose name starts with `text` (escaped for LIKE), or whose label holds it, by name. */
export function findAttributes(q: Queryable, text: string, after: string, limit: number): Promise<AttributeRecord[]> {
  return q.query<AttributeRecord>(
    `SELECT ${ATTRIBUTE}
     WHERE ($1 = '' OR lower(name) LIKE lower($1) || '%' OR label ILIKE '%' || $1 || '%') AND name > $2 ORDER BY name LIMIT $3`,
    [text, after, limit],
  );
}

export function bodyOfAttribute(a: AttributeRecord): AttributeBody {
  return {
    label: a.label,
    type: a.type,
    ...(a.choices && { values: [...a.choices] }),
    ...(a.uom && { uom: a.uom }),
    appliesTo: a.appliesTo,
    ...(a.items && { items: [...a.items] }),
    ...(a.category && { category: a.category }),
  };
}
