import { Injectable } from '@nestjs/common';
import type { ErrorCode } from '@/kernel';
import { Context, Database } from '@/platform/db';
import { itemsByCode, PutBoms, PutItems } from '@/reference/catalog';
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
    private readonly putBoms: PutBoms,
  ) {}

  /** How these items are tracked, and their base units; unknown ones are left out. */
  items(codes: readonly string[]): Promise<Items> {
    return itemsByCode(this.db, [...new Set(codes)]);
  }

  /** Creates or replaces by natural key, in one transaction; rows that are wrong are refused one by one. */
  async execute(ctx: Context, kind: MasterKind, bodies: readonly Record<string, unknown>[]): Promise<MasterResult> {
    switch (kind) {
      case 'items':
        return this.putItems.execute(ctx, bodies);
      case 'bom':
        return this.putBoms.execute(ctx, bodies);
      default: {
        let created = 0;
        for (const b of bodies)
          created += (
            await this.db.query(
              kind === 'places'
                ? `INSERT INTO place (code, name, kind, time_zone, parent_id) VALUES ($1,$2,$3,$4,(SELECT place_id FROM place WHERE code=$5)) ON CONFLICT DO NOTHING RETURNING 1`
                : `INSERT INTO partner (code, name, kind, email, address) VALUES ($1,$2,$3,$4,$5) ON CONFLICT DO NOTHING RETURNING 1`,
              kind === 'places'
                ? [b.place, b.name, b.kind, b.timeZone, b.parent]
                : [b.partner, b.name, b.kind, b.email, b.address],
            )
          ).length;
        return { created, changed: 0, unchanged: bodies.length - created, refused: [] };
      }
    }
  }
}
