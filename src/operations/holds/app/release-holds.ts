import { Injectable } from '@nestjs/common';
import { DomainError } from '@/kernel';
import { RecordEvents } from '@/ledger';
import { once } from '@/platform/commands';
import { type Context, type Tx, UnitOfWork } from '@/platform/db';
import { type OpenHoldRow, openHolds } from '../queries';

export interface ReleaseInput {
  id: string;
  /** single holds (`h12`) */
  holds?: string[] | undefined;
  /** all open holds of a group */
  group?: string | undefined;
  reason: string;
  at?: string | undefined;
  /** how many holds the screen showed */
  expected?: number | undefined;
}

export interface ReleaseAnswer {
  id: string;
  holds: number;
  units: number;
}

const EVENTS_PER_CALL = 10_000;

/** Takes holds off, each by name: what else holds a unit goes on holding it. */
@Injectable()
export class ReleaseHolds {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly recordEvents: RecordEvents,
  ) {}

  /** Throws HOLD_SCOPE, HOLD_NOT_OPEN, HOLD_SCOPE_CHANGED. */
  execute(ctx: Context, input: ReleaseInput): Promise<ReleaseAnswer> {
    return this.uow.run(ctx, (tx) =>
      once(tx, { id: input.id, verb: 'release', content: input }, async () => {
        if ((input.holds === undefined) === (input.group === undefined)) throw new DomainError('HOLD_SCOPE');
        const open = await openHolds(
          tx,
          input.group === undefined ? { ids: idsOf(input.holds ?? []) } : { group: input.group },
        );
        if (open.length === 0 || (input.holds && open.length < new Set(input.holds).size))
          throw new DomainError('HOLD_NOT_OPEN');
        if (input.expected !== undefined && input.expected !== open.length)
          throw new DomainError('HOLD_SCOPE_CHANGED', { units: open.length, expected: input.expected });
        await this.release(tx, open, { command: input.id, reason: input.reason, at: input.at });
        return { id: input.id, holds: open.length, units: new Set(open.map((hold) => hold.unitId)).size };
      }),
    );
  }

  /** In the transaction of whoever decided so: each hold by its own number, so that nobody else's is taken off with it. */
  async release(
    tx: Tx,
    open: readonly Pick<OpenHoldRow, 'holdId'>[],
    by: { command: string; reason: string; at?: string | undefined },
  ): Promise<void> {
    const at = by.at ?? new Date().toISOString();
    const events = open.map(({ holdId }) => ({
      type: 'release',
      id: `release:${by.command}:h${holdId}`,
      at,
      hold: `h${holdId}`,
      reason: by.reason,
    }));
    for (let from = 0; from < events.length; from += EVENTS_PER_CALL)
      await this.recordEvents.within(tx, events.slice(from, from + EVENTS_PER_CALL));
  }
}

function idsOf(holds: readonly string[]): number[] {
  return holds.map((hold) => {
    const id = /^h(\d{1,15})$/.exec(hold)?.[1];
    if (!id) throw new DomainError('FIELD_INVALID', { field: 'holds', reason: `"${hold}" is no hold; write h12.` });
    return Number(id);
  });
}
