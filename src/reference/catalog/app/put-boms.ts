import { Injectable } from '@nestjs/common';
import { Settings } from '@/platform/config';
import { Context, UnitOfWork } from '@/platform/db';
import { type Change, lastOfEach, lockMaster, nameOf, type PutResult, PutTally, recordVersions } from '../../master';
import { bomKey, type BomBody, checkBom, type Effectivity, itemsOf, readBom, readEffectivity } from '../domain/bom';
import { bomBodies, type BomVersionBody, itemsByCode } from '../queries';

export type BomInput = Readonly<Record<string, unknown>>;

@Injectable()
export class PutBoms {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly settings: Settings,
  ) {}

  /**
   * Creates or replaces BOM revisions by item and revision, in one transaction:
   * `{item, revision, lines: [{component, quantity, uom, position?, substitutes?}], effectiveFrom?, effectiveUntil?}`.
   */
  execute(ctx: Context, rows: readonly BomInput[]): Promise<PutResult> {
    return this.uow.run(ctx, async (tx) => {
      const tally = new PutTally();
      const read = rows.flatMap((row, index) => {
        const key = `${nameOf(row, 'item')}/${nameOf(row, 'revision')}`;
        const bom = tally.attempt(index, key, () => {
          const body = readBom(row);
          return { body, effectivity: readEffectivity(body, this.settings.timeZone) };
        });
        return bom ? [{ index, key: bomKey(bom.body.item, bom.body.revision), ...bom }] : [];
      });
      const wanted = lastOfEach(read);
      tally.result.unchanged += read.length - wanted.length;
      await lockMaster(tx, 'bom');
      const known = await itemsByCode(tx, [...new Set(wanted.flatMap((row) => itemsOf(row.body)))]);
      const existing = await bomBodies(
        tx,
        wanted.map((row) => row.key),
      );
      const changes: Change<BomBody & Effectivity>[] = [];
      for (const { index, key, body, effectivity } of wanted) {
        const before = existing.get(key) ?? null;
        const allowed = tally.attempt(index, key, () => {
          checkBom(body, known);
          return true;
        });
        // What was typed decides whether a row changes anything: the instants of its dates stay as they were recorded.
        if (allowed && tally.differs({ index, key, before: before && typed(before), after: body }))
          changes.push({ index, key, before, after: { ...body, ...effectivity } });
      }
      await recordVersions(tx, 'bom', changes);
      return tally.result;
    });
  }
}

function typed({ fromMs: _from, untilMs: _until, ...body }: BomVersionBody): BomBody {
  return body;
}
