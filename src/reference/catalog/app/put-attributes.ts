import { Injectable } from '@nestjs/common';
import { DomainError } from '@/kernel';
import { Context, Tx, UnitOfWork } from '@/platform/db';
import { type Change, lockMaster, type PutResult, PutTally, readEach, recordVersions } from '../../master';
import { type AttributeBody, readAttribute } from '../domain/attribute';
import { attributesByName, bodyOfAttribute, itemsByCode } from '../queries';

@Injectable()
export class PutAttributes {
  constructor(private readonly uow: UnitOfWork) {}

  /**
   * Creates or replaces definitions of own attributes by name, in one transaction. What was recorded before stays as it was
   * recorded: a definition judges what comes after it.
   */
  execute(ctx: Context, rows: readonly Readonly<Record<string, unknown>>[]): Promise<PutResult> {
    return this.uow.run(ctx, async (tx) => {
      const tally = new PutTally();
      const wanted = readEach(tally, rows, 'name', (row) => {
        const { name, body } = readAttribute(row);
        return { code: name, body };
      });
      await lockMaster(tx, 'attribute');
      const known = await itemsByCode(tx, [...new Set(wanted.flatMap((w) => w.after.items ?? []))]);
      const existing = await attributesByName(
        tx,
        wanted.map((w) => w.key),
      );
      const changes: Change<AttributeBody>[] = [];
      for (const row of wanted) {
        const before = existing.get(row.key);
        const change = { ...row, before: before ? bodyOfAttribute(before) : null };
        const allowed = tally.attempt(row.index, row.key, () => {
          const missing = row.after.items?.find((code) => !known.has(code));
          if (missing !== undefined) throw new DomainError('UNKNOWN_ITEM', { item: missing });
          return true;
        });
        if (allowed && tally.differs(change)) changes.push(change);
      }
      await this.write(tx, changes);
      await recordVersions(tx, 'attribute', changes);
      return tally.result;
    });
  }

  private async write(tx: Tx, changes: Change<AttributeBody>[]): Promise<void> {
    if (changes.length === 0) return;
    await tx.query(
      `INSERT INTO attribute (name, label, type, choices, uom, applies_to, items, category)
       SELECT r.name, r.label, r.type, r.values, r.uom, r."appliesTo", r.items, r.category
       FROM jsonb_to_recordset($1::jsonb)
         AS r(name text, label text, type text, "values" jsonb, uom text, "appliesTo" text, items jsonb, category text)
       ON CONFLICT (name) DO UPDATE SET label = excluded.label, type = excluded.type, choices = excluded.choices,
         uom = excluded.uom, applies_to = excluded.applies_to, items = excluded.items, category = excluded.category`,
      [JSON.stringify(changes.map(({ key, after }) => ({ name: key, ...after })))],
    );
  }
}
