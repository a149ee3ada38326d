import { Injectable } from '@nestjs/common';
import { DomainError, toBase } from '@/kernel';
import { once } from '@/platform/commands';
import { Context, Tx, UnitOfWork } from '@/platform/db';
import { itemsById } from '@/reference/catalog';
import { lockOrder } from '../db/order-lock';
import { orderNamed, orderParts } from '../db/orders';
import { insertPick, insertPickLines, reservedFor } from '../db/picks';
import { placeOf } from '../db/reference';
import { candidatesOf, lockUnits, placesBelow, stockOfItems } from '../db/stock';
import { partnerTerms } from '../db/terms';
import { unitIds } from '../db/receipts';
import { type Candidate, type Missing, propose, type Proposal, type Unfit, type WantedLine } from '../domain/allocate';
import type { Order, OrderLine, Strategy } from '../domain/order';
import { progressOf } from '../domain/progress';
import { pickById, type PickView } from '../queries/picks';

export interface PickLineInput {
  line: string;
  /** less than what is open */
  quantity?: { value: string; uom: string };
  /** these and no others */
  serials?: string[];
  lot?: string;
}

export interface StartPickInput {
  id: string;
  salesOrder: string;
  /** all open lines unless some are named */
  lines?: PickLineInput[];
  strategy?: Strategy;
  /** days left that the customer asks for */
  lifeDaysMin?: number;
  /** only from below this place */
  from?: string;
  /** where what is picked is brought */
  to?: string;
  note?: string;
}

const DAY_MS = 86_400_000;
/** A proposal that somebody else was quicker to take is made anew so often. */
const TRIES_MAX = 5;

/** Proposes what to fetch for a sales order and keeps it back. */
@Injectable()
export class StartPick {
  constructor(private readonly uow: UnitOfWork) {}

  /** Throws NOT_FOUND, ORDER_CLOSED, NOTHING_TO_PICK. What cannot be found is in the answer (`missing`). */
  execute(ctx: Context, input: StartPickInput): Promise<PickView> {
    return this.uow.run(ctx, (tx) =>
      once(tx, { id: input.id, verb: 'start-pick', content: input }, () => this.start(tx, input)),
    );
  }

  private async start(tx: Tx, input: StartPickInput): Promise<PickView> {
    await lockOrder(tx, 'sales', input.salesOrder);
    const order = await orderNamed(tx, 'sales', input.salesOrder);
    const terms = await partnerTerms(tx, order.partnerId);
    const strategy = input.strategy ?? terms.strategy ?? 'fefo';
    const lifeDaysMin = input.lifeDaysMin ?? terms.lifeDaysMin ?? 0;
    const wanted = await this.wanted(tx, order, input, { strategy, lifeDaysMin });
    if (wanted.length === 0)
      throw new DomainError('NOTHING_TO_PICK', {
        number: order.number,
        reason: order.closed === null ? 'all of it is shipped or kept back already.' : `it is closed: ${order.closed}.`,
      });
    const from = input.from === undefined ? null : await placeOf(tx, input.from);
    const to = input.to === undefined ? null : await placeOf(tx, input.to);
    const below = from && (await placesBelow(tx, from.placeId));
    const { proposals, missing } = await keepBack(tx, wanted, below);
    if (proposals.length === 0)
      throw new DomainError('NOTHING_TO_PICK', {
        number: order.number,
        reason: sentence(missing),
        missing: missing.length,
      });
    const pickId = await insertPick(tx, {
      salesOrder: order.number,
      customerId: order.partnerId,
      strategy,
      lifeDaysMin,
      fromPlaceId: from?.placeId ?? null,
      toPlaceId: to?.placeId ?? null,
      note: input.note ?? null,
    });
    await insertPickLines(tx, pickId, proposals);
    await tx.audit({
      action: 'start-pick',
      subject: `pick:p${pickId}`,
      after: { salesOrder: order.number, strategy, units: proposals.length },
    });
    return pickById(tx, `p${pickId}`, missing);
  }

  private async wanted(
    tx: Tx,
    order: Order,
    input: StartPickInput,
    terms: { strategy: Strategy; lifeDaysMin: number },
  ): Promise<WantedLine[]> {
    const shipped = progressOf(
      order.lines,
      (await orderParts(tx, 'sales', [order.number])).filter((p) => p.part === 'shipped'),
    );
    const reserved = await reservedFor(tx, order.number);
    const items = await itemsById(tx, [...new Set(order.lines.map((l) => l.itemId))]);
    const asked =
      input.lines ?? order.lines.filter((l) => l.closed === null).map((l): PickLineInput => ({ line: l.line }));
    const lines: WantedLine[] = [];
    for (const ask of asked) {
      const line = order.lines.find((l) => l.line === ask.line);
      if (!line) throw new DomainError('NOT_FOUND', { what: 'order line', key: ask.line });
      if (line.closed !== null)
        throw new DomainError('ORDER_CLOSED', { number: order.number, line: line.line, reason: line.closed });
      if (line.tracking === 'none') continue;
      const open = line.quantity - shipped.lines.get(line.line)!.done - (reserved.get(line.line) ?? 0n);
      const named = await this.named(tx, line, ask);
      const item = items.get(line.itemId)!;
      const units = { item: item.code, uom: item.uom, factors: item.factors };
      const given = ask.quantity && toBase(ask.quantity.value, ask.quantity.uom, units);
      const quantity = given !== undefined && given < open ? given : open;
      if (quantity > 0n)
        lines.push({
          line: line.line,
          itemId: line.itemId,
          quantity,
          named,
          strategy: named.length > 0 ? 'named' : (line.terms.strategy ?? terms.strategy),
          lifeMsMin: (input.lifeDaysMin ?? line.terms.lifeDaysMin ?? terms.lifeDaysMin) * DAY_MS,
        });
    }
    return lines;
  }

  /** Named at the pick, else by the order. Throws UNIT_UNKNOWN. */
  private async named(tx: Tx, line: OrderLine, ask: PickLineInput): Promise<number[]> {
    const codes = ask.serials ?? (ask.lot === undefined ? [] : [ask.lot]);
    if (codes.length === 0) return line.unitIds;
    const ids = await unitIds(
      tx,
      codes.map((code) => ({ itemId: line.itemId, code })),
    );
    return codes.map((code) => {
      const id = ids.get(`${line.itemId} ${code}`);
      if (id === undefined) throw new DomainError('UNIT_UNKNOWN', { unit: `${line.item} ${code}` });
      return id;
    });
  }
}

/** Proposes on what is read, locks what was chosen, and looks again: what somebody took meanwhile is not proposed. */
async function keepBack(
  tx: Tx,
  wanted: readonly WantedLine[],
  below: ReadonlySet<number> | null,
): Promise<{ proposals: Proposal[]; missing: Missing[] }> {
  const here = (stock: Candidate[]) => {
    const once = new Map(stock.map((c) => [`${c.unitId}@${c.placeId}`, c]));
    return [...once.values()].filter((c) => below === null || (c.placeId !== null && below.has(c.placeId)));
  };
  const now = Date.now();
  for (let attempt = 1; ; attempt++) {
    const stock = here([
      ...(await stockOfItems(tx, [...new Set(wanted.filter((w) => w.named.length === 0).map((w) => w.itemId))])),
      ...(await candidatesOf(
        tx,
        wanted.flatMap((w) => w.named),
      )),
    ]);
    const first = propose(wanted, stock, now);
    const chosen = [...new Set(first.proposals.map((p) => p.unitId))];
    await lockUnits(tx, chosen);
    // A new statement after the lock: it sees what whoever held it has written.
    const fresh = here(await candidatesOf(tx, chosen));
    const locked = propose(wanted, fresh, now);
    const total = (list: readonly Proposal[]) => list.reduce((sum, p) => sum + p.quantity, 0n);
    if (total(locked.proposals) === total(first.proposals) || attempt === TRIES_MAX)
      return { proposals: locked.proposals, missing: attempt === TRIES_MAX ? locked.missing : first.missing };
  }
}

const WORDS: Record<Unfit, string> = {
  held: 'on hold',
  expired: 'expired',
  life: 'too near to their expiry',
  reserved: 'kept back by other picks',
  unknown: 'of unknown quantity',
};

function sentence(missing: readonly Missing[]): string {
  const sums = new Map<Unfit, number>();
  for (const m of missing)
    for (const [why, n] of Object.entries(m.unfit) as [Unfit, number][]) sums.set(why, (sums.get(why) ?? 0) + n);
  if (sums.size === 0) return 'none of it is in stock.';
  return `of what is there, ${[...sums].map(([why, n]) => `${n} are ${WORDS[why]}`).join(', ')}.`;
}
