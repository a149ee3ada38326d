import { Injectable } from '@nestjs/common';
import { Settings } from '@/platform/config';
import { Database } from '@/platform/db';
import { countsByItem, type ItemCount } from '../queries';
import { findScope, type HoldScope } from './scope';

export interface HoldPreview {
  units: number;
  /** of them: on hold already, for whatever reason */
  held: number;
  /** names that nothing has recorded yet: held from the moment they come */
  unknown: string[];
  items: ItemCount[];
}

const UNKNOWN_SHOWN = 100;

/** What a hold would bind, before it is placed. */
@Injectable()
export class PreviewHold {
  constructor(
    private readonly database: Database,
    private readonly settings: Settings,
  ) {}

  async execute(scope: HoldScope): Promise<HoldPreview> {
    const { units } = await findScope(this.database, scope, this.settings);
    const known = units.flatMap((unit) => (unit.unitId === null ? [] : [unit.unitId]));
    const unknown = units.filter((unit) => unit.unitId === null);
    const items = await countsByItem(this.database, known);
    return {
      units: units.length,
      held: items.reduce((sum, item) => sum + item.held, 0),
      unknown: unknown.slice(0, UNKNOWN_SHOWN).map(({ name }) => `${name.item} ${name.code}`),
      items,
    };
  }
}
