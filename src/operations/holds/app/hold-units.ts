import { Injectable } from '@nestjs/common';
import { DomainError } from '@/kernel';
import { RecordEvents } from '@/ledger';
import { Settings } from '@/platform/config';
import { once } from '@/platform/commands';
import { type Context, type Tx, UnitOfWork } from '@/platform/db';
import { groupKey, reasonText } from '../queries';
import { findScope, type HoldScope, type ScopeUnit } from './scope';

export interface HoldInput extends HoldScope {
  id: string;
  reason?: string | undefined;
  reasonCode?: string | undefined;
  ref?: string | undefined;
  owner?: string | undefined;
  note?: string | undefined;
  at?: string | undefined;
  /** the number of units that the preview showed */
  expected?: number | undefined;
}

export interface HoldAnswer {
  id: string;
  /** the group that the holds are in: `GET /holds/{group}` */
  group: string;
  reason: string;
  ref: string;
  owner: string;
  units: number;
}

export interface ListedHold {
  reason: string;
  /** what the holds are for: the key of a case */
  ref: string;
  /** whom to ask about them */
  owner: string;
  at: string;
}

/** As many as one event may name (event-shapes). More are several events with one reference. */
const UNITS_PER_EVENT = 20_000;
/** What was asked for is kept to be read; of a long list its beginning. The holds themselves are all facts. */
const SCOPE_UNITS_KEPT = 100;

/** Puts units on hold: one more reason each why they must not move on. Never refused for what state they are in. */
@Injectable()
export class HoldUnits {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly recordEvents: RecordEvents,
    private readonly settings: Settings,
  ) {}

  execute(ctx: Context, input: HoldInput): Promise<HoldAnswer> {
    return this.uow.run(ctx, (tx) => this.within(tx, input));
  }

  /**
   * In a transaction of others: a return that comes back on hold. Throws HOLD_SCOPE, HOLD_SCOPE_EMPTY, HOLD_SCOPE_CHANGED,
   * HOLD_TOO_MANY, UNKNOWN_ITEM, UNIT_UNKNOWN.
   */
  within(tx: Tx, input: HoldInput): Promise<HoldAnswer> {
    return once(tx, { id: input.id, verb: 'hold', content: input }, async () => {
      const { units, container } = await findScope(tx, input, this.settings);
      if (input.expected !== undefined && units.length !== input.expected)
        throw new DomainError('HOLD_SCOPE_CHANGED', { units: units.length, expected: input.expected });
      if (units.length === 0) throw new DomainError('HOLD_SCOPE_EMPTY');
      const reason = input.reason ?? (await reasonText(tx, input.reasonCode));
      const { ref, owner } = await this.place(tx, input, reason, units.length);
      const at = input.at ?? new Date().toISOString();
      const event = { type: 'hold', at, reason, ref, ...(input.note !== undefined && { note: input.note }) };
      if (container !== undefined)
        await this.recordEvents.within(tx, [{ ...event, id: `hold:${input.id}`, container }]);
      for (let from = 0; container === undefined && from < units.length; from += UNITS_PER_EVENT) {
        const part = units.slice(from, from + UNITS_PER_EVENT);
        const id = from === 0 ? `hold:${input.id}` : `hold:${input.id}:${from / UNITS_PER_EVENT}`;
        await this.recordEvents.within(tx, [{ ...event, id, units: part.map(({ name }) => namedSo(name)) }]);
      }
      return { id: input.id, group: groupKey(reason, ref), reason, ref, owner, units: units.length };
    });
  }

  /**
   * Holds units that the caller has found, batch by batch (at most 20,000 each), in the caller's transaction, under one reason and
   * reference. Each unit is named once; gives how many there were.
   */
  async listed(
    tx: Tx,
    { reason, ref, owner, at }: ListedHold,
    batches: AsyncIterable<readonly ScopeUnit['name'][]>,
  ): Promise<number> {
    let units = 0;
    for await (const batch of batches) {
      await this.recordEvents.within(tx, [{ type: 'hold', at, reason, ref, units: batch.map(namedSo) }]);
      units += batch.length;
    }
    if (units > 0) await this.place(tx, { id: ref, ref, owner }, reason, units);
    return units;
  }

  /** Whom to ask about it. Without a reference of the plant's own, the holds of one command are known by its number. */
  private async place(
    tx: Tx,
    input: HoldInput,
    reason: string,
    units: number,
  ): Promise<{ ref: string; owner: string }> {
    const { units: named, container, place, query } = input;
    const scope = { container, place, query, units: named?.slice(0, SCOPE_UNITS_KEPT) };
    const owner = input.owner ?? tx.ctx.actor.replace(/^(user|key):/, '');
    const [row] = await tx.query<{ ref: string }>(
      `WITH next AS (SELECT nextval(pg_get_serial_sequence('hold_placing', 'hold_placing_id'))::int AS id)
       INSERT INTO hold_placing (hold_placing_id, reason_code, reason, ref, owner, note, scope, units, placed_by)
       SELECT id, $1, $2, coalesce($3, 'H' || id), $4, $5, $6, $7, $8 FROM next RETURNING ref`,
      [input.reasonCode, reason, input.ref, owner, input.note, JSON.stringify(scope), units, tx.ctx.actor],
    );
    return { ref: row!.ref, owner };
  }
}

const namedSo = ({ item, kind, code }: ScopeUnit['name']) => ({ item, [kind]: code });
