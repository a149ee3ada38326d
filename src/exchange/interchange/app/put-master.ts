import { Injectable } from '@nestjs/common';
import type { ErrorCode } from '@/kernel';
import { Context, Database } from '@/platform/db';
import { itemsByCode, PutBoms, PutItems } from '@/reference/catalog';
import { PutPartners } from '@/reference/partners';
import { PutPlaces } from '@/reference/places';
import type { MasterKind } from '../domain/files';
import type { Items } from '../domain/map-events';

/** What came of the rows of one call; an unchanged row counts as there already. */
export interface MasterResult {
  created: number;
  changed: number;
  unchanged: number;
  refused: { index: number; code: ErrorCode; message: string; details: Record<string, unknown> }[];
}

/** Master data through the doors of the reference modules, with what an import needs to know of items. */
@Injectable()
export class PutMaster {
  constructor(
    private readonly db: Database,
    private readonly putItems: PutItems,
    private readonly putPlaces: PutPlaces,
    private readonly putPartners: PutPartners,
    private readonly putBoms: PutBoms,
  ) {}

  /** How these items are tracked, and their base units; unknown ones are left out. */
  items(ctx: Context, codes: readonly string[]): Promise<Items> {
    return itemsByCode(ctx.rehearsal ?? this.db, [...new Set(codes)]);
  }

  /** Creates or replaces by natural key, in one transaction; rows that are wrong are refused one by one. What no column can say stays. */
  async execute(ctx: Context, kind: MasterKind, bodies: readonly Record<string, unknown>[]): Promise<MasterResult> {
    switch (kind) {
      case 'items':
        return this.putItems.execute(ctx, bodies, ['factors', 'attributes']);
      case 'bom':
        return this.putBoms.execute(ctx, bodies);
      case 'places':
        return this.putPlaces.execute(ctx, bodies, ['capacity']);
      case 'partners':
        return this.putPartners.execute(ctx, bodies);
    }
  }
}
