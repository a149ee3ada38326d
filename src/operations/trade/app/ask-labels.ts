import { Injectable } from '@nestjs/common';
import { DomainError } from '@/kernel';
import { identities } from '@/ledger';
import { once } from '@/platform/commands';
import { Context, UnitOfWork } from '@/platform/db';
import { insertLabelRequests } from '../db/receipts';

export interface AskLabelsInput {
  id: string;
  units: string[];
  copies?: number;
  template?: string;
}

/** Asks for labels of units that are there already: one that was torn, or a pallet that is sorted anew. */
@Injectable()
export class AskLabels {
  constructor(private readonly uow: UnitOfWork) {}

  /** Throws NOT_FOUND (a unit), COMMAND_ID_REUSED. A unit that is named twice is asked for once. */
  execute(ctx: Context, input: AskLabelsInput): Promise<{ units: number; copies: number }> {
    const { id, ...content } = input;
    return this.uow.run(ctx, (tx) =>
      once(tx, { id, verb: 'ask-labels', content }, async () => {
        const ids = [...new Set(input.units)].map((unit) => Number(unit.slice(1)));
        const known = await identities(tx, ids);
        const missing = ids.find((unitId) => !known.has(unitId));
        if (missing !== undefined) throw new DomainError('NOT_FOUND', { what: 'unit', key: `u${missing}` });
        const copies = input.copies ?? 1;
        await insertLabelRequests(
          tx,
          null,
          ids.map((unitId) => ({ unitId, template: input.template ?? null, copies })),
        );
        return { units: ids.length, copies };
      }),
    );
  }
}
