import { Injectable } from '@nestjs/common';
import { DomainError } from '@/kernel';
import { Context, UnitOfWork } from '@/platform/db';
import { itemsByCode } from '@/reference/catalog';
import { placesByCode } from '@/reference/places';
import { putCenter, workCenterByCode } from '../db/work-centers';
import { viewCenters } from '../queries';

export interface WorkCenterInput {
  name: string;
  place?: string;
  takesRuns?: boolean;
  runs?: { item: string; run: string; position?: string }[];
}

/** Creates or replaces a work centre by its code, with the feeders, vessels and lines that belong to it. */
@Injectable()
export class PutWorkCenter {
  constructor(private readonly uow: UnitOfWork) {}

  /** Throws UNKNOWN_PLACE, UNKNOWN_ITEM, UNIT_NOT_TRACKED, FIELD_INVALID. */
  execute(ctx: Context, code: string, input: WorkCenterInput) {
    return this.uow.run(ctx, async (tx) => {
      const place = input.place === undefined ? null : (await placesByCode(tx, [input.place])).get(input.place);
      if (place === undefined) throw new DomainError('UNKNOWN_PLACE', { place: input.place });
      const runs = input.runs ?? [];
      const items = await itemsByCode(tx, [...new Set(runs.map((r) => r.item))]);
      const names = runs.map((r) => `${r.item} ${r.run}`);
      const twice = names.find((name, i) => names.indexOf(name) !== i);
      if (twice !== undefined)
        throw new DomainError('FIELD_INVALID', { field: 'runs', reason: `"${twice}" is there twice.` });
      const rows = runs.map((run) => {
        const item = items.get(run.item);
        if (!item) throw new DomainError('UNKNOWN_ITEM', { item: run.item });
        if (item.tracking === 'none') throw new DomainError('UNIT_NOT_TRACKED', { item: run.item });
        return { itemId: item.itemId, code: run.run, position: run.position ?? null };
      });
      const center = { code, name: input.name, placeId: place?.placeId ?? null, takesRuns: input.takesRuns ?? false };
      await putCenter(tx, center, rows);
      await tx.audit({ action: 'put-work-center', subject: `work-center:${code}`, after: input });
      return (await viewCenters(tx, [await workCenterByCode(tx, code)]))[0]!;
    });
  }
}
