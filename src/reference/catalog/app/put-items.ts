import { Injectable } from '@nestjs/common';
import { type AttributeDefinition, DomainError, typedValue } from '@/kernel';
import { Context, Tx, UnitOfWork } from '@/platform/db';
import { type Change, keeping, lockMaster, type PutResult, PutTally, readEach, recordVersions } from '../../master';
import { type ItemBody, readItem } from '../domain/item';
import { attributesByName, bodyOfItem, type Item } from '../queries';

export type ItemInput = Readonly<Record<string, unknown>>;

@Injectable()
export class PutItems {
  constructor(private readonly uow: UnitOfWork) {}

  /**
   * Creates or replaces items by code, in one transaction: `{item, name, tracking, uom, gtin?, category?, factors?}`.
   * Rows that are wrong are refused one by one; of several rows with one code the last counts. `keep`: fields that these rows
   * cannot name, and that stay as they are.
   */
  execute(ctx: Context, rows: readonly ItemInput[], keep: readonly (keyof ItemBody)[] = []): Promise<PutResult> {
    return this.uow.run(ctx, async (tx) => {
      const tally = new PutTally();
      const wanted = readEach(tally, rows, 'item', readItem);
      await lockMaster(tx, 'item');
      const existing = await this.lockExisting(
        tx,
        wanted.map((row) => row.key),
      );
      const fixed = await this.inUse(tx, existing, wanted);
      const definitions = await attributesByName(tx, [
        ...new Set(wanted.flatMap((row) => Object.keys(row.after.attributes ?? {}))),
      ]);
      const changes: Change<ItemBody>[] = [];
      for (const row of wanted) {
        const item = existing.get(row.key);
        const before = item ? bodyOfItem(item) : null;
        const change = { ...row, before, after: keeping(row.after, before, keep) };
        const allowed = tally.attempt(row.index, row.key, () => {
          checkAttributes(row.key, row.after, definitions);
          if (change.before && fixed.has(row.key)) refuseFixed(row.key, change.before, row.after);
          return true;
        });
        if (allowed && tally.differs(change)) changes.push(change);
      }
      await this.write(tx, changes);
      await recordVersions(tx, 'item', changes);
      return tally.result;
    });
  }

  /** FOR UPDATE waits for those that are making units of an item right now (itemsByCode with `hold`). */
  private async lockExisting(tx: Tx, codes: string[]): Promise<Map<string, Item>> {
    const rows = await tx.query<Item>(
      `SELECT item_id AS "itemId", code, name, tracking, uom, gtin, category, factors, attributes FROM item
       WHERE code = ANY ($1) ORDER BY item_id FOR UPDATE`,
      [codes],
    );
    return new Map(rows.map((row) => [row.code, row]));
  }

  /** Codes of those items that have units, among those whose tracking or unit of measure is to change. */
  private async inUse(
    tx: Tx,
    existing: Map<string, Item>,
    wanted: { key: string; after: ItemBody }[],
  ): Promise<Set<string>> {
    const suspects = wanted.flatMap(({ key, after }) => {
      const item = existing.get(key);
      return item && (item.tracking !== after.tracking || item.uom !== after.uom) ? [item.itemId] : [];
    });
    if (suspects.length === 0) return new Set();
    const rows = await tx.query<{ code: string }>(
      `SELECT i.code FROM item i WHERE i.item_id = ANY ($1) AND EXISTS (SELECT FROM unit u WHERE u.item_id = i.item_id)`,
      [suspects],
    );
    return new Set(rows.map((row) => row.code));
  }

  private async write(tx: Tx, changes: Change<ItemBody>[]): Promise<void> {
    if (changes.length === 0) return;
    await tx.query(
      `INSERT INTO item (code, name, tracking, uom, gtin, category, factors, attributes)
       SELECT r.code, r.name, r.tracking, r.uom, r.gtin, r.category, r.factors, r.attributes
       FROM jsonb_to_recordset($1::jsonb)
         AS r(code text, name text, tracking text, uom text, gtin text, category text, factors jsonb, attributes jsonb)
       ON CONFLICT (code) DO UPDATE SET name = excluded.name, tracking = excluded.tracking, uom = excluded.uom,
         gtin = excluded.gtin, category = excluded.category, factors = excluded.factors, attributes = excluded.attributes`,
      [JSON.stringify(changes.map(({ key, after }) => ({ code: key, ...after })))],
    );
  }
}

/** Throws ATTRIBUTE_TYPE where a value does not fit its definition. */
function checkAttributes(
  item: string,
  { attributes, category }: ItemBody,
  definitions: ReadonlyMap<string, AttributeDefinition>,
): void {
  for (const [name, value] of Object.entries(attributes ?? {}))
    typedValue(name, value, definitions.get(name), { what: 'item', item, category: category ?? null });
}

function refuseFixed(item: string, before: ItemBody, after: ItemBody): void {
  for (const field of ['tracking', 'uom'] as const)
    if (before[field] !== after[field]) throw new DomainError('ITEM_IN_USE', { item, field });
}
